import type { Span, SpanKind } from '../../report/trace.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Model, SpanSpec } from '../model.ts';
import type * as op from '../program/instructions.ts';
import type { PreemptionWatch } from '../stations/preemptive.ts';
import type { StationWatch } from './traced-stations.ts';
import type { Tracer } from './tracer.ts';

const STATUS = 2 satisfies typeof field.STATUS;
const MISS = 3 satisfies typeof field.MISS;
const PARENT = 7 satisfies typeof field.PARENT;
const PARENT_STAMP = 8 satisfies typeof field.PARENT_STAMP;
const STAMP = 9 satisfies typeof field.STAMP;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SPAN_BEGIN = 50 satisfies typeof op.SPAN_BEGIN;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const NONE = -1;

/** Kinds of which nothing is told where no time passed, unless they failed. */
const PASSING: ReadonlySet<SpanKind> = new Set(['queue', 'service', 'network', 'wait', 'backoff', 'refusal']);

type Attributes = Record<string, string | number | boolean>;

/** A span while it is recorded. */
interface Recorded {
  readonly parent: Recorded | null;
  readonly name: string;
  readonly component: string;
  readonly instance: number;
  readonly kind: SpanKind;
  readonly start: number;
  end: number;
  status: string;
  readonly attributes: Attributes;
  /** Nothing happened in it. */
  isEmpty: boolean;
}

/** A span that has not ended: where in its frame it began. */
interface Open {
  record: Recorded;
  readonly spec: SpanSpec;
  readonly depth: number;
  /** Where the locals of its activation begin, from those of the frame on. */
  readonly activation: number;
  /** The failure that was there before it began: an answer that tells of one is on its way like any other. */
  readonly before: number;
}

/** What is recorded of one frame. */
interface Followed {
  readonly request: Recorded[];
  /** The span that the frame's own are parts of. */
  readonly base: Recorded | null;
  open: Open[];
  /** Spans directly below the base. */
  readonly tops: Recorded[];
}

/** Records the spans of chosen requests, and of all that goes on for them, until the run ends. */
export class SpanRecorder implements Tracer, StationWatch, PreemptionWatch {
  readonly stations = this;
  readonly preemption = this;
  private readonly recorded = new Map<number, Recorded[]>();
  private readonly followed = new Map<number, Followed>();
  private readonly chosen: ReadonlySet<number>;
  private spans: readonly SpanSpec[] = [];
  private reasons: readonly string[] = [];
  private code: Int32Array = new Int32Array(0);
  private frames!: Frames;
  private clock!: Float64Array;
  private arrived = 0;

  /** @param chosen numbers of requests in the order of arrival, from 0 */
  constructor(chosen: ReadonlySet<number>) {
    this.chosen = chosen;
  }

  attach(model: Model, frames: Frames, clock: Float64Array): void {
    this.code = model.code;
    this.spans = model.spans!;
    this.reasons = model.reasons;
    this.frames = frames;
    this.clock = clock;
    frames.watch = this;
  }

