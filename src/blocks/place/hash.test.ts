import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fnv1a,
  hashBytes,
  hashInteger,
  hashKey,
  hashString,
  jumpHash,
  jumpHash64,
  kafkaHash,
  kafkaPartition,
} from './index.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('hashString', () => {
  // Verification values in circulation for MurmurHash3_x86_32 (Appleby's SMHasher and its ports).
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
  ])('HS1 is MurmurHash3_x86_32 of %j with seed %i', (text, seed, expected) => {
    expect(hashString(text, seed)).toBe(expected);
  });

  it('HS2 hashes the UTF-8 bytes of any text, long ones and lone surrogates too', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constant('\ud800x\udc00'),
    );
    fc.assert(
      fc.property(unit, fc.integer(), fc.integer({ min: 0, max: 300 }), (text, seed, times) => {
        const long = text.repeat(times);
        expect(hashString(long, seed)).toBe(hashBytes(utf8(long), seed));
        expect(hashString(`${text}\ud83d`, seed)).toBe(hashBytes(utf8(`${text}\ud83d`), seed));
      }),
    );
  });

  it('HS3 a change of one bit of the input changes half of the output bits, within chance', () => {
    let changed = 0;
    const trials = 4000;
    for (let i = 0; i < trials; i++) {
      let difference = hashInteger(i) ^ hashInteger(i ^ (1 << (i % 31)));
      for (; difference !== 0; difference &= difference - 1) changed++;
    }
    // Binomial(32·4000, 1/2): four standard deviations.
    expect(Math.abs(changed - 16 * trials)).toBeLessThan(4 * Math.sqrt(8 * trials));
  });
});

describe('hashInteger', () => {
  it('HI1 hashes the eight bytes of a signed 64-bit integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer(), (key, seed) => {
        const view = new DataView(new ArrayBuffer(8));
        view.setBigInt64(0, BigInt(key), true);
        expect(hashInteger(key, seed)).toBe(hashBytes(new Uint8Array(view.buffer), seed));
        expect(hashKey(key)).toBe(hashInteger(key));
      }),
    );
  });

  it('HI2 refuses what is not a safe integer', () => {
    for (const key of [Number.NaN, 0.5, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(() => hashInteger(key)).toThrow(/key must be a safe integer, got/);
    }
    expect(hashInteger(-0)).toBe(hashInteger(0));
  });
});

it('FN1 fnv1a has the published values', () => {
  // Test vectors of the FNV authors (RFC 9923, appendix).
  expect([fnv1a(''), fnv1a('a'), fnv1a('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});

describe('kafkaHash', () => {
  it.each([
    ['21', -973932308, 0],
    ['foobar', -790332482, 6],
    ['a-little-bit-long-string', -985981536, 2],
    ['a-little-bit-longer-string', -1486304829, 9],
    ['abc', 479470107, 7],
  ])('O-L12 %s', (key, hash, partition) => {
    expect(kafkaHash(key)).toBe(hash);
    expect(kafkaHash(utf8(key))).toBe(hash);
    expect(kafkaPartition(key, 10)).toBe(partition);
  });

  it('KA1 refuses a number of partitions that cannot be', () => {
    for (const partitions of [0, -1, 1.5, Number.NaN]) {
      expect(() => kafkaPartition('a', partitions)).toThrow(/partitions must be a whole number ≥ 1/);
    }
  });
});

/** The published algorithm, with integers of 64 bits. */
function publishedJump(key: bigint, buckets: number): number {
  let state = key;
  let bucket = -1;
  let next = 0;
  while (next < buckets) {
    bucket = next;
    state = BigInt.asUintN(64, state * 2862933555777941757n + 1n);
    next = Math.floor((bucket + 1) * (2 ** 31 / Number((state >> 33n) + 1n)));
  }
  return bucket;
}

describe('jumpHash', () => {
  it.each([
    [1, 1, 0],
    [42, 57, 43],
    [0xdead10cc, 1, 0],
    [0xdead10cc, 666, 361],
    [256, 1024, 520],
  ])('O-L07 key %i of %i buckets is in %i', (key, buckets, expected) => {
    expect(jumpHash(key, buckets)).toBe(expected);
  });

  it('JH1 is the published algorithm for all keys of 64 bits', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        (key, buckets) => {
          const high = Number(key >> 32n);
          const low = Number(key & 0xffffffffn);
          expect(jumpHash64(high, low, buckets)).toBe(publishedJump(key, buckets));
          const safe = Number(BigInt.asUintN(53, key));
          expect(jumpHash(safe, buckets)).toBe(publishedJump(BigInt(safe), buckets));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('O-L07 growing by one bucket moves 1/(n + 1) of the keys, and only to the new one', () => {
    const keys = 40_000;
    for (const buckets of [1, 3, 10, 50]) {
      let moved = 0;
      let elsewhere = 0;
      for (let key = 0; key < keys; key++) {
        const after = jumpHash(key, buckets + 1);
        if (after === jumpHash(key, buckets)) continue;
        moved++;
        if (after !== buckets) elsewhere++;
      }
      expect(elsewhere).toBe(0);
      const p = 1 / (buckets + 1);
      expect(Math.abs(moved / keys - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / keys));
    }
  });

  it('JH2 refuses impossible keys and buckets', () => {
    expect(() => jumpHash(-1, 5)).toThrow(/key must be/);
    expect(() => jumpHash(2 ** 53, 5)).toThrow(/key must be/);
    for (const buckets of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
      expect(() => jumpHash(1, buckets)).toThrow(/buckets must be a whole number/);
    }
  });
});
