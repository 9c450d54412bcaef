import type { PlanAsked, PlanCall } from '../design/plan.ts';

/** What a caller sees of a component: how many instances there are, and how to choose one. */
export interface Instances {
  /** Instances that a caller has to choose between; 1 = nothing to choose. */
  readonly instances: number;
  /** How a caller without a load balancer chooses the instance. */
  readonly choice: InstanceChoice;
  /** Callers come to an address, where it spreads requests itself as `choice` says: nobody else chooses among its instances. */
  readonly addressed?: true;
  /** Whether what it does depends on the connection that a request comes over. */
  readonly heedsConnections?: boolean;
  /** Whether its own code says which requests find out that it is down, fails or stands still; else all do. */
  readonly guardsItself?: true;
  /** The cache of the assembly that it looks keys up in, whose entries may be of known age. */
  readonly cache?: number;
}

export type InstanceChoice =
  /** Always instance 0. */
  | { readonly by: 'none' }
  /** By a balancer of the assembly. */
  | { readonly by: 'balancer'; readonly balancer: number }
  /** By what a slot of the caller says. */
  | { readonly by: 'slot'; readonly slot: number }
  /** The one that has the key, by a placement of the assembly. */
  | { readonly by: 'key'; readonly placement: number }
  /** All replicas, by a quorum of the assembly; of those that have the key, where a placement says so. */
  | { readonly by: 'quorum'; readonly quorum: number; readonly placement: number | null }
  /** The primary, or whom reads go to, by followers of the assembly; of those that have the key, where a placement says so. */
  | { readonly by: 'followers'; readonly followers: number; readonly placement: number | null };

/** What an exchange is part of. */
export interface Occasion {
  readonly call?: PlanCall;
  readonly traffic?: number;
  /** Who asks, where a component passes the request on that stands where they do. */
  readonly asked?: PlanAsked | undefined;
}
