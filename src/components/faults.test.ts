import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { underScenario } from '../design/under-scenario.ts';
import { simulate } from '../simulate/index.ts';
import type { Measurement } from '../simulate/outcome/measurement.ts';
import { compile } from '../simulate/program/compile.ts';
import { runReplication } from '../simulate/replication.ts';
import { kinds, simulatedKinds } from './index.ts';

/** A path with everything on it that a fault can hit at work. */
const path = (scenario: string, more = ''): string => `
name: path
data: { user: { count: 1000, size: 1KB, popularity: zipf(1.0) } }
traffic:
  users: { call: edge.get, rate: 200/s, key: user, timeout: 1s }
components:
  edge: { kind: load-balancer, to: api, algorithm: least-connections, cost: 100us }
  api:
    kind: service
    instances: 3
    cores: 2
    workers: 20
    queue: 20
    operations:
      get:
        - compute: exponential(3ms)
        - parallel:
            - { read: user, from: store, through: hot, timeout: 200ms, retry: { attempts: 2, base: 10ms } }
            - { call: advice.get, hedge: { after: 30ms }, breaker: { of: 20, open: 1s }, bulkhead: { most: 10 } }
          wait for: 1
  advice: { kind: service, instances: 2, cores: 4, discipline: processor-sharing, operations: { get: [ { compute: exponential(10ms) }, { call: deep.get } ] } }
  deep: { kind: service, instances: 2, model: event-loop, balance: round-robin, operations: { get: [ { compute: exponential(2ms) }, { wait: 3ms } ] } }
  hot: { kind: cache, holds: user, items: 200, nodes: 2, ttl: 30s }
  store: { kind: database, stores: user, connections: 20, cores: 2, read: { cpu: exponential(2ms), disk: exponential(1ms) } }
${more}
scenarios:
  it: ${scenario}
`;

const described = kinds.map(({ describe }) => describe);

function planOf(text: string): Plan {
  const { plan, diagnostics } = loadDesign(text, { file: 'path.yaml', kinds: described });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return underScenario(plan!, 'it');
}

function run(plan: Plan, seed = 1, warmup = 2): Measurement {
  return runReplication(
    {
      plan,
      seed,
      replication: 0,
      warmup,
      seconds: plan.scenario!.lasts,
      windows: 0,
      series: plan.scenario!.lasts,
      rates: new Float64Array(plan.operations.length),
    },
    simulatedKinds,
  );
}

/** Busy server-seconds of the stations of a component, by second. */
function busyOf(run: Measurement, station: number): number[] {
  return [...run.series!.stations[station]!.busy];
}

const components = ['edge', 'api', 'advice', 'deep', 'hot', 'store'];
const time = fc.integer({ min: 0, max: 12 }).map((s) => `${s}s`);
const spell = fc.integer({ min: 1, max: 6 }).map((s) => `${s}s`);
const component = fc.constantFrom(...components);
const pair = fc
  .tuple(component, component)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ a, b }));
const fault = fc.oneof(
  fc
    .record({ at: time, on: component, for: spell, c: fc.constantFrom('refused', 'hanging') })
    .map((f) => `{ at: ${f.at}, crash: ${f.on}, connections: ${f.c}, for: ${f.for} }`),
  fc
    .record({ at: time, on: fc.constantFrom('api', 'advice', 'deep', 'hot') })
    .map((f) => `{ at: ${f.at}, crash: ${f.on}, instances: 1, for: 3s }`),
  fc
    .record({ at: time, on: component, for: spell })
    .map((f) => `{ at: ${f.at}, slow: ${f.on}, by: 20x, for: ${f.for} }`),
  fc
    .record({ at: time, on: component, for: spell })
    .map((f) => `{ at: ${f.at}, errors: ${f.on}, share: 30%, for: ${f.for} }`),
  fc
    .record({ at: time, on: component, for: spell })
    .map((f) => `{ at: ${f.at}, freeze: ${f.on}, for: ${f.for} }`),
  fc.record({ at: time }).map((f) => `{ at: ${f.at}, flush: hot }`),
  fc.record({ at: time, for: spell }).map((f) => `{ at: ${f.at}, skew: hot, by: 20s, for: ${f.for} }`),
  fc
    .record({ at: time, p: pair, for: spell, d: fc.constantFrom('both', 'one-way') })
    .map((f) => `{ at: ${f.at}, cut: ${f.p.a}, from: ${f.p.b}, direction: ${f.d}, for: ${f.for} }`),
  fc
    .record({ at: time, p: pair, for: spell })
    .map(
      (f) =>
        `{ at: ${f.at}, link: ${f.p.a}, to: ${f.p.b}, loss: 20%, delay: exponential(20ms), for: ${f.for} }`,
    ),
);

