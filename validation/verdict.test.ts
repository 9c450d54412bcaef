import { describe, expect, it } from 'vitest';
import type { Figure } from '../src/report/index.ts';
import { within } from './case.ts';
import { allowance, judge, judgeExact } from './verdict.ts';

function figure(value: number | null, low = value, high = value): Figure {
  return { value, low, high, unit: 's' };
}

describe('judge', () => {
  it('is a hit when near the paper with a narrow interval', () => {
    expect(judge(100, figure(101, 100.5, 101.5), within(0.02))).toBe('hit');
  });

  it('is a hit at the very edge of the tolerance', () => {
    expect(judge(100, figure(102, 101.5, 102.5), within(0.02))).toBe('hit');
  });

  it('is a miss when far from the paper, however narrow the interval', () => {
    expect(judge(100, figure(103, 102.9, 103.1), within(0.02))).toBe('miss');
  });

  it('is imprecise when the paper is inside an interval that is too wide to mean anything', () => {
    expect(judge(100, figure(110, 80, 140), within(0.02))).toBe('imprecise');
    expect(judge(100, figure(100, 98, 102), within(0.02))).toBe('imprecise');
  });

  it('is unknown without a figure or without an interval', () => {
    expect(judge(100, figure(null), within(0.02))).toBe('unknown');
    expect(judge(100, { value: 100, low: null, high: null, unit: 's' }, within(0.02))).toBe('unknown');
  });

  it('asks an exact case for equality up to rounding', () => {
    expect(judge(4, figure(4), 'exact')).toBe('hit');
    expect(judge(4, figure(4.01), 'exact')).toBe('miss');
    expect(judge(0, figure(0), 'exact')).toBe('hit');
  });

  it('takes absolute tolerances in the unit of the paper', () => {
    expect(judge(0.5, figure(0.5025, 0.5015, 0.5035), { absolute: 0.003 })).toBe('hit');
    expect(judge(0.5, figure(0.504, 0.503, 0.505), { absolute: 0.003 })).toBe('miss');
  });
});

describe('judgeExact', () => {
  it('allows a millionth by default and the tolerance where one is given', () => {
    expect(judgeExact(10, 10.000001, 'exact')).toBe('hit');
    expect(judgeExact(10, 10.0001, 'exact')).toBe('miss');
    expect(judgeExact(10, 10.4, within(0.05))).toBe('hit');
    expect(judgeExact(10, null, within(0.05))).toBe('unknown');
  });
});

describe('allowance', () => {
  it('is never negative', () => {
    expect(allowance(-2, within(0.1))).toBeCloseTo(0.2);
    expect(allowance(-2, 'exact')).toBeGreaterThan(0);
  });
});
