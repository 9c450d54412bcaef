import type { Plan } from '../design/plan.ts';
import type { Flows } from './flows.ts';
import type { KeySpace, KeyStream, Pinned } from './keys.ts';
import type { ComponentModel } from './kind.ts';

/** The chances of the two by class of keys, and how often a second one of each is written. */
interface ByClass {
  readonly rates: Float64Array;
  readonly pinned: Float64Array;
  readonly others: Float64Array;
}

/** What of the requests to components is done elsewhere since the item was written of late. */
export class Pins {
  private readonly plan: Plan;
  private readonly models: readonly ComponentModel[];
  private readonly keySpace: KeySpace;
  /** By component and data. */
  private readonly classes: readonly Map<number, ByClass>[];
  /** By component: the share of all requests that are no writes. */
  private readonly average: Float64Array;

  constructor(plan: Plan, models: readonly ComponentModel[], keySpace: KeySpace) {
    this.plan = plan;
    this.models = models;
    this.keySpace = keySpace;
    this.classes = models.map(() => new Map());
    this.average = Float64Array.from(models, ({ pins }) => pins?.share(0) ?? 0);
  }

  /** Takes note of how often items are written. */
  update({ streams }: Flows): void {
    this.models.forEach(({ pins }, component) => {
      if (pins === undefined) return;
      const { operations, data } = this.plan.components[component]!;
      for (const each of Object.values(data)) {
        const { keys: counts } = this.keySpace.classes(each);
        const rates = new Float64Array(counts.length);
        for (const { keys, rate } of pins.writes.flatMap((operation) => streams[operation]!)) {
          if (keys.keys !== 'drawn' || keys.data !== each) continue;
          for (let k = 0; k < rates.length; k++) rates[k]! += (rate * keys.shares[k]!) / counts[k]!;
        }
        // From one round to the next they mostly are the same.
        if (this.classes[component]!.get(each)?.rates.every((rate, k) => rate === rates[k])) continue;
        const pinned = rates.map((rate) => pins.share(rate));
        this.classes[component]!.set(each, { rates, pinned, others: pinned.map((share) => 1 - share) });
      }
      const others = operations.filter((operation) => !pins.writes.includes(operation));
      let all = 0;
      let pinned = 0;
      for (const { keys, rate } of others.flatMap((operation) => streams[operation]!)) {
        all += rate;
        pinned += rate * this.of(component, keys).pinned.probability;
      }
      this.average[component] = all === 0 ? pins.share(0) : pinned / all;
    });
  }

  /** @param keys null = those of all requests that are no writes */
  of(component: number, keys: KeyStream | null): Pinned {
    const none = this.keySpace.none;
    if (keys === null) return sameKeys(none, this.average[component]!);
    const known = keys.keys === 'drawn' ? this.classes[component]!.get(keys.data) : undefined;
    if (known === undefined || keys.keys !== 'drawn')
      return sameKeys(keys, this.models[component]!.pins?.share(0) ?? 0);
    return {
      pinned: this.keySpace.missed(keys, keys.data, known.pinned),
      others: this.keySpace.missed(keys, keys.data, known.others),
    };
  }

  /** All of it, in an order that stays. */
  get state(): Float64Array[] {
    return this.classes.flatMap((byData) => [...byData.values()].map(({ pinned }) => pinned));
  }
}

function sameKeys(keys: KeyStream, share: number): Pinned {
  return { pinned: { probability: share, keys }, others: { probability: 1 - share, keys } };
}
