import { meanInterval, studentTail } from '../kernel/index.ts';
import type { Effect, Figure } from '../report/index.ts';

/** One thing measured in two designs. */
export interface Pairing {
  readonly group: 'traffic' | 'stations' | 'caches' | 'messages' | 'replicas' | 'cost' | 'availability';
  readonly name: string;
  readonly unit: Figure['unit'];
  /** What a greater value is. */
  readonly greater: 'better' | 'worse' | 'more';
  /** Values of the pairs of runs, in the same order; null where a design does not have it. */
  readonly before: readonly (number | null)[] | null;
  readonly after: readonly (number | null)[] | null;
}

/** A figure of a paired difference, and how probable one as large is by chance. */
export interface Tested {
  /** null where a design does not have it. */
  readonly before: Figure | null;
  readonly after: Figure | null;
  readonly difference: Figure;
  /** Two-sided; 1 where nothing can be told. */
  readonly chance: number;
}

/** Chance of one false alarm among all figures of a comparison. */
const ALARM = 0.05;

/** The mean of each design and of the differences, by pairs; unknown where a value of any pair is. */
export function tested({ unit, before, after }: Pairing): Tested {
  const [a, b] = [known(before), known(after)];
  const difference = a === null || b === null ? null : b.map((value, pair) => value - a[pair]!);
  return {
    before: before === null ? null : figureOf(a, unit),
    after: after === null ? null : figureOf(b, unit),
    difference: figureOf(difference, unit),
    chance: difference === null ? 1 : chanceOf(difference),
  };
}

function known(values: readonly (number | null)[] | null): readonly number[] | null {
  if (values === null || values.length === 0 || values.includes(null)) return null;
  return values as readonly number[];
}

function figureOf(values: readonly number[] | null, unit: Figure['unit']): Figure {
  return values === null ? { value: null, low: null, high: null, unit } : { ...meanInterval(values), unit };
}

/** The probability that a mean is as far from 0 as that of these differences, if each is 0 but for chance. */
function chanceOf(differences: readonly number[]): number {
  const n = differences.length;
  const mean = differences.reduce((sum, each) => sum + each, 0) / n;
  if (mean === 0) return 1;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = Math.sqrt(squares / (n * (n - 1)));
  return studentTail(Math.abs(mean) / error, n - 1);
}

/**
 * Which of several differences are more than chance, so that there is a false one among them in at most one comparison
 * of twenty (Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6(2),
 * 1979).
 */
export function parted(chances: readonly number[]): boolean[] {
  const order = [...chances.keys()].sort((a, b) => chances[a]! - chances[b]!);
  const found = chances.map(() => false);
  for (const [rank, at] of order.entries()) {
    if (chances[at]! > ALARM / (chances.length - rank)) break;
    found[at] = true;
  }
  return found;
}

/** What a difference means. */
export function effectOf(difference: Figure, greater: Pairing['greater'], isParted: boolean): Effect {
  if (difference.value === null) return 'unknown';
  if (!isParted) return 'alike';
  const more = difference.value > 0;
  if (greater === 'more') return more ? 'more' : 'less';
  return more === (greater === 'better') ? 'better' : 'worse';
}
