import type { PlanFault } from '../../design/plan-scenario.ts';
import type { Calendar, RandomStream } from '../../kernel/index.ts';
import type { Autoscaling } from '../autoscaling.ts';
import { BAD_ANSWER, type Probed } from '../balancing/deep-probes.ts';
import { DEAD, FROZEN } from '../balancing/discovery.ts';
import { HealthChecks } from '../balancing/health-checks.ts';
import type { CacheContents } from '../caching/cache-contents.ts';
import type { CopyVersions } from '../caching/copy-versions.ts';
import type { Controls } from '../controls.ts';
import type * as event from '../events.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Messages } from '../messages/messages.ts';
import type * as op from '../program/instructions.ts';
import type { Doors } from '../protection/doors.ts';
import type { Protections } from '../protection/protections.ts';
import type { Followers } from '../replicas/followers.ts';
import type { Stations } from '../stations/stations.ts';
import type { Unwinding } from '../unwinding.ts';
import { Canaries } from './canaries.ts';
import { Crash, type Death } from './crash.ts';
import type { FaultTable } from './fault-table.ts';
import type { Faulty } from './faulty.ts';
import type { Freeze } from './freeze.ts';
import { Links } from './links.ts';
import { MemoryKills } from './memory-kills.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const RESUME = 1 satisfies typeof event.RESUME;
/** Given instead of a place to go on at: the frame waits, or is no more. */
const WAITS = -1;

type Hit = Pick<Extract<PlanFault, { fault: 'crash' }>, 'component' | 'first' | 'instances' | 'spread'>;

/** How an instance takes requests. */
const UP = 0;
const REFUSES = 1;
const HANGS = 2;

/**
 * The faults of a scenario: when each begins and ends, what is broken at present, and the instructions that look
 * whether something is, or whether balancers think so.
 */
export class Faults implements Probed {
  /** null where no deploy has one. */
  readonly canaries: Canaries | null;
  /** null where no instance is ever killed for want of memory. */
  readonly kills: MemoryKills | null;
  private readonly table: FaultTable;
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly stations: Stations;
  private readonly contents: CacheContents;
  private readonly calendar: Calendar;
  private readonly controls: Controls;
  private readonly autoscaling: Autoscaling;
  private readonly protections: Protections;
  private readonly doors: Doors;
  private readonly first: number;
  private readonly links: Links;
  private readonly random: RandomStream;
  private readonly crash: Crash;
  private readonly unwinding: Unwinding;
  private readonly freeze: Freeze;
  private readonly messages: Messages | null;
  private readonly versions: CopyVersions | null;
  private readonly checks: HealthChecks;
  /** By instance, numbered through. */
  private readonly state: Uint8Array;
  private readonly errors: Float64Array;
  /** Until when it stands still. */
  private readonly frozen: Float64Array;
  private readonly owners: Int32Array;
  /** Components that are name servers. */
  private readonly names: ReadonlySet<number>;
  /** Components, 1 for each without a station: who comes while one stands still waits at its door. */
  private readonly unstationed: Uint8Array;
  /** Crashes an instance has not come back from, and those of them after which connections hang. */
  private readonly crashes: Int32Array;
  private readonly hangs: Int32Array;
  /** What makes requests fail at present. */
  private readonly failing = new Set<Extract<PlanFault, { fault: 'errors' }>>();
  /** How many instances a fault has struck, where they come and go. */
  private readonly struck = new Map<Hit, number>();
  /** Reasons for which balancers are to leave an instance alone. */
  private readonly drains: Int32Array;
  /** Called when something has failed, or is back. */
  changed: (() => void) | null = null;
  /** Where components have a primary and followers. */
  followers: Followers | null = null;

  constructor(table: FaultTable, run: Faulty) {
    const { model, equipment } = run;
    this.table = table;
    this.code = model.code;
    this.frames = run.frames;
    this.stations = run.stations;
    this.contents = run.contents;
    this.calendar = run.calendar;
    this.controls = run.controls;
    this.autoscaling = run.autoscaling;
    this.protections = run.protections;
    this.doors = run.protections.doors;
    this.first = run.controls.reserve(2 * table.faults.length, (number) => this.strike(number));
    this.links = new Links(table, equipment.samplers);
    this.random = equipment.stream('faults');
    this.crash = new Crash(table, run);
    this.unwinding = run.unwinding;
    this.freeze = run.freeze;
    this.messages = run.messages;
    this.versions = run.versions;
    this.checks = new HealthChecks(model, equipment, run.frames, run.calendar, run.controls, this);
    const instances = table.instances.reduce((sum, count) => sum + count, 0);
    this.canaries =
      table.canaries.length === 0 ? null : new Canaries(table.canaries, instances, run.controls);
    this.kills = table.kills.length === 0 ? null : new MemoryKills(table.kills, this, run);
    this.state = new Uint8Array(instances);
    this.errors = new Float64Array(instances);
    this.names = new Set(model.nameServers.map(({ of }) => of));
    this.frozen = new Float64Array(instances);
    this.unstationed = new Uint8Array(table.instances.length).fill(1);
    for (const { component } of run.stations.groups) this.unstationed[component] = 0;
    this.crashes = new Int32Array(instances);
    this.hangs = new Int32Array(instances);
    this.drains = new Int32Array(instances);
    this.owners = new Int32Array(instances);
    table.instances.forEach((count, component) => {
      const first = table.firstInstance[component]!;
      this.owners.fill(component, first, first + count);
    });
  }

