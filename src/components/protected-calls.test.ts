import { describe, expect, it } from 'vitest';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Users of a service that calls another one, with options of the call. */
const calling = (options: string, callee: string, traffic = 'rate: 100/s', caller = '') => `
name: protected
network: { latency: 0s }
traffic: { users: { call: web.work, ${traffic} } }
components:
  web: { kind: service, ${caller} operations: { work: [ { call: server.work, ${options} } ] } }
  server: { kind: service, operations: { work: [ ${callee} ] } }
`;

const lost = (percent: number) =>
  `{ choose: [ { probability: ${percent}%, do: [ { fail: lost } ] } ] }, { compute: 1us }`;
const length = { seed: 5, time: 2000, replications: 4, warmup: 10 };
const run = (design: string) => simulate(planOf(design), simulatedKinds, length);

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

const attempts = ({ stations, operations }: Report, p: number): Figure => {
  const { value, low, high } = stations['server.cpu']!.arrivals;
  const per = (operations['users']!.throughput.value! / operations['users']!.success.value!) * (1 - p);
  return { value: value! / per, low: low! / per, high: high! / per, unit: '1' };
};

describe('retries', () => {
  it.each([
    [10, 3, 1.11, 0.999],
    [50, 3, 1.75, 0.875],
    [90, 3, 2.71, 0.271],
  ])('O-R03 of calls of which %d %% fail, at most %d attempts', async (percent, most, made, succeed) => {
    const design = calling(`retry: { attempts: ${most}, backoff: none }`, lost(percent));
    const report = await run(design);
    expectNear(report.operations['users']!.success, succeed);
    expectNear(attempts(report, percent / 100), made);
    const estimated = estimate(planOf(design), estimatedKinds);
    expect(estimated.operations['users']!.success.value).toBeCloseTo(succeed, 9);
    expect(attempts(estimated, percent / 100).value).toBeCloseTo(made, 9);
  });

  it('O-R02 multiply through layers: three of four attempts each are 64 calls at the bottom', async () => {
    const report = await run(`
name: layers
network: { latency: 0s }
traffic: { users: { call: a.x, rate: 20/s } }
components:
  a: { kind: service, operations: { x: [ { call: b.x, retry: { attempts: 4, backoff: none } } ] } }
  b: { kind: service, operations: { x: [ { call: c.x, retry: { attempts: 4, backoff: none } } ] } }
  c: { kind: service, operations: { x: [ { call: d.x, retry: { attempts: 4, backoff: none } } ] } }
  d: { kind: service, operations: { x: [ { compute: 1us }, { fail: down } ] } }
`);
    expectNear(report.stations['d.cpu']!.arrivals, 64 * 20);
    expect(report.operations['users']!.served).toBe(0);
  });

  it.each([
    ['constant', 0.1, 0.1],
    ['exponential', 0.1, 0.2],
    ['full-jitter', 0.05, 0.1],
    ['equal-jitter', 0.075, 0.15],
    // U(0.1, 0.3) and U(0.1, 3 × that).
    ['decorrelated-jitter', 0.2, 0.35],
  ])('pause between attempts: %s', async (backoff, first, second) => {
    const design = calling(`retry: { attempts: 3, backoff: ${backoff}, base: 100ms, cap: 10s }`, lost(50));
    const mean = ((first * 2 + (first + second)) / 7) * 1;
    const expected = (0.25 * first + 0.125 * (first + second)) / 0.875;
    expect(expected).toBeCloseTo(mean, 9);
    const report = await run(design);
    expectNear(report.operations['users']!.latency.mean, expected + 1e-6);
    const { latency } = estimate(planOf(design), estimatedKinds).operations['users']!;
    expect(Math.abs(latency.mean.value! / (expected + 1e-6) - 1)).toBeLessThan(1e-3);
  });

  it('a budget keeps a dependency that is down from being asked again and again', async () => {
    const report = await run(
      calling('retry: { attempts: 4, backoff: none, budget: 10% }', '{ compute: 1us }, { fail: down }'),
    );
    expectNear(report.stations['server.cpu']!.arrivals, 110);
  });
});

