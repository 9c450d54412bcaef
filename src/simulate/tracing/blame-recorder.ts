import { bucketOf } from '../../kernel/index.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Model, SpanSpec } from '../model.ts';
import type * as op from '../program/instructions.ts';
import {
  type BlameMeasurement,
  type BlameRow,
  type BlameTally,
  COUNT,
  FIRST_PART,
  type JoinTally,
  SECONDS,
} from './blame-measurement.ts';
import { BlameParts, type ChargedTo, GONE, OTHER } from './blame-parts.ts';
import { Ledger } from './ledger.ts';
import type { StationWatch } from './traced-stations.ts';
import type { Tracer } from './tracer.ts';

const STATUS = 2 satisfies typeof field.STATUS;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const PARENT = 7 satisfies typeof field.PARENT;
const PARENT_STAMP = 8 satisfies typeof field.PARENT_STAMP;
const STAMP = 9 satisfies typeof field.STAMP;
const NEED = 10 satisfies typeof field.NEED;
const SPARE = 11 satisfies typeof field.SPARE;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SPAN_BEGIN = 50 satisfies typeof op.SPAN_BEGIN;
const NONE = -1;
/** Instead of a part: the frame is no part of a request. */
const OFF = -1;
/** Waiting on a shared processor that is so small a share of the time there is none but rounding. */
const ROUNDING = 1e-9;

/**
 * Charges every instant of every request to one part: a queue, a server, a network, a timeout, a pause.
 *
 * A frame charges the time since its last instruction to what it was doing. While it waits for frames of its own, the
 * branch that ends the wait charges for it: of a parallel step the one that the step had to wait for, of a hedged call
 * the first to answer. Where none does, because time is up, all of it was waiting for the timeout. So the parts of a
 * request add up to its latency.
 */
export class BlameRecorder implements Tracer, StationWatch {
  readonly stations = this;
  /** How long work was put aside follows from how long it took. */
  readonly preemption = null;
  private readonly warmup: number;
  private readonly parts = new BlameParts();
  private readonly isSettled = (part: number): boolean => this.parts.isSettled(part);
  private specs: readonly SpanSpec[] = [];
  private charged: readonly ChargedTo[] = [];
  private code: Int32Array = new Int32Array(0);
  private reasons: readonly string[] = [];
  private frames!: Frames;
  private clock!: Float64Array;

  // By frame.
  /** When it began, and until when its time has been charged. */
  private began = new Float64Array(0);
  private since = new Float64Array(0);
  /** What its time is charged to from then on. */
  private part = new Int32Array(0);
  /** The span it has begun last. */
  private span = new Int32Array(0);
  /** Which of its parent's branches it is. */
  private branch = new Int32Array(0);
  /** Seconds of its own work on a shared processor; NaN where it has none. */
  private work = new Float64Array(0);
  private readonly ledgers: Ledger[] = [];

  /** By traffic and bucket, and by traffic and reason. */
  private servedRows: (BlameRow | undefined)[][] = [];
  private failedRows: (BlameRow | undefined)[][] = [];
  /** By traffic and span. */
  private joins: (JoinTally | undefined)[][] = [];

  /** @param warmup seconds of the run that are not measured */
  constructor(warmup: number) {
    this.warmup = warmup;
  }

  attach(model: Model, frames: Frames, clock: Float64Array): void {
    this.code = model.code;
    this.reasons = model.reasons;
    this.specs = model.spans!;
    this.charged = this.specs.map((spec) => this.parts.of(spec));
    this.frames = frames;
    this.clock = clock;
    this.servedRows = model.traffic.map(() => []);
    this.failedRows = model.traffic.map(() => []);
    this.joins = model.traffic.map(() => []);
    frames.watch = this;
    this.grow();
  }

  /** What the run has shown. */
  measurement(): BlameMeasurement {
    const traffic = this.servedRows.map((served, t): BlameTally => {
      const reasons = this.failedRows[t]!;
      return {
        served: [...filled(served)],
        failed: [...filled(reasons)].map(([reason, row]) => [this.reasons[reason]!, row] as const),
      };
    });
    const joins = this.joins.map((of) => [...filled(of)].map(([, join]) => join));
    return { parts: this.parts.all, traffic, joins };
  }

