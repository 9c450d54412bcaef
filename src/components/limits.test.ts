import { describe, expect, it } from 'vitest';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Users of a service that calls another one, with options of the call. */
const calling = (options: string, callee: string, traffic = 'rate: 100/s', caller = '', server = '') => `
name: limited
network: { latency: 0s }
traffic: { users: { call: web.work, ${traffic} } }
components:
  web: { kind: service, ${caller} operations: { work: [ { call: server.work, ${options} } ] } }
  server: { kind: service, ${server} operations: { work: [ ${callee} ] } }
`;

const lost = (percent: number) =>
  `{ choose: [ { probability: ${percent}%, do: [ { fail: lost } ] } ] }, { compute: 1us }`;
const length = { seed: 5, time: 1000, replications: 4, warmup: 10 };
const run = (design: string, options: Parameters<typeof simulate>[2] = {}) =>
  simulate(planOf(design), simulatedKinds, { ...length, ...options });
const estimated = (design: string) => estimate(planOf(design), estimatedKinds);
const users = ({ operations }: Report) => operations['users']!;
const asked = ({ stations }: Report): Figure => stations['server.cpu']!.arrivals;

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

/** P(blocked) of so many servers offered so many erlangs. */
function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

describe('a limit', () => {
  const limited = (limit: string, traffic: string) =>
    calling(`limit: { rate: ${limit} }`, '{ compute: 1us }', traffic);

  it.each([
    ['token-bucket, burst: 10', 1],
    ['gcra, burst: 10', 1],
    ['token-bucket, burst: 4', 0.4],
    ['gcra, burst: 4', 0.4],
    ['leaky-bucket', 0.1],
    ['fixed-window', 1],
    ['sliding-log', 1],
    ['sliding-counter', 1],
    ['fixed-window, window: 50ms', 0.5],
    ['sliding-log, window: 50ms', 0.5],
    ['sliding-counter, window: 50ms', 0.5],
  ])('%s takes %d of ten calls that come at once, at half of the rate', async (algorithm, share) => {
    const design = limited(`100/s, algorithm: ${algorithm}`, 'rate: 50/s, batch: 10, arrivals: constant');
    const report = await run(design, { time: 100 });
    expectNear(users(report).success, share);
    expect(Object.keys(users(report).failed)).toEqual(share === 1 ? [] : ['limit to server.work']);
  });

  it('over windows one after the other passes what a Poisson number has up to the limit', async () => {
    const report = await run(limited('5/s, algorithm: fixed-window', 'rate: 5/s'), { time: 20_000 });
    // E(N − 5)⁺ = 5 · P(N = 5).
    const beyond = (5 * Math.exp(-5) * 5 ** 5) / 120;
    expectNear(users(report).success, 1 - beyond / 5);
  });

  it('over a window that slides is a loss system: each call that passes takes a place for a window', async () => {
    const report = await run(limited('5/s, algorithm: sliding-log', 'rate: 5/s'), { time: 20_000 });
    expectNear(users(report).success, 1 - erlangB(5, 5));
    const counted = await run(limited('5/s, algorithm: sliding-counter', 'rate: 5/s'), { time: 20_000 });
    expect(users(counted).success.value!).toBeLessThan(0.824);
    expect(users(counted).success.value!).toBeGreaterThan(0.6);
  });

  it('as a leaky bucket is a token bucket without a burst', async () => {
    const traffic = 'rate: 80/s';
    const leaky = await run(limited('100/s, algorithm: leaky-bucket', traffic), { time: 200 });
    const bucket = await run(limited('100/s', traffic), { time: 200 });
    expect(users(leaky)).toEqual(users(bucket));
  });

  it('is estimated by what it lets through of calls at random, whole calls of a window', () => {
    const of = (limit: string) => users(estimated(limited(limit, 'rate: 10/s'))).success.value;
    // One call takes its place until the next may come.
    expect(of('5/s, algorithm: gcra')).toBeCloseTo(1 / 3, 9);
    expect(of('5/s, algorithm: leaky-bucket')).toBeCloseTo(1 / 3, 9);
    expect(of('5/s, algorithm: sliding-log, window: 300ms')).toBeCloseTo(1 / 4, 9);
    expect(of('5/s, algorithm: sliding-log')).toBeCloseTo(1 - erlangB(5, 10), 9);
    expect(of('5/s, algorithm: sliding-counter')).toBeCloseTo(1 - erlangB(5, 10), 9);
    // Of ten on average, five at most.
    const fewer = [Math.exp(-10)];
    for (let n = 1; n < 5; n++) fewer.push((fewer[n - 1]! * 10) / n);
    const within = fewer.reduce((sum, p, n) => sum + n * p, 5 * (1 - fewer.reduce((sum, p) => sum + p, 0)));
    expect(of('5/s, algorithm: fixed-window')).toBeCloseTo(within / 10, 9);
  });
});

