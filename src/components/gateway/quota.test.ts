import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { withinQuota } from '../../estimate/formulas/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

interface Sold {
  readonly clients?: string;
  readonly rate?: string;
  readonly traffic?: string;
  readonly limit?: string;
}

/** Ten thousand clients, each of whom asks a tenth of a time a second: 8640 times a day. */
const sold = (
  quota: string,
  { clients = 'count: 10k', rate = '1k/s', traffic = '', limit = '' }: Sold = {},
) => `
name: sold
network: { latency: 0s }
data: { user: { ${clients}, size: 1KB } }
traffic:
  users: { call: gate.get, rate: ${rate}, key: user }${traffic}
components:
  gate: { kind: gateway, to: api${limit}, quota: { ${quota} } }
  api: { kind: service, cores: 100, operations: { get: [ { compute: 1us } ] } }
`;

const run = (design: string, more = {}) =>
  simulate(planOf(design), simulatedKinds, { seed: 5, time: 10, replications: 4, warmup: 0, ...more });
const estimated = (design: string) => estimate(planOf(design), estimatedKinds);
const of = ({ operations }: Report, traffic = 'users') => operations[traffic]!;
const success = (report: Report, traffic?: string): Figure => of(report, traffic).success;

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

/** Poisson probabilities up to k, one after the other. */
function poisson(mean: number, most: number): number[] {
  const terms = [Math.exp(-mean)];
  for (let k = 1; k <= most; k++) terms.push((terms[k - 1]! * mean) / k);
  return terms;
}

/** E[min(Q, N)] / E[N] by its definition. */
function brute(mean: number, quota: number): number {
  const terms = poisson(mean, 400);
  return terms.reduce((sum, p, k) => sum + p * Math.min(k, quota), 0) / mean;
}

describe('the formula', () => {
  it.each([
    [1, 1],
    [10, 5],
    [10, 10],
    [3, 40],
    [60, 50],
  ])(
    'QUO-1 of Poisson requests, mean %d, a quota of %d lets through what its definition says',
    (mean, quota) => {
      expect(withinQuota(mean / 7, quota, 7, null)).toBeCloseTo(brute(mean, quota), 10);
      const below = poisson(mean, quota - 1).reduce((sum, p) => sum + p, 0);
      expect(withinQuota(mean / 7, quota, 20, 7)).toBeCloseTo(below, 10);
    },
  );

  it('QUO-2 lets everything through where nobody comes, and where nothing is over', () => {
    expect(withinQuota(0, 3, 10, null)).toBe(1);
    expect(withinQuota(5, 3, 10, 0)).toBe(1);
  });
});

