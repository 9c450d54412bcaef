import { type Cache, lookupSliding, NegativeCache } from '../../blocks/index.ts';
import type { Equipment } from '../equipment.ts';
import type { CacheSpec, Model } from '../model.ts';
import { MISSING_KEY, NEW_KEY } from '../new-key.ts';
import { GroupedCache } from './grouped-cache.ts';
import { HotItems } from './hot-items.ts';

/**
 * What the operations of cache components do to the caches, with lookups and hits counted.
 *
 * A key is a code of its key space: twice its group, plus 1 when it is the key that stands for the group.
 * The others of a group see what that key sees and leave the cache as it is.
 */
export class CacheContents {
  /** What instances keep of hot items. */
  readonly hot: HotItems;
  private readonly model: Model;
  private readonly equipment: Equipment;
  private readonly clock: Float64Array;
  private readonly lookups: Float64Array;
  private readonly hits: Float64Array;
  /** Items never used before that were put in. */
  private readonly news: Float64Array;
  /** Keys that each cache remembers to stand for nothing. */
  private readonly absences: (NegativeCache | null)[];
  /** Seconds by which the clock of a cache is ahead. */
  private readonly skews: Float64Array;

  /** @param clock the present time, an array of one */
  constructor(model: Model, equipment: Equipment, clock: Float64Array) {
    this.clock = clock;
    this.hot = new HotItems(model.hotItems, clock);
    this.model = model;
    this.equipment = equipment;
    this.lookups = new Float64Array(model.caches.length);
    this.hits = new Float64Array(model.caches.length);
    this.news = new Float64Array(model.caches.length);
    this.skews = new Float64Array(model.caches.length);
    this.absences = model.caches.map(absencesOf);
  }

  /** True for a hit. */
  lookup(cache: number, key: number): boolean {
    this.lookups[cache]!++;
    if (key < 0) return this.isAbsent(cache, key);
    const held = this.equipment.caches[cache]!;
    const now = this.clock[0]! + this.skews[cache]!;
    const hit = (key & 1) === 1 ? held.lookup(key >> 1, now) : held.contains(key >> 1, now);
    if (hit) this.hits[cache]!++;
    return hit;
  }

  /** As `lookup`, in a cache whose entries live on from each hit. */
  lookupSliding(cache: number, key: number): boolean {
    const ttl = this.model.caches[cache]!.ttl!;
    if (key < 0 || (key & 1) === 0) return this.lookup(cache, key);
    this.lookups[cache]!++;
    const held = this.equipment.caches[cache]!;
    const hit = lookupSliding(held, key >> 1, this.clock[0]!, this.equipment.samplers[ttl]!.draw());
    if (hit) this.hits[cache]!++;
    return hit;
  }

  /** @returns when the entry expires; NaN where nothing was put in */
  fill(cache: number, key: number): number {
    if (key <= MISSING_KEY) {
      this.absences[cache]?.noteAbsent(MISSING_KEY - key, this.clock[0]!);
      return Number.NaN;
    }
    if (key !== NEW_KEY && (key & 1) === 0) return Number.NaN;
    const spec = this.model.caches[cache]!;
    const now = this.clock[0]! + this.skews[cache]!;
    const expires =
      spec.ttl === null
        ? Number.POSITIVE_INFINITY
        : now + this.equipment.samplers[spec.ttl]!.draw() + (spec.staleFor ?? 0);
    const held = this.equipment.caches[cache]!;
    if (key === NEW_KEY) {
      this.admitNew(held, cache, spec.itemWeight, now, expires);
      return Number.NaN;
    }
    const weight = spec.itemWeight * this.equipment.keySpaces[spec.keySpace]!.sizeOf(key >> 1);
    held.insert(key >> 1, weight, now, expires);
    return expires;
  }

