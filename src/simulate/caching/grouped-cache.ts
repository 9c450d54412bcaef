import { type Cache, hashInteger, NamespaceVersions, TagIndex } from '../../blocks/index.ts';

/** Numbers that keys of a cache may have; those above are for items never used before. */
const NUMBERS = 2 ** 30;

/**
 * A cache in which what is written takes all items of its group out, not its own alone. Each key is of one group, by its
 * hash.
 */
export abstract class GroupedCache implements Cache {
  protected readonly held: Cache;
  private readonly groups: number;
  private others = 0;

  constructor(held: Cache, groups: number) {
    this.held = held;
    this.groups = groups;
  }

  get capacity(): number {
    return this.held.capacity;
  }

  get size(): number {
    return this.held.size;
  }

  get weight(): number {
    return this.held.weight;
  }

  get evictions(): number {
    return this.held.evictions;
  }

  lookup(key: number, now: number): boolean {
    return this.held.lookup(this.stored(key), now);
  }

  contains(key: number, now: number): boolean {
    return this.held.contains(this.stored(key), now);
  }

  insert(key: number, weight: number, now: number, expiresAt: number): void {
    this.held.insert(this.stored(key), weight, now, expiresAt);
  }

  /** An item that is of no group and is not asked for, by a number above those of all others. */
  insertUngrouped(key: number, weight: number, now: number, expiresAt: number): void {
    this.held.insert(key, weight, now, expiresAt);
  }

  /** The item that was put in so. */
  removeUngrouped(key: number): void {
    this.held.remove(key);
  }

  expireAt(key: number, expiresAt: number): boolean {
    return this.held.expireAt(this.stored(key), expiresAt);
  }

  remove(key: number): boolean {
    const isHeld = this.held.contains(this.stored(key), Number.NEGATIVE_INFINITY);
    this.removeGroup(this.groupOf(key));
    return isHeld;
  }

  /** A key is lost, and its group is not. */
  removeAlone(key: number): void {
    this.held.remove(this.stored(key));
  }

  /** As `remove`, for a key that another one stands for: its group is any. */
  removeOther(): void {
    this.removeGroup(hashInteger(-1 - this.others++) % this.groups);
  }

  clear(): void {
    this.held.clear();
  }

  restore(key: number, weight: number, expiresAt: number, frequency: number): boolean {
    return this.held.restore(this.stored(key), weight, expiresAt, frequency);
  }

  protected groupOf(key: number): number {
    return hashInteger(key) % this.groups;
  }

  /** The number under which a key is held now. */
  protected abstract stored(key: number): number;

  protected abstract removeGroup(group: number): void;
}

/** By tags: an index tells what of a group is there, and that is taken out. */
export class TaggedCache extends GroupedCache {
  private readonly index: TagIndex<number>;

  /** @param keys numbers that keys have; what of these is held is tagged */
  constructor(held: Cache, groups: number, keys: number) {
    super(held, groups);
    this.index = new TagIndex({ maxPairs: keys });
    for (let key = 0; key < keys; key++) {
      if (held.contains(key, Number.NEGATIVE_INFINITY)) this.index.tag(key, [String(this.groupOf(key))]);
    }
  }

  override insert(key: number, weight: number, now: number, expiresAt: number): void {
    this.index.tag(key, [String(this.groupOf(key))]);
    super.insert(key, weight, now, expiresAt);
  }

  protected stored(key: number): number {
    return key;
  }

  protected removeGroup(group: number): void {
    for (const key of this.index.invalidate(String(group))) this.held.remove(key);
  }
}

/** By versions in the keys: what has another one is not found, and stays until it is evicted or expires. */
export class VersionedCache extends GroupedCache {
  private readonly versions: NamespaceVersions;
  private readonly keys: number;
  private readonly numbers: number;
  /** The last of the versions that were given at the start. */
  private readonly first: number;

  /** @param keys numbers that keys have; what of these is held has the first version */
  constructor(held: Cache, groups: number, keys: number) {
    super(held, groups);
    this.keys = keys;
    // A version comes again after a thousand and more, when nothing of it is left.
    this.numbers = Math.floor(NUMBERS / keys) - 1;
    this.versions = new NamespaceVersions({ maxNamespaces: groups });
    for (let group = 0; group < groups; group++) this.versions.bump(String(group));
    this.first = groups;
  }

  protected stored(key: number): number {
    const version = this.versions.version(String(this.groupOf(key)));
    return version <= this.first ? key : key + this.keys * (1 + (version % this.numbers));
  }

  protected removeGroup(group: number): void {
    this.versions.bump(String(group));
  }
}
