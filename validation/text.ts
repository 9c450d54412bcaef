import type { Tolerance } from './case.ts';
import type { Judged, Row } from './row.ts';
import { allowance } from './verdict.ts';

/** Significant digits of the paper's figures and of figures that have no chance in them. */
const DIGITS = 6;

const units: Readonly<Record<Row['unit'], string>> = { s: ' s', '1/s': '/s', '1': '', count: '' };

/** A number in its base unit: `0.05 s`. */
export function numberText(value: number | null, unit: Row['unit'], digits = DIGITS): string {
  if (value === null) return '–';
  if (unit === 'count') return `${value}`;
  return `${trimmed(value, digits)}${units[unit]}`;
}

/** A figure with the half-width of its interval: `0.0500 ± 0.0002 s`; exact figures have none. */
export function figureText(figure: Judged | null, unit: Row['unit']): string {
  if (figure === null) return '';
  const { value, low, high } = figure;
  if (value === null || low === null || high === null || low === high) return numberText(value, unit);
  const half = (high - low) / 2;
  // Two digits of the half-width say enough, and the figure is not read beyond them.
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(half))));
  return `${value.toFixed(decimals)} ± ${half.toFixed(decimals)}${units[unit]}`;
}

/** `2 %`, `± 0.003`, `exact`. */
export function toleranceText(tolerance: Tolerance, unit: Row['unit']): string {
  if (tolerance === 'exact') return 'exact';
  if ('relative' in tolerance) return `${trimmed(tolerance.relative * 100, 3)} %`;
  return `± ${trimmed(allowance(1, tolerance), 3)}${units[unit]}`;
}

/** How far ours is from the paper's, relative: `+0.4 %`. */
export function differenceText({ paper, ours }: Row): string {
  if (ours?.value == null || paper === 0) return '';
  const percent = ((ours.value - paper) / paper) * 100;
  if (Math.abs(percent) < 5e-5) return '0 %';
  return `${percent > 0 ? '+' : '−'}${trimmed(Math.abs(percent), 2)} %`;
}

function trimmed(value: number, digits: number): string {
  return `${Number(value.toPrecision(digits))}`;
}
