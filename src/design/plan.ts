import type { Headers, Route } from '../blocks/index.ts';
import type { Distribution, Popularity, Uncertain } from '../quantities/index.ts';
import type { PlanCommonCause, PlanFailures } from './failures.ts';
import type { PlanHotKeys } from './hot-keys.ts';
import type { PlanGoal } from './plan-goal.ts';
import type {
  PlanBreaker,
  PlanBulkhead,
  PlanConcurrency,
  PlanHedge,
  PlanLimit,
  PlanRetry,
  PlanThrottle,
} from './plan-protections.ts';
import type { PlanScenario } from './plan-scenario.ts';

export type { PlanGoal, PlanObjective } from './plan-goal.ts';
export type {
  BuiltInLimit,
  PlanBreaker,
  PlanBulkhead,
  PlanConcurrency,
  PlanHedge,
  PlanLimit,
  PlanRetry,
  PlanThrottle,
} from './plan-protections.ts';

/**
 * The design with every reference resolved, every quantity in base units (seconds, bytes, per second,
 * ratios of 1) and every default filled in. Plain, frozen, JSON-safe data: it crosses to a worker as it is.
 * Interpreters (estimate, simulate, later run) know the plan; the plan knows no interpreter.
 */
export interface Plan {
  readonly name: string;
  readonly summary: string;
  /** Constants profile the defaults came from, e.g. `classroom`. */
  readonly profile: string;
  readonly data: readonly PlanData[];
  readonly components: readonly PlanComponent[];
  readonly operations: readonly PlanOperation[];
  readonly traffic: readonly PlanTraffic[];
  /** The network between any two components; traffic reaches its first component without crossing it. */
  readonly network: PlanNetwork;
  /** Where components stand and how far that is apart; absent where the design has no regions. */
  readonly places?: PlanPlaces;
  readonly goals: readonly PlanGoal[];
  /** What may happen to it. */
  readonly scenarios: readonly PlanScenario[];
  /** The one of them that is laid over this plan; null = none, the system as it is day by day. */
  readonly scenario: PlanScenario | null;
  readonly decisions: readonly PlanDecision[];
  /**
   * Stations with so many times the servers that their component gives them, by `component.station`: what an answer
   * asks for that looks beyond a bottleneck. No design says so.
   */
  readonly widened?: Readonly<Record<string, number>>;
  /**
   * Which named constants the plan took values from, with the value used, for the report's sources; and those
   * that the design overrides, used or not.
   */
  readonly constants: readonly PlanConstant[];
}

/**
 * Plans a design again with other values of named constants (name → base units); the rest as it was. Null where
 * a kind refuses what becomes of its settings.
 */
export type Replan = (constants: ReadonlyMap<string, number>) => Plan | null;

export interface PlanConstant {
  readonly name: string;
  readonly value: number;
  /** Bounds of the 90 % interval; both equal `value` for an exact number. */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly source: string;
}

export interface PlanData {
  readonly name: string;
  /** Distinct keys. */
  readonly count: Uncertain;
  /** Bytes an item. */
  readonly size: Uncertain;
  /** New items per second. */
  readonly growth: Uncertain;
  /** Seconds an item is kept; null = for ever. */
  readonly keep: number | null;
  readonly popularity: Popularity;
}

export interface PlanComponent {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  /** What the kind's schema made of the user's words: base units, defaults filled in, JSON-safe. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings that name another component, e.g. a balancer's `to`: setting → component index. */
  readonly components: Readonly<Record<string, number>>;
  /** Settings that name data, e.g. a cache's `holds`: setting → data index. */
  readonly data: Readonly<Record<string, number>>;
  /** Indices into `Plan.operations`. */
  readonly operations: readonly number[];
  /** Of one that sends requests by routes: these in their order, and at the end what takes the rest. */
  readonly routes?: readonly PlanRoute[];
  /** Dollars per second of one instance, where the design says so. */
  readonly price?: number;
  /** It is where users are: outside of all zones, though it may be in a region. */
  readonly outside?: true;
  /** How one instance fails, where the design says so. */
  readonly fails?: PlanFailures;
  /** What it does with the answers that it gives, or passes back; absent = nothing. */
  readonly answers?: PlanAnswers;
}

