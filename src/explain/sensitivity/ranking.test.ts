import { expect, test } from 'vitest';
import type { Figure } from '../../report/index.ts';
import { isSure, ranked } from './ranking.ts';

const change = (value: number, half: number): Figure => ({
  value,
  low: value - half,
  high: value + half,
  unit: 's',
});
const bar = (input: string, ...changes: (Figure | null)[]) => ({
  input,
  what: 'input' as const,
  from: '1',
  source: null,
  ends: changes.map((each) => ({ to: '2', times: 1.2, change: each })),
});

test('the farthest comes first; who cannot be told from the first of a rank shares it; what loses the steady state leads', () => {
  const bars = [
    bar('small', change(-1, 0.1), change(0.5, 0.1)),
    bar('near', change(9.5, 1)),
    bar('large', change(-10, 1), change(1, 3)),
    bar('lost', null, change(2, 1)),
  ];
  expect(ranked(bars).map(({ input, rank }) => [input, rank])).toEqual([
    ['lost', 1],
    ['large', 2],
    ['near', 2],
    ['small', 4],
  ]);
});

test('a change counts that is twice as far from nothing as its margin', () => {
  expect(isSure(change(3, 1.4))).toBe(true);
  expect(isSure(change(-3, 1.4))).toBe(true);
  expect(isSure(change(3, 1.6))).toBe(false);
  expect(isSure(change(0, 0))).toBe(false);
  expect(isSure({ value: 3, low: null, high: null, unit: 's' })).toBe(false);
});
