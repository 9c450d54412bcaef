import type { Knobs } from './knobs.fixture.ts';

/** Half of what the worker does fails. */
export const failing = {
  components: {
    worker: {
      operations: {
        handle: [{ wait: '10ms' }, { choose: [{ probability: '50%', do: [{ fail: 'bad' }] }] }],
      },
    },
  },
};
/** It gets more than it can work on. */
export const full = {
  traffic: { users: { rate: '100/s' } },
  components: { worker: { operations: { handle: [{ wait: '50ms' }] } } },
};

/** Who publishes to a queue or stream `it`, and where what cannot be done goes. */
export const around = {
  web: { kind: 'service', operations: { order: [{ compute: '1ms' }, { publish: 'it' }] } },
  dead: { kind: 'queue', consumer: 'undertaker.handle' },
  morgue: { kind: 'queue', consumer: 'undertaker.handle' },
  undertaker: { kind: 'service', operations: { handle: [{ compute: '1ms' }] } },
};

/** The settings that queues and streams both have. */
export const messageKnobs: Knobs['settings'] = {
  consumer: [{ consumer: 'worker.handle' }, { consumer: 'worker.skim' }],
  concurrency: [{ concurrency: 1 }, { concurrency: 2 }],
  attempts: { between: [{ attempts: 2 }, { attempts: 3 }], around: failing },
  'dead-letter': {
    between: [
      { attempts: 2, 'dead-letter': 'dead' },
      { attempts: 2, 'dead-letter': 'morgue' },
    ],
    around: failing,
  },
  'accept-time': [{ 'accept-time': '1ms' }, { 'accept-time': '5ms' }],
};
