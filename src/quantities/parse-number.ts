import { type Dimension, dimensions } from './dimension.ts';
import { hintFor } from './hints.ts';
import { accept, type Parsed, refuse, shown, textWithin } from './parsed.ts';
import { inBaseUnits } from './units.ts';
import { splitNumber, unitOf, type WrittenNumber } from './written-number.ts';

/** No quantity needs more; a longer text is refused unread, so that reading one takes bounded time. */
export const quantityLengthMax = 200;

/** Seconds of `1h30m`, a sum of times without signs; null when the text is not one. */
function sumOfTimes(text: string): number | null {
  const parts = text.match(/\d[\d_.]*\s*[^\d\s.]+/g) ?? [];
  if (parts.length < 2 || parts.join('') !== text.replace(/\s+(?=\d)/g, '')) return null;
  let seconds = 0;
  for (const part of parts) {
    const written = splitNumber(part);
    const unit = written && unitOf(written, 'time');
    if (!written || !unit) return null;
    seconds += inBaseUnits(written.digits, unit);
  }
  return seconds;
}

function otherReading(written: WrittenNumber, expected: Dimension): string | null {
  for (const [name, { words }] of Object.entries(dimensions) as [Dimension, { words: string }][]) {
    if (name !== expected && unitOf(written, name) !== null) return words.replace(/ such as .*$/, '');
  }
  return null;
}

/**
 * Reads one number with its unit, in base units: `50ms`, `10B/day`, `16GiB`, `99.95%`, `$0.10/GB`.
 * The value is finite and not negative. Times may be summed up: `1h30m`.
 */
export function parseNumber(input: string | number, dimension: Dimension): Parsed<number> {
  const { words, numerator, dollars, per } = dimensions[dimension];
  const text = textWithin(quantityLengthMax, input);
  if (text === null) return refuse('not-a-quantity', input, words, 'the text is too long');
  if (/^[-−]\s*[$\d]/.test(text)) return refuse('out-of-range', text, words, 'it cannot be negative');
  const written = splitNumber(text);
  if (written === null) return refuse('not-a-quantity', text, words, hintFor(text, null, dimension));
  const unit = unitOf(written, dimension);
  const value = unit === null ? null : inBaseUnits(written.digits, unit);
  const sum = value === null && dimension === 'time' ? sumOfTimes(text) : null;
  const result = value ?? sum;
  if (result !== null) {
    if (Number.isFinite(result)) return accept(result);
    return refuse('out-of-range', text, words, 'the number is too large');
  }
  const hint = hintFor(text, written, dimension);
  const bare = written.units.length === 1 && written.units[0] === '' && !written.dollars;
  if (bare && (dollars || per.length > 0 || numerator === 'time' || numerator === 'size')) {
    return refuse('unit-mismatch', `${shown(text)} (without a unit)`, words, hint);
  }
  const other = otherReading(written, dimension);
  if (other === null) return refuse('not-a-quantity', text, words, hint);
  return refuse('unit-mismatch', `${shown(text)} (${other})`, words, hint);
}
