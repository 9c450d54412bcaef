import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { underScenario } from '../design/under-scenario.ts';
import { estimate } from '../estimate/index.ts';
import type { Report } from '../report/report.ts';
import type { Measurement } from '../simulate/outcome/measurement.ts';
import { compile } from '../simulate/program/compile.ts';
import * as op from '../simulate/program/instructions.ts';
import { runReplication } from '../simulate/replication.ts';
import { simulate } from '../simulate/simulate.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const described = kinds.map((kind) => kind.describe);
const problemsOf = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: described }).diagnostics;
const told = (design: string): string[] => problemsOf(design).map(({ code, path }) => `${code} ${path}`);

interface Written {
  readonly eu?: string;
  readonly us?: string;
  readonly network?: string;
  readonly traffic?: string;
  readonly api?: string;
  readonly store?: string;
  readonly more?: string;
}

/** A service that computes for 1 ms and calls another that does so too, hardly loaded. */
const pair = ({
  eu = 'zones: [ eu-a, eu-b ]',
  us = 'zones: [ us-a ], latency: { eu: 40ms }',
  network = 'latency: 250us, zones: 600us',
  traffic = '',
  api = 'instances: 2, region: eu',
  store = 'zone: us-a',
  more = '',
}: Written = {}): string => `
name: pair
regions:
  eu: { ${eu} }
  us: { ${us} }
network: { ${network} }
traffic: { users: { call: api.get, rate: 20/s, arrivals: constant${traffic} } }
components:
  api: { kind: service, ${api}, balance: round-robin, operations: { get: [ { compute: 1ms }, { call: store.get } ] } }
  store: { kind: service, ${store}, operations: { get: [ { compute: 1ms } ] } }
${more}`;

const simulated = (design: string): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { time: 200, warmup: 2, replications: 4 });
const meanOf = async (design: string): Promise<number> =>
  (await simulated(design)).operations['users']!.latency.mean.value!;
const estimatedMean = (design: string): number =>
  estimate(planOf(design), estimatedKinds).operations['users']!.latency.mean.value!;

const WORK = 0.002;

/** What is written, and the mean of the legs there and back. */
const ways: readonly (readonly [string, Written, number])[] = [
  ['one zone', { api: 'zone: eu-a', store: 'zone: eu-a', us: '', network: 'latency: 250us' }, 2 * 250e-6],
  ['two zones', { api: 'zone: eu-a', store: 'zone: eu-b', us: '' }, 2 * 600e-6],
  ['two regions', {}, 2 * 0.04],
  ['half of the callers in the zone of the callee', { store: 'zone: eu-b', us: '' }, 250e-6 + 600e-6],
  [
    'a quarter in each pair of zones',
    { store: 'instances: 2, balance: round-robin, zones: [ eu-a, us-a ]' },
    (250e-6 + 600e-6) / 2 + 0.04,
  ],
  ['users who are elsewhere', { traffic: ', from: us' }, 4 * 0.04],
  ['users of the same region', { traffic: ', from: eu' }, 2 * 0.04],
  [
    'a latency said on the other side',
    { eu: 'zones: [ eu-a, eu-b ], latency: { us: 30ms }', us: 'zones: [ us-a ]' },
    2 * 0.03,
  ],
  [
    'a distance, and a route of 1.5 times light in fibre',
    { us: 'zones: [ us-a ], distance: { eu: 4000km }' },
    2 * 4000 * 5e-6 * 1.5,
  ],
];

