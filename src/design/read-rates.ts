import type { Path } from './path.ts';
import type { Problems } from './problems.ts';
import { ReadRates } from './scenario.ts';

/** What a line of a file of numbers holds. */
export interface NumbersOfLine {
  /** Its number in the file, from 1. */
  readonly line: number;
  /** At least one. */
  readonly numbers: readonly number[];
}

const expected = 'a file with two numbers a line: seconds, and requests per second';

/** The rates of a file, for the place that names it. What is wrong with the file is reported there. */
export function readRates(
  file: string,
  path: Path,
  read: (file: string) => readonly NumbersOfLine[],
  problems: Problems,
): ReadRates {
  try {
    const lines = read(file);
    const wrong = faultOf(lines);
    if (wrong === null) return new ReadRates(lines.flatMap(({ numbers }) => numbers));
    const { message, found } = wrong;
    problems.report({ code: 'out-of-range', path, message, found: `${file}${found}`, expected });
  } catch (error) {
    problems.report({
      code: 'unknown-value',
      path,
      message: 'the rates of this file cannot be used',
      found: file,
      expected,
      hint: error instanceof Error ? error.message : String(error),
    });
  }
  return new ReadRates([0, 1]);
}

/** The first thing that is wrong with times and rates, and where in the file it is found; null where nothing is. */
function faultOf(
  lines: readonly NumbersOfLine[],
): { readonly message: string; readonly found: string } | null {
  if (lines.length === 0) return { message: 'there are no rates in this file', found: '' };
  let last = Number.NEGATIVE_INFINITY;
  for (const { line, numbers } of lines) {
    const found = `, line ${line}: ${numbers.join(', ')}`;
    const [at, rate] = numbers;
    if (at === undefined || rate === undefined || numbers.length > 2) {
      return { message: 'the rates of this file are not two numbers a line', found };
    }
    if (at < 0 || rate < 0) return { message: 'the rates of this file are not all at least 0', found };
    if (at <= last)
      return { message: 'the rates of this file do not come one after the other in time', found };
    last = at;
  }
  return null;
}
