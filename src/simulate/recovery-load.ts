import type { Plan } from '../design/plan.ts';
import { openMultiplied } from '../design/under-load.ts';
import type { Figure } from '../report/report.ts';
import { unknown } from './outcome/figures.ts';

/** The bracket is at most so wide, relative to its middle, when the search ends. */
const PRECISION = 0.02;
/** Loads tried at most, and the lowest and highest of them, as a multiple. */
const MOST_TRIALS = 14;
const LOWEST = 1 / 64;
const HIGHEST = 4;

/**
 * The highest load from which a system still comes back, as a multiple of that of the plan: the middle of a bracket
 * whose lower end is a load from which more than half of the replications did, and its upper end one from which no
 * more than half did. One of the ends is unknown where everything up to four times the load came back, or nothing
 * down to a 64th did.
 *
 * @param recovers whether more than half of the replications came back at so many times the load
 */
export async function recoveryLoad(recovers: (times: number) => Promise<boolean>): Promise<Figure> {
  let low: number | null = null;
  let high: number | null = null;
  let times = 1;
  for (let trial = 0; trial < MOST_TRIALS; trial++) {
    if (await recovers(times)) low = times;
    else high = times;
    if (low !== null && low >= HIGHEST) break;
    if (high !== null && high <= LOWEST) break;
    if (low !== null && high !== null && high - low <= PRECISION * low) break;
    if (low === null) times = Math.max(LOWEST, high! / 2);
    else if (high === null) times = Math.min(HIGHEST, low * 2);
    else times = (low + high) / 2;
  }
  if (low === null || high === null) return { ...unknown('1'), low, high };
  return { value: (low + high) / 2, low, high, unit: '1' };
}

/** The plan with so many times its open traffic. Users of a closed population stay as many as they are. */
export function atLoad(plan: Plan, times: number): Plan {
  return { ...plan, traffic: plan.traffic.map((each) => openMultiplied(each, times)) };
}
