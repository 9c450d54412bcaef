import type { Measurement } from './outcome/measurement.ts';

/** Seconds of real time that the command line allows unless told otherwise. */
export const USUAL_MAX_WALL = 60;

export interface SimulateOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** Name of the scenario to lay over the design; default: none, its steady state. */
  readonly scenario?: string;
  /** Under a scenario: look for the highest load from which the design recovers, too; default false. */
  readonly recoveryLoad?: boolean;
  /** Relative half-width that every goal's figure is to reach; default 0.05. */
  readonly precision?: number;
  /** Measured seconds of each replication; default: as long as the precision needs. */
  readonly time?: number;
  /** Seconds run before measuring; default: found by pilot runs (0 for traffic with a shape over time). */
  readonly warmup?: number;
  /** Number of replications, at least 2; default 10, and 20 under a scenario. */
  readonly replications?: number;
  /** Requests of the rarest traffic, of those that goals are about, that the first stage shows in each replication; default 50. */
  readonly leastOfEach?: number;
  /**
   * Real seconds after which no further stage is started, and that the first keeps to; of a scenario without
   * `replications`, no further replication. Default: no limit. Needs `clock`.
   */
  readonly maxWall?: number;
  /** Real time in seconds, from the shell; the simulator itself reads no clock. */
  readonly clock?: () => number;
  /** Put `wallSeconds` into the report; needs `clock`. */
  readonly timing?: boolean;
  /** Version that the report carries; default empty. */
  readonly version?: string;
  /** How the reported command begins, e.g. `tenfold simulate shop.yaml`; default: with the name of the design. */
  readonly invocation?: string;
  /** Record in the measured replications where the time of requests goes, unless load outgrows capacity. */
  readonly blame?: true;
  /** Given what the replications of the report measured, in their order. */
  readonly onMeasured?: (runs: readonly Measurement[]) => void;
  /** Called at the start of each phase and after each stage of replications. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a simulation has come. */
export interface Progress {
  /** `settling`: trial runs look for the end of the warm-up. */
  readonly phase: 'settling' | 'measuring';
  /** Replications of the stage that ended last; 0 before the first. */
  readonly replications: number;
  /** Events executed by the trial runs. */
  readonly events: number;
  /** Relative half-width of the least precise figure so far; Infinity when unknown. */
  readonly precision: number;
}

/** @throws RangeError on options out of range */
export function checkOptions(options: SimulateOptions, precision: number): void {
  const positive = (name: string, value: number | undefined, least: number): void => {
    if (value !== undefined && !(value >= least && Number.isFinite(value))) {
      throw new RangeError(`${name} must be a number of at least ${least}, got ${value}`);
    }
  };
  if (!(precision > 0 && precision < 1))
    throw new RangeError(`precision must be between 0 and 1, got ${precision}`);
  positive('time', options.time, Number.MIN_VALUE);
  positive('warmup', options.warmup, 0);
  positive('replications', options.replications, 2);
  positive('leastOfEach', options.leastOfEach, 0);
  if (options.replications !== undefined && !Number.isInteger(options.replications)) {
    throw new RangeError(`replications must be an integer, got ${options.replications}`);
  }
}
