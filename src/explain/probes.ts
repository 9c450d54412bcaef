import type { KindDescription, Plan } from '../design/index.ts';
import { instancesOf, underLoad } from '../design/index.ts';
import type { Report } from '../report/index.ts';
import type { SimulateOptions } from '../simulate/index.ts';
import { type ProbeLength, probeLength } from './probe-length.ts';
import { componentOf } from './station-load.ts';

/** Simulates a plan with options of this room; seed, version and threads are the caller's. */
export type Simulation = (plan: Plan, options: SimulateOptions) => Promise<Report>;

/** Stations with so many times their servers, by name. */
export type Widened = Readonly<Record<string, number>>;

/** What one run is to be. */
export interface ProbeOptions {
  /** It shows enough requests of the rarest traffic that a goal is about, and takes longer for it; default false. */
  readonly long?: boolean;
  /** Only what is asked of stations is read from it, and some may be widened; default: it is the design as it is. */
  readonly widened?: Widened;
}

/** A run of a plan at one load. */
export interface Probe {
  readonly times: number;
  readonly report: Report;
  /** False where it was too short for a station so near to its capacity. */
  readonly settles: boolean;
}

const REPLICATIONS = 4;
/** Seconds on a slow machine that a run of unknown length may take. No clock is asked: it bounds the events. */
const USUAL_SECONDS = 20;
const LONG_SECONDS = 60;

/**
 * Runs of a plan at multiples of its load, each made once.
 *
 * At the load of the design pilots tell how long it takes to settle. At others the lengths follow from what the fullest
 * station needs. Pilots are asked again where a station is overloaded, unless only that is of interest; and always where
 * users wait for answers, or traffic has a course.
 */
export class Probes {
  readonly #plan: Plan;
  readonly #simulation: Simulation;
  readonly #queues: (station: string) => number;
  readonly #heard: (runs: number, times: number) => void;
  readonly #known: boolean;
  readonly #probes = new Map<string, Promise<Probe>>();
  /** In the order in which they were made. */
  readonly #made: Probe[] = [];

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
  probe(times: number, { long = false, widened }: ProbeOptions = {}): Promise<Probe> {
    const key = keyOf(times, long, widened);
    const there = this.#probes.get(key);
    if (there !== undefined) return there;
    this.#heard(this.#probes.size + 1, times);
    const probe = this.#run(times, long, widened);
    this.#probes.set(key, probe);
    return probe;
  }

  async #run(times: number, long: boolean, widened: Widened | undefined): Promise<Probe> {
    const length = await this.#length(times, long, widened);
    const unknown = length === null || (length.overloaded && widened === undefined);
    // What is rare is looked at where the design holds.
    if (unknown && length !== null && long) return this.probe(times);
    const plan = underLoad(this.#plan, times);
    const report = await this.#simulation(widened === undefined ? plan : { ...plan, widened }, {
      replications: REPLICATIONS,
      ...(unknown
        ? { maxWall: long ? LONG_SECONDS : USUAL_SECONDS, ...(long ? {} : { leastOfEach: 0 }) }
        : { warmup: length.warmup, time: length.seconds }),
    });
    const made = { times, report, settles: unknown || length.settles };
    this.#made.push(made);
    return made;
  }

  /** Null where only pilots can find it. */
  async #length(times: number, long: boolean, widened: Widened | undefined): Promise<ProbeLength | null> {
    if (!this.#known || (times === 1 && !long && widened === undefined)) return null;
    const first = await this.probe(1);
    const below = this.#made
      .filter((each) => each.times <= times)
      .reduce((best, each) => (each.times >= best.times ? each : best), first);
    const lowest = times < 1 ? { times: 1, report: first.report } : below;
    const known = { first: first.report, below: lowest, queues: this.#queues };
    // Behind a widened station loads are read one after the other, the first of them is to be precise.
    const isWidened = widened !== undefined && Object.keys(widened).length > 0;
    const shows = isWidened ? 'stations' : long ? 'rare' : 'usual';
    return probeLength(this.#plan, times, known, shows);
  }

  /** The report at a load of the design as it is, the longer run where there was one. */
  async longest(times: number): Promise<Report> {
    const long = this.#probes.get(keyOf(times, true, undefined));
    return (await (long ?? this.probe(times))).report;
  }

  /** All runs of the design as it is, by ascending load. */
  async steady(): Promise<{ readonly times: number; readonly report: Report }[]> {
    const loads = new Set(
      [...this.#probes.keys()].flatMap((key) => {
        const [times, , widened] = JSON.parse(key) as [number, boolean, Widened | null];
        return widened === null ? [times] : [];
      }),
    );
    const sorted = [...loads].sort((a, b) => a - b);
    return Promise.all(sorted.map(async (times) => ({ times, report: await this.longest(times) })));
  }
}

const keyOf = (times: number, long: boolean, widened: Widened | undefined): string =>
  JSON.stringify([times, long, widened ?? null]);
