import { characteristicTime, type HitRatioPolicy } from '../characteristic-time.ts';
import type { Cycle } from './cycle.ts';
import { fifoCycle } from './fifo-cycle.ts';
import { lfuCycle } from './lfu-cycle.ts';
import { LruCycle } from './lru-cycle.ts';

const cycles = { fifo: fifoCycle, lfu: lfuCycle } as const;

/** Neighbouring classes whose rates differ by less than this are taken together; the error is its square. */
const ALIKE = 0.02;

const PRECISION = 1e-9;

/**
 * Hit ratio of a cache whose entries expire a certain time after their insertion; an expired entry takes room
 * until it is asked for or pushed out. By one renewal cycle per class of keys: see `lru-cycle.ts`,
 * `fifo-cycle.ts` and `lfu-cycle.ts`. Where everything fits it is λT/(1 + λT) for each key (Jung, Berger &
 * Balakrishnan, INFOCOM 2003).
 *
 * @param perKey requests per second for one key of each class, ≥ 0
 * @param keys number of keys in each class, ≥ 0
 * @param capacityItems items that fit, ≥ 0
 * @param lifetimes seconds, finite, each equally likely
 * @returns 0 to 1; 0 when nothing is ever asked for
 */
export function expiringHitRatio(
  policy: HitRatioPolicy,
  perKey: Float64Array,
  keys: Float64Array,
  capacityItems: number,
  lifetimes: Float64Array,
): number {
  const stay =
    policy === 'lru'
      ? characteristicTime('lru', perKey, keys, capacityItems)
      : expiringStay(policy, perKey, keys, capacityItems, lifetimes);
  let hits = 0;
  let requests = 0;
  for (let i = 0; i < perKey.length; i++) {
    const rate = perKey[i]!;
    requests += keys[i]! * rate;
    if (rate === 0 || stay === 0) continue;
    const cycle = policy === 'lru' ? new LruCycle(rate, stay) : cycles[policy];
    let inCycle = 0;
    for (const lifetime of lifetimes) {
      inCycle += cycle instanceof LruCycle ? cycle.requests(lifetime) - 1 : cycle.hits(rate, lifetime, stay);
    }
    inCycle /= lifetimes.length;
    hits += (keys[i]! * rate * inCycle) / (1 + inCycle);
  }
  return requests === 0 ? 0 : hits / requests;
}

/**
 * The time after which a FIFO cache with expiry pushes entries out, or an LFU cache those that were not asked
 * for again. (That of LRU is `characteristicTime`: expiry does not change it.)
 *
 * @returns seconds; Infinity when every key that is ever asked for fits
 */
export function expiringStay(
  policy: 'fifo' | 'lfu',
  perKey: Float64Array,
  keys: Float64Array,
  capacityItems: number,
  lifetimes: Float64Array,
): number {
  const cycle = cycles[policy];
  const classes = mergeAlike(perKey, keys);
  // Expiry and frequency only add to what is in the cache after a given stay.
  let high = characteristicTime('fifo', perKey, keys, capacityItems);
  if (high === 0 || high === Number.POSITIVE_INFINITY) return high;
  let low = 0;
  while (high - low > PRECISION * high) {
    const middle = (low + high) / 2;
    if (occupancy(cycle, classes, lifetimes, middle) < capacityItems) low = middle;
    else high = middle;
  }
  return high;
}

interface Classes {
  readonly perKey: readonly number[];
  readonly keys: readonly number[];
}

function occupancy(cycle: Cycle, { perKey, keys }: Classes, lifetimes: Float64Array, stay: number): number {
  let items = 0;
  for (let i = 0; i < perKey.length; i++) {
    const rate = perKey[i]!;
    let residence = 0;
    let length = 0;
    for (const lifetime of lifetimes) {
      residence += cycle.residence(rate, lifetime, stay);
      length += cycle.length(rate, lifetime, stay);
    }
    items += (keys[i]! * residence) / length;
  }
  return items;
}

function mergeAlike(perKey: Float64Array, keys: Float64Array): Classes {
  const merged = { perKey: [] as number[], keys: [] as number[] };
  for (let i = 0; i < perKey.length; ) {
    const reference = perKey[i]!;
    let count = 0;
    let requests = 0;
    for (; i < perKey.length && Math.abs(perKey[i]! - reference) <= ALIKE * reference; i++) {
      count += keys[i]!;
      requests += keys[i]! * perKey[i]!;
    }
    if (requests === 0) continue;
    merged.perKey.push(requests / count);
    merged.keys.push(count);
  }
  return merged;
}
