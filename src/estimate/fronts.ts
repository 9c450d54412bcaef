import type { Flows, PassedKeys, Stream } from './flows.ts';
import type { KeyClasses, KeySpace, KeyStream, Missed } from './keys.ts';
import type { ComponentModel, EdgeMisses, EdgeModel, FrontMisses, KeyRates } from './kind.ts';

/**
 * What the fronts of a design make of its flows; null for components that are none.
 *
 * @param filled by component: whether fills were ever seen, then or in an earlier round; updated
 */
export function frontMisses(
  models: readonly ComponentModel[],
  flows: Flows,
  keySpace: KeySpace,
  filled: boolean[],
): (EdgeMisses | null)[] {
  return models.map(({ front, edge }, component) => {
    if (edge !== undefined) return edgeMisses(edge, flows, keySpace);
    if (front === undefined) return null;
    const classes = keySpace.classes(front.holds);
    const ratesOf = (operation: number) => keyRates(flows.streams[operation]!, front.holds, classes);
    filled[component] ||= flows.rates[front.fill]! > 0;
    return front.misses({
      classes,
      filled: filled[component]!,
      lookups: ratesOf(front.lookup),
      fills: ratesOf(front.fill),
      drops: ratesOf(front.drop),
    });
  });
}

function edgeMisses(edge: EdgeModel, flows: Flows, keySpace: KeySpace): EdgeMisses {
  const classes = keySpace.classes(edge.holds);
  const none: KeyRates = { perKey: new Float64Array(classes.keys.length), fresh: 0 };
  const asked = edge.lookups.flatMap((operation) => flows.streams[operation]!);
  const lookups = keyRates(asked, edge.holds, classes);
  return edge.misses({ classes, filled: true, lookups, fills: lookups, drops: none });
}

/** Operations whose answers can be misses, and the data whose keys are looked up; null for a component without. */
export function lookedUp({
  front,
  edge,
}: ComponentModel): { readonly operations: readonly number[]; readonly holds: number } | null {
  if (edge !== undefined) return { operations: edge.lookups, holds: edge.holds };
  return front === undefined ? null : { operations: [front.lookup], holds: front.holds };
}

/** Hit ratios of a component: its own, and that of the cache behind it. */
export function hitRatios(
  model: ComponentModel,
  misses: EdgeMisses | null,
  flows: Flows,
  keySpace: KeySpace,
): { readonly own: number | null; readonly shield: number | null } | null {
  const looked = lookedUp(model);
  if (looked === null || misses === null) return null;
  const { holds, operations } = looked;
  const streams = operations.flatMap((operation) => flows.streams[operation]!);
  const own = hitRatio(misses, streams, holds);
  if (misses.shield === undefined) return { own, shield: null };
  const behind = streams.flatMap(({ traffic, keys, rate }) =>
    passingPops(keySpace, keys, holds, misses).map(({ probability, keys: left }) => ({
      traffic,
      keys: left,
      rate: rate * probability,
    })),
  );
  return { own, shield: hitRatio(misses.shield, behind, holds) };
}

/** What an edge does not answer from its own copies: what it does not hold, and what is fetched anew meanwhile. */
function passingPops(keySpace: KeySpace, keys: KeyStream, holds: number, misses: EdgeMisses): Missed[] {
  const missed = keySpace.missed(keys, holds, misses.byClass);
  if (misses.refreshes === undefined || keys.keys !== 'drawn' || keys.data !== holds) return [missed];
  return [missed, keySpace.missed(keys, holds, misses.refreshes)];
}

/** What an edge passes on. */
export function passedByEdge(
  keys: KeyStream,
  holds: number,
  misses: EdgeMisses,
  keySpace: KeySpace,
): PassedKeys[] {
  return passingPops(keySpace, keys, holds, misses).map((pop, i) => {
    const aside = i > 0 ? ({ aside: true } as const) : {};
    if (misses.shield === undefined) return { ...pop, ...aside };
    const behind = keySpace.missed(pop.keys, holds, misses.shield.byClass);
    const probability = pop.probability * behind.probability;
    return { keys: behind.keys, probability, detour: pop.probability, ...aside };
  });
}

function keyRates(streams: readonly Stream[], held: number, { keys }: KeyClasses): KeyRates {
  const perKey = new Float64Array(keys.length);
  let fresh = 0;
  for (const stream of streams) {
    if (stream.keys.keys === 'drawn' && stream.keys.data === held) {
      const { shares } = stream.keys;
      for (let i = 0; i < perKey.length; i++) perKey[i]! += (stream.rate * shares[i]!) / keys[i]!;
    } else if (stream.keys.keys !== 'new' || stream.keys.absent !== true) fresh += stream.rate;
  }
  return { perKey, fresh };
}

/** Share of lookups that are hits; null where nothing is looked up. */
export function hitRatio({ byClass }: FrontMisses, streams: readonly Stream[], held: number): number | null {
  let hits = 0;
  let all = 0;
  for (const { keys, rate } of streams) {
    all += rate;
    if (keys.keys !== 'drawn' || keys.data !== held) continue;
    for (let i = 0; i < byClass.length; i++) hits += rate * keys.shares[i]! * (1 - byClass[i]!);
  }
  return all === 0 ? null : Math.min(1, hits / all);
}
