import type { PlanCall, PlanParallel, PlanStep } from '../../design/plan.ts';
import type { SpanKind } from '../../report/trace.ts';
import type { InstanceChoice, Occasion } from '../instances.ts';
import type { Label } from '../label.ts';
import type { SpanSpec } from '../model.ts';
import type { Assembly } from '../program/assembly.ts';
import { Emitter } from '../program/emitter.ts';
import * as op from '../program/instructions.ts';

type Operand = number | Label;

const NO_SPAN = -1;
const NO_SLOT = 0;

/** What passes on the way between two components, by what the emitter calls it. */
const legs: Readonly<Record<string, string>> = {
  'request latency': 'network there',
  'answer latency': 'network back',
  transfer: 'network transfer',
  'latency to the shield': 'network there',
  'latency from the shield': 'network back',
};

type Details = Pick<SpanSpec, 'about' | 'guard' | 'branches'>;

/**
 * Writes the same code with instructions that say where spans begin and end. They stand around everything that takes
 * time, and around calls; they draw nothing, use no locals and change no way through the code.
 *
 * Whoever fails leaves its spans without coming to their end: time passes only within spans, so the next instruction
 * of a trace, at the same instant, ends them.
 */
export class TracedEmitter extends Emitter {
  private readonly spans: SpanSpec[];
  private readonly whole: number;
  private depth = 0;
  /** The slot that counts the failed attempts of the present call. */
  private attempts = NO_SLOT;
  /** Whom the present call goes to. */
  private to: string;
  /** The component that the present exchange is with. */
  private other: string | undefined;
  private delayed = '';
  private readonly branches = new Set<readonly PlanStep[]>();

  /** @param spans where what the spans are is added to */
  constructor(assembly: Assembly, code: number[], purpose: string, owner: number | null, spans: SpanSpec[]) {
    super(assembly, code, purpose, owner);
    this.spans = spans;
    this.to = purpose;
    this.whole = this.spec(owner === null ? 'request' : 'server', purpose);
    super.emit(op.SPAN_BEGIN, this.whole, this.depth++, NO_SLOT);
  }

  override return(): void {
    super.emit(op.SPAN_END, this.whole, 0);
    super.return();
  }

  override finishRequest(traffic: number): void {
    super.emit(op.SPAN_END, this.whole, 0);
    super.finishRequest(traffic);
  }

  override delay(time: Parameters<Emitter['delay']>[0], what: string): void {
    this.delayed = what;
    super.delay(time, what);
  }

  override exchange(operation: number, chosen?: InstanceChoice, network = true, about: Occasion = {}): void {
    const { component } = this.assembly.operation(operation);
    this.other = this.assembly.plan.components[component]!.name;
    this.span('client', this.nameOf(operation), () => super.exchange(operation, chosen, network, about));
    this.other = undefined;
  }

  override run(steps: readonly PlanStep[], cpu: number): void {
    if (this.branches.has(steps) && steps.length > 1)
      this.span('branch', 'branch', () => super.run(steps, cpu));
    else super.run(steps, cpu);
  }

