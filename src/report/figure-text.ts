import type { Figure } from './report.ts';
import { type PlainMeaning, type Scale, scaleFor } from './scales.ts';
import { type Theme, themeOf } from './theme.ts';

/** A figure in words: the value with its unit, and the margin that goes with it (empty when exact). */
export interface FigureText {
  readonly value: string;
  /** `± 1.2`, `(5..20)`, `± ?` where no interval could be had, or nothing for an exact figure. */
  readonly margin: string;
}

/** Significant figures beyond which nobody reads; a narrower interval is rounded up to the last of them. */
const MOST_FIGURES = 4;

/** Digits after the point that an uncertainty of ± half deserves: two figures of it below 2, else one. */
function decimalsFor(half: number): number {
  const exponent = Math.floor(Math.log10(half));
  return (half / 10 ** exponent < 1.95 ? 1 : 0) - exponent;
}

/** Digits after the point that show `value` with so many significant figures. */
function decimalsForFigures(value: number, figures: number): number {
  return value === 0 ? 0 : figures - 1 - Math.floor(Math.log10(Math.abs(value)));
}

/** A number with `decimals` digits after the point; below 0, rounded to tens, hundreds… */
export function decimalText(value: number, decimals: number): string {
  if (decimals < 0) {
    const unit = 10 ** -decimals;
    return grouped((Math.round(value / unit) * unit).toFixed(0));
  }
  return grouped(value.toFixed(Math.min(decimals, 12)).replace(/^-(?=[0.]*$)/, ''));
}

/** Thousands separated by commas, from 10,000 on. */
function grouped(digits: string): string {
  const [whole, fraction] = digits.split('.');
  const wide = whole!.replace('-', '').length > 4 ? whole!.replace(/\B(?=(\d{3})+$)/g, ',') : whole!;
  return fraction === undefined ? wide : `${wide}.${fraction}`;
}

/** A number of things, all digits, e.g. `1,204,331`. */
export function countText(count: number): string {
  return grouped(String(Math.round(count)));
}

const trimmed = (digits: string): string =>
  digits.includes('.') ? digits.replace(/0+$/, '').replace(/\.$/, '') : digits;

/** Four significant figures, and for a share near 1 as many as its distance from 1 needs: 99.9995 %. */
function exactText(value: number, scale: Scale, share: boolean): string {
  const scaled = value / scale.size;
  let decimals = Math.max(0, decimalsForFigures(scaled, 4));
  if (share && value < 1 && value > 0.9) decimals = Math.max(decimals, decimalsForFigures(100 - scaled, 2));
  return trimmed(decimalText(scaled, decimals));
}

/**
 * Writes one number in the unit that suits its size, e.g. `86.4 ms`, `115.7k/s`, `16 GB`.
 *
 * @param value in base units
 * @param meaning what a number without unit is, default a count
 */
export function valueText(
  value: number,
  unit: Figure['unit'],
  theme: Theme,
  meaning: PlainMeaning = 'count',
): string {
  const rough = scaleFor(Math.abs(value), unit, meaning);
  // 999.99 MB rounds to 1000 MB, which reads better as 1 GB.
  const decimals = Math.min(20, Math.max(0, decimalsForFigures(value / rough.size, 4)));
  const rounded = Math.abs(Number((value / rough.size).toFixed(decimals))) * rough.size;
  const scale = scaleFor(Math.max(Math.abs(value), rounded), unit, meaning);
  return written(exactText(value, scale, unit === '1' && meaning === 'share'), scale, theme);
}

/** Seconds in a sentence, such as `3.64 days`. */
export const spelledTime = (seconds: number): string => valueText(seconds, 's', themeOf({}));

const written = (digits: string, scale: Scale, theme: Theme): string =>
  theme.plain(
    digits.startsWith('-')
      ? `-${scale.prefix}${digits.slice(1)}${scale.suffix}`
      : `${scale.prefix}${digits}${scale.suffix}`,
  );

/** Below these a number is nothing to a reader: a tenth of a nanosecond, a queue of one in 10,000. */
const NOTHING: Readonly<Record<Figure['unit'], number>> = {
  s: 1e-10,
  '1/s': 1e-9,
  '1': 1e-4,
  B: 1e-3,
  'B/s': 1e-3,
  $: 1e-6,
  '$/s': 1e-12,
};
const NOTHING_OF_A_SHARE = 1e-9;

/**
 * Writes a figure in the unit that suits its size, with no more digits than its interval supports:
 * a value of 0.08641 s with the interval [0.0852, 0.0876] becomes `86.4 ms` and `± 1.2`.
 *
 * A lopsided interval is written as its ends, e.g. `9.8 ms` and `(5..20)`, unless it is so narrow that
 * nobody would see on which side it is longer. Where hardly anything is left of a number it is `≈0`.
 */
