import type { Plan } from '../design/plan.ts';
import type { FlowRules, Flows } from './flows.ts';
import type { Choosing, ComponentModel, EdgeMisses, Spread } from './kind.ts';
import type { Response } from './outgoing.ts';
import type { SolvedQueue } from './queues.ts';
import type { SlotState } from './slots.ts';
import type { StationState } from './station.ts';

/**
 * How balancers that look at the load are taken: `likely` by an approximation, or by one of the two systems
 * between which the truth lies.
 */
export type Balancing = 'likely' | 'one shared queue' | 'random split';

/** A design under one load. */
export interface Solution {
  readonly plan: Plan;
  readonly models: readonly ComponentModel[];
  readonly flows: Flows;
  readonly rules: FlowRules;
  /** By component: of a front. */
  readonly misses: readonly (EdgeMisses | null)[];
  /** By component and station, in the order of the model. */
  readonly stations: readonly (readonly SolvedStation[])[];
  /** By traffic. */
  readonly responses: readonly TrafficResponse[];
  /** Of every component that takes messages. */
  readonly queues: readonly SolvedQueue[];
  /** By component. */
  readonly spreads: readonly ComponentSpread[];
  /** Where the solution is an approximation for this design. */
  readonly notes: readonly string[];
}

/** A station as the report shows it, all instances together. Rates are per second. */
export interface SolvedStation {
  readonly name: string;
  /** null = without limit. */
  readonly servers: number | null;
  readonly offered: number;
  readonly accepted: number;
  /** Mean time a server is had. */
  readonly service: number;
  /** Visits per second that keep every server busy; Infinity without limit. */
  readonly capacity: number;
  readonly stable: boolean;
  /** Share of the servers that are busy, where they are not all as busy as the busiest. */
  readonly busy?: number;
  /** Share of the work that the busiest instance does, where each has keys of its own. */
  readonly hottest?: number;
  readonly instances: number;
  /** What becomes of visits; null for a station that is held through other things. */
  readonly state: StationState | null;
  /** What becomes of those who hold it. */
  readonly slot: SlotState | null;
  /** What else decides about its queue and is not estimated; null = nothing. */
  readonly control: string | null;
}

/** What a traffic gets. */
export interface TrafficResponse extends Response {
  /** Requests per second. */
  readonly rate: number;
  /** Stations that cannot hold their load and that some of its requests need. */
  readonly overloaded: readonly string[];
  /**
   * Whether one of these has a queue that more than the formulas decides about, or instances on its way are killed: its
   * figures are unknown then.
   */
  readonly controlled: boolean;
  /** Share of its requests that get through. */
  readonly passes: number;
  /** Share of its requests that do not need what is overloaded. */
  readonly spared: number;
}

/** How the instances of a component are chosen. */
export interface ComponentSpread extends Choosing {
  /** Other ways that a part of the requests is spread. */
  readonly others: readonly Spread[];
}
