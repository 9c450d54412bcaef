import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { estimatedKinds, kinds, simulatedKinds } from '../../src/components/index.ts';
import { loadDesign, type Plan } from '../../src/design/index.ts';
import { estimate } from '../../src/estimate/index.ts';
import { simulate } from '../../src/simulate/index.ts';

const file = 'systems/api-free-tier/design.yaml';
const text = readFileSync(new URL('./design.yaml', import.meta.url), 'utf8');
const freeLimit = /^ +limit: \{ rate: 5\/s.*\n/m;

/** The design with another limit of the free door. */
function planOf(limit: string | null): Plan {
  const yaml = limit === null ? text : text.replace(freeLimit, limit);
  const { plan, diagnostics } = loadDesign(yaml, { file, kinds: kinds.map((kind) => kind.describe) });
  expect(diagnostics).toEqual([]);
  return plan!;
}

async function outcome(limit: string | null) {
  const { operations, goals } = await simulate(planOf(limit), simulatedKinds, {
    time: 20,
    warmup: 5,
    replications: 4,
  });
  const { paid, free, scraping } = operations as Record<string, (typeof operations)[string]>;
  return { paid: paid!, free: free!, scraping: scraping!, met: goals.every(({ met }) => met === true) };
}

describe('api-free-tier', () => {
  it('API-1 meets its goals while one client floods, in the simulation and in the estimate', async () => {
    const { met, scraping } = await outcome(null);
    expect(met).toBe(true);
    // The tokens that come in, and in the first seconds what the bucket held.
    expect(scraping.throughput.value).toBeGreaterThan(4.5);
    expect(scraping.throughput.value).toBeLessThan(6);
    const guess = estimate(planOf(null), estimatedKinds);
    expect(guess.goals.every((goal) => goal.met === true)).toBe(true);
    expect(guess.operations['scraping']!.throughput.value).toBeCloseTo(5, 6);
    expect(guess.stations['api.cpu']!.utilization.value).toBeCloseTo(0.47, 2);
  });

  it('API-2 with one limit for all, the scraper starves the free users', async () => {
    const { paid, free, scraping } = await outcome('    limit: { rate: 500/s, burst: 100 }\n');
    expect(paid.success.low).toBeGreaterThan(0.999);
    expect(free.success.value).toBeCloseTo(0.28, 1);
    expect(scraping.throughput.value! / 417).toBeCloseTo(1, 1);
  });

  it('API-3 without a limit, customers suffer as well', async () => {
    const { paid, free } = await outcome('');
    expect(paid.success.value).toBeCloseTo(0.65, 1);
    expect(free.success.value).toBeCloseTo(0.69, 1);
  });
});
