import type { Knobs } from '../knobs.fixture.ts';
import { around, failing, full, messageKnobs } from '../message-knobs.fixture.ts';

/** One of the two instances that work on messages dies for a while. */
const crash = {
  scenarios: { it: { lasts: '15s', faults: [{ at: '3s', crash: 'worker', instances: 1, for: '5s' }] } },
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
      worker: {
        kind: 'service',
        instances: 2,
        operations: { handle: [{ wait: 'exponential(10ms)' }], skim: [{ wait: '1ms' }] },
      },
      ...around,
    },
  },
  settings: {
    ...messageKnobs,
    partitions: [{ partitions: 2 }, { partitions: 7 }],
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
    'retry-delay': { between: [{ 'retry-delay': '10ms' }, { 'retry-delay': '50ms' }], around: failing },
  },
};
