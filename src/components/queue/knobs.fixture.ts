import type { Knobs } from '../knobs.fixture.ts';

/** Half of what the worker does fails. */
const failing = {
  components: {
    worker: {
      operations: {
        handle: [{ wait: '10ms' }, { choose: [{ probability: '50%', do: [{ fail: 'bad' }] }] }],
      },
    },
  },
};
/** It gets more than it can work on. */
const full = {
  traffic: { users: { rate: '100/s' } },
  components: { worker: { operations: { handle: [{ wait: '50ms' }] } } },
};

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    traffic: { users: { call: 'web.order', rate: '50/s' } },
    components: {
      it: { kind: 'queue', consumer: 'worker.handle' },
      web: { kind: 'service', operations: { order: [{ compute: '1ms' }, { publish: 'it' }] } },
      worker: {
        kind: 'service',
        operations: { handle: [{ wait: 'exponential(10ms)' }], skim: [{ wait: '1ms' }] },
      },
      dead: { kind: 'queue', consumer: 'undertaker.handle' },
      morgue: { kind: 'queue', consumer: 'undertaker.handle' },
      undertaker: { kind: 'service', operations: { handle: [{ compute: '1ms' }] } },
    },
  },
  settings: {
    consumer: [{ consumer: 'worker.handle' }, { consumer: 'worker.skim' }],
    concurrency: [{ concurrency: 1 }, { concurrency: 2 }],
    visibility: [{ visibility: '5ms' }, { visibility: '1s' }],
    attempts: { between: [{ attempts: 2 }, { attempts: 3 }], around: failing },
    'retry-delay': { between: [{ 'retry-delay': '10ms' }, { 'retry-delay': '200ms' }], around: failing },
    'dead-letter': {
      between: [
        { attempts: 2, 'dead-letter': 'dead' },
        { attempts: 2, 'dead-letter': 'morgue' },
      ],
      around: failing,
    },
    delay: [{ delay: '10ms' }, { delay: '100ms' }],
    discipline: {
      between: [{ discipline: 'fifo' }, { discipline: 'priority' }],
      around: { traffic: { urgent: { call: 'web.order', rate: '20/s' }, users: { priority: 1 } } },
    },
    capacity: { between: [{ capacity: 10 }, { capacity: 20 }], around: full },
    'when-full': {
      between: [
        { capacity: 10, 'when-full': 'reject' },
        { capacity: 10, 'when-full': 'drop-oldest' },
      ],
      around: full,
    },
    'accept-time': [{ 'accept-time': '1ms' }, { 'accept-time': '5ms' }],
  },
};
