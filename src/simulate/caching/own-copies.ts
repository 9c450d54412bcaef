import { hashInteger } from '../../blocks/index.ts';
import type { RandomStream } from '../../kernel/index.ts';
import type { Equipment } from '../equipment.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { KeySpace } from '../keyspace/index.ts';
import type { Model } from '../model.ts';
import type * as op from '../program/instructions.ts';
import type { CopiesMeasurement, OwnCopiesSpec } from './copies-spec.ts';
import type { CopyVersions } from './copy-versions.ts';

const KEY = 5 satisfies typeof field.REQUEST_KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const USER = 15 satisfies typeof field.USER;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const NONE = -1;
/** Pairs of a user and an item that are remembered; with more, all are forgotten, and found anew by chance. */
const REMEMBERED = 1 << 22;
/** Users who are told apart by `USER`. */
const FOLLOWED = 1 << 20;

/**
 * Copies that users keep themselves: each has those that came with its own answers. Who of them has a copy of what at
 * the start is found out when a user first asks for an item: one who asks for it at rate λ, and keeps it for T, has it
 * for λT/(1 + λT) of the time, and of any age (renewal theorem). So only what is asked for in a run takes memory.
 */
export class OwnCopiesOfUsers {
  private readonly specs: readonly OwnCopiesSpec[];
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  private readonly keySpaces: readonly KeySpace[];
  private readonly streams: readonly RandomStream[];
  private readonly pairs: Pairs;
  /** null where no copy is ever old. */
  private readonly versions: CopyVersions | null;
  /** Per spec: lookups, hits, age. */
  private readonly tallies: Float64Array;

  constructor(
    model: Pick<Model, 'copies' | 'code'>,
    equipment: Equipment,
    frames: Frames,
    clock: Float64Array,
    versions: CopyVersions | null,
  ) {
    this.pairs = new Pairs(versions !== null);
    this.versions = versions;
    this.specs = model.copies;
    this.code = model.code;
    this.frames = frames;
    this.clock = clock;
    this.keySpaces = equipment.keySpaces;
    this.streams = model.copies.map(({ name }, c) => equipment.stream(`${name} copies ${c}`));
    this.tallies = new Float64Array(3 * model.copies.length);
  }

  /** ASK_COPY or KEEP_COPY; gives where the frame goes on. */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const a = code[pc + 1]!;
    if (code[pc] === (58 satisfies typeof op.ASK_COPY)) {
      return this.ask(a, frame, fp + code[pc + 3]!) ? code[pc + 2]! : pc + WIDTH;
    }
    const slot = fp + code[pc + 2]!;
    const { stack } = this.frames;
    const pair = stack[slot]!;
    // What was forgotten meanwhile is somebody else's place.
    if (pair !== NONE && stack[slot + 1] === this.pairs.generation) {
      this.pairs.until[pair] = this.clock[0]! + this.specs[a]!.ttl;
      if (this.versions !== null) this.note(this.versions, a, frame, pair);
    }
    return pc + WIDTH;
  }

  reset(): void {
    this.tallies.fill(0);
  }

  measured(): CopiesMeasurement[] {
    return this.specs.map((_, c) => {
      const [lookups, hits, ageSum] = this.tallies.subarray(3 * c);
      return { lookups: lookups!, hits: hits!, ageSum: ageSum! };
    });
  }

  /** Which version a copy is of that a user has got. */
  private note(versions: CopyVersions, c: number, frame: number, pair: number): void {
    const asked = this.specs[c]!.data[this.frames.ints[frame * FIELDS + TRAFFIC]!]!;
    const key = this.pairs.keyOf(pair);
    this.pairs.versions[pair] = versions.brought(frame, versions.ofUsers + c, asked.keySpace, key);
  }

  private ask(c: number, frame: number, slot: number): boolean {
    const { ints, stack } = this.frames;
    const at = frame * FIELDS;
    const { data, ttl, users } = this.specs[c]!;
    const asked = data[ints[at + TRAFFIC]!] ?? null;
    const code = ints[at + KEY]!;
    stack[slot] = NONE;
    if (asked === null || code < 0) return false;
    const { pairs, versions } = this;
    const random = this.streams[c]!;
    const now = this.clock[0]!;
    const space = this.keySpaces[asked.keySpace]!;
    const key = code >> 1;
    const alike = space.sizeOf(key);
    // One of those that the simulated key stands for is meant, itself aside.
    const rank = (code & 1) === 1 || alike === 1 ? 0 : 1 + Math.floor(random.next() * (alike - 1));
    const owner = this.userOf(c, ints[at + USER]!);
    if (pairs.size === REMEMBERED) pairs.clear(now);
    const pair = pairs.find(owner, c * data.length + asked.keySpace, key, rank);
    if (pairs.isNew) {
      const often = (asked.rate * space.classes.perKey[space.groupOf(key)]! * ttl) / users;
      const has = random.next() < often / (1 + often);
      // As it was when all began: had the user asked since, the pair would be known.
      pairs.until[pair] = pairs.since + (has ? random.next() * ttl : 0);
      if (versions !== null)
        pairs.versions[pair] = versions.versionAt(asked.keySpace, pairs.until[pair]! - ttl);
    }
    stack[slot] = pair;
    stack[slot + 1] = pairs.generation;
    const until = pairs.until[pair]!;
    this.tallies[3 * c]!++;
    if (versions !== null) {
      const holder = versions.ofUsers + c;
      if (until <= now) versions.missed(frame, holder, asked.keySpace);
      else versions.found(frame, holder, asked.keySpace, key, pairs.versions[pair]!);
    }
    if (until <= now) return false;
    this.tallies[3 * c + 1]!++;
    this.tallies[3 * c + 2]! += now - (until - ttl);
    return true;
  }

  /** The user who asks; of those that one stands for who is followed, any. */
  private userOf(c: number, followed: number): number {
    const { users, followed: known } = this.specs[c]!;
    const random = this.streams[c]!;
    if (!known) return Math.floor(random.next() * users);
    const each = Math.max(1, users / FOLLOWED);
    return followed + FOLLOWED * Math.floor(random.next() * each);
  }
}

