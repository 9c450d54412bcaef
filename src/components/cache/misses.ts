import {
  type AgingPolicy,
  characteristicTime,
  evictionPolicies,
  queueHits,
  residency,
  stationaryStay,
} from '../../blocks/index.ts';
import type { FrontDemand, FrontMisses } from '../../estimate/index.ts';
import { formatQuantity, mean, quantile, scv } from '../../quantities/index.ts';
import type { CacheSettings } from './describe.ts';

/** Keys that stand for the endless supply of keys never used before. */
const MANY = 1e15;

/**
 * Probability of a miss by class of keys, by the characteristic time t of the cache: a key is there when it was
 * last asked for less than t ago (LRU) or put in less than t ago (FIFO). What takes keys out earlier shortens
 * that: deletions come like a Poisson process, and an item that has reached its time to live misses; one whose time
 * to live is sliding, when nobody has asked for it for so long.
 *
 * @param capacity items that fit
 */
export function cacheMisses(
  settings: Pick<CacheSettings, 'evict' | 'ttl' | 'sliding' | 'softTtl' | 'early'>,
  capacity: number,
  demand: FrontDemand,
): FrontMisses {
  const { classes, lookups, fills, drops, filled } = demand;
  const notes: string[] = [];
  if (!filled) {
    return {
      byClass: lookups.perKey.map(() => 1),
      items: 0,
      ...texts('nothing is ever put in', () => '', capacity),
      notes,
    };
  }
  const touched = lookups.perKey.map((rate) => rate);
  const ttl = settings.ttl === null ? Number.POSITIVE_INFINITY : mean(settings.ttl);
  if (settings.ttl !== null && scv(settings.ttl) > 0 && settings.evict !== 'lfu') {
    notes.push('the spread of the time to live is left out of the hit ratio; its mean counts');
  }
  const { sliding, softTtl } = settings;
  if (settings.early > 0) notes.push('early refreshes are left out: the hit ratio is that without them');
  if (settings.evict === 'lfu') {
    if (sliding) notes.push('a sliding time to live under LFU is taken for one that hits do not renew');
    if (softTtl !== null) notes.push('refreshes past the soft time to live are left out under LFU');
    const forgets = Number.isFinite(ttl) || drops.perKey.some((rate) => rate > 0);
    if (forgets && fills.fresh > 0) notes.push('items never used before are taken to take no room under LFU');
    if (forgets) return { ...forgetfulMisses(settings, capacity, demand), notes };
    notes.push('LFU is taken to hold the most popular keys for good, which is the most it can reach');
    return {
      byClass: Float64Array.from(mostPopular(touched, classes.keys, capacity), (present) => 1 - present),
      items: Math.min(capacity, total(classes.keys)),
      ...texts('the share of the most popular keys that fit', () => '', capacity),
      notes,
    };
  }
  const aging = agingOf(settings.evict);
  if (aging.note !== null) notes.push(aging.note);
  const rates = Float64Array.of(...touched, fills.fresh / MANY);
  const keys = Float64Array.of(...classes.keys, MANY);
  const time = characteristicTime(aging.policy, rates, keys, capacity);
  const lru = aging.policy === 'lru';
  if (lru && Number.isFinite(ttl) && Number.isFinite(time)) {
    notes.push('eviction and time to live together are an approximation');
  }
  const dropped = drops.perKey.some((rate) => rate > 0);
  if (!lru && dropped) notes.push('FIFO with deletions is an approximation');
  const limit = Math.min(sliding ? Number.POSITIVE_INFINITY : ttl, lru ? Number.POSITIVE_INFINITY : time);
  const idle = Math.min(sliding ? ttl : Number.POSITIVE_INFINITY, lru ? time : Number.POSITIVE_INFINITY);
  const refreshes = softTtl !== null && softTtl < limit ? new Float64Array(touched.length) : null;
  const byClass = touched.map((rate, i) => {
    const drop = drops.perKey[i]!;
    if (refreshes === null) return 1 - hits(rate, drop, idle, limit);
    const fetched = 1 - hits(rate, drop, idle, softTtl!);
    refreshes[i] = fetched * refreshedShare(rate, drop, idle, softTtl!, limit);
    return fetched - refreshes[i]!;
  });
  if (refreshes !== null && (dropped || Number.isFinite(idle))) {
    notes.push('refreshes of items that may be evicted or deleted before are an approximation');
  }
  let items = 0;
  for (let i = 0; i < keys.length; i++) items += keys[i]! * residency(aging.policy, rates[i]! * time || 0);
  const formula = lru
    ? 'Σ rateₖ·(1 − e^(−rateₖ·t)) ÷ Σ rateₖ, with t such that Σ (1 − e^(−rateₖ·t)) = items that fit'
    : 'Σ rateₖ·(rateₖ·t ÷ (1 + rateₖ·t)) ÷ Σ rateₖ, with t such that Σ rateₖ·t ÷ (1 + rateₖ·t) = items that fit';
  const found = (): string =>
    Number.isFinite(time) ? `t = ${formatQuantity(time, 'time')}` : 'every key asked for fits';
  return {
    byClass,
    ...(refreshes !== null && { refreshes }),
    items: Math.min(capacity, Number.isFinite(time) ? items : total(classes.keys)),
    ...texts(formula, found, capacity),
    notes,
  };
}

