import type { Dimension } from './dimension.ts';
import { factorOf } from './units.ts';
import { splitNumber, unitOf } from './written-number.ts';

/** Display units, ascending. A unit is used from `from` of its own up to the next unit's start; default 1. */
interface DisplayUnit {
  readonly text: string;
  readonly from?: number;
}

const suffixes = ['', 'k', 'M', 'B', 'T'];
const perSecond = suffixes.map((suffix) => ({ text: `${suffix}/s` }));
const bytes = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const rates: readonly DisplayUnit[] = [{ text: '/day' }, { text: '/h' }, { text: '/min' }, ...perSecond];

const display: Readonly<Record<Dimension, readonly DisplayUnit[]>> = {
  time: ['ns', 'us', 'ms', 's', 'min', 'h', 'day', 'y'].map((text) => ({ text })),
  rate: rates,
  growth: rates,
  size: bytes.map((text) => ({ text })),
  bandwidth: bytes.map((text) => ({ text: `${text}/s` })),
  ratio: [{ text: '%' }, { text: 'x', from: 2 }],
  count: suffixes.map((text) => ({ text })),
  money: suffixes.map((text) => ({ text })),
  'money/time': suffixes.map((suffix) => ({ text: `${suffix}/month` })),
  'money/size': suffixes.map((suffix) => ({ text: `${suffix}/GB` })),
  'money/size/time': suffixes.map((suffix) => ({ text: `${suffix}/GB/month` })),
  'money/count': suffixes.map((suffix) => ({ text: `${suffix}/1M` })),
};

/** Four digits are read plainly: 8760, and 12.5k only from ten thousand on. */
const suffixFrom = 10;

/**
 * A number for people, in the unit that suits its size: `86.4ms`, `115.7k/s`, `16GB`, `99.95%`, `$0.10`.
 * `digits` is how many significant digits are kept (1 to 15, default 4); a ratio just below 1 keeps as many of
 * what is missing as it takes to stay below 100%. Infinity prints as `∞`, NaN as `unknown`. What is printed is
 * rounded: `printQuantity` is exact.
 */
export function formatQuantity(
  value: number,
  dimension: Dimension,
  options: { readonly digits?: number } = {},
): string {
  const digits = options.digits ?? 4;
  if (!(Number.isInteger(digits) && digits >= 1 && digits <= 15)) {
    throw new RangeError(`formatQuantity: digits must be a whole number from 1 to 15, got ${digits}`);
  }
  if (Number.isNaN(value)) return 'unknown';
  if (value < 0) return `-${formatQuantity(-value, dimension, options)}`;
  const dollars = dimension.startsWith('money');
  if (value === Number.POSITIVE_INFINITY) return dollars ? '$∞' : '∞';
  if (dimension === 'ratio' && value < 1 && value > 0.9) return shortOfOne(value, digits);
  const units = unitsOf(dimension);
  const [smallest] = units;
  if (value === 0) return `${dollars ? '$' : ''}0${zeroUnit[dimension] ?? smallest?.text ?? ''}`;
  let chosen = smallest;
  for (const unit of units) {
    // Rounded first: 999.97ms with four digits is 1s, not 1000ms.
    if (rounded(value / unit.factor, digits) >= unit.from) chosen = unit;
  }
  if (chosen === undefined) return String(value);
  const shownNumber = rounded(value / chosen.factor, digits);
  return (
    (dollars ? '$' : '') + (dollars ? cents(shownNumber, chosen.text) : String(shownNumber)) + chosen.text
  );
}

const zeroUnit: Readonly<Partial<Record<Dimension, string>>> = { time: 's', rate: '/s', growth: '/s' };

interface ScaledUnit {
  readonly text: string;
  readonly factor: number;
  readonly from: number;
}

function unitsOf(dimension: Dimension): readonly ScaledUnit[] {
  return display[dimension].map(({ text, from }) => {
    const written = splitNumber(`${dimension.startsWith('money') ? '$' : ''}1${text}`);
    const unit = written && unitOf(written, dimension);
    if (unit === null) throw new RangeError(`formatQuantity: no unit ${text} for ${dimension}`);
    return { text, factor: factorOf(unit), from: from ?? (text.startsWith('k') ? suffixFrom : 1) };
  });
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function cents(value: number, unit: string): string {
  const counted = /^[kMBT]/.test(unit);
  return !counted &&
    value >= 0.01 &&
    value < 1000 &&
    !Number.isInteger(value) &&
    Number.isInteger(rounded(value * 10, 12))
    ? value.toFixed(2)
    : String(value);
}

/** 0.9995 → 99.95%, 0.9999997 → 99.99997%. */
function shortOfOne(value: number, digits: number): string {
  const missing = 100 * (1 - value);
  const decimals = Math.max(digits - 2, Math.ceil(-Math.log10(missing)));
  return `${Number((100 * value).toFixed(Math.min(decimals, 15)))}%`;
}
