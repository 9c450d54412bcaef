import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ascending } from './order.ts';

it('orders like a comparison of 32-bit floats, equal ones by index', () => {
  const value = fc.oneof(
    fc.double({ min: 0, noNaN: true, max: 1e30 }),
    fc.constantFrom(0, 1, 1 + 1e-9, 1e-40, 2, Number.POSITIVE_INFINITY),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), (drawn) => {
      const values = Float64Array.from(drawn);
      const expected = drawn
        .map((_, i) => i)
        .sort((a, b) => {
          const x = Math.fround(drawn[a]!);
          const y = Math.fround(drawn[b]!);
          return x === y ? a - b : x < y ? -1 : 1;
        });
      expect([...ascending(values)]).toEqual(expected);
    }),
  );
});
