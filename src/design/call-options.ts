import * as z from 'zod';
import type { Headers } from '../blocks/index.ts';
import type { Amount } from './field.ts';
import {
  type ConcurrencyInput,
  concurrencyOf,
  concurrencySchema,
  type LimitInput,
  limitOf,
  limitSchema,
  type ThrottleInput,
  throttleOf,
  throttleSchema,
} from './limit-options.ts';
import type { PlanCall } from './plan.ts';
import { count, quantity, quantityOrFlag, timeOrPercentile } from './quantity-fields.ts';
import { blockChoice, choice, flag, type OwnName, reference, section } from './word-fields.ts';

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

/** What becomes of the time that is left for an answer. */
export const deadlineWords = ['propagate'] as const;

type DeadlineWord = (typeof deadlineWords)[number];

/** What every call, read and write may say. */
export interface CallOptionsInput {
  readonly timeout?: Amount | undefined;
  readonly cancel?: boolean | undefined;
  readonly deadline?: DeadlineWord | undefined;
  readonly key?: string | undefined;
  readonly retry?: RetryInput | undefined;
  readonly hedge?: HedgeInput | undefined;
  readonly breaker?: BreakerInput | undefined;
  readonly limit?: LimitInput | undefined;
  readonly throttle?: ThrottleInput | undefined;
  readonly concurrency?: ConcurrencyInput | undefined;
  readonly bulkhead?: BulkheadInput | undefined;
}

/** Further attempts after a failed one. */
export interface RetryInput {
  readonly attempts: Amount;
  readonly backoff?: BackoffName | OwnName<'backoff'> | undefined;
  readonly base?: Amount | undefined;
  readonly cap?: Amount | undefined;
  readonly budget?: Amount | TokenBudgetInput | undefined;
  readonly 'heed-retry-after'?: boolean | Amount | undefined;
}

/** Tokens that failed attempts take and successful ones give. */
export interface TokenBudgetInput {
  readonly tokens: Amount;
  readonly ratio: Amount;
}

/** A second request where the first is slow. */
export interface HedgeInput {
  readonly after: Amount;
  readonly most?: Amount | undefined;
  readonly budget?: Amount | undefined;
}

/** No request for a while after too many failed ones. */
export interface BreakerInput {
  readonly failures?: Amount | undefined;
  readonly of?: Amount | undefined;
  readonly over?: Amount | undefined;
  readonly consecutive?: Amount | undefined;
  readonly slower?: Amount | undefined;
  readonly open?: Amount | undefined;
  readonly probes?: Amount | undefined;
}

/** At most so many requests at the same time. */
export interface BulkheadInput {
  readonly most: Amount;
  readonly queue?: Amount | undefined;
}

/** What every call, read and write may say, in base units, defaults not filled in. */
export interface CallOptions {
  timeout?: number | undefined;
  cancel?: boolean | undefined;
  deadline?: DeadlineWord | undefined;
  key?: string | undefined;
  retry?: z.output<typeof retrySchema> | undefined;
  hedge?: z.output<typeof hedgeSchema> | undefined;
  breaker?: z.output<typeof breakerSchema> | undefined;
  limit?: z.output<typeof limitSchema> | undefined;
  throttle?: z.output<typeof throttleSchema> | undefined;
  concurrency?: z.output<typeof concurrencySchema> | undefined;
  bulkhead?: z.output<typeof bulkheadSchema> | undefined;
  /** Of a call of a user's operation alone. */
  headers?: Headers | undefined;
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
  budget: z
    .union(
      [
        quantity(
          'ratio',
          { is: 'Further attempts per first attempt, at most, over ten seconds.' },
          { above: 0, most: 1 },
        ),
        section('a budget of tokens', {
          tokens: count(
            { is: 'Tokens when full; a failed attempt takes one. Further attempts need more than half.' },
            { most: 1000 },
          ),
          ratio: quantity(
            'ratio',
            { is: 'Tokens a successful attempt gives.' },
            { least: 0.001, most: 1000 },
          ),
        }),
      ],
      { error: () => 'a ratio such as 20%, or a map of `tokens` and `ratio`' },
    )
    .meta({
      expected: 'a ratio such as 20%, or a map of `tokens` and `ratio`',
      description:
        'What bounds the further attempts of all calls together: a share of first attempts, or tokens; without it, nothing.',
    })
    .optional(),
  'heed-retry-after': quantityOrFlag(
    'time',
    {
      is: 'Refusals by limits and quotas say when it is worth to come again. With `true` it waits at least so long; with a time it does up to that, and gives up where it is asked to wait longer; without it, it goes by its own pauses.',
    },
    { above: 0 },
  ).optional(),
});

