import type { ConstantUse } from './constant-use.ts';
import { findConstant } from './constants/index.ts';
import type { Outline } from './outline.ts';

/** What every design pays for: what its users get. */
const always = ['cost.egress', 'size.http.headers'];
const withRegions = ['cost.crossZone', 'cost.crossRegion'];

/**
 * Takes the prices that a design overrides and its estimate asks for, so that they are not called idle. The others
 * are no part of the plan: only the estimate knows what it multiplies them by.
 */
export function takePrices(outline: Outline, constants: ConstantUse, hasRegions: boolean): void {
  const usersIn = [...outline.traffic.values()].flatMap(({ from }) =>
    typeof from === 'string' ? [from] : [],
  );
  const asked = [...outline.components.values()].flatMap(({ kind, settings }) => {
    const { instance = [], component = [] } = kind?.costs?.(settings, usersIn, constants.look) ?? {};
    return [...(settings['price'] === undefined ? instance : []), ...component];
  });
  for (const name of [...always, ...(hasRegions ? withRegions : []), ...asked]) {
    if (constants.idle(name)) constants.take(name);
  }
}

/** The constant with the price for users of a region, if there is one, else that for all; so it is with none. */
export function priceFor(name: string, region: string | null): string {
  const own = `${name}.${region}`;
  return region !== null && findConstant(own) !== undefined ? own : name;
}
