import * as z from 'zod';
import { type Distribution, parseDistribution } from '../quantities/index.ts';
import { deadlineWords } from './call-options.ts';
import { componentGoalFields } from './component-goals.ts';
import { constants, defaultProfile, profiles } from './constants/index.ts';
import { type Amount, accept, type FieldReading, field, refuseType, showValue } from './field.ts';
import type { KindDescription, OperationsOffered } from './kind.ts';
import { objectiveFields } from './objectives.ts';
import type { OwnBlocks } from './own-blocks.ts';
import { type ParsedPlace, type PlaceInput, placeFields, regionSchema } from './places.ts';
import {
  count,
  distribution,
  nearWord,
  popularity,
  quantity,
  quantityOrUnlimited,
  ReadLaw,
  uncertain,
} from './quantity-fields.ts';
import { scenarioSchema, shapePointSchema } from './scenario.ts';
import { type StepInput, stepsSchema } from './step.ts';
import { choice, flag, headers, line, type OwnName, reference, section } from './word-fields.ts';

/** A data entity: what there is of it and which keys are asked for. */
export const dataSchema = section('data', {
  count: uncertain('count', { is: 'How many items there are.' }, { least: 1 }),
  size: uncertain('size', { is: 'Bytes of one item.' }),
  growth: uncertain('growth', { is: 'New items over time.', default: '0/s' }).optional(),
  keep: quantity('time', { is: 'How long an item is kept; without it, for ever.' }, { above: 0 }).optional(),
  popularity: popularity({
    is: 'Which items are asked for: uniform or zipf(…).',
    default: 'uniform',
  }).optional(),
}).meta({ description: 'A kind of item that components store, by key.' });

/** Who asks for what, how often. */
export const trafficSchema = section('a traffic', {
  call: reference('component.operation', { is: 'What is asked for: `component.operation`.' }),
  rate: uncertain(
    'rate',
    { is: 'Requests over time: open traffic, which comes whatever the answer times. Say this or users.' },
    { above: 0 },
  ).optional(),
  peak: quantity(
    'ratio',
    { is: 'Peak to mean; a simulation runs at the peak.', default: '1x' },
    { least: 1 },
  ).optional(),
  key: reference('a data name, or new and a data name', {
    is: 'The key each request carries: of this data, or of a `new` one.',
  }).optional(),
  timeout: quantity(
    'time',
    { is: 'When a user gives up: a later answer is no success; without it, never.' },
    { above: 0 },
  ).optional(),
  cancel: flag({ is: 'Whether a user who gives up cancels the work below.' }).optional(),
  deadline: choice(deadlineWords, {
    is: 'With `propagate` what is asked is told when the user gives up, and begins nothing after that.',
  }).optional(),
  priority: count(
    { is: '0 is the most urgent; matters where a station serves by priority or sheds load.', default: 0 },
    { least: 0, most: 1000 },
  ).optional(),
  weight: count(
    { is: 'Its share of a fair service under load, against that of other traffic.', default: 1 },
    { most: 1000 },
  ).optional(),
  arrivals: arrivals().optional(),
  batch: distribution(
    'count',
    { is: 'Requests that arrive together; the rate counts requests.', default: 1 },
    { least: 1, most: 1_000_000 },
  ).optional(),
  shape: z
    .array(shapePointSchema)
    .min(1)
    .meta({ description: 'The rate over time: times the rate, linear between points.' })
    .optional(),
  users: count(
    { is: 'Closed traffic: so many users, each waiting for the answer before the next request.' },
    { most: 10_000_000 },
  ).optional(),
  tier: reference('the name of a tier', {
    is: 'The tier of its users, by whose limit a gateway that has `tiers` takes them; without it, they have none.',
  }).optional(),
  headers: headers({
    is: 'Header fields of its requests, `version: 2`, which routes look at; they go along with all that is done for a request.',
  }).optional(),
  from: reference('the name of a region', {
    is: 'The region its users are in; the way to another region adds its latency.',
  }).optional(),
  think: distribution('time', {
    is: 'Pause of a user between an answer and the next request.',
    default: '0s',
  }).optional(),
}).meta({ description: 'Requests from outside: an open rate, or a closed population of users.' });

