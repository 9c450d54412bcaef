import { type Backoff, createBackoff } from '../../blocks/index.ts';
import type { Controls } from '../controls.ts';
import type { KillSpec } from './fault-table.ts';
import type { Faulty } from './faulty.ts';

/** These pauses have no jitter. */
const NO_CHANCE = { next: () => 0 };

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
  /** By component and instance: its kills since it last ran for long, and since when it runs. */
  private readonly inARow: readonly Int32Array[];
  private readonly since: readonly Float64Array[];
  private readonly backoffs: readonly Backoff[];

  constructor(specs: readonly KillSpec[], mortal: Mortal, { controls, calendar }: Faulty) {
    this.specs = specs;
    this.mortal = mortal;
    this.controls = controls;
    this.clock = calendar.now;
    this.counts = new Float64Array(specs.length);
    this.inARow = specs.map(({ instances }) => new Int32Array(instances));
    this.since = specs.map(({ instances }) => new Float64Array(instances));
    this.backoffs = specs.map(({ restart, backoff }) =>
      backoff === null
        ? createBackoff({ kind: 'constant', delay: restart })
        : createBackoff({ kind: 'exponential', base: restart, cap: backoff.cap }),
    );
    this.firsts = specs.map(({ component, instances }, k) =>
      controls.reserve(instances, (instance) => {
        this.since[k]![instance] = this.clock[0]!;
        mortal.rise(component, instance);
      }),
    );
  }

  /** The frame that runs asks an instance of a component for memory, and there is none left. */
  kill(component: number, instance: number, running: number): void {
    const k = this.specs.findIndex((spec) => spec.component === component);
    const { backoff, reason } = this.specs[k]!;
    const now = this.clock[0]!;
    this.counts[k]!++;
    if (backoff !== null && now - this.since[k]![instance]! >= backoff.reset) this.inARow[k]![instance] = 0;
    const kills = ++this.inARow[k]![instance]!;
    this.controls.at(now + this.backoffs[k]!(kills, 0, NO_CHANCE), this.firsts[k]! + instance);
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
