import type {
  BalanceAlgorithm,
  BalancerOptions,
  EvictionPolicy,
  StickinessOptions,
  TargetHealthOptions,
} from '../blocks/index.ts';
import type { OwnName } from '../design/index.ts';
import type { PlacedData, PlacementSpec } from '../design/placement.ts';
import type {
  PlanBreaker,
  PlanConcurrency,
  PlanHedge,
  PlanLimit,
  PlanOnce,
  PlanRetry,
  PlanThrottle,
} from '../design/plan.ts';
import type { Distribution, Popularity } from '../quantities/index.ts';
import type { SpanKind } from '../report/trace.ts';
import type { OwnCopiesSpec } from './caching/copies-spec.ts';
import type { HotItemsSpec } from './caching/hot-items.ts';
import type { ConnectionTable } from './connection-table.ts';
import type { Dependency } from './dependencies.ts';
import type { FaultTable } from './faults/fault-table.ts';
import type { Held } from './held.ts';
import type { ChannelSpec } from './messages/channel-spec.ts';
import type { NameServerSpec, NameSpec, RouteSpec } from './program/forwarding-specs.ts';
import type { FollowerSpec } from './replicas/follower-spec.ts';
import type { QuorumSpec } from './replicas/quorum-spec.ts';
import type { StationGroup } from './stations/station-group.ts';

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
  readonly placements: readonly PlacedKeys[];
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
  /** Limits that belong to components, not to their callers. */
  readonly doors: readonly DoorSpec[];
  readonly clientLimits: readonly ClientLimit[];
  /** Of each limit by tiers: by traffic, the number of its client limit, −1 = none. */
  readonly tierLimits: readonly (readonly number[])[];
  /** For each concurrency-limited call the reasons by which the caller itself refuses it behind the limit. */
  readonly ownRefusals: readonly (readonly number[])[];
  readonly flights: readonly FlightSpec[];
  readonly fetches: readonly FetchSpec[];
  /** Names that stand for several components, one for each operation of each. */
  readonly names: readonly NameSpec[];
  readonly nameServers: readonly NameServerSpec[];
  /** What takes messages in and hands them on. */
  readonly channels: readonly ChannelSpec[];
  /** Steps that are done once for each request. */
  readonly onces: readonly OnceSpec[];
  readonly hotItems: readonly HotItemsSpec[];
  /** Copies that users keep themselves. */
  readonly copies: readonly OwnCopiesSpec[];
  /** Components whose reads and writes ask replicas. */
  readonly quorums: readonly QuorumSpec[];
  /** Components with a primary and followers. */
  readonly followers: readonly FollowerSpec[];
  /** Where the code begins that hands a message on, by operation. */
  readonly deliveries: ReadonlyMap<number, number>;
  readonly routes: readonly RouteSpec[];
  readonly traffic: readonly TrafficSpec[];
  readonly scalers: readonly ScalerSpec[];
  readonly pauses: readonly PauseSpec[];
  /** Of components whose callers learn late which instances there are, where any come or go. */
  readonly discoveries: readonly DiscoverySpec[];
  /** null where the plan is under no scenario with faults, and no balancer looks at health. */
  readonly faults: FaultTable | null;
  /** Absent where the plan has no places. */
  readonly legs?: LegTable;
  /** Absent where no users keep connections. */
  readonly connections?: ConnectionTable;
  /** Stretches of the code in which frames hold something. */
  readonly held: readonly Held[];
  /** null where no work is cancelled. */
  readonly cancels: CancelTable | null;
  /** null where no call passes a deadline on. */
  readonly deadlines: DeadlineTable | null;
  /** A place to return to for work that nobody waits for any more, where such may be; behind it, it ends. */
  readonly nowhere: number;
  /** Names of the ways to fail; 0 is success, 1 a timeout. */
  readonly reasons: readonly string[];
  /** Reasons that only a `fail` gives: answers of a callee that did its work. */
  readonly answers: ReadonlySet<number>;
  /** Reasons of refusals that say how long to wait. */
  readonly asksToWait: ReadonlySet<number>;
  /** What the spans of traced code are; null where nothing is traced. */
  readonly spans: readonly SpanSpec[] | null;
}

