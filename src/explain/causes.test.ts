import { describe, expect, test } from 'vitest';
import { stress } from '../index.ts';

/** Clicks that one core can count 200 of a second: those who wait are the consumers, and what is full is that core. */
const clicks = {
  name: 'clicks',
  data: { click: { count: 1000, size: '200B' } },
  traffic: { users: { call: 'api.click', rate: '100/s', key: 'click' } },
  components: {
    api: { kind: 'service', operations: { click: [{ compute: '100us' }, { publish: 'log' }] } },
    log: { kind: 'stream', partitions: 8, consumer: 'counter.consume', concurrency: 8 },
    counter: { kind: 'service', operations: { consume: [{ compute: '5ms' }] } },
  },
  goals: { users: { p99: '20ms' }, log: { 'age p99': '2s' } },
} as const;

describe('why a goal is missed', () => {
  test('late messages: the station of those who work on them, then the consumers that wait for it', async () => {
    const { ladder } = await stress(clicks, { most: 3, precision: 0.3 });
    const late = ladder.find(({ name }) => name.startsWith('log.age'))!;
    expect(late.because).toEqual(['counter.cpu is full', 'log.consumers fills up', 'log.age p99 > 2s']);
  });
});
