import type { Markish } from '@observablehq/plot';
import type { Plot } from '../page.ts';

/** Marks of a logarithmic axis with all their labels: left to itself, Plot leaves those out that it finds too many. */
export function logAxisX(plot: Plot, ticks: readonly number[], text: (tick: number) => string): Markish {
  return plot.axisX([...ticks], { text, label: null });
}

/** The same at the left. */
export function logAxisY(plot: Plot, ticks: readonly number[], text: (tick: number) => string): Markish {
  return plot.axisY([...ticks], { text, label: null });
}
