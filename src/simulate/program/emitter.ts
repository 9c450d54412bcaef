import type { PlanCall, PlanKey, PlanOperation, PlanParallel, PlanStep } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { HeldWhat } from '../held.ts';
import type { InstanceChoice, Occasion } from '../instances.ts';
import type { Label } from '../label.ts';
import type { Assembly } from './assembly.ts';
import { emitPick } from './balancer-emission.ts';
import { emitChoose, emitJourney, emitRepeat } from './choice-emission.ts';
import { emitRequest } from './connection-emission.ts';
import { emitDue } from './deadline-emission.ts';
import { emitFetch } from './fetch-emission.ts';
import { emitMember } from './follower-emission.ts';
import { emitHotKeys } from './hot-emission.ts';
import * as op from './instructions.ts';
import { keySpaceOf } from './key-emission.ts';
import { emitTransfer, emitTransferOfAnswer, emitTravel } from './network-emission.ts';
import { emitNamed, emitOnce } from './once-emission.ts';
import { emitNode } from './placement-emission.ts';
import { emitProtected } from './protected-request.ts';
import { emitQuorum } from './quorum-emission.ts';
import { emitProxy } from './sidecar-emission.ts';

const UNPLACED = -1;
const REQUEST_KEY = -1;

/**
 * Writes the code of one operation. Kinds use it to say what happens inside a component; user-written steps
 * are translated here.
 *
 * Failure is a register of the frame, not an unwinding: whatever can fail is followed by a jump to the
 * current failure label, which stands where the resources taken so far are given back.
 */
export class Emitter {
  readonly assembly: Assembly;
  /** Whether the operation may have been told of a deadline, after which it begins nothing. */
  isTold = false;
  /** Slot that counts the calls whose callees have to know a repeat; 0 where there are none. */
  counter = 0;
  /** Names what it is the code of to what is shared by operations that differ in the headers of their requests alone. */
  site: string;
  protected readonly purpose: string;
  protected readonly owner: number | null;
  protected readonly code: number[];
  private readonly calls: { readonly at: number; readonly operation: number }[] = [];
  private readonly sizeUses: { readonly at: number; readonly operand: number }[] = [];
  private locals = op.FIRST_LOCAL;
  private failure: Label;
  /** Slot of the key of the latest call, for calls about the same key. */
  private lastKey = REQUEST_KEY;
  private readonly tables: { readonly places: Int32Array; readonly labels: readonly Label[] }[] = [];
  private streams = 0;
  private places = 0;

  /**
   * @param purpose names the operation in the purposes of its random streams
   * @param owner the component that does the operation; null where a traffic begins
   */
  constructor(assembly: Assembly, code: number[], purpose: string, owner: number | null = null) {
    this.owner = owner;
    this.assembly = assembly;
    this.code = code;
    this.purpose = purpose;
    this.site = purpose;
    this.failure = this.label();
  }

  /** Where the operation goes when it cannot succeed. */
  get failureLabel(): Label {
    return this.failure;
  }

  /** Operations called so far. */
  get callees(): readonly number[] {
    return this.calls.map((call) => call.operation);
  }

  /** Locals used so far. */
  get activationSize(): number {
    return this.locals;
  }

  /** Fills in what was not known while emitting: where operations begin, and the size of this activation. */
  finish(entries: Int32Array): void {
    for (const call of this.calls) this.code[call.at + 1] = entries[call.operation]!;
    for (const use of this.sizeUses) this.code[use.at + use.operand] = this.locals;
    for (const table of this.tables)
      table.labels.forEach((label, i) => {
        table.places[i] = label.at;
      });
  }

  slot(): number {
    return this.locals++;
  }

  label(): Label {
    return { at: UNPLACED, uses: [] };
  }

  place(label: Label): void {
    label.at = this.code.length;
    for (const use of label.uses) this.code[use] = label.at;
  }

  jump(label: Label): void {
    this.emit(op.JUMP, label);
  }

  /** Work of `time` on a server of the station; none where a kind has no such work. */
  compute(station: number, time: Distribution, what: string): void {
    if (time.law !== 'constant' || time.value !== 0) this.work(station, time, what);
  }

  /** As `compute`, but work of no time waits for a server too: that is what a user wrote. */
  work(station: number, time: Distribution, what: string): void {
    this.emit(op.COMPUTE, station, this.sampler(time, what), this.whenRefused(station));
  }

  /** Time that passes without using anything. */
  delay(time: Distribution, what: string): void {
    if (time.law === 'constant' && time.value === 0) return;
    this.emit(op.DELAY, this.sampler(time, what));
  }

