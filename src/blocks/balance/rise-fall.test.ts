import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RiseFall } from './index.ts';

describe('rise and fall', () => {
  it('RF-1 changes after rise good or fall bad probes in a row, and not before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.array(fc.boolean(), { maxLength: 60 }),
        (rise, fall, initiallyUp, probes) => {
          const health = new RiseFall(2, { rise, fall, initiallyUp });
          let up = initiallyUp;
          let changedAt = -1;
          probes.forEach((ok, i) => {
            const needed = up ? fall : rise;
            const last = probes.slice(Math.max(0, i + 1 - needed), i + 1);
            // As many in a row against the state, all of them since it last changed.
            if (last.length === needed && last.every((each) => each !== up) && i - changedAt >= needed) {
              up = !up;
              changedAt = i;
            }
            expect(health.probed(1, ok)).toBe(up);
            expect(health.up(1)).toBe(up);
          });
          expect(health.up(0)).toBe(initiallyUp);
        },
      ),
    );
  });

  it('RF-2 rises after 2 and falls after 3 unless told otherwise', () => {
    const health = new RiseFall(1);
    const probes = [false, false, true, false, false, false, true, true];
    expect(probes.map((ok) => health.probed(0, ok))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it('RF-3 goes on from a snapshot', () => {
    const first = new RiseFall(2);
    for (const ok of [false, false]) first.probed(0, ok);
    const state = JSON.parse(JSON.stringify(first.snapshot()));
    const second = new RiseFall(2, {}, state);
    expect(second.probed(0, false)).toBe(false);
    expect(() => new RiseFall(3, {}, state)).toThrow(RangeError);
    expect(() => new RiseFall(2, {}, { ...state, version: 0 })).toThrow(RangeError);
  });

  it('RF-4 refuses what cannot be', () => {
    for (const count of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => new RiseFall(1, { rise: count })).toThrow(`rise must be a whole number`);
      expect(() => new RiseFall(1, { fall: count })).toThrow(`fall must be a whole number`);
      expect(() => new RiseFall(count)).toThrow('targets must be a whole number');
    }
    expect(() => new RiseFall(1).probed(1, true)).toThrow(/target must be from 0 to 0, got 1/);
  });

  it('RF-5 first() is the first target that is up, and none where all are down', () => {
    const health = new RiseFall(3, { rise: 1, fall: 1 });
    expect(health.first()).toBe(0);
    health.probed(0, false);
    expect(health.first()).toBe(1);
    health.probed(1, false);
    health.probed(2, false);
    expect(health.first()).toBe(-1);
    health.probed(2, true);
    expect(health.first()).toBe(2);
  });
});
