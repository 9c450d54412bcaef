import { InvalidArgumentError } from 'commander';
import { parseQuantity } from '../quantities/index.ts';

/** Readers of option values, for commander: the value in base units, or an error that names what is expected. */

/** A time such as `60s` or `5min`, in seconds. */
export function readTime(text: string): number {
  return positive(text, 'time');
}

/** A relative precision such as `5%` or `0.05`, as a share of 1. */
export function readPrecision(text: string): number {
  const share = positive(text, 'ratio');
  if (share >= 1) throw new InvalidArgumentError('It must be below 100%, e.g. 5%.');
  return share;
}

function positive(text: string, dimension: 'time' | 'ratio'): number {
  const read = parseQuantity(text, dimension);
  if (!read.ok) {
    const hint = read.hint === null ? '' : ` (${read.hint})`;
    throw new InvalidArgumentError(`Expected ${read.expected}${hint}.`);
  }
  const { value, low, high } = read.value;
  if (low !== high) throw new InvalidArgumentError('Expected one number, not a range.');
  if (value <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return value;
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
