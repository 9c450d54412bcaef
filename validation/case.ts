import type { Interval } from '../src/kernel/index.ts';
import type { Figure, Report } from '../src/report/index.ts';

/**
 * One published or closed-form result: where it comes from, and the models that must reproduce it.
 * A case is data. `run.ts` runs it, `verdict.ts` judges it, `table.ts` prints it.
 */
export interface Case {
  /** Short, stable and self-explaining: `erlang-c-call-centre`. */
  readonly id: string;
  readonly title: string;
  /** Publication that the expected figures come from, findable by a stranger. */
  readonly source: string;
  readonly evidence: Evidence;
  readonly models: readonly Model[];
}

/** What the expected figures rest on. */
export type Evidence =
  /** The figure is printed in the source. */
  | 'published figure'
  /** The formula is in the source; the figure is the formula evaluated to full precision. */
  | 'closed form'
  /** Printed in the source, and equal to a formula evaluated to full precision. */
  | 'published figure and closed form'
  /** The numerical solution of the exact Markov chain or recursion of the model. */
  | 'exact numerical solution'
  /** Printed in the source as the outcome of its own simulation or program. */
  | 'published simulation'
  /** A run at every load of a grid, which knows nothing of the method that it checks. */
  | 'brute force'
  /** Follows from a definition by arithmetic. */
  | 'arithmetic';

export type Model = DesignModel | DirectModel;

/** A design file, estimated and simulated. */
export interface DesignModel {
  /** Tells the models of a case apart: `ρ = 0.9`; empty when there is only one. */
  readonly name: string;
  /** The design, as a user would write it. */
  readonly design: string;
  readonly length: RunLength;
  /** Part of the quick subset that runs with the tests, at this shorter length. */
  readonly quick?: RunLength;
  readonly expect: readonly Expectation[];
}

/** How long a model is simulated. Lengths are fixed, so that a row does not depend on when a rule stops. */
export interface RunLength {
  /** Measured simulated seconds of one replication. */
  readonly time: number;
  /** Independent replications; the interval comes from their spread. */
  readonly replications: number;
  /** Simulated seconds cut off the start of each; left out, the engine finds the warm-up itself. */
  readonly warmup?: number;
}

/** A figure of the source, where it stands in a report, and how near ours must come. */
export interface Expectation {
  /** `mean response time`. */
  readonly what: string;
  /** In base units: seconds, per second, ratios of 1. */
  readonly paper: number;
  readonly unit: 's' | '1/s' | '1';
  readonly tolerance: Tolerance;
  readonly read: (report: Report) => Figure;
  /**
   * How the estimator stands to it: `exact` must agree to a millionth, `approximate` within the tolerance
   * given or else that of the simulation, `none` has no formula for it. Default `exact`.
   */
  readonly estimate?: 'exact' | 'approximate' | 'none' | { readonly approximate: Tolerance };
  /** Why ours differs, or may; printed with the row, whatever its verdict. */
  readonly explanation?: string;
}

/** Largest difference: `relative` to the paper's figure, `absolute` in its unit, or none at all. */
export type Tolerance = { readonly relative: number } | { readonly absolute: number } | 'exact';

/** Figures computed without an engine: an arithmetic rule, or a decision core fed by hand. */
export interface DirectModel {
  readonly name: string;
  readonly quick?: true;
  readonly expect: readonly DirectExpectation[];
  /** Our figures, in the order of `expect`: those with chance in them with their 95 % interval. */
  readonly measure: () => Measured | Promise<Measured>;
}

export interface DirectExpectation {
  readonly what: string;
  readonly paper: number;
  readonly unit: 's' | '1/s' | '1' | 'count';
  readonly tolerance: Tolerance;
  readonly explanation?: string;
}

/** What a measurement gave. */
export type Measured = readonly (number | Interval)[] | Skipped;

/** A model that cannot run here, e.g. because its data file is absent. */
export interface Skipped {
  readonly skipped: string;
}

/** Relative tolerance. */
export function within(relative: number): Tolerance {
  return { relative };
}

/** Absolute tolerance, for ratios: percentage points ÷ 100. */
export function points(percentagePoints: number): Tolerance {
  return { absolute: percentagePoints / 100 };
}
