import type { BalanceAlgorithm } from '../blocks/index.ts';
import type { Spread } from '../estimate/index.ts';

/**
 * The ways to choose an instance that a design may name, and what the estimator takes each for. Those with weights
 * are not among them: all instances of a component are equal.
 */
const spreads = {
  random: 'random',
  'round-robin': 'round-robin',
  'least-connections': 'least-connections',
  'power-of-two': 'power-of-two',
  'peak-ewma': 'power-of-two',
  'join-idle-queue': 'least-connections',
  'key-hash': 'key',
  ring: 'key',
  'bounded-ring': 'key',
  rendezvous: 'key',
  jump: 'key',
  maglev: 'key',
} as const satisfies Partial<Record<BalanceAlgorithm, Spread>>;

export type InstanceBalancing = keyof typeof spreads;

/** Every {@link InstanceBalancing}. */
export const instanceBalancing = Object.freeze(Object.keys(spreads)) as readonly InstanceBalancing[];

/** What the estimator takes it for. */
export function spreadOf(balancing: InstanceBalancing): Spread {
  return spreads[balancing];
}
