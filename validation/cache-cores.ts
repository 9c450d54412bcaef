/** What is known of caches without a design: by formula, or by a core asked by hand. */
import { characteristicTime, createCache, hitRatio, lookupSliding, residency } from '../src/blocks/index.ts';
import { createRandom, exponential } from '../src/kernel/index.ts';
import { type Case, type DirectModel, points, within } from './case.ts';
import { direct, mean, type Row } from './direct.ts';

/** Shares of the requests that go to keys 1 to n. */
function zipfShares(keys: number, exponent: number): Float64Array {
  const weights = Float64Array.from({ length: keys }, (_, i) => (i + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Hit ratio of the best cache that does not know the future: the most popular keys, for good. */
function topShare(keys: number, exponent: number, items: number, hits: number): Row {
  return [
    `${keys} keys, Zipf ${exponent}, room for ${items}`,
    hits,
    () => hitRatio('lfu', zipfShares(keys, exponent), new Float64Array(keys).fill(1), items),
    { absolute: 6e-6 },
  ];
}

const shares = zipfShares(10_000, 0.8);

/** Requests after which a key that is not asked for again is gone from an LRU cache of 1,000. */
const timeOfThousand = (): number =>
  characteristicTime('lru', shares, new Float64Array(10_000).fill(1), 1000);

const hitsOfRank = (rank: number): number => residency('lru', shares[rank - 1]! * timeOfThousand());

/** One key whose entry every hit renews, asked for at random. */
function sliding(rate: number, ttl: number, hits: number): DirectModel {
  return direct(`${rate}/s, expires ${ttl} s after the last hit`, [
    [
      'hit ratio',
      hits,
      () =>
        mean(20, (run) => {
          const cache = createCache('lru', { capacity: 1 });
          const random = createRandom(run, 'sliding');
          const requests = 20_000;
          cache.insert(0, 1, 0, ttl);
          let now = 0;
          let hit = 0;
          for (let request = 0; request < requests; request++) {
            now += exponential(random) / rate;
            if (lookupSliding(cache, 0, now, ttl)) hit++;
            else cache.insert(0, 1, now, now + ttl);
          }
          return hit / requests;
        }),
      points(0.3),
    ],
  ]);
}

export const cacheCores: readonly Case[] = [
  {
    id: 'most-popular-keys',
    title: 'The most popular keys, for good: what no policy exceeds under independent references',
    source: 'Sum of the greatest shares of the Zipf law',
    evidence: 'closed form',
    models: [
      direct('', [
        topShare(1000, 0.8, 100, 0.52583),
        topShare(1000, 1, 100, 0.69299),
        topShare(1000, 1, 50, 0.60106),
        topShare(10_000, 0.8, 1000, 0.57062),
        topShare(1_000_000, 0.99, 10_000, 0.66427),
        topShare(100_000, 0.9, 1000, 0.47419),
        topShare(100_000, 1, 10_000, 0.80955),
      ]),
    ],
  },
  {
    id: 'characteristic-time-of-keys',
    title: 'The characteristic time of LRU, and what it says of single keys',
    source: 'Che, Tung & Wang, IEEE JSAC 20(7) 2002; Fricker, Robert & Roberts 2012',
    evidence: 'closed form',
    models: [
      direct('10,000 keys, Zipf 0.8, room for 1,000', [
        ['characteristic time, requests', 1472.5, timeOfThousand, within(0.0001)],
        ['hit ratio of rank 10', 0.9998, () => hitsOfRank(10), { absolute: 6e-5 }],
        ['hit ratio of rank 100', 0.7444, () => hitsOfRank(100), { absolute: 6e-5 }],
        ['hit ratio of rank 1,000', 0.1944, () => hitsOfRank(1000), { absolute: 6e-5 }],
      ]),
    ],
  },
  {
    id: 'sliding-expiry',
    title: 'Entries that every hit renews: 1 − exp(−λT)',
    source: 'Fofack et al., Performance Evaluation 65 (2014)',
    evidence: 'closed form',
    models: [sliding(1, 1, 0.632121), sliding(0.1, 60, 0.997521), sliding(10, 1, 0.999955)],
  },
];
