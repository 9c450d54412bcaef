/**
 * Advice: what gives way first is looked for, moves of a catalogue that may help are made as edits of the design, and each
 * is simulated before it is shown. A move is a value: `move.ts` says what it is, `catalogue.ts` where moves come from.
 */
export {
  type AdviseOptions,
  type AdviseProgress,
  advise,
} from './advise.ts';
export type { AdvisedKinds, Changeable } from './changeable.ts';
