import type * as z from 'zod';
import type { Amount } from './field.ts';
import type { PlanCall } from './plan.ts';
import { count, quantity } from './quantity-fields.ts';
import { blockChoice, type OwnName, reference, section } from './word-fields.ts';

/** How long is waited before another attempt; the blocks of protect/ know what each means. */
export const backoffs = [
  'none',
  'constant',
  'exponential',
  'full-jitter',
  'equal-jitter',
  'decorrelated-jitter',
] as const;

export type BackoffName = (typeof backoffs)[number];

/** How calls over time are limited, by the blocks of limit/. */
export const limitAlgorithms = ['token-bucket'] as const;

export type LimitName = (typeof limitAlgorithms)[number];

/** What every call, read and write may say. */
export interface CallOptionsInput {
  readonly timeout?: Amount | undefined;
  readonly key?: string | undefined;
  readonly retry?: RetryInput | undefined;
  readonly hedge?: HedgeInput | undefined;
  readonly breaker?: BreakerInput | undefined;
  readonly limit?: LimitInput | undefined;
  readonly bulkhead?: BulkheadInput | undefined;
}

/** Further attempts after a failed one. */
export interface RetryInput {
  readonly attempts: Amount;
  readonly backoff?: BackoffName | OwnName<'backoff'> | undefined;
  readonly base?: Amount | undefined;
  readonly cap?: Amount | undefined;
  readonly budget?: Amount | undefined;
}

/** A second request where the first is slow. */
export interface HedgeInput {
  readonly after: Amount;
  readonly most?: Amount | undefined;
}

/** No request for a while after too many failed ones. */
export interface BreakerInput {
  readonly failures?: Amount | undefined;
  readonly of?: Amount | undefined;
  readonly slower?: Amount | undefined;
  readonly open?: Amount | undefined;
  readonly probes?: Amount | undefined;
}

/** At most so many requests over time. */
export interface LimitInput {
  readonly algorithm?: LimitName | OwnName<'limit'> | undefined;
  readonly rate: Amount;
  readonly burst?: Amount | undefined;
}

/** At most so many requests at the same time. */
export interface BulkheadInput {
  readonly most: Amount;
  readonly queue?: Amount | undefined;
}

/** What every call, read and write may say, in base units, defaults not filled in. */
export interface CallOptions {
  timeout?: number | undefined;
  key?: string | undefined;
  retry?: z.output<typeof retrySchema> | undefined;
  hedge?: z.output<typeof hedgeSchema> | undefined;
  breaker?: z.output<typeof breakerSchema> | undefined;
  limit?: z.output<typeof limitSchema> | undefined;
  bulkhead?: z.output<typeof bulkheadSchema> | undefined;
}

const retrySchema = section('a retry', {
  attempts: count({ is: 'Attempts in all, the first included.' }, { least: 2, most: 100 }),
  backoff: blockChoice('backoff', backoffs, {
    is: 'How the pause before the next attempt is chosen.',
    default: 'full-jitter',
  }).optional(),
  base: quantity('time', {
    is: 'The pause before the second attempt, jitter aside.',
    default: '100ms',
  }).optional(),
  cap: quantity('time', { is: 'The longest pause.', default: '10s' }).optional(),
  budget: quantity(
    'ratio',
    { is: 'Further attempts per first attempt, at most, over ten seconds; without it, no limit.' },
    { above: 0, most: 1 },
  ).optional(),
});

const hedgeSchema = section('a hedge', {
  after: quantity('time', { is: 'How long the answer may take until another request is sent.' }),
  most: count({ is: 'Further requests at most.', default: '1' }, { most: 10 }).optional(),
});

const breakerSchema = section('a breaker', {
  failures: quantity(
    'ratio',
    { is: 'Share of failed calls at which it opens.', default: '50%' },
    { above: 0, most: 1 },
  ).optional(),
  of: count({ is: 'How many calls that share is taken of.', default: '100' }, { most: 10_000 }).optional(),
  slower: quantity(
    'time',
    { is: 'A call that takes longer counts as failed; without it, only failed ones do.' },
    { above: 0 },
  ).optional(),
  open: quantity('time', { is: 'How long it stays open.', default: '60s' }, { above: 0 }).optional(),
  probes: count(
    { is: 'Calls let through to see whether it can close.', default: '10' },
    { most: 10_000 },
  ).optional(),
});

const limitSchema = section('a limit', {
  algorithm: blockChoice('limit', limitAlgorithms, {
    is: 'How it decides which calls pass.',
    default: 'token-bucket',
  }).optional(),
  rate: quantity('rate', { is: 'Calls over time, at most, in the long run.' }, { above: 0 }),
  burst: count({ is: 'Calls at once, at most.', default: '1' }, { most: 1_000_000_000 }).optional(),
});

const bulkheadSchema = section('a bulkhead', {
  most: count({ is: 'Calls in progress at the same time, at most.' }, { most: 1_000_000 }),
  queue: count(
    { is: 'Calls that wait for their turn, at most.', default: '0' },
    { least: 0, most: 1_000_000_000 },
  ).optional(),
});

/** Pauses of a retry that says none, seconds. */
export const usualPauses = { base: 0.1, cap: 10 };

/** What protects a call, defaults filled in. */
export function protectionOf(
  options: CallOptions,
): Pick<PlanCall, 'retry' | 'breaker' | 'limit' | 'bulkhead' | 'hedge'> {
  const { retry, breaker, limit, bulkhead, hedge } = options;
  return {
    ...(retry && {
      retry: {
        attempts: retry.attempts,
        backoff: retry.backoff ?? 'full-jitter',
        base: retry.base ?? usualPauses.base,
        cap: retry.cap ?? usualPauses.cap,
        budget: retry.budget ?? null,
      },
    }),
    ...(breaker && {
      breaker: {
        failures: breaker.failures ?? 0.5,
        of: breaker.of ?? 100,
        slower: breaker.slower ?? null,
        open: breaker.open ?? 60,
        probes: breaker.probes ?? 10,
      },
    }),
    ...(limit && {
      limit: {
        algorithm: limit.algorithm ?? 'token-bucket',
        rate: limit.rate,
        burst: limit.burst ?? 1,
      },
    }),
    ...(bulkhead && { bulkhead: { most: bulkhead.most, queue: bulkhead.queue ?? 0 } }),
    ...(hedge && { hedge: { after: hedge.after, most: hedge.most ?? 1 } }),
  };
}

/** The keys of these options in a step. */
export const callOptions = {
  timeout: quantity(
    'time',
    { is: 'How long the caller waits; without it, for ever.' },
    { above: 0 },
  ).optional(),
  key: reference('request, a data name, or new and a data name', {
    is: 'Which key is asked for: `request` (that of the request), a data name (one drawn by its popularity), or `new` and a data name.',
  }).optional(),
  retry: retrySchema.meta({ description: 'Further attempts after a failed one.' }).optional(),
  hedge: hedgeSchema
    .meta({ description: 'Another request where the answer is slow; the first answer counts.' })
    .optional(),
  breaker: breakerSchema
    .meta({
      description:
        'Too many failed calls, and for a while none is made. Each instance of the caller has its own.',
    })
    .optional(),
  limit: limitSchema
    .meta({
      description: 'Calls over time, at most (a token bucket). Each instance of the caller has its own.',
    })
    .optional(),
  bulkhead: bulkheadSchema
    .meta({
      description: 'Calls in progress at the same time, at most. Each instance of the caller has its own.',
    })
    .optional(),
};
