import type { PlanArrivals, PlanTraffic } from '../design/plan.ts';
import { cdf, type Distribution, mean, quantile, scv } from '../quantities/index.ts';
import { constantGaps, erlangGaps, hyperexponentialGaps, type LaplaceTransform } from './formulas/index.ts';

/** How requests of an open traffic come. */
export interface ArrivalProcess {
  /** Law of the time between arrivals (of batches), up to scale; null = exponential, a Poisson process. */
  readonly gaps: Distribution | null;
  /** P(n requests arrive together), from n = 0. */
  readonly batch: readonly number[];
  /**
   * Variability of the number of arrivals over a long time, 1 for Poisson: with gaps of scv c² and batches X,
   * c²·E[X] + Var(X)/E[X].
   */
  readonly dispersion: number;
  /** Of an instance of its own: batches are not split over several. */
  readonly whole?: boolean;
}

/** Groups larger than this are told by their variability alone. */
const GROUP_MAX = 500;

/**
 * Poisson arrivals of groups; null where all come alone.
 *
 * @param groups visits per second by how many come at once
 */
export function groupedArrivals(groups: ReadonlyMap<number, number>): ArrivalProcess | null {
  const largest = Math.max(1, ...groups.keys());
  if (largest === 1) return null;
  const batches = [...groups].map(([size, rate]) => ({ size, rate, often: rate / size }));
  const often = batches.reduce((sum, batch) => sum + batch.often, 0);
  const all = batches.reduce((sum, batch) => sum + batch.rate, 0);
  const dispersion = batches.reduce((sum, { size, rate }) => sum + (size * rate) / all, 0);
  const batch = new Array<number>(Math.min(largest, GROUP_MAX) + 1).fill(0);
  for (const each of batches) batch[Math.min(each.size, GROUP_MAX)]! += each.often / often;
  return { gaps: null, batch, dispersion, whole: true };
}

/** The most requests that a batch is looked at with; larger ones count as so many. */
const BATCH_MAX = 10_000;

/** Arrivals more variable than this are not told apart: gaps may have no variance at all. */
const DISPERSION_MAX = 10_000;

/** Multiple of the mean rate that an estimate is made at: the peak, at the busiest point of the shape. */
export function peakFactor(arrivals: PlanArrivals): number {
  if (arrivals.type === 'closed') return 1;
  const busiest = Math.max(...arrivals.shape.map(({ times }) => times));
  return arrivals.peak * (arrivals.shape.length === 0 ? 1 : busiest);
}

/** Requests per second at the peak; 0 for a closed traffic, whose rate follows from the system. */
export function peakRate({ arrivals }: PlanTraffic): number {
  return arrivals.type === 'closed' ? 0 : arrivals.rate.value * peakFactor(arrivals);
}

/** The arrival process of a traffic; a closed one is taken for Poisson. */
export function arrivalProcess(traffic: PlanTraffic): ArrivalProcess {
  const { arrivals } = traffic;
  if (arrivals.type === 'closed') return { gaps: null, batch: [0, 1], dispersion: 1 };
  const gaps =
    arrivals.process === 'poisson'
      ? null
      : arrivals.process === 'constant'
        ? ({ law: 'constant', value: 1 } as const)
        : arrivals.process;
  const exponential = gaps?.law === 'exponential';
  const sizes = batchSizes(arrivals.batch);
  const first = sizes.reduce((sum, p, n) => sum + p * n, 0);
  const second = sizes.reduce((sum, p, n) => sum + p * n * n, 0);
  const spread = gaps === null ? 1 : scv(gaps);
  // A batch of none is no arrival, neither here nor in the simulator.
  const empty = sizes[0]!;
  return {
    gaps: exponential ? null : gaps,
    batch: sizes.map((p, n) => (n === 0 ? 0 : p / (1 - empty))),
    dispersion: Math.min(DISPERSION_MAX, spread * first + (second - first ** 2) / first),
  };
}

/** P(n) of draws rounded to whole numbers. */
function batchSizes(law: Distribution): number[] {
  if (law.law === 'constant') {
    const size = Math.min(BATCH_MAX, Math.max(1, Math.round(law.value)));
    return Array.from({ length: size + 1 }, (_, n) => (n === size ? 1 : 0));
  }
  const largest = Math.min(BATCH_MAX, Math.ceil(quantile(law, 1 - 1e-9)) + 1);
  const sizes: number[] = [];
  let below = 0;
  for (let n = 0; n <= largest; n++) {
    const upTo = n === largest ? 1 : cdf(law, n + 0.5);
    sizes.push(upTo - below);
    below = upTo;
  }
  return sizes;
}

const TRANSFORM_POINTS = 4096;

/** E[e^(−sX)] of a gap scaled to a mean: in closed form where there is one, else from its quantiles. */
export function gapTransform(gaps: Distribution | null, meanGap: number): LaplaceTransform {
  if (gaps === null) return erlangGaps(1, meanGap);
  const scale = meanGap / mean(gaps);
  switch (gaps.law) {
    case 'constant':
      return constantGaps(meanGap);
    case 'exponential':
      return erlangGaps(1, meanGap);
    case 'erlang':
      return erlangGaps(gaps.k, meanGap);
    case 'gamma':
      return (s) => (1 + (s * meanGap) / gaps.shape) ** -gaps.shape;
    case 'hyperexponential':
      return hyperexponentialGaps(gaps.p, gaps.mean1 * scale, gaps.mean2 * scale);
    default: {
      const points = Float64Array.from(
        { length: TRANSFORM_POINTS },
        (_, i) => scale * quantile(gaps, (i + 0.5) / TRANSFORM_POINTS),
      );
      return (s) => points.reduce((sum, x) => sum + Math.exp(-s * x), 0) / TRANSFORM_POINTS;
    }
  }
}
