import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import type { Plan } from '../../design/plan.ts';
import { underScenario } from '../../design/under-scenario.ts';
import { estimate } from '../../estimate/index.ts';
import { simulate } from '../../simulate/index.ts';
import type { Measurement } from '../../simulate/outcome/measurement.ts';
import { runReplication } from '../../simulate/replication.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';

const described = kinds.map(({ describe: kind }) => kind);
const load = (text: string) => loadDesign(text, { file: 'test.yaml', kinds: described });

function planOf(text: string, scenario?: string): Plan {
  const { plan, diagnostics } = load(text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return scenario === undefined ? plan! : underScenario(plan!, scenario);
}

function run(plan: Plan, seconds = 60, seed = 1): Measurement {
  const job = { plan, seed, replication: 0, warmup: 0, seconds, windows: 0 };
  return runReplication({ ...job, rates: new Float64Array(plan.operations.length) }, simulatedKinds);
}

/** Requests that come one after the other and wait, so that they pile up in memory. */
const waiting = (arrivals: string, memory: string, wait = '1h') => `
name: waiting
traffic: { users: { call: shop.get, ${arrivals} } }
components:
  shop: { kind: service, ${memory}, operations: { get: [ { wait: ${wait} } ] } }
`;

const kill = (room: number, restart: string) =>
  `memory: ${room}MB, memory-per-request: 1MB, when-full: kill, restart: ${restart}`;

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);

function checkNothingLost({ traffic, ended }: Measurement): void {
  expect(ended).toBe('time');
  for (const { offered, served, failed, inFlight } of traffic)
    expect(served + sum(failed) + inFlight).toBe(offered);
}

