/**
 * Whether timers that do not matter any more are to be swept off the calendar: so that it takes no more time than
 * they took to set, and leaves half of their pool free, they are at least half of that, and a quarter of what is pending.
 *
 * @param over timers of the pool that do not matter any more
 * @param room of the pool
 * @param pending events on the calendar
 */
export function isWorthSweeping(over: number, room: number, pending: number): boolean {
  return 2 * over >= room && 4 * over >= pending;
}
