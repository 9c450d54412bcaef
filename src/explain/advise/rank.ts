import type { Advice, Figure } from '../../report/index.ts';

type Unranked = Omit<Advice, 'rank'>;

/** Dollars a month that are none. */
const NOTHING = 0.5;
const HUNDRED = 100;

/** How much more load a design holds than before: both brackets' ends allow so much at least and at most. */
export function gainOf(before: Figure, after: Figure): Figure {
  const from = { low: before.low ?? 0, high: before.high ?? before.low ?? 0 };
  const low = Math.max(0, (after.low ?? 0) - from.high);
  const high = after.high === null ? null : after.high - from.low;
  const middle = (from.low + from.high) / 2;
  const value = after.value === null ? null : Math.max(low, after.value - middle);
  return { value, low, high, unit: '1' };
}

/** The gain for each hundred dollars a month; null where it costs nothing, or nobody knows what. */
export function perHundred(gain: Figure, cost: number | null): Figure | null {
  if (cost === null || cost < NOTHING) return null;
  const share = (value: number | null) => (value === null ? null : (value * HUNDRED) / cost);
  return { value: share(gain.value), low: share(gain.low), high: share(gain.high), unit: '1' };
}

/**
 * Puts what helps in order: first what keeps a promise that is broken now, that which keeps most of them and the cheapest
 * of these first; then what lets a design carry its load that does not as it is, the cheapest first; then what costs
 * nothing, by its gain; then by gain for each dollar; then what nobody knows the price of, by gain; then what holds more
 * load only because no goal is about the requests and messages that fail with it; at the end what helps against failures,
 * by the downtime that it saves, for each dollar. One of which the interval overlaps that of the best of a rank has that
 * rank too: the runs do not tell them apart.
 *
 * @param now up to which load the goals hold as it is
 */
export function ranked(advice: readonly Unranked[], now: Figure): Advice[] {
  const fails = now.high !== null && now.high <= 1;
  const classes = CLASSES.map((of) =>
    advice
      .filter((each) => classOf(each, fails) === of)
      .map((each) => ({ each, score: scoreOf(each, of) }))
      .sort((a, b) => b.score.value - a.score.value),
  );
  let rank = 0;
  return classes.flatMap((members) => {
    let best: Score | null = null;
    return members.map(({ each, score }): Advice => {
      if (best === null || score.high < best.low) {
        rank++;
        best = score;
      }
      return { rank, ...each };
    });
  });
}

interface Score {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const CLASSES = ['promise', 'carries', 'free', 'priced', 'price unknown', 'loses', 'uptime'] as const;
type Class = (typeof CLASSES)[number];

function classOf({ helps, keeps, loses, cost, headroom }: Unranked, fails: boolean): Class {
  if (keeps.length > 0) return 'promise';
  if (helps === 'availability') return 'uptime';
  if (loses.length > 0) return 'loses';
  if (fails && (headroom?.low ?? 0) >= 1) return 'carries';
  if (cost === null) return 'price unknown';
  return cost < NOTHING ? 'free' : 'priced';
}

/** More than any price, so that of what keeps promises the number counts first. */
const MANY_DOLLARS = 1e15;

function scoreOf({ gain, gainPerHundred, downtime, keeps, cost }: Unranked, of: Class): Score {
  if (of === 'promise' || of === 'carries') {
    const cheap = keeps.length * MANY_DOLLARS - Math.min(MANY_DOLLARS / 2, cost ?? Number.POSITIVE_INFINITY);
    return { value: cheap, low: cheap, high: cheap };
  }
  if (downtime !== null) {
    const { before, after } = downtime;
    const dollars = Math.max(NOTHING, cost ?? Number.POSITIVE_INFINITY);
    return {
      value: (before.value! - after.value!) / dollars,
      low: (before.low! - after.high!) / dollars,
      high: (before.high! - after.low!) / dollars,
    };
  }
  const { value, low, high } = gainPerHundred ?? gain!;
  return { value: value ?? low ?? 0, low: low ?? 0, high: high ?? Number.POSITIVE_INFINITY };
}
