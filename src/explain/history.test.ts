import { expect, test } from 'vitest';
import { kindParts } from '../components/index.ts';
import { loadDesignObject } from '../design/index.ts';
import { inlineRunner } from '../simulate/index.ts';
import { history } from './history.ts';

const parts = kindParts();

test('HIS-1 tells of traffic that came, went, or comes more often', async () => {
  const form = (traffic: Readonly<Record<string, object>>) => {
    const called = Object.entries(traffic).map(([name, each]) => [name, { call: 'api.ask', ...each }]);
    const design = {
      name: 'shop',
      traffic: Object.fromEntries(called),
      components: { api: { kind: 'service', operations: { ask: [{ compute: '1ms' }] } } },
    };
    return loadDesignObject(design, { kinds: parts.described }).plan!;
  };
  const plans = [
    form({ users: { rate: '50/s' } }),
    form({ users: { rate: '60/s' }, crawlers: { rate: '5/s' } }),
    form({ users: { rate: '60/s', peak: '2x' } }),
    form({ users: { rate: '60/s', peak: '2x' } }),
  ];
  const forms = plans.map((plan, i) => ({ name: String(i), date: null, plan }));
  const { steps } = await history(forms, parts, { most: 2, precision: 0.5 }, inlineRunner(parts.simulated));
  expect(steps.map(({ changes }) => changes)).toEqual([
    [],
    ['new traffic crawlers, 5/s', 'users 50/s → 60/s'],
    ['without the traffic crawlers', 'users 60/s → 60/s, peak 2x'],
    [],
  ]);
});
