import type { Figure } from './figure.ts';

/** Designs side by side, each against the first, on common random numbers. */
export interface CompareReport {
  /** Name and number of this shape. */
  readonly schema: 'tenfold/compare@1';
  /** As they were named, the one that the others are compared with first. */
  readonly designs: readonly string[];
  readonly scenario: string | null;
  /** Seed of the first pair of runs. */
  readonly seed: number;
  /** Pairs of runs, each with a seed of its own for both designs. */
  readonly pairs: number;
  /** Version of Tenfold. */
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  readonly comparisons: readonly Comparison[];
  /** What a reader should know, in sentences. */
  readonly notes: readonly string[];
}

/** One design against the first. */
export interface Comparison {
  readonly design: string;
  readonly goals: readonly ComparedGoal[];
  readonly rows: readonly ComparedRow[];
  /** What alone takes some of the requests down in this design and not in the first, and the other way round. */
  readonly singlePoints: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** What has to be copied to get there, by component whose keys lie elsewhere. */
  readonly keyMoves: readonly KeyMoves[];
}

/** Items of a component that another shard, or node, has in the later design. */
export interface KeyMoves {
  readonly component: string;
  /** What it is spread over: `shards`, `nodes`. */
  readonly called: string;
  /** How many of these there are. */
  readonly before: number;
  readonly after: number;
  /** How keys are spread over them. */
  readonly by: { readonly before: string; readonly after: string };
  /** Of all its items, 0 to 1; with an interval where it has too many to look at each. */
  readonly share: Figure;
  /** null for a cache, which misses what it does not find and has not all of it. */
  readonly bytes: Figure | null;
}

/** A goal in both designs; null where one does not have it. */
export interface ComparedGoal {
  readonly goal: string;
  readonly before: boolean | 'unknown' | null;
  readonly after: boolean | 'unknown' | null;
}

/**
 * What a difference means; `alike` where chance explains it, `unknown` where a figure cannot be had. What is neither
 * good nor bad by itself, such as how busy a station is, is `more` or `less`.
 */
export type Effect = 'better' | 'worse' | 'more' | 'less' | 'alike' | 'new' | 'gone' | 'unknown';

/** One figure in both designs, with 95 % intervals. */
export interface ComparedRow {
  readonly group: 'traffic' | 'stations' | 'caches' | 'messages' | 'replicas' | 'cost' | 'availability';
  /** e.g. `visitors.p99`, `links.cpu.busy`, `cost.total`. */
  readonly name: string;
  readonly before: Figure;
  readonly after: Figure;
  /** After less before, from pairs where there are such: far more precise than two intervals side by side. */
  readonly difference: Figure;
  readonly effect: Effect;
}

/** A comparison as JSON: two spaces of indentation, a newline at the end. */
export function compareToJson(report: CompareReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
