import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

/** A name whose answers take 10 ms, those of the top-level domain 20 ms, and those of the root 40 ms. */
const naming = (dns: string, traffic: string): string => `
name: hierarchy
network: { latency: 0s }
traffic: { visitors: { call: www.get, ${traffic} } }
components:
  www: { kind: dns, to: [ here, there ], lookup-time: 10ms, ${dns} }
  here: { kind: service, operations: { get: [ { wait: 0s } ] } }
  there: { kind: service, operations: { get: [ { wait: 0s } ] } }
`;

/** Mean latency, in milliseconds. */
async function meanOf(dns: string, traffic: string, time = 1000): Promise<number> {
  const options = { seed: 3, time, replications: 4, warmup: 0 };
  const report = await simulate(planOf(naming(dns, traffic)), simulatedKinds, options);
  return 1000 * report.operations['visitors']!.latency.mean.value!;
}

const above = (more = '') => `hierarchy: { root: 40ms, tld: 20ms${more} }`;
const problems = (dns: string) =>
  loadDesign(naming(dns, 'rate: 1/s'), {
    file: 'test.yaml',
    kinds: kinds.map(({ describe: one }) => one),
  }).diagnostics.map(({ code, path }) => `${code} ${path.replace(/^.*www\./, '')}`);

describe('the hierarchy of a name', () => {
  it('DNS-H1 a lookup that begins at the root takes the sum of three, one that knows the way the last alone', async () => {
    const each = 'rate: 1/s, arrivals: constant';
    const forgets = 'root-ttl: 1ms, tld-ttl: 1ms';
    expect(await meanOf(`ttl: 1ms, resolvers: 1, ${above(`, ${forgets}`)}`, each)).toBeCloseTo(70, 6);
    expect(await meanOf(`ttl: 1ms, resolvers: 1, ${above(', tld-ttl: 1ms')}`, each)).toBeCloseTo(30, 0);
    expect(await meanOf(`ttl: 1ms, resolvers: 1, ${above()}`, each)).toBeCloseTo(10, 0);
    // A remembered answer takes no time, whatever the way.
    expect(await meanOf(`ttl: 1h, resolvers: 1, ${above(`, ${forgets}`)}`, each)).toBeLessThan(0.2);
  });

  it('DNS-H2 each level is asked when its own time has run out', async () => {
    // Looked up each second; every tenth time by way of the top-level domain, and every third of these by way of the root.
    const dns = `ttl: 100ms, resolvers: 1, ${above(', tld-ttl: 9500ms, root-ttl: 29500ms')}`;
    expect(await meanOf(dns, 'rate: 1/s, arrivals: constant', 3000)).toBeCloseTo(10 + 20 / 10 + 40 / 30, 1);
  });

  it('DNS-H3 by chance too: a resolver asks again after the time to live and what time passes until it is asked', async () => {
    // Lookups at rate μ; the top-level domain at μ/(1 + μT), since lookups come by chance where nothing is remembered of the name.
    const mean = await meanOf(`ttl: 1ns, resolvers: 100, ${above(', tld-ttl: 100s')}`, 'rate: 10/s', 4000);
    // 16 × 10⁴ lookups, by way of it with a chance of 1/11 each. Who comes while one is on its way waits for less: 0.1 % of all.
    expect(Math.abs(mean - (10 + 20 / 11))).toBeLessThan(4 * 20 * Math.sqrt(0.09 / 160_000) + 0.02);
  });

  it('DNS-H4 lookups of other names keep what the root said in memory', async () => {
    const mean = (others: string) =>
      meanOf(
        `ttl: 1ns, resolvers: 10, ${above(`, tld-ttl: 1ns, root-ttl: 10s${others}`)}`,
        'rate: 1/s',
        4000,
      );
    // Four deviations of 16,000 lookups.
    const margin = 4 * 40 * Math.sqrt(0.25 / 16_000);
    // Alone, a tenth a second at each: the root is asked of 1/(1 + 0.1 × 10). With nine tenths more, that share of 1/(1 + 1 × 10).
    expect(Math.abs((await mean('')) - (30 + 40 / 2))).toBeLessThan(margin);
    expect(Math.abs((await mean(', others: 9/s')) - (30 + 40 / 11))).toBeLessThan(margin);
  });

  it('DNS-H5 the same bytes for the same seed, and nothing changes for a name without one', async () => {
    const dns = `ttl: 1s, ${above()}`;
    expect(await meanOf(dns, 'rate: 100/s', 20)).toBe(await meanOf(dns, 'rate: 100/s', 20));
    const free = 'ttl: 1s, resolvers: 10, hierarchy: { root: 0s, tld: 0s }';
    expect(await meanOf(free, 'rate: 100/s', 20)).toBe(
      await meanOf('ttl: 1s, resolvers: 10', 'rate: 100/s', 20),
    );
  });

  it('DNS-H6 times that nobody waits for are reported, and the estimate says that lookups are left out', () => {
    expect(problems('hierarchy: { root: 0s, tld: 0s }')).toEqual(['idle-knob hierarchy']);
    expect(problems('hierarchy: { root: 0s, root-ttl: 1h, others: 1/s }')).toEqual([
      'idle-knob hierarchy.root-ttl',
      'idle-knob hierarchy.others',
    ]);
    expect(problems('hierarchy: {}')).toEqual([]);
    const { notes } = estimate(planOf(naming(above(), 'rate: 1/s')), estimatedKinds);
    expect(notes.join()).toContain('the time of lookups that no resolver remembers is left out');
  });
});
