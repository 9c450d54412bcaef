import type { Choosing } from './kind.ts';
import { looksAtLoad } from './spreads.ts';

/** Instances that are alike in speed and weight. */
export interface PoolClass {
  readonly count: number;
  readonly speed: number;
  readonly weight: number;
}

/** A class with what comes to it. */
export interface PoolShare extends PoolClass {
  /** Share of all requests that go to one instance of the class; all of all instances sum to 1. */
  readonly each: number;
}

/** Beyond so many steps the number in progress is taken for a number that need not be whole. */
const STEPS_MAX = 100_000;
/** Requests at an instance beyond its servers that are looked at under `power-of-two`. */
const QUEUE_MAX = 100;
const ROUNDS_MAX = 400;
const SETTLED = 1e-9;

/** The classes of instances; one where all are equal. */
export function classesOf(
  instances: number,
  speeds: readonly number[] | undefined,
  weights: readonly number[] | undefined,
): PoolClass[] {
  if (speeds === undefined && weights === undefined) return [{ count: instances, speed: 1, weight: 1 }];
  const classes = new Map<string, PoolClass>();
  for (let i = 0; i < instances; i++) {
    const speed = speeds?.[i] ?? 1;
    const weight = weights?.[i] ?? 1;
    const name = `${speed} ${weight}`;
    classes.set(name, { count: (classes.get(name)?.count ?? 0) + 1, speed, weight });
  }
  return [...classes.values()];
}

/**
 * What share of the requests each instance gets. By weight, where the choice does not look at the load; else by the
 * stationary point for many instances, an approximation for few.
 *
 * @param servers of each instance
 * @param work that is offered, in servers of speed 1 that it would keep busy
 */
export function sharesOf(
  classes: readonly PoolClass[],
  { spread, choices = 2 }: Choosing,
  servers: number,
  work: number,
): PoolShare[] {
  const byLoad = looksAtLoad(spread) && work > 0;
  const done = !byLoad
    ? classes.map(({ weight }) => weight)
    : spread === 'least-connections'
      ? byLevel(classes, servers, work)
      : byChoice(classes, servers, work, choices);
  const total = classes.reduce((sum, { count }, k) => sum + count * done[k]!, 0);
  return classes.map((each, k) => ({ ...each, each: done[k]! / total }));
}

/**
 * Most work that can be offered until some instance has too much, in servers of speed 1. A choice that looks at the
 * load gets all out of them but for what power of two choices cannot see: of d that are picked, all may be slow.
 */
export function mostWork(
  shares: readonly PoolShare[],
  { spread, choices = 2 }: Choosing,
  servers: number,
): number {
  if (!looksAtLoad(spread)) {
    return Math.min(...shares.map(({ speed, each }) => (servers * speed) / each));
  }
  const all = shares.reduce((sum, { count, speed }) => sum + count * servers * speed, 0);
  if (spread === 'least-connections') return all;
  const instances = shares.reduce((sum, { count }) => sum + count, 0);
  let slow = 0;
  let slowest = 0;
  let most = all;
  for (const { count, speed } of [...shares].sort((a, b) => a.speed - b.speed)) {
    slow += count;
    slowest += count * servers * speed;
    let together = 1;
    for (let i = 0; i < Math.min(choices, instances); i++) together *= (slow - i) / (instances - i);
    if (together > 0) most = Math.min(most, slowest / together);
  }
  return most;
}

/**
 * Work done by an instance of each class when each request goes where n/w is least, n in progress there and w its
 * weight. With many instances n/w is next to the same for all: what falls below a level is filled at once, and at the
 * level itself requests come at a rate that makes the work of all what is offered.
 */
function byLevel(classes: readonly PoolClass[], servers: number, work: number): number[] {
  const speeds = classes.map(({ speed }) => speed);
  if (classes.length * servers > STEPS_MAX) return classes.map(({ weight, speed }) => weight * speed);
  const full = classes.map(() => 0);
  for (;;) {
    const levels = classes.map(({ weight }, k) =>
      full[k]! < servers ? full[k]! / weight : Number.POSITIVE_INFINITY,
    );
    const level = Math.min(...levels);
    if (level === Number.POSITIVE_INFINITY) return speeds.map((speed) => servers * speed);
    const at = levels.map((each) => each <= level * (1 + 1e-12));
    const doneAt = (rate: number): number[] =>
      classes.map(({ weight, speed }, k) => {
        const next = (full[k]! + 1) * speed;
        const above = at[k] ? (rate * weight) / (rate * weight + next) : 0;
        return (full[k]! + above) * speed;
      });
    const total = (done: readonly number[]): number =>
      done.reduce((sum, each, k) => sum + classes[k]!.count * each, 0);
    if (work < total(at.map((here, k) => (full[k]! + (here ? 1 : 0)) * speeds[k]!))) {
      return doneAt(Math.exp(rootOf((log) => total(doneAt(Math.exp(log))) - work)));
    }
    at.forEach((here, k) => {
      if (here) full[k]!++;
    });
  }
}

/** Root of a function that grows with its argument, a logarithm. */
function rootOf(f: (log: number) => number): number {
  let low = -100;
  let high = 100;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/**
 * Requests that come to an instance of each class when each goes to the one of d, picked at random, that has the
 * fewest: stationary point of the equations of Mitzenmacher 2001, for several classes as in Mukhopadhyay & Mazumdar,
 * "Analysis of randomized join-the-shortest-queue schemes in large heterogeneous processor-sharing systems", IEEE
 * Transactions on Control of Network Systems 3(2), 2016. An instance with k gets λ(S_k^d − S_{k+1}^d)/(S_k − S_{k+1}),
 * S_k the share of all instances with at least k.
 */
function byChoice(classes: readonly PoolClass[], servers: number, work: number, choices: number): number[] {
  const instances = classes.reduce((sum, { count }) => sum + count, 0);
  const levels = servers + QUEUE_MAX;
  if (classes.length * levels > STEPS_MAX) return classes.map(({ speed }) => speed);
  const arrivals = work / instances;
  let tails = new Float64Array(levels + 2).fill(0);
  for (let k = 0; k <= levels; k++) tails[k] = 2 ** -k;
  let got = classes.map(() => 1);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const rates = Float64Array.from({ length: levels }, (_, k) => {
      const more = tails[k]! - tails[k + 1]!;
      return more > 1e-12
        ? (arrivals * (tails[k]! ** choices - tails[k + 1]! ** choices)) / more
        : arrivals * choices * tails[k]! ** (choices - 1);
    });
    const next = new Float64Array(levels + 2);
    got = classes.map(({ count, speed }) => {
      const likely = [1];
      for (let k = 0; k < levels; k++) {
        likely.push((likely[k]! * rates[k]!) / (Math.min(k + 1, servers) * speed));
      }
      const sum = likely.reduce((a, b) => a + b, 0);
      let tail = 0;
      for (let k = levels; k >= 0; k--) {
        tail += likely[k]! / sum;
        next[k]! += (count / instances) * tail;
      }
      return likely.reduce((all, p, k) => all + (p / sum) * (rates[k] ?? 0), 0);
    });
    const moved = next.reduce((most, tail, k) => Math.max(most, Math.abs(tail - tails[k]!)), 0);
    tails = tails.map((tail, k) => (tail + next[k]!) / 2) as Float64Array<ArrayBuffer>;
    if (moved < SETTLED) break;
  }
  return got;
}
