import type { BalanceAlgorithm } from '../blocks/index.ts';
import type { OwnName } from '../design/index.ts';
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

/** What the estimator takes it for; one of the user's own for random, since nothing is known of it. */
export function spreadOf(balancing: InstanceBalancing | OwnName<'balance'>): Spread {
  return isBuiltIn(balancing) ? spreads[balancing] : 'random';
}

/** What is to be said of that. */
export function spreadNotes(balancing: InstanceBalancing | OwnName<'balance'>): readonly string[] {
  if (isBuiltIn(balancing)) return [];
  return [`no formula is known for the balancing ${balancing}; instances are taken to be chosen at random`];
}

function isBuiltIn(balancing: string): balancing is InstanceBalancing {
  return Object.hasOwn(spreads, balancing);
}
