import * as z from 'zod';
import type { Distribution } from '../quantities/index.ts';
import { type Amount, accept, field, refuseType, showValue } from './field.ts';
import type { ParsedCanary } from './plan-canary.ts';
import { count, distribution, quantity } from './quantity-fields.ts';
import { choice, line, reference, section } from './word-fields.ts';

/** One fault, as a user writes it. */
export type FaultInput = { readonly at: Amount } & (
  | ({ readonly crash: string; readonly connections?: Connections | undefined } & Spell)
  | ({ readonly slow: string; readonly by: Amount } & Spell)
  | ({ readonly errors: string; readonly share: Amount } & Spell)
  | ({ readonly freeze: string } & Spell)
  | { readonly flush: string }
  | { readonly change: string }
  | {
      readonly cut: string | readonly string[];
      readonly from: string | readonly string[];
      readonly direction?: Direction | undefined;
      readonly for?: Amount | undefined;
    }
  | {
      readonly link: string | readonly string[];
      readonly to: string | readonly string[];
      readonly loss?: Amount | undefined;
      readonly delay?: Amount | undefined;
      readonly direction?: Direction | undefined;
      readonly for?: Amount | undefined;
    }
  | { readonly skew: string; readonly by: Amount; readonly for?: Amount | undefined }
  | {
      readonly deploy: string;
      readonly errors?: Amount | undefined;
      readonly slow?: Amount | undefined;
      readonly every?: Amount | undefined;
      readonly restart?: Amount | undefined;
      readonly drain?: Amount | undefined;
      readonly for?: Amount | undefined;
      readonly canary?:
        | {
            readonly share: Amount;
            readonly watch?: Amount | undefined;
            readonly 'abort-above'?: Amount | undefined;
          }
        | undefined;
    }
  | { readonly lower: string; readonly to: Amount; readonly for?: Amount | undefined }
  | { readonly outage: string; readonly for?: Amount | undefined }
);

/** How many instances a fault hits, and for how long. */
interface Spell {
  readonly instances?: Amount | undefined;
  readonly for?: Amount | undefined;
}

const connections = ['refused', 'hanging'] as const;
type Connections = (typeof connections)[number];
const directions = ['both', 'one-way'] as const;
type Direction = (typeof directions)[number];

/** One fault with its quantities in base units. Names are as written. */
export type Fault = { at: number } & (
  | ({ crash: string; connections?: Connections | undefined } & ParsedSpell)
  | ({ slow: string; by: number } & ParsedSpell)
  | ({ errors: string; share: number } & ParsedSpell)
  | ({ freeze: string } & ParsedSpell)
  | { flush: string }
  | { change: string }
  | {
      cut: string | string[];
      from: string | string[];
      direction?: Direction | undefined;
      for?: number | undefined;
    }
  | {
      link: string | string[];
      to: string | string[];
      loss?: number | undefined;
      delay?: Distribution | undefined;
      direction?: Direction | undefined;
      for?: number | undefined;
    }
  | { skew: string; by: number; for?: number | undefined }
  | ParsedDeploy
  | { lower: string; to: number; for?: number | undefined }
  | { outage: string; for?: number | undefined }
);

/** A version that is rolled out, with its quantities in base units. */
export interface ParsedDeploy {
  deploy: string;
  errors?: number | undefined;
  slow?: number | undefined;
  every?: number | undefined;
  restart?: number | undefined;
  drain?: number | undefined;
  for?: number | undefined;
  canary?: ParsedCanary | undefined;
}

interface ParsedSpell {
  instances?: number | undefined;
  for?: number | undefined;
}

/** The words a fault is told by, in the order of the union below. */
export const faultVerbs = [
  'crash',
  'slow',
  'errors',
  'freeze',
  'flush',
  'change',
  'cut',
  'link',
  'skew',
  'deploy',
  'lower',
  'outage',
] as const;

type FaultVerb = (typeof faultVerbs)[number];

/** Which verbs a fault with these keys says: `errors` and `slow` of a deploy are those of its version. */
export function verbsSaid(keys: readonly string[]): FaultVerb[] {
  const said = faultVerbs.filter((verb) => keys.includes(verb));
  return said.includes('deploy') ? said.filter((verb) => verb !== 'errors' && verb !== 'slow') : said;
}

/** Tells the union of faults from others when it refuses a value. */
export const faultUnion = 'a fault';

