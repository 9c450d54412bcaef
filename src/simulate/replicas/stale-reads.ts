import { BUCKETS, bucketOf } from '../../kernel/index.ts';

/** Keys of a data are numbered below this, so that number and data make one name. */
const KEYS_MAX = 2 ** 30;
const NONE = -1;

/** What one run measured of reads of replicated items. Plain data: it crosses from a worker as it is. */
export interface StaleReadsMeasurement {
  /** Reads of items that may be followed, each weighing as many keys as it stands for. */
  readonly reads: number;
  /** Those of them that gave an older version than the newest confirmed when they began. */
  readonly stale: number;
  /** Of these: versions behind, all together; and the seconds from the confirmation of a newer version to the answer. */
  readonly behind: number;
  readonly ageSum: number;
  readonly ageLeast: number;
  readonly ageMost: number;
  readonly ages: Uint32Array;
}

type Tally = { -readonly [Field in keyof StaleReadsMeasurement]: StaleReadsMeasurement[Field] };

const nothing = (): Tally => ({
  reads: 0,
  stale: 0,
  behind: 0,
  ageSum: 0,
  ageLeast: Number.POSITIVE_INFINITY,
  ageMost: 0,
  ages: new Uint32Array(BUCKETS),
});

/** Counts reads of replicated items, and those among them that give an old version. */
export class StaleReads {
  private tally = nothing();

  /** A read of an item that stands for so many gave a version that is so many behind, and was superseded so long ago. */
  read(weight: number, behind: number, age: number): void {
    const { tally } = this;
    tally.reads += weight;
    if (behind <= 0) return;
    tally.stale += weight;
    tally.behind += weight * behind;
    tally.ageSum += weight * age;
    tally.ages[bucketOf(age)]! += weight;
    if (age < tally.ageLeast) tally.ageLeast = age;
    if (age > tally.ageMost) tally.ageMost = age;
  }

  restart(): void {
    this.tally = nothing();
  }

  measured(): StaleReadsMeasurement {
    return { ...this.tally, ages: this.tally.ages.slice() };
  }
}

/**
 * What the item of a key is known by; −1 where it is not followed: a key never used before, one that stands for nothing,
 * none at all, or one of many that share a code, of which one alone is followed.
 *
 * @param data index of the data; −1 = the request is about no item
 */
export function itemOf(data: number, key: number): number {
  return data < 0 || key < 0 || (key & 1) === 0 ? NONE : data * KEYS_MAX + (key >> 1);
}
