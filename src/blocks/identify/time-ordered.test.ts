import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../kernel/index.ts';
import { UlidGenerator, UuidV7Generator, ulidTime, uuidV7Time } from './index.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const LAST_TIME = 2 ** 48 - 1;
const greatest: Random = { next: () => 1 - 2 ** -53 };
const least: Random = { next: () => 0 };

interface Generator {
  next(now: number): string;
  snapshot(): object;
}

/** What both make: texts that sort like the times they were made. */
const makers = [
  {
    name: 'uuid v7',
    shape: UUID,
    time: uuidV7Time,
    make: (random: Random, state?: object): Generator => new UuidV7Generator(random, state as undefined),
  },
  {
    name: 'ulid',
    shape: ULID,
    time: ulidTime,
    make: (random: Random, state?: object): Generator => new UlidGenerator(random, {}, state as undefined),
  },
];

describe.each(makers)('$name', ({ shape, time, make }) => {
  it('TO-1 has the right shape and says its time', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: LAST_TIME, noNaN: true }), fc.nat(), (now, seed) => {
        const id = make(createRandom(seed)).next(now);
        expect(id).toMatch(shape);
        expect(time(id)).toBe(Math.floor(now));
      }),
    );
  });

  it('TO-2 grows as text, whatever the clock does', () => {
    const steps = fc.array(fc.constantFrom(0, 0, 0, 1, 2, -1, -5, 3_600_000, -3_600_000), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.nat(), (steps, seed) => {
        const ids = make(createRandom(seed));
        let now = 1_700_000_000_000;
        let last = '';
        for (const step of steps) {
          now += step;
          const id = ids.next(now);
          expect(id > last).toBe(true);
          last = id;
        }
      }),
    );
  });

  it('TO-3 makes 100,000 in one millisecond, all different, in order', () => {
    const ids = make(createRandom(1));
    let last = '';
    for (let i = 0; i < 100_000; i++) {
      const id = ids.next(5);
      if (!(id > last) || time(id) !== 5) expect.fail(`${id} after ${last}`);
      last = id;
    }
  });

  it('TO-4 decides alike for the same seed and history, also through a snapshot', () => {
    const random = () => createRandom(9);
    const a = make(random());
    const b = make(random());
    for (const now of [0, 0, 1, -4, 1]) expect(a.next(now)).toBe(b.next(now));
    const after = a.next(3);
    const again = make(greatest, JSON.parse(JSON.stringify(a.snapshot())));
    expect(again.next(2) > after).toBe(true);
  });

  it('TO-5 counts what is before 1970 as 1970, and refuses what is no time', () => {
    const ids = make(createRandom(1));
    expect(time(ids.next(-3_600_000))).toBe(0);
    expect(time(ids.next(0))).toBe(0);
    expect(time(ids.next(0.5))).toBe(0);
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 48, 2 ** 53]) {
      expect(() => ids.next(now)).toThrow(RangeError);
    }
    expect(time('')).toBe(-1);
    expect(time('zzzzzzzz-zzzz-7zzz-8zzz-zzzzzzzzzzzz')).toBe(-1);
    expect(() => make(greatest, { version: 2 })).toThrow(RangeError);
    expect(() => make(greatest, { version: 1, time: Number.NaN })).toThrow(RangeError);
  });
});