  /**
   * Does `body` while holding a server of the station; gives it back however the body ends.
   * @param refused where who is refused goes; unless said, the operation fails
   */
  holding(station: number, body: () => void, refused: Label | number = this.whenRefused(station)): void {
    this.emit(op.ACQUIRE, station, 0, refused);
    const given = this.holds('server', station);
    const canFail = this.attempt(() => {
      if (this.isTold) emitDue(this);
      body();
    });
    this.emit(op.RELEASE, station);
    given();
    if (canFail) this.emit(op.CHECK, this.failure);
  }

  /** From here on the frame holds something; call what comes back behind where it gives it back. */
  holds(what: HeldWhat, of = 0, slot = 0, timed = 0): () => void {
    const from = this.code.length;
    return () => this.assembly.held.push({ what, of, slot, timed, from, to: this.code.length });
  }

  lookup(cache: number): void {
    this.emit(op.LOOKUP, cache);
    this.version(cache, 0, 0);
  }

  fill(cache: number): void {
    this.emit(op.FILL, cache);
    this.version(cache, 1, 0);
  }

  drop(cache: number): void {
    this.emit(op.DROP, cache);
  }

  /** What LOOKUP, FILL and DROP do, in a cache of whose entries more is known than that they are there. */
  keep(cache: number, what: 'lookup' | 'fill' | 'drop', perInstance = false): void {
    this.emit(op.KEEP, cache, what === 'lookup' ? 0 : what === 'fill' ? 1 : 2, perInstance ? 1 : 0);
    if (what !== 'drop') this.version(cache, what === 'lookup' ? 0 : 1, perInstance ? 1 : 0);
  }

  /** Behind a lookup or a fill: which version the copy is of, where the scenario changes the data. */
  private version(cache: number, what: number, perInstance: number): void {
    const { caches, faultSites } = this.assembly;
    if (faultSites.changes(caches[cache]!.keySpace)) this.emit(op.VERSION, cache, what, perInstance);
  }

  /** Behind a read of a store, where the scenario changes the data: which version it gave out. */
  private readVersion({ moves, carries }: PlanCall, { component, steps, forwards }: PlanOperation): void {
    const item = moves ?? carries;
    const isStore = steps.length === 0 && forwards === null;
    if (item?.with !== 'answer' || !isStore || this.assembly.component(component).cache !== undefined) return;
    if (this.assembly.faultSites.changes(item.data)) this.emit(op.VERSION, item.data, 2, 0);
  }

  /** Starts what is at `entry` as a frame of its own where the entry that was hit is due to be fetched anew. */
  refresh(fetch: number, entry: Label): void {
    this.sizeUses.push({ at: this.code.length, operand: 3 });
    this.emit(op.REFRESH, fetch, entry);
  }

  /** An instruction that starts frames at a label, with a copy of the locals of this activation. */
  emitSized(opcode: number, a: number, entry: Label): void {
    this.sizeUses.push({ at: this.code.length, operand: 3 });
    this.emit(opcode, a, entry);
  }

  end(): void {
    this.emit(op.END);
  }

  finishRequest(traffic: number): void {
    this.emit(op.FINISH, traffic);
  }

  return(): void {
    this.emit(op.RETURN);
  }

  /**
   * A request to another operation and its answer, network both ways.
   * @param chosen how the callee's instance is chosen; without it, as the callee's kind says
   * @param about the call that it makes, whose item travels along; or the traffic whose users ask
   */
  exchange(operation: number, chosen?: InstanceChoice, network = true, about: Occasion = {}): void {
    const callee = this.assembly.operation(operation);
    const choice = chosen ?? this.assembly.component(callee.component).choice;
    // What stands where it is asked is no way off, and its instance is that of who asks.
    const here = callee.asked !== undefined;
    if (here) network = false;
    if (choice.by === 'quorum') {
      emitQuorum(this, operation, choice, network, about);
      return;
    }
    if (choice.by === 'followers') {
      emitMember(this, operation, choice, network, about);
      return;
    }
    const sidecar = about.call && this.owner !== null ? this.assembly.sidecars.get(this.owner) : undefined;
    if (sidecar !== undefined) emitProxy(this, sidecar);
    let slot = choice.by === 'slot' ? choice.slot : UNPLACED;
    let settle: (() => void) | null = null;
    const nobody = this.label();
    if (choice.by === 'balancer') {
      ({ slot, settle } = emitPick(this, choice.balancer, callee.component, nobody));
    } else if (choice.by === 'key') slot = emitNode(this, callee.component, choice.placement, about);
    const { call = null, traffic = null, asked } = about;
    const carries = call?.carries;
    const caller = asked === undefined ? this.owner : asked.by;
    const message = { caller, traffic, callee: callee.component, slot, call, asked };
    const lost = this.label();
    const over = emitRequest(this, { ...message, way: 'request' }, network, lost);
    if (carries?.with === 'request') emitTransfer(this, carries.data);
    const turnedAway = this.label();
    const isGuarded = this.assembly.component(callee.component).guardsItself !== true;
    if (isGuarded && this.assembly.faultSites.entry(callee.component)) {
      this.emit(op.ENTER, this.assembly.firstInstance[callee.component]!, slot, turnedAway);
    }
    this.calls.push({ at: this.code.length, operation });
    this.sizeUses.push({ at: this.code.length, operand: 2 });
    this.emit(op.CALL, 0, 0, here && this.owner !== null ? op.SLOT_INSTANCE : slot);
    if (call !== null) this.readVersion(call, callee);
    this.place(turnedAway);
    emitTravel(this, { ...message, way: 'answer' }, network, lost);
    if (carries?.with === 'answer') emitTransferOfAnswer(this, carries.data, callee.component);
    this.place(lost);
    over?.();
    settle?.();
    this.place(nobody);
    const spoilt = lost.uses.length > 0 || turnedAway.uses.length > 0 || nobody.uses.length > 0;
    if (spoilt || this.assembly.canFail.has(operation)) this.emit(op.CHECK, this.failure);
  }

