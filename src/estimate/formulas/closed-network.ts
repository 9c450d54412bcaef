import { requireInteger, requireNonNegative } from './require.ts';

/** One station of a closed network. */
export interface ClosedStation {
  /** Visits × mean service time: what one pass of a customer through the network asks of the station. */
  readonly demand: number;
  /** Servers, default 1. */
  readonly servers?: number;
}

/** A closed network with `customers` in it. */
export interface ClosedSolution {
  readonly customers: number;
  /** Passes per unit of time. */
  readonly throughput: number;
  /** Time of a pass without thinking. */
  readonly response: number;
  /** By station: time there in one pass, waiting and service. */
  readonly residence: readonly number[];
  /** By station: mean number there. */
  readonly queueLengths: readonly number[];
  /** By station: busy share of its servers. */
  readonly utilizations: readonly number[];
}

/**
 * Exact mean value analysis of a closed network of one class over single-server product-form stations
 * (exponential first come first served, or processor sharing) and a think time: the solutions for every
 * population 1..customers. Reiser & Lavenberg, JACM 27(2), 1980.
 *
 * @param demands visits × mean service time by station
 * @param think Z ≥ 0, time that uses no station
 * @param customers N ≥ 1
 */
export function meanValueAnalysis(
  demands: readonly number[],
  think: number,
  customers: number,
): ClosedSolution[] {
  requireNonNegative('think', think);
  requireInteger('customers', customers, 1);
  for (const demand of demands) requireNonNegative('demand', demand);
  let queueLengths = demands.map(() => 0);
  const solutions: ClosedSolution[] = [];
  for (let n = 1; n <= customers; n++) {
    // The arrival theorem: a customer finds what n − 1 customers leave behind.
    const residence = demands.map((demand, k) => demand * (1 + queueLengths[k]!));
    const response = residence.reduce((sum, r) => sum + r, 0);
    const throughput = n / (think + response);
    queueLengths = residence.map((time) => throughput * time);
    const utilizations = demands.map((demand) => throughput * demand);
    solutions.push({ customers: n, throughput, response, residence, queueLengths, utilizations });
  }
  return solutions;
}

/** Steps of mean value analysis beyond which the fixed point takes its place. */
const STEPS_MAX = 2e6;

/**
 * The last solution of {@link meanValueAnalysis} for stations of which `copies` are alike, so that a thousand
 * cost as much as one. With very many customers by the fixed point of Schweitzer 1979, within some per cent.
 */
export function lastMeanValues(
  stations: readonly { readonly demand: number; readonly copies: number }[],
  think: number,
  customers: number,
): { readonly throughput: number; readonly residence: readonly number[]; readonly exact: boolean } {
  const exact = customers * stations.length <= STEPS_MAX;
  const population = stations.reduce((sum, { copies }) => sum + copies, 0);
  let queueLengths = stations.map(() => (exact ? 0 : customers / population));
  let throughput = 0;
  let residence: number[] = [];
  const steps = exact ? customers : SCHWEITZER_STEPS;
  for (let n = 1; n <= steps; n++) {
    const here = exact ? n : customers;
    const found = exact ? 1 : (customers - 1) / customers;
    residence = stations.map(({ demand }, k) => demand * (1 + found * queueLengths[k]!));
    const response = residence.reduce((sum, time, k) => sum + time * stations[k]!.copies, 0);
    throughput = here / (think + response);
    queueLengths = residence.map((time) => throughput * time);
  }
  return { throughput, residence, exact };
}

const SCHWEITZER_STEPS = 2000;

/** What no closed network can exceed, and where the two bounds meet. */
export interface ClosedBounds {
  /** X ≤ min(N / (D + Z), 1 / max(Dₖ/cₖ)). */
  readonly throughput: number;
  /** R ≥ max(D, N·max(Dₖ/cₖ) − Z). */
  readonly response: number;
  /** Population from which the bottleneck rules: (D + Z) / max(Dₖ/cₖ). */
  readonly saturation: number;
}

/**
 * Asymptotic bounds of a closed network. Muntz & Wong 1974; Lazowska, Zahorjan, Graham & Sevcik,
 * Quantitative System Performance, 1984, chapter 5.
 */
export function asymptoticBounds(
  stations: readonly ClosedStation[],
  think: number,
  customers: number,
): ClosedBounds {
  let total = 0;
  let largest = 0;
  for (const { demand, servers = 1 } of stations) {
    total += demand;
    largest = Math.max(largest, demand / servers);
  }
  return {
    throughput: Math.min(customers / (total + think), 1 / largest),
    response: Math.max(total, customers * largest - think),
    saturation: (total + think) / largest,
  };
}
