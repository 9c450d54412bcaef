import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSnowflake, SnowflakeGenerator, snowflakeCapacity } from './index.ts';

const EPOCH = 1_288_834_974_657;

describe('snowflake', () => {
  it('O-A06 SF-1 capacity: 4096/ms, 4,096,000/s per worker, 4.194e9/s in all, 69.68 years', () => {
    const capacity = snowflakeCapacity();
    expect(capacity.idsPerMsPerWorker).toBe(4096);
    expect(capacity.idsPerSecondPerWorker).toBe(4_096_000);
    expect(capacity.workers).toBe(1024);
    expect(capacity.idsPerSecond).toBe(4_194_304_000);
    expect(capacity.years).toBeCloseTo(69.68, 2);
  });

  it('O-A06 SF-2 the 4097th request inside one millisecond waits for the next', () => {
    const ids = new SnowflakeGenerator({ workerId: 1 });
    const seen = new Set<bigint>();
    for (let i = 0; i < 4096; i++) {
      expect(ids.tryNext(EPOCH + 7)).toBe(0);
      seen.add(ids.id);
    }
    expect(seen.size).toBe(4096);
    expect(ids.tryNext(EPOCH + 7)).toBe(1);
    expect(ids.refusal).toBe('sequence-full');
    expect(ids.tryNext(EPOCH + 7.75)).toBe(0.25);
    expect(ids.tryNext(EPOCH + 8)).toBe(0);
    expect(parseSnowflake(ids.id)).toEqual({ time: EPOCH + 8, workerId: 1, sequence: 0 });
  });

  it('SF-3 says time, worker and sequence again, for any layout', () => {
    const layout = fc
      .record({
        timestampBits: fc.integer({ min: 10, max: 53 }),
        workerBits: fc.integer({ min: 0, max: 31 }),
        sequenceBits: fc.integer({ min: 1, max: 32 }),
        epoch: fc.constantFrom(0, EPOCH, -5),
      })
      .filter(({ timestampBits: t, workerBits: w, sequenceBits: s }) => w + s <= 32 && t + w + s <= 63);
    fc.assert(
      fc.property(layout, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 3 }), (bits, at, who, before) => {
        const workerId = who % 2 ** bits.workerBits;
        const time = bits.epoch + (at % 2 ** bits.timestampBits);
        const ids = new SnowflakeGenerator({ ...bits, workerId });
        let sequence = -1;
        for (let i = 0; i <= before; i++) if (ids.tryNext(time) === 0) sequence++;
        expect(parseSnowflake(ids.id, bits)).toEqual({ time, workerId, sequence });
        expect(ids.decimal).toBe(String(ids.id));
        expect(ids.id).toBe(BigInt(ids.high) * 2n ** 32n + BigInt(ids.low));
      }),
    );
  });

  it('SF-4 never gives an id twice and always grows, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 300 }), (steps) => {
        const ids = new SnowflakeGenerator({ workerId: 0, sequenceBits: 1, epoch: 0 });
        let now = 0;
        let last = -1n;
        for (const step of steps) {
          now += step;
          const wait = ids.tryNext(now);
          if (wait === 0) {
            expect(ids.id).toBeGreaterThan(last);
            last = ids.id;
          } else {
            // Asking again then is worth it: there is an id, or the one in the way is the last of its time.
            const again = new SnowflakeGenerator({ workerId: 0, sequenceBits: 1, epoch: 0 }, ids.snapshot());
            const second = again.tryNext(now + wait);
            expect(second === 0 || again.refusal === 'sequence-full').toBe(true);
          }
        }
      }),
    );
  });

  it('SF-5 waits out a clock that went back, or refuses, by choice', () => {
    const patient = new SnowflakeGenerator({ workerId: 0 });
    const strict = new SnowflakeGenerator({ workerId: 0, longestClockBack: 10 });
    for (const ids of [patient, strict]) {
      expect(ids.tryNext(EPOCH + 4_000_000)).toBe(0);
      expect(ids.tryNext(EPOCH + 3_999_990)).toBe(10);
      expect(ids.refusal).toBe('clock-back');
    }
    expect(patient.tryNext(EPOCH + 400_000)).toBe(3_600_000);
    expect(strict.tryNext(EPOCH + 400_000)).toBe(Number.POSITIVE_INFINITY);
    expect(strict.refusal).toBe('clock-back');
    expect(strict.tryNext(EPOCH + 4_000_000)).toBe(0);
    expect(strict.refusal).toBe(null);
  });

  it('SF-9 waits for its epoch no longer than for a clock that went back', () => {
    const ids = new SnowflakeGenerator({ workerId: 0, epoch: 1000, longestClockBack: 10 });
    expect(ids.tryNext(990)).toBe(10);
    for (const now of [989, 0, -(2 ** 40)]) {
      expect(ids.tryNext(now)).toBe(Number.POSITIVE_INFINITY);
      expect(ids.refusal).toBe('before-epoch');
    }
    const strict = new SnowflakeGenerator({ workerId: 0, epoch: 0, longestClockBack: 0 });
    expect([strict.tryNext(-1), strict.tryNext(0)]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  it('SF-6 has no ids before its epoch and after its last millisecond', () => {
    const ids = new SnowflakeGenerator({ workerId: 0, timestampBits: 4, sequenceBits: 1, epoch: 100 });
    expect(ids.tryNext(-7)).toBe(107);
    expect(ids.tryNext(99)).toBe(1);
    expect(ids.refusal).toBe('before-epoch');
    expect(ids.tryNext(116)).toBe(Number.POSITIVE_INFINITY);
    expect(ids.refusal).toBe('out-of-time');
    expect([ids.tryNext(115), ids.tryNext(115), ids.tryNext(115)]).toEqual([0, 0, Number.POSITIVE_INFINITY]);
    expect(ids.tryNext(2 ** 53 - 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('SF-7 goes on from a snapshot through JSON without giving an id twice', () => {
    const ids = new SnowflakeGenerator({ workerId: 3 });
    ids.tryNext(EPOCH + 5);
    ids.tryNext(EPOCH + 5);
    const again = new SnowflakeGenerator({ workerId: 3 }, JSON.parse(JSON.stringify(ids.snapshot())));
    expect(again.id).toBe(ids.id);
    expect(again.tryNext(EPOCH + 4)).toBe(1);
    again.tryNext(EPOCH + 5);
    ids.tryNext(EPOCH + 5);
    expect(again.id).toBe(ids.id);
  });

  it('SF-8 refuses impossible arguments by name', () => {
    expect(() => new SnowflakeGenerator({ workerId: 1024 })).toThrow(
      /workerId must be .* from 0 to 1023, got 1024/,
    );
    expect(() => new SnowflakeGenerator({ workerId: -1 })).toThrow(RangeError);
    expect(() => new SnowflakeGenerator({ workerId: 0, timestampBits: 42 })).toThrow(/to 63, got 64/);
    expect(() => new SnowflakeGenerator({ workerId: 0, longestClockBack: Number.NaN })).toThrow(RangeError);
    expect(() => new SnowflakeGenerator({ workerId: 0 }).tryNext(Number.NaN)).toThrow(/now must be/);
    expect(() => new SnowflakeGenerator({ workerId: 0 }).tryNext(2 ** 53)).toThrow(RangeError);
    expect(() => parseSnowflake(-1n)).toThrow(RangeError);
    expect(() => parseSnowflake(2n ** 63n)).toThrow(RangeError);
    const state = { version: 1 as const, tick: 1, sequence: 0 };
    for (const bad of [
      { ...state, version: 2 as 1 },
      { ...state, tick: 0.5 },
      { ...state, sequence: 4096 },
    ]) {
      expect(() => new SnowflakeGenerator({ workerId: 0 }, bad)).toThrow(RangeError);
    }
  });
});
