import { createLocator, type LocatorName, type LocatorOptions } from '../place/index.ts';
import { requireOptions } from '../require-options.ts';
import type { Balancer, BalancerState, CountingBalancer } from './balancer.ts';
import { requireTargets } from './checks.ts';
import { JoinIdleQueueBalancer } from './join-idle-queue.ts';
import { BoundedRingBalancer, KeyedBalancer } from './keyed.ts';
import { LeastConnectionsBalancer } from './least-connections.ts';
import { PeakEwmaBalancer } from './peak-ewma.ts';
import { PowerOfDBalancer } from './power-of-d.ts';
import { PowerOfTwoBalancer } from './power-of-two.ts';
import { RandomBalancer } from './random.ts';
import { RoundRobinBalancer } from './round-robin.ts';
import { WeightedLeastConnectionsBalancer } from './weighted-least-connections.ts';
import { WeightedRoundRobinBalancer } from './weighted-round-robin.ts';

/**
 * Options of all algorithms; each takes only those that it has a use for. What the locators of `place` take
 * (`ids`, `seed`, `virtualNodes`, `loadFactor`, `assumedLoad`, `tableSize`) goes on to ring, bounded-ring,
 * rendezvous and maglev.
 */
export interface BalancerOptions extends LocatorOptions {
  /**
   * Shares of requests relative to each other, > 0, one for each target; default 1 each. For random,
   * weighted-round-robin, weighted-least-connections, ring, bounded-ring, rendezvous and maglev.
   */
  readonly weights?: readonly number[];
  /** power-of-d: targets looked at for a pick, 1 to 1024. Default 2. */
  readonly choices?: number;
  /** peak-ewma, which cannot do without: time in which an old latency decays to 1/e, > 0, in the caller's unit. */
  readonly decayTime?: number;
  /** join-idle-queue: dispatchers, 1 to 2^24. Default 1. */
  readonly dispatchers?: number;
}

interface Algorithm {
  /** The options that mean something to it. */
  readonly takes: readonly (keyof BalancerOptions)[];
  make(targets: number, options: BalancerOptions): CountingBalancer;
}

const placing = ['ids', 'weights', 'seed'] as const;

const algorithms = {
  random: { takes: ['weights'], make: (n, { weights }) => new RandomBalancer(n, weights) },
  'round-robin': { takes: [], make: (n) => new RoundRobinBalancer(n) },
  'weighted-round-robin': {
    takes: ['weights'],
    make: (n, { weights }) => new WeightedRoundRobinBalancer(n, weights),
  },
  'least-connections': { takes: [], make: (n) => new LeastConnectionsBalancer(n) },
  'weighted-least-connections': {
    takes: ['weights'],
    make: (n, { weights }) => new WeightedLeastConnectionsBalancer(n, weights),
  },
  'power-of-two': { takes: [], make: (n) => new PowerOfTwoBalancer(n) },
  'power-of-d': { takes: ['choices'], make: (n, { choices }) => new PowerOfDBalancer(n, choices) },
  'peak-ewma': { takes: ['decayTime'], make: (n, { decayTime }) => new PeakEwmaBalancer(n, decayTime) },
  'join-idle-queue': {
    takes: ['dispatchers'],
    make: (n, { dispatchers }) => new JoinIdleQueueBalancer(n, dispatchers),
  },
  // One algorithm under two names, for what is hashed is the caller's choice.
  'ip-hash': keyed('modulo', []),
  'key-hash': keyed('modulo', []),
  ring: keyed('ring', [...placing, 'virtualNodes']),
  'bounded-ring': {
    takes: [...placing, 'virtualNodes', 'loadFactor', 'assumedLoad'],
    make: (n, options) => new BoundedRingBalancer(n, options),
  },
  rendezvous: keyed('rendezvous', placing),
  jump: keyed('jump', []),
  maglev: keyed('maglev', [...placing, 'tableSize']),
} as const satisfies Record<string, Algorithm>;

function keyed(name: LocatorName, takes: Algorithm['takes']): Algorithm {
  return { takes, make: (n, options) => new KeyedBalancer(n, createLocator(name, n, options)) };
}

/** Names of the algorithms. */
export type BalanceAlgorithm = keyof typeof algorithms;

/** Every {@link BalanceAlgorithm}, in the order of the documentation. */
export const balanceAlgorithms = Object.freeze(Object.keys(algorithms)) as readonly BalanceAlgorithm[];

/** Those that go by the key of the request. */
export const keyedAlgorithms: readonly BalanceAlgorithm[] = Object.freeze([
  'ip-hash',
  'key-hash',
  'ring',
  'bounded-ring',
  'rendezvous',
  'jump',
  'maglev',
] satisfies BalanceAlgorithm[]);

/**
 * A balancer over `targets` targets, all of them idle and available.
 *
 * @throws RangeError when `targets` is not a whole number from 1 to 2^20, the algorithm is unknown, or an option is
 *   impossible
 * @throws TypeError when an option means nothing to the algorithm
 */
export function createBalancer(
  algorithm: BalanceAlgorithm,
  targets: number,
  options: BalancerOptions = {},
): Balancer {
  return make(algorithm, targets, options);
}

/**
 * A balancer that goes on where another one of the same algorithm, targets and options was saved; its weights are
 * those of the state.
 *
 * @throws RangeError as `createBalancer`, and when the state is not of such a balancer
 */
export function restoreBalancer(
  algorithm: BalanceAlgorithm,
  targets: number,
  options: BalancerOptions,
  state: BalancerState,
): Balancer {
  const balancer = make(algorithm, targets, options);
  balancer.adopt(state);
  return balancer;
}

function make(algorithm: BalanceAlgorithm, targets: number, options: BalancerOptions): CountingBalancer {
  if (!Object.hasOwn(algorithms, algorithm)) {
    throw new RangeError(`algorithm must be one of ${balanceAlgorithms.join(', ')}, got ${algorithm}`);
  }
  const { takes, make: made }: Algorithm = algorithms[algorithm];
  requireOptions(algorithm, options, Object.fromEntries(takes.map((name) => [name, true])));
  requireTargets(targets);
  return made(targets, options);
}