  /** The spans of a chosen request, those that have not ended cut off now; times since `epoch`. */
  spansOf(number: number, epoch: number): Span[] {
    for (const [frame, { open, tops }] of this.followed) {
      for (const { record } of open) {
        record.end = this.clock[0]!;
        record.attributes['unfinished'] = true;
      }
      if (this.isForNobody(frame)) for (const record of tops) record.attributes['abandoned'] = true;
    }
    this.followed.clear();
    const kept = this.recorded
      .get(number)!
      .filter(({ isEmpty }) => !isEmpty)
      .sort((a, b) => a.start - b.start);
    const ids = new Map<Recorded | null, number>(kept.map((record, i) => [record, i + 1]));
    return kept.map(({ parent, start, end, isEmpty: _, ...rest }, i) => ({
      id: i + 1,
      parent: ids.get(parent) ?? null,
      ...rest,
      start: start - epoch,
      end: end - epoch,
    }));
  }

  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const spec = this.spans[code[pc + 1]!];
    const depth = code[pc + 2]!;
    const activation = fp - frame * this.frames.depth;
    if (code[pc] === SPAN_BEGIN) {
      if (spec!.kind === 'request') this.follow(frame);
      const followed = this.followed.get(frame);
      if (followed !== undefined) {
        this.endFrom(followed, frame, activation, depth);
        const before = this.frames.ints[frame * FIELDS + STATUS]!;
        this.begin(followed, spec!, { depth, activation, before }, fp, code[pc + 3]!);
      }
    } else {
      const followed = this.followed.get(frame);
      if (followed !== undefined) this.endFrom(followed, frame, activation, depth);
    }
    return pc + WIDTH;
  }

  branched(frame: number, parent: number): void {
    const from = this.followed.get(parent);
    if (from === undefined) return;
    const base = from.open.at(-1)?.record ?? from.base;
    this.followed.set(frame, { request: from.request, base, open: [], tops: [] });
  }

  inherited(heir: number, frame: number, locals: number): void {
    const from = this.followed.get(frame);
    if (from === undefined) return;
    const { request, base, tops, open } = from;
    const kept = open.filter(({ activation }) => activation < locals);
    this.followed.set(heir, { request, base, tops, open: kept });
    // What the dead had called goes on below the span in which it was called.
    this.followed.set(frame, {
      request,
      base: kept.at(-1)?.record ?? base,
      open: open.filter(({ activation }) => activation >= locals),
      tops: [],
    });
  }

  severed(frame: number, from: number, to: number, reason: number): void {
    const followed = this.followed.get(frame);
    if (followed === undefined) return;
    const dies = ({ activation }: Open): boolean => activation >= from && activation < to;
    for (const open of followed.open.filter(dies)) this.end(open, this.reasons[reason]!);
    followed.open = followed.open.filter((open) => !dies(open));
  }

  released(frame: number): void {
    const followed = this.followed.get(frame);
    if (followed === undefined) return;
    this.endFrom(followed, frame, 0, 0);
    this.followed.delete(frame);
    if (this.isForNobody(frame)) for (const record of followed.tops) record.attributes['abandoned'] = true;
  }

  queued(frame: number): void {
    this.turnInto(frame, 'queue', (name) => `wait for ${name}`);
  }

  served(frame: number): void {
    this.turnInto(frame, 'service', (name) => name);
  }

  stopped(frame: number): void {
    this.queued(frame);
  }

  resumed(frame: number): void {
    this.served(frame);
  }

  shared(frame: number, work: number): void {
    const open = this.followed.get(frame)?.open.at(-1);
    if (open !== undefined) open.record.attributes['work'] = work;
  }

  /** Whether a frame was part of another that waits for it no more. */
  private isForNobody(frame: number): boolean {
    const { ints } = this.frames;
    const at = frame * FIELDS;
    const parent = ints[at + PARENT]!;
    if (parent === NONE) return false;
    return parent < 0 || ints[parent * FIELDS + STAMP] !== ints[at + PARENT_STAMP];
  }

  /** A request arrives. */
  private follow(frame: number): void {
    const number = this.arrived++;
    if (!this.chosen.has(number)) return;
    const request: Recorded[] = [];
    this.recorded.set(number, request);
    this.followed.set(frame, { request, base: null, open: [], tops: [] });
  }

  private begin(
    followed: Followed,
    spec: SpanSpec,
    { depth, activation, before }: Pick<Open, 'depth' | 'activation' | 'before'>,
    fp: number,
    slot: number,
  ): void {
    const { stack } = this.frames;
    const { name, kind, component, hasInstances } = spec;
    const parent = followed.open.at(-1)?.record ?? followed.base;
    const instance = hasInstances ? stack[fp + SLOT_INSTANCE]! : 0;
    const attributes = slot > 0 ? { attempt: stack[fp + slot]! + 1 } : {};
    const record = this.record(followed.request, {
      parent,
      name,
      component,
      instance,
      kind: kindOf(kind, name),
      attributes,
    });
    if (parent === followed.base) followed.tops.push(record);
    followed.open.push({ record, spec, depth, activation, before });
  }

  private record(
    request: Recorded[],
    what: Omit<Recorded, 'start' | 'end' | 'status' | 'isEmpty'>,
  ): Recorded {
    const now = this.clock[0]!;
    const record: Recorded = { ...what, start: now, end: now, status: 'ok', isEmpty: false };
    request.push(record);
    return record;
  }

  /** Ends the innermost spans of a frame, down to those of an activation at a depth. */
  private endFrom({ open }: Followed, frame: number, activation: number, depth: number): void {
    const { ints } = this.frames;
    const status = ints[frame * FIELDS + STATUS]!;
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      const inside = last.activation > activation || (last.activation === activation && last.depth >= depth);
      if (!inside) return;
      open.pop();
      if (last.spec.kind === 'lookup' && last.record.parent !== null) {
        last.record.parent.attributes['cache.hit'] = ints[frame * FIELDS + MISS] === 0;
      }
      this.end(last, status === 0 || status === last.before ? 'ok' : this.reasons[status]!);
    }
  }

  private end({ record }: Open, status: string): void {
    record.end = this.clock[0]!;
    record.status = status;
    record.isEmpty = record.end === record.start && status === 'ok' && PASSING.has(record.kind);
  }

  /** The work that a frame asked for begins, or has to wait: its span ends here, and one of the other kind begins. */
  private turnInto(frame: number, kind: 'queue' | 'service', named: (station: string) => string): void {
    const followed = this.followed.get(frame);
    const open = followed?.open.at(-1);
    if (followed === undefined || open?.spec.kind !== 'service') return;
    const { parent, component, instance, attributes } = open.record;
    this.end(open, 'ok');
    const name = named(open.spec.name);
    open.record = this.record(followed.request, {
      parent,
      name,
      component,
      instance,
      kind,
      attributes: { ...attributes },
    });
    if (parent === followed.base) followed.tops.push(open.record);
  }
}

/**
 * A delay that is not a `wait` of the design is what a component without servers takes to answer, as an edge does: blame
 * charges it to service too.
 */
function kindOf(kind: SpanSpec['kind'], name: string): SpanKind {
  if (kind === 'lookup') return 'wait';
  return kind === 'wait' && name !== 'wait' ? 'service' : kind;
}
