import type { Plan, PlanTraffic } from '../design/plan.ts';
import { recurringCallRates } from '../estimate/recurring.ts';
import { mean } from '../quantities/index.ts';
import { INSTANT_LIMIT } from './engine.ts';
import { type ReplicationRunner, withoutTime } from './replication.ts';

/** Where users do not think, what they wait for is not known before a trial; a guess to begin it with. */
const SHORTEST_THINK = 1e-3;
/** The trial's stream, apart from pilots and measured runs. */
const TRIAL = 2_000_000;
const TRIAL_EVENTS = 100_000;
/** Where users do not think, enough to see whether time passes at all. */
const RESTLESS_EVENTS = 2.5 * INSTANT_LIMIT;
/** Longer than any trial. */
const ENDLESS = 1e12;

/** How often requests come and operations are called, at full load. */
export interface RequestRates {
  /** Requests per second, by traffic. */
  readonly requests: Float64Array;
  /** Calls per second, by operation. */
  readonly operations: Float64Array;
}

/**
 * What open traffic sends is in the plan. A closed population sends as fast as it is answered, which a short
 * trial shows.
 *
 * @throws TooMuchToSimulate when requests go round without time passing
 */
export async function requestRates(
  plan: Plan,
  seed: number,
  runner: ReplicationRunner,
): Promise<RequestRates> {
  const requests = Float64Array.from(plan.traffic, nominalRate);
  const rates = { requests, operations: ofOperations(plan, requests) };
  if (plan.traffic.every(({ arrivals }) => arrivals.type === 'open')) return rates;
  const trial = {
    plan,
    seed,
    rates: rates.operations,
    replication: TRIAL,
    warmup: 0,
    seconds: ENDLESS,
    windows: 0,
    mostEvents: plan.traffic.some(isRestless) ? RESTLESS_EVENTS : TRIAL_EVENTS,
  };
  const [run] = await runner.run([trial]);
  withoutTime(run!);
  plan.traffic.forEach(({ arrivals }, t) => {
    const { offered, inFlight } = run!.traffic[t]!;
    if (arrivals.type === 'closed' && offered > inFlight) requests[t] = (offered - inFlight) / run!.seconds;
  });
  return { requests, operations: ofOperations(plan, requests) };
}

function ofOperations(plan: Plan, requests: Float64Array): Float64Array {
  return recurringCallRates(
    plan,
    () => 0.5,
    ({ index }) => requests[index]!,
  );
}

function isRestless({ arrivals }: PlanTraffic): boolean {
  return arrivals.type === 'closed' && mean(arrivals.think) === 0;
}

function nominalRate({ arrivals }: PlanTraffic): number {
  if (arrivals.type === 'open') return arrivals.rate.value * arrivals.peak;
  return arrivals.users / Math.max(mean(arrivals.think), SHORTEST_THINK);
}
