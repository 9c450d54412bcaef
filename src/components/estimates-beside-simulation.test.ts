import { describe, expect, it } from 'vitest';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const service = (traffic: string, steps: string, settings = '') => `
name: beside
network: { latency: 0s }
traffic: { users: { call: server.work, ${traffic} } }
components:
  server: { kind: service, ${settings} operations: { work: [ ${steps} ] } }
`;

const compute = '{ compute: exponential(10ms) }';
const branches = (n: number) => `{ parallel: [ ${Array(n).fill(`[ ${compute} ]`).join(', ')} ] }`;

const stored = (cache: string) => `
name: beside
network: { latency: 0s }
data: { item: { count: 2k, size: 1KB, popularity: zipf(1.0) } }
traffic: { users: { call: site.show, rate: 200/s, key: item } }
components:
  site: { kind: service, operations: { show: [ { read: item, from: db, through: hot } ] } }
  hot: { kind: cache, holds: item, time: 0s, ${cache} }
  db: { kind: database, stores: item, connections: 100, cores: 4, read: { cpu: exponential(2ms), disk: exponential(4ms) } }
`;

/** Workers who wait for another service, which other traffic may use as well. */
const behind = (rate: string, settings: string, others = '') => `
name: beside
network: { latency: 0s }
traffic: { users: { call: web.work, rate: ${rate} }${others && `, others: { call: other.work, rate: ${others} }`} }
components:
  web: { kind: service, ${settings} operations: { work: [ { call: server.work } ] } }
  ${others && 'other: { kind: service, operations: { work: [ { call: server.work } ] } }'}
  server: { kind: service, operations: { work: [ ${compute} ] } }
`;

/** A limit within a limit: workers who wait for a connection. */
const connected = `
name: beside
network: { latency: 0s }
data: { item: { count: 1M, size: 1KB } }
traffic: { users: { call: web.work, rate: 170/s, key: item } }
components:
  web: { kind: service, workers: 8, cores: 4, operations: { work: [ { compute: exponential(2ms) }, { read: item, from: db } ] } }
  db: { kind: database, stores: item, connections: 5, cores: 2, disks: 2, read: { cpu: exponential(4ms), disk: exponential(10ms) } }
`;

/** By name: a design, and figures of its only traffic and its stations that agree. */
const designs: Readonly<Record<string, readonly [design: string, figures: readonly string[]]>> = {
  'a patience of 50 ms': [service('rate: 80/s, timeout: 50ms', compute), ['mean', 'p95', 'success']],
  'memory for eight requests that wait': [
    service('rate: 200/s', '{ wait: exponential(40ms) }', 'memory: 80MB, memory-per-request: 10MB,'),
    ['mean', 'success', 'server.memory.utilization'],
  ],
  'processor sharing': [
    service('rate: 70/s', compute, 'discipline: processor-sharing,'),
    ['mean', 'server.cpu.waiting', 'server.cpu.queueLength', 'server.cpu.utilization'],
  ],
  'last in, first out': [service('rate: 70/s', compute, 'discipline: lifo,'), ['mean', 'p50', 'p95']],
  'variable service': [
    service('rate: 60/s', '{ compute: "hyperexponential(mean: 10ms, cv: 3)" }'),
    ['mean', 'p95', 'server.cpu.waiting'],
  ],
  'four branches on one core': [
    service('rate: 15/s', branches(4)),
    ['mean', 'p50', 'p95', 'server.cpu.waiting', 'server.cpu.queueLength', 'server.cpu.delayed'],
  ],
  'four branches on four cores': [
    service('rate: 60/s', branches(4), 'cores: 4,'),
    ['server.cpu.waiting', 'server.cpu.queueLength', 'server.cpu.delayed'],
  ],
  'twenty branches on one core': [service('rate: 3/s', branches(20)), ['mean', 'p50', 'server.cpu.waiting']],
  'workers in front of cores': [
    service('rate: 160/s', compute, 'cores: 2, workers: 3,'),
    ['mean', 'p95', 'server.workers.waiting', 'server.cpu.waiting'],
  ],
  'workers in front of a server elsewhere': [
    behind('80/s', 'workers: 3,'),
    ['mean', 'p95', 'web.workers.waiting', 'web.workers.utilization', 'server.cpu.waiting'],
  ],
  'workers and a short queue in front of a server elsewhere': [
    behind('80/s', 'workers: 3, queue: 4,'),
    ['mean', 'success', 'throughput', 'web.workers.waiting', 'server.cpu.waiting'],
  ],
  'workers in front of a server that others use as well': [
    behind('45/s', 'workers: 2,', '30/s'),
    ['mean', 'p95', 'web.workers.waiting', 'server.cpu.waiting'],
  ],
  'workers who wait for a connection': [
    connected,
    ['mean', 'p95', 'db.connections.waiting', 'db.disk.waiting'],
  ],
  'two of three branches, of which one fails every other time': [
    service(
      'rate: 10/s',
      '{ wait for: 2, parallel: [ [ { choose: [ { probability: 50%, do: [ { fail: lost } ] } ] }, { wait: exponential(10ms) } ], [ { wait: exponential(20ms) } ], [ { wait: exponential(30ms) } ] ] }',
    ),
    ['mean', 'p50', 'p95', 'p99'],
  ],
  'the urgent ones of too many': [
    service('rate: 50/s', compute, 'discipline: priority,').replace(
      '} }\ncomponents',
      '}, others: { call: server.work, rate: 70/s, priority: 1 } }\ncomponents',
    ),
    ['mean', 'p50', 'p95', 'p99', 'throughput', 'success'],
  ],
  'more than is served while anybody waits': [service('rate: 120/s, timeout: 50ms', compute), ['throughput']],
  'turn by turn': [service('rate: 160/s', compute, 'instances: 2, balance: round-robin,'), ['mean', 'p95']],
  'users who think': [
    service('users: 10, think: exponential(1s)', '{ compute: exponential(100ms) }'),
    ['mean', 'p95', 'throughput', 'server.cpu.waiting'],
  ],
  'a forgetful LFU cache': [stored('items: 300, evict: lfu, ttl: 5s'), ['mean', 'hot.hitRatio']],
  'an LRU cache': [stored('items: 300, evict: lru'), ['mean', 'p95', 'hot.hitRatio', 'db.cpu.arrivals']],
};

