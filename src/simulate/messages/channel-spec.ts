import type { BackPressure } from '../../blocks/index.ts';

/** A component that takes messages in and hands them on; times in seconds. */
export interface ChannelSpec extends QueueOptions {
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
}

/** Locals of a delivery: the instance that it is handed to, and its number. */
export const DELIVERY_LOCALS = 2;
