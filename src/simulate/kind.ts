import type { PlanComponent, PlanOperation } from '../design/plan.ts';
import type { Instances } from './instances.ts';
import type { Assembly } from './program/assembly.ts';
import type { Emitter } from './program/emitter.ts';

/** What a component kind must offer to be simulated. */
export interface SimulatedKind {
  /** Declares the component's stations, balancers and caches, once per model. */
  build(component: PlanComponent, assembly: Assembly): SimulatedComponent;
  /** How its instances are killed for want of memory; null, or without it, they never are. */
  killed?(component: PlanComponent): Killed | null;
}

/** An instance is killed when it comes to `OUT_OF_MEMORY` in its code. */
export interface Killed {
  /** Seconds until it is back. */
  readonly restart: number;
  /** Twice as long after each kill, up to `cap`, until it has run for `reset` seconds; null = always as long. */
  readonly backoff: { readonly cap: number; readonly reset: number } | null;
}

export interface SimulatedComponent extends Instances {
  /** Emits what the component does for a request of this operation. */
  emit(operation: PlanOperation, code: Emitter): void;
}
