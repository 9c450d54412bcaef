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
/** A moment of the run itself. */
export const MARK = 6;
