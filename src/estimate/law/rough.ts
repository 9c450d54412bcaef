import { kthCumulative } from './evaluate.ts';
import { type Counted, type Law, type Moments, repeated, sum, zero } from './law.ts';
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
    const { share, mean, variance } = timelyOf(part, limit);
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

/** More cases than this are taken together, by their moments. */
const MOST_CASES = 32;

/**
 * P(X ≤ limit), and the moments of X given that. Where a time is one of several, each is looked at by itself, and
 * constants count as what they are: the moments of 10 ms, or sometimes 1 s, do not tell how many take more than 11 ms.
 */
function timelyOf(law: Law, limit: number): Timely {
  const cases = casesOf(law);
  let share = 0;
  let first = 0;
  let second = 0;
  for (const { weight, of, constant } of cases) {
    const part =
      of.length === 0
        ? timelyConstant(constant, limit)
        : timely(standInOf(moments(sum(...of))), constant, limit);
    share += weight * part.share;
    first += weight * part.share * part.mean;
    second += weight * part.share * (part.variance + part.mean ** 2);
  }
  if (share === 0) return { share, mean: 0, variance: 0 };
  const mean = first / share;
  return { share: Math.min(1, share), mean, variance: Math.max(0, second / share - mean ** 2) };
}

/** Constants that were added up are rounded, and a deadline includes its last instant. */
const ROUNDING = 1e-12;

function timelyConstant(constant: number, limit: number): Timely {
  return { share: constant <= limit * (1 + ROUNDING) ? 1 : 0, mean: constant, variance: 0 };
}

/** One of the times that a law may be: a constant, and independent times beside it. */
interface Case {
  readonly weight: number;
  readonly constant: number;
  readonly of: readonly Law[];
}

/** The cases of a law: those of its mixtures, one after the other, as long as they are few. */
function casesOf(law: Law): Case[] {
  let cases: Case[] = [{ weight: 1, constant: 0, of: [] }];
  for (const part of law.law === 'sum' ? law.parts : [law]) {
    const own = part.law === 'mixture' ? part.cases : [{ weight: 1, of: part }];
    const inner = own.flatMap(({ weight, of }) =>
      of.law === 'mixture' || (of.law === 'sum' && of.parts.some((each) => each.law === 'mixture'))
        ? casesOf(of).map((each) => ({ ...each, weight: weight * each.weight }))
        : [caseOf(weight, of)],
    );
    const together = inner.length * cases.length > MOST_CASES ? [caseOf(1, part)] : inner;
    cases = cases.flatMap((before) =>
      together.map(({ weight, constant, of }) => ({
        weight: before.weight * weight,
        constant: before.constant + constant,
        of: [...before.of, ...of],
      })),
    );
  }
  return cases;
}

function caseOf(weight: number, law: Law): Case {
  const parts = law.law === 'sum' ? law.parts : [law];
  const constant = parts.reduce((total, part) => total + (part.law === 'point' ? part.value : 0), 0);
  return { weight, constant, of: parts.filter((part) => part.law !== 'point') };
}

type Timely = Moments & { readonly share: number };

/** P(X ≤ limit) of a stand-in and a constant together, and their moments given that. */
function timely({ shift: least, phases }: StandIn, constant: number, limit: number): Timely {
  if (phases.length === 0) return timelyConstant(constant, limit);
  const shift = least + constant;
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