/** Targets on the outcome of one traffic, or of one component that takes messages or has replicas. */
export const goalSchema = section('a goal', {
  mean: quantity('time', { is: 'Mean response time, at most.' }, { above: 0 }).optional(),
  p50: quantity('time', { is: 'Half of the responses come within this time.' }, { above: 0 }).optional(),
  p95: quantity('time', { is: '95 % of the responses come within this time.' }, { above: 0 }).optional(),
  p99: quantity('time', { is: '99 % of the responses come within this time.' }, { above: 0 }).optional(),
  'p99.9': quantity(
    'time',
    { is: '99.9 % of the responses come within this time.' },
    { above: 0 },
  ).optional(),
  success: quantity(
    'ratio',
    { is: 'Share of requests that succeed, at least.' },
    { above: 0, most: 1 },
  ).optional(),
  throughput: quantity('rate', { is: 'Served requests over time, at least.' }, { above: 0 }).optional(),
  ...objectiveFields,
  ...componentGoalFields,
}).meta({
  description:
    'Targets on what users of one traffic see, or on one component: its messages, or its replicas.',
});

/** A choice that was made and what it gives up. */
export const decisionSchema = section('a decision', {
  chose: line({ is: 'What was chosen.' }),
  over: line({ is: 'What was not.' }).optional(),
  because: line({ is: 'Why.' }).optional(),
  costs: line({ is: 'What it gives up.' }).optional(),
}).meta({ description: 'A choice that was made, for the reader and the report.' });

/** The network between any two components. */
export const networkSchema = section('the network', {
  latency: distribution('time', {
    is: 'One way between two components; by default half of rtt.dc.',
    constant: 'rtt.dc',
  }).optional(),
  zones: distribution('time', {
    is: 'One way between two zones of a region; by default half of rtt.az.',
    constant: 'rtt.az',
  }).optional(),
  bandwidth: quantityOrUnlimited(
    'bandwidth',
    { is: 'Bytes a transfer moves over time.', default: 'unlimited' },
    { above: 0 },
  ).optional(),
}).meta({ description: 'The network between any two components.' });

/** Read with the dimension of the constant it is for, which only its name tells. */
const constantSchema = field<Amount, Amount>(
  { is: 'The value with its unit.' },
  { type: ['string', 'number'] },
  'a value with its unit',
  (value) => accept(value as Amount),
);

/** What a design says beside its components. */
const frame = {
  name: line({ is: 'What the design is called.' }),
  summary: line({ is: 'One line on what it is.' }).optional(),
  profile: choice(profiles, {
    is: 'Which values the named constants have.',
    default: defaultProfile,
  }).optional(),
  constants: z
    .record(z.string().meta({ enum: constants.map(({ name }) => name) }), constantSchema)
    .meta({ description: 'Named constants with values of your own.' })
    .optional(),
  network: networkSchema.optional(),
  regions: z
    .record(z.string(), regionSchema)
    .meta({ description: 'Where components can stand, by name.' })
    .optional(),
  data: z.record(z.string(), dataSchema).meta({ description: 'What is stored, by name.' }).optional(),
  traffic: z.record(z.string(), trafficSchema).meta({ description: 'Who asks for what, by name.' }),
  goals: z
    .record(z.string(), goalSchema)
    .meta({
      description:
        'Targets, by the name of a traffic, of the operation it calls, or of a component that takes messages.',
    })
    .optional(),
  scenarios: z
    .record(z.string(), scenarioSchema)
    .meta({ description: 'What may happen to it, by name: courses of traffic, and faults.' })
    .optional(),
  decisions: z.array(decisionSchema).meta({ description: 'Choices that were made.' }).optional(),
};

const operationsSchema = z
  .record(z.string(), stepsSchema)
  .meta({ description: 'What this component can be asked to do: steps, by the name of the operation.' });

