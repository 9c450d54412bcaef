import {
  type Backoff,
  type Balancer,
  balanceAlgorithms,
  type Cache,
  type EvictionOptions,
  evictionPolicies,
  type RateLimiter,
  rateLimiters,
} from '../blocks/index.ts';
import { backoffs } from './call-options.ts';
import { isMap } from './path.ts';
import { isName } from './plain-name.ts';
import type { BlockTheme } from './word-fields.ts';

/** What the cache of a design is made with; chance is that of the run, equal for equal seeds. */
export type OwnCacheOptions = Required<
  Pick<EvictionOptions, 'capacity' | 'expectedEntries' | 'denseKeys' | 'random'>
>;

/** What a retry of a design says of its pauses, seconds. */
export interface OwnBackoffOptions {
  readonly base: number;
  readonly cap: number;
}

/** What a limit of a design says: calls per second, and at once. */
export interface OwnLimitOptions {
  readonly rate: number;
  readonly burst: number;
}

/**
 * Blocks of the user's own by the name that a design gives them, in the place of a built-in one. Each is a function
 * that makes one as new: it is called for every replication, and for every instance of a caller, on any thread. So a
 * block keeps its state in itself and takes chance and time from its arguments alone. Seconds, whatever it counts.
 */
export interface OwnBlocks {
  /** For `evict` of a cache. */
  readonly evict?: Readonly<Record<string, (options: OwnCacheOptions) => Cache>>;
  /** For `balance` of a service and `algorithm` of a load balancer. */
  readonly balance?: Readonly<Record<string, (targets: number) => Balancer>>;
  /** For `backoff` of a retry; a delay of 0 is one. */
  readonly backoff?: Readonly<Record<string, (options: OwnBackoffOptions) => Backoff>>;
  /** For `algorithm` of a limit. */
  readonly limit?: Readonly<Record<string, (options: OwnLimitOptions) => RateLimiter>>;
}

/** Names that are taken, by theme. */
const builtIn: Readonly<Record<BlockTheme, readonly string[]>> = {
  evict: evictionPolicies,
  balance: balanceAlgorithms,
  backoff: backoffs,
  limit: rateLimiters,
};

const themes = Object.keys(builtIn) as readonly BlockTheme[];

/**
 * Blocks of your own for a design, typed. Returns its argument; what is wrong with it is told when a design is loaded
 * or run with it.
 */
export function defineBlocks<const Own extends OwnBlocks>(blocks: Own): Own {
  return blocks;
}

/**
 * The blocks, when they can stand beside the built-in ones.
 *
 * @throws TypeError when something in them is no function that makes a block
 * @throws RangeError when a theme is unknown, or a name cannot be written in a design or is a built-in one's
 */
export function requireOwnBlocks(blocks: unknown): OwnBlocks {
  if (!isMap(blocks)) throw new TypeError(`blocks must be a map of themes, got ${String(blocks)}`);
  for (const [theme, named] of Object.entries(blocks)) {
    if (!(themes as readonly string[]).includes(theme)) {
      throw new RangeError(`blocks must be of the themes ${themes.join(', ')}, got ${theme}`);
    }
    if (named === undefined) continue;
    if (!isMap(named)) throw new TypeError(`blocks.${theme} must be a map of functions by name`);
    for (const [name, create] of Object.entries(named)) requireOwnBlock(theme as BlockTheme, name, create);
  }
  return blocks as OwnBlocks;
}

function requireOwnBlock(theme: BlockTheme, name: string, create: unknown): void {
  if (!isName(name)) {
    throw new RangeError(
      `a block of ${theme} must be called by a letter, then letters, digits, - and _, got ${JSON.stringify(name)}`,
    );
  }
  if (builtIn[theme].includes(name)) {
    throw new RangeError(`blocks.${theme}.${name} must have another name: ${name} is a built-in one`);
  }
  if (typeof create !== 'function') {
    throw new TypeError(`blocks.${theme}.${name} must be a function that makes one, got a ${typeof create}`);
  }
}

/** Names of the blocks of a theme, in the order given. */
export function ownNames(blocks: OwnBlocks, theme: BlockTheme): readonly string[] {
  return Object.keys(blocks[theme] ?? {});
}