/** The policy whose formula stands for one that evicts by age, and what is to be said of that. */
function agingOf(evict: CacheSettings['evict']): {
  readonly policy: AgingPolicy;
  readonly note: string | null;
} {
  switch (evict) {
    case 'lru':
      return { policy: 'lru', note: null };
    case 'fifo':
      return { policy: 'fifo', note: null };
    case 'random':
      // Gelenbe 1973: the same hit ratio, whatever the popularity.
      return { policy: 'fifo', note: null };
    case 'clock':
      return { policy: 'lru', note: 'CLOCK is taken for LRU, of which it is an approximation' };
    default: {
      const known = (evictionPolicies as readonly string[]).includes(evict);
      const beside = known ? ', and where popularity is steady the true one is higher' : '';
      return {
        policy: 'lru',
        note: `no formula is known for ${evict}; the hit ratio is that of LRU${beside}: simulate it`,
      };
    }
  }
}

/** Parts of equal probability that a time to live is looked at in. */
const LIFETIMES = 8;

/**
 * LFU whose entries expire or are taken out: a key that comes in anew has to be asked for again before its turn
 * comes among those asked for once. Each class of keys by its own cycle, all of them by how long that turn takes.
 */
function forgetfulMisses(
  { ttl }: Pick<CacheSettings, 'ttl'>,
  capacityItems: number,
  { classes, lookups, drops }: FrontDemand,
): Omit<FrontMisses, 'notes'> {
  const { perKey } = lookups;
  const { keys } = classes;
  const asked = perKey.reduce((sum, rate, i) => sum + rate * keys[i]!, 0);
  const dropped = drops.perKey.reduce((sum, rate, i) => sum + rate * keys[i]!, 0);
  const removalsPerRequest = asked === 0 ? 0 : dropped / asked;
  const lifetimes =
    ttl === null
      ? Float64Array.of(Number.POSITIVE_INFINITY)
      : scv(ttl) === 0
        ? Float64Array.of(mean(ttl))
        : Float64Array.from({ length: LIFETIMES }, (_, i) => quantile(ttl, (i + 0.5) / LIFETIMES));
  const stay =
    asked === 0 ? 0 : stationaryStay('lfu', { perKey, keys, capacityItems, lifetimes, removalsPerRequest });
  const byClass = perKey.map((rate) => {
    if (rate === 0 || stay === 0) return 1;
    const demand = { rate, removal: rate * removalsPerRequest };
    const following = lifetimes.reduce((sum, life) => sum + queueHits('lfu', demand, life, stay), 0);
    return 1 / (1 + following / lifetimes.length);
  });
  const found = (): string =>
    Number.isFinite(stay)
      ? `a key not asked for again stays ${formatQuantity(stay, 'time')}`
      : 'every key asked for fits';
  return {
    byClass,
    items: Math.min(capacityItems, total(keys)),
    ...texts(
      'Σ rateₖ·Eₖ ÷ (1 + Eₖ) ÷ Σ rateₖ, with Eₖ the hits that follow an insertion',
      found,
      capacityItems,
    ),
  };
}

