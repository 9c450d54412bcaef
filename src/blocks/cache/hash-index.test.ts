import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HashIndex } from './hash-index.ts';

it('finds what a Map finds, through growth, collisions, a dense row and gaps closed by shifting', () => {
  const key = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 0x7fffffff }));
  fc.assert(
    fc.property(
      fc.constantFrom(0, 6),
      fc.array(fc.tuple(key, fc.boolean()), { maxLength: 300 }),
      (dense, steps) => {
        const index = new HashIndex(1, dense);
        const map = new Map<number, number>();
        steps.forEach(([key, add], value) => {
          if (map.has(key)) {
            index.delete(key);
            map.delete(key);
          } else if (add) {
            index.add(key, value);
            map.set(key, value);
          }
          expect(index.get(key)).toBe(map.get(key) ?? -1);
        });
        for (const [key] of steps) expect(index.get(key)).toBe(map.get(key) ?? -1);
        index.clear();
        for (const [key] of steps) expect(index.get(key)).toBe(-1);
      },
    ),
  );
});

it('closes gaps across the end of the table', () => {
  // In a table of 8 places, all of these have place 7 as their home.
  const home = (key: number) => Math.imul(key, 0x9e3779b1) >>> 29;
  const last = Array.from({ length: 200 }, (_, key) => key).filter((key) => home(key) === 7);
  const index = new HashIndex(4);
  const [a, b, c, d] = last as [number, number, number, number];
  for (const key of [a, b, c, d]) index.add(key, key);
  index.delete(a);
  index.delete(c);
  expect([a, b, c, d].map((key) => index.get(key))).toEqual([-1, b, -1, d]);
});
