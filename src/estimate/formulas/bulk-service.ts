import { requireInteger, requireNonNegative } from './require.ts';

/** Mean and variance of a time. */
interface Spread {
  readonly mean: number;
  readonly variance: number;
}

/** Customers that a server takes several of at once. */
export interface BulkQueue {
  /** How many it takes on average. */
  readonly batch: number;
  /** From the arrival of a customer until its own service is over; Infinity where the server does not keep up. */
  readonly time: Spread;
}

/** More states are not looked at; batches of so many are as good as a flow. */
const STATES_MAX = 64;
/** States beyond a full batch: further on, the chances fall off as a geometric law. */
const BEYOND = 40;
/** A number is never so many standard deviations above its mean. */
const FAR = 10;

/**
 * A server that takes all who wait, `most` at most: a batch takes `each` once, then each customer of it is served one
 * after the other and leaves. Who comes meanwhile is of the next batch. Poisson arrivals (Bailey, "On queueing processes
 * with bulk service", J. R. Stat. Soc. B 16, 1954; with a time by the size of the batch Neuts, Ann. Math. Stat. 38, 1967).
 *
 * Solved as the chain of how many are left when a batch is over; the number of arrivals during a batch has the law that a
 * gamma time of its mean and variance gives it. Times are by Little's law for each customer: who leaves leaves behind
 * those that came since (Keilson & Servi, "A distributional form of Little's law", Oper. Res. Lett. 7, 1988), whose
 * variance is an approximation where `patience` is above 0.
 *
 * @param rate λ ≥ 0
 * @param patience how long a server waits for a batch to be full, from when it sees the first
 */
export function bulkService(rate: number, each: Spread, work: Spread, most: number, patience = 0): BulkQueue {
  requireNonNegative('rate', rate);
  requireInteger('most', most, 1);
  const full = rate * (each.mean + most * work.mean);
  if (!(full < most) || !Number.isFinite(each.variance + work.variance)) {
    return {
      batch: most,
      time: { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY },
    };
  }
  if (rate === 0) {
    const alone = most === 1 ? 0 : patience;
    return {
      batch: 1,
      time: { mean: alone + each.mean + work.mean, variance: each.variance + work.variance },
    };
  }
  const { mean, variance } = flow(rate, each, work);
  const fills = rate * patience;
  const rarelyMore = Math.ceil(mean + fills + FAR * Math.sqrt(variance + fills) + FAR);
  const sizes = Math.min(most, rarelyMore);
  if (sizes <= STATES_MAX) return fromChain(rate, each, work, sizes, patience);
  // Where most batches are small, and few large ones, these may as well be several.
  const cut = rate * (each.mean + STATES_MAX * work.mean) < STATES_MAX;
  const rests = mean + fills < 2 * Math.sqrt(variance);
  return cut && rests
    ? fromChain(rate, each, work, STATES_MAX, patience)
    : asFlow(rate, each, work, most, patience);
}

/** Mean and variance of a batch that is never full, of a server that never rests: what has come during the one before. */
function flow(rate: number, each: Spread, work: Spread): Spread {
  const load = rate * work.mean;
  if (load >= 1) return { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY };
  const mean = (rate * each.mean) / (1 - load);
  const variance = (mean + rate ** 2 * (each.variance + mean * work.variance)) / (1 - load ** 2);
  return { mean, variance };
}

/**
 * Large batches of a server that never rests. Where they are hardly ever full that is exact for the mean; else those who
 * are left over wait as in a queue of single customers that each take their part of a full batch, which is an approximation.
 */
function asFlow(rate: number, each: Spread, work: Spread, most: number, patience: number): BulkQueue {
  // Who waits for a batch to fill adds to what each takes, until it is full anyway.
  const waits = Math.min(patience, Math.max(0, most / rate - each.mean - most * work.mean));
  const free = flow(rate, { ...each, mean: each.mean + waits }, work);
  const batch = Math.max(1, Math.min(most, free.mean));
  const spread = Math.min(free.variance, most ** 2);
  const whole = each.mean + waits + batch * work.mean;
  const varies = each.variance + batch * work.variance + work.mean ** 2 * spread;
  const own = batch * each.mean + (work.mean * (batch ** 2 + spread + batch)) / 2;
  const coming = (rate * (whole ** 2 + varies)) / 2;
  const one = each.mean / most + work.mean;
  const left = (rate * (one ** 2 + each.variance / most + work.variance)) / (2 * (1 - rate * one));
  const queued = left * Math.exp(-Math.max(0, most - free.mean) / Math.sqrt(spread));
  return {
    batch,
    time: {
      mean: (own + coming) / (rate * whole) + queued,
      variance: each.mean ** 2 / 12 + varies + queued ** 2,
    },
  };
}

