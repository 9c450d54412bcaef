import { expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { loadDesignObject } from '../../design/index.ts';
import { simulate } from '../../simulate/index.ts';
import { killableGoals, verdictsOf } from './headroom.ts';
import { probeLength } from './probe-length.ts';

/** A service that may run out of memory, beside one that may not. */
const planOf = (full: object) =>
  loadDesignObject(
    {
      name: 'memory',
      traffic: {
        users: { call: 'api.ask', rate: '50/s', timeout: '1s' },
        others: { call: 'web.ask', rate: '50/s', timeout: '1s' },
      },
      components: {
        api: {
          kind: 'service',
          memory: '1GB',
          'memory-per-request': '10MB',
          ...full,
          operations: { ask: [{ compute: '1ms' }] },
        },
        web: { kind: 'service', operations: { ask: [{ compute: '1ms' }] } },
      },
      goals: { users: { p99: '100ms', success: '99%' }, others: { success: '99%' } },
    },
    { kinds: kindParts().described },
  ).plan!;
const reported = (plan: ReturnType<typeof planOf>) =>
  simulate(plan, kindParts().simulated, { seed: 1, replications: 2, time: 20, warmup: 1 });

test('STR-10 that requests survive where instances may be killed is believed of longer runs alone', async () => {
  const plan = planOf({ 'when-full': 'kill' });
  const report = await reported(plan);
  const success = plan.goals.findIndex(({ text }) => text.startsWith('users.success'));
  expect(report.kills!['api']!.times).toBe(0);
  expect(killableGoals(plan, report)).toEqual([success]);
  const probe = { times: 1, report, settles: true, trend: 'steady', drifting: [] } as const;
  expect(verdictsOf(plan, probe, true)).toEqual([true, true, true]);
  const usual = verdictsOf(plan, probe, false);
  expect(usual[success]).toBe('unknown');
  expect(usual.filter((verdict) => verdict === true)).toHaveLength(2);
  const known = { first: report, below: { times: 1, report }, queues: () => 1 };
  const seconds = (shows: 'usual' | 'rare') => probeLength(plan, 1, known, shows).seconds;
  expect(seconds('rare')).toBeGreaterThanOrEqual(10 * seconds('usual'));
  expect(killableGoals(planOf({}), await reported(planOf({})))).toEqual([]);
});