describe('the time between places', () => {
  test.each(ways)('%s: the mean response is the sum of its legs', async (_, written, legs) => {
    const design = pair(written);
    // The arrivals are even and nobody waits; where callers alternate, so do the ways they take.
    const mean = await meanOf(design);
    expect(Math.abs(mean / (WORK + legs) - 1)).toBeLessThan(0.02);
    expect(estimatedMean(design) / (WORK + legs)).toBeCloseTo(1, 1);
  });

  test('regions that are known by name are as far apart as was measured', async () => {
    const design = (a: string, b: string): string => `
name: known
regions: { ${a}: {}, ${b}: {} }
traffic: { users: { call: api.get, rate: 20/s, from: ${a} } }
components: { api: { kind: service, region: ${b}, operations: { get: [ { compute: 1ms } ] } } }
`;
    expect(estimatedMean(design('us-east', 'eu-west'))).toBeCloseTo(0.07 + 0.001, 3);
    expect(estimatedMean(design('eu-west', 'us-east'))).toBeCloseTo(0.07 + 0.001, 3);
    expect(await meanOf(design('tokyo', 'sydney'))).toBeCloseTo(0.107 + 0.001, 3);
  });

  test('the zones are half of rtt.az apart unless said, and regions of no name half of rtt.region', () => {
    const constants = 'constants: { rtt.az: 4ms, rtt.region: 100ms }';
    const zones = pair({ network: 'latency: 250us', store: 'zone: eu-b', api: 'zone: eu-a', us: '' });
    expect(estimatedMean(`${zones}constants: { rtt.az: 4ms }`)).toBeCloseTo(WORK + 0.004, 4);
    const apart = pair({ us: '', network: 'latency: 250us', store: 'instances: 2, zones: [ eu-a, us ]' });
    const legs = (2 * 250e-6 + 0.004) / 4 + 0.05;
    expect(estimatedMean(`${apart}${constants}`)).toBeCloseTo(WORK + legs, 4);
  });

  test('one region that stands everywhere needs no word at a component', async () => {
    const design = `
name: one
regions: { eu: { zones: [ a, b ] } }
network: { latency: 0s, zones: 5ms }
traffic: { users: { call: api.get, rate: 20/s, arrivals: constant } }
components:
  api: { kind: service, zone: b, operations: { get: [ { call: store.get } ] } }
  store: { kind: service, instances: 2, balance: round-robin, operations: { get: [ { compute: 1ms } ] } }
`;
    expect(await meanOf(design)).toBeCloseTo(0.001 + 0.005, 4);
  });

  test('same seed, same bytes; and a design without regions has no leg', () => {
    const plan = planOf(pair({ us: 'zones: [ us-a ], latency: { eu: exponential(40ms) }' }));
    const run = (seed: number): Measurement => runPlan(plan, seed, 20);
    expect(run(3)).toEqual(run(3));
    expect(run(3).traffic[0]!.latencySum).not.toBe(run(4).traffic[0]!.latencySum);
    const legs = (of: Plan): number => {
      const { code } = compile(of, simulatedKinds, new Float64Array(of.operations.length));
      return code.filter((word, i) => i % op.WIDTH === 0 && word === op.LEG).length;
    };
    expect(legs(plan)).toBe(3);
    const { places: _, ...without } = plan;
    expect(legs(without)).toBe(0);
  });
});

