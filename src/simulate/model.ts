import type {
  BalanceAlgorithm,
  BalancerOptions,
  EvictionPolicy,
  StickinessOptions,
} from '../blocks/index.ts';
import type { OwnName } from '../design/index.ts';
import type {
  PlanBreaker,
  PlanConcurrency,
  PlanHedge,
  PlanLimit,
  PlanRetry,
  PlanThrottle,
} from '../design/plan.ts';
import type { Distribution, Popularity } from '../quantities/index.ts';
import type { FaultTable } from './faults/fault-table.ts';
import type { Held } from './held.ts';

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
  readonly concurrencyLimits: readonly Guarded<PlanConcurrency>[];
  readonly throttles: readonly Guarded<PlanThrottle>[];
  /** Hedges after a live percentile or with a budget; the others are timers. */
  readonly hedges: readonly Guarded<PlanHedge>[];
  /** For each concurrency-limited call the reasons by which the caller itself refuses it behind the limit. */
  readonly ownRefusals: readonly (readonly number[])[];
  readonly flights: readonly FlightSpec[];
  readonly fetches: readonly FetchSpec[];
  readonly traffic: readonly TrafficSpec[];
  /** null where the plan is under no scenario with faults. */
  readonly faults: FaultTable | null;
  /** Stretches of the code in which frames hold something. */
  readonly held: readonly Held[];
  /** null where no work is cancelled. */
  readonly cancels: CancelTable | null;
  /** A place to return to for work that nobody waits for any more, where such may be; behind it, it ends. */
  readonly nowhere: number;
  /** Names of the ways to fail; 0 is success, 1 a timeout. */
  readonly reasons: readonly string[];
  /** Reasons that only a `fail` gives: answers of a callee that did its work. */
  readonly answers: ReadonlySet<number>;
}

/** How work is cancelled. */
export interface CancelTable {
  /**
   * By instruction, 1 where frames that wait there tell their branches: when they are told to stop themselves, and
   * when they wait no more.
   */
  readonly linked: Uint8Array;
  readonly cancels: Uint8Array;
  /** The way to fail of what waits for work that is cancelled. */
  readonly reason: number;
  /** Sampler of the time that a message takes to the next component; null = none. */
  readonly latency: number | null;
  /** Where a message goes on when it has come. */
  readonly arrives: number;
}

/** A law and the purpose whose random stream it draws from. */
export interface SamplerSpec {
  readonly law: Distribution;
  readonly purpose: string;
}

export type Discipline =
  | 'fifo'
  | 'lifo'
  | 'processor-sharing'
  | 'priority'
  | 'codel'
  | 'adaptive-lifo'
  | 'fair';

/** Controlled delay: seconds, and the reason of what is dropped. */
export interface CodelSpec {
  readonly target: number;
  readonly interval: number;
  readonly dropped: number;
}

/** Fair shares: the tenant that each traffic is, and the weight of each tenant. */
export interface SharesSpec {
  readonly tenants: readonly number[];
  readonly weights: readonly number[];
}

/** Load shedding: mean wait that is a load of 1 and the window of that mean, seconds; the reason of what is shed. */
export interface ShedSpec {
  readonly at: number;
  readonly window: number;
  readonly turnedAway: number;
}

/** Stations of the instances of one component, equal but for their speeds; instance i is station `first + i`. */
export interface StationGroup {
  /** `component.station`. */
  readonly name: string;
  /** Index of the component. */
  readonly component: number;
  readonly first: number;
  readonly instances: number;
  /** Servers of each instance; null = as many as needed. */
  readonly servers: number | null;
  /** Waiting places of each instance; null = unlimited. */
  readonly places: number | null;
  readonly discipline: Discipline;
  /** By instance: work takes 1/speed of its time. Without it, 1 each. */
  readonly speeds?: readonly number[];
  /** Reason of refusal. */
  readonly full: number;
  /** Of the discipline `codel`. */
  readonly codel?: CodelSpec;
  /** Of `adaptive-lifo`: seconds that a queue may stand before the newest go first. */
  readonly threshold?: number;
  /** Of `fair`. */
  readonly shares?: SharesSpec;
  /** Whether, and when, arrivals are turned away before the queue is full. */
  readonly shed?: ShedSpec;
}

export interface BalancerSpec {
  readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
  /** Whether it looks at the key of a request, and at how long requests take. */
  readonly byKey: boolean;
  readonly byLatency: boolean;
  readonly targets: number;
  /** Beside the block's defaults. */
  readonly options?: BalancerOptions;
  /** Where a key stays with the target that it had; times in seconds. */
  readonly sticky?: StickinessOptions;
  readonly purpose: string;
}

export interface CacheSpec {
  readonly component: string;
  /** Index of the component. */
  readonly of: number;
  readonly keySpace: number;
  readonly policy: EvictionPolicy | OwnName<'evict'>;
  /** In the unit of `itemWeight`: bytes or items. */
  readonly capacity: number;
  readonly itemWeight: number;
  /** Time to live of an entry from its insertion, as a sampler index; null = for ever. */
  readonly ttl: number | null;
  /** A hit gives the entry a new time to live. */
  readonly sliding?: boolean;
  /** When an entry is fetched anew although it has not expired; callers see to that. */
  readonly refresh?: RefreshSpec;
  readonly warm: boolean;
  /** Lookups per second expected at full load, for the age of entries at a warm start. */
  readonly lookupRate: number;
  /** The same of removals. */
  readonly removalRate: number;
}

export interface RefreshSpec {
  /** Seconds from its insertion after which an entry is fetched anew while it is served; null = never. */
  readonly softTtl: number | null;
  /** The eagerness of early expiry by chance, the β of XFetch; 0 = none. */
  readonly beta: number;
}

/** Fetches of keys in progress that others may join: of a cache, or of each instance of a caller. */
export interface FlightSpec {
  readonly by: 'cache' | 'instance';
  /** The component that is asked first, and its cache, where it has one of the assembly. */
  readonly front: number;
  readonly cache: number | null;
  /** The component whose instances have them; null when they are those of the cache. */
  readonly owner: number | null;
  readonly instances: number;
  /** Number of those of instance 0. */
  readonly first: number;
}

/** A place in the code where a caller reads through a cache, and does more than to fetch at each miss. */
export interface FetchSpec {
  /** Whose entries are of known age; null = none. */
  readonly refreshed: number | null;
  /** First of {@link FETCH_LOCALS} locals. */
  readonly slot: number;
  /** Which fetches in progress are looked at; null = none. */
  readonly flights: FlightSpec | null;
  /** Whether a miss joins a fetch that is in progress, and not only refreshes heed each other. */
  readonly coalesces: boolean;
}

/** Locals of a fetch: its number among those in progress, whether it is a refresh, and when it began. */
export const FETCH_LOCALS = 4;

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
  /** Share of requests for its most popular key, on top of its own. */
  readonly hottest: number;
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
