import type { Constant, Origin } from './constant.ts';
import { measuredOnTwoCores, measuredOnTwoMachines, takenOver, teachingNotes } from './originals.ts';

const promptCaching: Origin = { source: 'Anthropic API documentation, prompt caching', date: '2025' };

/** Caches, content delivery networks and prompt caches; cap.redis.ops is in capacity.ts. */
export const caching: readonly Constant[] = [
  {
    name: 'lat.cache.hit',
    summary: 'Answer from a cache on another machine',
    dimension: 'time',
    values: [
      {
        profile: 'cloud-2026',
        value: '0.11ms..0.31ms',
        source: 'derived: one rtt.dc and 1 ÷ cap.redis.ops, without queueing',
        date: '2026',
      },
      { profile: 'classroom', value: '0.25ms..1ms', ...teachingNotes },
      {
        profile: 'measured-2core',
        value: '0.26ms..0.39ms',
        ...measuredOnTwoMachines('redis-benchmark, Redis 7.0.15, 50 clients over loopback: median'),
      },
    ],
    note: '"A hit takes microseconds" is true of lat.cache.hit.local only: over a network a hit cannot beat a round trip. At 90 % hits of 0.25 ms and misses of 10 ms reads are 8.16 times quicker, not the often quoted 37, which would take 99.8 % hits.',
  },
  {
    name: 'lat.cache.hit.local',
    summary: 'Answer from a cache in the same process',
    dimension: 'time',
    values: [{ profile: 'classroom', value: '1us', ...teachingNotes }],
    note: '',
  },
  {
    name: 'redis.item.overhead',
    summary: 'Memory that Redis takes for a string item, beyond key and value',
    dimension: 'size',
    values: [
      {
        profile: 'cloud-2026',
        value: '84B (80B..87B)',
        ...takenOver('the measurement on 2 cores', '2026-11-22'),
      },
      {
        profile: 'measured-2core',
        value: '84B (80B..87B)',
        ...measuredOnTwoCores(
          'growth of used_memory ÷ items of Redis 7.0.15, 1M and 1.5M items, keys of 16 B, values of 24, 100 and 500 B',
        ),
      },
    ],
    note: 'Without expiry: redis.expiry.overhead comes on top where items have a TTL. MEMORY USAGE reports 56 bytes for an empty item (Redis documentation), without the hash table; the Redis FAQ has 85 MB for a million small items in all.',
  },
  {
    name: 'redis.expiry.overhead',
    summary: 'Memory that Redis takes in addition for an item with a TTL',
    dimension: 'size',
    values: [
      {
        profile: 'cloud-2026',
        value: '41B (40B..43B)',
        ...takenOver('the measurement on 2 cores', '2026-11-22'),
      },
      {
        profile: 'measured-2core',
        value: '41B (40B..43B)',
        ...measuredOnTwoCores('as redis.item.overhead, SET with EX against SET without'),
      },
    ],
    note: 'A second hash table holds the time of expiry.',
  },
  {
    name: 'cache.ttl.default',
    summary: 'Time a cached item stays valid',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '1h', ...takenOver('system design teaching notes', '2026') },
      { profile: 'classroom', value: '1h', ...teachingNotes },
    ],
    note: 'A habit, not a law: 5 min for predictions and 1 s for hot counters are taught as well. The staleness that the data bears decides.',
  },
  {
    name: 'cache.ttl.jitter',
    summary: 'Spread of the TTL to both sides, so that items stored together do not expire together',
    dimension: 'ratio',
    values: [
      { profile: 'cloud-2026', value: '10%', ...takenOver('system design teaching notes', '2026') },
      { profile: 'classroom', value: '10%', ...teachingNotes },
    ],
    note: '10,000 items stored at once with 1 h ± 10 % expire at 14/s over 12 minutes instead of all in one second.',
  },
  {
    name: 'cache.ttl.absent',
    summary: 'Time for which a cache remembers that a key does not exist',
    dimension: 'time',
    values: [{ profile: 'classroom', value: '60s', ...teachingNotes }],
    note: 'The sample code of the same notes caches such answers for an hour, by accident.',
  },
  {
    name: 'cache.hit.goal',
    summary: 'Hit ratio that a cache is expected to reach',
    dimension: 'ratio',
    values: [{ profile: 'classroom', value: '90%..95%', ...teachingNotes }],
    note: 'A wish: the hit ratio follows from popularity, size and TTL. Under LRU and Zipf 1.0, 95 % of 100M keys takes room for about half of them.',
  },
  {
    name: 'cdn.locations',
    summary: 'Places in which a large content delivery network has edges',
    dimension: 'count',
    values: [
      {
        profile: 'cloud-2026',
        value: '293',
        source: 'Cloudflare blog on its 7.3 Tbit/s attack: traffic seen in 293 locations',
        date: '2025',
      },
      { profile: 'classroom', value: '100..200', ...teachingNotes },
    ],
    note: 'The values are of different years.',
  },
  {
    name: 'cdn.maxAge',
    summary: 'Time a client keeps an asset whose name changes with its content',
    dimension: 'time',
    values: [{ profile: 'classroom', value: '365d', ...teachingNotes }],
    note: 'Cache-Control: max-age=31536000.',
  },
  {
    name: 'llm.promptCache.read',
    summary: 'Price of input tokens read from a prompt cache, as a share of the full price',
    dimension: 'ratio',
    values: [
      { profile: 'cloud-2026', value: '10%', ...promptCaching },
      { profile: 'classroom', value: '10%', ...teachingNotes },
    ],
    note: '"90 % cheaper" is true of re-read tokens only: with the dearer first write, ten calls with one prefix save 78.5 %.',
  },
  {
    name: 'llm.promptCache.write',
    summary: 'Price of input tokens written to a prompt cache for 5 minutes, as a share of the full price',
    dimension: 'ratio',
    values: [{ profile: 'cloud-2026', value: '125%', ...promptCaching }],
    note: 'For an hour: 200 %.',
  },
  {
    name: 'llm.promptCache.ttl',
    summary: 'Time a cached prompt stays, counted from its last use',
    dimension: 'time',
    values: [
      { profile: 'cloud-2026', value: '5min', ...promptCaching },
      { profile: 'classroom', value: '5min', ...teachingNotes },
    ],
    note: '',
  },
  {
    name: 'llm.answerCache.hit',
    summary: "Hit ratio of a cache of a chatbot's answers",
    dimension: 'ratio',
    values: [{ profile: 'classroom', value: '20%..40%', ...teachingNotes }],
    note: 'Unsourced. Matching by meaning reached 61.6 to 68.8 % on repetitive support questions, with up to 3 % wrong answers among the hits (S. Regmi, C. Pun, "GPT Semantic Cache", arXiv:2411.05276); matching by exact text finds far fewer.',
  },
];
