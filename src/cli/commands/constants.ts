import { type Command, Option } from 'commander';
import {
  constantFamily,
  constants,
  constantsNear,
  defaultProfile,
  findConstant,
  profiles,
} from '../../design/index.ts';
import { constantList, constantPage } from '../constant-pages.ts';
import { FaultyInput } from '../faulty-input.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold constants                     all of them
  tenfold constants rtt                 those whose names begin with rtt.
  tenfold constants rtt.dc              one in full: source, rivals, what to know
  tenfold constants --profile classroom`;

/** Names that one line takes. */
const MOST_NAMED = 4;

/** `tenfold constants`: the numbers of the field, with their sources. */
export function addConstants(program: Command, shell: Shell): void {
  program
    .command('constants [name]')
    .summary('list the named constants, or show one with its source')
    .description(
      'Lists the constants that defaults are taken from (all, or a family such as rtt), or shows one with its source and its rivals.',
    )
    .addOption(
      new Option('--profile <name>', 'whose values to show').choices(profiles).default(defaultProfile),
    )
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, options: { profile: string }) => {
      const { stdout } = shell.io;
      const dress = shell.dress(stdout);
      if (name === undefined) {
        stdout.write(constantList(constants, options.profile, dress));
        return;
      }
      const constant = findConstant(name);
      const family = constantFamily(name);
      if (constant === undefined && family.length > 0) {
        stdout.write(constantList(family, options.profile, dress));
        return;
      }
      if (constant === undefined) {
        const near = constantsNear(name);
        const shown = near.slice(0, MOST_NAMED).join(', ');
        const rest = near.length > MOST_NAMED ? ` or another of the ${near.length} that begin so` : '';
        const hint = near.length === 0 ? 'tenfold constants lists them all' : `did you mean ${shown}${rest}?`;
        throw new FaultyInput(`no constant ${name}\n${hint}`);
      }
      stdout.write(constantPage(constant, options.profile, dress));
    });
}
