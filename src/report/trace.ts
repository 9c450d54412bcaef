import { countText } from './figure-text.ts';

/**
 * What a span shows:
 * - `request`: all of a request, as its traffic sees it;
 * - `client`: one request to an operation, as its caller sees it; `server`: what the callee does for it;
 * - `call`: a call with all that protects it, around its attempts;
 * - `parallel`: a step that waits for `branch`es;
 * - `queue`: waiting for a server; `service`: having one;
 * - `network`, `wait`, `backoff`: time that passes on the way, by a wait, before a further attempt;
 * - `refusal`: a call that is not let out, or not in; and a `fail`.
 */
export type SpanKind =
  | 'request'
  | 'client'
  | 'server'
  | 'call'
  | 'parallel'
  | 'branch'
  | 'queue'
  | 'service'
  | 'network'
  | 'wait'
  | 'backoff'
  | 'refusal';

/** One thing that happened for a request. */
export interface Span {
  /** From 1, in the order of their beginning. */
  readonly id: number;
  /** The span that it is a part of; null for the request itself. A part may outlast it: work goes on for nobody. */
  readonly parent: number | null;
  readonly name: string;
  /** The component it happens in; of what a traffic does, the traffic. */
  readonly component: string;
  /** Number of the component's instance, from 0. */
  readonly instance: number;
  readonly kind: SpanKind;
  /** Seconds of the run, as in {@link TracedRequest.start}. */
  readonly start: number;
  readonly end: number;
  /** `ok`, or why it failed. */
  readonly status: string;
  /**
   * More about it: `cache.hit`; `attempt` (from 1, of calls with retries); `work` (seconds its own work takes on a shared
   * processor, or on one that others take from it, all parts together); `abandoned` (nobody waited for it any more when it ended); `unfinished` (it had not ended with the run).
   */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** One request of a run, with all that happened for it. */
export interface TracedRequest {
  readonly traffic: string;
  /** What it is an example of: `median`, `p99` (`slowest` of fewer than 100), `failed: <reason>`, `retried` or `unfinished`. */
  readonly why: string;
  /** Its number in the order of arrival, all traffic together, from 0. */
  readonly number: number;
  /** Seconds since measuring, or the scenario, began; below 0 when it came before. */
  readonly start: number;
  /** Seconds; of an unfinished one, up to the end of the run. */
  readonly duration: number;
  /** `served`, `unfinished` when the run ended, or why it failed. */
  readonly status: string;
  /** Its place among the requests that it was chosen from, the fastest first, from 1; and how many those are. */
  readonly rank: number;
  readonly among: number;
  readonly spans: readonly Span[];
}

/** What a request is an example of, in words: `p99`, `slowest of 24`. */
export function exampleText({ why, among }: Pick<TracedRequest, 'why' | 'among'>): string {
  return why === 'slowest' ? `slowest of ${countText(among)}` : why;
}

/** What second 0 of a trace is, in words. */
export function originOf({ scenario }: Trace): string {
  return scenario === null ? 'measuring begins' : `the scenario ${scenario} begins`;
}

/** Exemplary requests of one replication of a simulation. */
export interface Trace {
  readonly schema: 'tenfold/trace@1';
  readonly design: string;
  readonly scenario: string | null;
  readonly seed: number;
  readonly version: string;
  /** The command that gives this trace again. */
  readonly command: string;
  /** Seconds that were watched, after those in which the design settled. */
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly requests: readonly TracedRequest[];
}
