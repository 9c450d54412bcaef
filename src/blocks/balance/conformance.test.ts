import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../kernel/index.ts';
import {
  type BalanceAlgorithm,
  type BalancerOptions,
  balanceAlgorithms,
  createBalancer,
  keyedAlgorithms,
  restoreBalancer,
} from './index.ts';

interface Case {
  readonly title: string;
  readonly algorithm: BalanceAlgorithm;
  readonly options: (targets: number) => BalancerOptions;
}

/** What cannot be left out, and sizes at which many balancers are quickly made. */
const usual: Partial<Record<BalanceAlgorithm, BalancerOptions>> = {
  'peak-ewma': { decayTime: 10 },
  'power-of-d': { choices: 3 },
  maglev: { tableSize: 2003 },
  ring: { virtualNodes: 20 },
  'bounded-ring': { virtualNodes: 20 },
};

const weighted = [
  'random',
  'weighted-round-robin',
  'weighted-least-connections',
  'ring',
  'bounded-ring',
  'rendezvous',
  'maglev',
] as const satisfies BalanceAlgorithm[];

const cases: readonly Case[] = [
  ...balanceAlgorithms.map((algorithm) => ({
    title: algorithm,
    algorithm,
    options: () => usual[algorithm] ?? {},
  })),
  ...weighted.map((algorithm) => ({
    title: `${algorithm}, weighted`,
    algorithm,
    options: (targets: number) => ({
      ...usual[algorithm],
      weights: Array.from({ length: targets }, (_, i) => 0.5 + (i % 3)),
    }),
  })),
  { title: 'power-of-d of 30', algorithm: 'power-of-d', options: () => ({ choices: 30 }) },
  { title: 'join-idle-queue by 5', algorithm: 'join-idle-queue', options: () => ({ dispatchers: 5 }) },
];

const clocks = [0, 1, -5, 3600, 3600, 2, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY, 7];

function keysFrom(seed: number): () => number {
  const random = createRandom(seed, 'keys');
  return () => random.nextUint32();
}

