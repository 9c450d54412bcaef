import { describe, expect, it } from 'vitest';
import { createRandom } from '../kernel/index.ts';
import { estimate } from './index.ts';
import { kinds, open, planOf } from './plan.fixture.ts';
import { draw, drawPlan, hasRanges, interval } from './ranges.ts';

const many = (of: { value: number; low: number; high: number }) => {
  const random = createRandom(7, 'test');
  return Array.from({ length: 20_000 }, () => draw(of, random).value).sort((a, b) => a - b);
};

describe('ranges', () => {
  it.each([
    ['a geometric one is lognormal', { value: 10, low: 5, high: 20 }],
    ['an even one is normal', { value: 10, low: 8, high: 12 }],
    ['a lopsided one from 0 is normal', { value: 10, low: 0, high: 20 }],
  ])('%s: 90 %% of its draws are within it', (_, of) => {
    const drawn = many(of);
    const inside = drawn.filter((x) => x >= of.low && x <= of.high).length / drawn.length;
    // Four standard errors of a share of 0.9 of 20,000.
    expect(Math.abs(inside - 0.9)).toBeLessThan(
      4 * Math.sqrt((0.9 * 0.1) / drawn.length) + (of.low === 0 ? 0.05 : 0),
    );
    expect(Math.abs(drawn[drawn.length / 2]! / of.value - 1)).toBeLessThan(0.02);
    expect(drawn[0]).toBeGreaterThanOrEqual(0);
  });

  it('an exact number stays, and leaves the others their draws', () => {
    const random = createRandom(7, 'test');
    expect(draw({ value: 3, low: 3, high: 3 }, random)).toEqual({ value: 3, low: 3, high: 3 });
    expect(random.next()).toBe(createRandom(7, 'test').next());
  });

  it('of a plan: every uncertain input becomes exact', () => {
    const plan = planOf(
      [{ steps: [] }],
      [{ arrivals: { ...open(1), rate: { value: 10, low: 5, high: 20 } } as never }],
    );
    expect(hasRanges(plan)).toBe(true);
    expect(hasRanges(drawPlan(plan, createRandom(1))!)).toBe(false);
    expect(hasRanges(planOf([{ steps: [] }], [{}]))).toBe(false);
  });

  it('the interval of many values: 5 % and 95 %, unknown as without limit', () => {
    const values = Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(interval(values)).toEqual([5, 95]);
    expect(interval([...Array<number>(80).fill(1), ...Array<null>(20).fill(null)])).toEqual([
      1,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('constants that are ranges are named, since no interval spans them', () => {
    const constant = { name: 'db.read.cpu', value: 3e-4, low: 1e-4, high: 9e-4, unit: 's', source: 'here' };
    const exact = { ...constant, name: 'db.cores', low: 3e-4, high: 3e-4 };
    const plan = planOf([{ steps: [] }], [{}]);
    expect(estimate({ ...plan, constants: [constant, exact] }, kinds).notes).toContain(
      'Constants that are ranges enter with their value, and (low..high) does not span them: db.read.cpu.',
    );
    expect(estimate({ ...plan, constants: [exact] }, kinds).notes).toEqual([]);
  });
});