export function figureText(figure: Figure, theme: Theme, meaning: PlainMeaning = 'count'): FigureText {
  const { value, low, high, unit } = figure;
  if (value === null) return { value: theme.unknown, margin: '' };
  const share = unit === '1' && meaning === 'share';
  const nothing = share ? NOTHING_OF_A_SHARE : NOTHING[unit];
  if (value !== 0 && Math.abs(value) < nothing) return nearlyNothing(high, nothing, unit, theme, meaning);
  if (low === null || high === null) {
    return { value: valueText(value, unit, theme, meaning), margin: `${theme.plusMinus} ?` };
  }
  const half = Math.max(high - value, value - low);
  if (!(half > Math.abs(value) * 1e-6) || (share && half < NOTHING_OF_A_SHARE)) {
    return { value: valueText(value, unit, theme, meaning), margin: '' };
  }
  const shorter = Math.min(value - low, high - value);
  // An interval that was cut off at 0 has no lower margin: 8 µs ± 9 would be read as less than nothing.
  const cut = low === 0 && value > 0;
  const even =
    !cut && (shorter * EVEN >= half || ((shorter > 0 || !share) && half < NARROW * Math.abs(value)));
  const width = even || shorter === 0 ? half : Math.max(shorter, half / 10);
  let scale = scaleFor(Math.abs(value) || half, unit, meaning);
  const rough = decimalsFor(width / scale.size);
  // 960 GB ± 500 rounds to 1000 GB, which reads better as 1.0 TB.
  const rounded = Math.round((value / scale.size) * 10 ** rough) / 10 ** rough;
  scale = scaleFor(Math.abs(rounded * scale.size) || half, unit, meaning);
  const readable = readableDecimals(value / scale.size, half / scale.size, share);
  const decimals = Math.min(decimalsFor(width / scale.size), readable);
  const text = written(endText(value, scale, decimals, share), scale, theme);
  if (even) {
    return { value: text, margin: `${theme.plusMinus} ${marginText(half / scale.size, decimals)}` };
  }
  return { value: text, margin: `(${rangeText(low, high, scale, decimals, unit, theme, meaning)})` };
}

/** An interval is even when its longer side is at most this many times the shorter one. */
const EVEN = 1.25;
/** An interval within this share of its value is written as a margin, the longer side counting. */
const NARROW = 0.02;

function nearlyNothing(
  high: number | null,
  nothing: number,
  unit: Figure['unit'],
  theme: Theme,
  meaning: PlainMeaning,
): FigureText {
  const value = theme.plain('≈0');
  if (high === null || high < 10 * nothing) return { value, margin: '' };
  return { value, margin: `(0..${valueText(high, unit, theme, meaning)})` };
}

/** Digits after the point that a reader can use; a share near 1 is read by what it lacks of 1. */
function readableDecimals(scaled: number, half: number, share: boolean): number {
  const telling = share && scaled > 50 ? Math.max(100 - scaled, half) : scaled;
  return Math.max(0, decimalsForFigures(telling === 0 ? half : telling, MOST_FIGURES));
}

/** A margin; where the value has fewer digits than it deserves, rounded up to the last of them. */
function marginText(half: number, decimals: number): string {
  const last = 10 ** -decimals;
  return decimalText(decimalsFor(half) > decimals ? Math.ceil(half / last) * last : half, decimals);
}

/** A number to so many decimals; nothing and everything need none. */
function endText(value: number, scale: Scale, decimals: number, share: boolean): string {
  return value === 0 || (share && value === 1)
    ? trimmed(decimalText(value / scale.size, Math.max(0, decimals)))
    : decimalText(value / scale.size, decimals);
}

/** Both ends in the scale of the value where that is readable, else each in its own. */
function rangeText(
  low: number,
  high: number,
  scale: Scale,
  decimals: number,
  unit: Figure['unit'],
  theme: Theme,
  meaning: PlainMeaning,
): string {
  const fits = high / scale.size < 10_000 && (low === 0 || low / scale.size >= 10 ** -Math.max(decimals, 0));
  if (!fits) return `${valueText(low, unit, theme, meaning)}..${valueText(high, unit, theme, meaning)}`;
  const share = unit === '1' && meaning === 'share';
  return `${endText(low, scale, decimals, share)}..${endText(high, scale, decimals, share)}`;
}

/** A figure on one line, e.g. `86.4 ms ± 1.2`. */
export function figureLine(figure: Figure, theme: Theme, meaning: PlainMeaning = 'count'): string {
  const text = figureText(figure, theme, meaning);
  return text.margin === '' ? text.value : `${text.value} ${text.margin}`;
}
