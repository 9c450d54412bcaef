import { expect, test } from 'vitest';
import { effectOf, parted, tested } from './differences.ts';

const pairing = { group: 'traffic', name: 'users.p99', unit: 's', greater: 'worse' } as const;

test('DIF-1 a mean of differences has the interval of Student, and none where a value is missing', () => {
  const { difference, chance } = tested({ ...pairing, before: [1, 2, 3], after: [2, 4, 6] });
  expect(difference.value).toBe(2);
  // t of 2 degrees of freedom is 4.303, the standard error 1 / √3.
  expect(difference.high! - 2).toBeCloseTo(4.302652729911275 / Math.sqrt(3), 12);
  // 2√3 standard errors: 1 − 12^½ / 14^½.
  expect(chance).toBeCloseTo(1 - Math.sqrt(12 / 14), 12);
  expect(tested({ ...pairing, before: [1, null, 3], after: [2, 4, 6] }).difference.value).toBeNull();
  expect(tested({ ...pairing, before: null, after: [1, 2] })).toMatchObject({ before: null, chance: 1 });
});

test('DIF-2 differences that never vary are sure, and none at all is chance', () => {
  expect(tested({ ...pairing, before: [1, 2, 3], after: [2, 3, 4] }).chance).toBe(0);
  expect(tested({ ...pairing, before: [1, 2, 3], after: [1, 2, 3] }).chance).toBe(1);
});

test('DIF-3 Holm: each may be smaller by how many are left, and the first that is not ends it', () => {
  expect(parted([0.01, 0.04, 0.03, 0.005])).toEqual([true, false, false, true]);
  expect(parted([0.013, 0.001])).toEqual([true, true]);
  expect(parted([0.06])).toEqual([false]);
  expect(parted([])).toEqual([]);
});

test('DIF-4 what a difference means goes by what a greater value is', () => {
  const figure = { value: -1, low: -2, high: -0.5, unit: 's' } as const;
  expect(effectOf(figure, 'worse', true)).toBe('better');
  expect(effectOf(figure, 'better', true)).toBe('worse');
  expect(effectOf(figure, 'more', true)).toBe('less');
  expect(effectOf(figure, 'more', false)).toBe('alike');
});
