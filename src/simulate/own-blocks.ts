import {
  type Backoff,
  type BackoffOptions,
  type BalanceAlgorithm,
  type Balancer,
  type BalancerOptions,
  type Cache,
  createBackoff,
  createBalancer,
  createCache,
  type EvictionPolicy,
  type RateLimiter,
} from '../blocks/index.ts';
import type { BlockTheme, OwnBackoffOptions, OwnBlocks, OwnCacheOptions, OwnName } from '../design/index.ts';
import type { PlanLimit } from '../design/plan.ts';
import { faultOf } from './faulty-block.ts';
import { rateLimiter } from './protection/protection-blocks.ts';
import { WatchedBalancer, WatchedCache, WatchedLimiter, watchedBackoff } from './watched-blocks.ts';

/** What a block must have for a run, by theme. */
const cacheMethods = [
  'lookup',
  'contains',
  'insert',
  'expireAt',
  'remove',
  'clear',
  'restore',
] as const satisfies readonly (keyof Cache)[];
const balancerMethods = [
  'pick',
  'started',
  'finished',
  'available',
  'setAvailable',
  'weight',
  'setWeight',
] as const satisfies readonly (keyof Balancer)[];
const limiterMethods = ['tryTake', 'idleAt', 'reset'] as const satisfies readonly (keyof RateLimiter)[];

/**
 * The blocks that a plan names, made as new: the user's own where one has the name, else the built-in ones.
 *
 * Every function throws a {@link FaultyBlock} where the user's own cannot be made, and RangeError where there is no
 * block of the name.
 */
export class BlockMaker {
  private readonly own: OwnBlocks;

  /** @param own must have passed `requireOwnBlocks` */
  constructor(own: OwnBlocks = {}) {
    this.own = own;
  }

  cache(policy: EvictionPolicy | OwnName<'evict'>, options: OwnCacheOptions): Cache {
    const create = ownOf(this.own.evict, policy);
    if (create === undefined) return createCache(policy as EvictionPolicy, options);
    const cache = made('evict', policy, () => create(options), cacheMethods);
    for (const key of ['capacity', 'size'] as const) {
      if (typeof cache[key] !== 'number') throw faultOf('evict', policy, `has no ${key}, which a Cache has`);
    }
    return new WatchedCache(policy, cache);
  }

  balancer(
    algorithm: BalanceAlgorithm | OwnName<'balance'>,
    targets: number,
    options: BalancerOptions,
  ): Balancer {
    const create = ownOf(this.own.balance, algorithm);
    if (create === undefined) return createBalancer(algorithm as BalanceAlgorithm, targets, options);
    const balancer = made('balance', algorithm, () => create(targets), balancerMethods);
    return new WatchedBalancer(algorithm, balancer, targets);
  }

  backoff(kind: BackoffOptions['kind'] | OwnName<'backoff'>, options: OwnBackoffOptions): Backoff {
    const create = ownOf(this.own.backoff, kind);
    if (create !== undefined) {
      return watchedBackoff(
        kind,
        made('backoff', kind, () => create(options), []),
      );
    }
    const builtIn = kind as BackoffOptions['kind'];
    switch (builtIn) {
      case 'none':
        return createBackoff({ kind: builtIn });
      case 'constant':
        return createBackoff({ kind: builtIn, delay: options.base });
      default:
        return createBackoff({ kind: builtIn, ...options });
    }
  }

  limiter(limit: PlanLimit): RateLimiter {
    if (!('own' in limit)) return rateLimiter(limit);
    const { own, rate, burst } = limit;
    const create = ownOf(this.own.limit, own);
    if (create === undefined) throw new RangeError(`there is no limiter ${own}`);
    const limiter = made('limit', own, () => create({ rate, burst }), limiterMethods);
    return new WatchedLimiter(own, limiter);
  }
}

/** The user's function of that name; undefined when it has none. */
function ownOf<Create>(
  named: Readonly<Record<string, Create>> | undefined,
  name: string,
): Create | undefined {
  return named !== undefined && Object.hasOwn(named, name) ? named[name] : undefined;
}

/** What the user's function makes, when it is a block. Without methods, it must be a function itself. */
function made<Block>(
  theme: BlockTheme,
  name: string,
  create: () => Block,
  methods: readonly (keyof Block & string)[],
): Block {
  let block: Block;
  try {
    block = create();
  } catch (error) {
    throw faultOf(theme, name, 'cannot be made', error);
  }
  const wanted = interfaces[theme];
  if (methods.length === 0 ? typeof block !== 'function' : typeof block !== 'object' || block === null) {
    throw faultOf(theme, name, `must give a ${wanted}, got ${block === null ? 'null' : typeof block}`);
  }
  const missing = methods.filter((method) => typeof block[method] !== 'function');
  if (missing.length > 0) {
    throw faultOf(theme, name, `gives no ${wanted}: it has no ${missing.join(', ')}`);
  }
  return block;
}

/** What each theme calls for, in the words of tenfold/blocks. */
const interfaces: Readonly<Record<BlockTheme, string>> = {
  evict: 'Cache',
  balance: 'Balancer',
  backoff: 'Backoff, which is a function',
  limit: 'RateLimiter',
};
