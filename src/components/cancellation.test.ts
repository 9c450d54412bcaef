import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { underScenario } from '../design/under-scenario.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import type { Measurement } from '../simulate/outcome/measurement.ts';
import { runReplication } from '../simulate/replication.ts';
import { kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const length = { seed: 5, time: 2000, replications: 4, warmup: 50 };
const run = (design: string, time = length.time): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { ...length, time });

/** Whether all of one interval lies below all of the other. */
function expectBelow(figure: Figure, other: Figure): void {
  expect(figure.high!, `${figure.value} below ${other.value}`).toBeLessThan(other.low!);
}

/** Copies of a job on some of k servers, of which the first to finish counts, and the others are cancelled. */
function redundancy(k: number, copies: readonly (readonly number[])[], rate: number): string {
  const servers = Array.from({ length: k }, (_, i) => i);
  const call = (i: number) => `{ call: s${i}.work, cancel: true }`;
  const cases = copies.map(
    (of) =>
      `{ probability: ${1 / copies.length}, do: [ { parallel: [ ${of.map(call).join(', ')} ], wait for: 1, cancel: true } ] }`,
  );
  return `
name: redundancy
network: { latency: 0s }
traffic: { users: { call: front.work, rate: ${rate}/s } }
components:
  front: { kind: service, operations: { work: [ { choose: [ ${cases.join(', ')} ] } ] } }
${servers.map((i) => `  s${i}: { kind: service, operations: { work: [ { compute: exponential(1s) } ] } }`).join('\n')}
`;
}

const pairs = [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].filter((b) => b > a).map((b) => [a, b]));

describe('redundancy with cancellation (Gardner et al., 2017)', () => {
  it.each([
    [3, 3, [[0, 1, 2]], 2.4, 1.666667],
    [5, 2, pairs, 4, 1.604167],
  ])('O-L05 k = %d, d = %d', async (k, _d, copies, rate, expected) => {
    const { mean } = (await run(redundancy(k, copies, rate), 20_000)).operations['users']!.latency;
    expect(mean.low!).toBeLessThan(expected * 1.01);
    expect(mean.high!).toBeGreaterThan(expected * 0.99);
    expect(Math.abs(mean.value! / expected - 1)).toBeLessThan(0.04);
  });
});

/** A service that calls another, which calls a third; all calls with options. */
const chain = (first: string, second: string, more = '', network = '0s') => `
name: chain
network: { latency: ${network} }
traffic: { users: { call: web.work, rate: 50/s } }
components:
  web: { kind: service, operations: { work: [ { call: mid.work, ${first} } ] } }
  mid: { kind: service, operations: { work: [ { call: deep.work, ${second} } ] } }
  deep: { kind: service, ${more} operations: { work: [ { compute: exponential(30ms) } ] } }
`;

const utilisation = (report: Report, station: string): Figure => report.stations[station]!.utilization;

