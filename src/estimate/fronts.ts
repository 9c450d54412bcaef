import type { Flows, Stream } from './flows.ts';
import type { KeyClasses, KeySpace } from './keys.ts';
import type { ComponentModel, FrontMisses, KeyRates } from './kind.ts';

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
): (FrontMisses | null)[] {
  return models.map(({ front }, component) => {
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

function keyRates(streams: readonly Stream[], held: number, { keys }: KeyClasses): KeyRates {
  const perKey = new Float64Array(keys.length);
  let fresh = 0;
  for (const stream of streams) {
    if (stream.keys.keys === 'drawn' && stream.keys.data === held) {
      const { shares } = stream.keys;
      for (let i = 0; i < perKey.length; i++) perKey[i]! += (stream.rate * shares[i]!) / keys[i]!;
    } else fresh += stream.rate;
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