function texts(
  formula: string,
  found: () => string,
  capacity: number,
): Pick<FrontMisses, 'formula' | 'working' | 'source'> {
  return {
    formula,
    working: () =>
      [`room for ${formatQuantity(capacity, 'count')} items`, found()].filter(Boolean).join(': '),
    source: 'Che, Tung & Wang, IEEE JSAC 20(7), 2002; FIFO: Fricker, Robert & Roberts, ITC 2012',
  };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * Hit probability of a key that is asked for at `rate`, deleted at `drop`, forgotten when nobody asks for it
 * for `idle`, and when it has been there for `limit`.
 *
 * Without a limit: the last request is less than `idle` ago and no deletion has come since,
 * rate/(rate + drop)·(1 − e^(−(rate + drop)·idle)). With one, E hits follow each filling and the hit ratio is
 * E/(1 + E) (Jung, Berger & Balakrishnan, INFOCOM 2003, where E = rate·limit). Both together: the key survives
 * the first `idle` seconds for sure and is then forgotten at such a constant rate that, were there no limit, E
 * would be that of LRU, e^(rate·idle) − 1.
 */
export function hits(rate: number, drop: number, idle: number, limit: number): number {
  if (rate === 0) return 0;
  if (limit === Number.POSITIVE_INFINITY) {
    const any = rate + drop;
    return idle === Number.POSITIVE_INFINITY ? rate / any : (rate / any) * -Math.expm1(-any * idle);
  }
  const sure = Math.min(limit, idle);
  let expected = rate * lasting(sure, drop);
  if (limit > idle) {
    const gap = rate * idle;
    const later = rate * -Math.expm1(-gap);
    const forgotten = later / (Math.expm1(gap) - gap);
    expected += later * Math.exp(-drop * idle) * lasting(limit - idle, drop + forgotten);
  }
  return expected / (1 + expected);
}

/**
 * Of the fetches of a key that is fetched anew by the first request after `soft`, the share that find it still there,
 * and so keep nobody waiting: it was not forgotten before `soft`, and neither forgotten nor as old as `limit` then.
 * Arguments as of `hits`.
 */
function refreshedShare(rate: number, drop: number, idle: number, soft: number, limit: number): number {
  if (rate === 0) return 0;
  const gap = rate * idle;
  const forgotten = soft <= idle ? 0 : ((soft - idle) * rate * -Math.expm1(-gap)) / (Math.expm1(gap) - gap);
  return Math.exp(-drop * soft - forgotten) * rate * lasting(Math.min(limit - soft, idle), rate + drop);
}

/** ∫ e^(−rate·u) du from 0 to `time`. */
function lasting(time: number, rate: number): number {
  return rate === 0 ? time : -Math.expm1(-rate * time) / rate;
}

/** Share of each class that is among the `capacity` most asked-for keys. */
export function mostPopular(perKey: Float64Array, keys: Float64Array, capacity: number): Float64Array {
  const order = [...perKey.keys()].sort((a, b) => perKey[b]! - perKey[a]!);
  const present = new Float64Array(keys.length);
  let room = capacity;
  for (const i of order) {
    const held = Math.min(room, keys[i]!);
    present[i] = held / keys[i]!;
    room -= held;
  }
  return present;
}
