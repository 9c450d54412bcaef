import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const run = (design: string, more = {}) =>
  simulate(planOf(design), simulatedKinds, { seed: 5, time: 100, replications: 2, warmup: 0, ...more });
const users = ({ operations }: Report) => operations['users']!;

/** Ten come at once, five times a second, and a bucket holds four. */
const bursts = (retry: string, where: 'call' | 'external' | 'gateway' = 'call') => {
  const limit = 'limit: { rate: 100/s, burst: 4 }';
  const asked = {
    call: `web: { kind: service, operations: { buy: [ { call: pay.charge, ${limit}, ${retry} } ] } }
  pay: { kind: external, operations: [ charge ], latency: 0s }`,
    external: `web: { kind: service, operations: { buy: [ { call: pay.charge, ${retry} } ] } }
  pay: { kind: external, operations: [ charge ], latency: 0s, ${limit} }`,
    gateway: `web: { kind: service, operations: { buy: [ { call: gate.charge, ${retry} } ] } }
  gate: { kind: gateway, to: pay, ${limit} }
  pay: { kind: service, operations: { charge: [ { wait: 0s } ] } }`,
  }[where];
  return `
name: bursts
network: { latency: 0s }
traffic: { users: { call: web.buy, rate: 50/s, batch: 10, arrivals: constant } }
components:
  ${asked}
`;
};

