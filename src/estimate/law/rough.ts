import { kthCumulative } from './evaluate.ts';
import { type Counted, type Moments, repeated, zero } from './law.ts';
import { moments } from './moments.ts';
import { counts, kth, kthOfEqualExponentials, type Ordering } from './ordered.ts';

/**
 * The shortest, the longest and the timely of several times from their two moments alone: some hundred
 * exponentials where `precisely` takes transforms on grids. Exact for equal exponentials, within some per cent
 * else; for what is gone through many times before it settles.
 */
export const roughly: Ordering = {
  again: repeated,
  kth: (parts, k) => {
    if (parts.length === 1 || parts.every((part) => part.law === 'point')) return kth(parts, k);
    const counted = counts(parts);
    return {
      law: 'kth',
      parts: counted,
      k,
      moments: () => kthOfEqualExponentials(counted, k) ?? kthMoments(counted, k),
    };
  },
  within: (part, limit) => {
    const { share, mean, variance } = timely(standInOf(moments(part)), limit);
    if (share > 1 - 1e-9) return { law: part, share: 1 };
    if (share < 1e-12) return { law: zero, share: 0 };
    return { law: { law: 'within', part, limit, share, moments: () => ({ mean, variance }) }, share };
  },
};

/** A time that is `shift`, and with each weight an exponential of that mean more. */
interface StandIn {
  readonly shift: number;
  readonly phases: readonly { readonly weight: number; readonly mean: number }[];
}

/** Times less variable than this would be steps, which a sum over points follows only in jumps. */
const SCV_MIN = 1e-3;

/**
 * With these two moments: a shifted exponential, or beyond the variability of an exponential a mixture of two
 * with balanced means (Whitt 1982).
 */
function standInOf({ mean, variance }: Moments): StandIn {
  if (mean === 0) return { shift: 0, phases: [] };
  if (!Number.isFinite(mean)) return { shift: Number.POSITIVE_INFINITY, phases: [{ weight: 1, mean: 1 }] };
  if (!Number.isFinite(variance)) return { shift: 0, phases: [{ weight: 1, mean }] };
  const scv = variance / mean ** 2;
  if (scv <= 1) {
    const deviation = mean * Math.sqrt(Math.max(scv, SCV_MIN));
    return { shift: mean - deviation, phases: [{ weight: 1, mean: deviation }] };
  }
  const p = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2;
  return {
    shift: 0,
    phases: [
      { weight: p, mean: mean / (2 * p) },
      { weight: 1 - p, mean: mean / (2 * (1 - p)) },
    ],
  };
}

function isOver({ shift, phases }: StandIn, time: number): number {
  if (phases.length === 0) return 1;
  if (time <= shift) return 0;
  let beyond = 0;
  for (const { weight, mean } of phases) beyond += weight * Math.exp(-(time - shift) / mean);
  return 1 - beyond;
}

/** P(X ≤ limit), and the moments of X given that. */
function timely({ shift, phases }: StandIn, limit: number): Moments & { readonly share: number } {
  if (phases.length === 0) return { share: 1, mean: 0, variance: 0 };
  let share = 0;
  let first = 0;
  let second = 0;
  for (const { weight, mean } of phases) {
    const x = Math.max(0, limit - shift) / mean;
    if (x === 0) continue;
    const beyond = Math.exp(-x);
    share += -weight * Math.expm1(-x);
    first += weight * mean * (x === Number.POSITIVE_INFINITY ? 1 : -Math.expm1(-x) - x * beyond);
    second += weight * mean ** 2 * (2 - beyond * (x * x + 2 * x + 2));
  }
  if (share === 0) return { share, mean: 0, variance: 0 };
  const average = Math.max(0, first / share);
  return {
    share: Math.min(1, share),
    mean: Math.min(limit, shift + average),
    variance: Math.max(0, second / share - average ** 2),
  };
}

const POINTS = 64;
/** Deviations above the mean at which the sum over the longest ends. */
const REACH = 16;

/** E[X] = ∫ (1 − F) and E[X²] = 2 ∫ x(1 − F), over points that lie the closer the nearer they are to zero. */
function kthMoments(parts: readonly Counted[], k: number): Moments {
  const standIns = parts.map(({ of, count }) => ({ standIn: standInOf(moments(of)), count }));
  // Of a time without mean the stand-in is never over.
  const ends = standIns.filter(({ standIn }) => standIn.shift < Number.POSITIVE_INFINITY);
  if (ends.reduce((sum, { count }) => sum + count, 0) < k) {
    return { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY };
  }
  const end = Math.max(...ends.map(({ standIn }) => reachOf(standIn)));
  const at = (i: number): number => end * (i / POINTS) ** 2;
  const over = kthCumulative(
    standIns.map(({ standIn, count }) => ({
      over: Float64Array.from({ length: POINTS }, (_, i) => isOver(standIn, (at(i) + at(i + 1)) / 2)),
      count,
    })),
    k,
  );
  let first = 0;
  let second = 0;
  over.forEach((share, i) => {
    first += (1 - share) * (at(i + 1) - at(i));
    second += (1 - share) * (at(i + 1) ** 2 - at(i) ** 2);
  });
  return { mean: first, variance: Math.max(0, second - first ** 2) };
}

function reachOf({ shift, phases }: StandIn): number {
  return shift + REACH * phases.reduce((longest, { mean }) => Math.max(longest, mean), 0);
}
