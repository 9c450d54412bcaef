import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import {
  expectedVersionsBehind,
  freshWithin,
  majority,
  quorumAvailability,
  quorumFacts,
  quorumUnavailability,
  versionsWithin,
} from './index.ts';

const sizes = fc.integer({ min: 1, max: 15 }).chain((replicas) =>
  fc.record({
    replicas: fc.constant(replicas),
    reads: fc.integer({ min: 1, max: replicas }),
    writes: fc.integer({ min: 1, max: replicas }),
  }),
);

describe('availability', () => {
  it.each([
    [3, 0.99, '2.980e-4'],
    [5, 0.99, '9.851e-6'],
    [3, 0.9, '2.800e-2'],
    [5, 0.9, '8.560e-3'],
    [7, 0.9, '2.728e-3'],
  ])('O-D05 a majority of %i nodes up with %f is unavailable with probability %s', (nodes, up, expected) => {
    expect(quorumUnavailability(nodes, majority(nodes), up).toExponential(3)).toBe(expected);
  });

  it('QU1 availability and unavailability add up to 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat({ max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (nodes, k, up) => {
          const needed = Math.min(k, nodes);
          const available = quorumAvailability(nodes, needed, up);
          expect(available + quorumUnavailability(nodes, needed, up)).toBeCloseTo(1, 10);
          expect(available).toBeGreaterThanOrEqual(0);
        },
      ),
    );
    expect(quorumUnavailability(1000, 1000, 0)).toBe(1);
    expect(quorumUnavailability(1000, 1000, 1)).toBe(0);
    expect(quorumAvailability(5, 0, 0)).toBe(1);
    expect(quorumAvailability(1000, 500, 0.5)).toBeGreaterThan(0.5);
  });

  it('QU2 refuses impossible arguments', () => {
    expect(() => quorumUnavailability(0, 0, 0.5)).toThrow(/nodes must be/);
    expect(() => quorumUnavailability(3, 4, 0.5)).toThrow(/needed must be a whole number from 0 to 3, got 4/);
    for (const up of [-0.1, 1.1, Number.NaN])
      expect(() => quorumAvailability(3, 2, up)).toThrow(/up must be from 0 to 1/);
    expect(() => majority(2.5)).toThrow(/nodes must be/);
    expect(() => majority(2 ** 53)).toThrow(/nodes must be/);
  });
});

describe('sizes', () => {
  it('QU3 reads see writes exactly when any two quorums overlap', () => {
    fc.assert(
      fc.property(sizes, (each) => {
        const { replicas, reads, writes } = each;
        // The worst read asks the last replicas, the worst write reaches the first.
        const facts = quorumFacts(each);
        expect(facts.readsSeeWrites).toBe(replicas - reads < writes);
        expect(facts.writesMeet).toBe(replicas - writes < writes);
        expect(facts.readTolerates).toBe(replicas - reads);
        expect(facts.writeTolerates).toBe(replicas - writes);
        const sloppy = quorumFacts({ ...each, sloppy: true });
        expect([sloppy.readsSeeWrites, sloppy.writesMeet]).toEqual([false, false]);
      }),
    );
    expect([1, 2, 3, 4, 5].map(majority)).toEqual([1, 2, 2, 3, 3]);
  });

  it('QU4 refuses impossible sizes', () => {
    expect(() => quorumFacts({ replicas: 3, reads: 0, writes: 1 })).toThrow(
      /reads must be a whole number from 1 to 3/,
    );
    expect(() => quorumFacts({ replicas: 3, reads: 1, writes: 4 })).toThrow(/writes must be/);
    expect(() => quorumFacts({ replicas: Number.NaN, reads: 1, writes: 1 })).toThrow(/replicas must be/);
  });
});

describe('staleness', () => {
  it.each([
    [1, 1, 2, 0.5556],
    [1, 1, 3, 0.7037],
    [1, 1, 5, 0.8683],
    [1, 1, 10, 0.9827],
    [1, 2, 1, 0.6667],
    [1, 2, 2, 0.8889],
    [1, 2, 5, 0.99588],
  ])(
    'O-D04 N = 3, R = %i, W = %i: within %i versions with probability %f',
    (reads, writes, versions, expected) => {
      expect(Math.abs(freshWithin({ replicas: 3, reads, writes }, versions) - expected)).toBeLessThan(5e-5);
    },
  );

  it('QU5 is what random quorums do', () => {
    const random = createRandom(9);
    const trials = 20_000;
    const each = { replicas: 5, reads: 2, writes: 2 };
    const draw = () => {
      const order = [0, 1, 2, 3, 4];
      for (let i = 0; i < 2; i++) {
        const other = i + Math.floor(random.next() * (5 - i));
        [order[i], order[other]] = [order[other]!, order[i]!];
      }
      return order.slice(0, 2);
    };
    let fresh = 0;
    let behind = 0;
    for (let i = 0; i < trials; i++) {
      const read = draw();
      let late = 0;
      while (!draw().some((replica) => read.includes(replica))) late++;
      if (late < 2) fresh++;
      behind += late;
    }
    const p = freshWithin(each, 2);
    expect(Math.abs(fresh / trials - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / trials));
    const mean = expectedVersionsBehind(each);
    // Geometric law: variance q/(1 − q)² = mean·(1 + mean).
    expect(Math.abs(behind / trials - mean)).toBeLessThan(4 * Math.sqrt((mean * (1 + mean)) / trials));
  });

  it('QU6 the bound is the smallest number of versions with the probability', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 0.999999, noNaN: true }), (each, probability) => {
        const versions = versionsWithin(each, probability);
        expect(freshWithin(each, versions)).toBeGreaterThanOrEqual(probability);
        if (versions > 1) expect(freshWithin(each, versions - 1)).toBeLessThan(probability);
        if (quorumFacts(each).readsSeeWrites)
          expect([versions, expectedVersionsBehind(each)]).toEqual([1, 0]);
      }),
    );
    expect(versionsWithin({ replicas: 3, reads: 1, writes: 1 }, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(versionsWithin({ replicas: 3, reads: 2, writes: 2 }, 1)).toBe(1);
    expect(() => freshWithin({ replicas: 3, reads: 1, writes: 1 }, 0)).toThrow(
      /versions must be a whole number ≥ 1/,
    );
    expect(() => versionsWithin({ replicas: 3, reads: 1, writes: 1 }, 1.5)).toThrow(/probability must be/);
  });
});
