import {
  erlangC,
  mmc,
  type Servers,
  speedWith,
  stationWeights,
  truncatedGeometric,
  withStation,
} from './formulas/index.ts';
import type { Spread } from './kind.ts';
import { exponential, type Law, sometimes, sum, zero } from './law/index.ts';
import { awaited } from './station.ts';

/** A limit on how many are inside of each pool: worker threads, connections, held while other things happen. */
export interface SlotLoad {
  readonly pools: number;
  readonly spread: Spread;
  /** Most inside of each pool. */
  readonly slots: number;
  /** Waiting places of each pool; null = unlimited. */
  readonly places: number | null;
  /** Arrivals per second, all pools together. */
  readonly offered: number;
  readonly inside: readonly InsideStation[];
  /** Mean time inside that uses none of these. */
  readonly elsewhere: number;
  /** Squared coefficient of variation of the time that sets the pace. */
  readonly scv: number;
}

/** A station used by those inside: one with servers, or another pool with all that is used in it. */
export interface InsideStation {
  /** Work that one who is inside brings, to each of the copies: seconds at speed 1. */
  readonly work: number;
  /** Work done per second by how many are there. */
  readonly servers: Servers;
  /** Equal stations of which each visit goes to any one; default 1. */
  readonly copies?: number;
}

/** What becomes of it. */
export interface SlotState {
  readonly stable: boolean;
  readonly loss: number;
  readonly accepted: number;
  /** Rate at which slots that are always full let through, all pools together. */
  readonly capacity: number;
  /** Chance to wait for a slot, and the wait, those who do not wait included. */
  readonly delayed: number;
  readonly wait: Law;
  /** Of each pool: how many it lets through per second with 1, 2, … inside; null where it is as good as unlimited. */
  readonly speeds: Float64Array | null;
  /**
   * By station inside: P(who enters finds n there), from n = 0; null where the limit is so far away that they are
   * as without it.
   */
  readonly seen: readonly (readonly number[])[] | null;
  /** By station inside: P(n of those inside are there at any time), as who comes by another way finds them. */
  readonly meanwhile: () => readonly (readonly number[])[] | null;
  /** Of those who are taken several at once: how many on average, and how long one is held at least, where all batches are full. */
  readonly batch?: { readonly size: number; readonly least: number };
  /** Nothing inside queues and times are as variable as exponential ones: then all of this is exact. */
  readonly exact: boolean;
}

const endless = Number.POSITIVE_INFINITY;
/** More slots than this are not looked into. */
const SEEN_MAX = 1000;
/** More slots than this are not convolved. */
const SLOTS_MAX = 4000;
/** Where fewer have to wait for a slot, the stations inside are as without a limit. */
const HARDLY_EVER = 1e-3;
/** Slots further above the mean number inside than this many standard deviations are as good as unlimited. */
const FAR = 12;

/**
 * Those inside are an open network as long as slots are left, and leave at a fixed rate when none is: the
 * stations inside are replaced by one whose rate with n inside is that of the closed network with n customers
 * (flow-equivalent aggregation: Chandy, Herzog & Woo, IBM J. Res. Dev. 19(1), 1975). With P the product-form
 * probabilities of the open network, that rate is λP(n − 1)/P(n), so the number present has the law P up to
 * the limit and is geometric beyond it. Exact for exponential stations; M/M/c where nothing happens inside
 * but a delay.
 *
 * @param found P(who comes to a pool finds n in it, or waiting for it), where it lies within a limit itself
 */
