import { Autoscaler } from '../blocks/index.ts';
import type { Calendar } from '../kernel/index.ts';
import type { Controls } from './controls.ts';
import type { Equipment } from './equipment.ts';
import type { Model, ScalerSpec } from './model.ts';
import type { Stations } from './stations/stations.ts';

/** What is due: a look at the load, the end of a start, a look whether an instance taken out has ended its work. */
const LOOK = 0;
const STARTED = 1;
const DRAINED = 2;
const ACTS = 3;

/** How often it is looked whether an instance taken out has ended its work, seconds. */
const DRAIN_LOOK = 1;

/** Instances of an autoscaled component, on average over some time. */
export interface ScaledInstances {
  /** Those that requests are sent to. */
  readonly serving: number;
  /** Those, and those that end the work they had when they were taken out. */
  readonly existing: number;
}

interface Parts {
  readonly model: Pick<Model, 'scalers' | 'stationGroups'>;
  readonly equipment: Equipment;
  readonly stations: Stations;
  readonly calendar: Calendar;
  readonly controls: Controls;
}

/** All components whose instances come and go. */
export class Autoscaling {
  readonly components: readonly ScaledComponent[];
  private readonly of: ReadonlyMap<number, ScaledComponent>;

  constructor(parts: Parts) {
    this.components = parts.model.scalers.map((spec) => new ScaledComponent(spec, parts));
    this.of = new Map(this.components.map((scaled) => [scaled.spec.component, scaled]));
  }

  /** Has somebody told of each instance that is asked from now on, or no more. */
  watch(told: (component: number, instance: number, asked: boolean) => void): void {
    for (const scaled of this.components) {
      scaled.told = (instance, asked) => told(scaled.spec.component, instance, asked);
    }
  }

  /** The run begins. */
  begin(): void {
    for (const scaled of this.components) scaled.begin();
  }

  /** Stations forget what they measured right after this. */
  restart(): void {
    for (const scaled of this.components) scaled.restart();
  }

  /** Instances of a component that requests are sent to at present; null where their number does not change. */
  servingOf(component: number): number | null {
    return this.of.get(component)?.serving ?? null;
  }

  /** Servers of a group of stations, where each of its instances has `servers`, on average since the last restart. */
  serversOf(component: number, servers: number): number | null {
    const scaled = this.of.get(component);
    return scaled === undefined ? null : servers * scaled.measured.since().existing;
  }
}

/**
 * The instances of one component: the first so many serve, others have been ordered and start, those beyond are not
 * there. How many there should be, a block decides.
 */
class ScaledComponent {
  readonly spec: ScalerSpec;
  /** Since measuring began. */
  readonly measured: Means;
  told: ((instance: number, asked: boolean) => void) | null = null;
  private readonly decider: Autoscaler;
  private readonly equipment: Equipment;
  private readonly stations: Stations;
  private readonly groups: readonly { readonly first: number }[];
  private readonly clock: Float64Array;
  private readonly controls: Controls;
  private readonly first: number;
  private readonly servers: number;
  /** Instances that requests are sent to; those, and those that are starting. */
  serving: number;
  private ordered: number;
  /** By instance: when it will have started; 1 while it is out and still has work. */
  private readonly readyAt: Float64Array;
  private readonly draining: Uint8Array;
  private drains = 0;
  private watched = false;
  private looked = 0;
  /** By instance: the busy area of its CPU and the queue area at its door at the last look, or when it joined. */
  private readonly marks: Float64Array;
  private readonly areas = new Float64Array(2);
  /** What is measured, by target. */
  private readonly load: Float64Array;
  private readonly numbers: Numbers;

  constructor(spec: ScalerSpec, { model, equipment, stations, calendar, controls }: Parts) {
    this.spec = spec;
    this.equipment = equipment;
    this.stations = stations;
    this.groups = model.stationGroups.filter(({ component }) => component === spec.component);
    this.servers = model.stationGroups.find(({ first }) => first === spec.cpu)!.servers!;
    this.clock = calendar.now;
    this.controls = controls;
    this.first = controls.reserve(ACTS, (number) => this.act(number));
    const targets = [spec.utilization, spec.queue].filter((target) => target !== null);
    const { from, to, instances, tolerance, cooldown } = spec;
    this.decider = new Autoscaler({ from, to, targets, tolerance, cooldown }, this.now, instances);
    this.load = new Float64Array(targets.length);
    this.serving = instances;
    this.ordered = instances;
    this.readyAt = new Float64Array(to);
    this.draining = new Uint8Array(to);
    this.marks = new Float64Array(2 * to);
    for (let instance = instances; instance < to; instance++) this.offer(instance, false);
    this.numbers = new Numbers(instances);
    this.measured = this.means();
  }

  /** The first look comes after a part of the time between looks that chance decides: loads do not wait for looks. */
  begin(): void {
    const phase = this.equipment.stream(`${this.spec.name} autoscaling`).next();
    this.controls.at(this.now + phase * this.spec.every, this.first + LOOK);
  }

  restart(): void {
    this.measured.restart();
    // What is measured between two looks goes on over the cut.
    for (let instance = 0; instance < this.spec.to; instance++) {
      this.readAreas(instance);
      this.marks[2 * instance]! -= this.areas[0]!;
      this.marks[2 * instance + 1]! -= this.areas[1]!;
    }
  }

  /** Means from now on. */
  means(): Means {
    return new Means(this.numbers, this.clock);
  }

  private get now(): number {
    return this.clock[0]!;
  }

