import type { BackPressure } from '../../blocks/index.ts';

/** A component that takes messages in and hands them on; times in seconds. */
export type ChannelSpec = QueueSpec | StreamSpec;

export type QueueSpec = ChannelOf & QueueOptions & { readonly keeps: 'queue' };

export type StreamSpec = ChannelOf & StreamOptions & { readonly keeps: 'stream' };

/** What all channels have. */
interface ChannelOf {
  readonly name: string;
  /** Index of the component. */
  readonly of: number;
  /** Reason of a publisher for whose message there is no room. */
  readonly full: number;
  /** Who works on the messages; empty = nobody, and they stay. */
  readonly consumers: readonly ConsumerSpec[];
  /** The component whose channel takes dead letters; null = nowhere. */
  readonly deadLetters: number | null;
}

/** What a kind says of a queue. */
export interface QueueOptions {
  readonly visibility: number;
  /** Deliveries of a message at most; null = until one succeeds. */
  readonly attempts: number | null;
  readonly retryDelay: number;
  readonly delay: number;
  readonly byPriority: boolean;
  /** Messages held at most; null = as many as a run can hold. */
  readonly capacity: number | null;
  readonly whenFull: BackPressure;
}

/** How the partitions of a stream are shared out among the consumers of a group. */
export type Assignment = 'range' | 'round-robin' | 'sticky';

/** What a kind says of a stream. */
export interface StreamOptions {
  readonly partitions: number;
  readonly assignment: Assignment;
  /** Messages that a consumer asks for at once, and how long it waits for so many. */
  readonly batch: number;
  readonly batchWait: number;
  /** From one commit of a group to the next; 0 = after every batch. */
  readonly commit: number;
  /** Until a consumer that says nothing is taken for dead. */
  readonly session: number;
  /** How long partitions stand still that get another consumer. */
  readonly rebalance: number;
  /** How long messages are kept; null = for ever. */
  readonly retention: number | null;
  /** Deliveries of a message at most, a repeat after a crash aside; null = until one succeeds. */
  readonly attempts: number | null;
  readonly retryDelay: number;
}

/** The instances that work on the messages of a channel. */
export interface ConsumerSpec {
  /** Index of the component. */
  readonly of: number;
  readonly instances: number;
  /** Messages at work at once, of each instance. */
  readonly concurrency: number;
  /** The balancer that says which instance takes the next message. */
  readonly balancer: number;
  /** The operation that hands a message on. */
  readonly operation: number;
  /** First of {@link DELIVERY_LOCALS} locals of its code. */
  readonly slot: number;
  /** The group of stations as which they are measured. */
  readonly group: number;
  /** Where the code begins for a message that came in a batch, behind the first of it. */
  readonly goesOn: number;
  /** What tells it from the other consumers of its channel. */
  readonly name: string;
}

/** Locals of a delivery: the instance that it is handed to, and its number. */
export const DELIVERY_LOCALS = 2;
