import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/index.ts';
import { designOf, run } from '../design.fixture.ts';

const brief = { time: 60, warmup: 10, replications: 4 };

const runs = new Map<string, Promise<Report>>();

/** The report of a scenario, run once. */
function under(scenario: string): Promise<Report> {
  const known = runs.get(scenario) ?? run(designOf('image-site'), { scenario, replications: 4 });
  runs.set(scenario, known);
  return known;
}

/** Mean utilisation of the origin in windows from one time to another. */
async function originBetween(scenario: string, spans: readonly (readonly [number, number])[]) {
  const { window, stations } = (await under(scenario)).scenario!;
  const { value } = stations['web.cpu']!.utilization;
  return spans.map(([from, to]) => {
    const part = value.slice(from / window, to / window);
    return part.reduce<number>((sum, each) => sum + each!, 0) / part.length;
  });
}

describe('image-site', () => {
  test('IMAGE-1 a tenth of the images at the edge answers most requests near the viewer', async () => {
    const report = await run(designOf('image-site'), brief);
    expect(report.caches['cdn']!.hitRatio.value).toBeGreaterThan(0.86);
    expect(report.operations['viewers']!.latency.p50.value).toBeCloseTo(0.01, 4);
    expect(report.operations['viewers']!.latency.mean.high).toBeLessThan(0.04);
    const bare = await run(designOf('image-site', [/call: cdn\.show/g, 'call: web.show']), brief);
    expect(bare.operations['viewers']!.latency.mean.low).toBeGreaterThan(0.2);
  });

  test('IMAGE-2 ten times the viewers of one image are no more to the origin than a usual day', async () => {
    const [usual] = await originBetween('purged', [[0, 60]]);
    const [rush] = await originBetween('front-page', [[60, 120]]);
    expect(rush! / usual!).toBeGreaterThan(0.9);
    expect(rush! / usual!).toBeLessThan(1.1);
  });

  test('IMAGE-3 a purge is five times the load to the origin, and not over in minutes', async () => {
    const [before, first, last] = await originBetween('purged', [
      [0, 60],
      [60, 65],
      [220, 240],
    ]);
    expect(first! / before!).toBeGreaterThan(4);
    expect(last! / before!).toBeGreaterThan(1.8);
  });
});
