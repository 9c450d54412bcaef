import { describe, expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { edited, type KindMoves, loadDesignObject } from '../../design/index.ts';
import { inlineRunner, simulate } from '../../simulate/index.ts';
import { advise } from './advise.ts';
import type { Changeable } from './changeable.ts';
import { downtimeOf } from './promises.ts';

const parts = kindParts();
/** Kinds of which there can be more cores and connections, and that have nothing else to offer. */
const kinds = {
  ...parts,
  moves: new Map(
    [...parts.moves].map(([kind, { knobs }]): [string, KindMoves] => [
      kind,
      {
        knobs: (settings) =>
          (knobs?.(settings) ?? []).filter(({ setting }) => /^(cores|connections)$/.test(setting.join('.'))),
      },
    ]),
  ),
};
const runner = inlineRunner(parts.simulated);
const load = (design: unknown) => loadDesignObject(design, { kinds: parts.described });
const changeable = (design: unknown): Changeable => ({ design, load });

/** Three cores do 600 requests a second, and a pool of connections writes 200 for each of them. */
const shop = (connections: number, rate: string) => ({
  name: 'shop',
  network: { latency: '0s' },
  data: { order: { count: 1000, size: '1KB' } },
  traffic: { users: { call: 'web.buy', rate, key: 'new order' } },
  components: {
    web: {
      kind: 'service',
      cores: 3,
      operations: { buy: [{ compute: 'exponential(5ms)' }, { write: 'order', to: 'store' }] },
    },
    store: {
      kind: 'database',
      stores: 'order',
      cores: 16,
      connections,
      write: { cpu: 'exponential(5ms)', disk: '0s' },
    },
  },
  goals: { users: { p99: '100ms' } },
});
const quick = { most: 1.5, precision: 0.5 };

async function holds(design: unknown): Promise<boolean | 'unknown'> {
  const options = { seed: 77, replications: 2, warmup: 2, time: 20 };
  return (await simulate(load(design).plan!, parts.simulated, options, runner)).goals[0]!.met;
}

describe('several changes as one', () => {
  test('ADV-31 a design that carries its load with no single change gets those along its bottlenecks, and carries it with all of them alone', async () => {
    const design = shop(2, '800/s');
    const { advice, headroom } = await advise(changeable(design), kinds, quick, runner);
    expect(headroom.high).toBeLessThan(1);
    const [first, ...others] = advice.filter(({ helps }) => helps === 'load');
    expect(first!.steps.map(({ name }) => name)).toEqual(['store.connections', 'web.cores']);
    expect(first!.headroom!.low).toBeGreaterThanOrEqual(1);
    expect(first!.cost).toBeGreaterThan(0);
    // What gave way each time is the reason of each step, and none of the others carries the load.
    expect(first!.steps[0]!.because).toMatch(/^at 0\.\d+× store\.connections /);
    expect(first!.steps[1]!.because).toMatch(/^at 0\.\d+× web\.cpu /);
    for (const { headroom, steps } of others) {
      expect(steps).toEqual([]);
      expect(headroom!.high).toBeLessThan(1);
    }
    expect(await holds(edited(design, first!.edits))).toBe(true);
    for (const edit of first!.edits) expect(await holds(edited(design, [edit]))).toBe(false);
  });

  test('ADV-32 a design that one change is enough for gets one, as large as its load takes', async () => {
    const { advice } = await advise(changeable(shop(1, '500/s')), kinds, quick, runner);
    const [first] = advice.filter(({ helps }) => helps === 'load');
    expect(first).toMatchObject({ name: 'store.connections', steps: [] });
    expect(first!.headroom!.low).toBeGreaterThanOrEqual(1);
    expect(advice.filter(({ steps }) => steps.length > 0)).toEqual([]);
  });

  test('ADV-34 a bulkhead that is full before what is behind it is widened until the load gets through', async () => {
    const design = {
      name: 'narrow',
      network: { latency: '0s' },
      traffic: { users: { call: 'web.pay', rate: '100/s' } },
      components: {
        web: {
          kind: 'service',
          operations: { pay: [{ compute: '1ms' }, { call: 'bank.charge', bulkhead: { most: 2 } }] },
        },
        bank: { kind: 'external', latency: 'exponential(20ms)', operations: ['charge'] },
      },
      goals: { users: { success: '99%' } },
    };
    const { because, advice, headroom } = await advise(changeable(design), kinds, quick, runner);
    expect(headroom.high).toBeLessThan(1);
    expect(because[0]).toBe('web.bulkhead to bank.charge full');
    const [first] = advice;
    expect(first).toMatchObject({ name: 'bank calls.bulkhead.most', steps: [] });
    expect(first!.headroom!.low).toBeGreaterThanOrEqual(1);
    // By Erlang's loss formula two calls in progress on average need seven places for 99 %.
    const most = first!.edits[0]!.value;
    expect(most).toBeGreaterThanOrEqual(7);
    expect(first!.chose).toBe(`calls to bank: ${most} at the same time through the bulkhead`);
    expect(await holds(edited(design, first!.edits))).toBe(true);
  });

  test('ADV-33 a promise that no single change keeps gets those that it takes, and no more', async () => {
    const design = {
      name: 'promised',
      traffic: { users: { call: 'front.ask', rate: '5/s' } },
      components: {
        front: { kind: 'load-balancer', to: 'api' },
        api: { kind: 'service', operations: { ask: [{ call: 'back.ask' }] } },
        back: { kind: 'service', operations: { ask: [{ compute: '2ms' }] } },
      },
      goals: { users: { success: '99.9%', window: '30d' } },
    };
    const report = await advise(changeable(design), parts, { ...quick, most: 1 }, runner);
    expect(report.broken).toEqual(['users.success ≥ 99.9%']);
    const [first, ...others] = report.advice;
    expect(first).toMatchObject({ rank: 1, helps: 'availability', keeps: report.broken });
    // The balancer alone is up often enough.
    expect(first!.steps.map(({ name }) => name)).toEqual([
      'api.instances + front.health (a second)',
      'back.instances + back.health (a second)',
    ]);
    for (const { keeps, downtime } of others) {
      expect(keeps).toEqual([]);
      expect(downtime!.after.low).toBeGreaterThan(first!.downtime!.after.high!);
    }
    const { plan } = load(edited(design, first!.edits));
    expect(downtimeOf(plan!, parts.estimated, 99)!.broken).toEqual([]);
  });
});
