import type { Markish } from '@observablehq/plot';
import type { Plot } from '../page.ts';

/** An interval of a row of a chart whose rows are one unit high. */
interface Interval {
  readonly row: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Half of the height of the ends, as a share of a row. */
const END = 0.09;

/**
 * Lines with ends for intervals, as far below the top of their rows as `at` says. Plot has markers for that, but numbers
 * them through all charts that it ever draws, and equal pages would not be equal.
 */
export function whiskers(plot: Plot, intervals: readonly Interval[], at: number): Markish[] {
  const wide = intervals.filter(({ low, high }) => low !== null && high !== null && high > low);
  const middle = (each: Interval): number => each.row + at;
  const stroke = { stroke: 'var(--ink)', strokeWidth: 1.5 };
  const ends = {
    y1: (each: Interval) => middle(each) - END,
    y2: (each: Interval) => middle(each) + END,
    ...stroke,
  };
  return [
    plot.ruleY(wide, { x1: 'low', x2: 'high', y: middle, ...stroke }),
    plot.ruleX(wide, { x: 'low', ...ends }),
    plot.ruleX(wide, { x: 'high', ...ends }),
  ];
}
