import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { runReplication, type SimulateOptions, simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

const gated = (words: string, more: { traffic?: string; data?: string; api?: string } = {}) => `
name: gated
network: { latency: 0s }
data: { user: { count: 100, size: 1KB }${more.data ?? ''} }
traffic:
  users: { call: gate.get, rate: 100/s, key: user }${more.traffic ?? ''}
components:
  gate: { kind: gateway, to: api${words} }
  api: { kind: service, ${more.api ?? 'cores: 8,'} operations: { get: [ { compute: 1ms } ] } }
`;

const length = { seed: 5, time: 500, replications: 4, warmup: 20 };
const run = (design: string, other: SimulateOptions = {}) =>
  simulate(planOf(design), simulatedKinds, { ...length, ...other });
const estimated = (design: string) => estimate(planOf(design), estimatedKinds);
const of = ({ operations }: Report, traffic = 'users') => operations[traffic]!;
const busy = ({ stations }: Report): Figure => stations['gate.cpu']!.utilization;

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

/** Each of these keeps the CPU as busy as the estimate says, in both. */
async function expectWork(words: string, secondsPerRequest: number): Promise<void> {
  const load = 100 * secondsPerRequest;
  expectNear(busy(await run(gated(words))), load);
  expect(busy(estimated(gated(words))).value).toBeCloseTo(load, 9);
}

describe('gateway', () => {
  it('GTW-1 passes on what it is asked for, and spreads it over instances', async () => {
    const report = await run(gated('', { api: 'instances: 4,' }));
    expect(of(report).success.value).toBe(1);
    expectNear(report.stations['api.cpu']!.utilization, 0.025);
    expect(report.stations['gate.cpu']).toBeUndefined();
    // All to one instance is M/D/1 at a load of 0.1; round robin waits for next to nothing.
    const same = await run(gated(', algorithm: key-hash', { api: 'instances: 4,' }));
    expect(of(same).latency.mean.low).toBeGreaterThan(of(report).latency.mean.high!);
  });

  it('GTW-2 spends its cost, and that of the check who asks, on each request', async () => {
    await expectWork(', cost: 2ms', 0.002);
    await expectWork(', cost: 2ms, auth: jwt, auth-cost: 3ms', 0.005);
    await expectWork(', cost: 2ms, auth: api-key, auth-cost: 3ms, cores: 2', 0.0025);
  });

  it('GTW-3 takes the time of a check from the constants of its way', () => {
    const each = (auth: string) => busy(estimated(gated(`, auth: ${auth}`))).value! / 100;
    expect(each('api-key')).toBeCloseTo(1.9e-6, 12);
    expect(each('jwt')).toBeCloseTo(22e-6, 12);
    expect(each('jwt-hs256')).toBeCloseTo(4.9e-6, 12);
  });

  it('GTW-4 spends a handshake on each new connection, full or resumed', async () => {
    const tls = (words: string) => `, tls: { handshake: 8ms${words} }`;
    await expectWork(tls(''), 0.008);
    await expectWork(tls(', requests-per-connection: 20'), 0.0004);
    await expectWork(tls(', resumed: 75%, resumed-cost: 2ms'), 0.0035);
    await expectWork(tls(', resumed: 75%, resumed-cost: 2ms, requests-per-connection: 2'), 0.00175);
    await expectWork(`${tls('')}, mtls: true`, 0.00853);
    expect(busy(estimated(gated(', mtls: true'))).value).toBeCloseTo(0.128, 9);
    expect(busy(estimated(gated(', tls: { resumed: 100% }'))).value).toBeCloseTo(0.06, 9);
  });

  it('GTW-5 makes requests wait for its cores, those with a handshake longer', async () => {
    const words = ', cost: 1ms, tls: { handshake: 20ms, requests-per-connection: 5 }';
    // M/G/1: 1 ms, or 21 ms with probability 1/5; ρ = 0.5, E[S²] = 0.2 · 21² + 0.8 ms².
    const waits = (100 * (0.2 * 0.021 ** 2 + 0.8 * 0.001 ** 2)) / (2 * 0.5);
    const report = await run(gated(words));
    expectNear(report.stations['gate.cpu']!.waiting, waits);
    expectNear(of(report).latency.mean, waits + 0.005 + 0.001);
    expect(of(estimated(gated(words))).latency.mean.value).toBeCloseTo(waits + 0.006, 6);
  });

  it('GTW-6 refuses what is beyond its limit for all, as a token bucket does', async () => {
    const report = await run(gated(', limit: { rate: 125/s, burst: 5 }'));
    // M/D/1/5 at a load of 0.8.
    expectNear(of(report).success, 1 - 0.03529);
    expect(Object.keys(of(report).failed)).toEqual(['gate limit']);
    const half = estimated(gated(', limit: { rate: 50/s }'));
    expect(of(half).success.value).toBeCloseTo(1 / 3, 9);
    expect(half.stations['api.cpu']!.arrivals.value).toBeCloseTo(100 / 3, 9);
    const burst = estimated(gated(', limit: { rate: 125/s, burst: 5 }'));
    expect(of(burst).success.value).toBeCloseTo(1 - 0.03529, 5);
    expect(half.sheet.find(({ name }) => name === 'gate.limit')!.figure.value).toBeCloseTo(2, 9);
  });

  it('GTW-7 limits each client by itself: one that floods does not starve the others', async () => {
    const flood = {
      data: ', bot: { count: 1, size: 1KB }',
      traffic: '\n  bots: { call: gate.get, rate: 400/s, key: bot }',
    };
    const apart = await run(gated(', limit: { rate: 5/s, burst: 20, per: client }', flood));
    expectNear(of(apart, 'bots').success, 5 / 400);
    expect(of(apart).success.low).toBeGreaterThan(0.999);
    const together = await run(gated(', limit: { rate: 105/s, burst: 20 }', flood));
    expect(of(together).success.high).toBeLessThan(0.3);
    const guess = estimated(gated(', limit: { rate: 5/s, burst: 20, per: client }', flood));
    expect(of(guess, 'bots').success.value).toBeCloseTo(5 / 400, 9);
    expect(of(guess).success.value).toBe(1);
    expect(guess.notes.some((note) => note.startsWith('gate: the limit of each client'))).toBe(true);
  });

  it('GTW-8 takes all requests without a key for one client', async () => {
    const nobody = (limit: string) =>
      gated(limit)
        .replace(', key: user', '')
        .replace(/^data.*$/m, '');
    expectNear(of(await run(nobody(', limit: { rate: 50/s, per: client }'))).success, 1 / 3);
    expect(of(estimated(nobody(', limit: { rate: 50/s, per: client }'))).success.value).toBeCloseTo(1 / 3, 9);
    // A hundred clients of one request a second: refused is who comes within a second of one let in.
    expectNear(of(await run(gated(', limit: { rate: 1/s, per: client }'))).success, 1 / 2);
  });

  it('GTW-9 remembers so many clients, and forgets those that would be idle first', async () => {
    const limit = (clients: string) => gated(`, limit: { rate: 0.01/s, per: client${clients} }`);
    const report = await run(limit(''));
    expectNear(of(report).success, 1 / 101);
    const forgetful = await run(limit(', clients: 50'));
    expect(of(forgetful).success.low).toBeGreaterThan(0.3);
  });

  it('GTW-10 lets clients pass where the one that stands in for them would', () => {
    // More clients than are simulated one by one; each asks twice on average, and may as often.
    const many = gated(', limit: { rate: 3/min, per: client, clients: 2M }', { api: 'cores: 200,' })
      .replace('count: 100,', 'count: 1.2M,')
      .replace('rate: 100/s', 'rate: 60k/s');
    const job = { seed: 1, replication: 0, warmup: 0, seconds: 40, windows: 0 };
    const plan = planOf(many);
    const { traffic } = runReplication({ ...job, plan, rates: new Float64Array(9) }, simulatedKinds);
    const { offered, failed } = traffic[0]!;
    const refused = failed.reduce((sum, count) => sum + count, 0);
    // Erlang's loss at one server and a load of 1; 240,000 stand in for all, each with a deviation of about 0.35.
    expect(Math.abs(refused / offered - 1 / 2)).toBeLessThan((4 * 0.35) / Math.sqrt(240_000));
  });

  it.each([
    // M/D/1/1: 1 of 1 + ρ; of a large bucket what flows in, but for a share of exp(−2(1 − 1/ρ)·burst).
    ['rate: 1/s', 1 / 2],
    ['rate: 0.5/s, burst: 20', 1 / 2],
  ])(
    'GTW-17 starts as after a long time: short runs find what a long one does (%s)',
    async (words, expected) => {
      const design = gated(`, limit: { ${words}, per: client }`);
      expectNear(of(await run(design, { time: 300, replications: 4 })).success, expected);
      expectNear(of(await run(design, { time: 2, warmup: 0, replications: 40 })).success, expected);
    },
  );

  it('GTW-11 equal seeds give equal reports', async () => {
    const words = ', auth: jwt, tls: { resumed: 50% }, limit: { rate: 1/s, per: client }';
    expect(await run(gated(words))).toEqual(await run(gated(words)));
  });

  it('GTW-12 says what is wrong with its words, and where', () => {
    const problems = (words: string) =>
      loadDesign(gated(words), {
        file: 'test.yaml',
        kinds: kinds.map(({ describe: description }) => description),
      }).diagnostics.map(({ code, path }) => `${code} ${path}`);
    expect(problems(', auth: basic')).toEqual(['unknown-value components.gate.auth']);
    expect(problems(', limit: { burst: 5 }')).toEqual(['missing-key components.gate.limit.rate']);
    expect(problems(', limit: { rate: 5/s, per: user }')).toEqual([
      'unknown-value components.gate.limit.per',
    ]);
    expect(problems(', tls: { resume: 5% }')).toEqual(['unknown-key components.gate.tls.resume']);
  });

  describe('tiers', () => {
    const tiers = 'tiers: { free: { rate: 1/s, burst: 5 }, paid: { rate: 100/s, burst: 20 } }';
    const sold = (limit: string, more: { users?: string; payers?: string } = {}) =>
      gated(`, limit: { ${limit} }`, {
        traffic: `\n  payers: { call: gate.get, rate: 500/s, key: user${more.payers ?? ', tier: paid'} }`,
      }).replace('rate: 100/s, key: user }', `rate: 1000/s, key: user${more.users ?? ', tier: free'} }`);
    const problems = (design: string) =>
      loadDesign(design, {
        file: 'test.yaml',
        kinds: kinds.map(({ describe: description }) => description),
      }).diagnostics.map(({ code, path, hint }) => `${code} ${path}${hint === null ? '' : `: ${hint}`}`);

    it('GTW-13 limits each client by the tier of its traffic, those of others are unharmed', async () => {
      // A hundred clients that ask ten times a second, and may once.
      const report = await run(sold(tiers));
      expectNear(of(report).success, 0.1);
      expect(Object.keys(of(report).failed)).toEqual(['gate limit']);
      expect(of(report, 'payers').success.value).toBe(1);
      const guess = estimated(sold(tiers));
      expect(of(guess).success.value).toBeCloseTo(0.1, 9);
      expect(of(guess, 'payers').success.value).toBe(1);
      expect(guess.stations['api.cpu']!.arrivals.value).toBeCloseTo(600, 9);
      expect(guess.sheet.some(({ name }) => name === 'gate.limit')).toBe(false);
    });

    it('GTW-14 takes traffic without a tier by the rate beside the tiers, or lets it through', async () => {
      const none = { payers: '' };
      const only = 'tiers: { free: { rate: 1/s, burst: 5 } }';
      expect(of(await run(sold(only, none)), 'payers').success.value).toBe(1);
      expect(of(estimated(sold(only, none)), 'payers').success.value).toBe(1);
      const report = await run(sold(`rate: 2/s, burst: 4, ${only}`, none));
      // Five times a second for each client, and a burst of 4: hardly a token is ever lost.
      expectNear(of(report, 'payers').success, 0.4);
      expectNear(of(report).success, 0.1);
      const guess = estimated(sold(`rate: 2/s, burst: 4, ${only}`, none));
      expect(of(guess, 'payers').success.value).toBeCloseTo(0.4, 3);
      expect(of(guess).success.value).toBeCloseTo(0.1, 9);
    });

    it('GTW-15 equal seeds give equal reports', async () => {
      expect(await run(sold(tiers))).toEqual(await run(sold(tiers)));
    });

    it('GTW-16 says what is wrong with tiers, and which do nothing', () => {
      expect(problems(sold(tiers))).toEqual([]);
      expect(problems(sold(tiers, { users: ', tier: fre' }))).toEqual([
        'unknown-reference traffic.users.tier: did you mean `free`?',
      ]);
      expect(problems(sold('rate: 5/s'))).toEqual([
        'idle-knob traffic.users.tier',
        'idle-knob traffic.payers.tier',
      ]);
      expect(problems(sold(tiers, { users: '' }))).toEqual(['idle-knob components.gate.limit.tiers.free']);
      expect(problems(sold(`rate: 5/s, ${tiers}`))).toEqual(['idle-knob components.gate.limit.rate']);
      expect(problems(sold(`burst: 5, ${tiers}`))).toEqual(['idle-knob components.gate.limit.burst']);
      expect(problems(sold(`per: all, ${tiers}`))).toEqual(['conflicting-keys components.gate.limit.per']);
      expect(problems(sold('tiers: {}'))).toEqual(['missing-key components.gate.limit.rate']);
      expect(problems(sold('rate: 5/s, tiers: {}', { users: '', payers: '' }))).toEqual([
        'idle-knob components.gate.limit.tiers',
      ]);
      expect(problems(sold('tiers: { free: { burst: 5 }, paid: { rate: 5/s } }'))).toEqual([
        'missing-key components.gate.limit.tiers.free.rate',
      ]);
      expect(problems(sold(tiers.replace('free:', '"on trial":'))).join()).toMatch(
        /^bad-name components\.gate\.limit\.tiers\W+on trial\W*$/,
      );
    });
  });
});
