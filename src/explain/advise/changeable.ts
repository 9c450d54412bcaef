import type { KindDescription, KindMoves, LoadedDesign } from '../../design/index.ts';
import type { StressedKinds } from '../stress/headroom.ts';

/** A design as it is written, and what makes a plan of it when it has been changed. */
export interface Changeable {
  /** As plain values. */
  readonly design: unknown;
  readonly load: (design: unknown) => LoadedDesign;
}

/** What kinds offer to the interpreters, and say of themselves. */
export interface AdvisedKinds extends StressedKinds {
  readonly described: readonly KindDescription[];
  readonly moves: ReadonlyMap<string, KindMoves>;
}