  /** Puts all faults on the calendar; the scenario begins `warmup` seconds after the run. */
  schedule(warmup: number): void {
    this.canaries?.schedule(warmup);
    this.table.faults.forEach(({ at, until }, f) => {
      this.controls.at(warmup + at, this.first + 2 * f);
      if (until !== null) this.controls.at(warmup + until, this.first + 2 * f + 1);
    });
    this.checks.schedule(warmup);
  }

  /** A fault begins, or is over: twice its number, plus 1 for its end. */
  private strike(subject: number): void {
    const f = subject >> 1;
    const fault = this.table.faults[f]!;
    const begins = (subject & 1) === 0;
    if (this.canaries !== null && !this.canaries.happens(fault)) return;
    if (begins && 'instances' in fault) this.findThoseThatRun(fault);
    this.turn(f, fault, begins);
    this.changed?.();
  }

  private turn(f: number, fault: PlanFault, begins: boolean): void {
    switch (fault.fault) {
      case 'crash':
        this.forEachHit(fault, (i) => this.crashInstance(fault, i, begins));
        return;
      case 'slow': {
        const times = begins ? fault.by : 1 / fault.by;
        this.forEachStation(fault, (station) => {
          this.stations.pace[station]! *= times;
        });
        return;
      }
      case 'errors': {
        const first = this.table.firstInstance[fault.component]!;
        if (begins) this.failing.add(fault);
        else this.failing.delete(fault);
        this.forEachHit(fault, (i) => {
          this.errors[first + i] = this.errorsOf(fault.component, i);
        });
        return;
      }
      case 'drain':
        this.forEachHit(fault, (i) => {
          const instance = this.table.firstInstance[fault.component]! + i;
          this.drains[instance]! += begins ? 1 : -1;
          this.checks.drain(fault.component, i, this.drains[instance]! > 0);
          this.openConsumers(fault.component, i);
        });
        return;
      case 'freeze':
        if (begins) {
          this.standStill(fault, fault.until! - fault.at);
          this.messages?.halt(fault.component, fault.until! - fault.at);
        } else this.messages?.go(fault.component);
        this.forEachHit(fault, (i) => this.checks.discovery.tell(fault.component, i, FROZEN, begins));
        this.forEachStation(fault, (station) => {
          if (begins) this.freeze.begin(station, fault.until! - fault.at);
          else this.freeze.end(station);
        });
        return;
      case 'flush':
        this.contents.clear(fault.component);
        return;
      case 'change':
        this.versions!.change(fault.data);
        return;
      case 'skew':
        this.contents.skew(fault.component, begins ? fault.by : -fault.by);
        return;
      case 'lower':
        this.doors.lower(fault.component, fault.to, begins);
        return;
      case 'cut':
      case 'link':
        this.links.strike(fault, begins, this.table.delays[f]!);
        return;
    }
  }

  /** Whether a component, asked by another, would answer: one of its instances takes requests, and no message is lost. */
  answers(from: number, to: number): boolean {
    for (let i = 0; i < this.table.instances[to]!; i++) if (this.takes(from, 0, to, i)) return true;
    return false;
  }

  isUp(component: number, instance: number): boolean {
    return this.state[this.table.firstInstance[component]! + instance] === UP;
  }

  refuses(component: number, instance: number): boolean {
    return this.state[this.table.firstInstance[component]! + instance] === REFUSES;
  }

  isFrozen(component: number, instance: number): boolean {
    const left = this.frozen[this.table.firstInstance[component]! + instance]! - this.calendar.now[0]!;
    // The end of a freeze is the sum of two times, and may lie a rounding error before that.
    return left > 1e-9;
  }

  /** Whether messages get from one instance of a component to another one of it, and back. */
  reaches(component: number, from: number, to: number): boolean {
    const { links } = this;
    const isCut = (a: number, b: number) => links.isCut(links.between(component, a, component, b));
    return !isCut(from, to) && !isCut(to, from);
  }