describe.each(cases)('$title', ({ algorithm, options }) => {
  const make = (targets: number) => createBalancer(algorithm, targets, options(targets));
  const keyed = keyedAlgorithms.includes(algorithm);

  it('B1 picks an available target, keeps exact books, whatever starts, ends, comes and goes at any time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 200 }),
        (targets, seed, plan) => {
          const balancer = make(targets);
          const random = createRandom(seed);
          const key = keysFrom(seed);
          const running: number[] = [];
          const up = new Set(Array.from({ length: targets }, (_, target) => target));
          plan.forEach((step, i) => {
            const now = clocks[(seed + i) % clocks.length]!;
            if (step < 0.1) {
              const target = Math.floor(random.next() * targets);
              if (up.has(target)) up.delete(target);
              else up.add(target);
              balancer.setAvailable(target, up.has(target));
            } else if (step < 0.6 || running.length === 0) {
              const before = [...balancer.inFlight];
              const target = balancer.pick(random, now, key());
              expect(up.size === 0 ? target === -1 : up.has(target)).toBe(true);
              expect([...balancer.inFlight]).toEqual(before);
              if (target < 0) return;
              balancer.started(target, now);
              running.push(target);
            } else {
              const [target] = running.splice(Math.floor(step * running.length), 1);
              balancer.finished(target!, now, step * 100, step < 0.9);
            }
          });
          for (let target = 0; target < targets; target++) {
            expect(balancer.inFlight[target]).toBe(running.filter((other) => other === target).length);
            expect(balancer.available(target)).toBe(up.has(target));
          }
        },
      ),
    );
  });

  it('B2 decides alike for the same seed and history', () => {
    const picks = (seed: number) => {
      const balancer = make(7);
      const random = createRandom(seed);
      const key = keysFrom(seed);
      return Array.from({ length: 100 }, (_, i) => {
        const target = balancer.pick(random, i, key());
        balancer.started(target, i);
        if (i % 3 === 2) balancer.finished(target, i, i % 5, true);
        return target;
      });
    };
    expect(picks(3)).toEqual(picks(3));
  });

  it('B4 has one choice with one target', () => {
    const balancer = make(1);
    const random = createRandom(1);
    for (let i = 0; i < 5; i++) {
      expect(balancer.pick(random, i, 0)).toBe(0);
      balancer.started(0, i);
    }
  });

  it('B5 refuses impossible calls by name', () => {
    for (const targets of [0, -1, 1.5, Number.NaN, 2 ** 20 + 1, 2 ** 53]) {
      expect(() => createBalancer(algorithm, targets, usual[algorithm])).toThrow(
        `targets must be a whole number ≥ 1 and at most 2^20, got ${targets}`,
      );
    }
    const balancer = make(2);
    expect(() => balancer.started(2, 0)).toThrow(/target must be from 0 to 1, got 2/);
    for (const target of [-1, 0.5, 2, Number.NaN]) {
      expect(() => balancer.started(target, 0)).toThrow(RangeError);
      expect(() => balancer.finished(target, 0, 0, true)).toThrow(RangeError);
      expect(() => balancer.setAvailable(target, true)).toThrow(RangeError);
      expect(() => balancer.available(target)).toThrow(RangeError);
      expect(() => balancer.weight(target)).toThrow(RangeError);
    }
    expect(() => balancer.finished(1, 0, 0, true)).toThrow(/without a request in flight/);
    balancer.started(1, 0);
    for (const latency of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => balancer.finished(1, 0, latency, true)).toThrow(/latency must be ≥ 0 and finite/);
    }
    expect([...balancer.inFlight]).toEqual([0, 1]);
    for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => balancer.setWeight(0, weight)).toThrow(/^weight must be/);
    }
  });

  it('B6 picks none that is not available, and −1 when none is', () => {
    const balancer = make(5);
    const random = createRandom(4);
    const key = keysFrom(4);
    for (const gone of [2, 0, 4, 1]) {
      balancer.setAvailable(gone, false);
      balancer.setAvailable(gone, false);
      for (let i = 0; i < 100; i++) {
        const target = balancer.pick(random, i, key());
        expect(balancer.available(target)).toBe(true);
        if (i % 2 === 0) balancer.started(target, i);
      }
    }
    balancer.setAvailable(3, false);
    const never: Random = { next: () => expect.fail('drew') };
    expect(balancer.pick(never, 0, 0)).toBe(-1);
    balancer.setAvailable(1, true);
    for (let i = 0; i < 10; i++) expect(balancer.pick(random, 0, key())).toBe(1);
  });

  it('B7 comes back to all that are available again', () => {
    const balancer = make(6);
    const random = createRandom(8);
    const key = keysFrom(8);
    for (let target = 0; target < 6; target++) balancer.setAvailable(target, false);
    for (let target = 5; target >= 0; target--) balancer.setAvailable(target, true);
    const met = new Set<number>();
    for (let i = 0; i < 1000; i++) met.add(balancer.pick(random, i, key()));
    expect([...met].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('B8 goes on from a snapshot, through JSON, as if nothing had been', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(), fc.nat({ max: 60 }), (targets, seed, steps) => {
        const random = createRandom(seed);
        const key = keysFrom(seed);
        let first = make(targets);
        const live = (balancer: typeof first, steps: number, random: Random, key: () => number) => {
          const running = [...balancer.inFlight].flatMap((count, target) => Array(count).fill(target));
          const picked: number[] = [];
          for (let i = 0; i < steps; i++) {
            const target = balancer.pick(random, i, key());
            picked.push(target);
            if (target >= 0) {
              balancer.started(target, i);
              running.push(target);
            }
            const ending = i % 3 > 0 ? running.shift() : undefined;
            if (ending !== undefined) balancer.finished(ending, i, (i * 7) % 5, true);
            if (i % 11 === 5) balancer.setAvailable(i % targets, i % 2 === 0);
            if (balancer.takesWeights && i % 13 === 7) balancer.setWeight(i % targets, 1 + (i % 4));
          }
          return picked;
        };
        live(first, steps, random, key);
        const state = JSON.parse(JSON.stringify(first.snapshot()));
        first = restoreBalancer(algorithm, targets, options(targets), state);
        const second = restoreBalancer(algorithm, targets, options(targets), state);
        expect(first.snapshot()).toEqual(state);
        const goOn = (balancer: typeof first) =>
          live(balancer, 40, createRandom(seed, 'after'), keysFrom(seed + 1));
        expect(goOn(second)).toEqual(goOn(first));
      }),
      { numRuns: 30 },
    );
  });

  it('B9 refuses what is none of its states', () => {
    const state = make(3).snapshot();
    const faults = [
      { version: 2 },
      { inFlight: [0, 0] },
      { inFlight: [0, -1, 0] },
      { inFlight: [0, 0.5, 0] },
      { available: [1, 1, 2] },
      { weights: [1] },
      { own: [...state.own, 0] },
      { own: null },
    ];
    for (const fault of faults) {
      const foreign = { ...state, ...fault } as unknown as typeof state;
      expect(() => restoreBalancer(algorithm, 3, options(3), foreign)).toThrow(RangeError);
    }
  });

  if (!keyed) return;
  it('B10 gives the same key the same target, whatever the time and chance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat({ max: 2 ** 31 - 1 }), (targets, key) => {
        const balancer = make(targets);
        const target = balancer.pick(createRandom(1), 0, key);
        for (const now of clocks) expect(balancer.pick(createRandom(2), now, key)).toBe(target);
      }),
    );
  });

  // Modulo promises nothing of the kind, and Maglev that few of the others move.
  if (algorithm === 'ip-hash' || algorithm === 'key-hash') return;
  it('B11 moves the keys of a target that goes, few others, and all of them back when it returns', () => {
    const balancer = make(10);
    const random = createRandom(1);
    const key = keysFrom(3);
    const keys = Array.from({ length: 2000 }, key);
    const place = () => keys.map((key) => balancer.pick(random, 0, key));
    const before = place();
    balancer.setAvailable(4, false);
    const without = place();
    const moved = without.filter((target, i) => before[i] !== 4 && target !== before[i]).length;
    expect(without).not.toContain(4);
    expect(moved).toBeLessThanOrEqual(algorithm === 'maglev' ? 0.1 * keys.length : 0);
    balancer.setAvailable(4, true);
    expect(place()).toEqual(before);
  });
});

