import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HyperLogLog } from './index.ts';

const hash = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });

function seen(hashes: readonly number[], precision = 5): HyperLogLog {
  const sketch = new HyperLogLog({ precision });
  for (const each of hashes) sketch.add(each);
  return sketch;
}

/** Root of the mean square of the relative error, over runs with different keys. */
function errorOf(precision: number, keys: number, runs: number): number {
  let squares = 0;
  const sketch = new HyperLogLog({ precision });
  for (let run = 0; run < runs; run++) {
    sketch.clear();
    for (let key = run * keys; key < (run + 1) * keys; key++) sketch.add(key);
    squares += (sketch.count() / keys - 1) ** 2;
  }
  return Math.sqrt(squares / runs);
}

describe('HyperLogLog', () => {
  it.each([
    [11, 0.023, 1500],
    [12, 0.01625, 800],
    [14, 0.008125, 800],
  ])('O-A08 precision %d: standard error %d', (precision, published, runs) => {
    const measured = errorOf(precision, 6 * 2 ** precision, runs);
    // An error from so many runs is itself uncertain by 1 / √(2 runs); 10 % is four of these, or a little more.
    expect(4 / Math.sqrt(2 * runs)).toBeLessThan(0.1005);
    expect(Math.abs(measured / published - 1)).toBeLessThan(0.1);
    expect(new HyperLogLog({ precision }).standardError / published).toBeCloseTo(1, 2);
  });

  it.each([1, 10, 100, 1000])('HL-2 counts %d keys by linear counting', (keys) => {
    // Its error is below that of the raw estimate (Whang, Vander-Zanden & Taylor 1990); for a few keys it is the
    // chance that two of them share a register.
    expect(errorOf(12, keys, 200)).toBeLessThan(1.04 / Math.sqrt(4096));
  });

  it('HL-1, HL-3 knows neither order nor repetition, and merges into what would have seen all', () => {
    fc.assert(
      fc.property(fc.array(hash), fc.array(hash), (ours, theirs) => {
        const merged = seen(ours);
        merged.merge(seen(theirs));
        expect(merged.toBytes()).toEqual(seen([...theirs, ...ours, ...ours].reverse()).toBytes());
        const again = HyperLogLog.from(merged.toBytes());
        expect(again.count()).toBe(merged.count());
        expect(merged.count()).toBeGreaterThanOrEqual(0);
        for (const each of ours) expect(merged.add(each)).toBe(false);
      }),
    );
  });

  it('is empty at the start, corrects numbers near 2^32, and gives up beyond', () => {
    expect(new HyperLogLog({ precision: 4 }).count()).toBe(0);
    const bytes = new HyperLogLog({ precision: 4 }).toBytes();
    const filled = (rank: number) =>
      HyperLogLog.from(bytes.map((byte, at) => (at < 24 ? byte : rank))).count();
    // Sixteen equal registers: the raw estimate is 0.673 · 16 · 2^rank.
    const raw = 0.673 * 16 * 2 ** 27;
    expect(filled(27) / (-(2 ** 32) * Math.log(1 - raw / 2 ** 32))).toBeCloseTo(1, 9);
    expect(filled(29)).toBe(Number.POSITIVE_INFINITY);
  });

  it('names what is wrong with its arguments and with foreign bytes', () => {
    expect(() => new HyperLogLog({ precision: 3 })).toThrow(/precision must be a whole number from 4 to 16/);
    expect(() => new HyperLogLog({ precision: 4.5 })).toThrow(RangeError);
    const sketch = new HyperLogLog({ precision: 4 });
    expect(() => sketch.add(Number.NaN)).toThrow(/hash must be/);
    expect(() => sketch.add(2 ** 53)).toThrow(RangeError);
    expect(() => sketch.merge(new HyperLogLog({ precision: 5 }))).toThrow(/precision 4, got 5/);
    const bytes = sketch.toBytes();
    expect(() => HyperLogLog.from(bytes.subarray(0, 30))).toThrow(/do not fit/);
    bytes[30] = 60;
    expect(() => HyperLogLog.from(bytes)).toThrow(/do not fit/);
  });
});