  primaryOf(followers: number, random: RandomStream): number {
    return this.followers!.primaryBy(followers, random);
  }

  find(from: number, sender: number, to: number, random: RandomStream): number {
    const there = this.autoscaling.servingOf(to) ?? this.table.instances[to]!;
    const first = Math.floor(random.next() * there);
    for (let i = 0; i < there; i++) {
      const instance = (first + i) % there;
      if (this.takes(from, sender, to, instance)) return instance;
    }
    return -1;
  }

  /** Whether an instance takes requests from one of another component, and no message is lost. */
  private takes(from: number, sender: number, to: number, instance: number): boolean {
    const { links } = this;
    if (links.isCut(links.between(from, sender, to, instance))) return false;
    if (links.isCut(links.between(to, instance, from, sender))) return false;
    return this.state[this.table.firstInstance[to]! + instance] === UP;
  }

  /**
   * Does the instruction at `pc`, one of those that look for faults.
   * @returns where the frame goes on, or −1 when it waits or is no more
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const a = code[pc + 1]!;
    const c = code[pc + 3]!;
    switch (code[pc]!) {
      case 44 satisfies typeof op.LINK:
        return this.send(frame, pc, fp, this.linkAt(a, code[pc + 2]!, fp), c);
      case 45 satisfies typeof op.ENTER: {
        const slot = code[pc + 2]!;
        const instance = a + (slot < 0 ? 0 : this.frames.stack[fp + slot]!);
        const state = this.state[instance]!;
        const still = this.frozen[instance]! - this.calendar.now[0]!;
        if (still > 0 && state === UP && this.unstationed[this.owners[instance]!] === 1) {
          this.wait(frame, pc, fp, still);
          return WAITS;
        }
        const share = this.errors[instance]!;
        const errs = state === UP && share > 0 && this.random.next() < share;
        this.canaries?.see(instance, errs || state !== UP);
        if (state === HANGS) return this.silence(frame, fp, c);
        const component = this.owners[instance]!;
        if (state === REFUSES) {
          this.unwinding.refused(frame, component, instance - this.table.firstInstance[component]!);
          return this.turnAway(frame, this.table.refused[component]!, c);
        }
        return errs ? this.turnAway(frame, this.table.erred[component]!, c) : pc + WIDTH;
      }
      case 47 satisfies typeof op.PICK_WELL:
        return this.checks.pick(frame, pc, fp);
      case 57 satisfies typeof op.OUT_OF_MEMORY: {
        this.frames.ints[frame * FIELDS + PC] = pc;
        this.frames.ints[frame * FIELDS + FP] = fp;
        this.kills!.kill(a, this.frames.stack[fp + SLOT_INSTANCE]!, frame);
        return WAITS;
      }
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  /** Share of requests that fail at an instance: several faults let pass what each of them does. */
  private errorsOf(component: number, instance: number): number {
    let passes = 1;
    for (const fault of this.failing) {
      if (fault.component !== component) continue;
      this.forEachHit(fault, (i) => {
        if (i === instance) passes *= 1 - fault.share;
      });
    }
    return 1 - passes;
  }

  private crashInstance(fault: Extract<PlanFault, { fault: 'crash' }>, i: number, begins: boolean): void {
    const { component, connections } = fault;
    const instance = this.table.firstInstance[component]! + i;
    const hangs = connections === 'hanging';
    this.crashes[instance]! += begins ? 1 : -1;
    if (hangs) this.hangs[instance]! += begins ? 1 : -1;
    this.look(component, i);
    if (begins) this.lose(component, i, { silent: hangs, reason: this.table.died[component]! });
    this.openConsumers(component, i);
  }

  /** An instance is down from now on, and all that it does fails for this reason; `running` is the frame that did it. */
  fall(component: number, i: number, reason: number, running: number): void {
    this.crashes[this.table.firstInstance[component]! + i]!++;
    this.look(component, i);
    this.lose(component, i, { silent: false, reason, running });
    this.openConsumers(component, i);
  }

  /** It is back, as far as that goes. */
  rise(component: number, i: number): void {
    this.crashes[this.table.firstInstance[component]! + i]!--;
    this.look(component, i);
    this.openConsumers(component, i);
  }

  /** What is known of an instance that went down or came back. */
  private look(component: number, i: number): void {
    const instance = this.table.firstInstance[component]! + i;
    const down = this.crashes[instance]! > 0;
    // A machine that is gone refuses nothing, whatever else has happened to what ran on it.
    this.state[instance] = this.hangs[instance]! > 0 ? HANGS : down ? REFUSES : UP;
    this.checks.discovery.tell(component, i, DEAD, down);
    if (!down) this.protections.renew(component, i);
  }