function figureOf(report: Report, name: string): Figure {
  const [component, ...rest] = name.split('.');
  const users = report.operations['users']!;
  if (rest.length === 0) {
    return ((users.latency as unknown as Record<string, Figure>)[name] ??
      users[name as 'success' | 'throughput'])!;
  }
  if (rest.length === 1) return report.caches[component!]!.hitRatio;
  const station = report.stations[`${component}.${rest[0]}`] as unknown as Record<string, Figure>;
  return station[rest[1]!]!;
}

describe('estimate and simulation agree', () => {
  it.each(Object.entries(designs))('on %s', async (_, [design, figures]) => {
    const plan = planOf(design);
    const estimated = estimate(plan, estimatedKinds);
    const length = { seed: 7, time: 300, replications: 4, warmup: 10 };
    const simulated = await simulate(plan, simulatedKinds, length);
    for (const name of figures) {
      const ours = figureOf(estimated, name).value!;
      const { value, low, high } = figureOf(simulated, name);
      // Twice the interval, for there are many of them, and the 5 % that notes and the pages allow.
      const off = high! - low! + 0.05 * value!;
      expect(Math.abs(ours - value!), `${name}: ${ours} for ${value}`).toBeLessThan(off);
    }
  });

  it('within bounds where requests come back to the same queue', async () => {
    const plan = planOf(service('rate: 15/s', `{ repeat: 5, do: [ ${compute} ] }`));
    const { operations, notes } = estimate(plan, estimatedKinds);
    const simulated = await simulate(plan, simulatedKinds, { seed: 7, time: 600, replications: 4 });
    for (const name of ['p50', 'p95', 'p99'] as const) {
      const { low, high } = operations['users']!.latency[name];
      const { value } = simulated.operations['users']!.latency[name];
      expect(value).toBeGreaterThan(low!);
      expect(value).toBeLessThan(high!);
    }
    expect(notes.join()).toMatch(/users: its requests queue at server\.cpu several times/);
  });
});

describe('what has no end', () => {
  it.each([
    ['a pool that no time is spent in', service('rate: 50/s', '{ compute: 0s }', 'workers: 1, queue: 0,')],
    [
      'times without mean',
      service('rate: 1/s', '{ compute: "pareto(scale: 1ms, alpha: 0.9)" }', 'queue: 3,'),
    ],
    ['gaps without variance', service('rate: 50/s, arrivals: "pareto(scale: 1s, alpha: 1.2)"', compute)],
    ['users who never come to an end', service('users: 3, think: 0s', '{ wait: 0s }')],
    ['a load far beyond capacity', service('rate: 1M/s', compute, 'cores: 2, workers: 3,')],
  ])('is estimated: %s', (_, design) => {
    const report = estimate(planOf(design), estimatedKinds);
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
    expect(report.stations['server.cpu']!.utilization.value).toBeLessThanOrEqual(1);
  });

  it('an overloaded pool keeps its cores from queues longer than itself', () => {
    const report = estimate(
      planOf(service('rate: 300/s', `${compute}, { wait: 5ms }`, 'cores: 2, workers: 3,')),
      estimatedKinds,
    );
    expect(report.stable).toBe(false);
    expect(report.stations['server.cpu']!.queueLength.value).toBeLessThan(1);
  });
});