describe('uuid v7', () => {
  it('U7-1 puts time, version, counter, variant and random bits where RFC 9562 5.7 has them', () => {
    const words = [0.5, 0.75];
    const id = new UuidV7Generator({ next: () => words.shift()! }).next(0x17f22e279b0);
    // Counter 2^30: 0x40000000 = 0100 0000 0000 | 00 0000 0000 0000 | 000000.
    expect(id).toBe('017f22e2-79b0-7400-8000-030000000000');
  });

  it('U7-2 counts through the whole counter field, 1 by 1', () => {
    for (const counter of [0, 63, 64, 0xfffff, 0x3ffff, 0x7fffffff, 0xfffffffe]) {
      const ids = new UuidV7Generator(least, { version: 1, time: 1, counter });
      const hex = ids.next(1).replaceAll('-', '');
      const bits = BigInt(`0x${hex}`);
      const seen =
        (((bits >> 64n) & 0xfffn) << 20n) | (((bits >> 48n) & 0x3fffn) << 6n) | ((bits >> 42n) & 63n);
      expect(Number(seen)).toBe(counter + 1);
    }
  });

  it('U7-3 goes a millisecond ahead when the counter overflows, and stays there', () => {
    const ids = new UuidV7Generator(greatest, { version: 1, time: 8, counter: 2 ** 32 - 1 });
    const ahead = ids.next(8);
    expect(uuidV7Time(ahead)).toBe(9);
    expect(ids.next(8) > ahead).toBe(true);
    expect(uuidV7Time(ids.next(10))).toBe(10);
    const last = new UuidV7Generator(least, { version: 1, time: LAST_TIME, counter: 2 ** 32 - 1 });
    expect(() => last.next(0)).toThrow(/last millisecond/);
  });

  it('U7-4 leaves the top bit of the counter clear at the start of a millisecond', () => {
    expect(new UuidV7Generator(greatest).snapshot().counter).toBe(0);
    const ids = new UuidV7Generator(greatest);
    ids.next(1);
    expect(ids.snapshot().counter).toBe(2 ** 31 - 1);
  });

  it('U7-5 has 42 random bits, each set in half of the ids', () => {
    const ids = new UuidV7Generator(createRandom(4));
    const draws = 20_000;
    const set = new Float64Array(42);
    for (let i = 0; i < draws; i++) {
      const node = BigInt(`0x${ids.next(i).slice(24)}`);
      for (let bit = 0; bit < 42; bit++) set[bit]! += Number((node >> BigInt(bit)) & 1n);
    }
    // Five standard deviations of a binomial share.
    for (const count of set) expect(Math.abs(count / draws - 0.5)).toBeLessThan(2.5 / Math.sqrt(draws));
  });
});

describe('ulid', () => {
  it('UL-1 encodes by Crockford: the specification names the greatest one', () => {
    expect(new UlidGenerator(greatest).next(LAST_TIME)).toBe(`7${'Z'.repeat(25)}`);
    expect(new UlidGenerator(least).next(0)).toBe('0'.repeat(26));
    expect(ulidTime('7zzzzzzzzzzzzzzzzzzzzzzzzz')).toBe(LAST_TIME);
    expect(ulidTime('8ZZZZZZZZZZZZZZZZZZZZZZZZZ')).toBe(-1);
  });

  it('UL-2 adds 1 within a millisecond, with carry', () => {
    const ids = new UlidGenerator(least, {}, { version: 1, time: 1, upper: 0, lower: 2 ** 40 - 2 });
    expect(ids.next(1).slice(10)).toBe('00000000ZZZZZZZZ');
    expect(ids.next(1).slice(10)).toBe('0000000100000000');
    expect(ids.next(0).slice(10)).toBe('0000000100000001');
  });

  it('UL-3 goes a millisecond ahead when 80 bits overflow', () => {
    const ids = new UlidGenerator(greatest);
    const first = ids.next(4);
    const second = ids.next(4);
    expect(second > first).toBe(true);
    expect([ulidTime(first), ulidTime(second)]).toEqual([4, 5]);
  });

  it('UL-4 follows the clock and draws anew when not monotonic', () => {
    const ids = new UlidGenerator(createRandom(2), { monotonic: false });
    const made = Array.from({ length: 1000 }, () => ids.next(7));
    expect(new Set(made).size).toBe(1000);
    expect(made).not.toEqual([...made].sort());
    expect(ulidTime(ids.next(3))).toBe(3);
  });
});
