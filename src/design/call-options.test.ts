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
        hedge: { after: 0.01, most: 1, budget: null },
        limit: { algorithm: 'token-bucket', rate: 1000 / 60, burst: 1 },
        bulkhead: { most: 5, queue: 0 },
        breaker: {
          failures: 0.5,
          of: 100,
          over: null,
          consecutive: null,
          slower: null,
          open: 60,
          probes: 10,
        },
      },
    ]);
  });

  test.each([
    [
      'limit: { rate: 10/s, algorithm: gcra, burst: 4 }',
      { limit: { algorithm: 'gcra', rate: 10, burst: 4 } },
    ],
    ['limit: { rate: 10/s, algorithm: leaky-bucket }', { limit: { algorithm: 'leaky-bucket', rate: 10 } }],
    [
      // Two and a half calls of which a window lets two through.
      'limit: { rate: 5/s, algorithm: sliding-log, window: 500ms }',
      { limit: { algorithm: 'sliding-log', rate: 4, window: 0.5, calls: 2 } },
    ],
    [
      // 16.6… × 60 is 1000 but for rounding.
      'limit: { rate: 1000/min, algorithm: fixed-window, window: 1min }',
      { limit: { algorithm: 'fixed-window', rate: 1000 / 60, window: 60, calls: 1000 } },
    ],
    ['throttle: {}', { throttle: { factor: 2, over: 120 } }],
    ['throttle: { factor: 1.1, over: 10s }', { throttle: { factor: 1.1, over: 10 } }],
    [
      'concurrency: { algorithm: aimd }',
      { concurrency: { algorithm: 'aimd', initial: 20, least: 20, most: 200 } },
    ],
    [
      'concurrency: { algorithm: gradient2, most: 10, least: 2 }',
      { concurrency: { algorithm: 'gradient2', initial: 10, least: 2, most: 10 } },
    ],
    [
      'concurrency: { algorithm: vegas, initial: 2k }',
      { concurrency: { algorithm: 'vegas', initial: 2000, least: 1, most: 2000 } },
    ],
    [
      'concurrency: { algorithm: fixed, initial: 7 }',
      { concurrency: { algorithm: 'fixed', initial: 7, least: 7, most: 7 } },
    ],
    [
      'breaker: { consecutive: 5 }',
      { breaker: { failures: 0.5, of: 100, over: null, consecutive: 5, slower: null, open: 60, probes: 10 } },
    ],
    [
      'breaker: { failures: 20%, of: 10, over: 10s }',
      { breaker: { failures: 0.2, of: 10, over: 10, consecutive: null, slower: null, open: 60, probes: 10 } },
    ],
    [
      'retry: { attempts: 3, budget: { tokens: 10, ratio: 10% } }',
      { retry: { budget: { tokens: 10, ratio: 0.1 } } },
    ],
    ['hedge: { after: p95, budget: 10% }', { hedge: { after: { percentile: 0.95 }, most: 1, budget: 0.1 } }],
  ])('%s', (words, options) => {
    const step = stepsOf(words)?.[0];
    expect(step).toMatchObject(options);
    expect(found(words).filter((each) => !each.includes('server.operations'))).toEqual([]);
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
    ['retry: { attempts: 3, budget: { ratio: 10% } }', `missing-key ${at}.retry.budget.tokens`],
    ['retry: { attempts: 3, budget: { tokens: 10, ratio: 0% } }', `out-of-range ${at}.retry.budget.ratio`],
    ['retry: { attempts: 3, budget: { tokens: 2k, ratio: 10% } }', `out-of-range ${at}.retry.budget.tokens`],
    ['retry: { attempts: 3, budget: [] }', `wrong-type ${at}.retry.budget`],
    ['limit: { rate: 5/s, algorithm: bucket }', `unknown-value ${at}.limit.algorithm`],
    ['limit: { rate: 5/s, window: 1s }', `idle-knob ${at}.limit.window`],
    ['limit: { rate: 5/s, algorithm: leaky-bucket, burst: 5 }', `idle-knob ${at}.limit.burst`],
    ['limit: { rate: 5/s, algorithm: gcra, window: 1s }', `idle-knob ${at}.limit.window`],
    ['limit: { rate: 5/s, algorithm: fixed-window, burst: 5 }', `idle-knob ${at}.limit.burst`],
    ['limit: { rate: 5/min, algorithm: fixed-window }', `out-of-range ${at}.limit.rate`],
    ['limit: { rate: 5/s, algorithm: sliding-log, window: 100ms }', `out-of-range ${at}.limit.window`],
    ['limit: { rate: 1M/s, algorithm: sliding-log, window: 1y }', `out-of-range ${at}.limit.window`],
    ['throttle: { factor: 0.5 }', `out-of-range ${at}.throttle.factor`],
    ['throttle: { over: 0s }', `out-of-range ${at}.throttle.over`],
    ['concurrency: {}', `missing-key ${at}.concurrency.algorithm`],
    ['concurrency: { algorithm: gradient }', `unknown-value ${at}.concurrency.algorithm`],
    ['concurrency: { algorithm: aimd, initial: 5, least: 6 }', `out-of-range ${at}.concurrency.initial`],
    ['concurrency: { algorithm: aimd, most: 5, least: 6 }', `out-of-range ${at}.concurrency.least`],
    ['concurrency: { algorithm: vegas, initial: 5, most: 4 }', `out-of-range ${at}.concurrency.initial`],
    ['concurrency: { algorithm: vegas, least: 5 }', `idle-knob ${at}.concurrency.least`],
    ['concurrency: { algorithm: fixed, most: 5 }', `idle-knob ${at}.concurrency.most`],
    ['breaker: { consecutive: 5, failures: 20% }', `conflicting-keys ${at}.breaker.failures`],
    ['breaker: { consecutive: 5, of: 10 }', `conflicting-keys ${at}.breaker.of`],
    ['breaker: { consecutive: 5, over: 1s }', `conflicting-keys ${at}.breaker.over`],
    ['breaker: { over: 0s }', `out-of-range ${at}.breaker.over`],
    ['timeout: 1s, breaker: { slower: 1s }', `idle-knob ${at}.breaker.slower`],
    ['timeout: 1s, hedge: { after: 2s }', `idle-knob ${at}.hedge.after`],
    ['hedge: { after: p100 }', `out-of-range ${at}.hedge.after`],
    ['hedge: { after: 95 }', `unit-mismatch ${at}.hedge.after`],
    ['hedge: { after: p95, budget: 200% }', `out-of-range ${at}.hedge.budget`],
  ])('%s', (words, problem) => {
    expect(found(words).filter((each) => !each.includes('server.operations'))).toEqual([problem]);
  });
});