  private act(number: number): void {
    if (number === LOOK) this.look();
    else if (number === STARTED) this.join();
    else this.release();
  }

  private look(): void {
    const { serving, ordered, spec } = this;
    this.measureLoad();
    const wanted = this.decider.decide(this.now, serving, ordered - serving, this.load);
    if (wanted > ordered) {
      const ready = this.now + spec.boot;
      this.readyAt.fill(ready, ordered, wanted);
      this.controls.at(ready, this.first + STARTED);
    }
    this.ordered = wanted;
    if (wanted < serving) this.takeOut(wanted);
    this.controls.at(this.now + spec.every, this.first + LOOK);
  }

  /** Those that were ordered long enough ago begin to serve. */
  private join(): void {
    while (this.serving < this.ordered && this.readyAt[this.serving]! <= this.now) {
      const instance = this.serving;
      this.drains -= this.draining[instance]!;
      this.draining[instance] = 0;
      this.serving++;
      this.offer(instance, true);
      this.mark(instance);
      this.count();
    }
  }

  private takeOut(left: number): void {
    while (this.serving > left) {
      this.serving--;
      this.offer(this.serving, false);
      this.draining[this.serving] = 1;
      this.drains++;
    }
    this.count();
    if (!this.watched) this.watch();
  }

  private watch(): void {
    this.watched = this.drains > 0;
    if (this.watched) this.controls.at(this.now + DRAIN_LOOK, this.first + DRAINED);
  }

  /** Those that were taken out and have no work any more are gone. */
  private release(): void {
    for (let instance = this.serving; instance < this.spec.to; instance++) {
      if (this.draining[instance] === 0 || !this.isIdle(instance)) continue;
      this.draining[instance] = 0;
      this.drains--;
      this.count();
    }
    this.watch();
  }

  private isIdle(instance: number): boolean {
    const { balancers } = this.equipment;
    return (
      this.spec.balancers.every(
        (b) => balancers[b]!.inFlight[instance] === 0 && !balancers[b]!.available(instance),
      ) && this.groups.every(({ first }) => this.stations.isEmpty(first + instance))
    );
  }

  private offer(instance: number, available: boolean): void {
    for (const balancer of this.spec.balancers) {
      this.equipment.balancers[balancer]!.setAvailable(instance, available);
    }
    this.told?.(instance, available);
  }

  /** What those that serve have done since the last look, spread over them as if all had been there since then. */
  private measureLoad(): void {
    let busy = 0;
    let queued = 0;
    const seconds = (this.now - this.looked) * this.serving;
    for (let instance = 0; instance < this.serving; instance++) {
      this.readAreas(instance);
      busy += this.areas[0]! - this.marks[2 * instance]!;
      queued += this.areas[1]! - this.marks[2 * instance + 1]!;
      this.mark(instance);
    }
    this.looked = this.now;
    let at = 0;
    // Rounding may leave a trace below 0 where there was nothing; of no time at all nothing is known.
    if (this.spec.utilization !== null) this.load[at++] = Math.max(0, busy) / seconds / this.servers;
    if (this.spec.queue !== null) this.load[at] = Math.max(0, queued) / seconds;
  }

  private mark(instance: number): void {
    this.readAreas(instance);
    this.marks.set(this.areas, 2 * instance);
  }

  /** The busy area of the CPU of an instance, and the queue area at its door. */
  private readAreas(instance: number): void {
    const { areas, stations, spec } = this;
    areas.fill(0);
    stations.addAreas(spec.door + instance, 1, areas);
    const queued = areas[1]!;
    areas.fill(0);
    stations.addAreas(spec.cpu + instance, 1, areas);
    areas[1] = queued;
  }

  private count(): void {
    this.numbers.change(this.now, this.serving, this.serving + this.drains);
  }
}

/** Numbers of instances, on average since a moment. */
export class Means {
  private readonly numbers: Numbers;
  private readonly clock: Float64Array;
  private readonly last = new Float64Array(2);
  private readonly areas = new Float64Array(2);
  private from = 0;

  /** @param clock the present time, an array of one */
  constructor(numbers: Numbers, clock: Float64Array) {
    this.numbers = numbers;
    this.clock = clock;
    this.restart();
  }

  restart(): void {
    this.from = this.clock[0]!;
    this.numbers.readAreas(this.from, this.last);
  }

  /** Up to now. */
  since(): ScaledInstances {
    const { numbers, last, areas, from } = this;
    const now = this.clock[0]!;
    // The whole time alike, and then no rounding.
    if (numbers.changedAt <= from || now === from)
      return { serving: numbers.serving, existing: numbers.existing };
    numbers.readAreas(now, areas);
    return {
      serving: (areas[0]! - last[0]!) / (now - from),
      existing: (areas[1]! - last[1]!) / (now - from),
    };
  }
}

/** Numbers of instances that serve and that exist, and the areas under them over time. */
class Numbers {
  serving: number;
  existing: number;
  /** When they last changed. */
  changedAt = 0;
  private readonly areas = new Float64Array(2);

  constructor(instances: number) {
    this.serving = instances;
    this.existing = instances;
  }

  change(now: number, serving: number, existing: number): void {
    this.readAreas(now, this.areas);
    this.changedAt = now;
    this.serving = serving;
    this.existing = existing;
  }

  /** The areas up to `now`, no earlier than the last change. */
  readAreas(now: number, into: Float64Array): void {
    const seconds = now - this.changedAt;
    into[0] = this.areas[0]! + this.serving * seconds;
    into[1] = this.areas[1]! + this.existing * seconds;
  }
}
