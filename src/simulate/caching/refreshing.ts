import type { Branches } from '../branches.ts';
import type { Equipment } from '../equipment.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import { LocalTime } from '../local-time.ts';
import type { FetchSpec, Model } from '../model.ts';
import type * as op from '../program/instructions.ts';
import type { ReadyQueue } from '../ready-queue.ts';
import type { CacheContents } from './cache-contents.ts';
import type { CopyVersions } from './copy-versions.ts';
import { AGED, FRESH } from './entry-ages.ts';
import { ALONE, JOIN, SharedFetches } from './shared-fetches.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const MISS = 3 satisfies typeof field.MISS;
const KEY = 4 satisfies typeof field.KEY;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const OPCODE_FETCH = 40 satisfies typeof op.FETCH;
/** Given instead of a place to go on at: the frame waits. */
const WAITS = -1;
const NOBODY = -1;

/** Locals of a fetch, from its slot on: number in progress, whether it is a refresh, time (two of them). */
const REFRESHES = 1;
const BEGUN = 2;

/**
 * Fetches that several readers share, and such that come before an entry has expired: which of the readers of a
 * cache fetches, which wait, and which are served the old copy meanwhile. The blocks decide; here is who waits.
 *
 * A key that stands in for others decides for them as well: they are served, wait or fetch as it would at that
 * moment, and leave no trace.
 */
export class Refreshing {
  private readonly code: Int32Array;
  private readonly fetches: readonly FetchSpec[];
  private readonly shared: SharedFetches;
  /** By cache: the fetches in progress that a dropped key ends; −1 = none. */
  private readonly leases: Int32Array;
  private readonly sliding: readonly boolean[];
  private readonly equipment: Equipment;
  private readonly contents: CacheContents;
  private readonly frames: Frames;
  private readonly branches: Branches;
  private readonly ready: ReadyQueue;
  private readonly clock: Float64Array;
  private readonly time = new LocalTime();
  /** Where copies may be old. */
  versions: CopyVersions | null = null;

  /** @param clock the present time, an array of one */
  constructor(
    model: Model,
    equipment: Equipment,
    contents: CacheContents,
    frames: Frames,
    branches: Branches,
    ready: ReadyQueue,
    clock: Float64Array,
  ) {
    this.code = model.code;
    this.fetches = model.fetches;
    this.shared = new SharedFetches(model.flights);
    this.leases = new Int32Array(model.caches.length).fill(-1);
    for (const { by, cache, first } of model.flights) {
      if (by === 'cache' && cache !== null) this.leases[cache] = first;
    }
    this.sliding = model.caches.map(({ sliding }) => sliding === true);
    this.equipment = equipment;
    this.contents = contents;
    this.frames = frames;
    this.branches = branches;
    this.ready = ready;
    this.clock = clock;
  }

  /**
   * Does the instruction at `pc`.
   * @returns where the frame goes on, or −1 when it waits
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const a = code[pc + 1]!;
    const b = code[pc + 2]!;
    switch (code[pc]!) {
      case 38 satisfies typeof op.KEEP:
        this.keep(frame, code[pc + 3] === 1 ? a + this.frames.stack[fp + SLOT_INSTANCE]! : a, b);
        return pc + WIDTH;
      case 39 satisfies typeof op.REFRESH:
        return this.refresh(frame, pc, fp);
      case 40 satisfies typeof op.FETCH:
        return this.begin(frame, pc, fp);
      case 55 satisfies typeof op.ASK_MEMORY:
        return this.contents.hot.read(a, this.instanceOf(fp), this.keyOf(frame)) ? b : pc + WIDTH;
      case 56 satisfies typeof op.KEEP_IN_MEMORY:
        this.contents.hot.keep(a, this.instanceOf(fp), this.keyOf(frame));
        return pc + WIDTH;
      case 41 satisfies typeof op.BROUGHT:
        return this.brought(frame, this.fetches[a]!, fp) ? pc + WIDTH : b;
      case 42 satisfies typeof op.FETCHED: {
        const { stack, ints } = this.frames;
        const local = fp + this.fetches[a]!.slot;
        if (stack[local] !== ALONE) this.tell(stack[local]!, ints[frame * FIELDS + STATUS]!, frame);
        return stack[local + REFRESHES] === 1 ? b : pc + WIDTH;
      }
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  /** Who makes a fetch has died: it has failed, for this reason. */
  abandon(fetch: number, fp: number, reason: number): void {
    const { stack } = this.frames;
    const local = fp + this.fetches[fetch]!.slot;
    const shared = stack[local]!;
    stack[local] = ALONE;
    if (shared !== ALONE) this.tell(shared, reason);
  }

  /** KEEP. */
  private keep(frame: number, cache: number, what: number): void {
    const at = frame * FIELDS;
    const key = this.frames.ints[at + KEY]!;
    const now = this.clock[0]!;
    const own = key >= 0 && (key & 1) === 1;
    if (what === 0) {
      const hit = this.sliding[cache]
        ? this.contents.lookupSliding(cache, key)
        : this.contents.lookup(cache, key);
      this.frames.ints[at + MISS] = hit ? 0 : 1;
    } else if (what === 1) {
      const expiresAt = this.contents.fill(cache, key);
      if (own) this.equipment.ages[cache]?.stored(key >> 1, now, expiresAt);
    } else {
      this.contents.drop(cache, key);
      if (own && this.leases[cache]! >= 0) this.shared.dropped(this.leases[cache]!, key >> 1);
    }
  }