const at = quantity('time', { is: 'When it begins, from the start of the scenario.' });
const lasting = quantity(
  'time',
  { is: 'How long it lasts; without it, to the end.' },
  { above: 0 },
).optional();
const instances = count(
  { is: 'How many instances it hits, the first ones; without it, all.' },
  { most: 100_000 },
).optional();
const direction = choice(directions, {
  is: 'Whether it holds both ways, or only from the first to the second.',
  default: 'both',
}).optional();

const components = (is: string) =>
  z
    .union(
      [
        reference('the name of a component', { is }),
        z.array(reference('the name of a component', { is })).min(1),
      ],
      { error: () => 'the name of a component, or a list of names' },
    )
    .meta({ description: is });

const canarySchema: z.ZodType<
  ParsedCanary,
  { readonly share: Amount; readonly watch?: Amount | undefined; readonly 'abort-above'?: Amount | undefined }
> = section('a canary', {
  share: quantity(
    'ratio',
    { is: 'What share of the instances gets the version first, rounded up to whole ones.' },
    { above: 0, most: 1 },
  ),
  watch: quantity(
    'time',
    { is: 'How long these run before they are judged.', default: '60s' },
    { above: 0 },
  ).optional(),
  'abort-above': quantity(
    'ratio',
    {
      is: 'The version is rolled back where a larger share of the requests to these failed meanwhile; else the others get it.',
      default: '1%',
    },
    { least: 0, most: 1 },
  ).optional(),
}).meta({ description: 'Some instances get the version first; what they show decides about the others.' });

/** Something that happens to a part of the system at a time. */
const faultSchema: z.ZodType<Fault, FaultInput> = z.union(
  [
    section('a `crash` fault', {
      at,
      crash: reference('the name of a component', {
        is: 'Its instances die with all they were doing, and come back empty.',
      }),
      instances,
      connections: choice(connections, {
        is: 'What callers find: refused connections, as of a process that died, or hanging ones, as of a machine that is gone.',
        default: 'refused',
      }).optional(),
      for: lasting,
    }),
    section('a `slow` fault', {
      at,
      slow: reference('the name of a component', { is: 'Work that its instances begin takes longer.' }),
      by: quantity('ratio', { is: 'How many times as long.' }, { above: 0, most: 1e6 }),
      instances,
      for: lasting,
    }),
    section('an `errors` fault', {
      at,
      errors: reference('the name of a component', { is: 'A share of its answers are errors.' }),
      share: quantity('ratio', { is: 'What share of requests fails at once.' }, { above: 0, most: 1 }),
      instances,
      for: lasting,
    }),
    section('a `freeze` fault', {
      at,
      freeze: reference('the name of a component', {
        is: 'Its instances stand still, as in a long garbage collection, and then go on.',
      }),
      instances,
      for: quantity('time', { is: 'How long they stand still.' }, { above: 0 }),
    }),
    section('a `flush` fault', {
      at,
      flush: reference('the name of a cache', { is: 'The cache forgets all that it holds.' }),
    }),
    section('a `change`', {
      at,
      change: reference('the name of a data', {
        is: 'All its items have a new version under the same name; copies are old until they are fetched anew.',
      }),
    }),
    section('a `cut` fault', {
      at,
      cut: components(
        'Components, zones or regions that lose each other: nothing arrives, and nobody is told.',
      ),
      from: components('The other side.'),
      direction,
      for: lasting,
    }),
    section('a `link` fault', {
      at,
      link: components('Components, zones or regions whose messages suffer.'),
      to: components('The other side.'),
      loss: quantity(
        'ratio',
        { is: 'Share of messages lost; each is sent again after a retransmission timeout, which doubles.' },
        { above: 0, most: 0.99 },
      ).optional(),
      delay: distribution('time', { is: 'Added to the latency of each message.' }).optional(),
      direction,
      for: lasting,
    }),
    section('a `skew` fault', {
      at,
      skew: reference('the name of a cache', {
        is: 'Its clock goes wrong, so that items expire at other times.',
      }),
      by: quantity('time', { is: 'How much too late its clock says it is.' }, { above: 0 }),
      for: lasting,
    }),
    section('a `deploy`', {
      at,
      deploy: reference('the name of a service', {
        is: 'Its instances restart one after the other with another version.',
      }),
      errors: quantity(
        'ratio',
        { is: 'What share of requests the version fails at once.', default: '0%' },
        { above: 0, most: 1 },
      ).optional(),
      slow: quantity(
        'ratio',
        { is: 'How many times as long work takes it.', default: '1x' },
        { above: 0, most: 1e6 },
      ).optional(),
      every: quantity(
        'time',
        { is: 'From one instance to the next.', default: '10s' },
        { above: 0 },
      ).optional(),
      restart: quantity(
        'time',
        { is: 'How long an instance is down between two versions.', default: '5s' },
        { above: 0 },
      ).optional(),
      drain: quantity(
        'time',
        {
          is: 'How long before it goes down an instance gets nothing new, to finish what it has; without it, it goes down at work.',
        },
        { above: 0 },
      ).optional(),
      for: quantity(
        'time',
        {
          is: 'When no further instance is changed and those that were are changed back, in the same order and pace; without it, never.',
        },
        { above: 0 },
      ).optional(),
      canary: canarySchema.optional(),
    }),
    section('a `lower` fault', {
      at,
      lower: reference('the name of a component with a limit', {
        is: 'It takes fewer requests than its limit says, as a third party that changes its mind.',
      }),
      to: quantity('rate', { is: 'Requests over time that it takes then.' }, { above: 0 }),
      for: lasting,
    }),
    section('an `outage` fault', {
      at,
      outage: reference('the name of a zone or region', {
        is: 'All that stands there dies, and connections to it hang.',
      }),
      for: lasting,
    }),
  ],
  { error: () => faultUnion },
);