describe('what is said of places', () => {
  test('nothing is faster than light in fibre', () => {
    const us = (latency: string) => ({
      us: `zones: [ us-a ], latency: { eu: ${latency} }, distance: { eu: 6200km }`,
    });
    const [found] = problemsOf(pair(us('30ms')));
    expect(found).toMatchObject({ code: 'out-of-range', path: 'regions.us.latency.eu', line: 5 });
    expect(found!.message).toBe('light in fibre takes 31ms for 6200km');
    expect(told(pair({ ...us('31.1ms'), network: 'latency: 250us' }))).toEqual([]);
  });

  test('names that nothing has, or two things have', () => {
    expect(told(pair({ api: 'zone: eu-c' }))).toContain('unknown-reference components.api.zone');
    expect(told(pair({ api: 'region: asia' }))).toContain('unknown-reference components.api.region');
    expect(told(pair({ api: 'zones: [ eu-a, eu-z ]' }))).toContain(
      'unknown-reference components.api.zones[1]',
    );
    expect(told(pair({ traffic: ', from: eu-a' }))).toContain('unknown-reference traffic.users.from');
    expect(told(pair({ us: 'latency: { asia: 40ms }' }))).toContain(
      'unknown-reference regions.us.latency.asia',
    );
    expect(told(pair({ us: 'zones: [ eu-a ]', store: 'zone: eu-a' }))).toContain(
      'bad-name regions.us.zones[0]',
    );
    expect(told(pair({ us: 'zones: [ api ]', store: 'zone: api' }))).toContain(
      'bad-name regions.us.zones[0]',
    );
  });

  test('what contradicts itself', () => {
    expect(told(pair({ api: 'instances: 2' }))).toContain('missing-key components.api');
    expect(told(pair({ api: 'zone: eu-a, zones: [ eu-b ]' }))).toContain(
      'conflicting-keys components.api.zones',
    );
    expect(told(pair({ api: 'region: us, zone: eu-a' }))).toContain('conflicting-keys components.api.zone');
    expect(told(pair({ eu: 'zones: [ eu-a, eu-b ], latency: { us: 40ms }' }))).toContain(
      'conflicting-keys regions.us.latency.eu',
    );
    expect(told(pair({ us: 'latency: { us: 40ms }' }))).toContain('conflicting-keys regions.us.latency.us');
    expect(told(pair({ us: 'distance: { eu: 40000km }' }))).toContain('out-of-range regions.us.distance.eu');
    expect(told(pair({ us: 'distance: { eu: 40ms }' }))).toContain('not-a-quantity regions.us.distance.eu');
  });

  test('regions that are none, or too many', () => {
    const regions = (written: string): string[] =>
      told(`
name: few
regions: ${written}
traffic: { users: { call: api.get, rate: 1/s } }
components: { api: { kind: service, operations: { get: [ { compute: 1ms } ] } } }
`);
    expect(regions('{}')).toEqual(['missing-key regions']);
    expect(regions('{ eu: {} }')).toEqual([]);
    const zones = Array.from({ length: 101 }, (_, i) => `z${i}`).join(', ');
    expect(regions(`{ eu: { zones: [ ${zones} ] } }`)).toEqual(['too-many-values regions']);
    expect(regions('5')).toEqual(['wrong-type regions']);
    expect(regions('{ eu: { zones: [] } }')).toHaveLength(1);
  });

  test('without regions nothing can be named', () => {
    const plain = (api: string, traffic = ''): string => `
name: plain
traffic: { users: { call: api.get, rate: 1/s${traffic} } }
components: { api: { kind: service, ${api} operations: { get: [ { compute: 1ms } ] } } }
`;
    expect(told(plain('zone: a,'))).toEqual(['unknown-reference components.api.zone']);
    expect(told(plain('', ', from: eu'))).toEqual(['unknown-reference traffic.users.from']);
    expect(told(plain('price: $0.2/h,'))).toEqual([]);
  });

  test('what changes nothing gets a warning', () => {
    expect(told(pair())).toEqual(['idle-knob network.zones']);
    expect(told(pair({ store: 'zone: eu-b, price: $1/h' }))).toEqual(['idle-knob regions.us.latency.eu']);
    expect(told(pair({ store: 'zone: eu-b' }))).toEqual(['idle-knob regions.us.latency.eu']);
    expect(told(pair({ store: 'zones: [ us-a, eu-a ]' }))).toContain('idle-knob components.store.zones');
  });
});

const runPlan = (plan: Plan, seed: number, seconds = plan.scenario!.lasts): Measurement =>
  runReplication(
    {
      plan,
      seed,
      replication: 0,
      warmup: 2,
      seconds,
      windows: 0,
      series: Math.round(seconds),
      rates: new Float64Array(plan.operations.length),
    },
    simulatedKinds,
  );

