import type { Knobs } from '../knobs.fixture.ts';

/** One of the two instances that work on messages dies for a while. */
const crash = {
  scenarios: { it: { lasts: '15s', faults: [{ at: '3s', crash: 'worker', instances: 1, for: '5s' }] } },
};
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
      it: {
        kind: 'stream',
        consumer: 'worker.handle',
        partitions: 6,
        'session-timeout': '2s',
        rebalance: '1s',
      },
      web: { kind: 'service', operations: { order: [{ compute: '1ms' }, { publish: 'it' }] } },
      worker: {
        kind: 'service',
        instances: 2,
        operations: { handle: [{ wait: 'exponential(10ms)' }], skim: [{ wait: '1ms' }] },
      },
      dead: { kind: 'queue', consumer: 'undertaker.handle' },
      morgue: { kind: 'queue', consumer: 'undertaker.handle' },
      undertaker: { kind: 'service', operations: { handle: [{ compute: '1ms' }] } },
    },
  },
  settings: {
    consumer: [{ consumer: 'worker.handle' }, { consumer: 'worker.skim' }],
    partitions: [{ partitions: 2 }, { partitions: 7 }],
    concurrency: [{ concurrency: 1 }, { concurrency: 2 }],
    assignment: {
      between: [{ assignment: 'range' }, { assignment: 'sticky' }],
      around: crash,
    },
    batch: [
      { 'batch-time': '5ms', batch: 1 },
      { 'batch-time': '5ms', batch: 10 },
    ],
    'batch-wait': [{ 'batch-wait': '10ms' }, { 'batch-wait': '100ms' }],
    'batch-time': [{ 'batch-time': '1ms' }, { 'batch-time': '5ms' }],
    commit: { between: [{ commit: '200ms' }, { commit: '2s' }], around: crash },
    'session-timeout': { between: [{ 'session-timeout': '1s' }, { 'session-timeout': '3s' }], around: crash },
    rebalance: { between: [{ rebalance: '200ms' }, { rebalance: '2s' }], around: crash },
    retention: { between: [{ retention: '1s' }, { retention: '2s' }], around: full },
    'message-size': [{ 'message-size': '1KB' }, { 'message-size': '2KB' }],
    replicas: [
      { 'message-size': '1KB', replicas: 2 },
      { 'message-size': '1KB', replicas: 3 },
    ],
    attempts: { between: [{ attempts: 2 }, { attempts: 3 }], around: failing },
    'retry-delay': { between: [{ 'retry-delay': '10ms' }, { 'retry-delay': '50ms' }], around: failing },
    'dead-letter': {
      between: [
        { attempts: 2, 'dead-letter': 'dead' },
        { attempts: 2, 'dead-letter': 'morgue' },
      ],
      around: failing,
    },
    'accept-time': [{ 'accept-time': '1ms' }, { 'accept-time': '5ms' }],
  },
};