  /** An item never used before, which nobody asks for again, takes room like any other. */
  private admitNew(held: Cache, cache: number, weight: number, now: number, expires: number): void {
    const key = FIRST_NEW + (this.news[cache]! % NEW_NUMBERS);
    this.news[cache]!++;
    if (held instanceof GroupedCache) held.insertUngrouped(key, weight, now, expires);
    else held.insert(key, weight, now, expires);
  }

  drop(cache: number, key: number): void {
    const held = this.equipment.caches[cache]!;
    if (key >= 0 && (key & 1) === 1) held.remove(key >> 1);
    else if (key >= 0 && held instanceof GroupedCache) held.removeOther();
  }

  /** The caches of a component forget all that they hold. */
  clear(component: number): void {
    this.forEachOf(component, (cache) => {
      this.equipment.caches[cache]!.clear();
      this.absences[cache] = absencesOf(this.model.caches[cache]!);
    });
  }

  /** A node, or another instance, loses what it holds. */
  lose(component: number, node: number): void {
    this.hot.lose(component, node);
    const { shards } = this.equipment;
    this.forEachOf(component, (cache) => {
      const held = this.equipment.caches[cache]!;
      const { instance, placement, keySpace } = this.model.caches[cache]!;
      if (instance !== undefined || placement === undefined) {
        if ((instance ?? 0) === node) held.clear();
        return;
      }
      const { keys } = this.equipment.keySpaces[keySpace]!;
      for (let key = 0; key < keys; key++) {
        if (shards.of(placement, keySpace, 2 * key + 1) !== node) continue;
        if (held instanceof GroupedCache) held.removeAlone(key);
        else held.remove(key);
      }
      this.loseNew(held, cache, (nth) => shards.of(placement, keySpace, MISSING_KEY - nth) === node);
    });
  }

  /** Items never used before are on nodes as well, and what a node loses of them is room for others. */
  private loseNew(held: Cache, cache: number, isLost: (nth: number) => boolean): void {
    const numbers = Math.min(this.news[cache]!, NEW_NUMBERS);
    for (let nth = 0; nth < numbers; nth++) {
      if (!isLost(nth)) continue;
      if (held instanceof GroupedCache) held.removeUngrouped(FIRST_NEW + nth);
      else held.remove(FIRST_NEW + nth);
    }
  }

  /** The clock of a component's caches goes ahead by so many seconds more. */
  skew(component: number, seconds: number): void {
    this.forEachOf(component, (cache) => {
      this.skews[cache]! += seconds;
    });
  }

  /** Whether it is remembered that the key stands for nothing, which spares as much as a hit does. */
  private isAbsent(cache: number, key: number): boolean {
    const absences = this.absences[cache]!;
    if (key > MISSING_KEY || absences === null) return false;
    const isKnown = absences.isAbsent(MISSING_KEY - key, this.clock[0]!);
    if (isKnown) this.hits[cache]!++;
    return isKnown;
  }

  private forEachOf(component: number, visit: (cache: number) => void): void {
    this.model.caches.forEach((spec, cache) => {
      if (spec.of === component) visit(cache);
    });
  }

  /** Forgets what was counted; the contents stay. */
  reset(): void {
    this.lookups.fill(0);
    this.hits.fill(0);
    this.hot.reset();
  }

  measured(): { readonly lookups: number; readonly hits: number; readonly news: number }[] {
    return this.model.caches.map((_, c) => ({
      lookups: this.lookups[c]!,
      hits: this.hits[c]!,
      news: this.news[c]!,
    }));
  }
}

/** Numbers of items never used before, in a cache; those of items that are known are below. */
const FIRST_NEW = 2 ** 30;
const NEW_NUMBERS = 2 ** 30;

/** Absent keys that a run remembers where a design says no number. */
const MOST_ABSENT = 2 ** 22;

function absencesOf({ absences }: CacheSpec): NegativeCache | null {
  if (absences === undefined) return null;
  return new NegativeCache({ ttl: absences.ttl, maxKeys: absences.keys ?? MOST_ABSENT });
}
