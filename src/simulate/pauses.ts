import type { Calendar } from '../kernel/index.ts';
import type { Controls } from './controls.ts';
import type { Equipment } from './equipment.ts';
import type { Freeze } from './faults/freeze.ts';
import type { Model, PauseSpec } from './model.ts';

interface Parts {
  readonly model: Pick<Model, 'pauses' | 'stationGroups'>;
  readonly equipment: Equipment;
  readonly calendar: Calendar;
  readonly controls: Controls;
  readonly freeze: Freeze;
}

/** Pauses of whole instances that come by themselves, such as those of a garbage collection. */
export class Pauses {
  private readonly components: readonly PausingComponent[];

  constructor(parts: Parts) {
    this.components = parts.model.pauses.map((spec) => new PausingComponent(spec, parts));
  }

  /** The run begins. */
  begin(): void {
    for (const component of this.components) component.begin();
  }
}

class PausingComponent {
  private readonly spec: PauseSpec;
  private readonly groups: readonly { readonly first: number }[];
  private readonly parts: Parts;
  private readonly first: number;
  /** By instance: whether it stands still. */
  private readonly still: Uint8Array;

  constructor(spec: PauseSpec, parts: Parts) {
    this.spec = spec;
    this.parts = parts;
    this.groups = parts.model.stationGroups.filter(({ component }) => component === spec.component);
    this.still = new Uint8Array(spec.instances);
    this.first = parts.controls.reserve(spec.instances, (instance) => this.change(instance));
  }

  /** Instances began at different times, so that the first pause of each comes after a part of the usual time. */
  begin(): void {
    const random = this.parts.equipment.stream(`${this.spec.name} first pauses`);
    for (let instance = 0; instance < this.spec.instances; instance++) {
      this.after(random.next() * this.draw(this.spec.every), instance);
    }
  }

  /** A pause of an instance begins, or ends. */
  private change(instance: number): void {
    const { freeze } = this.parts;
    if (this.still[instance] === 1) {
      this.still[instance] = 0;
      for (const { first } of this.groups) freeze.end(first + instance);
      this.after(this.draw(this.spec.every), instance);
      return;
    }
    const seconds = this.draw(this.spec.lasts);
    this.still[instance] = 1;
    for (const { first } of this.groups) freeze.begin(first + instance, seconds);
    this.after(seconds, instance);
  }

  private draw(sampler: number): number {
    return this.parts.equipment.samplers[sampler]!.draw();
  }

  private after(seconds: number, instance: number): void {
    const { calendar, controls } = this.parts;
    controls.at(calendar.now[0]! + seconds, this.first + instance);
  }
}
