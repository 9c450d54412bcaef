import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { underScenario } from '../design/under-scenario.ts';
import { loadDesign, type Plan } from '../index.ts';
import {
  type BlameMeasurement,
  type BlameRow,
  COUNT,
  FIRST_PART,
  inlineRunner,
  type ReplicationJob,
  runReplication,
  SECONDS,
} from '../simulate/index.ts';
import { requestRates } from '../simulate/request-rates.ts';
import { kindParts } from './index.ts';
import { planOf } from './plan.fixture.ts';

const { simulated } = kindParts();
const systems = new URL('../../systems/', import.meta.url);
const designs = readdirSync(systems, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .sort();

/** So many requests of a plan, those of a scenario from its beginning on. */
async function jobOf(plan: Plan, requests: number): Promise<ReplicationJob> {
  const { requests: rates, operations } = await requestRates(plan, 1, inlineRunner(simulated));
  const seconds = requests / rates.reduce((sum, rate) => sum + rate, 0);
  return { plan, seed: 1, rates: operations, replication: 0, warmup: seconds / 10, seconds, windows: 0 };
}

async function blameOf(design: string, requests = 40_000): Promise<BlameMeasurement> {
  return runReplication({ ...(await jobOf(planOf(design), requests)), blame: true }, simulated).blame!;
}

/** The mean request of the first traffic: seconds by what they are charged to. */
function meanOf({ parts, traffic }: BlameMeasurement): Record<string, number> {
  const rows = traffic[0]!.served.map(([, row]) => row);
  const count = rows.reduce((sum, row) => sum + row[COUNT]!, 0);
  const seconds = parts.map((_, p) => rows.reduce((sum, row) => sum + row[FIRST_PART + p]!, 0) / count);
  return Object.fromEntries(
    parts.flatMap(({ kind, where }, p) => (seconds[p] === 0 ? [] : [[`${kind} ${where}`, seconds[p]!]])),
  );
}

const sumOf = (row: BlameRow): number => row.subarray(FIRST_PART).reduce((sum, each) => sum + each, 0);
/** Of a mean over some 40,000 requests, the share that chance may make of it. */
const near = (value: number) => ({ low: value * 0.95, high: value * 1.05 });

function expectNear(found: number | undefined, expected: number): void {
  const { low, high } = near(expected);
  expect(found).toBeGreaterThan(low);
  expect(found).toBeLessThan(high);
}

describe('BLM-1 parts add up to the whole, and the run is the run without them', () => {
  test.each(designs)('%s', async (file) => {
    const { plan } = loadDesign(readFileSync(new URL(file, systems), 'utf8'), { file });
    const laid = plan!.scenarios.map(({ name }) => underScenario(plan!, name));
    for (const each of [plan!, ...laid]) {
      const job = await jobOf(each, 3000);
      const { blame, ...rest } = runReplication({ ...job, blame: true }, simulated);
      expect(rest).toEqual(runReplication(job, simulated));
      const other = blame!.parts.findIndex(({ kind }) => kind === 'other');
      blame!.traffic.forEach(({ served, failed }, t) => {
        const counted = served.reduce((sum, [, row]) => sum + row[COUNT]!, 0);
        expect(counted).toBe(rest.traffic[t]!.served);
        const seconds = served.reduce((sum, [, row]) => sum + row[SECONDS]!, 0);
        expect(Math.abs(seconds - rest.traffic[t]!.latencySum)).toBeLessThanOrEqual(1e-9 * seconds);
        for (const [, row] of [...served, ...failed]) {
          expect(Math.abs(sumOf(row) - row[SECONDS]!)).toBeLessThanOrEqual(1e-9 * row[SECONDS]!);
          expect(row[FIRST_PART + other]).toBe(0);
        }
      });
    }
  });

  test('under faults that hit callers while they wait, and where all that can be said of a call is said', async () => {
    const plan = planOf(`
name: faulty
data: { item: { count: 10k, size: 1KB, popularity: zipf(1) } }
traffic: { users: { call: edge.view, rate: 300/s, key: item, timeout: 400ms } }
components:
  edge: { kind: load-balancer, to: api }
  api:
    kind: service
    instances: 2
    cores: 2
    queue: 50
    operations:
      view:
        - compute: exponential(2ms)
        - { read: item, from: store, through: hot, coalesce: cache, timeout: 50ms, retry: { attempts: 2, base: 2ms } }
        - parallel:
            - - call: a.get
                hedge: { after: 5ms }
            - - call: b.get
                timeout: 20ms
                retry: { attempts: 3, backoff: full-jitter, base: 3ms }
                bulkhead: { most: 8 }
            - - call: c.get
                breaker: { failures: 50%, of: 20, open: 1s }
                fallback: [ { wait: 1ms } ]
          wait for: 2
        - publish: mail
  a: { kind: service, cores: 2, discipline: processor-sharing, operations: { get: [ { compute: exponential(4ms) } ] } }
  b: { kind: service, instances: 2, operations: { get: [ { compute: exponential(5ms) } ] } }
  c: { kind: service, operations: { get: [ { compute: 2ms }, { choose: [ { probability: 10%, do: [ { fail: no } ] } ] } ] } }
  hot: { kind: cache, holds: item, items: 500 }
  store: { kind: database, stores: item, connections: 10 }
  mail: { kind: queue, consumer: sender.send, capacity: 20, when-full: block }
  sender: { kind: service, operations: { send: [ { compute: 4ms } ] } }
scenarios:
  storm:
    lasts: 30s
    faults:
      - { at: 3s, crash: b, instances: 1, for: 4s }
      - { at: 8s, crash: api, instances: 1, for: 3s }
      - { at: 13s, crash: a, for: 3s, connections: hanging }
      - { at: 18s, freeze: store, for: 2s }
      - { at: 22s, link: api, to: b, loss: 20%, for: 3s }
`);
    const job = { ...(await jobOf(underScenario(plan, 'storm'), 9000)), blame: true } as const;
    const { blame, ...rest } = runReplication(job, simulated);
    const { blame: _, ...bare } = job;
    expect(rest).toEqual(runReplication(bare, simulated));
    const rows = [...blame!.traffic[0]!.served, ...blame!.traffic[0]!.failed].map(([, row]) => row);
    for (const row of rows) {
      expect(Math.abs(sumOf(row) - row[SECONDS]!)).toBeLessThanOrEqual(1e-9 * row[SECONDS]!);
      expect(row[FIRST_PART]).toBe(0);
    }
    const charged = new Set(
      blame!.parts.flatMap(({ kind }, p) => (rows.some((row) => row[FIRST_PART + p]! > 0) ? [kind] : [])),
    );
    expect([...charged].sort()).toEqual(['network', 'queueing', 'retry', 'service', 'timeout', 'wait']);
  });
});

const server = (more: string, rate = '70/s'): string => `
name: one
traffic: { users: { call: api.work, rate: ${rate} } }
components:
  api: { kind: service, cores: 1, ${more} }
`;

describe('BLM-2 closed forms', () => {
  test.each([
    ['first come', 'operations: { work: [ { compute: exponential(10ms) } ] }'],
    [
      'processor sharing',
      'discipline: processor-sharing, operations: { work: [ { compute: exponential(10ms) } ] }',
    ],
  ])('M/M/1, %s: queueing is ρS/(1 − ρ), service is S', async (_, more) => {
    const mean = meanOf(await blameOf(server(more, '50/s'), 300_000));
    expect(Object.keys(mean)).toHaveLength(2);
    expectNear(mean['queueing api.cpu'], 0.01);
    expectNear(mean['service api.cpu'], 0.01);
  });

  test('failed attempts and the pauses before the next: those of who succeeds at last', async () => {
    const mean = meanOf(
      await blameOf(`
name: retries
traffic: { users: { call: api.ask, rate: 100/s } }
components:
  api:
    kind: service
    operations:
      ask: [ { call: shaky.get, retry: { attempts: 3, backoff: constant, base: 10ms } } ]
  shaky:
    kind: service
    operations: { get: [ { wait: 2ms }, { choose: [ { probability: 50%, do: [ { fail: no } ] } ] } ] }
network: { latency: 0s }
`),
    );
    // Given success within three attempts, (0·4 + 1·2 + 2·1) / 7 of them failed.
    const failures = 4 / 7;
    expectNear(mean['retry shaky.get: failed attempts'], failures * 0.002);
    expectNear(mean['retry shaky.get: backoff'], failures * 0.01);
    expectNear(mean['wait shaky'], 0.002);
    expect(Object.keys(mean)).toHaveLength(3);
  });

  test('an attempt that is cut is waiting for the timeout', async () => {
    const mean = meanOf(
      await blameOf(`
name: timeouts
traffic: { users: { call: api.ask, rate: 100/s } }
components:
  api:
    kind: service
    operations: { ask: [ { call: slow.get, timeout: 50ms, fallback: [ { wait: 1ms } ] } ] }
  slow: { kind: service, operations: { get: [ { wait: exponential(100ms) } ] } }
network: { latency: 0s }
`),
    );
    const cut = Math.exp(-0.5);
    expectNear(mean['timeout slow.get'], cut * 0.05);
    expectNear(mean['wait api'], cut * 0.001);
    // The mean of what is below 50 ms.
    expectNear(mean['wait slow'], 0.1 - cut * 0.15);
  });

  test('a hedge that wins is charged from when it went out, and the time before it to the hedge', async () => {
    const mean = meanOf(
      await blameOf(`
name: hedges
traffic: { users: { call: api.ask, rate: 100/s } }
components:
  api: { kind: service, operations: { ask: [ { call: moody.get, hedge: { after: 10ms } } ] } }
  moody:
    kind: service
    operations:
      get: [ { choose: [ { probability: 50%, do: [ { wait: 100ms } ] }, { probability: 50%, do: [ { wait: 1ms } ] } ] } ]
network: { latency: 0s }
`),
    );
    // Slow at first and fast the second time, a quarter of all; slow both times, the first answers first.
    expectNear(mean['retry moody.get: before a hedge'], 0.25 * 0.01);
    expectNear(mean['wait moody'], 0.75 * 0.001 + 0.25 * 0.1);
  });
});

const forked = (branches: readonly string[], more = ''): string => `
name: fork
traffic: { users: { call: api.ask, rate: 100/s } }
components:
  api:
    kind: service
    operations:
      ask: [ { parallel: [ ${branches.map((wait) => `[ { wait: ${wait} } ]`).join(', ')} ]${more} } ]
`;

describe('BLM-3 parallel steps', () => {
  test('wait for the slower of two equal branches, each half of the time, and the other is early by the mean', async () => {
    const blame = await blameOf(forked(['exponential(10ms)', 'exponential(10ms)']));
    expectNear(meanOf(blame)['wait api'], 0.015);
    const { decided, earlier, slack } = blame.joins[0]![0]!;
    const times = decided[0]! + decided[1]!;
    expect(times).toBeGreaterThan(30_000);
    for (const b of [0, 1]) {
      expectNear(decided[b]! / times, 0.5);
      expect(earlier[b]).toBe(decided[1 - b]);
      expectNear(slack[b]! / earlier[b]!, 0.01);
    }
  });

  test('that wait for two of three are decided by the second', async () => {
    const blame = await blameOf(forked(['1ms', '7ms', '3ms'], ', wait for: 2'), 2000);
    expect(meanOf(blame)['wait api']).toBeCloseTo(0.003, 9);
    const { decided, earlier, slack } = blame.joins[0]![0]!;
    expect(decided[0]! + decided[1]!).toBe(0);
    expect(slack[0]! / earlier[0]!).toBeCloseTo(0.002, 9);
    expect(earlier[1]).toBe(0);
  });
});
