/** Clients that ignore the time to live keep an answer for so many of them. */
export const STALE_TIMES = 10;
