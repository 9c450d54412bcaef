import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kinds, simulatedKinds } from '../../src/components/index.ts';
import { loadDesign, type Plan } from '../../src/design/index.ts';
import { simulate } from '../../src/simulate/index.ts';

const file = 'systems/url-shortener/design.yaml';
const text = readFileSync(new URL('./design.yaml', import.meta.url), 'utf8');

function planOf(yaml: string): Plan {
  const { plan, diagnostics } = loadDesign(yaml, { file, kinds: kinds.map((kind) => kind.describe) });
  expect(diagnostics).toEqual([]);
  return plan!;
}

/** The design at its mean load, with room for so many links and no expiry. */
function withLinksCached(links: string): Plan {
  return planOf(
    text
      .replace('memory: 16GB', `items: ${links}`)
      .replace(/^ +ttl: .*\n/m, '')
      .replaceAll('peak: 2x', 'peak: 1x'),
  );
}

/** The design without its cache, at so many times the mean load. */
function withoutCache(peak: string): Plan {
  return planOf(
    text
      .replace(/^ +(through|invalidate): hot-links\n/gm, '')
      .replace(/^ {2}hot-links:\n( {4}.*\n)+/m, '')
      .replaceAll('peak: 2x', `peak: ${peak}`),
  );
}

const brief = { time: 0.3, warmup: 0.05, replications: 4 };

describe('url-shortener', () => {
  it('URL-1 meets its goals at the peak', async () => {
    const report = await simulate(planOf(text), simulatedKinds, { time: 0.5, warmup: 0.05, replications: 4 });
    const met = Object.fromEntries(report.goals.map((goal) => [goal.goal, goal.met]));
    expect(met).toMatchObject({ 'visitors.p99 ≤ 50ms': true, 'visitors.success ≥ 99.95%': true });
    expect(report.stable).toBe(true);
  });

  // Che's approximation for Zipf(1.0) over 100 million keys, exact to the digits given.
  for (const [links, hitRatio, reads] of [
    ['5M', 0.787, 24_700],
    ['20M', 0.881, 13_800],
    ['50M', 0.948, 6_000],
  ] as const) {
    it(`URL-2 the cliff: ${links} of 100M links cached give ${hitRatio * 100} % hits, ${reads} reads/s are left`, async () => {
      const options = { time: 0.6, warmup: 0.05, replications: 4 };
      const report = await simulate(withLinksCached(links), simulatedKinds, options);
      const hits = report.caches['hot-links']!.hitRatio;
      expect(Math.abs(hits.value! - hitRatio)).toBeLessThan(0.005 + (hits.high! - hits.low!) / 2);
      const left = report.stations['links.connections']!.arrivals;
      expect(Math.abs(left.value! - reads)).toBeLessThan(0.01 * reads + 50 + (left.high! - left.low!));
    });
  }

  it('URL-2 the cliff: without the cache the database sees every redirect', async () => {
    const report = await simulate(withoutCache('1x'), simulatedKinds, brief);
    const left = report.stations['links.connections']!.arrivals;
    expect(Math.abs(left.value! - 115_741)).toBeLessThan(0.01 * 115_741);
  });

  it('URL-3 the cache buys headroom: without it the peak is just met, and half as much again is not', async () => {
    const judged = async (plan: Plan) => {
      const report = await simulate(plan, simulatedKinds, brief);
      const success = report.goals.find(({ goal }) => goal.startsWith('visitors.success'))!;
      return { met: success.met, busy: report.stations['links.cpu']!.utilization.value! };
    };
    const about = (busy: number) => expect.closeTo(busy, 1.5);
    expect(await judged(planOf(text))).toEqual({ met: true, busy: about(0.1) });
    expect(await judged(withoutCache('1x'))).toEqual({ met: true, busy: about(0.48) });
    expect(await judged(withoutCache('2x'))).toEqual({ met: true, busy: about(0.96) });
    expect(await judged(withoutCache('3x'))).toEqual({ met: false, busy: about(1) });
  }, 60_000);
});
