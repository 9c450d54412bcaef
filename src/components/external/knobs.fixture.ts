import type { Knobs } from '../knobs.fixture.ts';

export const knobs: Knobs = {
  design: {
    name: 'knobs',
    traffic: { users: { call: 'web.buy', rate: '50/s' } },
    components: {
      it: { kind: 'external', operations: ['charge'], latency: 'exponential(20ms)', availability: '99.9%' },
      web: { kind: 'service', operations: { buy: [{ compute: '1ms' }, { call: 'it.charge' }] } },
    },
  },
  settings: {
    latency: [{ latency: '20ms' }, { latency: '30ms' }],
    errors: [{ errors: '1%' }, { errors: '2%' }],
    'limit.rate': [{ limit: { rate: '40/s' } }, { limit: { rate: '45/s' } }],
    'limit.burst': [{ limit: { rate: '45/s', burst: 2 } }, { limit: { rate: '45/s', burst: 20 } }],
    availability: [{ availability: '99%' }, { availability: '99.9%' }],
    'call-price': [{ 'call-price': '$0.01' }, { 'call-price': '$0.02' }],
  },
};
