import { describe, expect, test } from 'vitest';
import { designOf, outcomeOf, run } from '../design.fixture.ts';

const brief = { time: 60, warmup: 5, replications: 6 };

describe('monolith and microservices', () => {
  test('SPLIT-1 five calls more cost at least their network: 5 × 1.5 ms', async () => {
    const [one, five] = await Promise.all([
      run(designOf('monolith'), brief),
      run(designOf('microservices'), brief),
    ]);
    const [alone, split] = [one, five].map((report) => report.operations['buyers']!.latency.mean);
    expect(split!.low! - alone!.high!).toBeGreaterThan(0.0075);
    expect(split!.high! - alone!.low!).toBeLessThan(0.0125);
    expect([...one.goals, ...five.goals].map(({ met }) => met)).not.toContain(false);
  });

  test('SPLIT-2 the fault of one part hits all of the monolith, and only its callers among services', async () => {
    expect((await outcomeOf(designOf('monolith'), 'bad-part', 'readers', 4)).harmed.value).toBe(1);
    const services = designOf('microservices');
    expect((await outcomeOf(services, 'bad-part', 'buyers', 4)).harmed.value).toBe(1);
    expect((await outcomeOf(services, 'bad-part', 'readers', 4)).harmed.value).toBe(0);
  });
});
