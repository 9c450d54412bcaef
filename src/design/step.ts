import * as z from 'zod';
import type { Distribution } from '../quantities/index.ts';
import { type CallOptions, type CallOptionsInput, callOptions } from './call-options.ts';
import type { Amount } from './field.ts';
import { type HotKeysInput, hotKeysSchema } from './hot-keys.ts';
import { count, distribution, limit, quantity } from './quantity-fields.ts';
import { choice, flag, headers, line, reference, section } from './word-fields.ts';

/** Among whom misses of a key share one fetch: all callers of the cache, or those of one instance of the caller. */
export const coalescings = ['cache', 'instance'] as const;

export type Coalescing = (typeof coalescings)[number];

/** One step of an operation, as a user writes it. */
export type StepInput =
  | { readonly compute: Amount }
  | { readonly wait: Amount }
  | ({
      readonly call: string;
      readonly headers?: Readonly<Record<string, string | number | boolean>> | undefined;
    } & AskingInput)
  | ({
      readonly read: string;
      readonly from: string;
      readonly through?: string | undefined;
      readonly coalesce?: Coalescing | undefined;
      readonly missing?: MissingInput | undefined;
      readonly 'hot-keys'?: HotKeysInput | undefined;
    } & AskingInput)
  | ({
      readonly write: string;
      readonly to: string;
      readonly invalidate?: string | undefined;
    } & AskingInput)
  | ({ readonly publish: string } & AskingInput)
  | {
      readonly parallel: readonly (StepInput | readonly StepInput[])[];
      readonly 'wait for'?: Amount | undefined;
      readonly cancel?: boolean | undefined;
    }
  | { readonly choose: readonly { readonly probability: Amount; readonly do: readonly StepInput[] }[] }
  | { readonly repeat: Amount; readonly do: readonly StepInput[] }
  | { readonly once: OnceInput; readonly do: readonly StepInput[] }
  | { readonly journey: Readonly<Record<string, JourneyStateInput>> }
  | { readonly fail: Amount };

/** Reads of what there is not, as a user writes them. */
export interface MissingInput {
  readonly share: Amount;
  readonly keys?: Amount | undefined;
}

/** How steps are remembered that are done once, as a user writes it. */
export interface OnceInput {
  readonly for: Amount;
  readonly lease?: Amount | undefined;
  readonly keys?: Amount | undefined;
  readonly 'when-full'?: (typeof whenFull)[number] | undefined;
}

/** What every call, read, write and publish may say. */
export interface AskingInput extends CallOptionsInput {
  readonly fallback?: readonly StepInput[] | undefined;
}

/** One state of a journey, as a user writes it. */
export interface JourneyStateInput {
  readonly do: readonly StepInput[];
  readonly next?: Readonly<Record<string, Amount>> | undefined;
}

/** One step with its quantities in base units. Names are as written. */
export type Step =
  | { compute: Distribution }
  | { wait: Distribution }
  | ({ call: string } & Asking)
  | ({
      read: string;
      from: string;
      through?: string | undefined;
      coalesce?: Coalescing | undefined;
      missing?: z.output<typeof missingSchema> | undefined;
      'hot-keys'?: z.output<typeof hotKeysSchema> | undefined;
    } & Asking)
  | ({ write: string; to: string; invalidate?: string | undefined } & Asking)
  | ({ publish: string } & Asking)
  | { parallel: (Step | Step[])[]; 'wait for'?: number | undefined; cancel?: boolean | undefined }
  | { choose: { probability: number; do: Step[] }[] }
  | { repeat: number; do: Step[] }
  | { once: z.output<typeof onceSchema>; do: Step[] }
  | { journey: Record<string, JourneyState> }
  | { fail: string };

/** What every call, read, write and publish may say, in base units. */
export interface Asking extends CallOptions {
  fallback?: Step[] | undefined;
}

/** One state of a journey, in base units. */
export interface JourneyState {
  do: Step[];
  next?: Record<string, number> | undefined;
}

/** The words a step begins with, in the order of the union below. */
export const stepVerbs = [
  'compute',
  'wait',
  'call',
  'read',
  'write',
  'publish',
  'parallel',
  'choose',
  'repeat',
  'once',
  'journey',
  'fail',
] as const;

/** Tells the unions of this language apart when one of them refuses a value. */
export const unionNames = {
  step: 'a step',
  branch: 'a step or a list of steps',
};

/** Most rounds of one `repeat`. */
const mostRounds = 1_000_000;

/** What becomes of a request for which no key is left. */
const whenFull = ['reject', 'forget'] as const;

const missingSchema = section('a `missing`', {
  share: quantity(
    'ratio',
    { is: 'Share of these reads that ask for an item that does not exist.' },
    { above: 0, most: 1 },
  ),
  keys: count({
    is: 'How many such items are asked for, each as often as any other; without it, each is another one.',
  }).optional(),
});

