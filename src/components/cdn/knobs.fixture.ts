import type { Knobs } from '../knobs.fixture.ts';

/** An origin whose answers have bytes to compress. */
const brings = {
  components: {
    web: { operations: { view: [{ compute: '1ms' }, { read: 'item', from: 'store' }] } },
    store: { kind: 'database', stores: 'item' },
  },
};

/** What else the origin is asked for, by the keys of such data. */
const listening = (key: string) => ({
  traffic: { listeners: { call: 'it.hear', rate: '50/s', key } },
  components: { web: { operations: { hear: [{ compute: '20ms' }] } } },
});

/** Copies that expire, and go for no other reason. */
const expiring = { items: 1000, ttl: '2s' };

/** Its room is said by `memory`. */
const inBytes = { items: undefined };

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    data: {
      item: { count: 1000, size: '10KB', popularity: 'zipf(1)' },
    },
    traffic: {
      viewers: { call: 'it.view', rate: '100/s', key: 'item' },
    },
    components: {
      it: { kind: 'cdn', to: 'web', holds: 'item', pops: 2, items: 200 },
      web: { kind: 'service', cores: 8, operations: { view: [{ compute: '20ms' }] } },
    },
  },
  settings: {
    to: {
      between: [{ to: 'web' }, { to: 'other' }],
      around: { components: { other: { kind: 'service', operations: { view: [{ compute: '1ms' }] } } } },
    },
    // What is kept has to be asked for by keys of what is held, and of nothing else.
    holds: {
      between: [
        { holds: 'item', caches: 'view' },
        { holds: 'other', caches: 'hear' },
      ],
      around: { data: { other: { count: 1000, size: '10KB' } }, ...listening('other') },
    },
    caches: { between: [{ caches: 'view' }, { caches: ['view', 'hear'] }], around: listening('item') },
    mode: [{ mode: 'pull' }, { mode: 'push' }],
    pops: [
      { ...expiring, pops: 2 },
      { ...expiring, pops: 3 },
    ],
    weights: [
      { ...expiring, weights: [1, 1] },
      { ...expiring, weights: [1, 5] },
    ],
    memory: [
      { ...inBytes, memory: '2MB' },
      { ...inBytes, memory: '3MB' },
    ],
    items: [{ items: 200 }, { items: 300 }],
    evict: [{ evict: 'lru' }, { evict: 'fifo' }],
    ttl: [
      { ...expiring, ttl: '2s' },
      { ...expiring, ttl: '4s' },
    ],
    swr: [
      { ...expiring, swr: '1s' },
      { ...expiring, swr: '2s' },
    ],
    coalesce: [
      { ...expiring, coalesce: true },
      { ...expiring, coalesce: false },
    ],
    shield: [{ shield: '3MB' }, { shield: '4MB' }],
    'hit-time': [{ 'hit-time': '1ms' }, { 'hit-time': '2ms' }],
    'compress.algorithm': {
      between: [{ compress: { algorithm: 'gzip' } }, { compress: { algorithm: 'brotli' } }],
      around: brings,
    },
    'compress.ratio': {
      between: [{ compress: { ratio: 2 } }, { compress: { ratio: 3 } }],
      around: brings,
    },
    'compress.speed': {
      between: [{ compress: { speed: '1Gbit/s' } }, { compress: { speed: '2Gbit/s' } }],
      around: brings,
    },
    bandwidth: [{ bandwidth: '100Mbit/s' }, { bandwidth: '200Mbit/s' }],
    start: [{ start: 'warm' }, { start: 'cold' }],
  },
};
