import type { KindDescription, Plan } from '../../design/index.ts';
import { instancesOf, underLoad } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';
import type { Measurement, SimulateOptions } from '../../simulate/index.ts';
import { driftingOf, runOverloaded, type Trend, trendOf, type Watched } from './overload.ts';
import { overloadedSeconds, type ProbeLength, probeLength, REPLICATIONS } from './probe-length.ts';
import { componentOf } from './station-load.ts';

/** Simulates a plan with options of this room; seed, version and threads are the caller's. */
export type Simulation = (plan: Plan, options: SimulateOptions) => Promise<Report>;

/** Stations with so many times their servers, by name. */
export type Widened = Readonly<Record<string, number>>;

/** What one run is to be. */
export interface ProbeOptions {
  /** It shows enough requests of the rarest traffic that a goal is about, and takes longer for it; default false. */
  readonly long?: boolean;
  /** Only what is asked of stations is read from it, and these are widened; default: it is the design as it is. */
  readonly widened?: Widened;
}

/** A run of a plan at one load. */
export interface Probe {
  readonly times: number;
  readonly report: Report;
  /** False where it was too short for a station so near to its capacity. */
  readonly settles: boolean;
  /** Whether requests in progress became more, or fewer, while it measured. */
  readonly trend: Trend;
  /** Numbers of the traffic of which that is so. */
  readonly drifting: readonly number[];
  /** More was asked than could be done, and queues were as full as they get before it measured. */
  readonly overloaded?: true;
}

/** Seconds on a slow machine that a run of unknown length may take. No clock is asked: it bounds the events. */
const USUAL_SECONDS = 20;
const LONG_SECONDS = 60;

/**
 * Runs of a plan at multiples of its load, each made once.
 *
 * At the load of the design pilots tell how long it takes to settle. At others the lengths follow from what the fullest
 * station needs; where one cannot keep up, queues are filled first. Pilots are asked at every load where users wait for
 * answers, or traffic has a course.
 */
export class Probes {
  readonly #plan: Plan;
  readonly #simulation: Simulation;
  readonly #queues: (station: string) => number;
  readonly #heard: (runs: number, times: number) => void;
  readonly #known: boolean;
  readonly #probes = new Map<string, Promise<Probe>>();
  /** Of the design as it is, in the order in which they were made. */
  readonly #made: Probe[] = [];
  /** The lowest load at which requests piled up without end. */
  #endlessAt = Number.POSITIVE_INFINITY;

