import type { Dimension } from './dimension.ts';
import { inBaseUnits, type Unit } from './units.ts';
import { splitNumber, unitOf } from './written-number.ts';

const counts = ['', 'k', 'M', 'B', 'T'];
const perTime = ['/s', '/min', '/h', '/day', '/month', '/y'];
const sizes = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'KiB', 'MiB', 'GiB', 'TiB'];
const rates = perTime.flatMap((per) => counts.map((count) => count + per));

/** The base unit comes first: with it, every number can be written exactly. */
const units: Readonly<Record<Dimension, readonly string[]>> = {
  time: ['s', 'ns', 'us', 'ms', 'min', 'h', 'day', 'y'],
  rate: rates,
  growth: rates,
  size: sizes,
  bandwidth: [...sizes.map((size) => `${size}/s`), ...['', 'k', 'M', 'G'].map((prefix) => `${prefix}bit/s`)],
  ratio: ['', '%', 'x'],
  count: counts,
  money: counts,
  'money/time': ['/s', '/h', '/day', '/month', '/y'],
  'money/size': ['/B', '/KB', '/MB', '/GB', '/TB'],
  'money/size/time': ['/B/s', '/GB/h', '/GB/month', '/TB/month'],
  'money/count': ['/1', '/1k', '/1M', '/1B'],
};

/**
 * The shortest text that `parseNumber` reads back as exactly this value: `0.0003` seconds are `300us`.
 * Throws RangeError unless the value is finite and not negative.
 */
export function printNumber(value: number, dimension: Dimension): string {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`printNumber: value must be finite and at least 0, got ${value}`);
  }
  const dollars = dimension.startsWith('money') ? '$' : '';
  let best = '';
  let bestCost = Number.POSITIVE_INFINITY;
  for (const symbol of units[dimension]) {
    const written = splitNumber(`${dollars}1${symbol}`);
    const unit = written && unitOf(written, dimension);
    const digits = unit && digitsIn(value, unit);
    if (digits === null) continue;
    const cost = costOf(digits, symbol, dimension, value);
    if (cost < bestCost) {
      best = `${dollars}${digits}${symbol}`;
      bestCost = cost;
    }
  }
  return best;
}

/** Decimal digits that give exactly this value in this unit, if rounding allows any. */
function digitsIn(value: number, unit: Unit): string | null {
  const inUnit = value / inBaseUnits('1', unit);
  for (const precision of [12, 15, 16, 17]) {
    const digits = String(Number(inUnit.toPrecision(precision)));
    if (inBaseUnits(digits, unit) === value) return digits;
  }
  const exact = String(value);
  return inBaseUnits(exact, unit) === value ? exact : null;
}

/** Fewer characters are better; among equals, a number from 1 to 1000 is. A ratio shows that it is one. */
function costOf(digits: string, symbol: string, dimension: Dimension, value: number): number {
  if (dimension === 'ratio' && value > 0 && symbol === (value < 2 ? '%' : 'x')) return digits.length - 3;
  if (value === 0 && symbol !== units[dimension][0]) return Number.POSITIVE_INFINITY;
  const number = Number(digits);
  const readable = number >= 1 && number < 1000 ? 0 : 0.5;
  return digits.length + (digits.includes('e') ? 4 : 0) + readable + symbol.length / 100;
}
