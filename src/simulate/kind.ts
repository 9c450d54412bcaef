import type { PlanComponent, PlanOperation } from '../design/plan.ts';
import type { Assembly } from './assembly.ts';
import type { Emitter } from './emitter.ts';

/** What a component kind must offer to be simulated. */
export interface SimulatedKind {
  /** Declares the component's stations, balancers and caches, once per model. */
  build(component: PlanComponent, assembly: Assembly): SimulatedComponent;
}

export interface SimulatedComponent {
  /** Instances that a caller has to choose between; 1 = nothing to choose. */
  readonly instances: number;
  /** How a caller without a load balancer chooses the instance. */
  readonly choice: InstanceChoice;
  /** Emits what the component does for a request of this operation. */
  emit(operation: PlanOperation, code: Emitter): void;
}

export type InstanceChoice =
  /** Always instance 0. */
  | { readonly by: 'none' }
  /** By a balancer of the assembly. */
  | { readonly by: 'balancer'; readonly balancer: number }
  /** By the hash of the key, over `nodes` nodes. */
  | { readonly by: 'key'; readonly nodes: number };
