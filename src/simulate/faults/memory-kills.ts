import type { Controls } from '../controls.ts';
import type { KillSpec } from './fault-table.ts';
import type { Faulty } from './faulty.ts';

/** What a death of an instance does to a run. */
interface Mortal {
  fall(component: number, instance: number, reason: number, running: number): void;
  rise(component: number, instance: number): void;
}

/** Instances that take in more than they have memory for: each is killed by its system, and started again. */
export class MemoryKills {
  private readonly specs: readonly KillSpec[];
  private readonly mortal: Mortal;
  private readonly controls: Controls;
  private readonly clock: Float64Array;
  /** By component that is killed: the first of its events, one for each instance, and how often one was killed. */
  private readonly firsts: readonly number[];
  private readonly counts: Float64Array;

  constructor(specs: readonly KillSpec[], mortal: Mortal, { controls, calendar }: Faulty) {
    this.specs = specs;
    this.mortal = mortal;
    this.controls = controls;
    this.clock = calendar.now;
    this.counts = new Float64Array(specs.length);
    this.firsts = specs.map(({ component, instances }) =>
      controls.reserve(instances, (instance) => mortal.rise(component, instance)),
    );
  }

  /** The frame that runs asks an instance of a component for memory, and there is none left. */
  kill(component: number, instance: number, running: number): void {
    const k = this.specs.findIndex((spec) => spec.component === component);
    const { restart, reason } = this.specs[k]!;
    this.counts[k]!++;
    this.controls.at(this.clock[0]! + restart, this.firsts[k]! + instance);
    this.mortal.fall(component, instance, reason, running);
  }

  /** Forgets how often instances were killed. */
  restart(): void {
    this.counts.fill(0);
  }

  /** How often instances of each component were killed since. */
  measured(): readonly number[] {
    return [...this.counts];
  }
}