describe('a quota', () => {
  it('QUO-3 lets each client do so much in a window; a run sees all parts of it', async () => {
    const design = sold('requests: 4320, window: 24h');
    const report = await run(design);
    // A client has asked 4320 times after about half a day.
    expect(success(estimated(design)).value).toBeCloseTo(0.5, 2);
    expectNear(success(report), 0.5);
    expect(Object.keys(of(report).failed)).toEqual(['gate quota']);
    expect(success(await run(sold('requests: 10k, window: 24h'))).value).toBe(1);
  });

  it('QUO-4 starts as after a long time: short runs find what a long one does', async () => {
    // Ten requests in a window of ten seconds, of which five pass.
    const design = sold('requests: 5, window: 10s', { clients: 'count: 200', rate: '200/s' });
    const expected = brute(10, 5);
    expectNear(success(await run(design, { time: 500 })), expected);
    expectNear(success(await run(design, { time: 2, replications: 100 })), expected);
    expect(success(estimated(design)).value).toBeCloseTo(expected, 9);
  });

  it('QUO-5 goes by who asks how often', async () => {
    const design = sold('requests: 100, window: 1h', { clients: 'count: 5k, popularity: zipf(0.8)' });
    const expected = success(estimated(design)).value!;
    expect(expected).toBeLessThan(0.4);
    expectNear(success(await run(design, { time: 20 })), expected);
  });

  it('QUO-6 comes back to all at once where they begin together', async () => {
    const design = (quota: string) => sold(`window: 24h, ${quota}`, { clients: 'count: 1k' });
    const report = await run(design('requests: 1000, resets-in: 4s'), { time: 10 });
    expectNear(success(report), 0.6);
    // The warm-up is no part of what the design speaks of.
    const warmed = await run(design('requests: 1000, resets-in: 4s'), { time: 10, warmup: 30 });
    expectNear(success(warmed), 0.6);
    expect(success(await run(design('requests: 1000, resets-in: 24h'))).value).toBe(1);
    expect(success(estimated(design('requests: 1000, resets-in: 4s'))).value).toBeCloseTo(0, 9);
    expect(success(estimated(design('requests: 1000, resets-in: 24h'))).value).toBe(1);
    // Half of them have asked 43,200 times by noon.
    const noon = design('requests: 43200, resets-in: 12h');
    const now = withinQuota(1, 43_200, 86_400, 43_200);
    expect(success(estimated(noon)).value).toBeCloseTo(now, 9);
    // Those at the edge are used up as the run goes on.
    const brief = await run(noon, { time: 1, replications: 20 });
    expect(success(brief).value! - now).toBeLessThan(0);
    expect(success(brief).value! - now).toBeGreaterThan(-0.01);
  });

  it('QUO-7 is used up over a day at the mean rate, in a shorter window at the peak', async () => {
    const design = (window: string, requests: number) =>
      sold(`requests: ${requests}, window: ${window}`).replace('rate: 1k/s', 'rate: 500/s, peak: 2x');
    for (const [window, requests] of [
      ['24h', 2160],
      ['1h', 180],
    ] as const) {
      const expected = success(estimated(design(window, requests))).value!;
      expect(expected).toBeCloseTo(0.5, 1);
      expectNear(success(await run(design(window, requests))), expected);
      // So is that of a tier, whatever window the others have, or none.
      for (const others of ['', 'requests: 9, window: 24h, ', 'requests: 9, window: 1s, ']) {
        const tiers = `${others}tiers: { free: { requests: ${requests}, window: ${window} } }`;
        const tiered = sold(tiers).replace(
          'rate: 1k/s, key: user',
          'rate: 500/s, peak: 2x, key: user, tier: free',
        );
        expect(success(estimated(tiered)).value).toBeCloseTo(expected, 12);
      }
    }
  });

  it('QUO-8 differs by tier; a tier that is not named has none', async () => {
    const tiers = (words: string, tier: string) =>
      sold(words, {
        traffic: `\n  payers: { call: gate.get, rate: 1k/s, key: user, tier: ${tier} }`,
      }).replace('rate: 1k/s, key: user }', 'rate: 1k/s, key: user, tier: free }');
    const both = tiers(
      'window: 24h, tiers: { free: { requests: 4320 }, paid: { requests: 648, window: 1h } }',
      'paid',
    );
    const report = await run(both);
    expectNear(success(report), 0.5);
    expect(success(report, 'payers').value).toBe(1);
    const guess = estimated(both);
    expect(success(guess).value).toBeCloseTo(0.5, 2);
    expect(success(guess, 'payers').value).toBeCloseTo(1, 9);
    expect(problems(both)).toEqual([]);
    const one = tiers('window: 24h, tiers: { free: { requests: 10 } }', 'paid').replace(
      'quota:',
      'limit: { tiers: { paid: { rate: 5/s, burst: 5 } } }, quota:',
    );
    expect(problems(one)).toEqual([]);
    expect(success(await run(one), 'payers').value).toBe(1);
    expect(success(estimated(one), 'payers').value).toBeCloseTo(1, 9);
    expect(success(estimated(one)).value).toBeCloseTo(10 / 8640, 9);
    expect(problems(tiers('window: 24h, tiers: { free: { requests: 10 } }', 'paid'))).toEqual([
      'unknown-reference traffic.payers.tier',
    ]);
  });

  it('QUO-9 counts what a limit before it lets through', async () => {
    const design = sold('requests: 3600, window: 10h', {
      clients: 'count: 2k',
      limit: ', limit: { rate: 0.2/s, burst: 20, per: client }',
    });
    // Of 0.5 a second, 0.2 pass the limit, and of these, 7200 in ten hours, half.
    const report = await run(design, { warmup: 100, time: 60 });
    expect(Object.keys(of(report).failed).sort()).toEqual(['gate limit', 'gate quota']);
    expect(success(estimated(design)).value).toBeCloseTo(0.2, 2);
    expect(success(report).value).toBeCloseTo(0.2, 2);
  });

  it('QUO-10 takes all without a key for one client, and a new key for a new one', async () => {
    const nobody = sold('requests: 1000, window: 1h')
      .replace(', key: user', '')
      .replace(/^data.*$/m, '');
    expect(success(estimated(nobody)).value).toBeCloseTo(1000 / 3.6e6, 9);
    expect(success(await run(nobody)).value).toBeLessThan(0.1);
    const fresh = sold('requests: 1, window: 24h').replace('key: user', 'key: new user');
    expect(success(await run(fresh)).value).toBe(1);
    expect(success(estimated(fresh)).value).toBe(1);
  });

  it('QUO-11 lets clients pass where the one that stands in for them would', async () => {
    const design = sold('requests: 15, window: 24h', { clients: 'count: 3M', rate: '1k/s' });
    expectNear(success(await run(design, { time: 20 })), brute(28.8, 15));
    expect(success(estimated(design)).value).toBeCloseTo(brute(28.8, 15), 9);
  });

  it('QUO-12 knows of closed traffic what its users send', async () => {
    const design = `
name: closed
data: { user: { count: 1k, size: 1KB } }
traffic: { users: { call: gate.get, users: 500, think: 1s, key: user } }
components:
  gate: { kind: gateway, to: api, quota: { requests: 5, window: 20s } }
  api: { kind: service, cores: 100, operations: { get: [ { wait: 1s } ] } }
`;
    // What is refused comes back sooner, so a run is the measure of another one.
    const long = await run(design, { time: 300, warmup: 100 });
    const short = await run(design, { time: 20, warmup: 0, replications: 10 });
    expect(Math.abs(success(short).value! - success(long).value!)).toBeLessThan(0.06);
  });

  it('QUO-13 equal seeds give equal reports', async () => {
    const design = sold('requests: 4320, window: 24h');
    expect(await run(design)).toEqual(await run(design));
  });
});

