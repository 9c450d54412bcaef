import type { Random } from '../../kernel/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireWhole, requireWithin } from './range.ts';

/**
 * How long to wait before trying again.
 *
 * @param attempt how many attempts have failed so far, a whole number ≥ 1
 * @param previousDelay what it returned last time; 0 before the first
 * @returns a delay ≥ 0, never above the cap
 */
export type Backoff = (attempt: number, previousDelay: number, random: Random) => number;

/** No waiting at all. */
export interface NoBackoffOptions {
  readonly kind: 'none';
}

/** The same delay every time. */
export interface ConstantBackoffOptions {
  readonly kind: 'constant';
  /** Finite, ≥ 0, in the caller's unit of time. */
  readonly delay: number;
}

/** Delays that grow, with or without chance. */
export interface GrowingBackoffOptions {
  readonly kind: 'exponential' | 'full-jitter' | 'equal-jitter' | 'decorrelated-jitter';
  /** The first delay (decorrelated jitter: the least), finite, ≥ 0, in the caller's unit of time. */
  readonly base: number;
  /** The longest delay, finite, ≥ base. */
  readonly cap: number;
  /** By which it grows, ≥ 1. Default 2; 3 for decorrelated jitter. */
  readonly factor?: number;
}

/** Every way to wait. */
export type BackoffOptions = NoBackoffOptions | ConstantBackoffOptions | GrowingBackoffOptions;

const NONE: OptionNames<NoBackoffOptions> = { kind: true };
const CONSTANT: OptionNames<ConstantBackoffOptions> = { kind: true, delay: true };
const GROWING: OptionNames<GrowingBackoffOptions> = { kind: true, base: true, cap: true, factor: true };

/**
 * A backoff function. With v = min(cap, base · factor^(attempt − 1)) and U(a, b) uniform:
 *
 * - `exponential`: v
 * - `full-jitter`: U(0, v)
 * - `equal-jitter`: v / 2 + U(0, v / 2)
 * - `decorrelated-jitter`: min(cap, U(base, factor · previous delay)), the first previous delay being `base`
 *
 * The jitters are those of Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 *
 * @throws RangeError when an option is out of range, TypeError when there are no options
 */
export function createBackoff(options: BackoffOptions): Backoff {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`backoff must be options with a kind, got ${String(options)}`);
  }
  switch (options.kind) {
    case 'none':
      requireOptions('backoff none', options, NONE);
      return none;
    case 'constant': {
      requireOptions('backoff constant', options, CONSTANT);
      const { delay } = options;
      requireWithin('delay', delay, 0, Number.MAX_VALUE);
      return (attempt) => {
        requireAttempt(attempt);
        return delay;
      };
    }
    case 'exponential':
    case 'full-jitter':
    case 'equal-jitter':
    case 'decorrelated-jitter':
      requireOptions(`backoff ${options.kind}`, options, GROWING);
      return growing(options);
    default:
      throw new RangeError(
        'kind must be one of none, constant, exponential, full-jitter, equal-jitter, decorrelated-jitter, ' +
          `got ${(options as BackoffOptions).kind}`,
      );
  }
}

function none(attempt: number): number {
  requireAttempt(attempt);
  return 0;
}

function growing(options: GrowingBackoffOptions): Backoff {
  const { kind, base, cap, factor = kind === 'decorrelated-jitter' ? 3 : 2 } = options;
  requireWithin('base', base, 0, Number.MAX_VALUE);
  requireWithin('cap', cap, base, Number.MAX_VALUE);
  requireWithin('factor', factor, 1, Number.MAX_VALUE);
  const upTo = (attempt: number): number => {
    requireAttempt(attempt);
    // The power may overflow to Infinity, which the cap ends; 0 times Infinity would be no number.
    return base === 0 ? 0 : Math.min(cap, base * factor ** (attempt - 1));
  };
  switch (kind) {
    case 'exponential':
      return upTo;
    case 'full-jitter':
      return (attempt, _previousDelay, random) => upTo(attempt) * random.next();
    case 'equal-jitter':
      return (attempt, _previousDelay, random) => {
        const half = upTo(attempt) / 2;
        return half + half * random.next();
      };
    case 'decorrelated-jitter':
      return (attempt, previousDelay, random) => {
        requireAttempt(attempt);
        requireWithin('previousDelay', previousDelay, 0, Number.MAX_VALUE);
        // Not min(cap, …) of the bound: the delay is cut, not its law, as in the original.
        const bound = Math.min(Number.MAX_VALUE, Math.max(base, previousDelay) * factor);
        return Math.min(cap, base + (bound - base) * random.next());
      };
  }
}

function requireAttempt(attempt: number): void {
  requireWhole('attempt', attempt, 1, Number.MAX_SAFE_INTEGER);
}
