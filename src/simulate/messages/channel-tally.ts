import { BUCKETS, bucketOf } from '../../kernel/index.ts';

/** Ways in which a message ends, or is turned away. */
export const endings = [
  'acknowledged',
  'dead',
  'rejected',
  'dropped-oldest',
  'dropped-newest',
  'expired',
] as const;

export type MessageEnding = (typeof endings)[number];

/** What one run measured of a channel. Plain data: it crosses from a worker as it is. */
export interface ChannelMeasurement {
  /**
   * Messages held when measuring began, and those that were published since; each has come to one of the endings, or is
   * held.
   */
  readonly published: number;
  /** Held when measuring began. */
  readonly carried: number;
  /** By index in `endings`. */
  readonly ended: Float64Array;
  readonly held: number;
  readonly deliveries: number;
  /** Deliveries of a message that had been handed out before. */
  readonly redelivered: number;
  /** Deliveries whose work was done well, of a message whose work had been done well before. */
  readonly repeated: number;
  /** Messages held × seconds. */
  readonly heldArea: number;
  /** Seconds from publishing to the acknowledgement, of those acknowledged. */
  readonly ageSum: number;
  readonly ageLeast: number;
  readonly ageMost: number;
  readonly ages: Uint32Array;
  /** Of a stream: messages published to each partition. */
  readonly partitions?: Float64Array;
}

/** Messages whose work was done. */
export const acknowledgedOf = ({ ended }: ChannelMeasurement): number =>
  ended[endings.indexOf('acknowledged')]!;

/** Counts what happens to the messages of a channel. */
export class ChannelTally {
  deliveries = 0;
  redelivered = 0;
  repeated = 0;
  private readonly clock: Float64Array;
  private readonly ended = new Float64Array(endings.length);
  private readonly ages = new Uint32Array(BUCKETS);
  private ageSum = 0;
  private ageLeast = Number.POSITIVE_INFINITY;
  private ageMost = 0;
  private published = 0;
  private carried = 0;
  private held = 0;
  private heldArea = 0;
  private since = 0;

  /** @param clock the present time, an array of one */
  constructor(clock: Float64Array) {
    this.clock = clock;
  }

  publish(): void {
    this.count();
    this.published++;
    this.held++;
  }

  end(ending: MessageEnding): void {
    this.count();
    this.ended[endings.indexOf(ending)]!++;
    this.held--;
  }

  acknowledge(publishedAt: number): void {
    this.end('acknowledged');
    const age = this.clock[0]! - publishedAt;
    this.ages[bucketOf(age)]!++;
    this.ageSum += age;
    if (age < this.ageLeast) this.ageLeast = age;
    if (age > this.ageMost) this.ageMost = age;
  }

  restart(): void {
    this.count();
    this.published = this.held;
    this.carried = this.held;
    this.heldArea = 0;
    this.deliveries = 0;
    this.redelivered = 0;
    this.repeated = 0;
    this.ended.fill(0);
    this.ages.fill(0);
    this.ageSum = 0;
    this.ageLeast = Number.POSITIVE_INFINITY;
    this.ageMost = 0;
  }

  measured(): ChannelMeasurement {
    this.count();
    const { published, carried, ended, held, deliveries, redelivered, repeated, heldArea } = this;
    const { ageSum, ageLeast, ageMost, ages } = this;
    return {
      published,
      carried,
      ended,
      held,
      deliveries,
      redelivered,
      repeated,
      heldArea,
      ageSum,
      ageLeast,
      ageMost,
      ages,
    };
  }

  private count(): void {
    const now = this.clock[0]!;
    this.heldArea += this.held * (now - this.since);
    this.since = now;
  }
}
