import type { Dimension } from './dimension.ts';
import { dimensions } from './dimension.ts';
import type { Uncertain } from './distribution.ts';
import { parseNumber, quantityLengthMax } from './parse-number.ts';
import { accept, type Parsed, refuse, textWithin } from './parsed.ts';

/** How a quantity was written: a number, a range `low..high`, or a middle with its half-width. */
export type Spread =
  | { readonly form: 'exact'; readonly value: number }
  | { readonly form: 'range'; readonly low: number; readonly high: number }
  | { readonly form: 'plus-minus'; readonly value: number; readonly low: number; readonly high: number }
  | { readonly form: 'estimate'; readonly value: number; readonly low: number; readonly high: number };

const plusMinus = /±|\+\/-|\+-/;

/** Reads a number, a range or a tolerance without saying yet what the bounds mean. */
export function parseSpread(input: string | number, dimension: Dimension): Parsed<Spread> {
  const { words } = dimensions[dimension];
  const text = textWithin(quantityLengthMax, input);
  if (text === null) return refuse('not-a-quantity', input, words, 'the text is too long');
  const estimate = /^([^(]*[^(\s])\s*\(([^()]*)\)$/.exec(text);
  if (estimate) return parseEstimate(text, estimate[1] ?? '', estimate[2] ?? '', dimension);
  const dots = text.indexOf('..');
  if (dots >= 0) return parseRange(text, text.slice(0, dots), text.slice(dots + 2), dimension);
  const sign = plusMinus.exec(text);
  if (sign) {
    return parseTolerance(
      text,
      text.slice(0, sign.index),
      text.slice(sign.index + sign[0].length),
      dimension,
    );
  }
  const number = parseNumber(input, dimension);
  if (number.ok) return accept({ form: 'exact', value: number.value });
  const hyphen = /^([^\s-]+)\s*(?:-|–|\bto\b)\s*(\d.*)$/.exec(text);
  if (number.hint === null && hyphen) {
    return { ...number, hint: `write a range as ${hyphen[1]}..${hyphen[2]}` };
  }
  return number;
}

function parseRange(text: string, left: string, right: string, dimension: Dimension): Parsed<Spread> {
  const high = parseNumber(right.trim(), dimension);
  const low = parseNumber(left.trim(), dimension);
  if (!low.ok) {
    const unit = /[^\d._\s].*$/.exec(right.trim())?.[0];
    const bare = high.ok && unit !== undefined && /^[\d._]+$/.test(left.trim());
    return bare ? { ...low, hint: `write ${left.trim()}${unit}..${right.trim()}` } : low;
  }
  if (!high.ok) return high;
  if (low.value > high.value) {
    return refuse('out-of-range', text, 'a range from low to high', `write ${right.trim()}..${left.trim()}`);
  }
  return accept({ form: 'range', low: low.value, high: high.value });
}

function parseTolerance(text: string, left: string, right: string, dimension: Dimension): Parsed<Spread> {
  const middle = parseNumber(left.trim(), dimension);
  if (!middle.ok) return middle;
  const share = right.trim().endsWith('%') ? parseNumber(right.trim(), 'ratio') : null;
  // 50% ± 5% could mean 45..55 % or 47.5..52.5 %: the language does not choose for the writer.
  if (share && dimension === 'ratio') {
    return refuse(
      'not-a-quantity',
      text,
      'a tolerance that says of what it is',
      'write a range such as 45%..55%',
    );
  }
  const width = share ?? parseNumber(right.trim(), dimension);
  if (!width.ok) return width;
  const half = share ? middle.value * width.value : width.value;
  const low = middle.value - half;
  const high = middle.value + half;
  if (low < 0) {
    return refuse(
      'out-of-range',
      text,
      'a tolerance no larger than the value',
      'the low end would be negative',
    );
  }
  return accept({ form: 'plus-minus', value: middle.value, low, high });
}

function parseEstimate(text: string, value: string, bounds: string, dimension: Dimension): Parsed<Spread> {
  const dots = bounds.indexOf('..');
  if (dots < 0) return refuse('not-a-quantity', text, dimensions[dimension].words);
  const middle = parseNumber(value.trim(), dimension);
  if (!middle.ok) return middle;
  const range = parseRange(text, bounds.slice(0, dots), bounds.slice(dots + 2), dimension);
  if (!range.ok || range.value.form !== 'range') return range;
  const { low, high } = range.value;
  if (middle.value < low || middle.value > high) {
    return refuse('out-of-range', text, 'a value within its range');
  }
  return accept({ form: 'estimate', value: middle.value, low, high });
}

/**
 * Reads a quantity, in base units and not negative.
 *
 * `50ms` is exact. `5ms..20ms` is a 90 % interval; the value is its geometric mean, or the midpoint when it
 * starts at 0. `1h ± 10%` and `100ms ± 20ms` (also `+-`, `+/-`) are a value and its interval, and so is
 * `7ms (5ms..20ms)`, where the value is not in the middle. A bare number is read only as a count or ratio.
 */
export function parseQuantity(input: string | number, dimension: Dimension): Parsed<Uncertain> {
  const spread = parseSpread(input, dimension);
  return spread.ok ? accept(toUncertain(spread.value)) : spread;
}

function toUncertain(spread: Spread): Uncertain {
  if (spread.form === 'exact') return { value: spread.value, low: spread.value, high: spread.value };
  const { low, high } = spread;
  if (spread.form !== 'range') return { value: spread.value, low, high };
  return { value: low > 0 ? geometricMean(low, high) : (low + high) / 2, low, high };
}

function geometricMean(low: number, high: number): number {
  if (low === high) return low;
  // The product of two tiny or huge numbers may not be representable; the product of their roots is.
  return Math.min(high, Math.max(low, Math.sqrt(low) * Math.sqrt(high)));
}
