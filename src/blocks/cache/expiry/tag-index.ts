import { type OptionNames, requireOptions } from '../../require-options.ts';
import { refuseState, requireMaximum, requireVersion } from './require.ts';

/** How much is remembered. */
export interface TagIndexOptions {
  /** Pairs of a tag and a key, from 1 to 2^28. Beyond it, whole tags are given up: see TG-3. */
  readonly maxPairs: number;
}

/** A snapshot of {@link TagIndex}. */
export interface TagIndexState<Key> {
  readonly version: 1;
  /** Tag and its keys; the tag written to longest ago first. */
  readonly tags: readonly (readonly [tag: string, keys: readonly Key[]])[];
}

const OPTIONS: OptionNames<TagIndexOptions> = { maxPairs: true };

/**
 * Which keys depend on what: an event that names a tag tells which entries it makes invalid.
 *
 * - TG-1 `invalidate(tag)` names every key that has the tag, once, and none other; those keys lose all their tags.
 * - TG-2 Tagging a key replaces the tags it had; a key that has left the cache is to be forgotten by `forget`.
 * - TG-3 It holds at most `maxPairs` pairs. When there are more, the tag written to longest ago is invalidated, and
 *   the keys are handed to the caller, who removes them from the cache: an entry whose tags are not remembered
 *   could never be invalidated.
 * - TG-4 A key with more than `maxPairs` different tags is handed back by itself and not tagged.
 */
export class TagIndex<Key> {
  private readonly maxPairs: number;
  private pairs = 0;
  /** In the order in which they were last written to. */
  private readonly keysOf = new Map<string, Set<Key>>();
  private readonly tagsOf = new Map<Key, readonly string[]>();

  constructor(options: TagIndexOptions) {
    requireOptions('TagIndex', options, OPTIONS);
    requireMaximum('maxPairs', options.maxPairs);
    this.maxPairs = options.maxPairs;
  }

  /** Pairs of a tag and a key. */
  get size(): number {
    return this.pairs;
  }

  /**
   * The entry of this key depends on these tags, and on no others.
   *
   * @returns keys to remove from the cache, because their tags can no longer be remembered
   */
  tag(key: Key, tags: Iterable<string>): readonly Key[] {
    this.forget(key);
    const unique = [...new Set(tags)];
    if (unique.length > this.maxPairs) return [key];
    if (unique.length === 0) return [];
    const lost: Key[] = [];
    while (this.pairs + unique.length > this.maxPairs) {
      for (const longestUnwritten of this.keysOf.keys()) {
        lost.push(...this.invalidate(longestUnwritten));
        break;
      }
    }
    this.tagsOf.set(key, unique);
    this.pairs += unique.length;
    for (const tag of unique) {
      const keys = this.keysOf.get(tag) ?? new Set<Key>();
      keys.add(key);
      this.keysOf.delete(tag);
      this.keysOf.set(tag, keys);
    }
    return lost;
  }

  /** The keys to remove from the cache because of an event; they are no longer tagged. */
  invalidate(tag: string): Key[] {
    const keys = [...(this.keysOf.get(tag) ?? [])];
    for (const key of keys) this.forget(key);
    return keys;
  }

  /** The entry has left the cache; false when it had no tags. */
  forget(key: Key): boolean {
    const tags = this.tagsOf.get(key);
    if (tags === undefined) return false;
    this.tagsOf.delete(key);
    this.pairs -= tags.length;
    for (const tag of tags) {
      const keys = this.keysOf.get(tag)!;
      keys.delete(key);
      if (keys.size === 0) this.keysOf.delete(tag);
    }
    return true;
  }

  clear(): void {
    this.pairs = 0;
    this.keysOf.clear();
    this.tagsOf.clear();
  }

  snapshot(): TagIndexState<Key> {
    return { version: 1, tags: [...this.keysOf].map(([tag, keys]) => [tag, [...keys]] as const) };
  }

  /** @throws RangeError when the state is not a snapshot, or holds more pairs than fit */
  static restore<Key>(options: TagIndexOptions, state: TagIndexState<Key>): TagIndex<Key> {
    requireVersion('TagIndex', state);
    if (!Array.isArray(state.tags)) refuseState('TagIndex');
    const index = new TagIndex<Key>(options);
    for (const entry of state.tags as readonly unknown[]) {
      if (!Array.isArray(entry)) refuseState('TagIndex');
      const [tag, keys] = entry as [string, readonly Key[]];
      if (typeof tag !== 'string' || !Array.isArray(keys) || index.keysOf.has(tag)) refuseState('TagIndex');
      const set = new Set<Key>(keys);
      if (set.size !== keys.length || set.size === 0) refuseState('TagIndex');
      index.keysOf.set(tag, set);
      index.pairs += set.size;
      for (const key of set) index.tagsOf.set(key, [...(index.tagsOf.get(key) ?? []), tag]);
    }
    if (index.pairs > index.maxPairs) refuseState('TagIndex');
    return index;
  }
}
