import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

/** A hundred clients, each of whom asks 10 times a second and may 5 times; one way to anywhere takes `latency`. */
const design = (gate: string, { latency = '10ms', counts = 'nodes: 1', scenario = '' } = {}): string => `
name: counted
network: { latency: ${latency} }
data: { client: { count: 100, size: 50B } }
traffic: { users: { call: gate.get, rate: 1000/s, key: client } }
components:
  gate: { kind: gateway, to: api, ${gate} }
  api: { kind: service, cores: 8, operations: { get: [ { compute: 1ms } ] } }
  counts: { kind: cache, holds: client, memory: 1GB, time: 10us, ${counts} }
${scenario}
`;
const LIMIT = 'rate: 5/s, per: client';
const atomic = `counters: counts, limit: { ${LIMIT} }`;
const apart = `counters: counts, limit: { ${LIMIT}, atomic: false }`;
const local = `limit: { ${LIMIT} }`;

const run = (text: string, more = {}): Promise<Report> =>
  simulate(planOf(text), simulatedKinds, { seed: 5, time: 20, replications: 4, warmup: 2, ...more });
const sheet = (text: string): Report => estimate(planOf(text), estimatedKinds);
const users = ({ operations }: Report) => operations['users']!;
const problems = (text: string): string[] =>
  loadDesign(text, { file: 'd.yaml', kinds: kinds.map((kind) => kind.describe) }).diagnostics.map(
    ({ code, path, message }) => `${code} ${path}: ${message}`,
  );

/** Twice the half-width: many figures are looked at. */
function expectNear({ value, low, high }: Figure, truth: number): void {
  expect(Math.abs(value! - truth), `${value} for ${truth}`).toBeLessThan(high! - low! + 1e-9);
}

/** Of one who asks at random λ times a second and may every T seconds: one a cycle, which is T and a wait for the next. */
const passing = (λ: number, T: number): number => 1 / (T + 1 / λ);
/** The same where all who ask within w of the first pass, and the last of them begins the T. */
const racing = (λ: number, T: number, w: number): number =>
  (1 + λ * w) / (T + 1 / λ + w - (1 - Math.exp(-λ * w)) / λ);