describe('an instance that runs out of memory', () => {
  test('OOM-1 is killed with all it has in work, refuses until it is back, and begins empty', async () => {
    const plan = planOf(waiting('rate: 10/s, arrivals: constant', kill(5, '950ms')));
    const measured = run(plan, 100.05);
    // Five have room, the sixth kills; nine more find nobody, and the cycle begins anew after 1.5 s.
    const [kills] = measured.kills!;
    expect(kills).toBeGreaterThanOrEqual(66);
    checkNothingLost(measured);
    const report = await simulate(plan, simulatedKinds, {
      seed: 1,
      time: 100.05,
      replications: 2,
      warmup: 0,
    });
    const { failed } = report.operations['users']!;
    expect(failed['shop out of memory']).toBe(12 * kills!);
    expect(Object.keys(failed).toSorted()).toEqual(['shop down', 'shop out of memory']);
    expect(Math.abs(failed['shop down']! - 18 * kills!)).toBeLessThanOrEqual(18);
    expect(report.kills!['shop']!.times).toBe(2 * kills!);
  });

  test('OOM-13 with a backoff, is down twice as long each time, up to a cap, until it has run for long', () => {
    const backoff = (words: string) =>
      waiting('rate: 10/s, arrivals: constant', `${kill(5, '950ms')}, restart-backoff: { ${words} }`);
    // Up for 0.6 s, in which five fill the memory and the sixth kills; down for 0.95 s, 1.9 s, then 3 s each time. An instance
    // comes back between two requests, at most a tenth of a second before it is asked.
    const kills = (words: string) => run(planOf(backoff(words)), 100).kills![0]!;
    const capped = kills('cap: 3s, reset: 10min');
    expect(capped).toBeGreaterThanOrEqual(Math.floor((100 - 0.95 - 1.9) / (3 + 0.6 + 0.1)));
    expect(capped).toBeLessThanOrEqual(2 + Math.ceil((100 - 0.95 - 1.9) / (3 + 0.5)));
    // 0.95 s × (1 + 2 + … + 32) and 6 × 0.6 s are less than 100 s, and the next is not back in time.
    expect(kills('cap: 1h')).toBe(7);
    // It always runs for longer than this before it is killed, and so it is never killed in a row.
    expect(kills('cap: 1h, reset: 400ms')).toBe(
      run(planOf(waiting('rate: 10/s, arrivals: constant', kill(5, '950ms'))), 100).kills![0],
    );
    const found = (text: string) => load(text).diagnostics.map(({ code, path }) => `${code} ${path}`);
    const at = 'components.shop.restart-backoff';
    expect(found(backoff('cap: 500ms'))).toEqual([`out-of-range ${at}.cap`]);
    expect(found(backoff('cap: 950ms'))).toEqual([`idle-knob ${at}`]);
    expect(found(backoff('').replace('when-full: kill, restart: 950ms, ', ''))).toEqual([`idle-knob ${at}`]);
  });

  test('OOM-2 as often as a birth and death process reaches its bound', () => {
    // Mean passage from n to n + 1 requests: 1/λ + (n μ/λ) times that from n − 1 to n (Karlin & Taylor, 1975, 4.5).
    const rate = 50;
    const room = 12;
    let step = 0;
    let cycle = 2;
    for (let n = 0; n <= room; n++) {
      step = 1 / rate + ((n * 5) / rate) * step;
      cycle += step;
    }
    const plan = planOf(waiting(`rate: ${rate}/s`, kill(room, '2s'), 'exponential(200ms)'));
    const seconds = 4000;
    const [kills] = run(plan, seconds).kills!;
    // Cycles of a renewal process vary by less than their mean here: at most Poisson's deviation.
    expect(Math.abs(kills! - seconds / cycle)).toBeLessThan(4 * Math.sqrt(seconds / cycle));
    expect(kills).toBeGreaterThan(300);
  });

  test('OOM-3 takes less where the program itself takes more', () => {
    const of = (base: string) =>
      run(planOf(waiting('rate: 10/s, arrivals: constant', `${kill(20, '1s')}, memory-base: ${base}`)), 50)
        .kills![0]!;
    expect(of('15MB')).toBeGreaterThan(2 * of('0B'));
    expect(
      run(planOf(waiting('rate: 10/s', 'memory: 1TB, memory-per-request: 1MB, when-full: kill'))).kills,
    ).toEqual([0]);
  });

  test('OOM-4 sends its load to the others, which can follow it; one that refuses spares them', () => {
    const design = (full: string) => `
name: cascade
traffic: { users: { call: edge.get, rate: 700/s, timeout: 2s } }
components:
  edge: { kind: load-balancer, to: shop, algorithm: least-connections, health: { every: 1s, fall: 2 } }
  shop: { kind: service, instances: 4, cores: 2, memory: 400MB, memory-per-request: 10MB, ${full}, operations: { get: [ { compute: exponential(8ms) }, { call: db.ask } ] } }
  db: { kind: service, cores: 16, operations: { ask: [ { compute: exponential(10ms) } ] } }
scenarios:
  blip: { lasts: 90s, faults: [ { at: 10s, slow: db, by: 12x, for: 5s } ] }
`;
    const served = (full: string) => run(planOf(design(full), 'blip'), 90).traffic[0]!.served;
    const all = 700 * 90;
    // Five seconds of ninety are slow; then all is well again, or nothing ever is.
    expect(served('when-full: refuse')).toBeGreaterThan(0.9 * all);
    expect(served('when-full: kill, restart: 20s')).toBeLessThan(0.5 * all);
  });

  test('OOM-5 loses no request and no message, whatever else goes wrong', () => {
    const design = (room: number, restart: number, workers: string, faults: string) => `
name: hurt
data: { item: { count: 100, size: 1KB } }
traffic:
  users: { call: edge.get, rate: 150/s, key: item, timeout: 400ms, cancel: true }
components:
  edge: { kind: load-balancer, to: shop, algorithm: round-robin, health: { every: 1s, fall: 1 }, eject: { consecutive: 3, for: 1s } }
  shop:
    kind: service
    instances: 3
    cores: 2
    ${workers}
    memory: ${room}MB
    memory-per-request: 1MB
    when-full: kill
    restart: ${restart}ms
    discovery: { heartbeat: 1s, expire: 2s, refresh: 1s }
    operations:
      get:
        - compute: exponential(8ms)
        - parallel:
            - { call: deep.get, timeout: 50ms, retry: { attempts: 2, base: 10ms }, cancel: true }
            - { read: item, from: store, through: hot, coalesce: cache }
          wait for: 1
          cancel: true
        - publish: jobs
  deep: { kind: service, instances: 2, cores: 2, memory: 4MB, memory-per-request: 1MB, when-full: kill, restart: 500ms, discipline: processor-sharing, operations: { get: [ { compute: exponential(10ms) } ] } }
  hot: { kind: cache, holds: item, items: 20, ttl: 5s }
  store: { kind: database, stores: item, connections: 5, cores: 2, read: { cpu: exponential(8ms) } }
  jobs: { kind: queue, consumer: work.do, visibility: 2s, concurrency: 4 }
  work: { kind: service, instances: 2, memory: 3MB, memory-per-request: 1MB, when-full: kill, restart: 1s, operations: { do: [ { compute: exponential(5ms) } ] } }
scenarios:
  it: { lasts: 12s, faults: [ ${faults} ] }
`;
    const time = fc.integer({ min: 0, max: 10 });
    const fault = fc.oneof(
      time.map((at) => `{ at: ${at}s, slow: store, by: 10x, for: 2s }`),
      time.map((at) => `{ at: ${at}s, crash: shop, instances: 1, for: 2s }`),
      time.map((at) => `{ at: ${at}s, crash: deep, for: 1s, connections: hanging }`),
      time.map((at) => `{ at: ${at}s, freeze: shop, for: 1s }`),
      time.map((at) => `{ at: ${at}s, deploy: shop, every: 1s, drain: 500ms, restart: 1s }`),
    );
    const workers = fc.constantFrom('', 'workers: 6', 'discipline: adaptive-lifo', 'shed: { at: 20ms }');
    let kills = 0;
    fc.assert(
      fc.property(
        fc.record({
          room: fc.integer({ min: 2, max: 30 }),
          restart: fc.integer({ min: 1, max: 4000 }),
          workers,
        }),
        fc.array(fault, { maxLength: 4 }),
        fc.nat({ max: 1e6 }),
        ({ room, restart, workers: words }, faults, seed) => {
          const { plan, diagnostics } = load(design(room, restart, words, faults.join(', ')));
          expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
          const laid = underScenario(plan!, 'it');
          const measured = run(laid, 12, seed);
          checkNothingLost(measured);
          kills += sum(measured.kills!);
          for (const of of measured.stations) {
            expect(of.starts).toBeGreaterThanOrEqual(0);
            if (of.servers !== null) expect(of.busyArea).toBeLessThanOrEqual(of.servers * 12 * (1 + 1e-9));
          }
          for (const { published, ended, held } of measured.channels)
            expect(sum(ended) + held).toBe(published);
        },
      ),
      { numRuns: 40 },
    );
    expect(kills).toBeGreaterThan(100);
  });

  test('OOM-7 leaves the estimate without figures, unless it is next to never', () => {
    const killed = (memory: string) => `
name: killed
traffic: { users: { call: shop.get, rate: 80/s } }
components:
  shop: { kind: service, cores: 1, ${memory}, operations: { get: [ { compute: exponential(5ms) } ] } }
goals: { users: { p99: 100ms, success: 99% } }
`;
    // Of a hundred requests less than one finds no room, and many are lost by that.
    const often = planOf(killed(kill(5, '1s')));
    const { operations, goals, notes } = estimate(often, estimatedKinds);
    const { success, throughput, latency } = operations['users']!;
    for (const { value } of [success, throughput, latency.mean, latency.p99]) expect(value).toBeNull();
    expect(goals.map(({ met }) => met)).toEqual(['unknown', 'unknown']);
    expect(notes.join()).toContain('what dies with an instance that is killed');
    const [traffic] = run(often, 200).traffic;
    expect(traffic!.served / traffic!.offered).toBeLessThan(0.9);
    // Who is refused takes nobody along, and with ample room nobody is killed.
    for (const memory of [kill(500, '1s'), 'memory: 5MB, memory-per-request: 1MB']) {
      const calm = estimate(planOf(killed(memory)), estimatedKinds);
      expect(calm.operations['users']!.success.value).toBeGreaterThan(0.99);
      expect(calm.goals.map(({ met }) => met)).toEqual([true, true]);
    }
  });

  test('OOM-6 words of it without effect are reported, and a base that leaves no room is refused', () => {
    const found = (memory: string) =>
      load(waiting('rate: 1/s', memory)).diagnostics.map(
        ({ code, path }) => `${code} ${path?.replace(/^.*shop\./, '')}`,
      );
    const memory = 'memory: 10MB, memory-per-request: 1MB';
    expect(found('when-full: kill, restart: 1s, memory-base: 1MB')).toEqual([
      'idle-knob when-full',
      'idle-knob restart',
      'idle-knob memory-base',
    ]);
    expect(found(`${memory}, restart: 1s`)).toEqual(['idle-knob restart']);
    expect(found(`${memory}, when-full: kill, restart: 1s`)).toEqual([]);
    expect(found(`${memory}, memory-base: 9.5MB`)).toEqual(['out-of-range memory-per-request']);
    expect(found(`${memory}, when-full: swap`)).toEqual(['unknown-value when-full']);
  });
});