test.each([
  ['yes', 'true, or a time such as 10ms', 'write true'],
  ['no', 'true, or a time such as 10ms', 'write false'],
  ['soon', 'true, or a time such as 10ms', null],
  ['3', 'true, or a time such as 10ms', 'write 3ms or 3s'],
  ['[ 1s ]', 'true, or a time such as 10ms', null],
  ['0s', 'true, or a time above 0s and at most 100y', null],
  ['-3s', 'true, or a time above 0s and at most 100y', 'it cannot be negative'],
])('heed-retry-after: %s', (value, expected, hint) => {
  const { diagnostics } = loadDesign(calling(`retry: { attempts: 2, heed-retry-after: ${value} }`), options);
  expect(diagnostics.find(({ path }) => path.endsWith('heed-retry-after'))).toMatchObject({ expected, hint });
});

test.each([
  ['success: 99', 'a ratio above 0% and at most 100%', 'write 99%'],
  ['success: -1%', 'a ratio above 0% and at most 100%', 'it cannot be negative'],
  ['success: soon', 'a share such as 30% or 0.3', null],
  ['success: 150%', 'a ratio above 0% and at most 100%', null],
  ['p99: -3ms', 'a time above 0s and at most 100y', 'it cannot be negative'],
])('a goal of %s says what a target is', (goal, expected, hint) => {
  const { diagnostics } = loadDesign(`${calling('timeout: 1s')}goals: { users: { ${goal} } }`, options);
  expect(diagnostics.find(({ path }) => path.startsWith('goals'))).toMatchObject({ expected, hint });
});
