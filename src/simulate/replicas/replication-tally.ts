import { BUCKETS, bucketOf } from '../../kernel/index.ts';
import type { StaleReadsMeasurement } from './stale-reads.ts';

/** What one run measured of replication from primaries to their followers. */
export interface ReplicationMeasurement {
  readonly reads: StaleReadsMeasurement;
  /** Reads of items that may be followed that were sent to a member, each weighing as many keys as it stands for. */
  readonly routed: number;
  /** Those of them that went to the primary to see what had been written. */
  readonly pinned: number;
  /** Writes that a follower has applied, and the seconds that took from their commit. */
  readonly applied: number;
  readonly lagSum: number;
  readonly lagLeast: number;
  readonly lagMost: number;
  readonly lags: Uint32Array;
  /** Acknowledged writes that a follower lacked when it became the primary. */
  readonly lost: number;
  /** Times that a follower became the primary. */
  readonly promotions: number;
}

type Counts = Omit<ReplicationMeasurement, 'reads'>;

const nothing = (): { -readonly [Field in keyof Counts]: Counts[Field] } => ({
  routed: 0,
  pinned: 0,
  applied: 0,
  lagSum: 0,
  lagLeast: Number.POSITIVE_INFINITY,
  lagMost: 0,
  lags: new Uint32Array(BUCKETS),
  lost: 0,
  promotions: 0,
});

/** Counts the writes that followers apply and those that a takeover loses, and reads that need the primary. */
export class ReplicationTally {
  private counts = nothing();

  /** A read of an item that stands for so many is sent to a member. */
  route(weight: number, isPinned: boolean): void {
    this.counts.routed += weight;
    if (isPinned) this.counts.pinned += weight;
  }

  /** A follower has applied a write so many seconds after its commit. */
  apply(lag: number): void {
    const { counts } = this;
    counts.applied++;
    counts.lagSum += lag;
    counts.lags[bucketOf(lag)]!++;
    counts.lagLeast = Math.min(counts.lagLeast, lag);
    counts.lagMost = Math.max(counts.lagMost, lag);
  }

  /** An acknowledged write is lost. */
  lose(): void {
    this.counts.lost++;
  }

  /** A follower has become the primary. */
  promote(): void {
    this.counts.promotions++;
  }

  restart(): void {
    this.counts = nothing();
  }

  measured(): Counts {
    return { ...this.counts, lags: this.counts.lags.slice() };
  }
}
