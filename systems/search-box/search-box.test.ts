import { describe, expect, test } from 'vitest';
import { designOf, run } from '../design.fixture.ts';

const inRush = { scenario: 'rush', replications: 3 };
const twice = { ...inRush, replications: 2 };
const unbounded = [/, bulkhead: \{ most: 16 \}/g, ''] as const;
const inOrder = [/^ *discipline: priority\n/gm, ''] as const;
const afterTyping = [
  [/rate: 600\/s/g, 'rate: 200/s'],
  [/suggest: \[ \{ call/g, 'suggest: [ { wait: 150ms }, { call'],
] as const;

describe('search-box', () => {
  test('SEARCH-1 on a usual day both keep their goals, with a request for every key', async () => {
    const report = await run(designOf('search-box'), { time: 60, warmup: 5, replications: 4 });
    expect(report.goals.map(({ met }) => met)).toEqual([true, true, true, true]);
    expect(report.operations['typists']!.latency.p50.high!).toBeLessThan(0.006);
  });

  test('SEARCH-2 in the rush payments notice nothing, and the suggestions there is room for are quick', async () => {
    const { operations } = await run(designOf('search-box'), inRush);
    expect(operations['payers']!.success.low!).toBeGreaterThan(0.999);
    expect(operations['payers']!.latency.p99.high!).toBeLessThan(0.03);
    const { success, latency } = operations['typists']!;
    // In the rush (4 − 0.96) ÷ 4 ms = 760 of 1200 a second, before and after it 600.
    expect(success.low!).toBeGreaterThan(0.74);
    expect(success.high!).toBeLessThan(0.77);
    expect(latency.p99.high!).toBeLessThan(0.05);
  });

  test('SEARCH-3 with one queue for all, both are lost, and do not come back', async () => {
    const { operations, scenario } = await run(designOf('search-box', unbounded, inOrder), twice);
    expect(operations['typists']!.success.value!).toBeLessThan(0.15);
    expect(operations['payers']!.success.value!).toBeLessThan(0.25);
    expect(scenario!.outcomes['payers']!.recovered.value).toBe(0);
  });

  test('SEARCH-4 payments first saves them, and works on suggestions that come too late', async () => {
    const { operations, scenario } = await run(designOf('search-box', unbounded), twice);
    expect(operations['payers']!.success.low!).toBeGreaterThan(0.999);
    expect(operations['typists']!.success.value!).toBeLessThan(0.15);
    expect(scenario!.outcomes['typists']!.recovered.value).toBe(0);
  });

  test('SEARCH-5 waiting until somebody stops typing carries the rush, 150 ms later', async () => {
    const { operations } = await run(designOf('search-box', unbounded, inOrder, ...afterTyping), inRush);
    expect(operations['payers']!.success.low!).toBeGreaterThan(0.999);
    expect(operations['typists']!.success.low!).toBeGreaterThan(0.999);
    expect(operations['typists']!.latency.p50.low!).toBeGreaterThan(0.15);
  });
});