describe('laws under faults', () => {
  test('nothing is lost: each request ends exactly once, under any faults', () => {
    fc.assert(
      fc.property(
        fc.array(fault, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 1000 }),
        (faults, seed) => {
          const plan = planOf(path(`{ lasts: 15s, faults: [ ${faults.join(', ')} ] }`));
          const { traffic, stations, ended } = run(plan, seed);
          expect(ended).toBe('time');
          for (const each of traffic) {
            const failed = each.failed.reduce((sum, count) => sum + count, 0);
            expect(each.served + failed + each.inFlight).toBe(each.offered);
          }
          for (const station of stations) {
            expect(station.starts).toBeGreaterThanOrEqual(0);
            expect(station.busyArea).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('same seed, same bytes', () => {
    const plan = planOf(
      path(
        '{ lasts: 12s, faults: [ { at: 2s, crash: api, instances: 2, for: 3s }, { at: 4s, link: api, to: store, loss: 10%, for: 5s }, { at: 6s, freeze: advice, for: 1s } ] }',
      ),
    );
    expect(run(plan, 7)).toEqual(run(plan, 7));
    expect(run(plan, 7).traffic[0]!.served).not.toBe(run(plan, 8).traffic[0]!.served);
  });

  test('a dead instance does nothing', () => {
    for (const name of ['api', 'advice', 'deep', 'store']) {
      const plan = planOf(path(`{ lasts: 12s, faults: [ { at: 3s, crash: ${name}, for: 5s } ] }`));
      const measured = run(plan);
      const group = plan.components.find((each) => each.name === name)!.index;
      const dead = [4, 5, 6];
      let before = 0;
      measured.series!.stations.forEach((_, station) => {
        const busy = busyOf(measured, station);
        const own = stationOwner(plan, station);
        if (own !== group) return;
        before += busy[1]!;
        for (const second of dead) expect(busy[second], `${name} at ${second} s`).toBeCloseTo(0, 9);
        expect(busy[10]!).toBeGreaterThanOrEqual(0);
      });
      expect(before, name).toBeGreaterThan(0);
    }
  });

  test('what is over leaves no trace: a run after all faults serves as one without', () => {
    const quiet = planOf(path('{ lasts: 60s, faults: [ { at: 59s, slow: deep, by: 1.001x } ] }'));
    const hurt = planOf(
      path(
        '{ lasts: 60s, faults: [ { at: 1s, crash: api, for: 2s }, { at: 3s, crash: advice, instances: 1, for: 2s }, { at: 5s, freeze: store, for: 1s }, { at: 6s, slow: api, by: 4x, for: 2s }, { at: 8s, cut: api, from: [ advice, hot ], for: 2s }, { at: 11s, errors: deep, share: 60%, for: 2s } ] }',
      ),
    );
    const served = (plan: Plan): number => {
      let sum = 0;
      for (let seed = 1; seed <= 5; seed++) {
        const series = run(plan, seed).series!.traffic[0]!.served;
        for (let second = 25; second < 58; second++) sum += series[second]!;
      }
      return sum;
    };
    // About 33,000 requests each: a Poisson count has a standard deviation of 0.55 %; the difference of two, 0.78 %.
    expect(Math.abs(served(hurt) / served(quiet) - 1)).toBeLessThan(4 * 0.0078);
  });
});

/** Index of the component that a group of stations belongs to. */
function stationOwner(plan: Plan, station: number): number {
  const names = stationNames(plan);
  return plan.components.findIndex(({ name }) => names[station]!.startsWith(`${name}.`));
}

function stationNames(plan: Plan): string[] {
  return compile(plan, simulatedKinds, new Float64Array(plan.operations.length)).stationGroups.map(
    ({ name }) => name,
  );
}

describe('faults together', () => {
  const one = (faults: string): string => `
name: one
traffic: { users: { call: s.work, rate: 50/s, timeout: 1s } }
components: { s: { kind: service, cores: 4, operations: { work: [ { compute: 5ms } ] } } }
scenarios:
  it: { lasts: 40s, faults: [ ${faults} ] }
`;
  const failed = (faults: string): Record<string, number> => {
    const plan = planOf(one(faults));
    const model = compile(plan, simulatedKinds, new Float64Array(plan.operations.length));
    const counts = run(plan).traffic[0]!.failed;
    return Object.fromEntries(model.reasons.map((reason, r) => [reason, counts[r]!]));
  };

  test('connections hang for as long as one of several crashes says so, and are refused for the rest', () => {
    for (const faults of [
      '{ at: 5s, crash: s, connections: hanging, for: 5s }, { at: 5s, crash: s, for: 20s }',
      '{ at: 5s, crash: s, for: 20s }, { at: 5s, crash: s, connections: hanging, for: 5s }',
    ]) {
      const { timeout, 's down': down } = failed(faults);
      // 50/s for 5 s and for 15 s: four standard deviations of a Poisson count.
      expect(Math.abs(timeout! - 250)).toBeLessThan(4 * Math.sqrt(250));
      expect(Math.abs(down! - 750)).toBeLessThan(4 * Math.sqrt(750));
    }
  });

  test('shares of errors of several faults let pass what each lets pass', () => {
    const { 's errors': errors } = failed(
      '{ at: 0s, errors: s, share: 60% }, { at: 0s, errors: s, share: 60% }',
    );
    expect(Math.abs(errors! - 0.84 * 2000)).toBeLessThan(4 * Math.sqrt(0.84 * 2000));
  });

  test('a backlog of requests that hardly any comes out of is harm', async () => {
    const plan = planOf(
      one('{ at: 10s, slow: s, by: 1000x }').replace(', timeout: 1s', '').replace('50/s', '10/s'),
    );
    const { scenario } = await simulate(plan, simulatedKinds, { scenario: 'it', replications: 4, warmup: 1 });
    expect(scenario!.outcomes['users']!.harmed.value).toBe(1);
    expect(scenario!.outcomes['users']!.recovered.value).toBe(0);
  });

  test('what has no station cannot be made slow, and the report says so', async () => {
    const text = `
name: idle
data: { item: { count: 100, size: 1KB } }
traffic: { users: { call: edge.get, rate: 20/s, key: item } }
components:
  edge: { kind: cdn, to: web, holds: item, pops: 2, items: 10, ttl: 1s }
  web: { kind: service, operations: { get: [ { compute: 1ms } ] } }
scenarios:
  it: { lasts: 5s, faults: [ { at: 1s, slow: edge, by: 5x }, { at: 1s, slow: web, by: 2x } ] }
`;
    const { plan } = loadDesign(text, { file: 'idle.yaml', kinds: described });
    const { notes } = await simulate(plan!, simulatedKinds, { scenario: 'it', replications: 2 });
    expect(notes.filter((note) => note.includes('made slow'))).toEqual([
      'edge is made slow to no effect: it has no station, and the time that it takes is not work.',
    ]);
  });
});
