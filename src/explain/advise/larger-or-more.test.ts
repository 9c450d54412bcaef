import { describe, expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { edited, loadDesignObject } from '../../design/index.ts';
import { inlineRunner, simulate } from '../../simulate/index.ts';
import { advise } from './advise.ts';
import { movesFor } from './catalogue.ts';
import type { Changeable } from './changeable.ts';
import type { Move, WrittenDesign } from './move.ts';
import { wayTo } from './situation.ts';

const parts = kindParts();
const runner = inlineRunner(parts.simulated);
const load = (design: unknown) => loadDesignObject(design, { kinds: parts.described });
const changeable = (design: unknown): Changeable => ({ design, load });

/** A core does 100 requests a second; the largest machine has eight cores. */
const small = {
  name: 'small',
  constants: { 'cap.machine.cores': 8 },
  network: { latency: '0s' },
  traffic: { users: { call: 'api.ask', rate: '5000/s', timeout: '1s' } },
  components: {
    api: { kind: 'service', cores: 1, queue: 5, operations: { ask: [{ compute: '10ms' }] } },
  },
};

/** Requests served a second, of far more than can be. */
async function mostServed(design: unknown): Promise<number> {
  const { plan } = load(design);
  const report = await simulate(plan!, parts.simulated, { seed: 1, replications: 2, time: 4 }, runner);
  return report.operations['users']!.throughput.value!;
}

/** Changes of more of what gives way, where that is the CPU. */
async function moreCpu(design: unknown): Promise<ReadonlyMap<string, Move>> {
  const { plan } = load(design);
  const broken = await simulate(plan!, parts.simulated, { seed: 1, replications: 2, time: 1 }, runner);
  const moves = movesFor({
    design: design as WrittenDesign,
    plan: plan!,
    kinds: { described: new Map(parts.described.map((each) => [each.name, each])), moves: parts.moves },
    narrow: [{ component: 'api', station: 'cpu', factor: 2 }],
    way: wayTo(plan!, ['api']),
    broken,
  });
  return new Map(moves.map((move) => [move.name, move]));
}

describe('a larger machine, or more of them', () => {
  test('ADV-14 doubling the cores doubles what is served until the largest machine; from there on instances do', async () => {
    let design: unknown = small;
    let served = await mostServed(design);
    const cores: number[] = [];
    for (let more = await moreCpu(design); more.has('api.cores'); more = await moreCpu(design)) {
      design = edited(design, more.get('api.cores')!.edits);
      cores.push((design as typeof small).components.api.cores);
      const then = await mostServed(design);
      // Saturated, and each request as long: only the first and the last that are served tell them apart.
      expect(then / served).toBeGreaterThan(1.95);
      expect(then / served).toBeLessThan(2.05);
      served = then;
    }
    expect(cores).toEqual([2, 4, 8]);
    const wider = edited(design, (await moreCpu(design)).get('api.instances')!.edits);
    const ratio = (await mostServed(wider)) / served;
    expect(ratio).toBeGreaterThan(1.95);
    expect(ratio).toBeLessThan(2.05);
  });

  test('ADV-15 advice at the largest machine says so, and has more of them', async () => {
    const api = { ...small.components.api, cores: 8, queue: undefined };
    const design = JSON.parse(
      JSON.stringify({
        ...small,
        traffic: { users: { ...small.traffic.users, rate: '600/s' } },
        components: { api },
        goals: { users: { p99: '100ms' } },
      }),
    );
    const report = await advise(changeable(design), parts, { most: 4, precision: 0.2 }, runner);
    const names = [...report.advice, ...report.rejected].map(({ name }) => name);
    expect(names).toContain('api.instances');
    expect(names).not.toContain('api.cores');
    expect(report.notes).toContain(
      'api has as many cores as the largest machine, 8: more of it takes more machines.',
    );
  });

  /** One node, up 99 % of the time. */
  const promised = (success: string, api: object = {}, goal: object = {}) => ({
    name: 'promised',
    traffic: { users: { call: 'api.ask', rate: '50/s' } },
    components: { api: { kind: 'service', ...api, operations: { ask: [{ compute: '2ms' }] } } },
    goals: { users: { success, ...goal } },
  });
  const fails = { fails: { mtbf: '99h', mttr: '1h' } };

  test('ADV-16 a promise of 99.9 % with a node of 99 % takes two, of which the one that is down is left out', async () => {
    const design = promised('99.9%', fails);
    const report = await advise(changeable(design), parts, { most: 2 }, runner);
    expect(report.broken).toEqual(['users.success ≥ 99.9%']);
    const [first] = report.advice;
    expect(first).toMatchObject({ rank: 1, helps: 'availability', keeps: report.broken });
    const changed = edited(design, first!.edits) as ReturnType<typeof promised>;
    expect((changed.components.api as { instances?: number }).instances).toBe(2);
    const again = await advise(changeable(changed), parts, { most: 2 }, runner);
    expect(again.broken).toEqual([]);
  });

  test('ADV-17 one node that is up as much as was promised is enough, and a goal that nobody promised is about the run', async () => {
    const kept = await advise(changeable(promised('98%', fails)), parts, { most: 2 }, runner);
    const unsaid = await advise(changeable(promised('99.9%')), parts, { most: 2 }, runner);
    for (const { broken, advice } of [kept, unsaid]) {
      expect(broken).toEqual([]);
      expect(advice.flatMap(({ keeps }) => keeps)).toEqual([]);
    }
    // An instance of the registry is up 99.5 %: promised for 30 days, the same goal is broken.
    const window = { window: '30d' };
    const period = await advise(changeable(promised('99.9%', {}, window)), parts, { most: 2 }, runner);
    expect(period.broken).toEqual(['users.success ≥ 99.9%']);
  });

  test('ADV-18 behind a balancer that goes on asking who is down, the second comes with its health checks', async () => {
    const one = promised('99.9%', fails);
    const behind = {
      ...one,
      traffic: { users: { call: 'front.ask', rate: '50/s' } },
      components: { front: { kind: 'load-balancer', to: 'api' }, ...one.components },
    };
    const { advice, rejected } = await advise(changeable(behind), parts, { most: 2 }, runner);
    expect(advice[0]).toMatchObject({
      name: 'api.instances + front.health (a second)',
      keeps: ['users.success ≥ 99.9%'],
    });
    // Its own checks nobody would look at.
    const own = rejected.find(({ name }) => name === 'api.instances + api.health (a second)');
    expect(own!.why).toMatch(/^it would do nothing here: /);
  });
});