  private lose(component: number, i: number, death: Death): void {
    this.messages?.lose(component, i);
    // Requests do not go through a name server: what was resolved goes on.
    if (this.names.has(component)) return;
    this.crash.kill(component, i, death);
    this.contents.lose(component, i);
  }

  /** An instance asks for messages while it is up, in use, and there at all. */
  private openConsumers(component: number, i: number): void {
    const instance = this.table.firstInstance[component]! + i;
    const isThere = i < (this.autoscaling.servingOf(component) ?? Number.POSITIVE_INFINITY);
    const open = isThere && this.state[instance] === UP && this.drains[instance] === 0;
    this.messages?.open(component, i, open);
  }

  private send(frame: number, pc: number, fp: number, link: number, lost: number): number {
    const late = this.links.lateness(link, this.random);
    if (late === Number.POSITIVE_INFINITY) return this.silence(frame, fp, lost);
    if (late === 0) return pc + WIDTH;
    this.wait(frame, pc + WIDTH, fp, late);
    return WAITS;
  }

  ask(from: number | null, to: number, instance: number, random: RandomStream, sender = 0): number {
    const { links } = this;
    const i = this.table.firstInstance[to]! + instance;
    const way =
      from === null
        ? 0
        : links.lateness(links.between(from, sender, to, instance), random) +
          links.lateness(links.between(to, instance, from, sender), random);
    const state = this.state[i]!;
    if (way === Number.POSITIVE_INFINITY || state === HANGS) return Number.POSITIVE_INFINITY;
    if (state === REFUSES) return BAD_ANSWER;
    const share = this.errors[i]!;
    if (share > 0 && random.next() < share) return BAD_ANSWER;
    return way + Math.max(0, this.frozen[i]! - this.calendar.now[0]!);
  }

  private standStill(fault: Extract<PlanFault, { fault: 'freeze' }>, seconds: number): void {
    const first = this.table.firstInstance[fault.component]!;
    const until = this.calendar.now[0]! + seconds;
    this.forEachHit(fault, (i) => {
      this.frozen[first + i] = Math.max(this.frozen[first + i]!, until);
    });
  }

  /** The caller hears nothing until it gives up. */
  private silence(frame: number, fp: number, to: number): number {
    this.frames.ints[frame * FIELDS + STATUS] = this.table.unreachable;
    this.wait(frame, to, fp, this.table.giveUp);
    return WAITS;
  }

  private turnAway(frame: number, reason: number, to: number): number {
    this.frames.ints[frame * FIELDS + STATUS] = reason;
    return to;
  }

  private wait(frame: number, pc: number, fp: number, seconds: number): void {
    this.frames.ints[frame * FIELDS + PC] = pc;
    this.frames.ints[frame * FIELDS + FP] = fp;
    this.calendar.push(this.calendar.now[0]! + seconds, RESUME + 8 * frame);
  }

  /** The stations of the instances that a fault hits. */
  private forEachStation(
    fault: Extract<PlanFault, { fault: 'slow' | 'freeze' }>,
    visit: (station: number) => void,
  ): void {
    for (const group of this.stations.groups) {
      if (group.component !== fault.component) continue;
      this.forEachHit(fault, (i) => {
        const at = i - (group.from ?? 0);
        if (at >= 0 && at < group.instances) visit(group.first + at);
      });
    }
  }

  /**
   * A fault of some instances of a component hits such as run when it begins, and none that starts later. One of all
   * of them, or of those in a place, hits whoever is there, later ones too.
   */
  private findThoseThatRun(hit: Hit): void {
    const { component, first, instances, spread } = hit;
    const serving = this.autoscaling.servingOf(component);
    const some = first === undefined && spread === undefined && instances < this.table.instances[component]!;
    if (some && serving !== null) this.struck.set(hit, Math.min(instances, serving));
  }

  /** The instances that a fault hits. */
  private forEachHit(hit: Hit, visit: (instance: number) => void): void {
    const { component, first = 0, spread } = hit;
    const instances = this.struck.get(hit) ?? hit.instances;
    if (spread === undefined) for (let i = first; i < first + instances; i++) visit(i);
    else {
      const all = this.table.instances[component]!;
      for (let i = 0; i < all; i++) if (spread.which.includes(i % spread.every)) visit(i);
    }
  }

  /** The link that a LINK instruction means: by components alone, or by where their instances stand too. */
  private linkAt(link: number, apart: number, fp: number): number {
    if (apart === 0) return link;
    const { stack } = this.frames;
    const caller = stack[fp + SLOT_INSTANCE]!;
    const slot = Math.abs(apart) - 2;
    const callee = slot < 0 ? 0 : stack[fp + slot]!;
    return apart > 0 ? this.links.ofPair(link, caller, callee) : this.links.ofPair(link, callee, caller);
  }
}
