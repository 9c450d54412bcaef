import { planSampledMoves, type ShardMap } from '../blocks/index.ts';
import type { Plan, PlanComponent } from '../design/index.ts';
import { type PlacedData, Placement, type PlacementSpec, placedData } from '../design/placement.ts';
import type { ComponentModel } from '../estimate/index.ts';
import { createRandom } from '../kernel/index.ts';
import type { KeyMoves } from '../report/index.ts';
import type { StressedKinds } from './headroom.ts';

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
        ...movedOf(new Placement(was.spec, stored), new Placement(now.spec, stored), stored, now, after.plan),
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

/** The share of all items, and the bytes, of one component. */
function movedOf(
  before: Placement,
  after: Placement,
  stored: readonly PlacedData[],
  { keeps }: Spread,
  plan: Plan,
): Pick<KeyMoves, 'share' | 'bytes'> {
  const counts = { value: 0, low: 0, high: 0 };
  const bytes = { value: 0, low: 0, high: 0 };
  let items = 0;
  for (const { data, count } of stored) {
    const size = plan.data[data]!.size.value;
    const { value, low, high } = planSampledMoves(of(before, data), of(after, data), ranks(count)).moved;
    const exact = count <= LOOKED_AT;
    items += count;
    for (const [end, share] of [
      ['value', value],
      ['low', exact ? value : low],
      ['high', exact ? value : high],
    ] as const) {
      counts[end] += share * count;
      bytes[end] += share * count * size;
    }
  }
  const share = { value: counts.value / items, low: counts.low / items, high: counts.high / items };
  return { share: { ...share, unit: '1' }, bytes: keeps ? { ...bytes, unit: 'B' } : null };
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
