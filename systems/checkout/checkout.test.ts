import { describe, expect, test } from 'vitest';
import { designOf, outcomeOf, run } from '../design.fixture.ts';

/** All that protects the shop from its recommender. */
const protections = /^ {10}timeout: 150ms\n {10}breaker:.*\n {10}bulkhead:.*\n {10}fallback:\n.*\n/gm;

describe('checkout', () => {
  test('SHOP-1 meets its goals on a day when nothing happens', async () => {
    const report = await run(designOf('checkout'), { time: 60, warmup: 10, replications: 4 });
    expect(report.goals.map(({ met }) => met)).not.toContain(false);
  });

  test.each(['recommender-gone', 'recommender-slow'])('SHOP-2 buyers do not notice: %s', async (scenario) => {
    const { harmed, success } = await outcomeOf(designOf('checkout'), scenario, 'buyers', 4);
    expect(harmed.value).toBe(0);
    expect(success).toBeGreaterThan(0.999);
  });

  test('SHOP-3 without protection the till fails with the recommender', async () => {
    const bare = designOf('checkout', [protections, '']);
    const gone = await outcomeOf(bare, 'recommender-gone', 'buyers', 4);
    expect(gone.recovered.value).toBe(0);
    expect(gone.success).toBeLessThan(0.4);
    const slow = await outcomeOf(bare, 'recommender-slow', 'buyers', 4);
    expect(slow.harmed.value).toBe(1);
    expect(slow.success).toBeLessThan(0.75);
  });
});
