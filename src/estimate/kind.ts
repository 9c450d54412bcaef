import type { Placement } from '../design/placement.ts';
import type { Plan, PlanComponent, PlanOperation } from '../design/plan.ts';
import type { Distribution } from '../quantities/index.ts';
import type { Entry } from './entry.ts';
import type { Stream } from './flows.ts';
import type { Gate } from './gate.ts';
import type { KeyClasses } from './keys.ts';

/** What a component kind must offer to be estimated. */
export interface EstimatedKind {
  /** What the component is made of, whatever its load. */
  model(component: PlanComponent, plan: Plan): ComponentModel;
  /** Whether its instances follow the load, so that `scaled` says how many there are. */
  scales?(component: PlanComponent): boolean;
  /** The component with as many instances as it settles at under the load of its stations, in the order of the model. */
  scaled?(component: PlanComponent, stations: readonly Load[]): PlanComponent;
}

/** What a station is asked for. */
export interface Load {
  /** Visits per second, all instances together. */
  readonly offered: number;
  /** Mean time a server is had, seconds. */
  readonly service: number;
}

/** How callers choose one of several instances. `key`: by the hash of the request's key. */
export type Spread = 'random' | 'round-robin' | 'least-connections' | 'power-of-two' | 'key';

/** How callers choose, with what makes instances differ to them. */
export interface Choosing {
  readonly spread: Spread;
  /** By instance, relative to each other; without them, equal. */
  readonly weights?: readonly number[];
  /** Of `power-of-two`: instances looked at, ≥ 2, default 2. */
  readonly choices?: number;
  /** Requests about a key stay with the instance that had the last one, until there was none for so many seconds. */
  readonly sticky?: number;
}

/** Who of the waiting is served next. */
export type Discipline = 'fifo' | 'lifo' | 'processor-sharing' | 'priority';

/** A component as the estimator sees it: stations, and what each operation does with them. */
export interface ComponentModel {
  /** Instances, each with stations of its own, equal but for the speeds of these. */
  readonly instances: number;
  /** What to call several of them, where a design has no `instances` to set; default `instances`. */
  readonly called?: string;
  /** How callers that do not say otherwise choose an instance. */
  readonly spread: Spread;
  /** The same with all that belongs to it; without it, the spread alone. */
  readonly choosing?: Choosing;
  /** Callers come to an address, where it spreads requests itself so: nobody else chooses among its instances. */
  readonly addressed?: true;
  /** Where each instance has keys of its own: which. With replicas, each group of them has. */
  readonly placement?: Placement;
  /** Where each request asks several instances at once; these come in groups, alike but for the zones they stand in. */
  readonly replicas?: ReplicaModel;
  /** Where each group of instances has a primary and followers: who does what. */
  readonly members?: MembersModel;
  /** For one that does some requests about an item elsewhere, the more often the item is written. */
  readonly pins?: PinModel;
  readonly stations: readonly StationModel[];
  /** What a request for the operation does here, in order. */
  activities(operation: PlanOperation): readonly Activity[];
  /** What each call that its steps make costs here before it goes out: work on a station, then time that uses nothing. */
  readonly outgoing?: {
    readonly station: number;
    readonly time: Distribution;
    readonly latency: Distribution;
  };
  /** Whether an operation hands items of data out with its answer, or takes them in with the request. */
  moves?(operation: PlanOperation): 'in' | 'out' | null;
  /** For users who keep copies of answers themselves. */
  readonly copies?: CopiesModel;
  /** For a component that answers some lookups with a miss. */
  readonly front?: FrontModel;
  /** For a component that answers some requests itself and passes the others on. */
  readonly edge?: EdgeModel;
  /** Share of the time that one instance is up, as a number of the design or by name of a constant; without it, unknown. */
  readonly availability?: string | number;
  /** That share is of all instances together, and not of each. */
  readonly availableAsOne?: true;
  /**
   * What whoever chooses here does about an instance that is down: one of the component that requests are passed on
   * to, else one of its own. Without it, the others take over at once.
   */
  readonly failover?: Failover;
  /** The same about its own instances, of one that requests are passed on by. Without it, as `failover`. */
  readonly takeover?: Failover;
  /** Of one that passes each request on to one of several components: what it does when not all are well. */
  readonly reroute?: Reroute;
  /** Requests never come to it: they go straight on to what it stands for. */
  readonly transparent?: true;
  /** What it is paid for by; without it, nobody knows what it costs. */
  readonly rents?: readonly Rent[];
  /** Where this is an approximation of what the component does, each a sentence without its full stop. */
  readonly notes?: readonly string[];
  /** Lines of the sheet that only this kind has: storage, memory. */
  entries?(account: ComponentAccount): readonly Entry[];
}