/** What a component does with answers. */
export interface PlanAnswers {
  /** Operations, by index, that it answers with copies of the items of data. */
  readonly copies?: { readonly data: number; readonly operations: readonly number[] };
  /** It compresses what is not compressed: bytes before ÷ bytes after. */
  readonly ratio?: number;
}

/** A route, and the component that it leads to. */
export interface PlanRoute extends Route {
  readonly component: number;
}

/** One of several ways that requests for an operation are passed on. */
export interface PlanWay {
  readonly operation: number;
  /** The usual share of the requests, of those traffics where it is not for all. */
  readonly share: number;
  /** Index of the route by which it goes, where there are routes. */
  readonly route?: number;
  /** Indices of the traffics whose requests go this way; absent = all. */
  readonly traffic?: readonly number[];
}

export interface PlanOperation {
  readonly index: number;
  /** Index of the component that answers. */
  readonly component: number;
  readonly name: string;
  /** What a user wrote; empty for an operation that the kind itself provides (`get`, `read`). */
  readonly steps: readonly PlanStep[];
  /** For a component that passes requests on (a balancer): the operation it passes this one to. */
  readonly forwards: number | null;
  /**
   * For one that passes them on to one of several: all of them, the first included, with their usual shares. Where these
   * leave something, no route takes it, and it fails.
   */
  readonly among?: readonly PlanWay[];
  /** For one that passes all of them on by one route: its index. */
  readonly route?: number;
  /** For an operation of a component that stands wherever it is asked, in a design with regions: who asks. */
  readonly asked?: PlanAsked;
  /** It takes messages in. */
  readonly takesMessages?: true;
  /** Of requests whose callers have set headers: those of them that routes on their way look at, names in lower case. */
  readonly headers?: Headers;
  /** For one that takes messages in: the operations of its component that hand them on afterwards, to one consumer each. */
  readonly delivers?: readonly number[];
  /** For one that hands messages on, to the operation of the consumer that it forwards to. Nobody waits for it. */
  readonly delivery?: PlanDelivery;
}

/** Who asks a component that stands where they do. */
export interface PlanAsked {
  /** Index of the component whose instances ask; null = users. */
  readonly by: number | null;
  /** Region of instance i of it: `regions[i % regions.length]`; of users the only one. null = nowhere in particular. */
  readonly regions: readonly (number | null)[];
  /** For each of these, positions in `among` in the order in which they are preferred; without it, all are alike. */
  readonly prefers?: readonly (readonly number[])[];
}

/** How often a message is handed on. */
export interface PlanDelivery {
  /** Deliveries at most; null = until one succeeds. */
  readonly attempts: number | null;
  /** Seconds before one that failed is handed on again. */
  readonly pause: number;
  /** Index of the operation that takes in what nobody could work on; null = nowhere. */
  readonly deadLetters: number | null;
  /** While too many are held, whoever publishes fails or waits: those who work on them hold that up. */
  readonly pressesBack?: true;
}

/** Where the key of a call comes from. */
export type PlanKey =
  /** The key that the current request carries. */
  | { readonly from: 'request' }
  /** A key drawn afresh by the popularity of this data. */
  | { readonly from: 'draw'; readonly data: number }
  /** A key never used before. */
  | { readonly from: 'new'; readonly data: number }
  /** A key that stands for nothing: one of so many; null = one never used before. */
  | { readonly from: 'missing'; readonly data: number; readonly keys: number | null }
  /**
   * The key of the call before this one in the same run of steps (in `onMiss`: of the call that missed):
   * a read that draws its key looks it up, reads it and fills it in as one and the same.
   */
  | { readonly from: 'last' }
  /** No key: one of the requests to all shards of a store, the one to this shard. */
  | { readonly from: 'shard'; readonly shard: number };