  /** FETCH. */
  private begin(frame: number, pc: number, fp: number): number {
    const spec = this.fetches[this.code[pc + 1]!]!;
    const key = this.frames.ints[frame * FIELDS + KEY]!;
    const now = this.clock[0]!;
    let fetch = ALONE;
    if (spec.coalesces && key >= 0) {
      const whose = this.whose(spec, fp);
      fetch = this.shared.begin(whose, key >> 1, (key & 1) === 1, now);
      if (fetch === JOIN) {
        this.rest(frame, pc, fp);
        this.shared.wait(whose, key >> 1, frame);
        return WAITS;
      }
    }
    this.start(fp + spec.slot, fetch, 0);
    return pc + WIDTH;
  }

  /** REFRESH: the present frame goes on with what it was served. */
  private refresh(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const spec = this.fetches[code[pc + 1]!]!;
    const key = this.frames.ints[frame * FIELDS + KEY]!;
    if (key < 0) return pc + WIDTH;
    const now = this.clock[0]!;
    const due = this.equipment.ages[this.refreshed(spec, fp)]!.due(key >> 1, now);
    if (due === FRESH) return pc + WIDTH;
    let fetch = ALONE;
    if (spec.coalesces || due === AGED) {
      fetch = this.shared.begin(this.whose(spec, fp), key >> 1, (key & 1) === 1, now);
      if (fetch === JOIN) return pc + WIDTH;
    }
    this.start(fp + spec.slot, fetch, 1);
    this.rest(frame, pc + WIDTH, fp);
    this.branches.aside(frame, code[pc + 2]!, code[pc + 3]!);
    return WAITS;
  }

  /** BROUGHT: whether the item may be kept. */
  private brought(frame: number, spec: FetchSpec, fp: number): boolean {
    const { stack, ints } = this.frames;
    const local = fp + spec.slot;
    const key = ints[frame * FIELDS + KEY]!;
    if (spec.refreshed !== null && key >= 0 && (key & 1) === 1) {
      const seconds = this.clock[0]! - this.time.get(stack, local + BEGUN);
      this.equipment.ages[this.refreshed(spec, fp)]!.fetched(key >> 1, seconds);
    }
    return stack[local] === ALONE || this.shared.isCurrent(stack[local]!);
  }

  /** A fetch has ended, made by a frame that is still there or not: those who wait for it go on, or try again. */
  private tell(fetch: number, status: number, by = NOBODY): void {
    const { ints } = this.frames;
    const { shared, code } = this;
    if (status !== 0 && shared.triesAgain(fetch)) {
      this.tryAgain(fetch);
      return;
    }
    for (let frame = shared.firstOf(fetch); frame >= 0; frame = shared.after(frame)) {
      const at = frame * FIELDS;
      // One that died meanwhile goes on where the dead go.
      if (code[ints[at + PC]!] === OPCODE_FETCH) {
        ints[at + STATUS] = status;
        ints[at + PC] = code[ints[at + PC]! + 2]!;
        if (this.versions !== null && by !== NOBODY) this.versions.pass(by, frame);
      }
      this.ready.add(frame);
    }
    shared.end(fetch, status === 0);
  }

  /** The first who waits asks for the lease, and gets it unless another has it; all behind him wait on. */
  private tryAgain(fetch: number): void {
    const { ints } = this.frames;
    const { shared } = this;
    const whose = shared.ownerOf(fetch);
    const key = shared.keyOf(fetch);
    const last = shared.lastOf(fetch);
    let frame = shared.firstOf(fetch);
    shared.end(fetch, false);
    while (frame >= 0) {
      const at = frame * FIELDS;
      const next = shared.after(frame);
      if ((ints[at + KEY]! & 1) === 1 && this.code[ints[at + PC]!] === OPCODE_FETCH) {
        const begun = shared.begin(whose, key, true, this.clock[0]!);
        if (begun === JOIN) shared.waitOn(whose, key, frame, last);
        else {
          const pc = ints[at + PC]!;
          this.start(ints[at + FP]! + this.fetches[this.code[pc + 1]!]!.slot, begun, 0);
          ints[at + PC] = pc + WIDTH;
          this.ready.add(frame);
          if (next >= 0) shared.waitOn(whose, key, next, last);
        }
        return;
      }
      // One that has died, or that another key stands for, leads nobody: it looks at its turn what there is to wait for.
      this.ready.add(frame);
      frame = next;
    }
  }

  /** Notes in the locals of a frame that it begins a fetch now. */
  private start(local: number, fetch: number, refreshes: number): void {
    const { stack } = this.frames;
    stack[local] = fetch;
    stack[local + REFRESHES] = refreshes;
    this.time.put(stack, local + BEGUN, this.clock[0]!);
  }

  /** The cache whose entries a fetch is about, which has some. */
  private refreshed({ refreshed, perInstance }: FetchSpec, fp: number): number {
    return perInstance ? refreshed! + this.frames.stack[fp + SLOT_INSTANCE]! : refreshed!;
  }

  private whose({ flights }: FetchSpec, fp: number): number {
    const { first, by } = flights!;
    return by === 'cache' ? first : first + this.frames.stack[fp + SLOT_INSTANCE]!;
  }

  private instanceOf(fp: number): number {
    return this.frames.stack[fp + SLOT_INSTANCE]!;
  }

  private keyOf(frame: number): number {
    return this.frames.ints[frame * FIELDS + KEY]!;
  }

  /** The frame waits, and goes on at `pc`. */
  private rest(frame: number, pc: number, fp: number): void {
    this.frames.ints[frame * FIELDS + PC] = pc;
    this.frames.ints[frame * FIELDS + FP] = fp;
  }
}