/** Three zones, each with a third of the services, and two regions. */
const spread = (faults: string): string => `
name: spread
data: { user: { count: 1000, size: 1KB, popularity: zipf(1.0) } }
regions:
  eu: { zones: [ eu-a, eu-b, eu-c ] }
  us: { zones: [ us-a, us-b ], latency: { eu: 40ms } }
network: { latency: 250us, zones: 500us }
traffic:
  users: { call: edge.get, rate: 120/s, key: user, timeout: 1s }
  others: { call: api.get, rate: 60/s, key: user, from: us }
components:
  edge: { kind: load-balancer, zone: eu-b, to: api }
  api:
    kind: service
    instances: 6
    zones: [ eu-a, eu-b, eu-c ]
    workers: 20
    queue: 20
    balance: round-robin
    operations:
      get:
        - compute: exponential(3ms)
        - parallel:
            - { read: user, from: store, through: hot, timeout: 200ms, retry: { attempts: 2, base: 10ms } }
            - { call: advice.get, timeout: 300ms, hedge: { after: 100ms } }
          wait for: 1
  advice: { kind: service, instances: 4, zones: [ eu-c, us-a ], balance: round-robin, operations: { get: [ { compute: exponential(2ms) } ] } }
  hot: { kind: cache, region: eu, holds: user, items: 200, nodes: 3, ttl: 30s }
  store: { kind: database, zone: eu-b, stores: user, read: { cpu: exponential(2ms), disk: exponential(1ms) } }
scenarios:
  it: { lasts: 15s, faults: [ ${faults} ] }
`;
const laid = (faults: string): Plan => underScenario(planOf(spread(faults)), 'it');

