/** Reference strings and a real trace, fed to the cache cores by hand: every miss is counted, none is estimated. */
import { beladyMisses, createCache, type EvictionPolicy } from '../src/blocks/index.ts';
import type { Case, DirectModel, Skipped } from './case.ts';
import { type Reference, readTrace, traceFile } from './trace.ts';

/** Misses, and the bytes missed, of a cache that is filled on every miss. */
function replay(
  policy: EvictionPolicy,
  capacity: number,
  references: Iterable<Reference>,
): [misses: number, bytes: number] {
  const cache = createCache(policy, { capacity });
  let misses = 0;
  let missedBytes = 0;
  for (const { key, bytes } of references) {
    if (cache.lookup(key, 0)) continue;
    misses += 1;
    missedBytes += bytes;
    cache.insert(key, bytes, 0, Number.POSITIVE_INFINITY);
  }
  return [misses, missedBytes];
}

/** Misses of a string of pages, for each number of frames. */
function pages(policy: EvictionPolicy, text: string, misses: Readonly<Record<number, number>>): DirectModel {
  const references = text.split(' ').map((page) => ({ key: Number(page), bytes: 1 }));
  const frames = Object.keys(misses).map(Number);
  return {
    name: policy.toUpperCase(),
    quick: true,
    expect: frames.map((count) => ({
      what: `misses, ${count} frames`,
      paper: misses[count] ?? Number.NaN,
      unit: 'count',
      tolerance: 'exact',
    })),
    measure: () => frames.map((count) => replay(policy, count, references)[0]),
  };
}

/** Misses of the best that could be done with the string known in advance. */
function best(text: string, misses: Readonly<Record<number, number>>): DirectModel {
  const references = text.split(' ').map(Number);
  const frames = Object.keys(misses).map(Number);
  return {
    name: 'OPT',
    quick: true,
    expect: frames.map((count) => ({
      what: `misses, ${count} frames`,
      paper: misses[count] ?? Number.NaN,
      unit: 'count',
      tolerance: 'exact',
    })),
    measure: () => frames.map((count) => beladyMisses(references, count)),
  };
}

const sizesMib = [128, 256, 384, 512, 640, 768, 896, 1024];

function blockTrace(
  policy: 'lru' | 'fifo',
  misses: readonly number[],
  bytes: readonly number[],
): DirectModel {
  return {
    name: policy.toUpperCase(),
    expect: sizesMib.flatMap((size, index) => [
      { what: `misses, ${size} MiB`, paper: misses[index] ?? Number.NaN, unit: 'count', tolerance: 'exact' },
      {
        what: `missed bytes, ${size} MiB`,
        paper: bytes[index] ?? Number.NaN,
        unit: 'count',
        tolerance: 'exact',
      },
    ]),
    measure: (): number[] | Skipped => {
      const file = traceFile();
      if (file === null) return { skipped: 'the trace is absent; name it in TENFOLD_TRACE' };
      const trace = readTrace(file);
      return sizesMib.flatMap((size) => replay(policy, size * 2 ** 20, trace));
    },
  };
}

const beladyString = '1 2 3 4 1 2 5 1 2 3 4 5';
const textbookString = '7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1';

export const cacheTraces: readonly Case[] = [
  {
    id: 'belady-anomaly',
    title: 'Belady’s anomaly: FIFO misses more with more room, LRU never does',
    source: 'Belady, Nelson & Shedler, CACM 12(6) 1969',
    evidence: 'published figure',
    models: [
      pages('fifo', beladyString, { 3: 9, 4: 10 }),
      pages('lru', beladyString, { 3: 10, 4: 8 }),
      pages('sieve', beladyString, { 3: 10, 4: 8 }),
      best(beladyString, { 3: 7, 4: 6 }),
    ],
  },
  {
    id: 'textbook-reference-string',
    title: 'The reference string of the operating systems textbook',
    source: 'Silberschatz, Galvin & Gagne, Operating System Concepts, page replacement',
    evidence: 'published figure',
    models: [
      pages('fifo', textbookString, { 3: 15, 4: 10 }),
      pages('lru', textbookString, { 3: 12, 4: 8 }),
      best(textbookString, { 3: 9, 4: 8 }),
    ],
  },
  {
    id: 'block-trace',
    title: 'A real trace of block requests with sizes, 113,872 requests',
    source: 'libCacheSim, test/test_evictionAlgo.c, trace cloudPhysicsIO.oracleGeneral.bin',
    evidence: 'published figure',
    models: [
      blockTrace(
        'lru',
        [93374, 89783, 83572, 81722, 72494, 72104, 71972, 71704],
        [4214303232, 4061242368, 3778040320, 3660569600, 3100927488, 3078128640, 3075403776, 3061662720],
      ),
      blockTrace(
        'fifo',
        [93403, 89386, 84387, 84025, 72498, 72228, 72182, 72140],
        [4213112832, 4052646400, 3829170176, 3807412736, 3093146112, 3079525888, 3079210496, 3077547520],
      ),
    ],
  },
];
