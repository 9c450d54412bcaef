import type { Knobs } from '../knobs.fixture.ts';
import { around, failing, full, messageKnobs } from '../message-knobs.fixture.ts';

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    traffic: { users: { call: 'web.order', rate: '50/s' } },
    components: {
      it: { kind: 'queue', consumer: 'worker.handle' },
      worker: {
        kind: 'service',
        operations: { handle: [{ wait: 'exponential(10ms)' }], skim: [{ wait: '1ms' }] },
      },
      ...around,
    },
  },
  settings: {
    ...messageKnobs,
    visibility: [{ visibility: '5ms' }, { visibility: '1s' }],
    'retry-delay': { between: [{ 'retry-delay': '10ms' }, { 'retry-delay': '200ms' }], around: failing },
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
  },
};
