import type { Plan, PlanGoal, PlanTraffic } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';
import { typeable } from './breaking-loads.ts';
import { FULL, slowestMean, stationLoad } from './station-load.ts';

/** How long to run a design at one load. */
export interface ProbeLength {
  /** Simulated seconds that are run first and not measured. */
  readonly warmup: number;
  /** Measured seconds of each replication. */
  readonly seconds: number;
  /** False where that is less than what the fullest station takes to settle. */
  readonly settles: boolean;
  /** More is asked of a station than it can do: its queue does not settle, or only when it is full. */
  readonly overloaded: boolean;
}

/** What is known when a length is asked for. */
export interface SoFar {
  /** The report at the load of the design: how long that took to settle was found by pilots. */
  readonly first: Report;
  /** A report at a load that is not higher than the one to run at, and that load. */
  readonly below: { readonly times: number; readonly report: Report };
  /** Queues that the servers of a station stand behind, by its name. */
  readonly queues: (station: string) => number;
}

/** Replications of every run. */
export const REPLICATIONS = 4;
/** Requests of a replication; where only what is asked of stations is read; and of a long run, of rare traffic. */
const REQUESTS = 40_000;
const READING = 20_000;
const RAREST = 90;
/** Requests of a replication where instances may be killed for want of memory: between two of these outages thousands of requests may go well. */
export const KILLABLE = 400_000;
const MOST_REQUESTS = 1_000_000;
/** From empty, a queue in heavy traffic is on average at 97 % of its long-run mean after so many of its units of time. */
const SETTLING = 4;
/** Measured are so many. */
const MEASURED = 8;
/** Before a reading, so many times as long is run as requests take on average: they have come as far as they come. */
const RESPONSES = 2;
/** Measured is at least so many times what the design took to settle at its own load. */
const WARMUPS = 4;
/** A station nearer to its capacity than this is not waited for: chance decides on which side of it it is. */
const NEAREST = 1 - FULL;

/**
 * How long to run at a load: as long as the design took to settle at its own, and as the queue of the station that
 * will be fullest takes. In heavy traffic that queue is reflected Brownian motion, whose unit of time is
 * (c²ₐ + c²ₛ)·S / (c·(1 − ρ)²) for c servers with mean service time S (Whitt, Planning queueing simulations, Management
 * Science 35(11), 1989); the variabilities are taken as those of exponential times, 2 together, and ρ to grow in
 * proportion to the load. All traffic is open, and steady.
 *
 * @param times the load to run at
 * @param shows enough requests for what is asked of stations, for figures of most traffic, or of rare traffic as well
 */
export function probeLength(
  plan: Plan,
  times: number,
  { first, below, queues }: SoFar,
  shows: 'stations' | 'usual' | 'rare',
): ProbeLength {
  let unit = 0;
  let overloaded = false;
  for (const [name, station] of Object.entries(below.report.stations)) {
    const load = ((stationLoad(station)?.value ?? 0) * times) / below.times;
    if (load === 0) continue;
    const gap = Math.max(NEAREST, Math.abs(1 - load));
    const servers = Math.max(1, station.servers! / queues(name));
    unit = Math.max(unit, (2 * station.service.value!) / (servers * gap ** 2));
    overloaded ||= load >= 1;
  }
  const rates = plan.traffic.map((traffic) => openRate(traffic) * times);
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  if (shows === 'stations') {
    const seconds = typeable(READING / total);
    const warmup = Math.min(first.warmupSeconds, Math.max(seconds, RESPONSES * slowestMean(first)));
    return { warmup, seconds, settles: true, overloaded };
  }
  const outages = Object.keys(first.kills ?? {}).length > 0 ? KILLABLE / total : 0;
  const rare = Math.max(outages, ...plan.goals.map((goal) => requestsFor(goal) / rates[goal.traffic]!));
  const enough = Math.max(REQUESTS / total, shows === 'rare' ? rare : 0);
  const settling = WARMUPS * first.warmupSeconds;
  const most = Math.max(MOST_REQUESTS / total, settling);
  const wanted = Math.max(settling, MEASURED * unit);
  const warmup = Math.min(most, Math.max(first.warmupSeconds, overloaded ? 0 : SETTLING * unit));
  const seconds = Math.min(most, Math.max(enough, wanted));
  return { warmup: typeable(warmup), seconds: typeable(seconds), settles: wanted <= most, overloaded };
}

/** Seconds of a run at a load at which a station cannot keep up: as usual, and what the design takes to settle. */
export function overloadedSeconds(plan: Plan, first: Report | null): number {
  const total = plan.traffic.reduce((sum, traffic) => sum + openRate(traffic), 0);
  return typeable(Math.max(REQUESTS / total, first?.warmupSeconds ?? 0));
}

/** Square of the normal quantile of a 95 % interval. */
const Z2 = 1.959963984540054 ** 2;
/** As many come as are wanted, but for the chance of so many standard deviations of a Poisson count. */
const SCATTER = 2;

/** Goals of which the usual run cannot tell: it shows too few requests of their traffic. */
export function rareGoals(plan: Plan): number[] {
  const rates = plan.traffic.map(openRate);
  if (rates.includes(0)) return [];
  const seconds = REQUESTS / rates.reduce((sum, rate) => sum + rate, 0);
  return plan.goals.flatMap((goal, g) =>
    goal.messages === undefined && rates[goal.traffic]! * seconds < requestsFor(goal) ? [g] : [],
  );
}

/**
 * Requests of each replication that can tell whether a goal is met. A share is surely met when none of n fails and the
 * lower end of Wilson's interval, n / (n + z²), is not below it.
 */
function requestsFor({ metric, target }: PlanGoal): number {
  if (metric !== 'success' || target >= 1) return RAREST;
  const needed = (Z2 * target) / (1 - target);
  return (needed + SCATTER * Math.sqrt(needed)) / REPLICATIONS;
}

/** Requests per second at full load. */
function openRate({ arrivals }: PlanTraffic): number {
  return arrivals.type === 'open' ? arrivals.rate.value * arrivals.peak : 0;
}