describe('a concurrency limit', () => {
  const concurrency = (words: string, more = '') => `concurrency: { algorithm: ${words} }${more}`;

  it('that is fixed is a loss system, one for each instance of the caller', async () => {
    const report = await run(
      calling(
        concurrency('fixed, initial: 2'),
        '{ wait: exponential(1s) }',
        'rate: 6/s',
        'instances: 3, balance: random,',
      ),
    );
    expectNear(users(report).success, 1 - erlangB(2, 2));
    expect(Object.keys(users(report).failed)).toEqual(['concurrency limit to server.work']);
  });

  it.each(['aimd', 'vegas', 'gradient2'])('%s grows while answers come as ever', async (algorithm) => {
    const design = (most: number) =>
      calling(
        concurrency(`${algorithm}, initial: 4, most: ${most}`),
        '{ wait: uniform(900ms, 1100ms) }',
        'rate: 20/s',
      );
    const wide = await run(design(100), { time: 500, warmup: 500 });
    expect(users(wide).success.value!).toBeGreaterThan(0.99);
    // Of what needs twenty places, four let a fifth through.
    const narrow = await run(design(4), { time: 500, warmup: 500 });
    expect(users(narrow).success.value!).toBeLessThan(0.25);
  });

  it.each([
    ['aimd', 0.25],
    ['vegas', 0.45],
  ])('%s keeps an overloaded callee at work for those who still wait', async (algorithm, least) => {
    const words = concurrency(
      `${algorithm}, initial: 10, ${algorithm === 'vegas' ? '' : 'least: 1, '}most: 200`,
    );
    const design = (limit: string) =>
      calling(`timeout: 100ms${limit}`, '{ compute: exponential(10ms) }', 'rate: 200/s');
    const report = await run(design(`, ${words}`), { time: 300 });
    expect(users(report).success.value!).toBeGreaterThan(least);
    expect(users(report).failed).toMatchObject({ 'concurrency limit to server.work': expect.any(Number) });
    const unlimited = await run(design(''), { time: 300 });
    expect(users(unlimited).success.value ?? 0).toBeLessThan(0.05);
  });

  it('by gradient2 falls when answers take longer than they used to', async () => {
    const design = (limit: string) =>
      calling(
        limit,
        '{ compute: exponential(10ms) }',
        'rate: 50/s, shape: [ { at: 60s, times: 1x }, { at: 60.1s, times: 4x } ]',
      );
    const latency = async (limit: string) =>
      users(await run(design(concurrency(limit)), { time: 80, warmup: 0 })).latency.p95;
    const fixed = await latency('fixed, initial: 200');
    expect((await latency('gradient2, least: 1')).high!).toBeLessThan(fixed.low! / 2);
  });

  it('falls for a callee that is full, and no lower than `least`; not for its `fail`', async () => {
    const aimd = (least: number) => concurrency(`aimd, initial: 10, least: ${least}, most: 10`);
    const full = (least: number) =>
      calling(
        aimd(least),
        '{ wait: exponential(1s) }',
        'rate: 10/s',
        '',
        'model: threads, workers: 2, queue: 0,',
      );
    const refusals = async (design: string) => {
      const { failed, offered } = users(await run(design));
      return (failed['concurrency limit to server.work'] ?? 0) / offered;
    };
    // Two at work whatever the limit: what comes beyond is refused at home, or else by the callee.
    expect(await refusals(full(1))).toBeGreaterThan(0.4);
    expect(await refusals(full(10))).toBeLessThan(0.01);
    const faulty = calling(aimd(1), '{ wait: exponential(1s) }, { fail: broken }', 'rate: 10/s');
    expect(Math.abs((await refusals(faulty)) - erlangB(10, 10))).toBeLessThan(0.01);
  });

  it('learns nothing of what the caller refuses behind it', async () => {
    const design = calling(
      concurrency('aimd, initial: 10, least: 1', ', bulkhead: { most: 5 }, breaker: { open: 1s }'),
      '{ wait: exponential(1s) }, { choose: [ { probability: 60%, do: [ { fail: lost } ] } ] }',
      'rate: 50/s',
    );
    const { failed } = users(await run(design));
    expect(Object.keys(failed).sort()).toEqual([
      'breaker to server.work open',
      'lost',
      'web.bulkhead to server.work full',
    ]);
  });
});

