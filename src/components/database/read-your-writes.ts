import { type Distribution, quantile } from '../../quantities/index.ts';
import type { FollowerSettings } from './followers.ts';

/** Points of a law of lags that stand for all of it, where nothing better is known. */
const POINTS = 2000;

/** What more there is to say of reads that miss a write. */
interface Missing {
  /** Seconds that pass besides the lag until a replica has a write, beyond what passes for a read. */
  readonly later: number;
  /** Reads within so many seconds of the last write of an item do not count. */
  readonly since?: number;
  /** So many replicas all lack it; default 1. */
  readonly replicas?: number;
  /** Points of a law that is neither constant nor exponential. */
  readonly points?: number;
}

/**
 * Chance that a replica, or each of several, lacks the last write of an item that is written so often a second, as a Poisson
 * process. That write is so old as the time between two of them, and which of its forerunners a replica has is of no account:
 * E[(e^(−λ × since) − e^(−λ × behind))⁺], behind being the least of the lags, and what comes on top. Exact for constant and
 * exponential lags; else over the quantiles of the law.
 */
export function behindShare(
  rate: number,
  lag: Distribution,
  { later, since = 0, replicas = 1, points = POINTS }: Missing,
): number {
  const until = (behind: number): number =>
    Math.exp(-rate * since) * -Math.expm1(-rate * Math.max(0, behind - since));
  if (lag.law === 'constant') return until(lag.value + later);
  if (lag.law === 'exponential') {
    // The least of exponential lags is exponential, and so is what is left of one after any time.
    const least = lag.mean / replicas;
    const begins = Math.max(since, later);
    const missed = (rate * least) / (1 + rate * least);
    return until(later) + Math.exp(-rate * begins) * Math.exp(-(begins - later) / least) * missed;
  }
  return leastLags(lag, replicas, points).reduce((sum, least) => sum + until(least + later), 0) / points;
}

const known = new WeakMap<Distribution, Map<string, Float64Array>>();

/** The least of several lags: points that stand for equal parts of its law, in the middle of each. */
function leastLags(lag: Distribution, replicas: number, points: number): Float64Array {
  const byName = known.get(lag) ?? new Map<string, Float64Array>();
  known.set(lag, byName);
  const name = `${replicas} ${points}`;
  let lags = byName.get(name);
  if (lags === undefined) {
    const below = (i: number): number => 1 - (1 - (i + 0.5) / points) ** (1 / replicas);
    lags = Float64Array.from({ length: points }, (_, i) => quantile(lag, below(i)));
    byName.set(name, lags);
  }
  return lags;
}

/** Share of the reads of an item written so often a second that go to the primary so that they see the last write. */
export function pinnedShare(
  rate: number,
  { readYourWrites, replicas, lag }: FollowerSettings,
  later: number,
): number {
  if (readYourWrites === null) return 0;
  if (readYourWrites !== 'token') return -Math.expm1(-rate * readYourWrites);
  return behindShare(rate, lag, { later, replicas });
}

/** Share of them that go to the primary for whichever reason. */
export function primaryShare(rate: number, followers: FollowerSettings, later: number): number {
  const { readYourWrites, replicas, lag, reads } = followers;
  if (reads === 'primary') return 1;
  const pinned = pinnedShare(rate, followers, later);
  if (reads === 'replicas') return pinned;
  const members = 1 + replicas;
  if (readYourWrites !== 'token') return pinned + (1 - pinned) / members;
  // With p for each replica to lack it, the primary is one of 1 + K: E[1 ÷ (1 + K)] = Σ p^j ÷ members over j from 0.
  const points = Math.ceil(POINTS / replicas);
  let sum = 1;
  for (let lacking = 1; lacking <= replicas; lacking++)
    sum += behindShare(rate, lag, { later, replicas: lacking, points });
  return sum / members;
}