const onceSchema = section('a `once`', {
  for: quantity('time', {
    is: 'How long it is remembered which requests the steps were done for, `0s` for not at all: then repeats are counted.',
  }),
  lease: quantity(
    'time',
    {
      is: 'How long the steps may take; a repeat that comes before fails, one that comes later does them too. As long as `for` unless said.',
    },
    { above: 0 },
  ).optional(),
  keys: limit({ is: 'Requests remembered at most.', default: 'unlimited' }, { most: 2 ** 22 }).optional(),
  'when-full': choice(whenFull, {
    is: 'With so many remembered: one more fails, or the oldest is forgotten; then a request counts as done from when it begins.',
    default: 'reject',
  }).optional(),
});

const probability = (is: string) => quantity('ratio', { is }, { most: 1 });

/** A step of an operation: a map with one of the verbs and what belongs to it. */
export const stepSchema: z.ZodType<Step, StepInput> = z
  .lazy(() => stepUnion)
  .meta({ id: 'step', description: 'One thing an operation does.' });

/** Steps done one after the other; none is a stub that answers at once. */
export const stepsSchema = z
  .array(stepSchema)
  .meta({ id: 'steps', description: 'Steps, done one after the other.' });

/** Header fields that calls set, in place of those that came. */
export const headersSet = headers({
  is: 'Header fields that it sets, for routes behind it to look at; all others stay as they came with the request.',
});

const asking = {
  ...callOptions,
  fallback: stepsSchema
    .meta({ description: 'Steps done instead, where the step fails for good.' })
    .optional(),
};

const stepUnion: z.ZodType<Step, StepInput> = z.union(
  [
    section('a `compute` step', {
      compute: distribution('time', { is: "CPU time on the component's own cores." }),
    }),
    section('a `wait` step', {
      wait: distribution('time', { is: 'Time that passes and uses nothing.' }),
    }),
    section('a `call` step', {
      call: reference('component.operation', {
        is: 'Asks another component and waits for its answer: `component.operation`.',
      }),
      headers: headersSet.optional(),
      ...asking,
    }),
    section('a `read` step', {
      read: reference('the name of data', { is: 'The data that is read.' }),
      from: reference('the name of a component that stores the data', { is: 'The store it is read from.' }),
      through: reference('the name of a cache', {
        is: 'A cache that is asked first, and filled after a miss (cache-aside).',
      }).optional(),
      coalesce: choice(coalescings, {
        is: 'Misses of a key that come while it is being fetched wait for that fetch: of all callers of the cache (leases), or of each instance by itself (single flight). Without it, each miss fetches.',
      }).optional(),
      'hot-keys': hotKeysSchema
        .meta({ description: 'Each instance keeps items that are hot among its reads in its own memory.' })
        .optional(),
      missing: missingSchema
        .meta({ description: 'Reads through a cache of items that do not exist; no write invalidates them.' })
        .optional(),
      ...asking,
    }),
    section('a `write` step', {
      write: reference('the name of data', { is: 'The data that is written.' }),
      to: reference('the name of a component that stores the data', { is: 'The store it is written to.' }),
      invalidate: reference('the name of a cache', {
        is: 'A cache whose copy is deleted after the write.',
      }).optional(),
      ...asking,
    }),
    section('a `publish` step', {
      publish: reference('the name of a component that takes messages', {
        is: 'Hands a message to a queue or a stream, and goes on when that has taken it.',
      }),
      ...asking,
    }),
    section('a `parallel` step', {
      parallel: z
        .array(z.union([stepSchema, stepsSchema], { error: () => unionNames.branch }))
        .min(1)
        .meta({ description: 'Branches done at the same time, each a step or a list of steps.' }),
      'wait for': count({ is: 'Continues when so many branches have succeeded.' }).optional(),
      cancel: flag({ is: 'Whether the branches still at work then are cancelled.' }).optional(),
    }),
    section('a `choose` step', {
      choose: z
        .array(section('a case', { probability: probability('How likely this case is.'), do: stepsSchema }))
        .min(1)
        .meta({ description: 'One case by probability; with what is left of 1, none.' }),
    }),
    section('a `repeat` step', {
      repeat: count({ is: 'How many times, one after the other.' }, { most: mostRounds }),
      do: stepsSchema,
    }),
    section('a `once` step', {
      once: onceSchema.meta({
        description:
          'Does the steps once for each request, or message, however often it is repeated; what is known to be done is passed over.',
      }),
      do: stepsSchema,
    }),
    section('a `journey` step', {
      journey: z
        .record(
          z.string(),
          section('a state', {
            do: stepsSchema,
            next: z
              .record(z.string(), probability('How likely this state comes next.'))
              .meta({ description: 'Which states may come next.' })
              .optional(),
          }),
        )
        .meta({
          description:
            'A walk from state to state: starts at the first, moves on by `next`; with what is left of 1, it is over.',
        }),
    }),
    section('a `fail` step', {
      fail: line({ is: 'Ends the operation unsuccessfully, for this reason.' }),
    }),
  ],
  { error: () => unionNames.step },
);
