import type { ConstantUse } from './constant-use.ts';
import type { Outline } from './outline.ts';

/** What every design pays for: what its users get. */
const always = ['cost.egress', 'size.http.headers'];
const withRegions = ['cost.crossZone', 'cost.crossRegion'];

/**
 * Takes the prices that a design overrides and its estimate asks for, so that they are not called idle. The others
 * are no part of the plan: only the estimate knows what it multiplies them by.
 */
export function takePrices(outline: Outline, constants: ConstantUse, hasRegions: boolean): void {
  const asked = [...outline.components.values()].flatMap(({ kind, settings }) => [
    ...(settings['price'] === undefined ? (kind?.costs?.instance ?? []) : []),
    ...(kind?.costs?.component ?? []),
  ]);
  for (const name of [...always, ...(hasRegions ? withRegions : []), ...asked]) {
    if (constants.idle(name)) constants.take(name);
  }
}
