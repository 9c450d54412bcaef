import { DedupWindow, IdempotencyKeys } from '../blocks/index.ts';
import { mix32 } from '../kernel/index.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import { LocalTime } from './local-time.ts';
import type { Model, OnceSpec } from './model.ts';
import type * as op from './program/instructions.ts';

const STATUS = 2 satisfies typeof field.STATUS;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;

/** Requests that a run remembers where a design says no number. */
const MOST = 2 ** 22;
/** Requests done among which one that is done again is found out. */
const LOOKED_BACK = 2 ** 20;

/** What one run measured of steps that are to be done once. Plain data: it crosses from a worker as it is. */
export interface OnceMeasurement {
  /** Times that they were done well, and those of them that were for a request they had been done for. */
  readonly done: number;
  readonly repeated: number;
  /** Repeats that were known, and went on behind them. */
  readonly skipped: number;
  /** Repeats that came while they were being done, and requests for which there was no key. */
  readonly busy: number;
  readonly full: number;
}

/** Steps that are done once for each request; blocks remember which have been done. */
export class Onces {
  private readonly model: Model;
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  private readonly guards: readonly Guard[];
  private readonly locals = new LocalTime();

  constructor(model: Model, frames: Frames, clock: Float64Array) {
    this.model = model;
    this.frames = frames;
    this.clock = clock;
    this.guards = model.onces.map((spec) => new Guard(spec));
    frames.keepNames();
  }

  /**
   * Does the instruction at `pc`, one of those that are about names of requests.
   * @returns where the frame goes on
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this.model;
    const { ints, stack } = this.frames;
    const names = this.frames.names!;
    const a = code[pc + 1]!;
    switch (code[pc]!) {
      case 76 satisfies typeof op.NAME: {
        this.locals.put(stack, fp + code[pc + 2]!, names[frame]!);
        const nth = stack[fp + code[pc + 3]!]!++;
        names[frame] = nameOf(names[frame]!, a, nth);
        return pc + WIDTH;
      }
      case 77 satisfies typeof op.UNNAME:
        names[frame] = this.locals.get(stack, fp + a);
        return pc + WIDTH;
      case 78 satisfies typeof op.ONCE: {
        const guard = this.guards[a]!;
        const outcome = guard.begin(names[frame]!, this.clock[0]!);
        if (outcome === 'first') {
          stack[fp + guard.spec.token] = guard.token;
          return pc + WIDTH;
        }
        if (outcome === 'done') return code[pc + 2]!;
        if (outcome === 'full' && guard.spec.keys === null) this.frames.isExhausted = true;
        ints[frame * FIELDS + STATUS] = outcome === 'full' ? guard.spec.full : guard.spec.busy;
        return code[pc + 3]!;
      }
      case 79 satisfies typeof op.ONCE_DONE: {
        const guard = this.guards[a]!;
        const isWell = ints[frame * FIELDS + STATUS] === 0;
        guard.end(names[frame]!, stack[fp + guard.spec.token]!, isWell, this.clock[0]!);
        return pc + WIDTH;
      }
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  restart(): void {
    for (const guard of this.guards) guard.counts = nothing();
  }

  measured(): OnceMeasurement[] {
    return this.guards.map(({ counts }) => ({ ...counts }));
  }
}

type Counts = { -readonly [Count in keyof OnceMeasurement]: number };

const nothing = (): Counts => ({ done: 0, repeated: 0, skipped: 0, busy: 0, full: 0 });

/** What remembers the requests whose steps have been done, or are being done. */
class Guard {
  readonly spec: OnceSpec;
  counts = nothing();
  /** After `first`. */
  token = 0;
  private readonly keys: IdempotencyKeys<number, null> | null;
  private readonly window: DedupWindow<number> | null;
  /** Whatever the design remembers, the run knows what was done before. */
  private readonly known = new DedupWindow<number>({
    span: Number.POSITIVE_INFINITY,
    capacity: LOOKED_BACK,
  });

  constructor(spec: OnceSpec) {
    const { keep, lease, keys, whenFull } = spec;
    const capacity = keys ?? MOST;
    this.spec = spec;
    this.keys = keep > 0 && whenFull === 'reject' ? new IdempotencyKeys({ capacity, lease, keep }) : null;
    this.window = keep > 0 && whenFull === 'forget' ? new DedupWindow({ span: keep, capacity }) : null;
  }

  begin(name: number, now: number): 'first' | 'done' | 'in-progress' | 'full' {
    const outcome = this.decide(name, now);
    if (outcome === 'done') this.counts.skipped++;
    else if (outcome === 'in-progress') this.counts.busy++;
    else if (outcome === 'full') this.counts.full++;
    return outcome;
  }

  end(name: number, token: number, isWell: boolean, now: number): void {
    if (isWell) {
      this.counts.done++;
      if (!this.known.firstSeen(name, now)) this.counts.repeated++;
      this.keys?.complete(name, token, null, now);
    } else {
      this.keys?.abandon(name, token, now);
      this.window?.forget(name);
    }
  }

  private decide(name: number, now: number): 'first' | 'done' | 'in-progress' | 'full' {
    if (this.window !== null) return this.window.firstSeen(name, now) ? 'first' : 'done';
    if (this.keys === null) return 'first';
    const decision = this.keys.begin(name, 0, now);
    this.token = this.keys.token;
    // Names are all that is asked by: two that are alike ask the same.
    return decision === 'mismatch' ? 'done' : decision;
  }
}

/** The name of the nth call, made at a place, of a request: the same for whoever repeats the request. */
function nameOf(request: number, place: number, nth: number): number {
  // MurmurHash3's finalizer (Appleby) on each half, so that names of 53 bits hardly ever meet.
  const high = mix32(Math.floor(request / 2 ** 32) ^ Math.imul(place + 1, 0x9e3779b1));
  const low = mix32((request >>> 0) ^ Math.imul(nth + 1, 0x85ebca6b) ^ high);
  return (mix32(high ^ low) >>> 11) * 2 ** 32 + low;
}