export type PlanStep =
  /** CPU work on the component's own cores. */
  | { readonly step: 'compute'; readonly time: Distribution }
  /** Time that passes and uses nothing. */
  | { readonly step: 'wait'; readonly time: Distribution }
  | PlanCall
  /**
   * All branches at once. Continues when `waitFor` of them have succeeded, fails as soon as that can no
   * longer be; the remaining branches go on and their results are ignored.
   */
  | PlanParallel
  /** One case by probability; with what is left of 1, none. */
  | {
      readonly step: 'choose';
      readonly cases: readonly { readonly probability: number; readonly steps: readonly PlanStep[] }[];
    }
  | { readonly step: 'repeat'; readonly times: number; readonly steps: readonly PlanStep[] }
  /**
   * A walk from state to state (a Markov chain): does the steps of a state, then moves on by probability;
   * with what is left of 1, the walk is over. Starts at state 0.
   */
  | { readonly step: 'journey'; readonly states: readonly PlanJourneyState[] }
  | PlanOnce
  /** Does the steps, and the others instead where one of these fails. */
  | {
      readonly step: 'fallback';
      readonly steps: readonly PlanStep[];
      readonly otherwise: readonly PlanStep[];
    }
  /** Ends the operation unsuccessfully. */
  | { readonly step: 'fail'; readonly reason: string };

/**
 * Does the steps once for each request, or message, however often it comes: a repeat of one whose steps were done goes on
 * behind them, one that comes while they are being done fails. Times in seconds.
 */
export interface PlanOnce {
  readonly step: 'once';
  /** For how long it is remembered that they were done; 0 = not at all: repeats are counted, and nothing else. */
  readonly keep: number;
  /** For how long they may take until a repeat does them too. */
  readonly lease: number;
  /** Requests remembered at most; null = as many as a run can hold. */
  readonly keys: number | null;
  /** With so many: whether one more fails, or the oldest is forgotten. */
  readonly whenFull: 'reject' | 'forget';
  readonly steps: readonly PlanStep[];
}

export interface PlanParallel {
  readonly step: 'parallel';
  readonly branches: readonly (readonly PlanStep[])[];
  readonly waitFor: number;
  /** The remaining branches are cancelled instead. */
  readonly cancel?: true;
}

export interface PlanJourneyState {
  readonly name: string;
  readonly steps: readonly PlanStep[];
  readonly next: readonly { readonly state: number; readonly probability: number }[];
}

/** A request to another component and its answer. `read` and `write` of the language become calls too. */
export interface PlanCall {
  readonly step: 'call';
  readonly operation: number;
  /** Seconds the caller waits; null = for ever. The callee goes on working after a timeout, unless it is cancelled. */
  readonly timeout: number | null;
  readonly key: PlanKey;
  /** Header fields that it sets, names in lower case; the others are those of the request that it is made for. */
  readonly headers?: Headers;
  /** The item that travels with the request or with the answer, for networks of limited bandwidth. */
  readonly carries?: { readonly data: number; readonly with: 'request' | 'answer' };
  /** The same for calls through a cache, whose items do not take the time of a transfer. */
  readonly moves?: { readonly data: number; readonly with: 'request' | 'answer' };
  /**
   * What protects the caller, outermost first, the timeout innermost: a retry makes several attempts, each of several
   * requests that are hedged, and each of these goes through all that follows.
   */
  readonly retry?: PlanRetry;
  readonly hedge?: PlanHedge;
  readonly limit?: PlanLimit;
  readonly throttle?: PlanThrottle;
  readonly concurrency?: PlanConcurrency;
  readonly bulkhead?: PlanBulkhead;
  readonly breaker?: PlanBreaker;
  /** Done when the answer is a miss (a cache that does not hold the key): read the store, fill the cache. */
  readonly onMiss: readonly PlanStep[];
  /**
   * Misses of a key share one fetch: all that ask this cache (leases), or those of each instance of the caller
   * (single flight). Without it, each miss fetches.
   */
  readonly coalesce?: 'cache' | 'instance';
  /** Of a read: what each instance of the caller keeps of hot items. */
  readonly hotKeys?: PlanHotKeys;
  /** Work below that its caller waits for no more is cancelled: after a timeout, an answer to a hedge, or when itself is. */
  readonly cancel?: true;
  /** The callee is told until when it is waited for, at most as long as the caller is, and begins nothing after that. */
  readonly deadline?: 'propagate';
  /** How it gets there, where that is not by the network between components. */
  readonly reach?: PlanReach;
}

