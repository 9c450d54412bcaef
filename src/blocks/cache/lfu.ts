import type { CacheOptions } from './cache.ts';
import { NEWER, NONE, OLDER, POLICY, SlotOrder, STRIDE } from './slot-order.ts';

const MAX_FREQUENCY = 0x7fffffff;

/** Integers a bucket has: its frequency, its neighbours by frequency, and the ends of its list of slots. */
const BUCKET = 5;
const FREQUENCY = 0;
const LOWER = 1;
const HIGHER = 2;
const NEWEST = 3;
const OLDEST = 4;

/**
 * Least frequently used, counted while in the cache: the entry with the fewest accesses since it came in goes
 * first; of equals, the one whose last access is longest ago. An entry that leaves and returns starts at 1.
 *
 * Entries of equal frequency form a bucket; buckets form a list by frequency. Every operation takes constant
 * time (Shah, Mitra & Matani, "An O(1) algorithm for implementing the LFU cache eviction scheme", 2010), save
 * `restore`, which looks for its bucket from the most frequent one down.
 */
export class LfuOrder extends SlotOrder {
  private buckets: Int32Array;
  private untouchedBuckets = 0;
  /** Last bucket that came free; the one before it is under its HIGHER. */
  private freedBucket = NONE;
  private lowest = NONE;
  private highest = NONE;

  constructor(options: CacheOptions) {
    super(options);
    this.buckets = new Int32Array(BUCKET * 64);
  }

  accessed(slot: number): void {
    const bucket = this.words[STRIDE * slot + POLICY]!;
    const frequency = this.buckets[BUCKET * bucket + FREQUENCY]!;
    const higher = this.buckets[BUCKET * bucket + HIGHER]!;
    let to = bucket;
    if (frequency < MAX_FREQUENCY) {
      if (higher !== NONE && this.buckets[BUCKET * higher + FREQUENCY] === frequency + 1) {
        to = higher;
      } else if (this.buckets[BUCKET * bucket + NEWEST] === this.buckets[BUCKET * bucket + OLDEST]) {
        // Alone in its bucket, and no other in its way: the bucket moves with it.
        this.buckets[BUCKET * bucket + FREQUENCY] = frequency + 1;
        return;
      } else {
        to = this.newBucket(frequency + 1, bucket, higher);
      }
    } else if (this.buckets[BUCKET * bucket + NEWEST] === slot) {
      return;
    }
    this.unlinkFrom(bucket, slot, to);
    this.linkTo(to, slot);
  }

  protected link(slot: number, frequency: number): void {
    this.linkTo(frequency === 1 ? this.lowestBucket() : this.bucketOf(frequency), slot);
  }

  protected unlink(slot: number): void {
    this.unlinkFrom(this.words[STRIDE * slot + POLICY]!, slot, NONE);
  }

  protected victim(spared: number): number {
    const oldest = this.buckets[BUCKET * this.lowest + OLDEST]!;
    if (oldest !== spared) return oldest;
    const newer = this.nodes[STRIDE * oldest + NEWER]!;
    if (newer !== NONE) return newer;
    return this.buckets[BUCKET * this.buckets[BUCKET * this.lowest + HIGHER]! + OLDEST]!;
  }

  protected unlinkAll(): void {
    this.untouchedBuckets = 0;
    this.freedBucket = NONE;
    this.lowest = NONE;
    this.highest = NONE;
  }

  /** The bucket of frequency 1, made when there is none. */
  private lowestBucket(): number {
    const { lowest } = this;
    if (lowest !== NONE && this.buckets[BUCKET * lowest + FREQUENCY] === 1) return lowest;
    return this.newBucket(1, NONE, lowest);
  }

  private bucketOf(frequency: number): number {
    let below = this.highest;
    let above = NONE;
    while (below !== NONE && this.buckets[BUCKET * below + FREQUENCY]! > frequency) {
      above = below;
      below = this.buckets[BUCKET * below + LOWER]!;
    }
    if (below !== NONE && this.buckets[BUCKET * below + FREQUENCY] === frequency) return below;
    return this.newBucket(frequency, below, above);
  }

  private linkTo(bucket: number, slot: number): void {
    const { nodes, buckets } = this;
    const newest = buckets[BUCKET * bucket + NEWEST]!;
    nodes[STRIDE * slot + NEWER] = NONE;
    nodes[STRIDE * slot + OLDER] = newest;
    this.words[STRIDE * slot + POLICY] = bucket;
    if (newest === NONE) buckets[BUCKET * bucket + OLDEST] = slot;
    else nodes[STRIDE * newest + NEWER] = slot;
    buckets[BUCKET * bucket + NEWEST] = slot;
  }

  /** Takes a slot out of its bucket, and the bucket out when it is empty and not the one to `keep`. */
  private unlinkFrom(bucket: number, slot: number, keep: number): void {
    const { nodes, buckets } = this;
    const newer = nodes[STRIDE * slot + NEWER]!;
    const older = nodes[STRIDE * slot + OLDER]!;
    if (newer === NONE) buckets[BUCKET * bucket + NEWEST] = older;
    else nodes[STRIDE * newer + OLDER] = older;
    if (older === NONE) buckets[BUCKET * bucket + OLDEST] = newer;
    else nodes[STRIDE * older + NEWER] = newer;
    if (newer === NONE && older === NONE && bucket !== keep) this.freeBucket(bucket);
  }

  private newBucket(frequency: number, lower: number, higher: number): number {
    let bucket = this.freedBucket;
    if (bucket !== NONE) {
      this.freedBucket = this.buckets[BUCKET * bucket + HIGHER]!;
    } else {
      bucket = this.untouchedBuckets++;
      if (BUCKET * bucket === this.buckets.length) {
        const buckets = new Int32Array(2 * this.buckets.length);
        buckets.set(this.buckets);
        this.buckets = buckets;
      }
    }
    const { buckets } = this;
    buckets[BUCKET * bucket + FREQUENCY] = frequency;
    buckets[BUCKET * bucket + LOWER] = lower;
    buckets[BUCKET * bucket + HIGHER] = higher;
    buckets[BUCKET * bucket + NEWEST] = NONE;
    buckets[BUCKET * bucket + OLDEST] = NONE;
    if (lower === NONE) this.lowest = bucket;
    else buckets[BUCKET * lower + HIGHER] = bucket;
    if (higher === NONE) this.highest = bucket;
    else buckets[BUCKET * higher + LOWER] = bucket;
    return bucket;
  }

  private freeBucket(bucket: number): void {
    const { buckets } = this;
    const lower = buckets[BUCKET * bucket + LOWER]!;
    const higher = buckets[BUCKET * bucket + HIGHER]!;
    if (lower === NONE) this.lowest = higher;
    else buckets[BUCKET * lower + HIGHER] = higher;
    if (higher === NONE) this.highest = lower;
    else buckets[BUCKET * higher + LOWER] = lower;
    buckets[BUCKET * bucket + HIGHER] = this.freedBucket;
    this.freedBucket = bucket;
  }
}
