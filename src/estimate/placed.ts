import type { Placement } from '../design/placement.ts';
import type { Plan } from '../design/plan.ts';
import { within } from './activities.ts';
import type { Stream } from './flows.ts';
import type { KeyClasses, KeyStream, Pinned } from './keys.ts';
import type { Activity, ComponentModel } from './kind.ts';
import { mean } from './law/index.ts';
import type { PoolClass } from './shares.ts';
import { timeLaw } from './station.ts';

/** Keys whose shards are looked up one by one; the less popular ones are taken for spread as many keys are. */
const RANKS_MAX = 2 ** 17;
/** Classes of shards that are told apart; the hottest shard is one. */
const CLASSES_MAX = 16;

const known = new WeakMap<KeyClasses, WeakMap<Placement, readonly Float64Array[]>>();

/** By class of keys: the share of its requests that each shard gets. */
function sharesByClass(
  placement: Placement,
  data: number,
  classes: KeyClasses,
  exponent: number,
): readonly Float64Array[] {
  const before = known.get(classes)?.get(placement);
  if (before !== undefined) return before;
  const rest = placement.shares();
  const shares: Float64Array[] = [];
  let first = 1;
  for (let k = 0; k < classes.keys.length; ) {
    // Later ranks come as two classes that stand for one range of them.
    const pair = classes.keys.length > 1 && classes.keys[k] !== 1 ? 2 : 1;
    const ranks = Math.round(pair * classes.keys[k]!);
    const of = new Float64Array(placement.shards);
    const looked = Math.max(0, Math.min(first + ranks - 1, RANKS_MAX) - first + 1);
    let mass = 0;
    for (let rank = first; rank < first + looked; rank++) {
      const popularity = rank ** -exponent;
      mass += popularity;
      of[placement.shardOf(data, rank - 1)]! += popularity;
    }
    const byRank = looked / ranks;
    for (let shard = 0; shard < of.length; shard++) {
      of[shard] = (looked === 0 ? 0 : (of[shard]! / mass) * byRank) + rest[shard]! * (1 - byRank);
    }
    for (let each = 0; each < pair; each++) shares.push(of);
    first += ranks;
    k += pair;
  }
  const byPlacement = known.get(classes) ?? new WeakMap<Placement, readonly Float64Array[]>();
  known.set(classes, byPlacement.set(placement, shares));
  return shares;
}

/** What share of the requests with such keys each shard gets. */
function sharesOfStream(
  placement: Placement,
  keys: KeyStream,
  plan: Plan,
  classesOf: (data: number) => KeyClasses,
): Float64Array {
  if (keys.keys === 'none') return new Float64Array(placement.shards).fill(1 / placement.shards);
  if (keys.keys === 'new') return placement.sharesOfNew();
  const { popularity } = plan.data[keys.data]!;
  const exponent = popularity.law === 'zipf' ? popularity.exponent : 0;
  const byClass = sharesByClass(placement, keys.data, classesOf(keys.data), exponent);
  const shares = new Float64Array(placement.shards);
  keys.shares.forEach((share, k) => {
    const of = byClass[k]!;
    for (let shard = 0; shard < shares.length; shard++) shares[shard]! += share * of[shard]!;
  });
  return shares;
}

/** What each instance of a component gets of what comes to a station, where instances have keys of their own. */
export interface ShardLoads {
  /** By shard: its share of the station's work; of the requests, where none of it is work of the station. */
  readonly work: Float64Array;
  /** By traffic: what share of its requests each shard gets. */
  readonly byTraffic: ReadonlyMap<number, Float64Array>;
}

