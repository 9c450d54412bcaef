import { evenSlots, planSampledMoves, planSlotMoves, type ShardMap } from '../blocks/index.ts';
import type { Plan, PlanComponent } from '../design/index.ts';
import { type PlacedData, Placement, type PlacementSpec, placedData } from '../design/placement.ts';
import type { ComponentModel } from '../estimate/index.ts';
import { createRandom, type Interval } from '../kernel/index.ts';
import type { KeyMoves } from '../report/index.ts';
import type { StressedKinds } from './stress/headroom.ts';

/** Keys of a data set that are looked at: all of them, or as many drawn by chance. */
const LOOKED_AT = 100_000;

/** Where nothing is spread, everything is on one. */
const ONE: PlacementSpec = {
  by: 'hash',
  shards: 1,
  slots: null,
  virtualNodes: null,
  splits: null,
  entries: null,
};

interface Spread {
  readonly component: PlanComponent;
  readonly spec: PlacementSpec;
  readonly called: string;
  /** Whether it has all the items of its data, and not some of them for a while. */
  readonly keeps: boolean;
}

/** What has to move from shard to shard, or from node to node, when one design becomes the other. */
export function keyMoves(
  before: { readonly plan: Plan; readonly kinds: StressedKinds },
  after: { readonly plan: Plan; readonly kinds: StressedKinds },
): KeyMoves[] {
  const old = spreads(before.plan, before.kinds);
  return [...spreads(after.plan, after.kinds)].flatMap(([name, now]) => {
    const was = old.get(name);
    if (was === undefined || JSON.stringify(was.spec) === JSON.stringify(now.spec)) return [];
    // Both know the items by the numbers they have in one plan: what is where depends on these.
    const stored = placedData(now.component, after.plan);
    return [
      {
        component: name,
        called: (now.spec.shards > 1 ? now : was).called,
        before: was.spec.shards,
        after: now.spec.shards,
        by: { before: was.spec.by, after: now.spec.by },
        ...movedOf(movesBetween(was.spec, now.spec, stored), stored, now, after.plan),
      },
    ];
  });
}

/** By name: the components whose keys decide where they are. */
function spreads(plan: Plan, kinds: StressedKinds): Map<string, Spread> {
  return new Map(
    plan.components.flatMap((component): [string, Spread][] => {
      const model: ComponentModel | undefined = kinds.estimated.get(component.kind)?.model(component, plan);
      if (model === undefined || Object.keys(component.data).length === 0) return [];
      const called = model.called ?? 'instances';
      const keeps = model.front === undefined;
      return [[component.name, { component, spec: model.placement?.spec ?? ONE, called, keeps }]];
    }),
  );
}

/** Of the items of a data set: the share that lies elsewhere, with its interval. */
type MovedShare = (data: PlacedData) => Interval;

function movesBetween(was: PlacementSpec, now: PlacementSpec, stored: readonly PlacedData[]): MovedShare {
  const slots = slotsMoved(was, now);
  if (slots !== null) return () => ({ value: slots, low: slots, high: slots });
  const before = new Placement(was, stored);
  const after = new Placement(now, stored);
  return ({ data, count }) => {
    const { moved } = planSampledMoves(of(before, data), of(after, data), ranks(count));
    return count <= LOOKED_AT ? { ...moved, low: moved.value, high: moved.value } : moved;
  };
}

/** Where both hash to as many slots, whole slots move, and no more of them than there have to: the share of these. */
function slotsMoved(was: PlacementSpec, now: PlacementSpec): number | null {
  const hashed = was.by === 'hash' && now.by === 'hash';
  if (!hashed || now.slots === null || (was.slots !== now.slots && was.shards > 1)) return null;
  const before = evenSlots(was.shards, now.slots);
  return planSlotMoves(before, before.resized(now.shards)).moved.value;
}

/** The share of all items, and the bytes, of one component. */
function movedOf(
  shareOf: MovedShare,
  stored: readonly PlacedData[],
  { keeps }: Spread,
  plan: Plan,
): Pick<KeyMoves, 'share' | 'bytes'> {
  const moved = { value: 0, low: 0, high: 0 };
  const bytes = { value: 0, low: 0, high: 0 };
  const items = stored.reduce((sum, { count }) => sum + count, 0);
  for (const each of stored) {
    const share = shareOf(each);
    for (const end of ['value', 'low', 'high'] as const) {
      moved[end] += (share[end] * each.count) / items;
      bytes[end] += share[end] * each.count * plan.data[each.data]!.size.value;
    }
  }
  return { share: { ...moved, unit: '1' }, bytes: keeps ? { ...bytes, unit: 'B' } : null };
}

function of(placement: Placement, data: number): ShardMap<number> {
  return { shards: placement.shards, shardOf: (rank) => placement.shardOf(data, rank) };
}

function* ranks(count: number): Iterable<number> {
  if (count <= LOOKED_AT) for (let rank = 0; rank < count; rank++) yield rank;
  else {
    const random = createRandom(1, 'keys that move');
    for (let i = 0; i < LOOKED_AT; i++) yield Math.floor(random.next() * count);
  }
}
