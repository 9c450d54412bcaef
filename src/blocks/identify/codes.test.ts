import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import {
  collisionProbability,
  decodeBase62,
  drawsUntilCollision,
  encodeBase62,
  KeyedPermutation,
  ShortCodes,
} from './index.ts';

/** Relative tolerance of the published case: 0.1 %. */
function expectNear(value: number, expected: number): void {
  expect(Math.abs(value / expected - 1)).toBeLessThan(0.001);
}

describe('birthday bounds', () => {
  it('O-A05 UUIDv4, base62 × 7 and × 6, 23 people, 32 bits', () => {
    expectNear(drawsUntilCollision(0.5, 2 ** 122), 2.7149e18);
    expectNear(drawsUntilCollision(1e-9, 2 ** 122), 1.0312e14);
    const seven = 62 ** 7;
    expect(seven).toBe(3_521_614_606_208);
    expectNear(drawsUntilCollision(0.5, seven), 2_209_524);
    expectNear(collisionProbability(1e5, seven), 0.0014188);
    expectNear(collisionProbability(1e6, seven), 0.13236);
    const six = 62 ** 6;
    expect(six).toBe(56_800_235_584);
    expectNear(drawsUntilCollision(0.5, six), 280_610);
    expectNear(collisionProbability(23, 365), 0.5073);
    expectNear(collisionProbability(77_163, 2 ** 32), 0.5);
    expect(drawsUntilCollision(0.5, 365)).toBe(23);
    // 77,163 draws come to 49.99999 %.
    expect(drawsUntilCollision(0.5, 2 ** 32)).toBe(77_164);
  });

  it('CP-1 is the product, to twelve digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (draws, space) => {
          let log = 0;
          for (let i = 1; i < Math.min(draws, space); i++) log += Math.log1p(-i / space);
          const exact = draws > space ? 1 : -Math.expm1(log);
          const given = collisionProbability(draws, space);
          expect(Math.abs(given - exact)).toBeLessThanOrEqual(1e-11 * exact);
        },
      ),
    );
  });

  it('CP-2 keeps its digits where probabilities are tiny and spaces huge', () => {
    // n(n − 1) / 2N is exact to n²/N there.
    for (const draws of [2, 63, 64, 65, 66, 1000, 1e9]) {
      const first = (draws * (draws - 1)) / 2 / 2 ** 122;
      expect(Math.abs(collisionProbability(draws, 2 ** 122) / first - 1)).toBeLessThan(1e-12);
    }
  });

  it('CP-3 the draws until a probability are the fewest that reach it', () => {
    const probability = fc.double({ min: 1e-9, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(probability, fc.integer({ min: 1, max: 2 ** 40 }), (probability, space) => {
        const draws = drawsUntilCollision(probability, space);
        expect(collisionProbability(draws, space)).toBeGreaterThanOrEqual(probability);
        expect(collisionProbability(draws - 1, space)).toBeLessThan(probability);
      }),
    );
  });

  it('CP-4 has the right ends, and refuses what is out of range', () => {
    expect(collisionProbability(0, 10)).toBe(0);
    expect(collisionProbability(1, 1)).toBe(0);
    expect(collisionProbability(2, 1)).toBe(1);
    expect(collisionProbability(100, 100)).toBeCloseTo(1, 12);
    expect(drawsUntilCollision(0, 10)).toBe(0);
    expect(drawsUntilCollision(1, 10)).toBe(11);
    for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      expect(() => collisionProbability(bad, 10)).toThrow(RangeError);
      expect(() => collisionProbability(1, bad)).toThrow(RangeError);
      expect(() => drawsUntilCollision(bad, 10)).toThrow(RangeError);
    }
  });

  it('CP-5 is what random codes do', () => {
    const codes = new ShortCodes({ length: 2 });
    const random = createRandom(12);
    const draws = 60;
    const runs = 4000;
    let collided = 0;
    for (let run = 0; run < runs; run++) {
      const seen = new Set<string>();
      for (let i = 0; i < draws; i++) seen.add(codes.randomCode(random));
      if (seen.size < draws) collided++;
    }
    const p = collisionProbability(draws, 62 ** 2);
    expect(Math.abs(collided / runs - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / runs));
  });
});