/** @param streams by operation of the plan */
export function shardLoads(
  component: number,
  station: number,
  placement: Placement,
  { plan, model, streams, classesOf, pinned }: PlacedAround,
): ShardLoads {
  const work = new Float64Array(placement.shards);
  const requests = new Float64Array(placement.shards);
  const byTraffic = new Map<number, Float64Array>();
  const shardsOf = new Map<KeyStream, Float64Array>();
  const sharesOf = (keys: KeyStream): Float64Array => {
    const shares = shardsOf.get(keys) ?? sharesOfStream(placement, keys, plan, classesOf);
    shardsOf.set(keys, shares);
    return shares;
  };
  const add = (activities: readonly Activity[], keys: KeyStream, rate: number): void => {
    for (const activity of activities) {
      if (activity.does === 'visit' && activity.station === station) {
        const each = mean(timeLaw(activity.time));
        const shares = sharesOf(keys);
        for (let shard = 0; shard < shares.length; shard++) work[shard]! += rate * each * shares[shard]!;
      } else if (activity.does === 'pin') {
        const ways = pinned(component, keys);
        add(activity.pinned, ways.pinned.keys, rate * ways.pinned.probability);
        add(activity.others, ways.others.keys, rate * ways.others.probability);
      } else {
        for (const { times, activities: inner } of within(activity, 0)) add(inner, keys, rate * times);
      }
    }
  };
  for (const operation of plan.components[component]!.operations) {
    const activities = model.activities(plan.operations[operation]!);
    for (const { traffic, keys, rate } of streams[operation]!) {
      add(activities, keys, rate);
      const shares = sharesOf(keys);
      const own = byTraffic.get(traffic) ?? new Float64Array(placement.shards);
      for (let shard = 0; shard < shares.length; shard++) {
        requests[shard]! += rate * shares[shard]!;
        own[shard]! += rate * shares[shard]!;
      }
      byTraffic.set(traffic, own);
    }
  }
  const whole = (of: Float64Array): Float64Array => {
    const total = of.reduce((sum, each) => sum + each, 0);
    return total === 0 ? of.fill(1 / of.length) : of.map((each) => each / total);
  };
  return {
    work: whole(work.some((each) => each > 0) ? work : requests),
    byTraffic: new Map([...byTraffic].map(([traffic, own]) => [traffic, whole(own)])),
  };
}

/** What is known of the component and of what comes to it. */
export interface PlacedAround {
  readonly plan: Plan;
  readonly model: ComponentModel;
  readonly streams: readonly (readonly Stream[])[];
  readonly classesOf: (data: number) => KeyClasses;
  readonly pinned: (component: number, keys: KeyStream) => Pinned;
}

/**
 * Shards in classes of next to equal shares, the one with the greatest by itself, and who comes to each class.
 *
 * @param each instances that have the keys of a shard
 */
export function classesOfShards(
  { work, byTraffic }: ShardLoads,
  each: number,
): {
  readonly classes: readonly PoolClass[];
  /** By class: what share of the requests of a traffic goes there. */
  readonly reaches: (traffic: number) => readonly number[] | null;
} {
  const order = Array.from(work, (_, shard) => shard).sort((a, b) => work[b]! - work[a]!);
  const groups = order.map((shard) => [shard]);
  const weightOf = (group: readonly number[]): number =>
    group.reduce((sum, shard) => sum + work[shard]!, 0) / group.length;
  const weights = groups.map(weightOf);
  while (groups.length > 2) {
    let at = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 1; i + 1 < groups.length; i++) {
      const apart = weights[i] === weights[i + 1] ? 1 : weights[i]! / weights[i + 1]!;
      if (apart < least) {
        least = apart;
        at = i;
      }
    }
    if (least > 1 + 1e-9 && groups.length <= CLASSES_MAX) break;
    groups.splice(at, 2, [...groups[at]!, ...groups[at + 1]!]);
    weights.splice(at, 2, weightOf(groups[at]!));
  }
  const classes = groups.map(({ length }, i) => ({ count: length * each, speed: 1, weight: weights[i]! }));
  return {
    classes,
    reaches: (traffic) => {
      const own = byTraffic.get(traffic);
      return own === undefined ? null : groups.map((group) => group.reduce((sum, s) => sum + own[s]!, 0));
    },
  };
}