describe('cancel', () => {
  it('ends the work below after a timeout, served and waiting, and frees what it held', async () => {
    const goesOn = await run(chain('timeout: 40ms', 'cancel: false'), 200);
    const stops = await run(chain('timeout: 40ms, cancel: true', 'cancel: true'), 200);
    expectBelow(utilisation(stops, 'deep.cpu'), utilisation(goesOn, 'deep.cpu'));
    expectBelow(goesOn.operations['users']!.success, stops.operations['users']!.success);
    expect(stops.operations['users']!.failed['timeout']).toBeGreaterThan(0);
  });

  it('goes no further than calls that say so', async () => {
    const kept = await run(chain('timeout: 40ms, cancel: true', 'timeout: 1s'), 200);
    const stops = await run(chain('timeout: 40ms, cancel: true', 'timeout: 1s, cancel: true'), 200);
    expectBelow(utilisation(stops, 'deep.cpu'), utilisation(kept, 'deep.cpu'));
  });

  it('takes the network its time', async () => {
    // The callee starts 20 ms after the call, is given up after 40, and hears of it after 60; its work takes 30 s.
    const long = (options: string) => `
name: told
network: { latency: 20ms }
traffic: { users: { call: web.work, rate: 5/s } }
components:
  web: { kind: service, operations: { work: [ { call: deep.work, ${options} } ] } }
  deep: { kind: service, cores: 1000, operations: { work: [ { compute: 30s } ] } }
`;
    const { stations } = await run(long('timeout: 40ms, cancel: true'), 500);
    const { value, low, high } = stations['deep.cpu']!.utilization;
    expect(Math.abs(value! * 1000 - 5 * 0.04)).toBeLessThan(2000 * (high! - low!));
  });

  it.each(['fifo', 'lifo', 'processor-sharing', 'srpt', 'priority', 'codel', 'adaptive-lifo', 'fair'])(
    'takes waiting work out of a queue: %s',
    async (discipline) => {
      const of = (cancel: string) =>
        run(chain(`timeout: 50ms, ${cancel}`, cancel, `cores: 2, discipline: ${discipline},`), 500);
      const [goesOn, stops] = [await of('cancel: false'), await of('cancel: true')];
      expectBelow(stops.stations['deep.cpu']!.queueLength, goesOn.stations['deep.cpu']!.queueLength);
    },
  );

  it('keeps retries from becoming a storm', async () => {
    const storm = (cancel: string) =>
      run(chain(`timeout: 60ms, retry: { attempts: 3, backoff: none }, ${cancel}`, 'cancel: true'), 200);
    const [goesOn, stops] = [await storm('cancel: false'), await storm('cancel: true')];
    expectBelow(goesOn.operations['users']!.throughput, stops.operations['users']!.throughput);
  });

  it('ends the slower request of a hedge', async () => {
    const hedged = (cancel: string) =>
      run(chain(`hedge: { after: 20ms }, ${cancel}`, 'cancel: true', 'instances: 4,'), 200);
    const [goesOn, stops] = [await hedged('cancel: false'), await hedged('cancel: true')];
    expectBelow(utilisation(stops, 'deep.cpu'), utilisation(goesOn, 'deep.cpu'));
  });

  it('of a user who gives up', async () => {
    const users = (cancel: string) => `
name: impatient
traffic: { users: { call: web.work, rate: 50/s, timeout: 40ms, ${cancel} } }
components:
  web: { kind: service, operations: { work: [ { compute: exponential(30ms) } ] } }
`;
    const [goesOn, stops] = [await run(users('cancel: false'), 200), await run(users('cancel: true'), 200)];
    expectBelow(utilisation(stops, 'web.cpu'), utilisation(goesOn, 'web.cpu'));
  });
});

/** A path with everything on it that work can hold, be served by or wait for when it is cancelled. */
const path = (scenario: string, discipline: string, latency: string): string => `
name: path
data: { user: { count: 1000, size: 1KB, popularity: zipf(1.0) } }
network: { latency: ${latency} }
traffic:
  users: { call: edge.get, rate: 200/s, key: user, timeout: 100ms, cancel: true }
  others: { call: edge.get, rate: 50/s, key: user, timeout: 40ms, priority: 1 }
components:
  edge: { kind: load-balancer, to: api, algorithm: peak-ewma, cost: 100us }
  api:
    kind: service
    instances: 3
    cores: 2
    workers: 20
    queue: 20
    discipline: ${discipline}
    operations:
      get:
        - compute: exponential(3ms)
        - parallel:
            - { read: user, from: store, through: hot, coalesce: cache, timeout: 20ms, cancel: true, retry: { attempts: 2, base: 10ms } }
            - { call: advice.get, hedge: { after: p90 }, breaker: { of: 20, open: 1s }, bulkhead: { most: 10, queue: 5 }, cancel: true }
            - { call: deep.get, concurrency: { algorithm: vegas, initial: 5 }, timeout: 8ms, cancel: true }
            - { call: deep.get, timeout: 8ms }
          wait for: 2
          cancel: true
  advice: { kind: service, instances: 2, cores: 4, discipline: processor-sharing, operations: { get: [ { compute: exponential(10ms) }, { call: deep.get, cancel: true } ] } }
  deep: { kind: service, instances: 2, model: event-loop, balance: round-robin, queue-timeout: 4ms, operations: { get: [ { compute: exponential(2ms) }, { wait: 3ms }, { compute: exponential(1ms) } ] } }
  hot: { kind: cache, holds: user, items: 200, nodes: 2, ttl: 1s }
  store: { kind: database, stores: user, connections: 20, queue-timeout: exponential(5ms), cores: 2, read: { cpu: exponential(2ms), disk: exponential(1ms) } }
scenarios:
  it: ${scenario}
`;