/** Times the rate, at a time. */
export const shapePointSchema = section('a point', {
  at: quantity('time', { is: 'When, from the start of the run.' }),
  times: quantity('ratio', { is: 'How many times the rate.' }),
});

/** What becomes of one traffic in a scenario. */
const courseSchema = section('the course of a traffic', {
  times: quantity('ratio', { is: 'So many times the rate, from start to end.' }).optional(),
  spike: quantity('ratio', { is: 'So many times the rate, from `at` for `for`.' }).optional(),
  ramp: quantity('ratio', {
    is: 'Grows from `at` over `for` to so many times the rate, and stays there.',
  }).optional(),
  daily: quantity(
    'ratio',
    { is: 'Swings like day and night, this being the highest over the lowest rate; one day takes `for`.' },
    { least: 1 },
  ).optional(),
  shape: z
    .array(shapePointSchema)
    .min(1)
    .meta({ description: 'Points: times the rate, linear between them.' })
    .optional(),
  rates: replay().optional(),
  at: quantity('time', { is: 'When a spike or ramp begins.' }).optional(),
  for: quantity('time', { is: 'How long a spike, a ramp or a day takes.' }, { above: 0 }).optional(),
  hottest: quantity(
    'ratio',
    { is: 'Share of requests that are for the most popular key, on top of its own.' },
    { above: 0, most: 1 },
  ).optional(),
}).meta({ description: 'How much of it comes, and when.' });

/** A course of traffic and faults, laid over the design. */
export const scenarioSchema = section('a scenario', {
  summary: line({ is: 'One line on what happens.' }).optional(),
  lasts: quantity(
    'time',
    {
      is: 'How long it is watched; by default half as long again as until its last change, and at least 30s longer.',
    },
    { above: 0 },
  ).optional(),
  traffic: z
    .record(z.string(), courseSchema)
    .meta({ description: 'What becomes of each traffic, by its name; the others come as they are.' })
    .optional(),
  faults: z.array(faultSchema).meta({ description: 'What breaks, and when.' }).optional(),
}).meta({ description: 'What happens: a course of traffic, and faults.' });

/** One scenario after the schema. */
export type ParsedScenario = z.output<typeof scenarioSchema>;

/** The course of one traffic after the schema. */
export type ParsedCourse = z.output<typeof courseSchema>;

/** Rates over time that were read from a file already. */
export class ReadRates {
  readonly points: readonly RatePoint[];

  /** @param values seconds and requests per second, in turn */
  constructor(values: readonly number[]) {
    this.points = Array.from({ length: values.length >> 1 }, (_, i) => ({
      at: values[2 * i]!,
      rate: values[2 * i + 1]!,
    }));
  }
}

/** A rate, per second, at a time in seconds. */
export interface RatePoint {
  readonly at: number;
  readonly rate: number;
}

function replay() {
  const expected = 'a file with two numbers a line: seconds, and requests per second';
  return field<readonly RatePoint[], string>(
    { is: `Rates that are replayed: ${expected}.` },
    { type: 'string' },
    expected,
    (value) => {
      if (value instanceof ReadRates) return accept(value.points);
      if (typeof value !== 'string') return refuseType(value, expected);
      return {
        ok: false,
        code: 'unknown-value',
        found: showValue(value),
        expected: 'a file that can be read',
      };
    },
  );
}
