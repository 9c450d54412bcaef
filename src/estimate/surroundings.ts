import type { Plan } from '../design/plan.ts';
import type { FlowRules, Flows } from './flows.ts';
import type { ComponentModel } from './kind.ts';
import type { SlotState } from './slots.ts';
import type { StationState } from './station.ts';

/** What is known of every component when responses are put together. */
export interface Surroundings {
  readonly plan: Plan;
  readonly rules: FlowRules;
  readonly models: readonly ComponentModel[];
  /** By component and station; null for one that is held. */
  readonly stations: readonly (readonly (StationState | null)[])[];
  /** By component and station: the state of those that are held. */
  readonly slots: readonly (readonly (SlotState | null)[])[];
  /** Calls per second of each operation. */
  readonly rates: Float64Array;
  /** The same, by traffic and keys. */
  readonly streams: Flows['streams'];
  /** Calls per second by step. */
  readonly calls: Flows['calls'];
  /** Components that never answer. */
  readonly silent?: ReadonlySet<number>;
}