/**
 * The share of each of several components, by which of them are taken to be well, their usual shares, and the orders in
 * which they are preferred by those who ask (`PlanAsked.prefers`). Without it, as usual.
 */
export type Reroute = (
  well: readonly boolean[],
  usual: readonly number[],
  prefers?: readonly (readonly number[])[],
) => readonly number[];

/** How requests get away from what is down. Times are in seconds. */
export interface Failover {
  /** From the failure until nothing is sent there any more; null = it goes on getting its share. */
  readonly leftOut: Distribution | null;
  /** Or as soon as so many requests to it have failed. */
  readonly afterFailures?: number;
  /** From the repair until it gets its share again. */
  readonly back: Distribution;
}

/** How requests ask replicas. */
export interface ReplicaModel {
  /** Instances of a group, all of which each request to the group asks. */
  readonly each: number;
  /** Of them, those that a request for the operation waits for. */
  needed(operation: PlanOperation): number;
}

/** A primary and its followers: instances `m × groups + g` are the members of group g, its primary for m = 0. */
export interface MembersModel {
  /** Of a group. */
  readonly each: number;
  /** The instances that do the work of a request for the operation, in a row, one of a group each time. */
  asked(operation: PlanOperation): { readonly first: number; readonly instances: number };
  /** Whether an operation needs the primary, and does not do with any member. */
  needsPrimary(operation: PlanOperation): boolean;
  /** Seconds until a follower is the primary in place of one that is gone; null = none ever is. */
  readonly takeover: number | null;
  /** Whether each request for the operation is done by the followers as well, afterwards. */
  followed(operation: PlanOperation): boolean;
}

/** Requests about items that are done elsewhere than others, since the item was written of late. */
export interface PinModel {
  /** Operations that write items. */
  readonly writes: readonly number[];
  /** Share of the other requests about an item that are pinned where it is written so often a second. */
  share(rate: number): number;
}

/** Something that a component is paid for by, priced by a constant. */
export type Rent =
  /** So much of it in each instance, or in all: cores and the like, or bytes. */
  | {
      readonly per: 'instance' | 'component';
      readonly constant: string;
      readonly amount: number;
      readonly unit: '1' | 'B';
    }
  /** Each byte that users send to it or get from it. */
  | { readonly per: 'byte'; readonly constant: string }
  /** Each byte of answers that users get by way of it, instead of what leaves the cloud; by where they are, if known. */
  | { readonly per: 'answer byte'; readonly constant: string }
  | CallRent;

/** Each call that comes to it. */
export interface CallRent {
  readonly per: 'call';
  /** The constant that says the price, or dollars that the design says; by where users are, if that is known. */
  readonly price: string | number;
  /** How many a second are paid for, of so many that come to each operation; without it, all. */
  readonly paid?: (rateOf: (operation: number) => number) => number;
  /** A `price` of its instances stands for these as well. */
  readonly unlessPriced?: true;
}

/** Something of an instance that can saturate. */
export interface StationModel {
  /** Without the component's, e.g. `cpu`. */
  readonly name: string;
  /** Of each instance; null = as many as needed. */
  readonly servers: number | null;
  /** Waiting places of each instance; null = unlimited. */
  readonly places: number | null;
  readonly discipline: Discipline;
  /** By instance: work takes 1/speed of its time. Without it, 1 each. */
  readonly speeds?: readonly number[];
  /**
   * What else decides about its queue, in words: the estimate leaves it out below capacity, and does not know what
   * it makes of a load beyond.
   */
  readonly control?: string;
  /** Who waits for long gives up or is dropped, or who comes is turned away: no load makes its queue grow without end. */
  readonly impatient?: true;
  /** Who finds it full takes the instance along, with all that it does; seconds until it is back. */
  readonly fatal?: number;
  /** No request waits for it: what visits it is done afterwards. */
  readonly aside?: true;
  /** Of followers: how many instances have it. Without it, each group of instances has one. */
  readonly followers?: number;
}

/** Times that a visit takes with some probability each; these sum to 1. */
export type WorkCases = readonly { readonly probability: number; readonly time: Distribution }[];

