import type { BlamedPart } from '../../report/blame.ts';

/** Where a row of {@link BlameTally} has its number of requests, their seconds, and the seconds of part 0. */
export const COUNT = 0;
export const SECONDS = 1;
export const FIRST_PART = 2;

/** Requests that have something in common: how many, their seconds, and these seconds by part. */
export type BlameRow = Float64Array<ArrayBuffer>;

/** Where the time of the requests of one traffic went, of those that ended in the measured time. */
export interface BlameTally {
  /** Served ones, by bucket of their latency, ascending. */
  readonly served: readonly (readonly [bucket: number, row: BlameRow])[];
  /** Failed ones, by reason. */
  readonly failed: readonly (readonly [reason: string, row: BlameRow])[];
}

/** What parallel steps waited for in the measured time, of one step and one traffic. */
export interface JoinTally {
  /** Which step it is, among those of the model. */
  readonly step: number;
  readonly component: string;
  readonly branches: readonly string[];
  /** By branch: how often the step went on, or failed, when this one ended. */
  readonly decided: Float64Array;
  /** By branch: how often it had ended before, and how long before, seconds in all. */
  readonly earlier: Float64Array;
  readonly slack: Float64Array;
}

/** Where the time of requests went in one run. Plain data: it crosses from a worker as it is. */
export interface BlameMeasurement {
  readonly parts: readonly BlamedPart[];
  /** By index in the plan. */
  readonly traffic: readonly BlameTally[];
  /** By index in the plan, those parallel steps that its requests came to. */
  readonly joins: readonly (readonly JoinTally[])[];
}
