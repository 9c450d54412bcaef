import type { Plan } from '../../design/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { type Breaking, breakingLoads, type Verdict } from '../breaking-loads.ts';
import { Probes, type Simulation } from '../probes.ts';
import { isFull } from '../station-load.ts';

/** How a trial is run. */
export interface TrialOptions {
  readonly simulation: Simulation;
  /** The highest load to look at. */
  readonly most: number;
  readonly precision: number;
  /** Stations that must not be full. */
  readonly keepsUp?: readonly string[];
  /** Told of each simulation that begins. */
  readonly heard: (times: number) => void;
}

const LEAST = 0.01;

/**
 * A design under several loads: whether its goals hold there. Of goals of which the usual run at the load of the design
 * cannot tell nothing is asked, unless it can tell of none; without goals, no station may be full.
 */
export class Trial {
  readonly plan: Plan;
  readonly #options: TrialOptions;
  readonly #probes: Probes;

  constructor(plan: Plan, options: TrialOptions) {
    this.plan = plan;
    this.#options = options;
    this.#probes = new Probes(plan, options.simulation, (_, times) => options.heard(times));
  }

  report(times: number): Promise<Report> {
    return this.#probes.at(times);
  }

  /** Whether all goals that are asked about hold. */
  async verdict(times: number, goals: ReadonlySet<number>): Promise<Verdict> {
    const report = await this.report(times);
    const { keepsUp = [] } = this.#options;
    if (keepsUp.some((name) => report.stations[name] !== undefined && isFull(report.stations[name])))
      return false;
    if (this.plan.goals.length === 0) return !Object.values(report.stations).some(isFull);
    const verdicts = report.goals.filter((_, g) => goals.has(g)).map(({ met }) => met);
    if (verdicts.includes(false)) return false;
    return verdicts.includes('unknown') ? 'unknown' : true;
  }

  /** The goals that can be told of at the load of the design; all where none can. */
  async goalsThatTell(): Promise<ReadonlySet<number>> {
    const { goals } = await this.report(1);
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
    return breaking!;
  }
}

/** The headroom that a bracket says. */
export function headroomOf({ met, missed }: Breaking): Figure {
  const value = met === null || missed === null ? null : (met + missed) / 2;
  return { value, low: met, high: missed, unit: '1' };
}
