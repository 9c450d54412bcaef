import { type Plan, underLoad } from '../../design/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import type { SimulateOptions } from '../../simulate/index.ts';
import { type Breaking, breakingLoads, LEAST, typeable, type Verdict } from '../stress/breaking-loads.ts';
import { killableGoals } from '../stress/headroom.ts';
import { KILLABLE } from '../stress/probe-length.ts';
import { FULL, isFull, stationLoad } from '../stress/station-load.ts';

/** Simulates a plan; seed, scenario, version and threads are the caller's. */
export type Simulation = (plan: Plan, options: SimulateOptions) => Promise<Report>;

/** How a trial is run. */
export interface TrialOptions {
  readonly simulation: Simulation;
  /** The highest load to look at. */
  readonly most: number;
  readonly precision: number;
  /** Seconds of warm-up, as the design needed it that this one is a change of; without it, pilots find it. */
  readonly warmup?: number;
  /** A scenario is laid over it, which has a length of its own. */
  readonly scenario?: boolean;
  /** Stations that must not be full. */
  readonly keepsUp?: readonly string[];
  /** Told of each simulation that begins. */
  readonly heard: () => void;
}

/** Steps up from where runs cannot tell. */
const UPWARDS = 1.15;
const REPLICATIONS = 4;
/** Requests of a replication, and warm-ups that it is at least as long as, up to so many requests. */
const REQUESTS = 20_000;
const WARMUPS = 4;
const MOST_REQUESTS = 60_000;
/** Seconds on a slow machine that a run of unknown length may take: no clock is asked, it bounds the events. */
const SECONDS = 4;
/** Where a run leaves open whether the goals hold, one so many times as long follows; of scenarios, so many times as often. */
const LONGER = 8;
/** How far below a load that a longer run does not confirm the next one is tried, and how often. */
const DOWNWARDS = 0.8;
const CONFIRMATIONS = 5;

/**
 * A design under several loads: whether its goals hold there. Runs are short, and equally long for all changes of a
 * design, on the same random numbers: many of them tell more of which change is better than one that is exact.
 */
export class Trial {
  readonly plan: Plan;
  readonly #options: TrialOptions;
  readonly #reports = new Map<string, Promise<Report>>();

  constructor(plan: Plan, options: TrialOptions) {
    this.plan = plan;
    this.#options = options;
  }

  /** What a run at so many times the load showed, the longer one where there was one. */
  report(times: number): Promise<Report> {
    return this.#reports.get(keyOf(times, true)) ?? this.#once(times, false);
  }