/** One thing that a request does in a component. Stations are indices into the model's. */
export type Activity =
  /** Has a server of the station for a time of its own. */
  | { readonly does: 'visit'; readonly station: number; readonly time: Distribution | WorkCases }
  /** Has a server of the station until all of `during` is over. */
  | { readonly does: 'hold'; readonly station: number; readonly during: readonly Activity[] }
  /**
   * While it holds the station, takes all who wait for that, `most` at most, having waited for so many for `patience`
   * seconds: what `each` batch takes, one after the other, once for all of them, and then the work on each in turn.
   */
  | {
      readonly does: 'batch';
      readonly station: number;
      readonly most: number;
      readonly patience: number;
      readonly each: readonly Distribution[];
      readonly work: readonly Activity[];
    }
  /** One of several things, by chance. */
  | {
      readonly does: 'either';
      readonly cases: readonly { readonly probability: number; readonly activities: readonly Activity[] }[];
    }
  /** One of two things, by what `ComponentModel.pins` says of the item. */
  | { readonly does: 'pin'; readonly pinned: readonly Activity[]; readonly others: readonly Activity[] }
  /** Is done so many times afterwards, and nobody waits for it. */
  | { readonly does: 'afterwards'; readonly times: number; readonly activities: readonly Activity[] }
  /** Waits until so many followers have said that they have heard of it. */
  | { readonly does: 'confirm'; readonly by: number }
  /** Lets time pass that uses nothing. */
  | { readonly does: 'wait'; readonly time: Distribution }
  /** The steps that the user wrote, with `compute` on a station. */
  | { readonly does: 'steps'; readonly compute: number }
  | Gate
  /** Passes the request on to `PlanOperation.forwards`, choosing the instance; null = as the one that answers says. */
  | {
      readonly does: 'forward';
      readonly spread: Spread | null;
      readonly choosing?: Choosing;
      /** It has been fetched before: the network is not on its way. */
      readonly near?: true;
      /** By route, where there are routes. */
      readonly byRoute?: readonly Choosing[];
    };

/** Users, each with copies of answers by operation and key, which nobody else sees. */
export interface CopiesModel {
  /** Operations whose answers they keep. */
  readonly operations: readonly number[];
  /** Chance that a request is not answered by the user's own copy, where all users ask for its key so often a second. */
  missed(rate: number): number;
  /** The formula of that with its numbers. */
  working(): string;
}

/** A component that answers requests from copies, and passes on those that it cannot. */
export interface EdgeModel {
  /** Operations whose answers it keeps. */
  readonly lookups: readonly number[];
  /** Data whose keys it holds. */
  readonly holds: number;
  /** Probability that a request is passed on, by class of keys; of what is asked of the operations together. */
  misses(demand: FrontDemand): EdgeMisses;
  /** Time that a second cache behind it takes; the network to it comes on top. */
  readonly shieldTime: Distribution;
}

/** What an edge makes of what is asked of it. */
export interface EdgeMisses extends FrontMisses {
  /** The same of the cache behind, of the requests that come to that. */
  readonly shield?: FrontMisses;
}

/** A component in front of a store. */
export interface FrontModel {
  /** Operation whose answer can be a miss. */
  readonly lookup: number;
  /** Operation that puts a key in. */
  readonly fill: number;
  /** Operation that takes a key out. */
  readonly drop: number;
  /** Data whose keys it holds. */
  readonly holds: number;
  /** Probability of a miss by class of keys. */
  misses(demand: FrontDemand): FrontMisses;
}

/** Requests per second of one key of each class, and of keys never used before. */
export interface KeyRates {
  readonly perKey: Float64Array;
  readonly fresh: number;
}

/** What is asked of a front. */
export interface FrontDemand {
  readonly classes: KeyClasses;
  readonly lookups: KeyRates;
  readonly fills: KeyRates;
  readonly drops: KeyRates;
  /** Whether a miss is ever followed by a fill; where everything fits, none are left in the long run. */
  readonly filled: boolean;
}

/** What a front makes of it. */
export interface FrontMisses {
  readonly byClass: Float64Array;
  /** Probability that an answer is fetched anew meanwhile, by class of keys; without it, none is. */
  readonly refreshes?: Float64Array;
  /** Items in it on average. */
  readonly items: number;
  /** How it was found, with its paper, for the sheet. */
  readonly formula: string;
  readonly working: () => string;
  readonly source: string;
  readonly notes: readonly string[];
}

/** What is known of a component once the whole design is solved. */
export interface ComponentAccount {
  readonly plan: Plan;
  readonly component: PlanComponent;
  /** Calls per second of each operation of the plan, at the peak. */
  readonly rates: Float64Array;
  /** The same, by traffic and keys. */
  readonly streams: readonly (readonly Stream[])[];
  /** Present when the component is a front. */
  readonly misses: FrontMisses | null;
}