const described = kinds.map(({ describe }) => describe);

function underIt(text: string): Plan {
  const { plan, diagnostics } = loadDesign(text, { file: 'path.yaml', kinds: described });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return underScenario(plan!, 'it');
}

function once(plan: Plan, seed: number): Measurement {
  const seconds = plan.scenario!.lasts;
  const rates = new Float64Array(plan.operations.length);
  const watched = { windows: 0, series: seconds, rates };
  return runReplication({ plan, seed, replication: 0, warmup: 2, seconds, ...watched }, simulatedKinds);
}

const second = fc.integer({ min: 0, max: 9 }).map((s) => `${s}s`);
const component = fc.constantFrom('edge', 'api', 'advice', 'deep', 'hot', 'store');
const fault = fc.oneof(
  fc
    .record({ at: second, on: component, how: fc.constantFrom('refused', 'hanging') })
    .map((f) => `{ at: ${f.at}, crash: ${f.on}, connections: ${f.how}, for: 2s }`),
  fc
    .record({ at: second, on: component })
    .map((f) => `{ at: ${f.at}, crash: ${f.on}, instances: 1, for: 2s }`),
  fc.record({ at: second, on: component }).map((f) => `{ at: ${f.at}, slow: ${f.on}, by: 20x, for: 3s }`),
  fc.record({ at: second, on: component }).map((f) => `{ at: ${f.at}, freeze: ${f.on}, for: 2s }`),
  fc
    .record({ at: second, on: component })
    .map((f) => `{ at: ${f.at}, errors: ${f.on}, share: 30%, for: 2s }`),
);

describe('what was done for nobody', () => {
  const users = (timeout: string) => `
name: impatient
traffic: { users: { call: web.work, rate: 50/s, ${timeout} } }
components:
  web: { kind: service, operations: { work: [ { compute: exponential(10ms) } ] } }
`;

  it('late answers and the work for them: in M/M/1 all of it when a request takes longer than the timeout', async () => {
    // Response times are exponential with rate μ − λ = 50/s: e^(−50 × 0.02) of the answers come late.
    const { operations, stations } = await run(users('timeout: 20ms'), 500);
    const { late, offered, failed } = operations['users']!;
    expect(Math.abs(late / offered - Math.exp(-1))).toBeLessThan(0.01);
    expect(Math.abs(late / failed['timeout']! - 1)).toBeLessThan(0.01);
    // Service and wait are independent: E(S; S + W > t) / E(S) = (1 − ρ) 3 e^−2 + ρ (e^−1 (3 − 5 e^−1) + e^−1).
    const expected = 1.5 * Math.exp(-2) + 0.5 * Math.exp(-1) * (4 - 5 * Math.exp(-1));
    expect(Math.abs(stations['web.cpu']!.wasted.value! - expected)).toBeLessThan(0.02);
  });

  it('is nothing where nobody gives up', async () => {
    const { operations, stations } = await run(users('priority: 0'), 100);
    expect(operations['users']!.late).toBe(0);
    expect(operations['users']!.attempts).toBe(operations['users']!.offered);
    expect(stations['web.cpu']!.wasted.value).toBe(0);
  });

  it('attempts count what retries and hedges send', async () => {
    const failing = `
name: attempts
network: { latency: 0s }
traffic: { users: { call: web.work, rate: 50/s } }
components:
  web: { kind: service, operations: { work: [ { call: deep.work, retry: { attempts: 3, backoff: none } } ] } }
  deep: { kind: service, operations: { work: [ { compute: 1us }, { fail: always } ] } }
`;
    const { offered, attempts } = (await run(failing, 100)).operations['users']!;
    expect(attempts).toBe(3 * offered);
    const hedged = await run(chain('hedge: { after: 0.1us }', 'timeout: 1s', 'cores: 20,'), 100);
    const { offered: asked, attempts: sent } = hedged.operations['users']!;
    expect(Math.abs(sent / asked - 2)).toBeLessThan(0.01);
  });

  it('is less where it is cancelled, and what was done until then still counts', async () => {
    const goesOn = await run(chain('timeout: 40ms', 'timeout: 1s', 'cores: 20,'), 200);
    const stops = await run(chain('timeout: 40ms, cancel: true', 'cancel: true', 'cores: 20,'), 200);
    const wasted = ({ stations }: Report) => stations['deep.cpu']!.wasted;
    expectBelow(wasted(stops), wasted(goesOn));
    // Of exponential work of mean m that is cut at t: (1 − e^(−t/m)) m is done, of it t e^(−t/m) for nobody.
    const left = Math.exp(-4 / 3);
    expect(Math.abs(wasted(stops).value! - (left * 4) / 3 / (1 - left))).toBeLessThan(0.02);
    // Where it goes on: E(S; S > t) / E(S) = (1 + t/m) e^(−t/m).
    expect(Math.abs(wasted(goesOn).value! - (1 + 4 / 3) * left)).toBeLessThan(0.02);
  });
});

