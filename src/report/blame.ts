import type { Figure } from './figure.ts';

/**
 * What time of a request is charged to:
 * - `queueing`: waiting for a server, a place of a pool, or the fetch of another; on a shared processor, what the work
 *   takes longer than alone;
 * - `service`: work on a server, or in a component that has none;
 * - `network`: messages on their way, and looking names up;
 * - `retry`: attempts that failed and were made again, the pauses between them, and the time before a hedge goes out;
 * - `timeout`: waiting for an answer that did not come in time;
 * - `wait`: a `wait` of the design;
 * - `other`: time that nothing of these explains.
 */
export type BlameKind = 'queueing' | 'service' | 'network' | 'retry' | 'timeout' | 'wait' | 'other';

/** One thing that time is charged to. */
export interface BlamedPart {
  readonly kind: BlameKind;
  /** `component.station`, `caller → callee`, the call that was retried or timed out, or the component. */
  readonly where: string;
}

/** What one part takes of the mean request of some. */
export interface BlameShare extends BlamedPart {
  /** Seconds of the mean request. */
  readonly time: Figure;
  /** Of the whole. */
  readonly share: Figure;
}

/** Where the time of some requests went; parts add up to the whole. */
export interface BlameView {
  /** Shares of the requests between which they stand, the fastest first: [0.985, 0.995] around the 99th percentile. */
  readonly ranks: readonly [low: number, high: number];
  /** How many they are; part of a request where a rank falls among equal ones. */
  readonly requests: number;
  /** Their mean latency, seconds. */
  readonly whole: Figure;
  /** By kind of part, those that take time, the longest first. */
  readonly kinds: readonly { readonly kind: BlameKind; readonly time: Figure; readonly share: Figure }[];
  /** Those that take time, the longest first. */
  readonly parts: readonly BlameShare[];
}

/** Where the time of the requests of one traffic went. */
export interface TrafficBlame {
  /** Served requests, all replications together. */
  readonly served: number;
  /** Quantiles of the latency of those served; the views of p50 and p99 are of requests around them. */
  readonly latency: { readonly mean: Figure; readonly p50: Figure; readonly p99: Figure };
  /** null where there is no steady state, or nothing was served. */
  readonly mean: BlameView | null;
  readonly p50: BlameView | null;
  readonly p99: BlameView | null;
  /** Requests that failed, by reason, the most frequent first. */
  readonly failed: readonly FailedBlame[];
}

/** Where the time of requests went that failed for one reason. */
export interface FailedBlame {
  readonly reason: string;
  /** Of all that ended. */
  readonly share: Figure;
  readonly view: BlameView;
}

/** What a parallel step waits for. */
export interface JoinReport {
  readonly traffic: string;
  /** The component that does the step. */
  readonly component: string;
  /** How often it was done, all replications together. */
  readonly times: number;
  /** In the order of the design. */
  readonly branches: readonly JoinBranch[];
}

/** A branch of a parallel step. */
export interface JoinBranch {
  /** Its first call, or what else it begins with. */
  readonly does: string;
  /** How often the step went on when this branch ended, as a share. */
  readonly decides: Figure;
  /** How much longer it could have taken where it did not, seconds; null where that never was. */
  readonly slack: Figure | null;
}
