import { describe, expect, test } from 'vitest';
import { designOf, outcomeOf, run } from '../design.fixture.ts';

const rate = /145\/s/g;
const at = (load: string, ...more: readonly (readonly [RegExp, string])[]) =>
  outcomeOf(designOf('retry-storm', [rate, `${load}/s`], ...more), 'blip', 'users', 4);

// Bronson et al., HotOS 2021, §2.1: stable below capacity over attempts, 300 / 2 = 150 requests a second.
describe('retry-storm', () => {
  test.each(['120', '145'])('STORM-1 comes back from a blip at %s/s', async (load) => {
    const { harmed, recovered } = await at(load);
    expect(harmed.value).toBe(1);
    expect(recovered.value).toBe(1);
  });

  test.each(['155', '200', '280'])('STORM-2 never comes back at %s/s', async (load) => {
    expect((await at(load)).recovered.value).toBe(0);
  });

  test('STORM-3 the edge lies at 150/s', async () => {
    const report = await run(designOf('retry-storm'), {
      scenario: 'blip',
      replications: 4,
      recoveryLoad: true,
    });
    const { low, high } = report.scenario!.recoveryLoad!;
    expect(low! * 145).toBeGreaterThan(145);
    expect(high! * 145).toBeLessThan(155);
  });

  test('STORM-4 without a second attempt, or with a budget for it, it comes back', async () => {
    expect((await at('200', [/^ *retry:.*\n/gm, ''])).recovered.value).toBe(1);
    expect((await at('200', [/backoff: none/g, 'backoff: none, budget: 10%'])).recovered.value).toBe(1);
  });
});
