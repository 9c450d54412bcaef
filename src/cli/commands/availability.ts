import type { Command } from 'commander';
import { availability } from '../../estimate/index.ts';
import {
  type AvailabilityReport,
  availabilityToJson,
  type RenderOptions,
  renderAvailability,
} from '../../report/index.ts';
import { commandLine } from '../command-line.ts';
import { exitStatus } from '../exit-status.ts';
import { FaultyInput } from '../faulty-input.ts';
import { loadPlan } from '../load.ts';
import { addOutputOptions, addProfileOption, readWholeNumber } from '../options.ts';
import { checkOutput, save, show } from '../report-output.ts';
import type { Shell } from '../shell.ts';

const EXAMPLES = `
Examples:
  tenfold availability shop.yaml
  tenfold availability shop.yaml --years 10000 --seed 7
  tenfold availability shop.yaml --json > nines.json`;

const FEWEST_YEARS = 20;
const MOST_YEARS = 1_000_000;

interface AvailabilityFlags {
  readonly years?: number;
  readonly seed: number;
  readonly profile?: string;
  readonly json?: true;
  readonly output?: string;
}

/** `tenfold availability`: years of failures and repairs. */
export function addAvailability(program: Command, shell: Shell): void {
  const command = program
    .command('availability <design>')
    .summary('live through years of failures: minutes down a year, why, and what alone takes it down')
    .description(
      'Lives through years of failures and repairs of a design, with the time that failing over takes and with zones and regions that fail as a whole, and says how long each traffic is down in a year, why, and what its single points of failure are.',
    )
    .option(
      '--years <n>',
      'years to live through (default: until it is precise, or four million events)',
      readWholeNumber(FEWEST_YEARS, MOST_YEARS),
    )
    .option('--seed <n>', 'seed of the random streams', readWholeNumber(0, Number.MAX_SAFE_INTEGER), 1);
  addProfileOption(command);
  addOutputOptions(command);
  command.addHelpText('after', EXAMPLES).action(async (design: string, flags: AvailabilityFlags) => {
    const { years, seed, profile, output } = flags;
    checkOutput(output, design, shell);
    const loaded = await loadPlan(design, profile, shell);
    if (loaded === null) return;
    const again = commandLine(
      ['availability', design],
      [
        ['--years', years],
        ['--seed', seed],
        ['--profile', profile],
      ],
    );
    const report = run(() =>
      availability(loaded.plan, loaded.kinds.estimated, {
        seed,
        version: shell.version,
        command: again,
        ...(years === undefined ? {} : { years }),
      }),
    );
    deliver(report, flags, shell);
  });
}

/** @throws FaultyInput when so many years are too much */
function run(live: () => AvailabilityReport): AvailabilityReport {
  try {
    return live();
  } catch (error) {
    if (error instanceof RangeError) throw new FaultyInput(error.message, { cause: error });
    throw error;
  }
}

function deliver(report: AvailabilityReport, flags: AvailabilityFlags, shell: Shell): void {
  const faces = {
    text: (dress: RenderOptions) => renderAvailability(report, dress),
    json: () => availabilityToJson(report),
  };
  const missed = report.promises.filter(({ met }) => met === false).map(({ goal }) => goal);
  if (missed.length > 0) shell.status = exitStatus.missed;
  else if (report.promises.some(({ met }) => met === 'unknown')) shell.status = exitStatus.undecided;
  show(faces, flags, shell);
  if (missed.length > 0) shell.io.stderr.write(`missed: ${missed.join('; ')}\n`);
  save(faces, flags, shell);
}
