import { describe, expect, test } from 'vitest';
import type { StressReport } from './stress.ts';
import { stressAnswer } from './stress-page.ts';
import { themeOf } from './theme.ts';

const theme = themeOf({ width: 200, colour: false, unicode: true });
const share = (low: number | null, high: number | null) => ({
  value: low === null || high === null ? null : (low + high) / 2,
  low,
  high,
  unit: '1' as const,
});
const answerOf = (headroom: ReturnType<typeof share>, fallsFrom: number | null): string => {
  const rung = {
    what: 'goal',
    name: 'users.p99 ≤ 200ms',
    at: share(fallsFrom, headroom.high),
    because: ['web.cpu is full', 'users.p99 > 200ms'],
  };
  const report: unknown = { headroom, most: 100, ladder: [rung] };
  return stressAnswer(report as StressReport, theme);
};

describe('the headroom in one sentence', () => {
  test('a goal of which no run could tell is no goal that is missed everywhere', () => {
    expect(answerOf(share(null, 0.6), 0.5)).toBe(
      '✘ surely does not hold at 0.6× its load: users.p99 > 200ms; below that no run could tell of every goal',
    );
    expect(answerOf(share(null, 4), 3)).toMatch(/^\? surely does not hold at 4×/);
  });

  test('a goal that is missed at every load is said to be', () => {
    expect(answerOf(share(null, 0.01), null)).toMatch(/^✘ does not hold at any load tried/);
  });
});