describe('faults of places', () => {
  test('an outage takes exactly what stands there', () => {
    const { faults } = laid('{ at: 3s, outage: eu-a, for: 5s }').scenario!;
    const hit = faults.map((f) => (f.fault === 'crash' ? [f.component, f.instances, f.connections] : []));
    expect(hit).toEqual([
      [1, 2, 'hanging'],
      [3, 1, 'hanging'],
    ]);
    const region = laid('{ at: 3s, outage: us }').scenario!.faults;
    expect(region).toMatchObject([
      { component: 2, instances: 2, spread: { every: 2, which: [1] }, until: null },
    ]);
  });

  test('without one of three zones a third of the capacity is gone, and comes back', () => {
    const design = (faults: string): string => `
name: full
regions: { eu: { zones: [ a, b, c ] } }
traffic: { users: { call: api.get, rate: 900/s, timeout: 1s } }
components: { api: { kind: service, instances: 6, queue: 4, balance: round-robin, operations: { get: [ { compute: exponential(10ms) } ] } } }
scenarios: { it: { lasts: 60s, faults: [ ${faults} ] } }
`;
    const plan = underScenario(planOf(design('{ at: 20s, outage: b, for: 20s }')), 'it');
    const { series } = runPlan(plan, 5);
    const busy = [...series!.stations[0]!.busy];
    const over = (from: number, to: number): number =>
      busy.slice(from, to).reduce((sum, b) => sum + b, 0) / (to - from);
    expect(over(5, 19)).toBeGreaterThan(5.5);
    // Four of six instances are left.
    expect(over(24, 39) / 4).toBeGreaterThan(0.9);
    expect(over(24, 39)).toBeLessThanOrEqual(4 + 1e-9);
    expect(over(45, 59)).toBeGreaterThan(5.5);
  });

  test('a cut between regions stops what stands on both sides of it, and nothing else', () => {
    const design = (fault: string): string => `
name: parted
regions:
  eu: { zones: [ eu-a, eu-b ] }
  us: { latency: { eu: 10ms } }
network: { latency: 0s, zones: 1ms }
traffic: { users: { call: api.get, rate: 200/s, arrivals: constant } }
components:
  api: { kind: service, instances: 2, zones: [ eu-a, us ], balance: round-robin, operations: { get: [ { call: back.get, timeout: 500ms } ] } }
  back: { kind: service, zone: eu-b, operations: { get: [ { compute: 1ms } ] } }
scenarios: { it: { lasts: 20s, faults: [ ${fault} ] } }
`;
    const failed = (fault: string): number => {
      const { traffic } = runPlan(underScenario(planOf(design(fault)), 'it'), 1);
      return traffic[0]!.failed.reduce((sum, count) => sum + count, 0) / traffic[0]!.offered;
    };
    // Half of the requests come to the instance in us.
    expect(failed('{ at: 5s, cut: us, from: eu, for: 10s }')).toBeCloseTo(0.25, 2);
    expect(failed('{ at: 5s, cut: eu-a, from: eu-b, for: 10s }')).toBeCloseTo(0.25, 2);
    expect(failed('{ at: 5s, cut: api, from: eu-b, for: 10s }')).toBeCloseTo(0.5, 2);
    expect(failed('{ at: 5s, cut: eu, from: us, direction: one-way, for: 10s }')).toBeCloseTo(0.25, 2);
    expect(failed('{ at: 5s, link: us, to: eu, delay: 600ms, for: 10s }')).toBeCloseTo(0.25, 2);
    expect(failed('{ at: 5s, link: us, to: eu, delay: 10ms, for: 10s }')).toBe(0);
  });

  test('bad faults are told', () => {
    const at = (fault: string): string[] => told(spread(fault));
    expect(at('{ at: 1s, outage: eu-d }')).toEqual(['unknown-reference scenarios.it.faults[0].outage']);
    expect(at('{ at: 1s, outage: api }')).toEqual(['unknown-reference scenarios.it.faults[0].outage']);
    expect(at('{ at: 1s, outage: us-b }')).toEqual(['idle-knob scenarios.it.faults[0].outage']);
    expect(at('{ at: 1s, cut: eu, from: eu-a }')).toEqual(['conflicting-keys scenarios.it.faults[0].from']);
    expect(at('{ at: 1s, cut: eu, from: us-b }')).toEqual(['idle-knob scenarios.it.faults[0].cut']);
    expect(at('{ at: 1s, cut: eu, from: us }')).toEqual([]);
  });

  test('nothing is lost, under any outages and cuts; same seed, same bytes', () => {
    const time = fc.integer({ min: 0, max: 12 }).map((s) => `${s}s`);
    const spell = fc.integer({ min: 1, max: 6 }).map((s) => `${s}s`);
    const place = fc.constantFrom('eu', 'us', 'eu-a', 'eu-b', 'eu-c', 'us-a', 'api', 'store');
    const apart = fc
      .tuple(place, place)
      .filter(
        ([a, b]) => a !== b && !(a.startsWith('eu') && b === 'eu') && !(a === 'eu' && b.startsWith('eu')),
      )
      .filter(([a, b]) => !(a.startsWith('us') && b.startsWith('us')));
    const fault = fc.oneof(
      fc
        .record({ at: time, on: fc.constantFrom('eu', 'us', 'eu-a', 'eu-b', 'eu-c', 'us-a'), for: spell })
        .map((f) => `{ at: ${f.at}, outage: ${f.on}, for: ${f.for} }`),
      fc
        .record({ at: time, p: apart, for: spell, d: fc.constantFrom('both', 'one-way') })
        .map((f) => `{ at: ${f.at}, cut: ${f.p[0]}, from: ${f.p[1]}, direction: ${f.d}, for: ${f.for} }`),
      fc
        .record({ at: time, p: apart, for: spell })
        .map((f) => `{ at: ${f.at}, link: ${f.p[0]}, to: ${f.p[1]}, loss: 20%, delay: 20ms, for: ${f.for} }`),
      fc
        .record({ at: time, for: spell })
        .map((f) => `{ at: ${f.at}, crash: api, instances: 2, for: ${f.for} }`),
    );
    fc.assert(
      fc.property(
        fc.array(fault, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1000 }),
        (faults, seed) => {
          const plan = laid(faults.join(', '));
          const measured = runPlan(plan, seed);
          expect(measured.ended).toBe('time');
          for (const each of measured.traffic) {
            const failed = each.failed.reduce((sum, count) => sum + count, 0);
            expect(each.served + failed + each.inFlight).toBe(each.offered);
          }
          for (const { messages, bytes } of measured.crossings)
            expect(bytes).toBeGreaterThanOrEqual(messages);
          expect(runPlan(plan, seed)).toEqual(measured);
        },
      ),
      { numRuns: 15 },
    );
  });
});
