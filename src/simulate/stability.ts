import type { Plan } from '../design/plan.ts';
import type { Measurement } from './measurement.ts';

/** A station below this utilisation keeps up with what it is offered. */
export const SATURATED = 0.97;
/** Linear growth leaves a queue twice its mean at the end, a stationary one its mean. */
const GROWTH = 1.5;
/** Standard errors by which the growth must exceed chance. */
const SIGNIFICANT = 4;

/** A closed population has always a steady state: it cannot have more requests in progress than users. */
export function canBeUnstable(plan: Plan): boolean {
  return plan.traffic.some((traffic) => traffic.arrivals.type === 'open');
}

/**
 * Whether the queue of some station grew throughout the measured runs: more came than it served, beyond
 * chance, at a station of which at least one instance was always busy, and at the end the queue was far above
 * its mean.
 */
export function hasGrowingQueue(runs: readonly Measurement[]): boolean {
  const stations = runs[0]!.stations.length;
  for (let s = 0; s < stations; s++) {
    const of = runs.map((run) => run.stations[s]!);
    if (!runs.every((run, r) => of[r]!.busiestShare > SATURATED * run.seconds)) continue;
    const growths = of.map((station) => station.arrivals - station.refusals - station.starts);
    const mean = growths.reduce((sum, growth) => sum + growth, 0) / growths.length;
    const squares = growths.reduce((sum, growth) => sum + (growth - mean) ** 2, 0);
    const error = Math.sqrt(squares / (growths.length * (growths.length - 1)));
    const atEnd = of.reduce((sum, station) => sum + station.waiting, 0);
    const onAverage = of.reduce((sum, station, r) => sum + station.queueArea / runs[r]!.seconds, 0);
    if (mean > 0 && mean > SIGNIFICANT * error && atEnd > GROWTH * onAverage) return true;
  }
  return false;
}
