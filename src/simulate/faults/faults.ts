import type { PlanFault } from '../../design/plan-scenario.ts';
import type { Calendar, RandomStream, Sampler } from '../../kernel/index.ts';
import type { CacheContents } from '../cache-contents.ts';
import type { Controls } from '../controls.ts';
import type * as event from '../events.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type * as op from '../instructions.ts';
import type { StationGroup } from '../model.ts';
import type { Stations } from '../stations.ts';
import { Crash } from './crash.ts';
import type { FaultTable } from './fault-table.ts';
import type { Faulty } from './faulty.ts';
import { Freeze } from './freeze.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const RESUME = 1 satisfies typeof event.RESUME;
/** Given instead of a place to go on at: the frame waits, or is no more. */
const WAITS = -1;

/** How an instance takes requests. */
const UP = 0;
const REFUSES = 1;
const HANGS = 2;

/**
 * The faults of a scenario: when each begins and ends, what is broken at present, and the instructions that look
 * whether something is.
 */
export class Faults {
  private readonly table: FaultTable;
  private readonly components: number;
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly stations: Stations;
  private readonly contents: CacheContents;
  private readonly calendar: Calendar;
  private readonly controls: Controls;
  private readonly first: number;
  private readonly samplers: readonly Sampler[];
  private readonly random: RandomStream;
  private readonly crash: Crash;
  private readonly freeze: Freeze;
  /** By instance, numbered through. */
  private readonly state: Uint8Array;
  private readonly errors: Float64Array;
  private readonly owners: Int32Array;
  /** Crashes an instance has not come back from. */
  private readonly crashes: Int32Array;
  /** By link, from × components + to. */
  private readonly cuts: Int32Array;
  private readonly losses: Float64Array;
  private readonly delays: (Sampler | null)[];

  constructor(table: FaultTable, run: Faulty) {
    const { model, equipment } = run;
    this.table = table;
    this.components = table.instances.length;
    this.code = model.code;
    this.frames = run.frames;
    this.stations = run.stations;
    this.contents = run.contents;
    this.calendar = run.calendar;
    this.controls = run.controls;
    this.first = run.controls.reserve(2 * table.faults.length, (number) => this.strike(number));
    this.samplers = equipment.samplers;
    this.random = equipment.stream('faults');
    this.crash = new Crash(table, run);
    this.freeze = new Freeze(run);
    const instances = table.instances.reduce((sum, count) => sum + count, 0);
    this.state = new Uint8Array(instances);
    this.errors = new Float64Array(instances);
    this.crashes = new Int32Array(instances);
    this.owners = new Int32Array(instances);
    table.instances.forEach((count, component) => {
      const first = table.firstInstance[component]!;
      this.owners.fill(component, first, first + count);
    });
    const links = this.components ** 2;
    this.cuts = new Int32Array(links);
    this.losses = new Float64Array(links);
    this.delays = new Array<Sampler | null>(links).fill(null);
  }

  /** Puts all faults on the calendar; the scenario begins `warmup` seconds after the run. */
  schedule(warmup: number): void {
    this.table.faults.forEach(({ at, until }, f) => {
      this.controls.at(warmup + at, this.first + 2 * f);
      if (until !== null) this.controls.at(warmup + until, this.first + 2 * f + 1);
    });
  }

  /** A fault begins, or is over: twice its number, plus 1 for its end. */
  private strike(subject: number): void {
    const f = subject >> 1;
    const fault = this.table.faults[f]!;
    const begins = (subject & 1) === 0;
    switch (fault.fault) {
      case 'crash':
        for (let i = 0; i < fault.instances; i++) this.crashInstance(fault, i, begins);
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
        // Shares of several faults of one instance add up.
        for (let i = 0; i < fault.instances; i++)
          this.errors[first + i]! += begins ? fault.share : -fault.share;
        return;
      }
      case 'freeze':
        this.forEachStation(fault, (station) => {
          if (begins) this.freeze.begin(station, fault.until! - fault.at);
          else this.freeze.end(station);
        });
        return;
      case 'flush':
        this.contents.clear(fault.component);
        return;
      case 'skew':
        this.contents.skew(fault.component, begins ? fault.by : -fault.by);
        return;
      case 'cut':
        this.forEachLink(fault, (link) => {
          this.cuts[link]! += begins ? 1 : -1;
        });
        return;
      case 'link': {
        const delay = this.table.delays[f]!;
        this.forEachLink(fault, (link) => {
          this.losses[link]! += begins ? fault.loss : -fault.loss;
          if (delay !== null) this.delays[link] = begins ? this.samplers[delay]! : null;
        });
        return;
      }
    }
  }

  /** Whether the work of a frame is not done yet, since its instance stood still; it is told when it is. */
  postpones(frame: number): boolean {
    return this.freeze.postpones(frame);
  }

  /** The frame asks for a server: whatever it was late by is past. */
  entered(frame: number): void {
    this.freeze.forget(frame);
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
        return this.send(frame, pc, fp, a, c);
      case 45 satisfies typeof op.ENTER: {
        const slot = code[pc + 2]!;
        const instance = a + (slot < 0 ? 0 : this.frames.stack[fp + slot]!);
        const state = this.state[instance]!;
        if (state === HANGS) return this.silence(frame, fp, c);
        const component = this.owners[instance]!;
        if (state === REFUSES) return this.turnAway(frame, this.table.refused[component]!, c);
        const share = this.errors[instance]!;
        if (share > 0 && this.random.next() < share) {
          return this.turnAway(frame, this.table.erred[component]!, c);
        }
        return pc + WIDTH;
      }
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  private crashInstance(fault: Extract<PlanFault, { fault: 'crash' }>, i: number, begins: boolean): void {
    const { component, connections } = fault;
    const instance = this.table.firstInstance[component]! + i;
    this.crashes[instance]! += begins ? 1 : -1;
    if (this.crashes[instance]! > 0) {
      const hangs = connections === 'hanging';
      this.state[instance] = hangs ? HANGS : REFUSES;
      if (begins) {
        this.crash.kill(component, i, hangs);
        this.contents.lose(component, i, this.table.instances[component]!);
      }
    } else this.state[instance] = UP;
  }

  private send(frame: number, pc: number, fp: number, link: number, lost: number): number {
    if (this.cuts[link]! > 0) return this.silence(frame, fp, lost);
    let late = 0;
    const loss = this.losses[link]!;
    if (loss > 0) {
      for (let pause = this.table.retransmit; this.random.next() < loss; pause *= 2) {
        late += pause;
        if (late > this.table.giveUp) return this.silence(frame, fp, lost);
      }
    }
    const delay = this.delays[link]!;
    if (delay !== null) late += delay.draw();
    if (late === 0) return pc + WIDTH;
    this.wait(frame, pc + WIDTH, fp, late);
    return WAITS;
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

  /** The stations of the first so many instances of a component. */
  private forEachStation(
    { component, instances }: { readonly component: number; readonly instances: number },
    visit: (station: number) => void,
  ): void {
    for (const group of this.stations.groups) {
      if (group.component === component) forEachOf(group, instances, visit);
    }
  }

  private forEachLink(
    { from, to }: { readonly from: readonly number[]; readonly to: readonly number[] },
    visit: (link: number) => void,
  ): void {
    for (const a of from) for (const b of to) visit(a * this.components + b);
  }
}

function forEachOf(group: StationGroup, instances: number, visit: (station: number) => void): void {
  for (let i = 0; i < Math.min(instances, group.instances); i++) visit(group.first + i);
}