describe('heed-retry-after', () => {
  it.each(['call', 'external', 'gateway'] as const)(
    'HRA-1 waits as long as a refusal says: limit of a %s',
    async (where) => {
      const plain = await run(bursts('retry: { attempts: 6, backoff: none }', where));
      expect(users(plain).success.value).toBeCloseTo(0.4, 2);
      const heeding = await run(
        bursts('retry: { attempts: 6, backoff: none, heed-retry-after: true }', where),
      );
      // Six are asked to wait for 10 ms, and come back together; one passes, and the others are asked again.
      expect(users(heeding).success.value).toBeCloseTo(0.9, 2);
      expect(users(heeding).latency.mean.value).toBeCloseTo((0.01 + 0.02 + 0.03 + 0.04 + 0.05) / 9, 4);
      expect(users(plain).latency.mean.value).toBeCloseTo(0, 6);
    },
  );

  it('HRA-2 waits for its own pause on top', async () => {
    const design = bursts('retry: { attempts: 2, backoff: constant, base: 50ms, heed-retry-after: true }');
    const report = await run(design);
    // Four have come in by then.
    expect(users(report).success.value).toBeCloseTo(0.8, 2);
    // Half of those served waited 10 ms, as they were asked to, and 50 ms on top.
    expect(users(report).latency.mean.value).toBeCloseTo(0.03, 4);
  });

  it('HRA-3 gives up where it is asked to wait longer than it bears', async () => {
    const slow = (heed: string) => `
name: slow
network: { latency: 0s }
traffic: { users: { call: web.buy, rate: 2/s, arrivals: constant } }
components:
  web: { kind: service, operations: { buy: [ { call: pay.charge, retry: { attempts: 2, backoff: none${heed} } } ] } }
  pay: { kind: external, operations: [ charge ], latency: 0s, limit: { rate: 1.25/s } }
`;
    // One in 0.8 s, asked every half a second: without a wait, every other one passes.
    const bears = users(await run(slow(', heed-retry-after: 200ms')));
    expect(bears.success.value).toBeCloseTo(0.5, 1);
    expect(bears.latency.mean.value).toBeCloseTo(0, 6);
    const waits = users(await run(slow(', heed-retry-after: 350ms')));
    expect(waits.success.value).toBeCloseTo(1.25 / 2, 1);
    expect(waits.latency.mean.value).toBeGreaterThan(0.05);
  });

  it('HRA-4 gives up where a deadline it knows of would be over', async () => {
    const due = (timeout: string) =>
      bursts('retry: { attempts: 6, backoff: none, heed-retry-after: true }').replace(
        'arrivals: constant',
        `arrivals: constant, timeout: ${timeout}, deadline: propagate`,
      );
    const report = await run(due('35ms'));
    expect(users(report).success.value).toBeCloseTo(0.7, 2);
    expect(Object.keys(users(report).failed)).toEqual(['limit to pay.charge']);
  });

  it('HRA-5 does not go by a refusal that it was never told of, nor by another failure', async () => {
    const report = await run(`
name: other
network: { latency: 0s }
data: { item: { count: 10, size: 1KB } }
traffic: { users: { call: web.buy, rate: 50/s, batch: 10, arrivals: constant } }
components:
  web:
    kind: service
    cores: 100
    operations:
      buy:
        - call: shop.buy
          retry: { attempts: 2, backoff: none, heed-retry-after: true }
  shop:
    kind: service
    cores: 100
    operations:
      buy:
        - call: pay.charge
          fallback: [ { fail: sold-out } ]
  pay: { kind: external, operations: [ charge ], latency: 0s, limit: { rate: 100/s, burst: 4 } }
`);
    // The fallback's failure asks for nothing, so the second attempt comes at once, and fails as well.
    expect(users(report).success.value).toBeCloseTo(0.4, 2);
    expect(Object.keys(users(report).failed)).toEqual(['sold-out']);
  });

  it('HRA-6 comes back through calls with timeouts, hedges and parallel branches', async () => {
    const design = (call: string) => `
name: through
network: { latency: 1ms }
traffic: { users: { call: web.buy, rate: 50/s, batch: 10, arrivals: constant } }
components:
  web: { kind: service, operations: { buy: [ { call: shop.buy, timeout: 1s, retry: { attempts: 6, backoff: none, heed-retry-after: true } } ] } }
  shop: { kind: service, cores: 100, operations: { buy: [ ${call} ] } }
  pay: { kind: external, operations: [ charge ], latency: 0s, limit: { rate: 100/s, burst: 4 } }
`;
    for (const call of [
      '{ call: pay.charge, timeout: 1s }',
      '{ call: pay.charge, hedge: { after: 500ms } }',
      '{ parallel: [ { call: pay.charge }, { wait: 1ms } ] }',
    ]) {
      const report = await run(design(call));
      // Four messages later than they are told, they find one place, and later more.
      expect(users(report).success.value, call).toBeGreaterThan(0.89);
      expect(users(report).latency.mean.value).toBeGreaterThan(0.015);
    }
  });

  it('HRA-7 ends a retry storm against a limit, at the price of latency', async () => {
    const storm = (heed: string) => `
name: storm
network: { latency: 1ms }
data: { partner: { count: 100, size: 1KB } }
traffic: { users: { call: agents.buy, rate: 20/s, key: partner } }
components:
  agents: { kind: client, to: gate, retry: { attempts: 10, base: 20ms, cap: 100ms${heed} } }
  gate: { kind: gateway, to: shop, cost: 1us, limit: { rate: 1/s, per: client } }
  shop: { kind: service, cores: 100, operations: { buy: [ { compute: 1us } ] } }
`;
    const length = { time: 300, replications: 4 };
    const plain = await run(storm(''), length);
    const heeding = await run(storm(', heed-retry-after: 30s'), length);
    const asked = (report: Report) => report.stations['gate.cpu']!.arrivals;
    // More than two attempts for each request, against a little more than one.
    expect(asked(plain).low!).toBeGreaterThan(40);
    expect(asked(heeding).high!).toBeLessThan(26);
    expect(users(heeding).success.low!).toBeGreaterThan(users(plain).success.high!);
    expect(users(heeding).latency.mean.low!).toBeGreaterThan(1.5 * users(plain).latency.mean.high!);
  });

  it('HRA-8 heeds quotas: whoever has used one up waits for the next window, or gives up', async () => {
    const design = (heed: string) => `
name: windows
network: { latency: 0s }
data: { user: { count: 1, size: 1KB } }
traffic: { users: { call: agents.get, rate: 1/s, arrivals: constant, key: user } }
components:
  agents: { kind: client, to: gate, retry: { attempts: 2, backoff: none${heed} } }
  gate: { kind: gateway, to: api, quota: { requests: 5, window: 10s, resets-in: 10s } }
  api: { kind: service, operations: { get: [ { compute: 1us } ] } }
`;
    const plain = users(await run(design('')));
    expect(plain.success.value).toBeCloseTo(0.5, 1);
    const heeding = users(await run(design(', heed-retry-after: true')));
    expect(heeding.latency.mean.value).toBeGreaterThan(0.5);
    const brief = users(await run(design(', heed-retry-after: 1ms')));
    expect(brief.success.value).toBe(plain.success.value);
  });

  it('HRA-11 comes back one by one, by the jitter of its pauses', async () => {
    const attempts = async (backoff: string) => {
      const report = users(
        await run(bursts(`retry: { attempts: 40, ${backoff}, heed-retry-after: true }`), { replications: 6 }),
      );
      expect(report.success.value).toBeGreaterThan(0.99);
      return report.attempts / report.offered;
    };
    // Together: of six, one passes at each of the times they are told, so 6 + 5 + … + 1 come again for ten requests.
    expect(await attempts('backoff: none')).toBeCloseTo((10 + 21) / 10, 2);
    // Spread over far longer than the limit needs for them, hardly any finds another one there first.
    expect(await attempts('base: 100ms')).toBeLessThan(2);
  });

  it('HRA-9 the estimate says that it leaves it out, and equal seeds give equal reports', async () => {
    const design = bursts('retry: { attempts: 6, heed-retry-after: true }');
    const { notes } = estimate(planOf(design), estimatedKinds);
    expect(notes.some((note) => note.includes('takes no account of `heed-retry-after`'))).toBe(true);
    expect(await run(design)).toEqual(await run(design));
  });

  it('HRA-10 says where it does nothing', () => {
    const problems = (design: string) =>
      loadDesign(design, {
        file: 'test.yaml',
        kinds: kinds.map(({ describe: description }) => description),
      }).diagnostics.map(({ code, path }) => `${code} ${path}`);
    const heeds = 'retry: { attempts: 6, heed-retry-after: true }';
    const at = 'components.web.operations.buy[0].retry.heed-retry-after';
    for (const where of ['call', 'external', 'gateway'] as const) {
      expect(problems(bursts(heeds, where))).toEqual([]);
      const free = bursts(heeds, where).replace(/, limit: \{[^}]*\}/, '');
      expect(problems(free)).toEqual([`idle-knob ${at}`]);
    }
    expect(problems(bursts('retry: { attempts: 6, heed-retry-after: false }'))).toEqual([]);
    expect(problems(bursts('retry: { attempts: 6, heed-retry-after: 0s }'))).toEqual([`out-of-range ${at}`]);
    expect(problems(bursts('retry: { attempts: 6, heed-retry-after: often }'))[0]).toContain(at);
  });
});
