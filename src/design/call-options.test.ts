import { describe, expect, test } from 'vitest';
import { kinds } from '../components/index.ts';
import { loadDesign } from './index.ts';

const options = { kinds: kinds.map((kind) => kind.describe), file: 'design.yaml' };
const calling = (words: string) => `name: calls
traffic: { users: { call: web.work, rate: 1/s } }
components:
  web: { kind: service, operations: { work: [ { call: server.work, ${words} } ] } }
  server: { kind: service, operations: { work: [ { compute: 1ms } ], other: [ { compute: 2ms } ] } }
`;
const stepsOf = (words: string) => loadDesign(calling(words), options).plan?.operations[0]?.steps;
const found = (words: string) =>
  loadDesign(calling(words), options).diagnostics.map(({ code, path }) => `${code} ${path}`);
const at = 'components.web.operations.work[0]';

describe('what protects a call', () => {
  test('in base units, with defaults filled in', () => {
    expect(
      stepsOf(
        'timeout: 1s, retry: { attempts: 3 }, hedge: { after: 10ms }, limit: { rate: 1k/min }, bulkhead: { most: 5 }, breaker: {}',
      ),
    ).toEqual([
      {
        step: 'call',
        operation: 1,
        timeout: 1,
        key: { from: 'request' },
        onMiss: [],
        retry: { attempts: 3, backoff: 'full-jitter', base: 0.1, cap: 10, budget: null },
        hedge: { after: 0.01, most: 1 },
        limit: { algorithm: 'token-bucket', rate: 1000 / 60, burst: 1 },
        bulkhead: { most: 5, queue: 0 },
        breaker: { failures: 0.5, of: 100, slower: null, open: 60, probes: 10 },
      },
    ]);
  });

  test('a fallback is around the step', () => {
    expect(
      stepsOf('fallback: [ { call: server.other, retry: { attempts: 2 } }, { wait: 1ms } ]'),
    ).toMatchObject([
      {
        step: 'fallback',
        steps: [{ step: 'call', operation: 1 }],
        otherwise: [{ step: 'call', operation: 2, retry: { attempts: 2 } }, { step: 'wait' }],
      },
    ]);
  });

  test.each([
    ['retry: { attempts: 1 }', `out-of-range ${at}.retry.attempts`],
    ['retry: { attempts: 3, backof: none }', `unknown-key ${at}.retry.backof`],
    ['retry: { attempts: 3, backoff: jitter }', `unknown-value ${at}.retry.backoff`],
    ['retry: { attempts: 3, base: 2s, cap: 1s }', `out-of-range ${at}.retry.cap`],
    ['retry: { attempts: 3, base: 20s }', `out-of-range ${at}.retry.base`],
    ['retry: { attempts: 3, budget: 200% }', `out-of-range ${at}.retry.budget`],
    ['retry: 3', `wrong-type ${at}.retry`],
    ['limit: { burst: 3 }', `missing-key ${at}.limit.rate`],
    ['limit: { rate: 3 }', `unit-mismatch ${at}.limit.rate`],
    ['breaker: { failures: 0% }', `out-of-range ${at}.breaker.failures`],
    ['fallback: [ { call: server.nothing } ]', `unknown-operation ${at}.fallback[0].call`],
    ['fallback: [ { call: web.work } ]', `call-cycle ${at}.fallback[0].call`],
    ['retry: { attempts: 3, backoff: none, base: 1s }', `idle-knob ${at}.retry.base`],
    ['retry: { attempts: 3, backoff: constant, cap: 1s }', `idle-knob ${at}.retry.cap`],
  ])('%s', (words, problem) => {
    expect(found(words).filter((each) => !each.includes('server.operations'))).toEqual([problem]);
  });
});