function fromChain(rate: number, each: Spread, work: Spread, most: number, patience: number): BulkQueue {
  const states = most + BEYOND + Math.ceil(most / 2);
  const arrivals = Array.from({ length: most + 1 }, (_, size) => {
    const mean = rate * (each.mean + size * work.mean);
    return { mean, variance: mean + rate ** 2 * (each.variance + size * work.variance) };
  });
  const laws = arrivals.map((number) => arrivalsLaw(number, states + most));
  const starts = Array.from({ length: most }, (_, left) => startingFrom(left, most, rate * patience));
  const ratio = tailRatio(arrivals[most]!, most);
  const left = stationary(laws, starts, ratio, states);
  // Of who is the last to be told apart, there may be any number more.
  const last = states - 1;
  const [more, moreSquared] = [ratio / (1 - ratio), (ratio * (1 + ratio)) / (1 - ratio) ** 2];
  let [taken, behind, pairs] = [0, 0, 0];
  const batchOf = (weight: number, waiting: number, size: number, extra = 0, extraSquared = 0): void => {
    taken += weight * size;
    for (let i = 1; i <= size; i++) {
      const mean = rate * (each.mean + i * work.mean);
      const variance = mean + rate ** 2 * (each.variance + i * work.variance);
      const number = waiting - i + mean;
      behind += weight * (number + extra);
      pairs += weight * (variance + number ** 2 + 2 * number * extra + extraSquared - number - extra);
    }
  };
  for (let n = 0; n < last; n++) {
    if (n >= most) batchOf(left[n]!, n, most);
    else for (let size = 0; size <= most; size++) batchOf(left[n]! * starts[n]![size]!, size, size);
  }
  batchOf(left[last]! / (1 - ratio), last, most, more, moreSquared);
  const mean = behind / taken / rate;
  const alone = left.reduce((sum, p, n) => (n < last ? sum + p : sum), left[last]! / (1 - ratio));
  return {
    batch: taken / alone,
    time: { mean, variance: Math.max(0, pairs / taken / rate ** 2 - mean ** 2) },
  };
}

/** P(n arrivals), n = 0 …: Poisson, or, where the time varies, negative binomial. */
function arrivalsLaw({ mean, variance }: Spread, length: number): Float64Array {
  const law = new Float64Array(length);
  const excess = variance - mean;
  if (excess <= 1e-9 * mean) {
    law[0] = Math.exp(-mean);
    for (let n = 1; n < length; n++) law[n] = (law[n - 1]! * mean) / n;
    return law;
  }
  const shape = mean ** 2 / excess;
  const stays = mean / (shape + mean);
  law[0] = Math.exp(shape * Math.log1p(-stays));
  for (let n = 1; n < length; n++) law[n] = (law[n - 1]! * stays * (shape + n - 1)) / n;
  return law;
}

/** P(the next batch is of n), n = 0 …, when so many are left: who comes while it is waited for is in it. */
function startingFrom(left: number, most: number, fills: number): Float64Array {
  const sizes = new Float64Array(most + 1);
  const first = Math.max(1, left);
  const more = arrivalsLaw({ mean: fills, variance: fills }, most - first + 1);
  let rest = 1;
  for (let n = first; n < most; n++) {
    sizes[n] = more[n - first]!;
    rest -= sizes[n]!;
  }
  sizes[most] = Math.max(0, rest);
  return sizes;
}

/** How the chances of long queues fall off: 1/z for the z > 1 of which z^b is the mean of z^(arrivals during a full batch). */
function tailRatio({ mean, variance }: Spread, most: number): number {
  const excess = variance - mean;
  const isPoisson = excess <= 1e-9 * mean;
  const shape = isPoisson ? Number.POSITIVE_INFINITY : mean ** 2 / excess;
  const above = (log: number): boolean => {
    const z = Math.expm1(log);
    if (isPoisson) return mean * z >= most * log;
    const left = 1 - (mean / shape) * z;
    return left <= 0 || -shape * Math.log(left) >= most * log;
  };
  let high = 1e-6;
  while (!above(high)) high *= 2;
  let low = high / 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (above(middle)) high = middle;
    else low = middle;
  }
  return Math.exp(-low);
}

/** P(n are left when a batch is over); the last stands for itself, and those beyond follow it by the ratio. */
function stationary(
  laws: readonly Float64Array[],
  starts: readonly Float64Array[],
  ratio: number,
  states: number,
): Float64Array {
  const most = laws.length - 1;
  const last = states - 1;
  // Balance of each state but the last, then the sum: one row an equation, one column a state.
  const rows = Array.from({ length: states }, () => new Float64Array(states + 1));
  const add = (from: number, to: number, probability: number): void => {
    if (to < last) rows[to]![from]! += probability;
  };
  for (let n = 0; n < most; n++) {
    starts[n]!.forEach((share, size) => {
      if (share > 0) for (let to = 0; to < last; to++) add(n, to, share * laws[size]![to]!);
    });
  }
  for (let n = most; n < last; n++) {
    for (let to = n - most; to < last; to++) add(n, to, laws[most]![to - n + most]!);
  }
  for (let beyond = 0, share = 1; last + beyond - most < last; beyond++, share *= ratio) {
    const from = last + beyond - most;
    for (let to = from; to < last; to++) add(last, to, share * laws[most]![to - from]!);
  }
  for (let n = 0; n < last; n++) rows[n]![n]! -= 1;
  rows[last]!.fill(1);
  rows[last]![last] = 1 / (1 - ratio);
  return solved(rows);
}

/** Linear equations, the right-hand sides in the last column, by elimination with the largest pivots. */
function solved(rows: Float64Array[]): Float64Array {
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let i = pivot + 1; i < size; i++) {
      if (Math.abs(rows[i]![pivot]!) > Math.abs(rows[best]![pivot]!)) best = i;
    }
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    const own = rows[pivot]!;
    for (let i = pivot + 1; i < size; i++) {
      const row = rows[i]!;
      const factor = row[pivot]! / own[pivot]!;
      if (factor === 0) continue;
      for (let j = pivot; j <= size; j++) row[j]! -= factor * own[j]!;
    }
  }
  const solution = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let value = rows[i]![size]!;
    for (let j = i + 1; j < size; j++) value -= rows[i]![j]! * solution[j]!;
    solution[i] = Math.max(0, value / rows[i]![i]!);
  }
  return solution;
}