/** Pairs of a user and an item, numbered as they come; found by an open table. */
class Pairs {
  size = 0;
  /** Whether the last one found was not there before. */
  isNew = false;
  /** Changes when all are forgotten, and when that was. */
  generation = 0;
  since = 0;
  /** By pair: until when the copy is served. */
  until = new Float64Array(1024);
  /** By pair: the version that the copy is of; empty where none is ever old. */
  versions: Uint16Array;
  /** Four numbers a pair. */
  private names = new Int32Array(4 * 1024);
  /** By place: 1 + the pair, 0 = empty; twice as many as pairs fit. */
  private places = new Int32Array(2048);

  constructor(versioned: boolean) {
    this.versions = new Uint16Array(versioned ? 1024 : 0);
  }

  /** The number of the item of a pair among those of its data. */
  keyOf(pair: number): number {
    return this.names[4 * pair + 2]!;
  }

  find(user: number, of: number, key: number, rank: number): number {
    if (this.size === this.until.length) this.grow();
    const { names, places } = this;
    const mask = places.length - 1;
    for (let place = placeOf(user, of, key, rank) & mask; ; place = (place + 1) & mask) {
      const pair = places[place]! - 1;
      if (pair < 0) {
        this.isNew = true;
        places[place] = this.size + 1;
        names.set([user, of, key, rank], 4 * this.size);
        return this.size++;
      }
      const at = 4 * pair;
      if (names[at] !== user || names[at + 1] !== of || names[at + 2] !== key || names[at + 3] !== (rank | 0))
        continue;
      this.isNew = false;
      return pair;
    }
  }

  clear(now: number): void {
    this.since = now;
    this.size = 0;
    this.generation++;
    this.places.fill(0);
  }

  private grow(): void {
    const capacity = 2 * this.until.length;
    const { until, names, versions } = this;
    this.until = new Float64Array(capacity);
    this.until.set(until);
    if (versions.length > 0) {
      this.versions = new Uint16Array(capacity);
      this.versions.set(versions);
    }
    this.names = new Int32Array(4 * capacity);
    this.names.set(names);
    this.places = new Int32Array(2 * capacity);
    const mask = this.places.length - 1;
    for (let pair = 0; pair < this.size; pair++) {
      const at = 4 * pair;
      let place = placeOf(names[at]!, names[at + 1]!, names[at + 2]!, names[at + 3]!) & mask;
      while (this.places[place] !== 0) place = (place + 1) & mask;
      this.places[place] = pair + 1;
    }
  }
}

function placeOf(user: number, of: number, key: number, rank: number): number {
  return hashInteger(hashInteger(hashInteger(user) ^ key) ^ (rank | 0) ^ (of << 24));
}
