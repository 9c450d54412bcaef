import { type Law, type Moments, moments, quantiles, type Resolution } from './law/index.ts';

/**
 * Finds quantiles of a law that has a place in the report.
 *
 * @param place name of the law's first quantile there
 */
export type PercentileFinder = (law: Law, shares: readonly number[], place: string) => readonly number[];

/**
 * By transforms on grids.
 *
 * @param near values of a design much like it, by place: where the first quantile is looked for
 */
export function byTransforms(
  resolution: Resolution,
  near: ReadonlyMap<string, number | null> = new Map(),
): PercentileFinder {
  return (law, shares, place) => quantiles(law, shares, resolution, [near.get(place) ?? null]);
}

/**
 * From laws that were solved before with nearly the same inputs: the quantile lies as many standard deviations
 * from the mean as it did there. Exact where only the scale or the place of a law changes, as in M/M/1.
 */
export class Likeness {
  private readonly laws = new Map<string, { readonly law: Moments; quantiles: readonly number[] }>();

  /** Finds by `finder`, and remembers. */
  record(finder: PercentileFinder): PercentileFinder {
    return (law, shares, place) => {
      const found = finder(law, shares, place);
      this.laws.set(place, { law: moments(law), quantiles: found });
      return found;
    };
  }

  /** Takes the moments of laws that are known already from a rougher way, so that like is compared with like. */
  readonly roughen: PercentileFinder = (law, shares, place) => {
    const known = this.laws.get(place);
    if (known !== undefined) this.laws.set(place, { law: moments(law), quantiles: known.quantiles });
    return known?.quantiles ?? shares.map(() => Number.NaN);
  };

  /** Quantiles by those remembered; of laws that had no place then, by transforms. */
  readonly find: PercentileFinder = (law, shares, place) => {
    const known = this.laws.get(place);
    if (known === undefined) return quantiles(law, shares, 128);
    const { mean, variance } = moments(law);
    const stretch = Math.sqrt(variance / known.law.variance);
    return known.quantiles.map((q) => {
      const moved = mean + (q - known.law.mean) * stretch;
      if (Number.isFinite(moved)) return Math.max(0, moved);
      return known.law.mean > 0 && known.law.mean < Number.POSITIVE_INFINITY
        ? q * (mean / known.law.mean)
        : q;
    });
  };
}