  /** User-written steps, with `compute` on the given station. */
  run(steps: readonly PlanStep[], cpu: number): void {
    for (const step of steps) this.step(step, cpu);
  }

  /** Does `body` for at most `timeout` seconds: on a timer, in a frame of its own that goes on after it. */
  within(timeout: number, body: () => void, cancels?: boolean): void {
    this.elsewhere(op.SPAWN, () => this.assembly.timer(timeout), body, cancels);
  }

  /** The same for at most such a budget, and until the deadline that the operation was told of. */
  withinDeadline(budget: number, body: () => void, cancels?: boolean): void {
    this.elsewhere(op.SPAWN_DUE, () => budget, body, cancels);
  }

  /** Does `body` in a frame of its own, and again every `after` seconds, `most` times; the first to succeed counts. */
  hedged(after: number, most: number, body: () => void, cancels?: boolean): void {
    this.elsewhere(op.HEDGE, (at) => this.assembly.hedge(after, most, at), body, cancels);
  }

  /** The same where a policy says when and whether `body` is done again; `first` is that of the caller's instance 0. */
  hedgedBy(first: number, body: () => void, cancels?: boolean): void {
    const slot = this.slot();
    this.slot();
    this.emit(op.HEDGING, first, slot, 0);
    this.elsewhere(
      op.HEDGE,
      () => -1 - first,
      body,
      cancels,
      () => this.emit(op.HEDGING, first, slot, 1),
    );
  }

  protected elsewhere(
    opcode: number,
    timer: (at: number) => number,
    body: () => void,
    cancels = false,
    answered?: () => void,
  ): void {
    const after = this.label();
    const branch = this.label();
    const at = this.code.length;
    this.sizeUses.push({ at, operand: 3 });
    if (cancels) this.assembly.linked.push(at);
    if (cancels) this.assembly.cancels.push(at);
    this.emit(opcode, branch, timer(at), 0);
    answered?.();
    this.emit(op.CHECK, this.failure);
    this.jump(after);
    this.place(branch);
    this.branchOf(body);
    this.place(after);
  }

  /** Slot of the key a call is about; draws it where the call says so. */
  private keySlot(key: PlanKey): number {
    if (key.from === 'request' || key.from === 'shard') this.lastKey = REQUEST_KEY;
    else if (key.from !== 'last') {
      this.lastKey = this.slot();
      this.emit(op.DRAW_KEY, keySpaceOf(key, this.assembly), this.lastKey);
    }
    return this.lastKey;
  }

  private step(step: PlanStep, cpu: number): void {
    if (this.isTold) emitDue(this);
    switch (step.step) {
      case 'compute':
        this.work(cpu, step.time, 'compute');
        return;
      case 'wait':
        this.delay(step.time, 'wait');
        return;
      case 'call':
        emitNamed(this, step, () => this.call(step, cpu));
        return;
      case 'once':
        emitOnce(this, step, this.site, () => this.run(step.steps, cpu));
        return;
      case 'fallback':
        this.fallback(step.steps, step.otherwise, cpu);
        return;
      case 'fail':
        this.emit(op.FAIL, this.assembly.answer(step.reason), this.failure);
        return;
      case 'repeat':
        emitRepeat(this, step.times, () => this.run(step.steps, cpu));
        return;
      case 'choose':
        emitChoose(this, step.cases, (steps) => this.run(steps, cpu));
        return;
      case 'journey':
        emitJourney(this, step.states, (steps) => this.run(steps, cpu));
        return;
      case 'parallel':
        this.parallel(step, cpu);
        return;
    }
  }

  private call(call: PlanCall, cpu: number): void {
    const callee = this.assembly.operation(call.operation);
    const provided = callee.steps.length === 0 && callee.forwards === null;
    const slot = this.keySlot(call.key);
    emitHotKeys(this, call, slot, this.site, this.owner, () => this.ask(call, slot, provided, cpu));
  }