describe('a throttle', () => {
  const throttled = (throttle: string, callee: string, server = '') =>
    calling(`throttle: ${throttle}`, callee, 'rate: 1k/s', '', server);
  const single = 'model: threads, workers: 1, queue: 0,';

  it.each([
    [2, 50.05],
    [1.1, 9.917],
  ])('of factor %d sends so many calls for one that the callee takes', async (factor, accepted) => {
    // One worker takes a = s / (1 + s · 10 ms) of s calls a second. The formula's plus one lets one more than
    // factor · a through in a window: s = factor · a + 1 / 10 s.
    const design = throttled(`{ factor: ${factor}, over: 10s }`, '{ wait: exponential(10ms) }', single);
    // What was sent at first comes back for some windows: of factor 1.1, nine tenths in each.
    const report = await run(design, { time: 400, warmup: 200 });
    const { success, failed, offered, served } = users(report);
    expectNear(success, accepted / 1000);
    expect(Object.keys(failed).sort()).toEqual(['server.workers full', 'throttle to server.work']);
    const sent = offered - failed['throttle to server.work']!;
    expect(Math.abs(sent / served - factor - 0.1 / accepted)).toBeLessThan(0.01 * factor);
  });

  it('takes a timeout for a refusal', async () => {
    const design = throttled('{ over: 5s }, timeout: 50ms', '{ compute: exponential(10ms) }');
    const { failed, offered } = users(await run(design, { time: 60 }));
    // What a callee can do a hundred times of a second is asked for a thousand times: it never catches up.
    expect(failed['throttle to server.work']! / offered).toBeGreaterThan(0.8);
    expect(failed).toMatchObject({ timeout: expect.any(Number) });
  });

  it('looks back so far, and lets the callee be asked again the sooner', async () => {
    const served = async (over: string) => {
      const shape =
        'rate: 20/s, shape: [ { at: 0s, times: 20x }, { at: 20s, times: 20x }, { at: 20.1s, times: 1x } ]';
      const design = calling(`throttle: { over: ${over} }`, '{ wait: exponential(10ms) }', shape, '', single);
      return users(await run(design, { time: 60, warmup: 0, replications: 8 })).success.value!;
    };
    expect(await served('2s')).toBeGreaterThan(1.05 * (await served('5m')));
  });

  it('changes nothing where the callee takes all, be it to fail', async () => {
    const { success, latency, failed } = users(
      await run(throttled('{}', '{ wait: exponential(10ms) }'), { time: 200 }),
    );
    expect(success.value).toBe(1);
    expect(failed).toEqual({});
    expectNear(latency.mean, 0.01);
    // Nor while the first calls are under way, and none has been accepted yet.
    const start = await run(throttled('{}', '{ wait: exponential(10ms) }'), { time: 20, warmup: 0 });
    expect(users(start).failed).toEqual({});
    const failing = await run(throttled('{}', lost(100)), { time: 20 });
    expect(Object.keys(users(failing).failed)).toEqual(['lost']);
  });
});

describe('a breaker', () => {
  it('opens after so many failures in a row', async () => {
    // Of calls of which half fail, three in a row take 14; one probe after 99 refusals closes it every second time.
    const design = (consecutive: number) =>
      calling(
        `breaker: { consecutive: ${consecutive}, open: 995ms, probes: 1 }`,
        lost(50),
        'rate: 100/s, arrivals: constant',
      );
    expectNear(users(await run(design(3), { time: 20_000 })).success, (14 / 2 + 1) / (14 + 2 + 2 * 99));
    expectNear(users(await run(design(5), { time: 20_000 })).success, (62 / 2 + 1) / (62 + 2 + 2 * 99));
  });

  it('goes by the share of failures over a time, where there are calls enough', async () => {
    const failed = async (words: string) => {
      const design = calling(`breaker: { ${words} }`, '{ compute: 1us }, { fail: down }', 'rate: 5/s');
      return users(await run(design, { time: 200 })).failed;
    };
    expect(Object.keys(await failed('over: 10s, of: 30'))).toContain('breaker to server.work open');
    expect(Object.keys(await failed('over: 1s, of: 30'))).toEqual(['down']);
    expect(Object.keys(await failed('over: 1s, of: 3'))).toContain('breaker to server.work open');
    const share = (failures: string) =>
      run(calling(`breaker: { over: 10s, failures: ${failures} }`, lost(20)), { time: 200 });
    expectNear(users(await share('50%')).success, 0.8);
    expect(users(await share('10%')).success.value!).toBeLessThan(0.5);
  });
});

describe('a budget of tokens', () => {
  const budget = (tokens: number, ratio: string, percent: number) =>
    calling(
      `retry: { attempts: 3, backoff: none, budget: { tokens: ${tokens}, ratio: ${ratio} } }`,
      lost(percent),
    );

  it.each([
    // A share of failures of up to 0.1 / 1.1 is made up for.
    [100, '10%', 5, 1 - 0.05 ** 3],
    [100, '10%', 20, 0.8],
    [100, '50%', 20, 1 - 0.2 ** 3],
  ])(
    '%d, %s a success: of calls of which %d %% fail, %d succeed',
    async (tokens, ratio, percent, succeed) => {
      const design = budget(tokens, ratio, percent);
      expectNear(users(await run(design, { warmup: 100 })).success, succeed);
      expect(users(estimated(design)).success.value).toBeCloseTo(succeed, 9);
    },
  );

  it('of one token is spent by the failure that it would make up for', async () => {
    expectNear(users(await run(budget(1, '10%', 5))).success, 0.95);
  });
});

