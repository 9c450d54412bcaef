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

/** Instances that a fault hits: the first so many of a component. */
interface Hit {
  readonly component: number;
  readonly instances: number;
  /** Without it, the first; else those instances i whose i % `every` is one of `which`. */
  readonly spread?: { readonly every: number; readonly which: readonly number[] };
}

/** Those of the components of `from` and `to` that a fault of their messages hits: all, or such as stand in these zones. */
interface Sides {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly fromZones?: readonly number[];
  readonly toZones?: readonly number[];
}

/** From `at` to `until`, seconds from the start of the scenario; null = to its end. */
export type PlanFault = { readonly at: number; readonly until: number | null } & (
  | ({ readonly fault: 'crash'; readonly connections: 'refused' | 'hanging' } & Hit)
  /** Work begun takes `by` times as long. */
  | ({ readonly fault: 'slow'; readonly by: number } & Hit)
  /** This share of requests fails at once. */
  | ({ readonly fault: 'errors'; readonly share: number } & Hit)
  | ({ readonly fault: 'freeze' } & Hit)
  | { readonly fault: 'flush'; readonly component: number }
  /** No message arrives from a component of `from` at one of `to`. */
  | ({ readonly fault: 'cut' } & Sides)
  /** Messages from a component of `from` to one of `to` are lost or late. */
  | ({ readonly fault: 'link'; readonly loss: number; readonly delay: Distribution | null } & Sides)
  /** The clock of a cache is ahead by `by` seconds. */
  | { readonly fault: 'skew'; readonly component: number; readonly by: number }
);