  #once(times: number, long: boolean): Promise<Report> {
    const key = keyOf(times, long);
    const there = this.#reports.get(key);
    if (there !== undefined) return there;
    const report = this.#run(times, long);
    this.#reports.set(key, report);
    return report;
  }

  async #run(times: number, long: boolean): Promise<Report> {
    const { simulation, heard } = this.#options;
    const warmup = await this.#warmup(times);
    heard();
    const plan = underLoad(this.plan, times);
    const longer = long ? LONGER : 1;
    if (this.#options.scenario === true) {
      const known = this.#options.warmup === undefined ? {} : { warmup: this.#options.warmup };
      return simulation(plan, { replications: longer * REPLICATIONS, ...known });
    }
    return simulation(plan, {
      replications: REPLICATIONS,
      ...(warmup === null
        ? { maxWall: longer * SECONDS, ...(long ? {} : { leastOfEach: 0 }) }
        : { warmup, time: await this.#seconds(times, warmup, long) }),
    });
  }

  /** Measured seconds of each replication. */
  async #seconds(times: number, warmup: number, long: boolean): Promise<number> {
    const usual = measuredSeconds(this.plan, times, warmup);
    if (!long) return usual;
    const killable = Object.keys((await this.#once(times, false)).kills ?? {}).length > 0;
    return Math.max(LONGER * usual, killable ? KILLABLE / (totalRate(this.plan) * times) : 0);
  }

  /** Null where only pilots can find it: where users wait for answers, or their number has a course. */
  async #warmup(times: number): Promise<number | null> {
    const steady = this.plan.traffic.every(
      ({ arrivals }) => arrivals.type === 'open' && arrivals.shape.length === 0,
    );
    if (!steady || this.#options.scenario === true) return null;
    if (this.#options.warmup !== undefined) return this.#options.warmup;
    return times === 1 ? null : (await this.#once(1, false)).warmupSeconds;
  }

  /**
   * Whether all of these goals hold, and none is surely missed; without goals, whether no station is full, and few requests
   * fail. Where the usual run leaves it open, a longer one is asked.
   */
  async verdict(times: number, goals: ReadonlySet<number>): Promise<Verdict> {
    const usual = await this.#judged(times, goals, false);
    return usual === 'unknown' ? this.#judged(times, goals, true) : usual;
  }

  async #judged(times: number, goals: ReadonlySet<number>, long: boolean): Promise<Verdict> {
    const report = await this.#once(times, long);
    const { keepsUp = [] } = this.#options;
    if (keepsUp.some((name) => report.stations[name] !== undefined && isFull(report.stations[name])))
      return false;
    if (this.plan.goals.length === 0) return !Object.values(report.stations).some(isFull) && !fails(report);
    // A goal of which runs cannot tell whether it holds still fails where they see that it does.
    if (report.goals.some(({ met }) => met === false)) return false;
    // What outgrows the design has no latency to judge by, and no goal is met there for long: a longer run shows whether it does.
    if (!report.stable && report.goals.some(({ met }) => met === 'unknown')) return long ? false : 'unknown';
    if (report.goals.some(({ met }, g) => goals.has(g) && met === 'unknown')) return 'unknown';
    return nearlyFull(report) ? 'unknown' : true;
  }

  /** The goals that can be told of at the load of the design; all where none can. */
  async goalsThatTell(): Promise<ReadonlySet<number>> {
    const { goals } = await this.#once(1, false);
    const known = goals.flatMap(({ met }, g) => (met === 'unknown' ? [] : [g]));
    return new Set(known.length > 0 ? known : goals.map((_, g) => g));
  }

  /**
   * Where the goals give way.
   *
   * @param guess where they may; null = no idea
   * @param holds a load up to which they are known to hold
   */
  async breaking(goals: ReadonlySet<number>, guess: number | null, holds = 0): Promise<Breaking> {
    const { most, precision } = this.#options;
    const [breaking] = await breakingLoads({
      goals: 1,
      guesses: [guess],
      most,
      least: LEAST,
      precision,
      judge: async (times) => [times <= holds ? true : await this.verdict(times, goals)],
    });
    // Where runs cannot tell, a load further up may show that the goals are missed.
    const { met } = breaking!;
    let { missed } = breaking!;
    for (let times = (met ?? LEAST) * UPWARDS; missed === null && times < most; times *= UPWARDS) {
      const at = typeable(times);
      if ((await this.verdict(at, goals)) === false) missed = at;
    }
    return this.#confirmed({ met, missed }, goals);
  }

  /**
   * Instances that may be killed for want of memory seldom are: that goals hold is believed of longer runs, further down
   * where such a run sees them missed.
   */
  async #confirmed(breaking: Breaking, goals: ReadonlySet<number>): Promise<Breaking> {
    let { met, missed } = breaking;
    if (killableGoals(this.plan, await this.report(met ?? 1)).length === 0) return breaking;
    for (let tried = 0; tried < CONFIRMATIONS && met !== null; tried++) {
      const verdict = await this.#judged(met, goals, true);
      if (verdict === true) return { met, missed };
      if (verdict === false) missed = met;
      met = met > LEAST ? typeable(Math.max(LEAST, met * DOWNWARDS)) : null;
    }
    return { met: null, missed };
  }
}

const keyOf = (times: number, long: boolean): string => `${times} ${long}`;

/** Requests per second of all open traffic, at its peak. */
const totalRate = ({ traffic }: Plan): number =>
  traffic.reduce(
    (sum, { arrivals }) => sum + (arrivals.type === 'open' ? arrivals.rate.value * arrivals.peak : 0),
    0,
  );

/** Long enough for the figures of most traffic, and for what settles slowly. */
function measuredSeconds(plan: Plan, times: number, warmup: number): number {
  const total = totalRate(plan) * times;
  return Math.max(REQUESTS / total, Math.min(WARMUPS * warmup, MOST_REQUESTS / total));
}

/** Without a goal on success, so large a share of the requests of a traffic may fail at most. */
const FAILING = 0.01;

function fails({ operations }: Report): boolean {
  return Object.values(operations).some(({ success }) => (success.high ?? 1) < 1 - FAILING);
}

/** A station so near to its capacity that chance decides on which side of it a run is. */
function nearlyFull({ stations }: Report): boolean {
  return Object.values(stations).some(
    (station) => Math.abs((stationLoad(station)?.value ?? 0) - 1) < 1 - FULL,
  );
}

/** The headroom that a bracket says. */
export function headroomOf({ met, missed }: Breaking): Figure {
  const value = met === null || missed === null ? null : (met + missed) / 2;
  return { value, low: met, high: missed, unit: '1' };
}