  execute(frame: number, pc: number, fp: number): number {
    const next = pc + WIDTH;
    const { code } = this;
    const spec = code[pc + 1]!;
    const begins = code[pc] === SPAN_BEGIN;
    if (begins && this.specs[spec]!.kind === 'request') this.follow(frame);
    if (frame >= this.part.length || this.part[frame] === OFF) return next;
    const ledger = this.ledgers[frame]!;
    if (ledger.pause !== NONE) {
      // RETRY goes on at the next attempt, or at the end of its own span.
      if (begins || spec !== ledger.pause) ledger.attemptFailed(this.isSettled);
      ledger.pause = NONE;
    }
    this.charge(frame, ledger);
    ledger.join = NONE;
    const activation = fp - frame * this.frames.depth;
    const depth = code[pc + 2]!;
    ledger.leave(activation, depth);
    if (begins) this.begin(frame, ledger, spec, activation, depth);
    else {
      this.part[frame] = OTHER;
      if (spec !== NONE && this.specs[spec]!.kind === 'request') this.end(frame, ledger);
    }
    return next;
  }

  branched(frame: number, parent: number): void {
    if (frame >= this.part.length) this.grow();
    if (this.part[parent] === OFF) {
      this.part[frame] = OFF;
      return;
    }
    this.start(frame);
    const ledger = this.ledgers[parent]!;
    this.branch[frame] = ledger.branches;
    if (ledger.join !== NONE) ledger.ended[ledger.branches++] = Number.NaN;
  }

  inherited(heir: number, frame: number): void {
    if (heir >= this.part.length) this.grow();
    if (this.part[frame] === OFF) {
      this.part[heir] = OFF;
      return;
    }
    const ledger = this.ledgers[frame]!;
    this.charge(frame, ledger);
    this.ledgers[frame] = this.ledgers[heir] ?? new Ledger();
    this.ledgers[heir] = ledger;
    ledger.join = NONE;
    ledger.pause = NONE;
    this.began[heir] = this.began[frame]!;
    this.since[heir] = this.since[frame]!;
    this.branch[heir] = this.branch[frame]!;
    this.work[heir] = Number.NaN;
    this.part[heir] = GONE;
    // What the dead had called goes on for nobody.
    this.part[frame] = OFF;
  }

  released(frame: number): void {
    if (frame >= this.part.length || this.part[frame] === OFF) return;
    const { ints } = this.frames;
    const at = frame * FIELDS;
    const parent = ints[at + PARENT]!;
    if (parent >= 0) {
      const from = parent * FIELDS;
      const awaited = ints[from + STAMP] === ints[at + PARENT_STAMP] && this.part[parent] !== OFF;
      if (awaited) {
        const decides = ints[at + STATUS] === 0 ? ints[from + NEED] === 1 : ints[from + SPARE] === 0;
        if (decides) this.chargeFor(parent, frame);
        else if (this.ledgers[parent]!.join !== NONE)
          this.ledgers[parent]!.ended[this.branch[frame]!] = this.clock[0]!;
      }
    }
    this.part[frame] = OFF;
  }

  queued(frame: number): void {
    this.turnInto(frame, 'queued');
  }

  served(frame: number): void {
    this.turnInto(frame, 'served');
  }

  shared(frame: number, work: number): void {
    this.work[frame] = work;
  }

  /** A request arrives. */
  private follow(frame: number): void {
    if (frame >= this.part.length) this.grow();
    this.start(frame);
  }

  private start(frame: number): void {
    const now = this.clock[0]!;
    this.began[frame] = now;
    this.since[frame] = now;
    this.part[frame] = OTHER;
    this.work[frame] = Number.NaN;
    this.ledgers[frame] ??= new Ledger();
    this.ledgers[frame].clear();
  }

  private begin(frame: number, ledger: Ledger, spec: number, activation: number, depth: number): void {
    this.part[frame] = this.charged[spec]!.begins;
    this.span[frame] = spec;
    const { kind, guard } = this.specs[spec]!;
    if (kind === 'parallel') ledger.beginJoin(spec);
    else if (guard === 'retries') ledger.beginRetried(activation, depth, this.charged[spec]!.failed);
    else if (kind === 'backoff' && this.frames.ints[frame * FIELDS + STATUS] !== 0) ledger.pause = spec;
  }

