import type { Plan, PlanTraffic } from '../design/index.ts';
import type { Report } from '../report/index.ts';
import { typeable } from './breaking-loads.ts';
import { FULL, stationLoad } from './station-load.ts';

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

/** Requests of a replication; of a long run, of the rarest traffic that a goal is about. */
const REQUESTS = 40_000;
const RAREST = 100;
const MOST_REQUESTS = 1_000_000;
/** From empty, a queue in heavy traffic is on average at 97 % of its long-run mean after so many of its units of time. */
const SETTLING = 4;
/** Measured are so many. */
const MEASURED = 8;
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
  const judged = plan.goals.map(({ traffic }) => rates[traffic]!);
  const rarest = Math.min(...(judged.length === 0 ? rates : judged));
  const enough = Math.max(REQUESTS / total, shows === 'rare' ? RAREST / rarest : 0);
  if (shows === 'stations') {
    const seconds = typeable(Math.max(enough, first.warmupSeconds));
    return { warmup: first.warmupSeconds, seconds, settles: true, overloaded };
  }
  const settling = WARMUPS * first.warmupSeconds;
  const most = Math.max(MOST_REQUESTS / total, settling);
  const wanted = Math.max(settling, MEASURED * unit);
  const warmup = Math.min(most, Math.max(first.warmupSeconds, overloaded ? 0 : SETTLING * unit));
  const seconds = Math.min(most, Math.max(enough, wanted));
  return { warmup: typeable(warmup), seconds: typeable(seconds), settles: wanted <= most, overloaded };
}

/** Requests per second at full load. */
function openRate({ arrivals }: PlanTraffic): number {
  return arrivals.type === 'open' ? arrivals.rate.value * arrivals.peak : 0;
}
