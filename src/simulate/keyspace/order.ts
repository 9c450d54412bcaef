/** Bits sorted by in one pass; a float ≥ 0 has 31, the sign being 0. */
const DIGIT = 11;
const DIGITS = 1 << DIGIT;
const PASSES = 3;

/**
 * The indices of `values` from the least to the greatest value, equal ones by index. Values are compared as
 * 32-bit floats, 24 bits of precision: floats ≥ 0 have the order of their bits, so that a radix sort does it,
 * some ten times faster than a comparison function.
 *
 * @param values ≥ 0
 */
export function ascending(values: Float64Array): Int32Array {
  const { length } = values;
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  let order = new Int32Array(length);
  let sorted = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  const starts = new Int32Array(DIGITS);
  for (let pass = 0; pass < PASSES; pass++) {
    const shift = pass * DIGIT;
    starts.fill(0);
    for (let i = 0; i < length; i++) {
      const digit = (bits[i]! >>> shift) & (DIGITS - 1);
      starts[digit] = starts[digit]! + 1;
    }
    let before = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = starts[digit]!;
      starts[digit] = before;
      before += count;
    }
    for (let i = 0; i < length; i++) {
      const index = order[i]!;
      const digit = (bits[index]! >>> shift) & (DIGITS - 1);
      sorted[starts[digit]!] = index;
      starts[digit] = starts[digit]! + 1;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}
