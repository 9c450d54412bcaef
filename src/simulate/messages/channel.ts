import type { Frames } from '../frames.ts';
import type { ChannelSpec } from './channel-spec.ts';
import type { ChannelMeasurement } from './channel-tally.ts';
import type { ConsumerPool } from './consumer-pool.ts';
import type { MessageRows } from './message-rows.ts';

/** What became of an attempt to publish. */
export const TAKEN = 0;
export const REFUSED = 1;
export const WAITS = 2;

/** What a channel needs of a run. */
export interface ChannelRun {
  readonly frames: Frames;
  /** The present time, an array of one. */
  readonly clock: Float64Array;
  /** Has `wake` called at a time. */
  readonly wakeAt: (time: number) => void;
  /** Has something done again and again, so many seconds apart. */
  readonly every: (seconds: number, act: () => void) => void;
  /** Whether a publisher still waits for its message to be taken in; it may have died. */
  readonly waitsToPublish: (frame: number) => boolean;
  /** A publisher that waited goes on, or to its end. */
  readonly goOn: (frame: number) => void;
  /** A message goes to where dead letters go. */
  readonly bury: (key: number, traffic: number, name: number) => void;
}

/** What takes messages in during a run, and hands them to consumers. */
export interface Channel {
  readonly spec: ChannelSpec;
  readonly rows: MessageRows;
  /** By consumer of the spec. */
  readonly pools: readonly ConsumerPool[];
  /** Gives it the next of its consumers. */
  staff(pool: ConsumerPool): void;
  /**
   * A frame, or nobody (−1), publishes a message, known by a name where anybody asks; whoever calls has what is ready handed out afterwards.
   */
  publish(frame: number, key: number, traffic: number, name: number): number;
  /** A delivery to a consumer has ended: with its work done, with a failure, or unheard of. */
  done(consumer: number, delivery: number, heard: boolean, ok: boolean): void;
  /** Hands out what can be handed out now, and has itself called when something comes back; not while it stands still. */
  handOut(): void;
  /** It stands still from now on, or goes on. */
  halt(still: boolean): void;
  /** The time for which it asked to be woken has come. */
  wake(): void;
  /** An instance of a consumer has died. */
  lose(consumer: number, instance: number): void;
  /** An instance of a consumer asks for messages from now on, or no more. */
  open(consumer: number, instance: number, open: boolean): void;
  /** The same, of one that an autoscaler has told so itself. */
  scaled(consumer: number, instance: number, open: boolean): void;
  restart(): void;
  /** For each group of consumers; for one that there is not, where there is none. */
  measured(): readonly ChannelMeasurement[];
}
