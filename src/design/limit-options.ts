import type * as z from 'zod';
import {
  type ConcurrencyLimitName,
  concurrencyLimits,
  type RateLimiterName,
  rateLimiters,
} from '../blocks/index.ts';
import type { Amount } from './field.ts';
import type { PlanConcurrency, PlanLimit, PlanThrottle } from './plan.ts';
import { count, quantity } from './quantity-fields.ts';
import { blockChoice, choice, type OwnName, section } from './word-fields.ts';

/** At most so many requests over time. */
export interface LimitInput {
  readonly rate: Amount;
  readonly burst?: Amount | undefined;
  readonly algorithm?: RateLimiterName | OwnName<'limit'> | undefined;
  readonly window?: Amount | undefined;
}

/** At most so many requests at the same time, as many as the answers so far speak for. */
export interface ConcurrencyInput {
  readonly algorithm: ConcurrencyLimitName;
  readonly initial?: Amount | undefined;
  readonly least?: Amount | undefined;
  readonly most?: Amount | undefined;
}

/** Fewer requests where many are refused. */
export interface ThrottleInput {
  readonly factor?: Amount | undefined;
  readonly over?: Amount | undefined;
}

/** Most calls at once, or in one window. */
export const mostCalls = 1_000_000_000;

export const limitSchema = section('a limit', {
  rate: quantity('rate', { is: 'Calls over time, at most, in the long run.' }, { above: 0 }),
  burst: count(
    { is: 'Calls at once, at most: of a token-bucket or gcra.', default: '1' },
    { most: mostCalls },
  ).optional(),
  algorithm: blockChoice('limit', rateLimiters, {
    is: 'How calls are counted.',
    default: 'token-bucket',
  }).optional(),
  window: quantity(
    'time',
    {
      is: 'What a fixed-window, sliding-log or sliding-counter counts over: `rate` × `window` calls, fractions cut off.',
      default: '1s',
    },
    { above: 0 },
  ).optional(),
});

export const concurrencySchema = section('a concurrency limit', {
  algorithm: choice(concurrencyLimits, { is: 'How the limit moves.' }),
  initial: count(
    { is: 'Calls in progress at most, to begin with.', default: '20, within `least` and `most`' },
    { most: 1_000_000 },
  ).optional(),
  least: count(
    {
      is: 'The limit never falls below: of an aimd or gradient2.',
      default: '20, or `initial` where that is less',
    },
    { most: 1_000_000 },
  ).optional(),
  most: count(
    {
      is: 'The limit never rises above: of all but a fixed one.',
      default: '200, of vegas 1000, or `initial` where that is more',
    },
    { most: 1_000_000 },
  ).optional(),
});

export const throttleSchema = section('a throttle', {
  factor: quantity(
    'ratio',
    { is: 'Calls sent for one that is accepted.', default: '2x' },
    { least: 1, most: 1000 },
  ).optional(),
  over: quantity('time', { is: 'How far it looks back.', default: '2m' }, { above: 0 }).optional(),
});

/** What a rate limit says nothing about, in base units. */
export const usualLimit = { algorithm: 'token-bucket', burst: 1, window: 1 } as const;

/** Whole calls that a window lets through; what rounding takes from a whole number is given back. */
export function callsPerWindow(rate: number, window: number): number {
  return Math.floor(rate * window * (1 + 1e-12));
}

function isBuiltIn(algorithm: string): algorithm is RateLimiterName {
  return (rateLimiters as readonly string[]).includes(algorithm);
}

/** A limit, defaults filled in. */
export function limitOf(limit: z.output<typeof limitSchema>): PlanLimit {
  const {
    rate,
    burst = usualLimit.burst,
    algorithm = usualLimit.algorithm,
    window = usualLimit.window,
  } = limit;
  if (!isBuiltIn(algorithm)) return { own: algorithm, rate, burst };
  switch (algorithm) {
    case 'token-bucket':
    case 'gcra':
      return { algorithm, rate, burst };
    case 'leaky-bucket':
      return { algorithm, rate };
    case 'fixed-window':
    case 'sliding-log':
    case 'sliding-counter': {
      const calls = callsPerWindow(rate, window);
      return { algorithm, rate: calls / window, window, calls };
    }
  }
}

/** Where a limit begins, and within what it stays; where it is not said, as in Netflix concurrency-limits. */
export function concurrencyBounds(written: {
  readonly algorithm: ConcurrencyLimitName;
  readonly initial?: number | undefined;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}): Pick<PlanConcurrency, 'initial' | 'least' | 'most'> {
  const { algorithm } = written;
  if (algorithm === 'fixed') {
    const { initial = 20 } = written;
    return { initial, least: initial, most: initial };
  }
  const floor = algorithm === 'vegas' ? 1 : written.least;
  const initial = written.initial ?? Math.max(floor ?? 1, Math.min(written.most ?? 20, 20));
  const most = written.most ?? Math.max(algorithm === 'vegas' ? 1000 : 200, initial);
  return { initial, least: floor ?? Math.min(20, initial), most };
}

/** A concurrency limit, defaults filled in. */
export function concurrencyOf(concurrency: z.output<typeof concurrencySchema>): PlanConcurrency {
  return { algorithm: concurrency.algorithm, ...concurrencyBounds(concurrency) };
}

/** A throttle, defaults filled in: those of Site Reliability Engineering, chapter 21. */
export function throttleOf({ factor = 2, over = 120 }: z.output<typeof throttleSchema>): PlanThrottle {
  return { factor, over };
}
