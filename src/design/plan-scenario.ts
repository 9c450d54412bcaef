import type { Distribution } from '../quantities/index.ts';

/** A course of traffic and faults that may be laid over a plan. Plain data, like the plan. */
export interface PlanScenario {
  readonly name: string;
  readonly summary: string;
  /** Seconds from its start to its end. */
  readonly lasts: number;
  /** What becomes of traffic; what is not named comes as it is. */
  readonly courses: readonly PlanCourse[];
  /** Seconds after which a caller who hears nothing gives up, and after which a lost message is first sent again. */
  readonly giveUp: number;
  readonly retransmit: number;
  /** In the order in which they begin. */
  readonly faults: readonly PlanFault[];
  readonly deploys: readonly PlanDeploy[];
}

/** How much of a traffic comes in a scenario. */
export interface PlanCourse {
  /** Index of the traffic. */
  readonly traffic: number;
  /** Times the rate at the peak, linear between points, held before the first and after the last; null = as it is. */
  readonly shape: readonly { readonly at: number; readonly times: number }[] | null;
  /** Share of requests for the most popular key, on top of its own. */
  readonly hottest: number;
}

/** Instances that a fault hits: so many of a component, from `first` on, 0 unless said. */
interface Hit {
  readonly component: number;
  readonly first?: number;
  /** What these are called, where that is a part of the component with a name. */
  readonly part?: string;
  readonly instances: number;
  /** Without it, the first; else those instances i whose i % `every` is one of `which`. */
  readonly spread?: { readonly every: number; readonly which: readonly number[] };
}

/** Instances of a component that have a name of their own. */
interface NamedPart {
  readonly part: string;
  readonly first: number;
  readonly instances: number;
}

/**
 * Those of the components of `from` and `to` that a fault of their messages hits: all, such as stand in these zones, or a
 * part of the one component.
 */
interface Sides {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly fromZones?: readonly number[];
  readonly toZones?: readonly number[];
  readonly fromPart?: NamedPart;
  readonly toPart?: NamedPart;
}

/** A version that is rolled out instance by instance; what that does to each stands among the faults. */
export interface PlanDeploy {
  readonly component: number;
  /** Seconds: when it begins, when its last instance is as it will be, and when it is rolled back; null = never. */
  readonly at: number;
  readonly until: number;
  readonly back: number | null;
  /** Seconds from one instance to the next. */
  readonly every: number;
  /** Share of requests that the version fails, and how many times as long its work takes. */
  readonly errors: number;
  readonly slow: number;
  /** Those that get it first, if not all get it in one go; `until` is when the last has it if it is kept. */
  readonly canary?: PlanCanary;
}

/** The first so many instances of a deploy: watched for errors from a time to another, when the run judges them. */
export interface PlanCanary {
  readonly instances: number;
  /** Seconds from the start of the scenario. */
  readonly watched: number;
  readonly judged: number;
  /** The version is rolled back where a larger share of their requests failed. */
  readonly abortAbove: number;
  /** Seconds: when the last of them is as it was, if it is rolled back. */
  readonly backUntil: number;
}

/**
 * From `at` to `until`, seconds from the start of the scenario; null = to its end. With `deploy`, it is a part of that
 * one of the scenario's; with `if`, it happens only where the canary of that deploy came out so.
 */
export type PlanFault = {
  readonly at: number;
  readonly until: number | null;
  readonly deploy?: number;
  readonly if?: 'kept' | 'rolled back';
} & (
  | ({ readonly fault: 'crash'; readonly connections: 'refused' | 'hanging' } & Hit)
  /** Work begun takes `by` times as long. */
  | ({ readonly fault: 'slow'; readonly by: number } & Hit)
  /** This share of requests fails at once. */
  | ({ readonly fault: 'errors'; readonly share: number } & Hit)
  | ({ readonly fault: 'freeze' } & Hit)
  /** Balancers send nothing new there. */
  | ({ readonly fault: 'drain' } & Hit)
  | { readonly fault: 'flush'; readonly component: number }
  /** All items of the data of this index have a new version; copies stay as they are. */
  | { readonly fault: 'change'; readonly data: number }
  /** No message arrives from a component of `from` at one of `to`. */
  | ({ readonly fault: 'cut' } & Sides)
  /** Messages from a component of `from` to one of `to` are lost or late. */
  | ({ readonly fault: 'link'; readonly loss: number; readonly delay: Distribution | null } & Sides)
  /** The clock of a cache is ahead by `by` seconds. */
  | { readonly fault: 'skew'; readonly component: number; readonly by: number }
  /** The limit of a component is `to` requests a second. */
  | { readonly fault: 'lower'; readonly component: number; readonly to: number }
);
