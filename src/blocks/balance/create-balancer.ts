import type { Balancer } from './balancer.ts';
import { LeastConnectionsBalancer } from './least-connections.ts';
import { PowerOfTwoBalancer } from './power-of-two.ts';
import { RandomBalancer } from './random.ts';
import { RoundRobinBalancer } from './round-robin.ts';

const algorithms = {
  random: RandomBalancer,
  'round-robin': RoundRobinBalancer,
  'least-connections': LeastConnectionsBalancer,
  'power-of-two': PowerOfTwoBalancer,
} as const satisfies Record<string, new (targets: number) => Balancer>;

/** Names a design may use. */
export type BalanceAlgorithm = keyof typeof algorithms;

/** Every {@link BalanceAlgorithm}, in the order of the documentation. */
export const balanceAlgorithms = Object.freeze(Object.keys(algorithms)) as readonly BalanceAlgorithm[];

/**
 * A balancer over `targets` targets, all of them idle.
 *
 * @throws RangeError when `targets` is not a whole number ≥ 1 or the algorithm is unknown
 */
export function createBalancer(algorithm: BalanceAlgorithm, targets: number): Balancer {
  if (!Object.hasOwn(algorithms, algorithm)) {
    throw new RangeError(`algorithm must be one of ${balanceAlgorithms.join(', ')}, got ${algorithm}`);
  }
  return new algorithms[algorithm](targets);
}