const problems = (design: string) =>
  loadDesign(design, {
    file: 'test.yaml',
    kinds: kinds.map(({ describe: description }) => description),
  }).diagnostics.map(({ code, path }) => `${code} ${path}`);

it('QUO-14 says what is wrong with its words, and what they leave without effect', () => {
  const at = (path: string) => `components.gate.quota${path === '' ? '' : `.${path}`}`;
  expect(problems(sold('requests: 10, window: 1h'))).toEqual([]);
  expect(problems(sold('window: 1h'))).toEqual([`missing-key ${at('requests')}`]);
  expect(problems(sold('requests: 10'))).toEqual([`missing-key ${at('window')}`]);
  expect(problems(sold('requests: 10, window: 1h, resets-in: 2h'))).toEqual([
    `out-of-range ${at('resets-in')}`,
  ]);
  expect(problems(sold('requests: 0, window: 1h'))).toEqual([`out-of-range ${at('requests')}`]);
  expect(problems(sold('requests: 1.5, window: 1h'))[0]).toMatch(/requests$/);
  expect(problems(sold('requests: 10/s, window: 1h'))[0]).toMatch(/requests$/);
  expect(problems(sold('requests: 10, window: 1h, tiers: {}'))).toEqual([`idle-knob ${at('tiers')}`]);
  expect(problems(sold('requests: 10, window: 1h, tiers: { gold: { requests: 5 } }'))).toEqual([
    `idle-knob ${at('tiers.gold')}`,
  ]);
  const within = { limit: ', limit: { rate: 1/s, burst: 5, per: client }' };
  expect(problems(sold('requests: 3605, window: 1h', within))).toEqual([`idle-knob ${at('requests')}`]);
  expect(problems(sold('requests: 3604, window: 1h', within))).toEqual([]);
});
