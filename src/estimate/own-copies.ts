import type { Plan } from '../design/plan.ts';
import type { FlowRules, Flows } from './flows.ts';
import type { KeySpace, KeyStream, Missed } from './keys.ts';
import type { ComponentModel } from './kind.ts';

/** What users do not find among the copies that they keep themselves. */
export class OwnCopies {
  private readonly plan: Plan;
  private readonly models: readonly ComponentModel[];
  private readonly keySpace: KeySpace;
  /** By operation and data: the requests a second that it was found for, and the chance of a miss by class of keys. */
  private readonly known = new Map<string, { readonly rate: number; readonly byClass: Float64Array }>();

  constructor(plan: Plan, models: readonly ComponentModel[], keySpace: KeySpace) {
    this.plan = plan;
    this.models = models;
    this.keySpace = keySpace;
  }

  /**
   * What is left of requests for an operation; null where nobody keeps its answers.
   *
   * @param rates requests a second by traffic, which alone asks users
   */
  left(operation: number, keys: KeyStream, rates: readonly number[]): Missed | null {
    const { copies } = this.models[this.plan.operations[operation]!.component]!;
    if (copies === undefined || keys.keys !== 'drawn' || !copies.operations.includes(operation)) return null;
    const { data } = keys;
    const rate = this.plan.traffic.reduce((sum, { index, operation: asked, key }) => {
      const same = asked === operation && key?.from === 'draw' && key.data === data;
      return same ? sum + rates[index]! : sum;
    }, 0);
    const name = `${operation} ${data}`;
    let known = this.known.get(name);
    if (known?.rate !== rate) {
      const { shares, keys: counts } = this.keySpace.classes(data);
      const byClass = shares.map((share, i) => copies.missed((rate * share) / counts[i]!));
      known = { rate, byClass };
      this.known.set(name, known);
    }
    return this.keySpace.missed(keys, data, known!.byClass);
  }
}

/** Share of the requests for kept answers, by a key of data, that users answer themselves; null where there are none. */
export function copiesHitRatio(
  { copies }: ComponentModel,
  { streams }: Pick<Flows, 'streams'>,
  { left }: Pick<FlowRules, 'left'>,
): number | null {
  let hits = 0;
  let all = 0;
  for (const operation of copies?.operations ?? []) {
    for (const { keys, rate } of streams[operation]!) {
      // Of an item that nobody knows yet there is no copy to look for.
      if (keys.keys !== 'drawn') continue;
      all += rate;
      hits += rate * (1 - (left?.(operation, keys)?.probability ?? 1));
    }
  }
  return all === 0 ? null : hits / all;
}
