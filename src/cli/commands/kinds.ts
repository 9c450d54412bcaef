import type { Command } from 'commander';
import { kinds } from '../../components/index.ts';
import { nearestName } from '../../quantities/index.ts';
import { FaultyInput } from '../faulty-input.ts';
import { kindList, kindPage } from '../kind-pages.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold kinds                         all of them
  tenfold kinds cache                   settings, defaults, operations, an example`;

/** `tenfold kinds`: what components a design can be made of. */
export function addKinds(program: Command, shell: Shell): void {
  program
    .command('kinds [name]')
    .summary('list the kinds of components, or show what one can be told')
    .description('Lists the kinds of components, or shows the settings, operations and an example of one.')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined) => {
      const { stdout } = shell.io;
      const described = kinds.map((kind) => kind.describe);
      if (name === undefined) {
        stdout.write(kindList(described, shell.dress(stdout)));
        return;
      }
      const kind = described.find((each) => each.name === name);
      if (kind === undefined) {
        const names = described.map((each) => each.name);
        const near = nearestName(name, names);
        throw new FaultyInput(
          `no kind ${name}\n${near === null ? `kinds: ${names.join(', ')}` : `did you mean ${near}?`}`,
        );
      }
      stdout.write(kindPage(kind, shell.dress(stdout)));
    });
}
