import type { Plan } from '../design/index.ts';
import { underLoad } from '../design/index.ts';
import type { Report } from '../report/index.ts';
import type { SimulateOptions } from '../simulate/index.ts';

/** Simulates a plan with options of this room; seed, version and threads are the caller's. */
export type Simulation = (plan: Plan, options: SimulateOptions) => Promise<Report>;

/** Stations with so many times their servers, by name. */
export type Widened = Readonly<Record<string, number>>;

const REPLICATIONS = 10;
/** Seconds on a slow machine that the usual run may take, and the longer one. No clock is asked: it bounds the events. */
const USUAL_SECONDS = 20;
const LONG_SECONDS = 60;
const NOT_WIDENED: Widened = {};

/** Runs of a plan at multiples of its load, each made once. */
export class Probes {
  readonly #plan: Plan;
  readonly #simulation: Simulation;
  readonly #heard: (runs: number, times: number) => void;
  readonly #reports = new Map<string, Promise<Report>>();

  /** @param heard told of each run that begins: how many there were, and its load */
  constructor(plan: Plan, simulation: Simulation, heard: (runs: number, times: number) => void) {
    this.#plan = plan;
    this.#simulation = simulation;
    this.#heard = heard;
  }

  /** Runs made so far. */
  get runs(): number {
    return this.#reports.size;
  }

  /**
   * The report at so many times the load.
   *
   * @param long shows fifty requests of the rarest traffic in each replication, and may take longer for it
   */
  at(times: number, long = false, widened: Widened = NOT_WIDENED): Promise<Report> {
    const key = keyOf(times, long, widened);
    const there = this.#reports.get(key);
    if (there !== undefined) return there;
    this.#heard(this.#reports.size + 1, times);
    const plan = underLoad(this.#plan, times);
    const report = this.#simulation(Object.keys(widened).length === 0 ? plan : { ...plan, widened }, {
      replications: REPLICATIONS,
      maxWall: long ? LONG_SECONDS : USUAL_SECONDS,
      ...(long ? {} : { leastOfEach: 0 }),
    });
    this.#reports.set(key, report);
    return report;
  }

  /** The report at a load of the design as it is, the longer run where there was one. */
  longest(times: number): Promise<Report> {
    return this.#reports.get(keyOf(times, true, NOT_WIDENED)) ?? this.at(times);
  }

  /** All runs of the design as it is, by ascending load. */
  async steady(): Promise<{ readonly times: number; readonly report: Report }[]> {
    const loads = new Set(
      [...this.#reports.keys()].flatMap((key) => {
        const [times, , widened] = JSON.parse(key) as [number, boolean, Widened];
        return Object.keys(widened).length === 0 ? [times] : [];
      }),
    );
    const sorted = [...loads].sort((a, b) => a - b);
    return Promise.all(sorted.map(async (times) => ({ times, report: await this.longest(times) })));
  }
}

const keyOf = (times: number, long: boolean, widened: Widened): string =>
  JSON.stringify([times, long, widened]);
