import type { PlanConnections } from '../design/plan.ts';

/** Whose connections there are, and where the code goes on by them. */
export interface ConnectionTable {
  readonly sources: readonly ConnectionSource[];
  /** By place: where to go on over no connection, one that was there, one that resumed a session, a new one. */
  readonly places: readonly Int32Array[];
}

/** Users who keep connections to a component. */
export interface ConnectionSource extends PlanConnections {
  /** Of the component that they are, which is its purpose too. */
  readonly name: string;
  /** Requests a second of all of them, for the connections there are at the start. */
  readonly rate: number;
}
