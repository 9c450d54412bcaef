import { describe, expect, test } from 'vitest';
import { designOf, outcomeOf, run } from '../design.fixture.ts';

describe('black-friday', () => {
  test('RUSH-1 payments keep their goals in the rush', async () => {
    const report = await run(designOf('black-friday'), { scenario: 'rush', replications: 6 });
    expect(report.goals.map(({ met }) => met)).toEqual([true, true]);
    expect(report.operations['reports']!.success.value).toBeLessThan(0.5);
  });

  test('RUSH-2 a bound alone turns payments away with the reports', async () => {
    const bounded = designOf('black-friday', [/^ *discipline: fair\n/gm, '']);
    const { success, recovered } = await outcomeOf(bounded, 'rush', 'payers', 6);
    expect(recovered.value).toBe(1);
    expect(success).toBeGreaterThan(0.75);
    expect(success).toBeLessThan(0.84);
  });

  test('RUSH-3 without a bound nobody is served in time, and it does not come back', async () => {
    const endless = designOf('black-friday', [/^ *discipline: fair\n *queue: 40\n/gm, '']);
    const { success, recovered } = await outcomeOf(endless, 'rush', 'payers', 6);
    expect(recovered.value).toBe(0);
    expect(success).toBeLessThan(0.25);
  });
});
