import { BUCKETS, bucketOf } from '../../kernel/index.ts';
import type { Equipment } from '../equipment.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Model } from '../model.ts';
import type * as op from '../program/instructions.ts';
import type { StaleReadsMeasurement } from '../replicas/stale-reads.ts';

const MISS = 3 satisfies typeof field.MISS;
const KEY = 4 satisfies typeof field.KEY;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
/** Who keeps the items themselves, among those that hold copies of them. */
const STORE = -1;
/** Keys of a data are numbered below this, so that number and data make one name. */
const KEYS_MAX = 2 ** 30;

/** What one run measured of answers from copies; a read is stale that gave a copy from before the last change. */
export interface CopyMeasurement extends StaleReadsMeasurement {
  /** By window of the series: reads, and those of them that were stale. */
  readonly readsOver: Float64Array;
  readonly staleOver: Float64Array;
}

/** Data of which all items change at some time, by number. */
export function changedData({ faults }: Pick<Model, 'faults'>): ReadonlySet<number> {
  return new Set((faults?.faults ?? []).flatMap((fault) => (fault.fault === 'change' ? [fault.data] : [])));
}

/** Names of what keeps copies of such data: caches of one name count together, and so do copies of users. */
export function copyHolders(model: Pick<Model, 'faults' | 'caches' | 'copies'>): string[] {
  const changed = changedData(model);
  return [
    ...new Set([
      ...model.caches.flatMap(({ component, keySpace }) => (changed.has(keySpace) ? [component] : [])),
      ...model.copies.flatMap(({ name, data }) =>
        data.some((asked) => asked !== null && changed.has(asked.keySpace)) ? [name] : [],
      ),
    ]),
  ];
}

/**
 * Which version of an item each copy is of, where a scenario changes all items of a data: the number of changes until
 * the store gave the item out, or, where it came from another copy, the version of that one. What a request found last is kept by
 * the number of its frame.
 */
export class CopyVersions {
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  private readonly keySpaces: Int32Array;
  /** By data: when it changed, in order. */
  private readonly changes: readonly number[][];
  /** By data: whether it ever changes. */
  private readonly follows: readonly boolean[];
  /** By cache: versions by key; null where its data never changes. */
  private readonly held: readonly (Uint16Array | null)[];
  /** By cache, and after these by copies of users: which tally is theirs; −1 = none. */
  private readonly rows: Int32Array;
  private readonly tallies: Tally[];
  private windows = 0;
  private window = 0;
  private begun = 0;
  /** By frame: the item that a copy was found of last, and where. */
  private names = new Float64Array(0);
  private holders = new Int32Array(0);

  /** @param clock the present time, an array of one */
  constructor(model: Model, { keySpaces }: Equipment, frames: Frames, clock: Float64Array) {
    const changed = changedData(model);
    const names = copyHolders(model);
    this.code = model.code;
    this.frames = frames;
    this.clock = clock;
    this.keySpaces = Int32Array.from(model.caches, ({ keySpace }) => keySpace);
    this.changes = model.keySpaces.map(() => []);
    this.follows = model.keySpaces.map((_, data) => changed.has(data));
    // Whatever is there at the start is of the version from before all changes, number 0.
    this.held = model.caches.map(({ keySpace }) =>
      changed.has(keySpace) ? new Uint16Array(keySpaces[keySpace]!.keys) : null,
    );
    this.rows = Int32Array.from([
      ...model.caches.map(({ component, keySpace }) =>
        changed.has(keySpace) ? names.indexOf(component) : -1,
      ),
      ...model.copies.map(({ name }) => names.indexOf(name)),
    ]);
    this.tallies = names.map(() => nothing(0));
    frames.keepVersions();
  }

  /** Number of the first copies of users among what holds copies. */
  get ofUsers(): number {
    return this.held.length;
  }

  /** All items of a data have a new version from now on. */
  change(data: number): void {
    this.changes[data]!.push(this.clock[0]!);
  }

  /** The version that items of a data had at a time, seconds. */
  versionAt(data: number, time: number): number {
    const changes = this.changes[data]!;
    let version = changes.length;
    while (version > 0 && changes[version - 1]! > time) version--;
    return version;
  }