/** Steps that are done once for each request. */
export interface OnceSpec extends Omit<PlanOnce, 'step' | 'steps'> {
  readonly name: string;
  /** Local that keeps who is doing them. */
  readonly token: number;
  /** Reasons of repeats that come meanwhile, and of requests for which there is no key. */
  readonly busy: number;
  readonly full: number;
}

/** A span that the code begins and ends. */
export interface SpanSpec {
  readonly name: string;
  readonly kind: SpanKind | 'lookup';
  /** Name of the component it belongs to, or of the traffic. */
  readonly component: string;
  /** Whether that has instances. */
  readonly hasInstances: boolean;
  /** The station that is waited for or works; the component at the other end of a network; the call that is protected. */
  readonly about?: string;
  /** By what a call is protected. */
  readonly guard?: 'retries' | 'timeout' | 'hedges';
  /** What the branches of a parallel step do, in a word each. */
  readonly branches?: readonly string[];
}

/** Ways of messages from place to place, and what is counted of them. */
export interface LegTable {
  readonly legs: readonly LegSpec[];
  readonly crossings: readonly CrossingSpec[];
}

/**
 * One way between a caller and a callee whose instances go round over so many zones each. The tables are by the two
 * positions in these: caller × callees + callee.
 */
export interface LegSpec {
  readonly callers: number;
  readonly callees: number;
  /** −1 = it takes no time. */
  readonly samplers: Int32Array;
  /** −1 = not counted. */
  readonly crossings: Int32Array;
  /** Bytes of the message, and of the item that a request, or an answer that is served, carries besides. */
  readonly headers: number;
  readonly item: number;
  readonly answer: boolean;
  /** Only an answer that was a hit brings the item. */
  readonly ofHit: boolean;
}

/** Messages from one component to another, or to users, that go to another zone, another region or out. */
export interface CrossingSpec {
  readonly from: string;
  readonly to: string;
  readonly scope: 'zones' | 'regions' | 'users';
}

