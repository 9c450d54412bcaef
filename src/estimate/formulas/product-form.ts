import { asymptoticBounds, type ClosedSolution, type ClosedStation } from './closed-network.ts';
import { requireInteger, requireNonNegative } from './require.ts';

/** A closed network with the law of the number at each station. */
export interface ProductFormSolution extends ClosedSolution {
  /** By station: P(j customers there), j = 0..customers. */
  readonly numbers: readonly Float64Array[];
}

/**
 * Exact solution of a closed product-form network of one class whose stations have one or more servers, by
 * convolution: Buzen, "Computational algorithms for closed queueing networks with exponential servers",
 * CACM 16(9), 1973. All terms are positive, so it keeps its digits where mean value analysis with several
 * servers loses them. Time grows as stations × different stations ×
 * customers².
 *
 * @param think Z ≥ 0, time that uses no station
 * @param customers N ≥ 1
 */
export function productForm(
  stations: readonly ClosedStation[],
  think: number,
  customers: number,
): ProductFormSolution {
  requireNonNegative('think', think);
  requireInteger('customers', customers, 1);
  for (const { demand, servers = 1 } of stations) {
    requireNonNegative('demand', demand);
    requireInteger('servers', servers, 1);
  }
  // The weights are those of an open network at a rate near the throughput: then all stay in range.
  const scale = asymptoticBounds(stations, think, customers).throughput;
  const thinking = stationWeights(scale * think, Number.POSITIVE_INFINITY, customers);
  const weights = stations.map(({ demand, servers = 1 }) =>
    stationWeights(scale * demand, servers, customers),
  );
  const all = weights.reduce(convolve, thinking);
  const throughput = (scale * all[customers - 1]!) / all[customers]!;
  const numbers: Float64Array[] = [];
  stations.forEach(({ demand, servers = 1 }, k) => {
    const alike = stations.findIndex((s) => s.demand === demand && (s.servers ?? 1) === servers);
    if (alike < k) {
      numbers.push(numbers[alike]!);
      return;
    }
    const others = weights.reduce((sum, w, i) => (i === k ? sum : convolve(sum, w)), thinking);
    numbers.push(weights[k]!.map((weight, j) => (weight * others[customers - j]!) / all[customers]!));
  });
  const queueLengths = numbers.map((p) => p.reduce((sum, probability, j) => sum + j * probability, 0));
  return {
    customers,
    throughput,
    response: customers / throughput - think,
    residence: queueLengths.map((length) => length / throughput),
    queueLengths,
    utilizations: stations.map(({ demand, servers = 1 }) => (throughput * demand) / servers),
    numbers,
  };
}

/** A machine repairman, or any finite population of customers at one station: M/M/c//N. */
export function repairman(
  customers: number,
  think: number,
  serviceTime: number,
  servers = 1,
): ProductFormSolution {
  return productForm([{ demand: serviceTime, servers }], think, customers);
}

/**
 * How fast a station works by the number there: as many equal servers (not a whole number where others use a part of
 * them; infinitely many for a delay), or its speeds with 1, 2, … there, from the last on constant.
 */
export type Servers = number | Float64Array;

/** Speed with `number` ≥ 1 at the station. */
export function speedWith(servers: Servers, number: number): number {
  if (typeof servers === 'number') return Math.min(number, servers);
  return servers[Math.min(number, servers.length) - 1]!;
}

/** The number from which on a station is no faster. */
export function fastestWith(servers: Servers): number {
  return typeof servers === 'number' ? Math.ceil(servers) : servers.length;
}

/**
 * Probabilities of 0..`last` customers, up to a common factor, at an open station that is offered `load`
 * erlangs: load^j / Π speed(i). With infinitely many servers the Poisson law. The largest is 1.
 *
 * @param servers whose speeds do not fall
 */
export function stationWeights(load: number, servers: Servers, last: number): Float64Array {
  const weights = new Float64Array(last + 1);
  let peak = 0;
  while (peak < last && load >= speedWith(servers, peak + 1)) peak++;
  weights[peak] = 1;
  for (let j = peak + 1; j <= last; j++) weights[j] = (weights[j - 1]! * load) / speedWith(servers, j);
  for (let j = peak; j >= 1; j--)
    weights[j - 1] = load === 0 ? 0 : (weights[j]! * speedWith(servers, j)) / load;
  return weights;
}

/**
 * `weights` convolved with those of an open station as `stationWeights` has them, up to a factor, for a load of at
 * most its highest speed. Where it is no faster any more these are geometric, so that the sum over them goes along
 * (Buzen, "Computational algorithms for closed queueing networks", CACM 16(9), 1973).
 */
export function withStation(weights: Float64Array, load: number, servers: Servers): Float64Array {
  const last = weights.length - 1;
  const first = Math.min(fastestWith(servers), last);
  const own = stationWeights(load, servers, first);
  const ratio = load / speedWith(servers, first);
  const sum = new Float64Array(last + 1);
  let beyond = 0;
  for (let n = 0; n <= last; n++) {
    let total = 0;
    for (let j = 0; j < first && j <= n; j++) total += own[j]! * weights[n - j]!;
    beyond = beyond * ratio + (n >= first ? own[first]! * weights[n - first]! : 0);
    sum[n] = total + beyond;
  }
  return sum;
}

/** Weights of the sum of two independent numbers, cut off at the length of both. */
function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const weight = a[i]!;
    if (weight === 0) continue;
    for (let j = 0; i + j < sum.length; j++) sum[i + j]! += weight * b[j]!;
  }
  return sum;
}
