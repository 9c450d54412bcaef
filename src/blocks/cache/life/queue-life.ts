/**
 * One key in a cache that pushes entries out a certain stay after their insertion, asked for at random with
 * rate λ, taken out from outside with rate μ; its entries expire a lifetime T after their insertion.
 *
 * FIFO: an entry hits until it is removed, expires or is pushed out, at age k = min(T, stay) if not before.
 * From insertion to insertion that is ∫₀ᵏ e^(−μa) da, then 1/λ until the next request, whatever happened. If it
 * has expired and not been pushed out, the entry takes room while it waits for that request. Without expiry
 * and removal this is the well-known share λt/(1 + λt); with T = 0 it is that of LRU.
 *
 * LFU: as long as something makes it forget, expiry or removal, there are always entries of frequency 1, and
 * they alone are evicted, first in, first out, which is to say after a stay. An entry that is hit within k is
 * out of danger: nothing pushes it out any more. So a share 1 − e^(−λk) of its lives is one of FIFO with an
 * endless stay, and the rest is one of FIFO.
 *
 * Simulated LFU hit ratios agree within 0.1 percentage points as long as more than a handful of entries have
 * frequency 1. With lifetimes thousands of times longer than it takes to fill the cache, higher frequencies
 * are evicted too, and this is low by up to 1.5 points.
 *
 * Lifetimes and stays are seconds and may be Infinity, but not both without removal; for LFU not even the
 * lifetime alone.
 */
import { type KeyDemand, mass, massReached } from './demand.ts';

/** Policies whose victims are the entries inserted longest ago, LFU's among those of frequency 1. */
export type QueuePolicy = 'fifo' | 'lfu';

/** Mean seconds from insertion to insertion. */
export function queueCycle(policy: QueuePolicy, demand: KeyDemand, lifetime: number, stay: number): number {
  return hitting(policy, demand, lifetime, stay) + 1 / demand.rate;
}

/** Mean number of hits that follow an insertion. */
export function queueHits(policy: QueuePolicy, demand: KeyDemand, lifetime: number, stay: number): number {
  return demand.rate * hitting(policy, demand, lifetime, stay);
}

/** Mean seconds of a cycle in the cache, expired ones included. */
export function queueResidence(
  policy: QueuePolicy,
  demand: KeyDemand,
  lifetime: number,
  stay: number,
): number {
  const kept = keptShare(policy, demand, lifetime, stay);
  const pushed = (1 - kept) * ageMass(demand, Math.min(lifetime, stay), stay);
  return kept === 0 ? pushed : pushed + kept * ageMass(demand, lifetime, Number.POSITIVE_INFINITY);
}

/** An entry as it is found. */
export interface QueueEntry {
  /** Seconds since insertion. */
  readonly age: number;
  /** The insertion and the hits since then; ≥ 1, whole. Always 1 for FIFO, which does not count. */
  readonly frequency: number;
}

/**
 * Draws the state in which an entry is found at a random instant.
 *
 * @param uniform gives fresh uniform numbers on [0, 1)
 */
export function queueEntry(
  policy: QueuePolicy,
  demand: KeyDemand,
  lifetime: number,
  stay: number,
  uniform: () => number,
): QueueEntry {
  const knee = Math.min(lifetime, stay);
  const kept = keptShare(policy, demand, lifetime, stay);
  const safe = kept === 0 ? 0 : kept * ageMass(demand, lifetime, Number.POSITIVE_INFINITY);
  if (uniform() * (safe + (1 - kept) * ageMass(demand, knee, stay)) >= safe) {
    return { age: drawAge(demand, knee, stay, uniform()), frequency: 1 };
  }
  const age = drawAge(demand, lifetime, Number.POSITIVE_INFINITY, uniform());
  const counted = Math.min(age, lifetime);
  const firstHit = -Math.log1p(-uniform() * kept) / demand.rate;
  if (firstHit > counted) return { age, frequency: 1 };
  // The mean of the Poisson number of further hits, rounded at random: order is all that it is for.
  return { age, frequency: 2 + Math.floor(demand.rate * (counted - firstHit) + uniform()) };
}

/** Mean seconds of a cycle in which a request would hit. */
function hitting(policy: QueuePolicy, demand: KeyDemand, lifetime: number, stay: number): number {
  const kept = keptShare(policy, demand, lifetime, stay);
  const pushed = (1 - kept) * mass(demand.removal, Math.min(lifetime, stay));
  return kept === 0 ? pushed : pushed + kept * mass(demand.removal, lifetime);
}

/** Probability that an entry, unless removed, is hit early enough not to be pushed out. */
function keptShare(policy: QueuePolicy, { rate }: KeyDemand, lifetime: number, stay: number): number {
  return policy === 'fifo' ? 0 : -Math.expm1(-rate * Math.min(lifetime, stay));
}

/** Expected seconds of ages up to `reach`: removal takes its share, and after the knee requests do as well. */
function ageMass({ rate, removal }: KeyDemand, knee: number, reach: number): number {
  const early = mass(removal, Math.min(knee, reach));
  return reach > knee ? early + Math.exp(-removal * knee) * mass(rate + removal, reach - knee) : early;
}

/** The age at quantile `u` of {@link ageMass}. */
function drawAge(demand: KeyDemand, knee: number, reach: number, u: number): number {
  const { rate, removal } = demand;
  const part = u * ageMass(demand, knee, reach);
  const early = mass(removal, Math.min(knee, reach));
  const fade = Math.exp(-removal * knee);
  if (part < early || !(fade > 0)) return Math.min(knee, massReached(removal, part));
  return Math.min(reach, knee + massReached(rate + removal, (part - early) / fade));
}