  /** VERSION; gives where the frame goes on. */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const { ints, stack } = this.frames;
    if (code[pc + 2] === 2) {
      this.read(frame, code[pc + 1]!, ints[frame * FIELDS + KEY]!);
      return pc + WIDTH;
    }
    const cache = code[pc + 3] === 1 ? code[pc + 1]! + stack[fp + SLOT_INSTANCE]! : code[pc + 1]!;
    const key = ints[frame * FIELDS + KEY]!;
    if (key < 0) return pc + WIDTH;
    const data = this.keySpaces[cache]!;
    const held = this.held[cache]!;
    if (code[pc + 2] === 1) {
      // One of many that share a code sees what the one that is kept sees, and leaves no trace.
      if ((key & 1) === 1) held[key >> 1] = this.brought(frame, cache, data, key >> 1);
    } else if (ints[frame * FIELDS + MISS] === 0) this.found(frame, cache, data, key >> 1, held[key >> 1]!);
    else this.missed(frame, cache, data);
    return pc + WIDTH;
  }

  /** A request was answered from a copy of this version. */
  found(frame: number, holder: number, data: number, key: number, version: number): void {
    if (!this.follows[data]) return;
    if (frame >= this.names.length) this.grow();
    this.frames.versions![frame] = version + 1;
    this.names[frame] = data * KEYS_MAX + key;
    this.holders[frame] = holder;
    const changes = this.changes[data]!;
    const tally = this.look(holder, data);
    if (tally === null || version >= changes.length) return;
    const at = this.at();
    if (at >= 0) tally.staleOver[at]!++;
    const age = this.clock[0]! - changes[version]!;
    tally.stale++;
    tally.behind += changes.length - version;
    tally.ageSum += age;
    tally.ages[bucketOf(age)]!++;
    if (age < tally.ageLeast) tally.ageLeast = age;
    if (age > tally.ageMost) tally.ageMost = age;
  }

  /** A store has answered with the present version: what comes of that is a copy of it, whatever changes on the way. */
  private read(frame: number, data: number, key: number): void {
    if (key < 0) return;
    if (frame >= this.names.length) this.grow();
    this.frames.versions![frame] = this.changes[data]!.length + 1;
    this.names[frame] = data * KEYS_MAX + (key >> 1);
    this.holders[frame] = STORE;
  }

  /** There was no copy for a request. */
  missed(frame: number, holder: number, data: number): void {
    if (!this.follows[data]) return;
    this.frames.versions![frame] = 0;
    this.look(holder, data);
  }

  /** The version of what a request brings to be kept: that of what it came from, or the present one. */
  brought(frame: number, holder: number, data: number, key: number): number {
    const found = this.frames.versions![frame]! - 1;
    // Who found an item here, and puts it in, has written it.
    const isCopy =
      found >= 0 && this.names[frame] === data * KEYS_MAX + key && this.holders[frame] !== holder;
    return isCopy ? found : this.changes[data]!.length;
  }

  /** What a frame found is what another one, that waited for it, has. */
  pass(from: number, to: number): void {
    const { versions } = this.frames;
    if (versions![from] === 0) return;
    if (to >= this.names.length) this.grow();
    versions![to] = versions![from]!;
    this.names[to] = this.names[from]!;
    this.holders[to] = this.holders[from]!;
  }

  /** Forgets what was counted, and goes on in so many windows of so many seconds; 0 = without. */
  restart(windows: number, window: number): void {
    this.windows = windows;
    this.window = window;
    this.begun = this.clock[0]!;
    for (let row = 0; row < this.tallies.length; row++) this.tallies[row] = nothing(windows);
  }

  measured(): CopyMeasurement[] {
    return this.tallies.map((tally) => ({
      ...tally,
      ages: tally.ages.slice(),
      readsOver: tally.readsOver.slice(),
      staleOver: tally.staleOver.slice(),
    }));
  }

  /** Counts a read of a data that changes. */
  private look(holder: number, data: number): Tally | null {
    const row = this.rows[holder]!;
    if (row < 0) return null;
    const tally = this.tallies[row]!;
    const at = this.at();
    if (at >= 0) tally.readsOver[at]!++;
    if (this.changes[data]!.length > 0) tally.reads++;
    return tally;
  }

  /** The present window; −1 = none. */
  private at(): number {
    if (this.windows === 0) return -1;
    return Math.min(this.windows - 1, Math.floor((this.clock[0]! - this.begun) / this.window));
  }

  private grow(): void {
    const { capacity } = this.frames;
    const names = new Float64Array(capacity);
    const holders = new Int32Array(capacity);
    names.set(this.names);
    holders.set(this.holders);
    this.names = names;
    this.holders = holders;
  }
}

type Tally = { -readonly [Field in keyof CopyMeasurement]: CopyMeasurement[Field] };

const nothing = (windows: number): Tally => ({
  reads: 0,
  stale: 0,
  behind: 0,
  ageSum: 0,
  ageLeast: Number.POSITIVE_INFINITY,
  ageMost: 0,
  ages: new Uint32Array(BUCKETS),
  readsOver: new Float64Array(windows),
  staleOver: new Float64Array(windows),
});
