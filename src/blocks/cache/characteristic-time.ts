/**
 * The characteristic time of a cache: how long a key stays when nobody asks for it again. One number per
 * cache that turns "will this key be there?" into a property of the key alone.
 *
 * Keys come in classes: `perKey[i]` is the request rate (or probability) of one key of class i and `keys[i]`
 * the number of such keys, so that a billion keys fit in a few thousand rows. Only the product of rate and
 * time matters: with probabilities that sum to 1 the time counts requests, with rates per second it is in
 * seconds.
 */

/** Evictions with a characteristic time. FIFO and RANDOM share one (Gelenbe 1973). */
export type AgingPolicy = 'lru' | 'fifo';

/** Policies with a hit ratio in closed form or by one root. `lfu` holds the most popular keys for good. */
export type HitRatioPolicy = AgingPolicy | 'lfu';

const MAX_STEPS = 200;

/**
 * Solves for the time t at which the expected number of resident keys is the capacity:
 * LRU: Σ keys·(1 − e^(−p·t)) = C (Che, Tung & Wang, IEEE JSAC 20(7), 2002);
 * FIFO and RANDOM: Σ keys·p·t/(1 + p·t) = C (Fricker, Robert & Roberts, ITC 2012; Martina, Garetto &
 * Leonardi, INFOCOM 2014).
 *
 * Both sums are concave and increasing in t, so Newton's method from the left climbs to the root without
 * ever passing it.
 *
 * @param perKey rate or probability of one key of each class, ≥ 0
 * @param keys number of keys in each class, ≥ 0, not necessarily whole
 * @param capacityItems items that fit, ≥ 0
 * @returns the time in units of 1 / rate; Infinity when every key that is ever asked for fits
 * @throws RangeError when the arrays differ in length or the capacity is negative or not a number
 */
export function characteristicTime(
  policy: AgingPolicy,
  perKey: Float64Array,
  keys: Float64Array,
  capacityItems: number,
): number {
  requireClasses(perKey, keys, capacityItems);
  let asked = 0;
  let total = 0;
  for (let i = 0; i < perKey.length; i++) {
    if (perKey[i]! > 0) asked += keys[i]!;
    total += keys[i]! * perKey[i]!;
  }
  if (capacityItems >= asked) return Number.POSITIVE_INFINITY;
  if (capacityItems === 0) return 0;
  // Neither sum exceeds t · Σ keys·p: the root lies to the right of this.
  let time = capacityItems / total;
  for (let step = 0; step < MAX_STEPS; step++) {
    const next =
      policy === 'lru'
        ? lruStep(perKey, keys, capacityItems, time)
        : fifoStep(perKey, keys, capacityItems, time);
    if (!(next > time * (1 + 1e-12))) return time;
    time = next;
  }
  return time;
}

/**
 * Hit ratio by the characteristic time: a key of rate p hits with 1 − e^(−p·t) under LRU, p·t/(1 + p·t) under
 * FIFO and RANDOM. `lfu` is the static optimum: the most popular keys that fit, always hit, the rest never.
 *
 * Error against exact LRU: below 0.01 percentage points from some hundred items on (validation O-C03, O-C04).
 *
 * @param perKey rate or probability of one key of each class, ≥ 0, in any order
 * @param keys number of keys in each class, ≥ 0
 * @param capacityItems items that fit, ≥ 0
 * @returns 0 to 1; 0 when nothing is ever asked for
 * @throws RangeError as {@link characteristicTime}
 */
export function hitRatio(
  policy: HitRatioPolicy,
  perKey: Float64Array,
  keys: Float64Array,
  capacityItems: number,
): number {
  requireClasses(perKey, keys, capacityItems);
  let total = 0;
  for (let i = 0; i < perKey.length; i++) total += keys[i]! * perKey[i]!;
  if (total === 0) return 0;
  if (policy === 'lfu') return topShare(perKey, keys, capacityItems) / total;
  const time = characteristicTime(policy, perKey, keys, capacityItems);
  let hits = 0;
  for (let i = 0; i < perKey.length; i++) {
    hits += keys[i]! * perKey[i]! * residency(policy, perKey[i]! * time);
  }
  return hits / total;
}

/**
 * Probability that a key is resident, which under independent references is also that its next request hits.
 *
 * @param requests expected requests for the key during the characteristic time, ≥ 0, may be Infinity
 */
export function residency(policy: AgingPolicy, requests: number): number {
  if (policy === 'lru') return -Math.expm1(-requests);
  return requests === Number.POSITIVE_INFINITY ? 1 : requests / (1 + requests);
}

function lruStep(perKey: Float64Array, keys: Float64Array, capacity: number, time: number): number {
  let filled = 0;
  let slope = 0;
  for (let i = 0; i < perKey.length; i++) {
    const present = -Math.expm1(-perKey[i]! * time);
    filled += keys[i]! * present;
    slope += keys[i]! * perKey[i]! * (1 - present);
  }
  return time + (capacity - filled) / slope;
}

function fifoStep(perKey: Float64Array, keys: Float64Array, capacity: number, time: number): number {
  let filled = 0;
  let slope = 0;
  for (let i = 0; i < perKey.length; i++) {
    const absent = 1 / (1 + perKey[i]! * time);
    filled += keys[i]! * perKey[i]! * time * absent;
    slope += keys[i]! * perKey[i]! * absent * absent;
  }
  return time + (capacity - filled) / slope;
}

function topShare(perKey: Float64Array, keys: Float64Array, capacity: number): number {
  const order = Array.from(perKey.keys());
  order.sort((a, b) => perKey[b]! - perKey[a]!);
  let room = capacity;
  let share = 0;
  for (const i of order) {
    const held = Math.min(room, keys[i]!);
    share += held * perKey[i]!;
    room -= held;
    if (room <= 0) break;
  }
  return share;
}

function requireClasses(perKey: Float64Array, keys: Float64Array, capacity: number): void {
  if (perKey.length !== keys.length) {
    throw new RangeError(`perKey and keys must have equal length, got ${perKey.length} and ${keys.length}`);
  }
  if (!(capacity >= 0)) throw new RangeError(`capacityItems must be ≥ 0, got ${capacity}`);
}