describe('a hedge', () => {
  const slow = '{ compute: 1us }, { wait: exponential(1s) }';
  const hedged = (hedge: string, callee = slow, traffic = 'rate: 100/s') =>
    calling(`hedge: { ${hedge} }`, callee, traffic);

  it.each([
    ['p95', 1.05, 0.975, 3.8],
    ['p50', 1.5, 0.75, 2.6492],
  ])('O-T04 after %s of the answers', async (after, requests, mean, p99) => {
    const design = hedged(`after: ${after}`);
    const report = await run(design, { warmup: 100 });
    expectNear(users(report).latency.mean, mean);
    expectNear(users(report).latency.p99, p99);
    expect(Math.abs(asked(report).value! / (100 * requests) - 1)).toBeLessThan(0.01);
    const { latency } = users(estimated(design));
    expect(Math.abs(latency.mean.value! / mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(latency.p99.value! / p99 - 1)).toBeLessThan(0.01);
    expect(asked(estimated(design)).value! / (100 * requests)).toBeCloseTo(1, 2);
  });

  it('after a percentile sends one request after the other', async () => {
    const report = await run(hedged('after: p50, most: 2'), { warmup: 100 });
    // Half of the calls want a second request after ln 2; a quarter of these a third one, after as much.
    expectNear(asked(report), 100 * (1 + 0.5 + 0.125));
  });

  it('waits for ten answers beyond its percentile before it is believed', async () => {
    const report = await run(hedged('after: p95', slow, 'rate: 1/s, arrivals: constant'), {
      time: 190,
      warmup: 0,
    });
    expect(asked(report).value! * 190).toBeCloseTo(users(report).offered / 4, 0);
  });

  it.each([
    ['after: 693.147ms', 0.1],
    ['after: p50', 0.2],
  ])('%s has a budget of %d', async (after, budget) => {
    const design = hedged(`${after}, budget: ${budget * 100}%`);
    const report = await run(design, { warmup: 100 });
    expect(Math.abs(asked(report).value! / (100 * (1 + budget)) - 1)).toBeLessThan(0.01);
    expectNear(users(report).latency.mean, 1 - budget * 0.5);
    const { latency } = users(estimated(design));
    expect(Math.abs(latency.mean.value! / (1 - budget * 0.5) - 1)).toBeLessThan(0.01);
  });

  it('with a budget that is never spent is one without', async () => {
    const free = await run(hedged('after: 1s, most: 2'), { time: 200 });
    const bounded = await run(hedged('after: 1s, most: 2, budget: 100%'), { time: 200 });
    expect(users(bounded)).toEqual(users(free));
    const inTime = await run(hedged('after: 10ms, budget: 100%', '{ compute: 1us }, { wait: 9.999ms }'), {
      time: 200,
    });
    expectNear(asked(inTime), 100);
    const atOnce = await run(hedged('after: 0s, budget: 100%'), { time: 200 });
    expect(Math.abs(asked(atOnce).value! / 200 - 1)).toBeLessThan(0.02);
  });
});

const everything = calling(
  `timeout: 60ms, retry: { attempts: 3, base: 1ms, budget: { tokens: 10, ratio: 10% } },
   hedge: { after: p90, most: 2, budget: 20% }, limit: { rate: 1k/s, algorithm: sliding-counter },
   throttle: { over: 5s }, concurrency: { algorithm: gradient2, least: 2 },
   bulkhead: { most: 50, queue: 10 }, breaker: { over: 5s, of: 20 }`,
  '{ compute: exponential(7ms) }, { wait: exponential(10ms) }',
  'rate: 120/s',
  'instances: 2,',
);

it('all of it together: every request ends once, and equal seeds give equal figures', async () => {
  const once = await run(everything, { time: 200 });
  const { offered, served, failed, inFlight } = users(once);
  const lostCalls = Object.values(failed).reduce((sum, count) => sum + count, 0);
  expect(served + lostCalls + inFlight).toBe(offered);
  expect(await run(everything, { time: 200 })).toEqual(once);
});

it('the estimate says what it leaves out', () => {
  const notes = estimated(everything).notes.join('\n');
  for (const what of [/Throttles/, /Concurrency limits/, /Budgets of tokens/, /Hedges after a percentile/]) {
    expect(notes).toMatch(what);
  }
});
