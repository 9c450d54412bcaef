import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beladyMisses, createCache, type EvictionPolicy } from './index.ts';

function misses(policy: EvictionPolicy | 'optimal', capacity: number, keys: readonly number[]): number {
  if (policy === 'optimal') return beladyMisses(keys, capacity);
  const cache = createCache(policy, { capacity });
  return keys.filter((key) => {
    const hit = cache.lookup(key, 0);
    if (!hit) cache.insert(key, 1, 0, Number.POSITIVE_INFINITY);
    return !hit;
  }).length;
}

describe('reference strings', () => {
  const belady = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
  it.each([
    ['fifo', 3, 9],
    ['fifo', 4, 10],
    ['lru', 3, 10],
    ['lru', 4, 8],
    ['optimal', 3, 7],
    ['optimal', 4, 6],
    ['sieve', 3, 10],
    ['sieve', 4, 8],
  ] as const)("O-C07 Belady's anomaly: %s with %d frames misses %d times", (policy, frames, expected) => {
    expect(misses(policy, frames, belady)).toBe(expected);
  });

  const textbook = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
  it.each([
    ['fifo', 3, 15],
    ['fifo', 4, 10],
    ['lru', 3, 12],
    ['lru', 4, 8],
    ['optimal', 3, 9],
    ['optimal', 4, 8],
  ] as const)('O-C08 textbook: %s with %d frames misses %d times', (policy, frames, expected) => {
    expect(misses(policy, frames, textbook)).toBe(expected);
  });
});

/**
 * The block trace `cloudPhysicsIO.oracleGeneral.bin` of libCacheSim, which is not part of this repository. The
 * case exists where TENFOLD_TRACE names the file (CONTRIBUTING.md).
 */
const traceFile = process.env['TENFOLD_TRACE'];
if (traceFile !== undefined) describe('O-C09 block trace of libCacheSim', () => replayTrace(traceFile));

function replayTrace(traceFile: string): void {
  const expected = {
    lru: {
      misses: [93374, 89783, 83572, 81722, 72494, 72104, 71972, 71704],
      bytes: [4214303232, 4061242368, 3778040320, 3660569600, 3100927488, 3078128640, 3075403776, 3061662720],
    },
    fifo: {
      misses: [93403, 89386, 84387, 84025, 72498, 72228, 72182, 72140],
      bytes: [4213112832, 4052646400, 3829170176, 3807412736, 3093146112, 3079525888, 3079210496, 3077547520],
    },
  };

  it.each(['lru', 'fifo'] as const)('%s', (policy) => {
    const file = readFileSync(traceFile);
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const records = file.byteLength / 24;
    const numbers = new Map<bigint, number>();
    const keys = new Int32Array(records);
    const sizes = new Float64Array(records);
    for (let i = 0; i < records; i++) {
      const id = view.getBigUint64(24 * i + 4, true);
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      keys[i] = numbers.get(id)!;
      sizes[i] = view.getUint32(24 * i + 12, true);
    }
    const outcome = { misses: [] as number[], bytes: [] as number[] };
    for (let mebibytes = 128; mebibytes <= 1024; mebibytes += 128) {
      const cache = createCache(policy, { capacity: mebibytes * 2 ** 20 });
      let misses = 0;
      let bytes = 0;
      for (let i = 0; i < records; i++) {
        if (cache.lookup(keys[i]!, 0)) continue;
        misses++;
        bytes += sizes[i]!;
        cache.insert(keys[i]!, sizes[i]!, 0, Number.POSITIVE_INFINITY);
      }
      outcome.misses.push(misses);
      outcome.bytes.push(bytes);
    }
    expect(outcome).toEqual(expected[policy]);
  });
}
