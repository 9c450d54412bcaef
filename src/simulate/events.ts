/** Kinds of calendar events; a payload is its kind + 8 × its subject. */

/** The work of frame `subject` at a station is done. */
export const COMPLETE = 0;
/** Frame `subject` goes on. */
export const RESUME = 1;
/** A request of traffic `subject` arrives. */
export const ARRIVAL = 2;
/** A user of traffic `subject` has thought long enough. */
export const USER = 3;
/** The first job of the shared station `subject` is done, unless that has changed since. */
export const SHARED = 4;
/** The oldest timer of ring `subject` is due; beyond the rings, the delay of a hedge. */
export const TIMER = 5;
/** A moment of the run itself, one of the next four. */
export const MARK = 6;
/** Measuring begins. */
export const MARK_MEASURE = 0;
/** A window of the series of work in progress ends. */
export const MARK_WINDOW = 1;
/** The run ends. */
export const MARK_END = 2;
/** A window of the series that the run is watched in ends. */
export const MARK_SERIES = 3;
/** Something happens besides requests; see `Controls`. */
export const CONTROL = 7;