export function solveSlots(load: SlotLoad, found: readonly number[] | null = null): SlotState {
  const { pools, slots, places, offered, inside } = load;
  const joined = load.spread === 'least-connections' || load.spread === 'power-of-two' ? pools : 1;
  const queueingWithoutLimit = openQueueing(load);
  if (
    offered === 0 ||
    (queueingWithoutLimit < Number.POSITIVE_INFINITY && isFar(load, queueingWithoutLimit))
  ) {
    return unlimitedSlots(load);
  }
  if (!(load.elsewhere < endless && inside.every(({ work }) => work < endless))) {
    return { ...unlimitedSlots(load), stable: false, capacity: 0, exact: false };
  }
  const own = numbersInside(load, 1);
  const { weights } = own;
  // So many are never inside that the chance of it is lost in rounding.
  if (weights[slots] === 0) return unlimitedSlots(load);
  const ratio = (own.growth * weights[slots]!) / weights[slots - 1]!;
  const capacity = offered / ratio;
  const speeds = new Float64Array(slots);
  for (let n = 1; n <= slots; n++) speeds[n - 1] = (own.rate * weights[n - 1]!) / weights[n]!;
  // A slot of the own pool becomes free at the pool's share of the capacity.
  const departure = ((ratio * pools) / offered) * ((1 + load.scv) / 2);
  if (found !== null) return withinLimit(load, own, speeds, departure, found);
  const stable = places !== null || ratio < 1;
  if (!stable) {
    const seen = slots > SEEN_MAX ? null : seenInside(load, own, always(slots - 1));
    const meanwhile = () => seenInside(load, own, always(slots));
    return {
      ...unlimitedSlots(load),
      stable,
      capacity,
      delayed: 1,
      exact: false,
      speeds,
      seen,
      meanwhile,
    };
  }
  const together = joined > 1 ? numbersInside(load, joined) : own;
  const all = together.weights.length - 1;
  const pace = (together.growth * together.weights[all]!) / together.weights[all - 1]!;
  const waitingRoom = places === null ? null : places * joined;
  const present = presence(atFullRate(together), pace, waitingRoom);
  const accepted = offered * (1 - present.loss);
  const delayed = present.waits / (1 - present.loss);
  const queue: Law =
    places === null
      ? exponential(departure / (1 - ratio ** joined))
      : sum(exponential(departure), {
          law: 'geometric',
          part: exponential(departure),
          ratio: ratio ** joined,
          last: Math.max(0, places - 1),
        });
  return {
    stable,
    loss: present.loss,
    accepted,
    capacity,
    delayed,
    wait: sometimes(delayed, queue),
    exact: inside.length === 0 && Math.abs(load.scv - 1) < 1e-9,
    speeds,
    seen: delayed < HARDLY_EVER || slots > SEEN_MAX ? null : seenInside(load, own, entering(own, delayed)),
    meanwhile: () => seenInside(load, own, overTime(own, present.waits + present.loss)),
  };
}

/** Whoever comes finds as many as an outer limit lets near. */
function withinLimit(
  load: SlotLoad,
  own: NumbersInside,
  speeds: Float64Array,
  departure: number,
  found: readonly number[],
): SlotState {
  const { slots, places, offered } = load;
  const end = places === null ? found.length : Math.min(found.length, slots + places);
  const loss = found.slice(end).reduce((sum, p) => sum + p, 0);
  const enter = found.slice(0, end).map((probability) => probability / (1 - loss));
  const weights = awaited(enter, slots);
  const finds = new Float64Array(slots);
  enter.forEach((probability, n) => {
    finds[Math.min(n, slots - 1)]! += probability;
  });
  return {
    stable: true,
    loss,
    accepted: offered * (1 - loss),
    capacity: speeds[slots - 1]! * load.pools,
    delayed: 1 - weights[0]!,
    wait: { law: 'random-sum', part: exponential(departure), weights },
    speeds,
    seen: slots > SEEN_MAX ? null : seenInside(load, own, finds),
    meanwhile: () => null,
    exact: false,
  };
}

/** P(who enters finds n inside), when a share of them had to wait. */
function entering(own: NumbersInside, delayed: number): Float64Array {
  const finds = atFullRate(own).slice(0, -1);
  const below = finds.reduce((sum, weight) => sum + weight, 0);
  for (let n = 0; n < finds.length; n++) finds[n]! *= (1 - delayed) / (below || 1);
  finds[finds.length - 1]! += delayed;
  return finds;
}

