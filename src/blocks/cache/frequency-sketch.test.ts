import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrequencySketch } from './frequency-sketch.ts';

describe('FrequencySketch', () => {
  it('FS-1 is never too low before the first halving, and stops at 15', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30 }), { maxLength: 79 }), (ids) => {
        const sketch = new FrequencySketch();
        const counts = new Map<number, number>();
        for (const id of ids) {
          sketch.increment(id);
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
        for (const [id, count] of counts) {
          expect(sketch.frequency(id)).toBeGreaterThanOrEqual(Math.min(15, count));
          expect(sketch.frequency(id)).toBeLessThanOrEqual(15);
        }
      }),
    );
  });

  it('FS-2 grows without changing an estimate', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 70 }),
        fc.integer({ min: 9, max: 3000 }),
        (ids, entries) => {
          const sketch = new FrequencySketch();
          for (const id of ids) sketch.increment(id);
          const before = ids.map((id) => sketch.frequency(id));
          sketch.reserve(entries);
          expect(ids.map((id) => sketch.frequency(id))).toEqual(before);
        },
      ),
    );
  });

  it('FS-3 forgets by halving after ten accesses an entry', () => {
    const sketch = new FrequencySketch();
    sketch.reserve(1000);
    for (let i = 0; i < 12; i++) sketch.increment(-7);
    expect(sketch.frequency(-7)).toBe(12);
    for (let id = 0; id < 10_000 - 12; id++) sketch.increment(id);
    // Others may have raised it before, to 15 at most.
    expect(sketch.frequency(-7)).toBeGreaterThanOrEqual(6);
    expect(sketch.frequency(-7)).toBeLessThanOrEqual(7);
    sketch.clear();
    expect(sketch.frequency(-7)).toBe(0);
  });

  it('FS-4 tells strangers from members, mostly', () => {
    const sketch = new FrequencySketch();
    sketch.reserve(10_000);
    for (let id = 0; id < 10_000; id++) sketch.increment(id);
    let strangers = 0;
    for (let id = 1 << 20; id < (1 << 20) + 10_000; id++) if (sketch.frequency(id) > 0) strangers++;
    // A row of a block has 32 counters for 5 entries on average: one is taken with chance 1 − (31/32)^5, all four
    // of them with its fourth power, 0.05 %; blocks that are fuller than others make it more.
    expect(strangers / 10_000).toBeLessThan(0.01);
  });
});
