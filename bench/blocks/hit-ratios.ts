/** What each policy keeps of the same requests. */
import { createCache, type EvictionPolicy, evictionPolicies } from '../../src/blocks/index.ts';
import { createRandom } from '../../src/kernel/index.ts';
import { readTrace, traceFile } from '../../validation/trace.ts';
import { zipfKeys } from './requests.ts';

/** Hit ratios by policy; null where there are no requests to ask with. */
export interface HitRatios {
  readonly name: string;
  readonly byPolicy: ReadonlyMap<EvictionPolicy, number | null>;
}

interface Requests {
  readonly keys: Int32Array;
  readonly bytes: Int32Array | null;
  readonly capacity: number;
  /** Requests at the beginning that are not counted. */
  readonly uncounted: number;
}

const REQUESTS = 2_000_000;
const MIB = 2 ** 20;

export function hitRatios(): HitRatios[] {
  return [
    { name: 'Zipf 1.0, 100,000 keys, room for 1 %', byPolicy: all(zipf(100_000, 1000)) },
    { name: 'Zipf 1.0, 100,000 keys, room for 10 %', byPolicy: all(zipf(100_000, 10_000)) },
    ...[128, 512].map((size) => ({ name: `block trace, ${size} MiB`, byPolicy: all(trace(size * MIB)) })),
  ];
}

function all(requests: Requests | null): Map<EvictionPolicy, number | null> {
  return new Map(
    evictionPolicies.map((policy) => [policy, requests === null ? null : hitRatio(policy, requests)]),
  );
}

function hitRatio(policy: EvictionPolicy, { keys, bytes, capacity, uncounted }: Requests): number {
  const cache = createCache(policy, { capacity, random: createRandom(1, 'evictions') });
  let hits = 0;
  for (let i = 0; i < keys.length; i++) {
    if (cache.lookup(keys[i]!, 0)) {
      if (i >= uncounted) hits++;
    } else cache.insert(keys[i]!, bytes?.[i] ?? 1, 0, Number.POSITIVE_INFINITY);
  }
  return hits / (keys.length - uncounted);
}

function zipf(count: number, capacity: number): Requests {
  return { keys: zipfKeys(count, REQUESTS), bytes: null, capacity, uncounted: REQUESTS / 10 };
}

/** The trace that TENFOLD_TRACE names; null where there is none. */
function trace(capacity: number): Requests | null {
  const file = traceFile();
  if (file === null) return null;
  const references = readTrace(file);
  return {
    keys: Int32Array.from(references, ({ key }) => key),
    bytes: Int32Array.from(references, ({ bytes }) => bytes),
    capacity,
    uncounted: 0,
  };
}
