import { describe, expect, it } from 'vitest';
import { classesOf, mostWork, sharesOf } from './shares.ts';

const spreads = ['random', 'round-robin', 'key', 'least-connections', 'power-of-two'] as const;
const halves = classesOf(4, [1, 1, 0.5, 0.5], undefined);
const eachOf = (spread: (typeof spreads)[number], work: number, servers = 1) =>
  sharesOf(halves, { spread }, servers, work).map(({ each }) => each);

describe('shares of instances that differ', () => {
  it('classes are those alike in speed and weight', () => {
    expect(classesOf(3, undefined, undefined)).toEqual([{ count: 3, speed: 1, weight: 1 }]);
    expect(classesOf(4, [1, 1, 0.5, 0.5], [1, 2, 1, 1])).toEqual([
      { count: 1, speed: 1, weight: 1 },
      { count: 1, speed: 1, weight: 2 },
      { count: 2, speed: 0.5, weight: 1 },
    ]);
  });

  it.each(spreads)('%s: they add up to 1, at any load', (spread) => {
    for (const work of [0, 0.01, 1.5, 2.9, 3, 9]) {
      for (const servers of [1, 4]) {
        const [fast, slow] = eachOf(spread, work, servers);
        expect(2 * fast! + 2 * slow!).toBeCloseTo(1, 12);
      }
    }
  });

  it('where the load is looked at: equal when idle, as the speeds when full', () => {
    for (const spread of ['least-connections', 'power-of-two'] as const) {
      expect(eachOf(spread, 0.001)[0]).toBeCloseTo(0.25, 3);
      const between = eachOf(spread, 1.5)[0]!;
      expect(between).toBeGreaterThan(0.26);
      expect(between).toBeLessThan(0.33);
    }
    expect(eachOf('least-connections', 2.999)[0]).toBeCloseTo(1 / 3, 3);
    expect(eachOf('random', 2)).toEqual([0.25, 0.25]);
  });

  it('least connections at one server each: those idle are as likely, λᵢ ∝ 1 − ρᵢ', () => {
    const [fast, slow] = eachOf('least-connections', 1.5);
    const idle = (each: number, speed: number): number => 1 - (1.5 * each) / speed;
    expect(fast! / slow!).toBeCloseTo(idle(fast!, 1) / idle(slow!, 0.5), 9);
  });

  it('most work: the slowest is full first, unless the load is looked at', () => {
    const most = (spread: (typeof spreads)[number], choices?: number, classes = halves) => {
      const choosing = { spread, ...(choices === undefined ? {} : { choices }) };
      return mostWork(sharesOf(classes, choosing, 1, 1), choosing, 1);
    };
    expect(most('random')).toBeCloseTo(2, 12);
    expect(most('least-connections')).toBeCloseTo(3, 12);
    // Both of two are slow with probability 1/6, which the slow ones can do.
    expect(most('power-of-two')).toBeCloseTo(3, 12);
    // Nine of ten are of a tenth the speed: of two, both are slow four times in five.
    const few = classesOf(10, [1, ...new Array<number>(9).fill(0.1)], undefined);
    expect(most('power-of-two', 2, few)).toBeCloseTo(0.9 / 0.8, 12);
    expect(most('power-of-two', 10, few)).toBeCloseTo(1.9, 12);
  });
});
