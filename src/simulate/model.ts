import type { BalanceAlgorithm, EvictionPolicy } from '../blocks/index.ts';
import type { OwnName } from '../design/index.ts';
import type { PlanBreaker, PlanLimit, PlanRetry } from '../design/plan.ts';
import type { Distribution, Popularity } from '../quantities/index.ts';

/**
 * What a plan is compiled to: code for the engine and tables its operands point into. Plain data, no
 * state of a run, so one model serves any number of replications.
 */
export interface Model {
  readonly code: Int32Array;
  /** Locals that a frame needs for its deepest chain of calls. */
  readonly stackDepth: number;
  readonly samplers: readonly SamplerSpec[];
  readonly stationGroups: readonly StationGroup[];
  readonly balancers: readonly BalancerSpec[];
  readonly caches: readonly CacheSpec[];
  readonly keySpaces: readonly KeySpaceSpec[];
  readonly choices: readonly ChoiceSpec[];
  readonly forks: readonly ForkSpec[];
  readonly timers: readonly TimerSpec[];
  readonly retries: readonly Guarded<PlanRetry>[];
  readonly breakers: readonly Guarded<PlanBreaker>[];
  readonly limiters: readonly Guarded<PlanLimit>[];
  readonly traffic: readonly TrafficSpec[];
  /** Names of the ways to fail; 0 is success, 1 a timeout. */
  readonly reasons: readonly string[];
}

/** A law and the purpose whose random stream it draws from. */
export interface SamplerSpec {
  readonly law: Distribution;
  readonly purpose: string;
}

export type Discipline = 'fifo' | 'lifo' | 'processor-sharing' | 'priority';

/** Equal stations of the instances of one component; instance i is station `first + i`. */
export interface StationGroup {
  /** `component.station`. */
  readonly name: string;
  readonly first: number;
  readonly instances: number;
  /** Servers of each instance; null = as many as needed. */
  readonly servers: number | null;
  /** Waiting places of each instance; null = unlimited. */
  readonly places: number | null;
  readonly discipline: Discipline;
  /** Reason of refusal. */
  readonly full: number;
}

export interface BalancerSpec {
  readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
  /** Whether it looks at the key of a request, and at how long requests take. */
  readonly byKey: boolean;
  readonly byLatency: boolean;
  readonly targets: number;
  readonly purpose: string;
}

export interface CacheSpec {
  readonly component: string;
  readonly keySpace: number;
  readonly policy: EvictionPolicy | OwnName<'evict'>;
  /** In the unit of `itemWeight`: bytes or items. */
  readonly capacity: number;
  readonly itemWeight: number;
  /** Time to live of an entry from its insertion, as a sampler index; null = for ever. */
  readonly ttl: number | null;
  readonly warm: boolean;
  /** Lookups per second expected at full load, for the age of entries at a warm start. */
  readonly lookupRate: number;
  /** The same of removals. */
  readonly removalRate: number;
}

export interface KeySpaceSpec {
  readonly name: string;
  readonly count: number;
  readonly popularity: Popularity;
}

/** Cumulative probabilities and where each case begins; the last target is for what is left of 1. */
export interface ChoiceSpec {
  readonly cumulative: Float64Array;
  readonly targets: Int32Array;
  readonly purpose: string;
}

export interface ForkSpec {
  readonly branches: Int32Array;
  /** Branches that must succeed. */
  readonly need: number;
}

export interface TimerSpec {
  readonly seconds: number;
  /** What is sent when it is due, for one that hedges; null for one that ends a wait. */
  readonly hedge: HedgeSpec | null;
}

export interface HedgeSpec {
  /** The HEDGE instruction that says what is sent. */
  readonly at: number;
  /** The timer of the request after this one; null = there is none. */
  readonly next: number | null;
}

/** A protection of calls; the one of instance i of the caller is number `first + i`. */
export interface Guarded<Options> {
  readonly options: Options;
  readonly instances: number;
  readonly first: number;
  /** Of its random streams, one for each instance. */
  readonly purpose: string;
}

export interface TrafficSpec {
  readonly name: string;
  /** Where its code begins. */
  readonly entry: number;
  readonly priority: number;
  /** Key space of its requests' keys, −1 for keys never used before, null for none. */
  readonly keySpace: number | null;
  readonly arrivals:
    | {
        readonly type: 'open';
        /** Gap between batches at multiplier 1, as a sampler index. */
        readonly gap: number;
        /** Requests a batch, as a sampler index; null = 1. */
        readonly batch: number | null;
        /** Requests per second at multiplier 1. */
        readonly rate: number;
        readonly shape: readonly { readonly at: number; readonly times: number }[];
      }
    | { readonly type: 'closed'; readonly users: number; readonly think: number; readonly meanThink: number };
}
