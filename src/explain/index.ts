/**
 * Answers: what breaks first, in which order, and why; where the time goes, and what would change it. They are built from
 * reports alone: an answer lays changes over a plan, calls an interpreter, and looks at what comes back.
 */

export {
  type AdvisedKinds,
  type AdviseOptions,
  type AdviseProgress,
  advise,
  type Changeable,
} from './advise/index.ts';
export { type CompareOptions, compare, type Subject } from './compare.ts';
export { type ExplainOptions, type ExplainProgress, explain } from './explain.ts';
export { type Form, type HistoryOptions, history } from './history.ts';
export type { ExplainedDesign } from './sensitivity/moves.ts';
export {
  type Headroom,
  type HeadroomOptions,
  type StressedKinds,
  type StressProgress,
  searchHeadroom,
} from './stress/headroom.ts';
export type { StressOptions } from './stress/stress.ts';
export { stress } from './stress/stress.ts';
export { fitUsl, type Usl } from './stress/usl.ts';
export { FaultyKnob, type TuneOptions, type TuneProgress, tune } from './tune/index.ts';