  /** A request ends. */
  private end(frame: number, ledger: Ledger): void {
    const now = this.clock[0]!;
    if (now < this.warmup) return;
    const { ints, starts } = this.frames;
    const traffic = ints[frame * FIELDS + TRAFFIC]!;
    const status = ints[frame * FIELDS + STATUS]!;
    const latency = now - starts[frame]!;
    const rows = status === 0 ? this.servedRows[traffic]! : this.failedRows[traffic]!;
    const at = status === 0 ? bucketOf(latency) : status;
    rows[at] ??= new Float64Array(FIRST_PART + this.parts.all.length);
    const row = rows[at];
    row[COUNT]!++;
    row[SECONDS]! += latency;
    ledger.addTo(row, FIRST_PART);
  }

  /** Charges the time since it was last charged. */
  private charge(frame: number, ledger: Ledger): void {
    const now = this.clock[0]!;
    const seconds = now - this.since[frame]!;
    if (seconds === 0) return;
    this.since[frame] = now;
    const part = this.part[frame]!;
    const work = this.work[frame]!;
    const waiting = seconds - work;
    // Without work on a shared processor, this is no number.
    if (waiting > ROUNDING * seconds) {
      ledger.charge(this.charged[this.span[frame]!]!.queued, waiting);
      ledger.charge(part, work);
    } else ledger.charge(part, seconds);
    this.work[frame] = Number.NaN;
  }

  /** A branch has ended for which its parent waited: what that waited for is what the branch did. */
  private chargeFor(parent: number, branch: number): void {
    const own = this.ledgers[branch]!;
    const ledger = this.ledgers[parent]!;
    this.charge(branch, own);
    const before = this.began[branch]! - this.since[parent]!;
    if (before > 0) ledger.charge(this.part[parent]!, before);
    ledger.take(own);
    this.since[parent] = this.clock[0]!;
    if (ledger.join !== NONE) this.noteJoin(parent, branch, ledger);
  }

  private noteJoin(parent: number, branch: number, { join, ended }: Ledger): void {
    const now = this.clock[0]!;
    if (now < this.warmup) return;
    const joins = this.joins[this.frames.ints[parent * FIELDS + TRAFFIC]!]!;
    const { component, branches = [] } = this.specs[join]!;
    joins[join] ??= {
      step: join,
      component,
      branches,
      decided: new Float64Array(branches.length),
      earlier: new Float64Array(branches.length),
      slack: new Float64Array(branches.length),
    };
    const { decided, earlier, slack } = joins[join];
    decided[this.branch[branch]!]!++;
    for (let b = 0; b < ended.length; b++) {
      if (Number.isNaN(ended[b])) continue;
      earlier[b]!++;
      slack[b]! += now - ended[b]!;
    }
  }

  /** The work that a frame asked for has to wait, or begins. */
  private turnInto(frame: number, what: 'queued' | 'served'): void {
    if (frame >= this.part.length || this.part[frame] === OFF) return;
    this.charge(frame, this.ledgers[frame]!);
    this.part[frame] = this.charged[this.span[frame]!]![what];
  }

  private grow(): void {
    const { capacity } = this.frames;
    const [had, part] = [this.part.length, this.part];
    const larger = <T extends Float64Array | Int32Array>(values: T, more: T): T => {
      more.set(values);
      return more;
    };
    this.began = larger(this.began, new Float64Array(capacity));
    this.since = larger(this.since, new Float64Array(capacity));
    this.work = larger(this.work, new Float64Array(capacity));
    this.span = larger(this.span, new Int32Array(capacity));
    this.branch = larger(this.branch, new Int32Array(capacity));
    this.part = larger(part, new Int32Array(capacity)).fill(OFF, had);
  }
}

/** Those that are there, with their places, ascending. */
function* filled<T>(all: readonly (T | undefined)[]): Generator<readonly [number, T]> {
  for (const at of Object.keys(all).map(Number)) {
    const each = all[at];
    if (each !== undefined) yield [at, each];
  }
}
