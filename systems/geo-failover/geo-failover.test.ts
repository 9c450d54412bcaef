import { expect, test } from 'vitest';
import { designOf, run } from '../design.fixture.ts';

test('GEO-1 failures fall in a line over the time to live, once the loss is believed', async () => {
  const report = await run(designOf('geo-failover'), { scenario: 'tokyo-lost', replications: 6 });
  const { traffic, window, outcomes } = report.scenario!;
  const failures = traffic['users']!.failures['tokyo down']!.value.map((value) => value ?? 0);
  const at = (seconds: number): number => failures[Math.floor((60 + seconds) / window)]!;
  expect(at(5)).toBeGreaterThan(90);
  // Believed after 20 to 30 s; from then on 1 − t/60 of half the traffic.
  expect(at(55)).toBeGreaterThan(30);
  expect(at(55)).toBeLessThan(58);
  expect(at(105)).toBe(0);
  const { lost, recovered } = outcomes['users']!;
  expect(recovered.value).toBe(1);
  // 25 s on average until it is believed, and 60/2 s of what is remembered, at 100 requests a second.
  expect(lost.value).toBeGreaterThan(4500);
  expect(lost.value).toBeLessThan(6000);
});
