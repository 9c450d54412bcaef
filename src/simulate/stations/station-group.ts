import type { Distribution } from '../../quantities/index.ts';

export type Discipline =
  | 'fifo'
  | 'lifo'
  | 'processor-sharing'
  | 'srpt'
  | 'priority'
  | 'codel'
  | 'adaptive-lifo'
  | 'fair';

/** Controlled delay: seconds, and the reason of what is dropped. */
export interface CodelSpec {
  readonly target: number;
  readonly interval: number;
  readonly dropped: number;
}

/** Fair shares: the tenant that each traffic is, and the weight of each tenant. */
export interface SharesSpec {
  readonly tenants: readonly number[];
  readonly weights: readonly number[];
}

/** Load shedding: mean wait that is a load of 1 and the window of that mean, seconds; the reason of what is shed. */
export interface ShedSpec {
  readonly at: number;
  readonly window: number;
  readonly turnedAway: number;
}

/** What a kind says of a group of stations; times in seconds. */
export interface StationSettings {
  readonly instances: number;
  /** Number of the first of these instances, where others come before them; default 0. */
  readonly from?: number;
  /** Of each instance; null = as many as needed. */
  readonly servers: number | null;
  /** Waiting places of each instance; null = unlimited. */
  readonly places: number | null;
  readonly discipline: Discipline;
  readonly speeds?: readonly number[] | undefined;
  readonly placed?: boolean;
  readonly codel?: { readonly target: number; readonly interval: number };
  readonly threshold?: number;
  readonly shed?: { readonly at: number; readonly window: number };
  /** How long one waits at most; absent = until it is one's turn. */
  readonly patience?: Distribution | undefined;
}

/** Stations of instances of one component, equal but for their speeds; instance `from + i` is station `first + i`. */
export interface StationGroup {
  /** `component.station`. */
  readonly name: string;
  /** Index of the component. */
  readonly component: number;
  readonly first: number;
  readonly instances: number;
  /** Number of the first of these instances; without it, 0. */
  readonly from?: number;
  /** Servers of each instance; null = as many as needed. */
  readonly servers: number | null;
  /** Waiting places of each instance; null = unlimited. */
  readonly places: number | null;
  readonly discipline: Discipline;
  /** By instance: work takes 1/speed of its time. Without it, 1 each. */
  readonly speeds?: readonly number[];
  /** Reason of refusal. */
  readonly full: number;
  /** Reason of those whose deadline is over when it is their turn; absent where nobody has one. */
  readonly overdue?: number;
  /** Each instance has keys of its own, and is as busy as these make it. */
  readonly placed?: true;
  /** Each instance has connections of its own, another number in each run, and is as busy as these make it. */
  readonly connected?: true;
  /** Of the discipline `codel`. */
  readonly codel?: CodelSpec;
  /** Of `adaptive-lifo`: seconds that a queue may stand before the newest go first. */
  readonly threshold?: number;
  /** Of `fair`. */
  readonly shares?: SharesSpec;
  /** How long one waits at most, a sampler of the model, and the reason of who gives up. */
  readonly patience?: { readonly lasts: number; readonly late: number };
  /** Whether, and when, arrivals are turned away before the queue is full. */
  readonly shed?: ShedSpec;
  /** No queue of requests: nobody waits here whose answer is waited for. */
  readonly aside?: true;
  /** Servers that have work at once at most, all instances together: those of a stream with fewer partitions. */
  readonly most?: number;
}