  override emit(opcode: number, a: Operand = 0, b: Operand = 0, c: Operand = 0): void {
    const leaf = (kind: SpanSpec['kind'], name: string, about = this.other): void => {
      const spec = this.spec(kind, name, about === undefined ? {} : { about });
      super.emit(op.SPAN_BEGIN, spec, this.depth, kind === 'refusal' ? this.attempts : NO_SLOT);
      super.emit(opcode, a, b, c);
      super.emit(op.SPAN_END, spec, this.depth);
    };
    const { reasons } = this.assembly;
    switch (opcode) {
      case op.COMPUTE:
        leaf('service', this.stationName(a), this.stationName(a));
        return;
      case op.ACQUIRE:
        leaf('queue', `wait for ${this.stationName(a)}`, this.stationName(a));
        return;
      case op.DELAY: {
        const leg = legs[this.delayed];
        leaf(leg === undefined ? 'wait' : 'network', leg ?? this.delayed);
        return;
      }
      case op.LEG:
        leaf('network', 'network');
        return;
      case op.RESOLVE:
        leaf('network', 'name lookup');
        return;
      case op.LINK:
        leaf('network', 'network fault');
        return;
      case op.ENTER:
        leaf('refusal', 'connection');
        return;
      case op.LOOKUP:
        leaf('lookup', 'lookup');
        return;
      case op.KEEP:
        if (b === 0) leaf('lookup', 'lookup');
        else super.emit(opcode, a, b, c);
        return;
      case op.FETCH:
        leaf('queue', 'wait for the fetch of another');
        return;
      case op.PUBLISH:
        leaf('queue', 'wait for room');
        return;
      case op.CONFIRMED:
        leaf('queue', 'wait for replicas to confirm');
        return;
      case op.ADMIT:
      case op.LIMIT:
      case op.PASS:
        leaf('refusal', reasons[b as number]!);
        return;
      case op.FAIL:
      case op.DUE:
        leaf('refusal', reasons[a as number]!);
        return;
      case op.RETRYING:
        super.emit(opcode, a, b, c);
        this.attempts = b as number;
        return;
      case op.RETRY:
        leaf('backoff', 'backoff', this.to);
        this.attempts = NO_SLOT;
        return;
      case op.RECOVER:
        // How what failed had ended is forgotten here.
        super.emit(op.SPAN_END, NO_SPAN, this.depth);
        super.emit(opcode, a, b, c);
        return;
      case op.END:
        super.emit(op.SPAN_END, NO_SPAN, 0);
        super.emit(opcode, a, b, c);
        return;
      default:
        super.emit(opcode, a, b, c);
    }
  }

  protected override request(call: PlanCall): void {
    this.to = this.nameOf(call.operation);
    if (call.retry === undefined) super.request(call);
    else this.guarded('retries', () => super.request(call));
  }

  protected override elsewhere(
    opcode: number,
    timer: (at: number) => number,
    body: () => void,
    cancels?: boolean,
    answered?: () => void,
  ): void {
    const guard = opcode === op.HEDGE ? 'hedges' : 'timeout';
    this.guarded(guard, () => super.elsewhere(opcode, timer, body, cancels, answered));
  }

  protected override parallel(step: PlanParallel, cpu: number): void {
    for (const branch of step.branches) this.branches.add(branch);
    const branches = step.branches.map((steps, i) => this.wordFor(steps) ?? `branch ${i + 1}`);
    this.span('parallel', 'parallel', () => super.parallel(step, cpu), { branches });
  }

  override replicas(names: readonly string[], bodies: readonly (() => void)[], need: number): void {
    this.span('parallel', 'replicas', () => super.replicas(names, bodies, need), { branches: names });
  }

  private guarded(guard: NonNullable<SpanSpec['guard']>, body: () => void): void {
    this.span('call', `${this.to} with ${guard}`, body, { guard, about: this.to });
  }

  private span(kind: SpanKind, name: string, body: () => void, details: Details = {}): void {
    const spec = this.spec(kind, name, details);
    super.emit(op.SPAN_BEGIN, spec, this.depth++, this.attempts);
    body();
    super.emit(op.SPAN_END, spec, --this.depth);
  }

  private spec(kind: SpanSpec['kind'], name: string, details: Details = {}): number {
    const { owner, assembly } = this;
    const component = owner === null ? this.purpose : assembly.plan.components[owner]!.name;
    return this.spans.push({ kind, name, component, hasInstances: owner !== null, ...details }) - 1;
  }

  /** The first call of some steps, or what else they begin with; undefined where they do nothing. */
  private wordFor(steps: readonly PlanStep[]): string | undefined {
    const [first] = steps;
    if (first?.step === 'fallback') return this.wordFor(first.steps);
    const call = steps.find((step) => step.step === 'call');
    return call === undefined ? first?.step : this.nameOf(call.operation);
  }

  private nameOf(operation: number): string {
    const { component, name } = this.assembly.operation(operation);
    return `${this.assembly.plan.components[component]!.name}.${name}`;
  }

  private stationName(first: Operand): string {
    return this.assembly.stationGroups.find((group) => group.first === first)!.name;
  }
}
