import type { Plan } from '../../design/plan.ts';
import type { SimulateOptions } from '../options.ts';
import { sum } from '../outcome/figures.ts';
import { runPilot } from '../pilot.ts';
import type { ReplicationJob, ReplicationRunner } from '../replication.ts';
import { MOST_EVENTS, REPLICATIONS, typeable } from '../until-precise.ts';

/** Requests of a replication in the first stage; and, so that rare traffic is seen at all, of each traffic. */
export const FIRST_REQUESTS = 20_000;
const FIRST_OF_EACH = 50;
const FIRST_AT_MOST = 1_000_000;
/** A measured replication is at least so many times as long as its warm-up. */
export const WARMUPS = 10;
/** Events a second that a slow machine does: the first stage, before any was timed, is to end by the time limit there. */
const SLOW_MACHINE = 2e6;
/** What the longest pilots may take of it. */
const PILOT_SHARE = 1 / 3;
/** The first stage is cut down to no less than this share: something has to be measured. */
const LEAST_SHARE = 1e-3;

/** How long the first stage is to be. */
export interface FirstStage {
  /** Simulated seconds that are run first and not measured. */
  readonly warmup: number;
  /** Measured seconds of each replication. */
  readonly seconds: number;
  /** Pilots saw work in progress grow without end. */
  readonly overloaded: boolean;
  /** False when pilots could not see the end of the warm-up. */
  readonly settled: boolean;
  /** Events the pilots took. */
  readonly events: number;
}

/**
 * Finds warm-up and length of the first stage: as the options say; else the warm-up by pilots, and a length that
 * shows enough requests and lets the first stage end by the time limit. A shape over time is run as a whole, from
 * its first second.
 *
 * @param rateOf requests per second of each traffic
 * @param least seconds that the design takes to settle at least, as far as it is known
 */
export async function firstStage(
  template: Pick<ReplicationJob, 'plan' | 'seed' | 'rates'>,
  rateOf: Float64Array,
  options: SimulateOptions,
  runner: ReplicationRunner,
  least = 0,
): Promise<FirstStage> {
  const { plan } = template;
  const shaped = shapeEnd(plan);
  const given = options.time ?? shaped;
  const enough = given ?? typeable(firstLength(plan, rateOf, options.leastOfEach ?? FIRST_OF_EACH));
  const warmup = options.warmup ?? (shaped === null ? null : 0);
  const usual = { overloaded: false, settled: true, events: 0 };
  if (warmup !== null) return { ...usual, warmup, seconds: enough };
  const affordable = Math.min(MOST_EVENTS, (options.maxWall ?? Number.POSITIVE_INFINITY) * SLOW_MACHINE);
  const pilot = await runPilot(template, sum(rateOf), affordable * PILOT_SHARE, runner, least);
  const { events, settled } = pilot;
  if (!pilot.stable) {
    const half = typeable(pilot.seconds / 2);
    return { ...usual, warmup: half, seconds: given ?? half, overloaded: true, settled, events };
  }
  const common = { ...usual, warmup: typeable(pilot.warmup), settled, events };
  if (given !== null) return { ...common, seconds: given };
  const wanted = Math.max(enough, typeable(WARMUPS * common.warmup));
  const perReplication = affordable / pilot.eventsPerSecond / (options.replications ?? REPLICATIONS);
  if (common.warmup + wanted <= perReplication) return { ...common, seconds: wanted };
  // Something has to be measured, and not only the beginning.
  const cut = Math.min(common.warmup, typeable(perReplication / 2));
  const left = typeable(Math.max(perReplication - cut, wanted * LEAST_SHARE));
  return { ...common, warmup: cut, seconds: left };
}

/**
 * Seconds of a replication in the first stage: enough requests, and of each traffic that decides when to stop.
 *
 * @param rateOf requests per second of each traffic
 */
function firstLength(plan: Plan, rateOf: Float64Array, ofEach: number): number {
  const total = sum(rateOf);
  const deciding = plan.goals.length > 0 ? plan.goals.map((goal) => goal.traffic) : [...rateOf.keys()];
  const rarest = Math.min(...deciding.map((traffic) => rateOf[traffic]!));
  return Math.min(FIRST_AT_MOST / total, Math.max(FIRST_REQUESTS / total, ofEach / rarest));
}

/** When the last change of a traffic shape is over, with a fifth of that time after it; null without shapes. */
export function shapeEnd(plan: Plan): number | null {
  const ends = plan.traffic.flatMap(({ arrivals }) =>
    arrivals.type === 'open' ? arrivals.shape.map((p) => p.at) : [],
  );
  return ends.length === 0 ? null : Math.max(1, ...ends) * 1.2;
}