describe('counters of a gateway in a cache', () => {
  it('CTR-1 each request waits for an answer of the cache, or for two where they are read and written apart', async () => {
    const [near, once, twice] = [
      await run(design(local)),
      await run(design(atomic)),
      await run(design(apart)),
    ];
    const trip = 0.02 + 10e-6;
    expect(users(once).latency.mean.value! - users(near).latency.mean.value!).toBeCloseTo(trip, 5);
    expect(users(twice).latency.mean.value! - users(near).latency.mean.value!).toBeCloseTo(2 * trip, 5);
    const estimated = (gate: string) => users(sheet(design(gate))).latency.mean.value!;
    expect(estimated(atomic) - estimated(local)).toBeCloseTo(trip, 5);
    expect(estimated(apart) - estimated(local)).toBeCloseTo(2 * trip, 5);
    // Those that are refused have asked too, and written nothing.
    expectNear(once.stations['counts.node']!.utilization, 1000 * 10e-6);
    expectNear(twice.stations['counts.node']!.utilization, (1000 + users(twice).throughput.value!) * 10e-6);
    expect(sheet(design(atomic)).stations['counts.node']!.utilization.value).toBeCloseTo(0.01, 9);
  });

  it.each([0, 5, 20])(
    'CTR-2 read and written at once they let through what the limit says; apart more, the longer it takes: %i ms',
    async (latency) => {
      const far = { latency: `${latency}ms` };
      expectNear(users(await run(design(atomic, far))).throughput, 100 * passing(10, 0.2));
      const window = (2 * latency) / 1000 + 10e-6;
      const letThrough = users(await run(design(apart, far))).throughput;
      expectNear(letThrough, 100 * racing(10, 0.2, window));
      if (latency > 0) expect(letThrough.low!).toBeGreaterThan(100 * passing(10, 0.2) * 1.05);
    },
  );

  it('CTR-3 a limit for all together is passed by all who come at once', async () => {
    const all = (more: string) => `counters: counts, limit: { rate: 100/s, burst: 10${more} }`;
    expectNear(users(await run(design(all('')))).throughput, 100);
    const raced = users(await run(design(all(', atomic: false')))).throughput;
    // In the 20 ms from reading to writing 20 come: each finds what the first of them found.
    expect(raced.low!).toBeGreaterThan(300);
    expect(sheet(design(all(', atomic: false'))).notes.join()).toContain(
      'between the reading and the writing',
    );
  });

  it('CTR-3a gateways with the same limit count together where they name the same cache', async () => {
    const both = (gate: string) =>
      design(gate)
        .replace(
          'rate: 1000/s, key: client }',
          'rate: 500/s, key: client }, more: { call: other.get, rate: 500/s, key: client }',
        )
        .concat(`  other: { kind: gateway, to: api, ${gate} }\n`);
    const sums = async (gate: string) => {
      const { operations } = await run(both(gate));
      return operations['users']!.throughput.value! + operations['more']!.throughput.value!;
    };
    // Each client asks 5 times a second at either.
    expect((await sums(atomic)) / (100 * passing(10, 0.2))).toBeCloseTo(1, 1.5);
    expect((await sums(local)) / (200 * passing(5, 0.2))).toBeCloseTo(1, 1.5);
    expect(sheet(both(atomic)).notes.join()).toContain('though `other` counts in the same cache');
  });

  it('CTR-4 without the cache nothing is let through, and nothing is lost', async () => {
    const scenario = 'scenarios: { it: { lasts: 20s, faults: [ { at: 5s, crash: counts, for: 5s } ] } }';
    const report = await run(design(atomic, { scenario }), {
      scenario: 'it',
      warmup: undefined,
      time: undefined,
    });
    const { goodput, offered } = report.scenario!.traffic['users']!;
    const at = (seconds: number) => Math.floor(seconds / report.scenario!.window);
    expect(offered.value[at(7.5)]!).toBeGreaterThan(500);
    expect(goodput.value[at(7.5)]!).toBe(0);
    expect(goodput.value[at(15)]!).toBeGreaterThan(200);
    expect(users(sheet(design(atomic))).success.value).toBe(users(sheet(design(local))).success.value);
  });

  it('CTR-5 equal seeds give equal bytes', async () => {
    const [one, other] = [await run(design(apart), { time: 3 }), await run(design(apart), { time: 3 })];
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it('CTR-6 words without effect are told, and what cannot be', () => {
    expect(problems(design(atomic))).toEqual([]);
    expect(problems(design(apart))).toEqual([]);
    const of = (gate: string, more = {}) =>
      problems(design(gate, more)).filter((each) => each.includes('components.gate'));
    expect(of('counters: counts')).toEqual([
      'idle-knob components.gate.counters: without a `limit` it counts nothing',
    ]);
    expect(of(`limit: { ${LIMIT}, atomic: false }`)).toEqual([
      'idle-knob components.gate.limit.atomic: it counts in its own memory, where nothing comes in between',
    ]);
    expect(of(`counters: counts, limit: { ${LIMIT}, clients: 50 }`)).toEqual([
      'idle-knob components.gate.limit.clients: `counts` keeps the counters of all of them',
    ]);
    expect(of('counters: counts, limit: { rate: 100/s }', { counts: 'nodes: 2' })).toEqual([
      'conflicting-keys components.gate.counters: the counter of all clients together is one item, which one of 2 nodes has',
    ]);
    expect(of(atomic, { counts: 'nodes: 2' })).toEqual([]);
    expect(of(atomic.replace('counts', 'api'))[0]).toContain('wrong-kind-for-role');
    expect(of(atomic.replace('counts', 'count'))[0]).toContain('unknown-reference');
  });
});