describe('a cancel without effect', () => {
  const idle = (text: string) =>
    loadDesign(text, { file: 'chain.yaml', kinds: described })
      .diagnostics.filter(({ code }) => code === 'idle-knob')
      .map(({ message }) => message);

  it.each([
    ['timeout: 40ms, cancel: true', 'cancel: true', 0],
    ['hedge: { after: 40ms }, cancel: true', 'cancel: true', 0],
    ['cancel: true', 'cancel: true', 2],
    ['timeout: 40ms', 'cancel: true', 1],
    ['timeout: 40ms', 'timeout: 20ms, cancel: true', 0],
  ])('%s, then %s', (first, second, found) => {
    expect(idle(chain(first, second))).toEqual(
      Array(found).fill('this call is always waited for to its end'),
    );
  });

  it('of users who never give up, and of branches without others', () => {
    const text = chain('timeout: 40ms', 'key: new').replace('rate: 50/s', 'rate: 50/s, cancel: true');
    expect(idle(text.replace('key: new', 'timeout: 1s'))).toEqual(['these users never give up']);
    expect(idle(redundancy(1, [[0]], 1))).toEqual(['there is no other branch']);
  });
});

/** Each request ends once, and stations are never less than idle nor more than busy. */
function conserves(
  faults: readonly string[],
  discipline: string,
  latency: string,
  seed: number,
  told: boolean,
): void {
  const text = path(`{ lasts: 60s, faults: [ ${faults.join(', ')} ] }`, discipline, latency);
  const plan = underIt(
    told ? text.replaceAll(', cancel: true', ', cancel: true, deadline: propagate') : text,
  );
  const { traffic, stations, ended, series } = once(plan, seed);
  expect(ended).toBe('time');
  for (const each of traffic) {
    const failed = each.failed.reduce((sum, count) => sum + count, 0);
    expect(each.served + failed + each.inFlight).toBe(each.offered);
    expect(each.inFlight).toBeLessThan(60);
  }
  stations.forEach((station, s) => {
    expect(station.starts).toBeGreaterThanOrEqual(0);
    expect(station.busyArea).toBeGreaterThanOrEqual(0);
    const servers = station.servers ?? Number.POSITIVE_INFINITY;
    for (const busy of series!.stations[s]!.busy) {
      expect(busy).toBeGreaterThan(-1e-9);
      expect(busy).toBeLessThan(servers + 1e-9);
    }
  });
}

describe('laws where work is cancelled', () => {
  test('nothing is lost and nothing held for ever, whatever else happens', () => {
    fc.assert(
      fc.property(
        fc.array(fault, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('fifo', 'lifo', 'priority', 'fair', 'codel'),
        fc.constantFrom('0s', '1ms', 'exponential(5ms)'),
        fc.integer({ min: 1, max: 1000 }),
        fc.boolean(),
        conserves,
      ),
      {
        numRuns: 25,
        // An instance dies on which several branches of one request wait: hearing of the first cancels the others.
        examples: [
          [
            [
              '{ at: 4s, crash: api, instances: 1, for: 2s }',
              '{ at: 3s, crash: edge, connections: refused, for: 2s }',
              '{ at: 2s, freeze: advice, for: 2s }',
            ],
            'lifo',
            '1ms',
            628,
            false,
          ],
        ],
      },
    );
  });

  test('same seed, same bytes', () => {
    const plan = underIt(
      path('{ lasts: 12s, faults: [ { at: 2s, crash: advice, instances: 1, for: 3s } ] }', 'fifo', '1ms'),
    );
    expect(once(plan, 7)).toEqual(once(plan, 7));
  });
});
