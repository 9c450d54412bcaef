import type { Figure } from './figure.ts';

/** Next steps for a design, each simulated. All loads are multiples of that of the design, all costs dollars a month. */
export interface AdviceReport {
  readonly schema: 'tenfold/advice@1';
  readonly design: string;
  readonly seed: number;
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  /** The scenario under which the goals are to hold; null = day by day. */
  readonly scenario: string | null;
  /** The highest load that was looked at. */
  readonly most: number;
  /** Up to which load the goals hold now: `low` the highest at which they surely do, `high` the lowest at which one surely does not. */
  readonly headroom: Figure;
  /** What gives way first, as a chain of causes; empty where nothing does. */
  readonly because: readonly string[];
  /** What it costs now, by the estimate, without what is `unpriced`; null = nothing of it is known. */
  readonly cost: number | null;
  /** Components and traffic of which nobody knows what they cost. */
  readonly unpriced: readonly string[];
  /** Goals on success that are promises, about years with their failures, and are broken as it is. */
  readonly broken: readonly string[];
  /** Moves that help: the best first, those of equal rank alike. */
  readonly advice: readonly Advice[];
  /** Moves that were tried and do not help, or cannot be made. */
  readonly rejected: readonly RejectedMove[];
  /** Simulations that it took. */
  readonly runs: number;
  readonly notes: readonly string[];
}

/** A change of a design in the words of a decision. */
export interface MoveReport {
  /** What it changes, in one word, such as `store.cores`. */
  readonly name: string;
  readonly chose: string;
  readonly over: string;
  readonly because: string;
  /** What it gives up beside money. */
  readonly sacrifices: string;
  /** Where the design changes, and to what, as a design file says it; without a value, what stands there goes. */
  readonly edits: readonly { readonly path: readonly (string | number)[]; readonly value?: unknown }[];
  /** What it is made of, in the order in which it was found to be needed; empty where it is one change. */
  readonly steps: readonly MoveStep[];
}

/** One of several changes that are made together. */
export type MoveStep = Pick<MoveReport, 'name' | 'chose' | 'over' | 'because'>;

/** A move that helps. */
export interface Advice extends MoveReport {
  /** 1 is best; moves whose intervals overlap have the same. */
  readonly rank: number;
  readonly helps: 'load' | 'availability';
  /** Up to which load the goals hold with it; null where it is about availability. */
  readonly headroom: Figure | null;
  /** How much more that is: the interval spans what both headrooms allow. */
  readonly gain: Figure | null;
  /** Dollars a month more, below 0 less, by the estimate; null = unknown. */
  readonly cost: number | null;
  /** Gain for each hundred of these dollars; null where it costs nothing, or nobody knows what. */
  readonly gainPerHundred: Figure | null;
  /**
   * Seconds a year that the traffic that suffers most is down, before and after, and what is no single point of failure
   * any more; null where it is about load.
   */
  readonly downtime: {
    readonly before: Figure;
    readonly after: Figure;
    readonly spared: readonly string[];
  } | null;
  /** Promises that are broken as it is, and kept with it. */
  readonly keeps: readonly string[];
  /** What fails at the load that it holds and does not as it is, since no goal is about that, such as `47 % of users fail`. */
  readonly loses: readonly string[];
  /** What gives way next, with it; null where nothing does, or it is not known. */
  readonly next: string | null;
}

/** A move that does not help, and why. */
export interface RejectedMove extends MoveReport {
  readonly why: string;
}

/** An advice report as JSON: two spaces of indentation, a newline at the end. */
export function adviceToJson(report: AdviceReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