/** What a user writes under a component's name, for one kind. */
export function componentSchema(kind: KindDescription): z.ZodObject {
  const written = kind.operations.from === 'design' ? { operations: operationsSchema } : {};
  const shape = {
    kind: z.literal(kind.name).meta({ description: 'What sort of component this is.' }),
    // A kind with a setting of that name keeps its own.
    ...placeFields,
    ...kind.settings.shape,
    ...written,
  };
  return section(`a ${kind.name}`, shape).meta({ description: kind.summary });
}

const schemas = new WeakMap<readonly KindDescription[], ReturnType<typeof buildSchema>>();

/** The one schema behind YAML and TypeScript, for these kinds of components; built once for each list. */
export function designSchema(kinds: readonly KindDescription[]): ReturnType<typeof buildSchema> {
  const known = schemas.get(kinds);
  if (known !== undefined) return known;
  const schema = buildSchema(kinds);
  schemas.set(kinds, schema);
  return schema;
}

function buildSchema(kinds: readonly KindDescription[]) {
  const [first, ...others] = kinds.map(componentSchema);
  if (first === undefined) throw new RangeError('designSchema: kinds must not be empty');
  const component = z.discriminatedUnion('kind', [first, ...others]);
  return section('a design', {
    ...frame,
    components: z.record(z.string(), component).meta({ description: 'The boxes of the system, by name.' }),
  }).meta({ description: 'A distributed system: data, traffic, components and goals.' });
}

/** A design after the schema: base units, names as written, defaults not yet filled in. */
export type ParsedDesign = z.output<z.ZodObject<typeof frame>> & {
  components: Record<string, ParsedComponent>;
};

/** One component after the schema. */
export type ParsedComponent = { kind: string; operations?: z.output<typeof operationsSchema> } & ParsedPlace &
  Record<string, unknown>;

/** One traffic after the schema. */
export type ParsedTraffic = z.output<typeof trafficSchema>;

/** One data entity after the schema. */
export type ParsedData = z.output<typeof dataSchema>;

/** One component as a user writes it in TypeScript, for a kind or a union of kinds. */
export type ComponentInput<Kind extends KindDescription> =
  Kind extends KindDescription<infer Name, infer Settings, infer Operations>
    ? { kind: Name } & Omit<PlaceInput, keyof z.input<Settings>> &
        z.input<Settings> &
        OperationsInput<Operations>
    : never;

type OperationsInput<Operations extends OperationsOffered> = Operations extends { from: 'design' }
  ? { operations: Record<string, readonly StepInput[]> }
  : unknown;

/** A design as a user writes it in TypeScript. */
export type DesignInput<Kind extends KindDescription = KindDescription> = z.input<
  z.ZodObject<typeof frame>
> & {
  components: Record<string, ComponentInput<Kind>>;
};

/** What a user writes where these blocks are theirs: their names stand beside the built-in ones. */
export type Naming<Written, Own extends OwnBlocks> =
  Written extends OwnName<infer Theme>
    ? keyof Own[Theme] & string
    : Written extends object
      ? { [Key in keyof Written]: Naming<Written[Key], Own> }
      : Written;

type Arrivals = 'poisson' | 'constant' | Distribution;

function arrivals() {
  const expected = 'poisson, constant, or the law of the gap such as hyperexponential(mean: 1, cv: 2)';
  return field<Arrivals, Amount>(
    {
      is: 'How open arrivals are spaced: poisson, constant, or a law of the gap, scaled to the rate.',
      default: 'poisson',
    },
    { type: 'string' },
    expected,
    (value): FieldReading<Arrivals> => {
      if (value === 'poisson' || value === 'constant') return accept(value);
      if (value instanceof ReadLaw) return accept(value.distribution);
      if (typeof value !== 'string') return refuseType(value, expected);
      const law = parseDistribution(value, /\d\s*[a-zµμ]/i.test(value) ? 'time' : 'count');
      if (law.ok) return accept(law.value);
      const hint = law.hint ?? nearWord(value, ['poisson', 'constant']);
      return { ok: false, code: law.code, found: showValue(value), expected, hint };
    },
  );
}