/** The way from users to the system. */
export interface PlanReach {
  /** One way between a user and the system, seconds; where regions lie between, their latency comes on top. */
  readonly latency: Distribution;
  /** Over which connections they ask; null = as if each were there. */
  readonly connections: PlanConnections | null;
}

/** Connections that each user opens, keeps and uses again. Times in seconds. */
export interface PlanConnections {
  /** Users, each as likely to ask as any other. */
  readonly users: number;
  /** A connection is closed when nothing was asked over it for so long, or when so many requests were; null = any number. */
  readonly keep: number;
  readonly requests: number | null;
  /** Round trips that a new connection takes before the first request, and one that resumes a session. */
  readonly roundTrips: number;
  readonly resumedRoundTrips: number;
  /** For so long after its last request a user can resume the session; 0 = never. */
  readonly resume: number;
}

export interface PlanNetwork {
  /** One-way latency between two components, seconds. */
  readonly latency: Distribution;
  /** Bytes per second of a transfer; null = transfers take no time. */
  readonly bandwidth: number | null;
}

/** Regions, their zones, and what stands where. */
export interface PlanPlaces {
  readonly regions: readonly string[];
  /** In the order written; `region` is an index into `regions`. */
  readonly zones: readonly { readonly name: string; readonly region: number }[];
  /** By component: instance i stands in zone `zones[i % zones.length]` of these, indices into `zones`. */
  readonly components: readonly (readonly number[])[];
  /** By traffic, the region its users are in; null = it reaches its first component wherever that stands. */
  readonly users: readonly (number | null)[];
  /** One-way latency between two zones of a region, seconds. */
  readonly acrossZones: Distribution;
  /** The same between regions, for each pair, lower index first, that a message can cross. */
  readonly acrossRegions: readonly {
    readonly regions: readonly [number, number];
    readonly latency: Distribution;
  }[];
  /** Bytes of a message beside the item that it carries. */
  readonly headers: number;
  /** Places that fail as a whole; absent where the design says none. */
  readonly fail?: readonly PlanCommonCause[];
}

export interface PlanTraffic {
  readonly index: number;
  readonly name: string;
  /** Index of the operation called. */
  readonly operation: number;
  readonly arrivals: PlanArrivals;
  readonly key: Exclude<PlanKey, { readonly from: 'shard' | 'missing' }> | null;
  /** Seconds after which a user gives up (late success is not success); null = never. */
  readonly timeout: number | null;
  /** A user who gives up cancels the work below. */
  readonly cancel?: true;
  /** What is asked is told when the user gives up, and begins nothing after that. */
  readonly deadline?: 'propagate';
  /** 0 = most urgent; matters at stations with priority discipline, and at such that shed load. */
  readonly priority: number;
  /** Share of requests for the most popular key of the data, on top of its own. */
  readonly hottest: number;
  /** Its share at stations that are fair, against that of other traffic, ≥ 1; absent = 1. */
  readonly weight?: number;
  /** Name of the tier of its users; absent = none. */
  readonly tier?: string;
  /** Header fields of its requests, names in lower case. */
  readonly headers?: Headers;
}

export type PlanArrivals =
  | {
      readonly type: 'open';
      /** Mean requests per second at multiplier 1. */
      readonly rate: Uncertain;
      /** Peak to mean; the simulator runs at the peak (rate × peak), the estimate shows both. */
      readonly peak: number;
      /** `poisson`: exponential gaps. `constant`: equal gaps. Otherwise the law of the gap, scaled to the rate. */
      readonly process: 'poisson' | 'constant' | Distribution;
      /** Requests that arrive together, mean > 0; the rate counts requests, not batches. */
      readonly batch: Distribution;
      /** Rate multiplier over time, linear between points, held after the last; empty = steady. */
      readonly shape: readonly { readonly at: number; readonly times: number }[];
    }
  | { readonly type: 'closed'; readonly users: number; readonly think: Distribution };

export interface PlanDecision {
  readonly chose: string;
  readonly over: string;
  readonly because: string;
  readonly costs: string;
}
