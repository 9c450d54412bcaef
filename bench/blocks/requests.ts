import { createRandom } from '../../src/kernel/index.ts';

/** Keys from 0 on by Zipf's law with exponent 1, the same every time: the inverse of the cumulative law, by bisection. */
export function zipfKeys(count: number, draws: number): Int32Array {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += 1 / (i + 1);
    cumulative[i] = sum;
  }
  const random = createRandom(3, 'requests');
  return Int32Array.from({ length: draws }, () => {
    const at = random.next() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}