  /** @param heard told of each run that begins: how many there were, and its load */
  constructor(
    plan: Plan,
    described: readonly KindDescription[],
    simulation: Simulation,
    heard: (runs: number, times: number) => void,
  ) {
    this.#plan = plan;
    this.#simulation = simulation;
    this.#heard = heard;
    this.#known = plan.traffic.every(
      ({ arrivals }) => arrivals.type === 'open' && arrivals.shape.length === 0,
    );
    const instances = new Map(
      plan.components.map(({ name, kind, settings }) => {
        const description = described.find((each) => each.name === kind);
        return [name, instancesOf(description, settings)];
      }),
    );
    this.#queues = (station) => instances.get(componentOf(station)) ?? 1;
  }

  /** Runs made so far. */
  get runs(): number {
    return this.#probes.size;
  }

  /** The report at so many times the load. */
  async at(times: number, options?: ProbeOptions): Promise<Report> {
    return (await this.probe(times, options)).report;
  }

  /** The run at so many times the load. */
  probe(times: number, { long = false, widened = {} }: ProbeOptions = {}): Promise<Probe> {
    const key = keyOf(times, long, widened);
    const there = this.#probes.get(key);
    if (there !== undefined) return there;
    this.#heard(this.#probes.size + 1, times);
    const probe = this.#run(times, long, widened);
    this.#probes.set(key, probe);
    return probe;
  }

  async #run(times: number, long: boolean, widened: Widened): Promise<Probe> {
    const length = await this.#length(times, long, widened);
    const plan = underLoad(this.#plan, times);
    if (isWidened(widened)) return this.#reading(times, { ...plan, widened }, length);
    // What is rare is looked at where the design holds.
    if (length?.overloaded && long) return this.probe(times);
    const watched =
      length?.overloaded === true
        ? null
        : await this.#watch(plan, { replications: REPLICATIONS, ...spanOf(length, long) });
    const piles = this.#known && (watched === null || !watched.report.stable || watched.trend === 'growing');
    const made = piles
      ? { times, settles: true, ...(await this.#overloaded(times, plan)) }
      : { times, settles: length?.settles ?? true, ...watched! };
    this.#made.push(made);
    return made;
  }

  /** A run of which only what is asked of stations is read. */
  async #reading(times: number, plan: Plan, length: ProbeLength | null): Promise<Probe> {
    const options = { replications: REPLICATIONS, ...spanOf(length, false) };
    const report = await this.#simulation(plan, options);
    return { times, report, settles: length?.settles ?? true, trend: 'steady', drifting: [] };
  }

  async #overloaded(times: number, plan: Plan): Promise<Watched> {
    const first = times === 1 ? null : (await this.probe(1)).report;
    const seconds = overloadedSeconds(plan, first);
    const watch = (of: Plan, options: SimulateOptions) => this.#watch(of, options);
    const endless = times > this.#endlessAt;
    const watched = await runOverloaded(plan, { seconds, replications: REPLICATIONS, endless }, watch);
    if (watched.trend === 'growing') this.#endlessAt = Math.min(this.#endlessAt, times);
    return watched;
  }

  async #watch(plan: Plan, options: SimulateOptions): Promise<Watched> {
    let runs: readonly Measurement[] = [];
    const onMeasured = (measured: readonly Measurement[]): void => {
      runs = measured;
    };
    const report = await this.#simulation(plan, { ...options, onMeasured });
    return { report, trend: trendOf(runs), drifting: driftingOf(runs) };
  }

  /** Null where only pilots can find it. */
  async #length(times: number, long: boolean, widened: Widened): Promise<ProbeLength | null> {
    if (!this.#known || (times === 1 && !long && !isWidened(widened))) return null;
    const first = await this.probe(1);
    const below = this.#made
      .filter((each) => each.times <= times)
      .reduce((best, each) => (each.times >= best.times ? each : best), first);
    const lowest = times < 1 ? { times: 1, report: first.report } : below;
    const known = { first: first.report, below: lowest, queues: this.#queues };
    // Behind a widened station loads are read one after the other, the first of them is to be precise.
    const shows = isWidened(widened) ? 'stations' : long ? 'rare' : 'usual';
    return probeLength(this.#plan, times, known, shows);
  }

  /** The run at a load of the design as it is, the longer one where there was one. */
  longest(times: number): Promise<Probe> {
    return this.#probes.get(keyOf(times, true, {})) ?? this.probe(times);
  }

  /** Loads at which the design was run as it is, ascending. */
  get loads(): number[] {
    const loads = new Set(
      [...this.#probes.keys()].flatMap((key) => {
        const [times, , widened] = JSON.parse(key) as [number, boolean, Widened];
        return isWidened(widened) ? [] : [times];
      }),
    );
    return [...loads].sort((a, b) => a - b);
  }

  /** All runs of the design as it is, by ascending load. */
  asItIs(): Promise<Probe[]> {
    return Promise.all(this.loads.map((times) => this.longest(times)));
  }
}

/** How long a run is to be: as found, or as pilots find, within a time that is borne. */
function spanOf(length: ProbeLength | null, long: boolean): SimulateOptions {
  if (length !== null) return { warmup: length.warmup, time: length.seconds };
  return { maxWall: long ? LONG_SECONDS : USUAL_SECONDS, ...(long ? {} : { leastOfEach: 0 }) };
}

const isWidened = (widened: Widened): boolean => Object.keys(widened).length > 0;

const keyOf = (times: number, long: boolean, widened: Widened): string =>
  JSON.stringify([times, long, widened]);
