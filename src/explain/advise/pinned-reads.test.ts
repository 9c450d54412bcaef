import { expect, test } from 'vitest';
import { kindParts } from '../../components/index.ts';
import { edited, loadDesignObject } from '../../design/index.ts';
import { simulate } from '../../simulate/index.ts';
import { movesFor } from './catalogue.ts';
import type { WrittenDesign } from './move.ts';
import { pinnedReads } from './pinned-reads.ts';

const parts = kindParts();
const load = (design: unknown) => loadDesignObject(design, { kinds: parts.described });

test('ADV-25 where too many reads of replicas are stale, reads that see the last write, at the price that runs show', async () => {
  const stale = (store: object) => ({
    name: 'stale',
    data: { cart: { count: 100, size: '1KB' } },
    traffic: {
      readers: { call: 'api.look', rate: '300/s', key: 'cart' },
      writers: { call: 'api.change', rate: '40/s', key: 'cart' },
    },
    components: {
      api: {
        kind: 'service',
        operations: { look: [{ read: 'cart', from: 'store' }], change: [{ write: 'cart', to: 'store' }] },
      },
      store: { kind: 'database', stores: 'cart', replicas: 2, lag: 'exponential(200ms)', ...store },
    },
    goals: { store: { stale: '0.5%' } },
  });
  const run = (design: unknown) =>
    simulate(load(design).plan!, parts.simulated, { replications: 3, warmup: 2, time: 4 });
  const fresher = (design: WrittenDesign, broken: Awaited<ReturnType<typeof run>>) =>
    movesFor({
      design,
      plan: load(design).plan!,
      kinds: { described: new Map(parts.described.map((each) => [each.name, each])), moves: parts.moves },
      narrow: [],
      way: new Set(),
      broken,
    }).filter(({ name }) => name.startsWith('store.read-your-writes'));
  const design = stale({});
  const before = await run(design);
  expect(before.goals[0]!.met).toBe(false);
  const moves = fresher(design, before);
  expect(moves.map(({ name }) => name)).toEqual([
    'store.read-your-writes token',
    'store.read-your-writes 1.5s',
  ]);
  const shares: number[] = [];
  for (const { edits } of moves) {
    const after = await run(edited(design, edits));
    expect(after.goals[0]!.met).toBe(true);
    expect(pinnedReads(after, before)).toEqual([
      expect.stringMatching(/^[\d.]+ % of the reads of store go to its primary for that$/),
    ]);
    expect(fresher(edited(design, edits) as WrittenDesign, after)).toEqual([]);
    shares.push(after.replication!['store']!.pinned!.value!);
  }
  // A time keeps more reads at the primary than need to be there.
  expect(shares[1]).toBeGreaterThan(3 * shares[0]!);
  const short = stale({ 'read-your-writes': '10ms' });
  expect(fresher(short, await run(short))).toHaveLength(2);
});
