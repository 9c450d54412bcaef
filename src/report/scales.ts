import type { Figure } from './report.ts';

/** How a figure without a unit (`unit: '1'`) is meant: a share of 1, or a number of things. */
export type PlainMeaning = 'share' | 'count';

/** A multiple of the base unit, and how a number of it is written. */
export interface Scale {
  /** Base units in one of this. */
  readonly size: number;
  readonly prefix: string;
  readonly suffix: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 365 days, as the language reads `5y`. */
const YEAR = 365 * DAY;
const MONTH = YEAR / 12;

/** Ascending; the largest scale whose `from` (in base units) the value reaches is taken. */
type Ladder = readonly (Scale & { readonly from: number })[];

const step = (from: number, size: number, suffix: string, prefix = '') => ({ from, size, prefix, suffix });

/** Factors of 1000 with the given letters, e.g. B KB MB. */
function thousands(letters: readonly string[], before: string, after: string, prefix = ''): Ladder {
  return letters.map((letter, power) => {
    const size = 1000 ** power;
    return step(power === 0 ? 0 : size, size, `${before}${letter}${after}`, prefix);
  });
}

const COUNTS: Ladder = [step(0, 1, ''), step(1e6, 1e6, 'M'), step(1e9, 1e9, 'B'), step(1e12, 1e12, 'T')];
const SHARES: Ladder = [step(0, 0.01, ' %')];
const LADDERS: Readonly<Record<Exclude<Figure['unit'], '1'>, Ladder>> = {
  s: [
    step(0, 1e-9, ' ns'),
    step(1e-6, 1e-6, ' µs'),
    step(1e-3, 1e-3, ' ms'),
    step(1, 1, ' s'),
    step(2 * MINUTE, MINUTE, ' min'),
    step(2 * HOUR, HOUR, ' h'),
    step(2 * DAY, DAY, ' days'),
    step(2 * YEAR, YEAR, ' y'),
  ],
  '1/s': [
    step(0, 1 / DAY, '/day'),
    step(1 / HOUR, 1 / HOUR, '/h'),
    step(1 / MINUTE, 1 / MINUTE, '/min'),
    ...thousands(['', 'k', 'M', 'B', 'T'], '', '/s').map((s) => (s.from === 0 ? { ...s, from: 0.1 } : s)),
  ],
  B: thousands(['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'], ' ', ''),
  'B/s': thousands(['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'], ' ', '/s'),
  $: thousands(['', 'k', 'M', 'B', 'T'], '', '', '$'),
  '$/s': thousands(['', 'k', 'M', 'B', 'T'], '', '/month', '$').map((s) => ({
    ...s,
    from: s.from / MONTH,
    size: s.size / MONTH,
  })),
};

/** Zero has no magnitude of its own and is written in these. */
const ZERO_SCALES: Readonly<Record<Exclude<Figure['unit'], '1'>, number>> = {
  s: 3,
  '1/s': 3,
  B: 0,
  'B/s': 0,
  $: 0,
  '$/s': 0,
};

/** The scale in which a number of this magnitude (base units, ≥ 0) is read. */
export function scaleFor(magnitude: number, unit: Figure['unit'], meaning: PlainMeaning): Scale {
  if (unit === '1') return lastReached(meaning === 'share' ? SHARES : COUNTS, magnitude);
  if (magnitude === 0) return LADDERS[unit][ZERO_SCALES[unit]]!;
  return lastReached(LADDERS[unit], magnitude);
}

function lastReached(ladder: Ladder, magnitude: number): Scale {
  let found = ladder[0]!;
  for (const scale of ladder) if (magnitude >= scale.from) found = scale;
  return found;
}
