import type { JoinReport, TrafficBlame } from './blame.ts';
import type { Figure } from './report.ts';
import type { Trace } from './trace.ts';

/** Why requests take as long as they take, and what would change that. */
export interface ExplainReport {
  readonly schema: 'tenfold/explain@1';
  readonly design: string;
  readonly scenario: string | null;
  readonly seed: number;
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  /** False where load outgrows capacity: then times grow as long as one looks, and there is nothing to explain. */
  readonly stable: boolean;
  readonly replications: number;
  /** Simulated seconds that were measured, all replications together. */
  readonly simulatedSeconds: number;
  /** By traffic name. */
  readonly traffic: Readonly<Record<string, TrafficBlame>>;
  /** Parallel steps that requests came to, those done most often first. */
  readonly joins: readonly JoinReport[];
  /** Of each traffic the request at the 99th percentile of one run, or of fewer than 100 the slowest; null where none could be had. */
  readonly slowest: Trace | null;
  readonly sensitivity: Sensitivity;
  readonly notes: readonly string[];
}

/** What becomes of figures where inputs are moved. */
export interface Sensitivity {
  /** By how much an input is moved both ways that does not say its own range, as a share. */
  readonly step: number;
  /** Inputs that were tried in short runs, and of these simulated at length. */
  readonly inputs: number;
  readonly simulated: number;
  /** Replications of each simulation, on the same random numbers. */
  readonly replications: number;
  readonly tornados: readonly Tornado[];
  /** Inputs that were simulated and moved no figure so much that it could be told from chance. */
  readonly unmoved: readonly string[];
  /** The guessed constant that is worth measuring first; null where none moves a figure. */
  readonly measureFirst: MeasureFirst | null;
}

/** How much each input moves one figure, the most first. */
export interface Tornado {
  /** `visitors.p99`, `orders.age p99`. */
  readonly figure: string;
  /** What it measures: `success` is a share, `lag` a number of messages, the others are times. */
  readonly metric: 'mean' | 'p50' | 'p95' | 'p99' | 'p999' | 'success' | 'lag';
  /** Of the design as it is. */
  readonly base: Figure;
  readonly bars: readonly TornadoBar[];
}

/** What one input does to a figure. */
export interface TornadoBar {
  /** From 1; inputs whose effects cannot be told apart share a rank. */
  readonly rank: number;
  readonly input: string;
  /** A number of the design, or a constant that it takes. */
  readonly what: 'input' | 'constant';
  /** As it is written. */
  readonly from: string;
  /** Where a constant comes from; null for what the design says. */
  readonly source: string | null;
  /** Moved down and up, as far as the design can be with it. */
  readonly ends: readonly TornadoEnd[];
}

/** What becomes of a figure where an input is moved one way. */
export interface TornadoEnd {
  readonly to: string;
  /** What it was multiplied by; null where it says its own range. */
  readonly times: number | null;
  /** Its change, from paired replications; null where the design has no steady state then. */
  readonly change: Figure | null;
}

/** A constant that the design did not set itself. */
export interface MeasureFirst {
  readonly constant: string;
  readonly figure: string;
  readonly from: string;
  readonly low: string;
  readonly high: string;
  /** How far the figure moves over the constant's range, as a share of it; null where it does not hold all of it. */
  readonly swing: number | null;
  readonly source: string;
}

/** The report as JSON: two spaces of indentation, a newline at the end. */
export function explainToJson(report: ExplainReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