  private ask(call: PlanCall, slot: number, provided: boolean, cpu: number): void {
    if (provided) this.emit(op.USE_KEY, slot);
    if (provided || slot === REQUEST_KEY) this.request(call);
    else this.requestAbout(call, slot);
    if (call.onMiss.length > 0 && !emitFetch(this, call, this.owner, (steps) => this.run(steps, cpu))) {
      const hit = this.label();
      this.emit(op.IF_HIT, hit);
      this.run(call.onMiss, cpu);
      this.place(hit);
    }
  }

  protected request(call: PlanCall): void {
    const { component, name } = this.assembly.operation(call.operation);
    const over = call.cancel ? null : this.holds('kept');
    emitProtected(this, call, `${this.assembly.plan.components[component]!.name}.${name}`, this.owner, () =>
      this.exchange(call.operation, undefined, true, { call }),
    );
    over?.();
  }

  private fallback(steps: readonly PlanStep[], otherwise: readonly PlanStep[], cpu: number): void {
    if (!this.attempt(() => this.run(steps, cpu))) return;
    const failed = this.label();
    const end = this.label();
    this.emit(op.CHECK, failed);
    this.jump(end);
    this.place(failed);
    this.emit(op.RECOVER);
    this.run(otherwise, cpu);
    this.place(end);
  }

  /** A request to a user's operation that is about another key than the present request. */
  private requestAbout(call: PlanCall, slot: number): void {
    this.emit(op.SWAP_KEY, slot);
    const canFail = this.attempt(() => this.request(call));
    this.emit(op.SWAP_KEY, slot);
    if (canFail) this.emit(op.CHECK, this.failure);
  }

  protected parallel({ branches, waitFor, cancel }: PlanParallel, cpu: number): void {
    this.fork(
      branches.map((steps) => () => this.run(steps, cpu)),
      waitFor,
      cancel,
    );
  }

  /** Asks all replicas at once, and goes on when so many have answered. `names` are what traces call them. */
  replicas(_names: readonly string[], bodies: readonly (() => void)[], need: number): void {
    this.fork(bodies, need);
  }

  /** Does all `bodies` at once, each in a frame of its own, and goes on when so many have succeeded. */
  private fork(bodies: readonly (() => void)[], need: number, cancel?: boolean): void {
    const end = this.label();
    const starts = bodies.map(() => this.label());
    const fork = this.assembly.fork({ branches: this.targets(starts), need });
    this.sizeUses.push({ at: this.code.length, operand: 2 });
    this.assembly.linked.push(this.code.length);
    if (cancel) this.assembly.cancels.push(this.code.length);
    this.emit(op.FORK, fork, 0);
    this.emit(op.CHECK, this.failure);
    this.jump(end);
    bodies.forEach((body, i) => {
      this.place(starts[i]!);
      this.branchOf(body);
    });
    this.place(end);
  }

  /** What runs as a frame of its own. */
  private branchOf(body: () => void): void {
    const ended = this.holds('branch');
    this.attempt(body);
    this.end();
    ended();
  }

  /** Where the labels are, as an array that is filled in when the operation is finished. */
  targets(labels: readonly Label[]): Int32Array {
    const places = new Int32Array(labels.length);
    this.tables.push({ places, labels });
    return places;
  }

  /** Does `body`; what fails in it goes on right behind it. True when something in it can fail. */
  attempt(body: () => void): boolean {
    const outer = this.failure;
    const inner = this.label();
    this.failure = inner;
    body();
    this.place(inner);
    this.failure = outer;
    return inner.uses.length > 0;
  }

  /** Where a step goes that a station refuses; a station with room for all refuses none. */
  private whenRefused(station: number): Label | number {
    return this.assembly.refuses(station) ? this.failure : 0;
  }

  private sampler(law: Distribution, what: string): number {
    return this.assembly.sampler(law, this.purposeOf(what));
  }

  /** Names a random stream by operation and order in it, so that other operations leave it alone. */
  purposeOf(what: string): string {
    return `${this.purpose} ${this.streams++} ${what}`;
  }

  /** Names a place in the code that has a state of its own, alike in all operations of this site. */
  placeOf(what: string): string {
    return `${this.site} ${this.places++} ${what}`;
  }

  /** Appends an instruction; a label stands for the place it will have. */
  emit(opcode: number, a: number | Label = 0, b: number | Label = 0, c: number | Label = 0): void {
    const at = this.code.length;
    this.code.push(opcode, 0, 0, 0);
    [a, b, c].forEach((operand, i) => {
      if (typeof operand === 'number') this.code[at + 1 + i] = operand;
      else if (operand.at === UNPLACED) operand.uses.push(at + 1 + i);
      else this.code[at + 1 + i] = operand.at;
    });
  }
}
