import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Model, SpanSpec } from '../model.ts';
import type * as op from '../program/instructions.ts';
import type { Tracer } from './tracer.ts';

const STATUS = 2 satisfies typeof field.STATUS;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SPAN_BEGIN = 50 satisfies typeof op.SPAN_BEGIN;
const NONE = -1;

/** Instead of how a request ended: it had not when the run did. */
export const UNFINISHED = -1;

/** One request that ended while it was measured, or had not ended with the run. */
export interface Candidate {
  /** Its number in the order of arrival, all traffic together, from 0. */
  readonly number: number;
  readonly traffic: number;
  /** Seconds; of an unfinished one, up to the end of the run. */
  readonly latency: number;
  /** 0 = served, {@link UNFINISHED}, else a reason. */
  readonly status: number;
  /** Whether one of its calls was tried again. */
  readonly retried: boolean;
}

/** Looks at all requests of a run, and at nothing but how each ended, so that some can be chosen. */
export class Scout implements Tracer {
  readonly stations = null;
  private readonly warmup: number;
  private readonly found: Candidate[] = [];
  private readonly retried = new Set<number>();
  /** By number, the traffic of those under way and when they began. */
  private readonly underWay = new Map<number, readonly [traffic: number, start: number]>();
  private spans: readonly SpanSpec[] = [];
  private code: Int32Array = new Int32Array(0);
  private frames!: Frames;
  private clock!: Float64Array;
  private arrived = 0;
  /** By frame, the number of the request that it is a part of. */
  private numbers = new Int32Array(0);

  /** @param warmup seconds of the run that are not measured */
  constructor(warmup: number) {
    this.warmup = warmup;
  }

  /** What the run has shown of requests that ended. */
  get candidates(): readonly Candidate[] {
    return this.found;
  }

  /** Those that had not ended when the run did. */
  get unfinished(): Candidate[] {
    const now = this.clock[0]!;
    return [...this.underWay].map(([number, [traffic, start]]) => ({
      number,
      traffic,
      latency: now - start,
      status: UNFINISHED,
      retried: this.retried.has(number),
    }));
  }

  attach(model: Model, frames: Frames, clock: Float64Array): void {
    this.code = model.code;
    this.spans = model.spans!;
    this.frames = frames;
    this.clock = clock;
    frames.watch = this;
  }

  execute(frame: number, pc: number, fp: number): number {
    const { code, frames } = this;
    const spec = code[pc + 1]!;
    const isRequest = spec !== NONE && this.spans[spec]!.kind === 'request';
    if (code[pc] === SPAN_BEGIN) {
      if (isRequest) this.begin(frame);
      const slot = code[pc + 3]!;
      if (slot > 0 && frames.stack[fp + slot]! > 0) this.retried.add(this.numbers[frame]!);
    } else if (isRequest) this.end(frame);
    return pc + WIDTH;
  }

  branched(frame: number, parent: number): void {
    this.note(frame, this.numbers[parent]!);
  }

  inherited(heir: number, frame: number): void {
    this.note(heir, this.numbers[frame]!);
  }

  private begin(frame: number): void {
    const { ints, starts } = this.frames;
    this.underWay.set(this.arrived, [ints[frame * FIELDS + TRAFFIC]!, starts[frame]!]);
    this.note(frame, this.arrived++);
  }

  private end(frame: number): void {
    const number = this.numbers[frame]!;
    this.underWay.delete(number);
    const retried = this.retried.delete(number);
    const now = this.clock[0]!;
    if (now < this.warmup) return;
    const { ints, starts } = this.frames;
    const traffic = ints[frame * FIELDS + TRAFFIC]!;
    const status = ints[frame * FIELDS + STATUS]!;
    this.found.push({ number, traffic, latency: now - starts[frame]!, status, retried });
  }

  private note(frame: number, number: number): void {
    if (frame >= this.numbers.length) {
      const more = new Int32Array(this.frames.capacity);
      more.set(this.numbers);
      this.numbers = more;
    }
    this.numbers[frame] = number;
  }
}
