import { type Command, InvalidArgumentError, Option } from 'commander';
import { profiles } from '../design/index.ts';
import { parseQuantity } from '../quantities/index.ts';

/** Options that several commands have, and readers of option values that complain in commander's way. */

/** A time such as `60s` or `5min`, in seconds. */
export function readTime(text: string): number {
  return positive(text, 'time');
}

/** A length of time, 0s included. */
export function readTimeFromZero(text: string): number {
  return exact(text, 'time');
}

/** A relative precision such as `5%` or `0.05`, as a share of 1. */
export function readPrecision(text: string): number {
  const share = positive(text, 'ratio');
  if (share >= 1) throw new InvalidArgumentError('It must be below 100%, e.g. 5%.');
  return share;
}

function positive(text: string, dimension: 'time' | 'ratio'): number {
  const value = exact(text, dimension);
  if (value <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return value;
}

function exact(text: string, dimension: 'time' | 'ratio'): number {
  const read = parseQuantity(text, dimension);
  if (!read.ok) {
    const hint = read.hint === null ? '' : ` (${read.hint})`;
    throw new InvalidArgumentError(`Expected ${read.expected}${hint}.`);
  }
  const { value, low, high } = read.value;
  if (low !== high) throw new InvalidArgumentError('Expected one number, not a range.');
  return value;
}

/** A multiple such as `100x` or `2.5`, of at least `least` and at most `most`. */
export function readMultiple(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = positive(text, 'ratio');
    if (value < least || value > most) {
      throw new InvalidArgumentError(`Expected a multiple from ${least}x to ${most}x.`);
    }
    return value;
  };
}

/** A whole number from `least` to `most`. */
export function readWholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** A number of worker threads. */
export const readWorkers = readWholeNumber(1, 64);

/** `--workers`, for every command that simulates on threads. */
export function addWorkersOption(command: Command): void {
  command.option('--workers <n>', 'worker threads (default: one a core, at most 8)', readWorkers);
}

/** `--seed` and `--workers`, for every command that simulates with any seed. */
export function addRunOptions(command: Command): void {
  command.option('--seed <n>', 'seed of the random streams', readWholeNumber(0, Number.MAX_SAFE_INTEGER), 1);
  addWorkersOption(command);
}

/** `--most` and `--precision`, for every command that looks for the load at which goals give way. */
export function addSearchOptions(command: Command): void {
  command
    .option('--most <times>', 'the highest load to look at (default: 100x)', readMultiple(1, 10_000))
    .option(
      '--precision <share>',
      'how narrow the bracket around a load has to be (default: 5%)',
      readPrecision,
    );
}

/** `--profile`, for every command that reads a design. */
export function addProfileOption(command: Command): void {
  const text = "profile of constants to take defaults from, instead of the design's own";
  command.addOption(new Option('--profile <name>', text).choices(profiles));
}

/** `--json` and `--output`, for every command that makes a report. */
export function addOutputOptions(command: Command): void {
  command
    .option('--json', 'print the report as JSON')
    .option('-o, --output <file>', 'also write the report to a file; as JSON if its name ends in .json');
}
