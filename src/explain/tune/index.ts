/**
 * Tuning: the cheapest setting of some knobs that keeps every goal. `knob.ts` says what a knob is, `evaluate.ts` what
 * comes out of a setting, `search.ts` how one is found.
 */
export { FaultyKnob } from './knob.ts';
export { type TuneOptions, type TuneProgress, tune } from './tune.ts';