/** P(n inside) at any time, when all slots are taken for a share of it. */
function overTime(own: NumbersInside, full: number): Float64Array {
  const numbers = atFullRate(own).slice();
  const last = numbers.length - 1;
  const below = numbers.reduce((sum, weight, n) => (n < last ? sum + weight : sum), 0);
  for (let n = 0; n < last; n++) numbers[n]! *= (1 - full) / (below || 1);
  numbers[last] = full;
  return numbers;
}

/** The law of a number that is always the same. */
function always(number: number): Float64Array {
  const law = new Float64Array(number + 1);
  law[number] = 1;
  return law;
}

/**
 * By station inside: P(n there), when there are as many inside as `finds` says. Who enters sees the stations as they
 * are with those inside before (arrival theorem: Lavenberg & Reiser, J. Appl. Prob. 17, 1980).
 */
function seenInside(load: SlotLoad, { weights, rate }: NumbersInside, finds: Float64Array): number[][] {
  const { inside, slots, elsewhere } = load;
  const delay = stationWeights(rate * elsewhere, Number.POSITIVE_INFINITY, slots);
  return inside.map(({ work, servers }, i) => {
    const own = stationWeights(rate * work, servers, slots);
    const others = inside.reduce(
      (sum, other, k) => withCopies(sum, other, rate, (other.copies ?? 1) - (k === i ? 1 : 0)),
      delay,
    );
    const found: number[] = [];
    for (let j = 0; j < finds.length; j++) {
      let probability = 0;
      for (let n = j; n < finds.length; n++) {
        if (weights[n]! > 0) probability += (finds[n]! * others[n - j]!) / weights[n]!;
      }
      found.push(own[j]! * probability);
    }
    const total = found.reduce((sum, p) => sum + p, 0);
    return found.map((p) => p / total);
  });
}

/** As `solveSlots`, when there are always slots left. */
export function unlimitedSlots(load: SlotLoad): SlotState {
  const served = timeInside(load);
  return {
    stable: true,
    loss: 0,
    accepted: load.offered,
    capacity: served === 0 ? Number.POSITIVE_INFINITY : insideCapacity(load, served),
    delayed: 0,
    wait: zero,
    speeds: null,
    seen: null,
    meanwhile: () => null,
    exact: true,
  };
}

function insideCapacity({ inside, pools, slots }: SlotLoad, served: number): number {
  const stations = inside.map(({ work, servers }) => highestSpeed(servers) / work);
  return pools * Math.min(slots / served, ...stations);
}

/** Mean time inside without waits. */
function timeInside({ inside, elsewhere }: SlotLoad): number {
  return inside.reduce(
    (total, { work, servers, copies = 1 }) => total + (work * copies) / speedWith(servers, 1),
    elsewhere,
  );
}

/** Wait at the stations inside, were everybody let in. */
function openQueueing({ inside, offered, pools }: SlotLoad): number {
  let wait = 0;
  for (const { work, servers, copies = 1 } of inside) {
    if (work === 0) continue;
    const rate = offered / pools;
    // A pool that lets nobody through has no speed at all.
    if (!(rate * work < highestSpeed(servers))) return Number.POSITIVE_INFINITY;
    const count = wholeServers(servers);
    wait += copies * mmc(rate, highestSpeed(servers) / (work * count), count).waiting;
  }
  return wait;
}

function highestSpeed(servers: Servers): number {
  return typeof servers === 'number' ? servers : servers.at(-1)!;
}

/** As how many servers it is that are all busy before anybody waits. */
function wholeServers(servers: Servers): number {
  return Math.max(1, Math.floor(highestSpeed(servers) / speedWith(servers, 1)));
}