describe('a hedge', () => {
  const hedge = (after: string) => calling(`hedge: { after: ${after} }`, '{ wait: exponential(1s) }');
  it.each([
    ['2.995732s', 0.05, 0.975, 3.8],
    ['1s', 0.3679, 0.81606, 2.8026],
    ['693.147ms', 0.5, 0.75, 2.6492],
  ])('O-T04 after %s', async (after, _extra, mean, p99) => {
    const report = await run(hedge(after));
    const { latency } = report.operations['users']!;
    expectNear(latency.mean, mean);
    expectNear(latency.p99, p99);
    const estimated = estimate(planOf(hedge(after)), estimatedKinds).operations['users']!.latency;
    expect(Math.abs(estimated.mean.value! / mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(estimated.p99.value! / p99 - 1)).toBeLessThan(0.01);
  });

  it('O-T04 asks again as often as the first answer takes longer', async () => {
    const design = calling('hedge: { after: 1s }', '{ compute: 1us }, { wait: exponential(1s) }');
    const report = await run(design);
    expectNear(report.stations['server.cpu']!.arrivals, 100 * (1 + Math.exp(-1)));
    const estimated = estimate(planOf(design), estimatedKinds);
    expect(estimated.stations['server.cpu']!.arrivals.value! / 136.79).toBeCloseTo(1, 2);
  });

  it('sends one request after the other, and is over with the first success', async () => {
    // Each of three is a second later; the one that is drawn short is the answer.
    const report = await run(
      calling(
        'hedge: { after: 1s, most: 2 }',
        '{ choose: [ { probability: 50%, do: [ { wait: 10s } ] } ] }',
        'rate: 50/s',
      ),
    );
    // 1/2 at once, 1/4 after 1 s, 1/8 after 2 s, else the first of them.
    expectNear(report.operations['users']!.latency.mean, 0.25 + 0.25 + 1.25);
  });
});

describe('a bulkhead alone', () => {
  it('keeps a dependency that is well apart from one that is slow', async () => {
    const beside = (words: string) => `
name: beside
traffic:
  buyers: { call: shop.buy, rate: 50/s, timeout: 1s }
  lookers: { call: shop.look, rate: 30/s, timeout: 1s }
components:
  shop:
    kind: service
    workers: 20
    operations:
      buy: [ { call: payments.pay } ]
      look: [ { call: advice.get${words} } ]
  payments: { kind: service, operations: { pay: [ { wait: 10ms } ] } }
  advice: { kind: service, operations: { get: [ { wait: 2s } ] } }
`;
    // Thirty a second for two seconds hold sixty of the twenty workers.
    const together = (await run(beside(''))).operations['buyers']!.success;
    const apart = (await run(beside(', bulkhead: { most: 5 }'))).operations['buyers']!.success;
    expect(together.high!).toBeLessThan(0.1);
    expect(apart.value).toBe(1);
  });
});

describe('a limit', () => {
  it.each([
    ['0.8/s', 5, 0.03529],
    ['1.2/s', 20, 0.166763],
  ])('O-RL06 turns Poisson calls away as M/D/1/K does: %s, burst %d', async (rate, burst, refused) => {
    const design = calling(`limit: { rate: 1/s, burst: ${burst} }`, '{ compute: 1us }', `rate: ${rate}`);
    const report = await simulate(planOf(design), simulatedKinds, { ...length, time: 100_000 });
    expectNear(report.operations['users']!.success, 1 - refused);
    expect(Object.keys(report.operations['users']!.failed)).toEqual(['limit to server.work']);
    const estimated = estimate(planOf(design), estimatedKinds);
    expect(estimated.operations['users']!.success.value).toBeCloseTo(1 - refused, 5);
  });

  it.each([
    ['{ rate: 100/s, algorithm: leaky-bucket }', '80/s', ''],
    ['{ rate: 100/s, algorithm: fixed-window, window: 50ms }', '80/s', ''],
    ['{ rate: 100/s, algorithm: sliding-log, window: 50ms }', '80/s', ''],
    ['{ rate: 100/s, burst: 5 }', '170/s', ''],
    // Attempts so far apart that chance alone decides about each of them.
    [
      '{ rate: 100/s, burst: 5 }',
      '90/s',
      ', retry: { attempts: 3, backoff: full-jitter, base: 20s, cap: 60s }',
    ],
    [
      '{ rate: 100/s, burst: 2 }',
      '170/s',
      ', retry: { attempts: 2, backoff: full-jitter, base: 20s, cap: 60s }',
    ],
  ])('is estimated as it is simulated: %s at %s%s', async (limit, rate, retry) => {
    const plan = planOf(calling(`limit: ${limit}${retry}`, '{ compute: 1us }', `rate: ${rate}`));
    const estimated = estimate(plan, estimatedKinds).operations['users']!.success.value!;
    const report = await simulate(plan, simulatedKinds, { ...length, time: 400, warmup: 100 });
    expectNear(report.operations['users']!.success, estimated);
  });
});

describe('a bulkhead', () => {
  it('is M/M/c/K for what is behind it, and a station of the report', async () => {
    const report = await run(
      calling('bulkhead: { most: 2, queue: 1 }', '{ wait: exponential(1s) }', 'rate: 2/s'),
    );
    // Erlang weights 1, 2, 2, 2 with two at a time and one that waits.
    expectNear(report.operations['users']!.success, 5 / 7);
    const plan = planOf(calling('bulkhead: { most: 2, queue: 1 }', '{ wait: exponential(1s) }', 'rate: 2/s'));
    const estimated = estimate(plan, estimatedKinds).operations['users']!;
    expect(estimated.success.value).toBeCloseTo(5 / 7, 9);
    expectNear(report.operations['users']!.latency.mean, estimated.latency.mean.value!);
    const station = report.stations['web.bulkhead to server.work']!;
    expectNear(station.utilization, (2 + 2 * 4) / 7 / 2);
    expect(report.operations['users']!.failed).toEqual({
      'web.bulkhead to server.work full': expect.any(Number),
    });
  });

  it.each([
    // Erlang's loss is the same for any law; half a second is the most that one is held.
    ['bulkhead: { most: 4 }', '{ wait: hyperexponential(mean: 100ms, cv: 3) }', 'rate: 30/s'],
    ['timeout: 500ms, bulkhead: { most: 4, queue: 4 }', '{ wait: exponential(400ms) }', 'rate: 12/s'],
    [
      'bulkhead: { most: 3 }, retry: { attempts: 2, base: 10s, backoff: full-jitter }',
      '{ wait: 100ms }',
      'rate: 20/s',
    ],
    ['limit: { rate: 40/s }, bulkhead: { most: 3 }', '{ wait: 10ms }', 'rate: 1/s'],
    ['hedge: { after: 50ms }, bulkhead: { most: 400 }', '{ wait: exponential(100ms) }', 'rate: 20/s'],
  ])('refuses as many in the estimate: %s, %s, %s', async (options, callee, rate) => {
    const plan = planOf(calling(options, callee, rate));
    const { success, latency } = estimate(plan, estimatedKinds).operations['users']!;
    const report = await simulate(plan, simulatedKinds, { ...length, time: 500, warmup: 100 });
    expectNear(report.operations['users']!.success, success.value!);
    expectNear(report.operations['users']!.latency.mean, latency.mean.value!);
  });

  it('is one for each instance of the caller', async () => {
    const report = await run(
      calling(
        'bulkhead: { most: 2 }',
        '{ wait: exponential(1s) }',
        'rate: 6/s',
        'instances: 3, balance: random,',
      ),
    );
    // Erlang B of 2 erlangs at 2 servers.
    expectNear(report.operations['users']!.success, 0.6);
  });
});

describe('a breaker', () => {
  it('O-R07 lets few calls through to what is down', async () => {
    const design = calling(
      'breaker: { failures: 50%, of: 100, open: 60s, probes: 10 }',
      '{ compute: 1us }, { fail: down }',
      'rate: 100/s, arrivals: constant',
    );
    const plan = planOf(design);
    const report = await simulate(plan, simulatedKinds, { seed: 1, time: 600, replications: 2, warmup: 0 });
    const calls = (report.stations['server.cpu']!.arrivals.value! * 600) | 0;
    // The first hundred fill the window; then ten probes every 60.1 s, nine times.
    expect(Math.abs(calls - (100 + 9 * 10))).toBeLessThanOrEqual(10);
    expect(report.operations['users']!.failed).toMatchObject({
      'breaker to server.work open': expect.any(Number),
    });
  });

  it('stays closed where less fails, and counts slow calls as failed', async () => {
    const closed = await run(calling('breaker: {}', lost(20)));
    expectNear(closed.operations['users']!.success, 0.8);
    const slow = await run(calling('breaker: { slower: 5ms }', '{ wait: 10ms }'));
    expect(slow.operations['users']!.success.value).toBeLessThan(0.1);
  });
});

describe('a fallback', () => {
  it('takes the place of what failed, after the time that took', async () => {
    const design = calling(
      'timeout: 30ms, fallback: [ { wait: 5ms } ]',
      '{ choose: [ { probability: 40%, do: [ { wait: 1s } ] } ] }',
    );
    const report = await run(design);
    expect(report.operations['users']!.success.value).toBe(1);
    expectNear(report.operations['users']!.latency.mean, 0.4 * 0.035);
    const estimated = estimate(planOf(design), estimatedKinds).operations['users']!;
    expect(estimated.latency.mean.value).toBeCloseTo(0.4 * 0.035, 6);
    expect(estimated.success.value).toBeCloseTo(1, 9);
  });

  it('fails where it fails itself, for its own reason', async () => {
    const report = await run(calling('fallback: [ { fail: nothing left } ]', '{ fail: down }'));
    expect(Object.keys(report.operations['users']!.failed)).toEqual(['nothing left']);
  });
});

it('all of it together: retry around breaker, limit, bulkhead, timeout and hedge', async () => {
  const design = calling(
    'timeout: 50ms, retry: { attempts: 2 }, breaker: {}, limit: { rate: 1k/s, burst: 100 }, bulkhead: { most: 50, queue: 10 }, hedge: { after: 20ms }, fallback: [ { compute: 1us } ]',
    '{ compute: exponential(5ms) }, { wait: exponential(10ms) }',
  );
  const plan = planOf(design);
  const once = await simulate(plan, simulatedKinds, { ...length, time: 200 });
  expect(once.operations['users']!.success.value).toBe(1);
  const { offered, served, inFlight } = once.operations['users']!;
  expect(served + inFlight).toBe(offered);
  expect(await simulate(plan, simulatedKinds, { ...length, time: 200 })).toEqual(once);
});