const hedgeSchema = section('a hedge', {
  after: timeOrPercentile({
    is: 'How long the answer may take until another request is sent: a time, or a percentile of the answers so far.',
  }),
  most: count({ is: 'Further requests at most.', default: '1' }, { most: 10 }).optional(),
  budget: quantity(
    'ratio',
    { is: 'Further requests per call, at most, over ten seconds; without it, no limit.' },
    { above: 0, most: 1 },
  ).optional(),
});

const breakerSchema = section('a breaker', {
  failures: quantity(
    'ratio',
    { is: 'Share of failed calls at which it opens.', default: '50%' },
    { above: 0, most: 1 },
  ).optional(),
  of: count(
    { is: 'How many calls that share is taken of; with `over`, at least.', default: '100' },
    { most: 10_000 },
  ).optional(),
  over: quantity(
    'time',
    { is: 'The share is that of the calls of so long; without it, of the last `of`.' },
    { above: 0 },
  ).optional(),
  consecutive: count(
    { is: 'Failed calls in a row at which it opens; then it goes by no share.' },
    { most: 1_000_000 },
  ).optional(),
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

const bulkheadSchema = section('a bulkhead', {
  most: count({ is: 'Calls in progress at the same time, at most.' }, { most: 1_000_000 }),
  queue: count(
    { is: 'Calls that wait for their turn, at most.', default: '0' },
    { least: 0, most: 1_000_000_000 },
  ).optional(),
});

/** Pauses of a retry that says none, seconds. */
export const usualPauses = { base: 0.1, cap: 10 };

function heedOf(heeds: number | true | null | undefined): { readonly heed?: number | null } {
  if (heeds === undefined || heeds === null) return {};
  return { heed: heeds === true ? null : heeds };
}

/** What protects a call, defaults filled in. */
export function protectionOf(
  options: CallOptions,
): Pick<PlanCall, 'retry' | 'breaker' | 'limit' | 'throttle' | 'concurrency' | 'bulkhead' | 'hedge'> {
  const { retry, breaker, limit, throttle, concurrency, bulkhead, hedge } = options;
  return {
    ...(retry && {
      retry: {
        attempts: retry.attempts,
        backoff: retry.backoff ?? 'full-jitter',
        base: retry.base ?? usualPauses.base,
        cap: retry.cap ?? usualPauses.cap,
        budget: retry.budget ?? null,
        ...heedOf(retry['heed-retry-after']),
      },
    }),
    ...(breaker && {
      breaker: {
        failures: breaker.failures ?? 0.5,
        of: breaker.of ?? 100,
        over: breaker.over ?? null,
        consecutive: breaker.consecutive ?? null,
        slower: breaker.slower ?? null,
        open: breaker.open ?? 60,
        probes: breaker.probes ?? 10,
      },
    }),
    ...(limit && { limit: limitOf(limit) }),
    ...(throttle && { throttle: throttleOf(throttle) }),
    ...(concurrency && { concurrency: concurrencyOf(concurrency) }),
    ...(bulkhead && { bulkhead: { most: bulkhead.most, queue: bulkhead.queue ?? 0 } }),
    ...(hedge && {
      hedge: { after: hedge.after, most: hedge.most ?? 1, budget: hedge.budget ?? null },
    }),
  };
}

/** The keys of these options in a step. */
export const callOptions = {
  timeout: quantity(
    'time',
    { is: 'How long the caller waits; without it, for ever.' },
    { above: 0 },
  ).optional(),
  cancel: flag({
    is: 'Whether the work below is cancelled when its caller waits for it no more; without it, it goes on for nobody.',
  }).optional(),
  deadline: choice(deadlineWords, {
    is: 'With `propagate` the callee is told until when its answer is of use, and begins nothing after that; without it, it goes on for nobody.',
  }).optional(),
  key: reference('request, none, a data name, or new and a data name', {
    is: 'Which key is asked for: `request` (that of the request), a data name (one drawn by its popularity), or `new` and a data name; `none` asks all shards of a store.',
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
      description: 'Calls over time, at most. Each instance of the caller has its own.',
    })
    .optional(),
  throttle: throttleSchema
    .meta({
      description:
        'Refuses part of the calls where the callee refuses many. Each instance of the caller has its own.',
    })
    .optional(),
  concurrency: concurrencySchema
    .meta({
      description:
        'Calls in progress at the same time, at most, as many as the answers so far speak for. Each instance of the caller has its own.',
    })
    .optional(),
  bulkhead: bulkheadSchema
    .meta({
      description: 'Calls in progress at the same time, at most. Each instance of the caller has its own.',
    })
    .optional(),
};