function isFar({ inside, offered, pools, slots, elsewhere }: SlotLoad, queueing: number): boolean {
  const rate = offered / pools;
  let number = rate * (elsewhere + queueing);
  let spread = rate * elsewhere;
  for (const { work, servers, copies = 1 } of inside) {
    const count = wholeServers(servers);
    const offeredHere = (rate * work * count) / highestSpeed(servers);
    number += offeredHere * copies;
    const tail = erlangC(offeredHere, count) / (1 - offeredHere / count);
    spread += (offeredHere + tail * (1 + 2 / (1 - offeredHere / count))) * copies;
  }
  return slots > number + FAR * Math.sqrt(spread) + FAR;
}

/** P(n inside), n = 0..slots, up to a factor, were as many let in as can be served at most. */
interface NumbersInside {
  readonly weights: Float64Array;
  /** Arrivals per second of these. */
  readonly rate: number;
  /** How many times as many there are, ≥ 1: P(n inside) at that rate is in proportion to weights[n]·growth^n. */
  readonly growth: number;
}

/** Of `joined` pools together. At a rate far beyond what they let through, the weights would leave the range of a double. */
function numbersInside(load: SlotLoad, joined: number): NumbersInside {
  const { inside, offered, pools, slots, elsewhere } = load;
  const served = timeInside(load);
  const most = served === 0 ? Number.POSITIVE_INFINITY : insideCapacity(load, served);
  const rate = (Math.min(offered, most) * joined) / pools;
  const growth = Math.max(1, offered / most);
  const last = slots * joined;
  if (last > SLOTS_MAX) {
    // Too many to convolve: a delay of the same length, so that slots are servers.
    return { weights: stationWeights(rate * served, Number.POSITIVE_INFINITY, last), rate, growth };
  }
  const weights = inside.reduce(
    (sum, station) =>
      withCopies(
        sum,
        { ...station, servers: joinedServers(station.servers, joined) },
        rate,
        station.copies ?? 1,
      ),
    stationWeights(rate * elsewhere, Number.POSITIVE_INFINITY, last),
  );
  return { weights, rate, growth };
}

/** The weights at the rate that there is, relative to the last. */
function atFullRate({ weights, growth }: NumbersInside): Float64Array {
  const last = weights.length - 1;
  return growth === 1 ? weights : weights.map((weight, n) => weight * growth ** (n - last));
}

/** So many equal stations as one, those there spread evenly over them. */
export function joinedServers(servers: Servers, joined: number): Servers {
  if (joined === 1) return servers;
  if (typeof servers === 'number') return servers * joined;
  return Float64Array.from({ length: servers.length * joined }, (_, i) => {
    const each = (i + 1) / joined;
    const below = Math.floor(each);
    const slow = below === 0 ? 0 : speedWith(servers, below);
    return joined * (slow + (each - below) * (speedWith(servers, below + 1) - slow));
  });
}

/** The weights convolved with those of a station inside and its copies. */
function withCopies(
  weights: Float64Array,
  { work, servers }: InsideStation,
  rate: number,
  copies: number,
): Float64Array {
  let sum = weights;
  for (let copy = 0; copy < copies; copy++) sum = withStation(sum, rate * work, servers);
  return sum;
}

/** Who waits and who is turned away, when beyond the last weight the law goes on with the given ratio. */
function presence(
  weights: Float64Array,
  ratio: number,
  places: number | null,
): { readonly waits: number; readonly loss: number } {
  const last = weights.length - 1;
  let below = 0;
  for (let n = 0; n < last; n++) below += weights[n]!;
  // States with every slot taken, relative to the first of them.
  const full = places === null ? 1 / (1 - ratio) : 1 / truncatedGeometric(1 / ratio, places).atLast;
  // So much more comes than goes that a slot is never left.
  const share = full === Number.POSITIVE_INFINITY ? 1 : 1 / (below / (weights[last]! * full) + 1);
  const loss = places === null ? 0 : share * truncatedGeometric(ratio, places).atLast;
  return { waits: share - loss, loss };
}
