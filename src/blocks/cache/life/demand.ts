/** What becomes of one key of the data set in the long run: it is asked for, and taken out, at random. */
export interface KeyDemand {
  /** Requests per second, > 0. */
  readonly rate: number;
  /** Removals per second from outside, such as invalidation by writes, ≥ 0. */
  readonly removal: number;
}

/** ∫ e^(−rate·a) da over [0, until]. */
export function mass(rate: number, until: number): number {
  if (rate === 0) return until;
  return -Math.expm1(-rate * until) / rate;
}

/** Where ∫ e^(−rate·a) da from 0 comes to `part`; infinite when it never does. */
export function massReached(rate: number, part: number): number {
  if (rate === 0) return part;
  const share = rate * part;
  return share < 1 ? -Math.log1p(-share) / rate : Number.POSITIVE_INFINITY;
}
