import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { underScenario } from '../../design/under-scenario.ts';
import { estimate } from '../../estimate/index.ts';
import { type Measurement, runReplication } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

/** Reads of 1000 items that all fit, and a share of reads of what there is not. */
const designOf = (missing: string, cache = '', faults = '', coalesce = '') => `
name: links
network: { latency: 0s }
data: { link: { count: 1000, size: 500B } }
traffic: { visitors: { call: api.redirect, rate: 1000/s, key: link } }
components:
  api: { kind: service, operations: { redirect: [ { read: link, from: links, through: hot${missing}${coalesce} } ] } }
  hot: { kind: cache, holds: link, items: 1000${cache} }
  links: { kind: database, stores: link }
scenarios: { it: { lasts: 100s, faults: [ ${faults} ] } }
`;

function run(design: string, seconds: number, seed = 1): Measurement {
  const plan = planOf(design);
  const laid = design.includes('flush') ? underScenario(plan, 'it') : plan;
  const job = { seed, replication: 0, warmup: 20, seconds, windows: 0, rates: new Float64Array(9) };
  return runReplication({ ...job, plan: laid }, simulatedKinds);
}

/** Share of the requests that came to the store. */
const asked = (measured: Measurement): number =>
  measured.stations.find((_, i) => i === measured.stations.length - 3)!.arrivals /
  measured.traffic[0]!.served;

const problems = (design: string) =>
  loadDesign(design, { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) })
    .diagnostics.filter(({ path }) => path.startsWith('components'))
    .map(({ code, path }) => `${code} ${path}`);

describe('reads of items that do not exist', () => {
  it('NEG-1 go through to the store each time, where nobody remembers them', () => {
    for (const missing of [', missing: { share: 20% }', ', missing: { share: 20%, keys: 50 }']) {
      const measured = run(designOf(missing), 50);
      expect(Math.abs(asked(measured) - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / 50_000));
      const { lookups, hits } = measured.caches[0]!;
      expect(Math.abs(hits / lookups - 0.8)).toBeLessThan(0.01);
    }
  });

  it('NEG-2 are answered from memory for the negative ttl: one in 1 + λT comes through', () => {
    // 50 keys at 4 a second each: after one that came through, 4 · 2 are spared.
    const measured = run(designOf(', missing: { share: 20%, keys: 50 }', ', negative-ttl: 2s'), 100);
    const through = 0.2 / (1 + 4 * 2);
    expect(Math.abs(asked(measured) - through)).toBeLessThan(4 * Math.sqrt(through / 100_000));
  });

  it('NEG-3 are not remembered where each is another one, and beyond the room for them the oldest go', () => {
    expect(asked(run(designOf(', missing: { share: 20% }', ', negative-ttl: 1h'), 20))).toBeCloseTo(0.2, 1);
    const room = (items: string) =>
      asked(run(designOf(', missing: { share: 20%, keys: 400 }', `, negative-ttl: 1h${items}`), 40));
    expect(room('')).toBeLessThan(0.002);
    // First in, first out among keys that are all asked for alike: 100 of 400 are there.
    expect(Math.abs(room(', negative-items: 100') - 0.2 * 0.75)).toBeLessThan(0.01);
  });

  it('NEG-4 push nothing out that exists, and are forgotten in a flush', () => {
    const full = run(designOf(', missing: { share: 50%, keys: 100k }', ', negative-ttl: 1h'), 30);
    const through = asked(full);
    expect(through).toBeGreaterThan(0.3);
    // All that exists stays a hit.
    const { lookups, hits } = full.caches[0]!;
    expect(Math.abs(hits / lookups - (1 - through))).toBeLessThan(0.01);
    const words = ', missing: { share: 20%, keys: 50 }';
    const flushed = run(designOf(words, ', negative-ttl: 1h', '{ at: 50s, flush: hot }'), 60);
    expect(Math.round(asked(flushed) * flushed.traffic[0]!.served)).toBeGreaterThanOrEqual(1050);
    expect(Math.round(asked(flushed) * flushed.traffic[0]!.served)).toBeLessThan(1100);
  });

  it('NEG-5 goes with leases and soft expiry, and the same seed gives the same numbers', () => {
    const design = designOf(
      ', missing: { share: 20%, keys: 50 }',
      ', ttl: 10s, soft-ttl: 8s, negative-ttl: 2s',
      '',
      ', coalesce: cache',
    );
    const measured = run(design, 30);
    expect(measured.traffic[0]!.served).toBeGreaterThan(29_000);
    expect(run(design, 30).caches).toEqual(measured.caches);
  });

  it('NEG-6 says what is idle, and what the estimate leaves out', () => {
    const at = 'components.hot';
    expect(problems(designOf(', missing: { share: 5% }', ', negative-ttl: 1s'))).toEqual([
      `idle-knob ${at}.negative-ttl`,
    ]);
    expect(problems(designOf('', ', negative-items: 5'))).toEqual([`idle-knob ${at}.negative-items`]);
    expect(problems(designOf(', missing: { share: 5%, keys: 9 }', ', negative-items: 5'))).toEqual([
      `idle-knob ${at}.negative-items`,
    ]);
    expect(problems(designOf(', missing: { keys: 9 }'))).toEqual([
      'missing-key components.api.operations.redirect[0].missing.share',
    ]);
    expect(problems(designOf(', missing: { share: 120% }'))).toEqual([
      'out-of-range components.api.operations.redirect[0].missing.share',
    ]);
    const estimated = estimate(planOf(designOf(', missing: { share: 20% }')), estimatedKinds);
    expect(estimated.caches['hot']!.hitRatio.value).toBeCloseTo(0.8, 3);
    const noted = estimate(
      planOf(designOf(', missing: { share: 20%, keys: 50 }', ', negative-ttl: 1s')),
      estimatedKinds,
    );
    expect(noted.notes.join()).toContain('negative-ttl');
  });
});