describe('base62', () => {
  it('B62-1 says the number again, and texts of equal length sort like numbers', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        expect(decodeBase62(encodeBase62(a))).toBe(a);
        expect(decodeBase62(encodeBase62(a, 12))).toBe(a);
        expect(encodeBase62(a, 9) < encodeBase62(b, 9)).toBe(a < b);
      }),
    );
    expect([0, 61, 62, 62 ** 2 - 1].map((n) => encodeBase62(n))).toEqual(['0', 'z', '10', 'zz']);
  });

  it('B62-2 takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = decodeBase62(text);
        expect(value === -1 || encodeBase62(value, text.length) === text).toBe(true);
      }),
    );
    for (const text of ['', '-1', 'é', '\u{1F600}', 'zzzzzzzzzz', 'z'.repeat(500)]) {
      expect(decodeBase62(text)).toBe(-1);
    }
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => encodeBase62(value)).toThrow(RangeError);
  });
});

describe('keyed permutation', () => {
  it('KP-1 is a permutation of its domain, whatever size and key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.maxSafeNat(), (size, key) => {
        const permutation = new KeyedPermutation(size, key);
        const seen = new Set<number>();
        for (let value = 0; value < size; value++) {
          const there = permutation.apply(value);
          expect(there >= 0 && there < size).toBe(true);
          expect(permutation.invert(there)).toBe(value);
          seen.add(there);
        }
        expect(seen.size).toBe(size);
      }),
    );
  });

  it('KP-2 has its inverse in large domains', () => {
    const size = fc.integer({ min: 2 ** 30, max: 2 ** 52 });
    fc.assert(
      fc.property(size, fc.maxSafeNat(), fc.maxSafeNat(), (size, value, key) => {
        const permutation = new KeyedPermutation(size, key);
        expect(permutation.invert(permutation.apply(value % size))).toBe(value % size);
      }),
    );
  });

  it('KP-3 spreads neighbours evenly, and keys differ', () => {
    const size = 62 ** 7;
    const draws = 64_000;
    const counts = new Float64Array(64);
    const gaps = new Float64Array(64);
    const permutation = new KeyedPermutation(size, 1);
    const other = new KeyedPermutation(size, 2);
    let last = permutation.apply(draws);
    let same = 0;
    for (let value = 0; value < draws; value++) {
      const there = permutation.apply(value);
      if (there === other.apply(value)) same++;
      counts[Math.floor((there / size) * 64)]!++;
      gaps[Math.floor(((there - last + size) / size) * 64) % 64]!++;
      last = there;
    }
    expect(same).toBeLessThan(3);
    for (const table of [counts, gaps]) {
      const chiSquare = table.reduce((sum, count) => sum + (count - draws / 64) ** 2 / (draws / 64), 0);
      // 99.99 % quantile of the chi-square law with 63 degrees of freedom.
      expect(chiSquare).toBeLessThan(111.1);
    }
  });

  it('KP-4 refuses impossible arguments by name', () => {
    expect(() => new KeyedPermutation(0, 1)).toThrow(/size must be/);
    expect(() => new KeyedPermutation(2 ** 53, 1)).toThrow(RangeError);
    expect(() => new KeyedPermutation(5, -1)).toThrow(/key must be/);
    for (const value of [-1, 5, 0.5, Number.NaN]) {
      expect(() => new KeyedPermutation(5, 1).apply(value)).toThrow(/value must be/);
      expect(() => new KeyedPermutation(5, 1).invert(value)).toThrow(RangeError);
    }
  });
});

describe('short codes', () => {
  it('SC-1 gives each counter a code of its own, and finds the counter again', () => {
    const codes = new ShortCodes({ length: 2, key: 5 });
    const all = Array.from({ length: codes.capacity }, (_, counter) => codes.codeOf(counter));
    expect(new Set(all).size).toBe(3844);
    all.forEach((code, counter) => {
      expect(code).toMatch(/^[0-9A-Za-z]{2}$/);
      expect(codes.counterOf(code)).toBe(counter);
    });
  });

  it('SC-2 takes any text, and refuses counters it has no code for', () => {
    const codes = new ShortCodes({ length: 8 });
    for (const text of ['', 'abc', '!2345678', '123456789']) expect(codes.counterOf(text)).toBe(-1);
    expect(() => codes.codeOf(codes.capacity)).toThrow(RangeError);
    expect(() => new ShortCodes({ length: 9 })).toThrow(/length must be/);
  });
});
