import { describe, expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { edited, loadDesignObject } from '../../design/index.ts';
import { simulate } from '../../simulate/index.ts';
import { movesFor } from './catalogue.ts';
import type { Move, WrittenDesign } from './move.ts';
import { wayTo } from './situation.ts';

const parts = kindParts();
const load = (design: unknown) => loadDesignObject(design, { kinds: parts.described });

const shop = (web: object, pay: readonly object[]) => ({
  name: 'shop',
  data: { item: { count: 1000, size: '1KB' } },
  traffic: {
    viewers: { call: 'door.view', rate: '50/s', key: 'item' },
    buyers: { call: 'door.buy', rate: '5/s', key: 'item' },
  },
  components: {
    door: { kind: 'gateway', to: 'web', ...web },
    web: {
      kind: 'service',
      instances: 2,
      operations: { view: [{ compute: '1ms' }], buy: [{ compute: '1ms' }, ...pay] },
    },
    bank: { kind: 'external', latency: '1ms', operations: ['charge'] },
  },
});

async function movesOf(design: unknown): Promise<ReadonlyMap<string, Move>> {
  const { plan } = load(design);
  const broken = await simulate(plan!, parts.simulated, { seed: 1, replications: 2, time: 1, warmup: 1 });
  const all = movesFor({
    design: design as WrittenDesign,
    plan: plan!,
    kinds: { described: new Map(parts.described.map((each) => [each.name, each])), moves: parts.moves },
    narrow: [{ component: 'web', station: 'cpu', factor: 2 }],
    way: wayTo(plan!, ['web']),
    broken,
  });
  return new Map(all.map((move) => [move.name, move]));
}
const edges = (moves: ReadonlyMap<string, Move>) => [...moves.keys()].filter((name) => name.includes('-cdn'));

describe('copies in the place of answers', () => {
  test('ADV-19 each operation that changes nothing may have them, one that asks a third party may not', async () => {
    const charge = { call: 'bank.charge' };
    expect(edges(await movesOf(shop({}, [charge])))).toEqual(['door-cdn']);
    expect(edges(await movesOf(shop({}, [])))).toEqual(['door-cdn (door.view)', 'door-cdn (door.buy)']);
  });

  test.each([
    { auth: 'jwt' },
    { limit: { rate: '9/s', per: 'client' } },
    { quota: { requests: 9, window: '1h' } },
  ])('ADV-20 nothing answers before a door that looks at who asks: %j', async (words) => {
    expect(edges(await movesOf(shop(words, [])))).toEqual([]);
  });

  test('ADV-21 several instances that nobody leaves out get probes', async () => {
    const moves = await movesOf(shop({}, []));
    const probed = moves.get('web.health');
    expect(probed?.helps).toBe('availability');
    const { diagnostics } = load(edited(shop({}, []), probed!.edits));
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