/** What calls tell of deadlines: seconds that an answer may take, and how that fails whose deadline is over. */
export interface DeadlineTable {
  /** Infinity = as long as who asks is waited for. */
  readonly budgets: readonly number[];
  readonly reason: number;
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

/** A component each of whose instances stands still as a whole now and then. */
export interface PauseSpec {
  readonly name: string;
  /** Index of the component. */
  readonly component: number;
  readonly instances: number;
  /** Samplers of the time from the end of a pause to the next, and of how long one is. */
  readonly every: number;
  readonly lasts: number;
}

/** How callers find the instances of a component; times in seconds. */
export interface DiscoverySpec {
  readonly name: string;
  /** Index of the component. */
  readonly component: number;
  readonly instances: number;
  /** From one heartbeat of an instance to the next, 0 = all the time, and from one until it is off the list. */
  readonly heartbeat: number;
  readonly expire: number;
  /** From one copy of the list that callers take to the next. */
  readonly refresh: number;
}

/** A component whose instances come and go. Times in seconds. */
export interface ScalerSpec {
  readonly name: string;
  /** Index of the component. */
  readonly component: number;
  /** Instances at the start; stations are there for the most there may be. */
  readonly instances: number;
  readonly from: number;
  readonly to: number;
  /** Busy share of the servers of the station `cpu` that it steers to; null = it does not look at that. */
  readonly utilization: number | null;
  /** The same of those waiting at the station `door`, per instance. */
  readonly queue: number | null;
  /** Stations of instance 0. */
  readonly cpu: number;
  readonly door: number;
  readonly every: number;
  readonly boot: number;
  readonly cooldown: number;
  readonly tolerance: number;
  /** Balancers that choose among the instances. */
  readonly balancers: readonly number[];
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
  /** Where it chooses for connections and not for requests: index of the component that the targets are instances of. */
  readonly perConnection?: number;
  /** Where it looks at whether targets are well. */
  readonly health?: HealthSpec;
  readonly purpose: string;
}

/** How a balancer learns which of its targets are well; times in seconds. */
export interface HealthSpec {
  readonly options: TargetHealthOptions;
  /** Active probes; null where none are sent, or none can fail. */
  readonly probes: {
    readonly every: number;
    readonly timeout: number;
    /** Sampler of the network's latency, one way; null where probes do not cross it. */
    readonly latency: number | null;
    /** What an instance asks in its turn before it answers, and the sampler of the network's latency for that. */
    readonly deep?: { readonly dependencies: readonly Dependency[]; readonly latency: number };
  } | null;
  /** Index of the component that the targets are instances of, and of the one that sends probes; null = beside them. */
  readonly of: number;
  readonly from: number | null;
  /** Reason of requests for which there is no target. */
  readonly nobody: number;
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
  /** Seconds after its time to live for which an entry is still served, and fetched anew; default 0. */
  readonly staleFor?: number;
  /** Which instance has which key, where all share it and there are several. */
  readonly placement?: number;
  /** Of caches of one component, the instance whose cache it is; without it, all instances share it. */
  readonly instance?: number;
  /** It holds the most popular keys that fit, put there by others; nothing is evicted, and misses do not fill it. */
  readonly pinned?: true;
  /** The caches whose misses are its lookups: the first, and how many. Their lookups per second are told of them. */
  readonly behind?: { readonly first: number; readonly caches: number };
  /** A key that is dropped takes all of its group along. */
  readonly groups?: { readonly by: 'tag' | 'version'; readonly count: number };
  /** Keys that stand for nothing are remembered for so many seconds, at most so many; null = any number. */
  readonly absences?: { readonly ttl: number; readonly keys: number | null };
  readonly warm: boolean;
  /** Lookups per second expected at full load, for the age of entries at a warm start. */
  readonly lookupRate: number;
  /** The same of removals. */
  readonly removalRate: number;
}

export interface RefreshSpec {
  /** Seconds from its insertion after which an entry is fetched anew while it is served; null = never. */
  readonly softTtl: number | null;
  /** Seconds before its expiry from which on an entry is fetched anew, in place of `softTtl`. */
  readonly staleFor?: number;
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
  /** Each instance has a cache of its own; `refreshed` is that of instance 0. */
  readonly perInstance?: true;
  /** First of {@link FETCH_LOCALS} locals. */
  readonly slot: number;
  /** Which fetches in progress are looked at; null = none. */
  readonly flights: FlightSpec | null;
  /** Whether a miss joins a fetch that is in progress, and not only refreshes heed each other. */
  readonly coalesces: boolean;
}

/** Locals of a fetch: its number among those in progress, whether it is a refresh, and when it began. */
export const FETCH_LOCALS = 4;

/** How the keys of a component's data are spread over its instances. */
export interface PlacedKeys {
  readonly spec: PlacementSpec;
  readonly stored: readonly PlacedData[];
}

export interface KeySpaceSpec {
  readonly name: string;
  readonly count: number;
  readonly popularity: Popularity;
  /** All its keys are simulated one by one, unless caches hold them. */
  readonly alone?: true;
  /** Its keys stand for nothing. */
  readonly missing?: true;
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
  /** The component that calls; null where a traffic begins. */
  readonly owner: number | null;
  readonly instances: number;
  readonly first: number;
  /** Of its random streams, one for each instance. */
  readonly purpose: string;
}

/** The limit of a component: a limiter, or with `keyed` one for each client, by its number. */
export interface DoorSpec {
  /** Index of the component. */
  readonly component: number;
  readonly limiter: number;
  readonly keyed: boolean;
}

/** What each client may do at a component. */
export type ClientLimit = ClientBuckets | ClientQuota;

/** At most so many requests a second, and at once, of each client; so many clients are remembered. */
export interface ClientBuckets {
  readonly rate: number;
  readonly burst: number;
  readonly clients: number;
  /** What is counted is read, and written later: what is read in between does not have it. */
  readonly races?: true;
  /** All clients are one. */
  readonly together?: true;
  /** By traffic, requests a second that came before a run begins. */
  readonly rates: readonly number[];
  /** Of its random stream. */
  readonly purpose: string;
}

/** At most so many requests of each client in a window of so many seconds. */
export interface ClientQuota {
  readonly requests: number;
  readonly window: number;
  /** Seconds of the windows of all clients that are over when a run begins; null = any number, by client. */
  readonly elapsed: number | null;
  /** By traffic, requests a second that have counted until then, and how many of one client at most. */
  readonly rates: readonly number[];
  readonly most: number;
  /** Of its random stream. */
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