function counts(algorithm: BalanceAlgorithm, targets: number, draws: number, options?: BalancerOptions) {
  const balancer = createBalancer(algorithm, targets, options);
  const random = createRandom(11);
  const key = keysFrom(11);
  const counts = new Float64Array(targets);
  for (let i = 0; i < draws; i++) {
    const target = balancer.pick(random, 0, key());
    counts[target] = counts[target]! + 1;
  }
  return counts;
}

function chiSquare(counts: Float64Array, weights: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return counts.reduce((sum, count, target) => {
    const expected = (draws * weights[target]!) / total;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** 99.99 % quantile of the chi-square law with 7 degrees of freedom. */
const CHI_SQUARE_7 = 29.88;
const onRings: readonly BalanceAlgorithm[] = ['ring', 'bounded-ring'];

// Shares of a ring are uneven by themselves.
it.each(balanceAlgorithms.filter((algorithm) => !onRings.includes(algorithm)))(
  'B3 %s spreads evenly over idle targets',
  (algorithm) => {
    const spread = counts(algorithm, 8, 80_000, { ...usual[algorithm], ...bigTable(algorithm) });
    expect(chiSquare(spread, Array(8).fill(1))).toBeLessThan(CHI_SQUARE_7);
  },
);

const weights = [1, 2, 3, 4, 5, 5, 5, 0.5];

it.each(weighted.filter((algorithm) => !onRings.includes(algorithm)))(
  'B12 %s gives idle targets requests in proportion to their weights',
  (algorithm) => {
    const spread = counts(algorithm, 8, 80_000, { weights, ...bigTable(algorithm) });
    expect(chiSquare(spread, weights)).toBeLessThan(CHI_SQUARE_7);
  },
);

it.each(onRings)(
  'B12 %s gives idle targets keys in proportion to their weights, as a ring can',
  (algorithm) => {
    const draws = 80_000;
    const virtualNodes = 1000;
    const spread = counts(algorithm, 8, draws, { weights, virtualNodes });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, target) => {
      const share = weight / total;
      // A share is Beta(V·w, V·(W − w)), and then drawn from; five standard deviations.
      const variance = (share * (1 - share)) / (virtualNodes * total + 1) + (share * (1 - share)) / draws;
      expect(Math.abs(spread[target]! / draws - share)).toBeLessThan(5 * Math.sqrt(variance));
    });
  },
);

function bigTable(algorithm: BalanceAlgorithm): BalancerOptions {
  return algorithm === 'maglev' ? { tableSize: 65_537 } : {};
}

describe('createBalancer', () => {
  it('lists the algorithms when it does not know one', () => {
    expect(() => createBalancer('toString' as 'random', 2)).toThrow(/one of random, round-robin/);
  });

  it('refuses options that mean nothing to the algorithm, and impossible ones', () => {
    expect(() => createBalancer('round-robin', 2, { weights: [1, 2] })).toThrow(
      'round-robin has no option weights; it has none',
    );
    expect(() => createBalancer('random', 2, { choices: 2 })).toThrow(TypeError);
    expect(() => createBalancer('random', 2, { weights: [1] })).toThrow('weights must be 2 numbers, got [1]');
    expect(() => createBalancer('random', 2, { weights: [1, 0] })).toThrow(/weight must be from/);
    expect(() => createBalancer('peak-ewma', 2)).toThrow('decayTime must be > 0 and finite, got undefined');
    expect(() => createBalancer('peak-ewma', 2, { decayTime: Number.NaN })).toThrow(RangeError);
    for (const choices of [0, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => createBalancer('power-of-d', 2, { choices })).toThrow(/choices must be a whole number/);
    }
    for (const dispatchers of [0, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => createBalancer('join-idle-queue', 2, { dispatchers })).toThrow(/dispatchers must be/);
    }
  });

  it('gives weights only to those who take them', () => {
    for (const algorithm of balanceAlgorithms) {
      const balancer = createBalancer(algorithm, 2, usual[algorithm]);
      expect(balancer.weight(1)).toBe(1);
      if (balancer.takesWeights) {
        balancer.setWeight(1, 3);
        expect(balancer.weight(1)).toBe(3);
      } else expect(() => balancer.setWeight(1, 3)).toThrow(RangeError);
    }
  });
});
