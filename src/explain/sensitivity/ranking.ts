import type { Figure, TornadoBar } from '../../report/index.ts';

export type Bar = Omit<TornadoBar, 'rank'>;

/** The most effective first. Who cannot be told from the first of a rank shares it. */
export function ranked(bars: readonly Bar[]): TornadoBar[] {
  const sorted = bars
    .map((bar) => ({ bar, reach: reachOf(bar) }))
    .sort((a, b) => b.reach.value - a.reach.value);
  const result: TornadoBar[] = [];
  let leader = sorted[0];
  let rank = 1;
  sorted.forEach(({ bar, reach }, i) => {
    if (leader !== undefined && reach.high < leader.reach.low) {
      leader = { bar, reach };
      rank = i + 1;
    }
    result.push({ rank, ...bar });
  });
  return result;
}

/** How far the farther end of a bar reaches; endlessly where the design has no steady state. */
function reachOf({ ends }: Bar): { value: number; low: number; high: number } {
  const reaches = ends.map(({ change }) => {
    const lost = Number.POSITIVE_INFINITY;
    if (change === null) return { value: lost, low: lost, high: lost };
    const bounds = [Math.abs(change.low ?? 0), Math.abs(change.high ?? 0)];
    const low = isSure(change) ? Math.min(...bounds) : 0;
    return { value: Math.abs(change.value ?? 0), low, high: Math.max(...bounds) };
  });
  return reaches.reduce((a, b) => (b.value > a.value ? b : a));
}

/**
 * Whether a change is more than chance would make of it. Some twenty are looked at together, of which one in twenty would
 * leave its 95 % interval by luck: so one counts that is twice as far from 0 as its margin (about Bonferroni's level).
 */
export const isSure = ({ value, low, high }: Figure): boolean =>
  value !== null && low !== null && high !== null && (value > 0 ? 2 * low > value : 2 * high < value);
