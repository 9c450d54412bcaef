import type { Distribution } from '../quantities/index.ts';
import { count, distribution, quantity } from './quantity-fields.ts';
import { section } from './word-fields.ts';

/** What stands for the time to repair where a design says none. */
export const repairConstant = 'mttr.machine';

const mttr = distribution(
  'time',
  {
    is: 'How long a failure lasts, a law (its mean is the MTTR); exponential about the constant unless said.',
    constant: repairConstant,
  },
  { above: 0 },
).optional();

/** How one instance of a component fails, whatever its kind. */
export const failsSchema = section('how it fails', {
  mtbf: quantity(
    'time',
    {
      is: 'Mean time that an instance is up between two failures; by the availability of its kind unless said.',
    },
    { above: 0 },
  ).optional(),
  mttr,
  crews: count(
    {
      is: 'Repairs of its instances that go on at the same time; who fails meanwhile waits for one to end. Unless said, as many as there are instances.',
    },
    { most: 1_000_000 },
  ).optional(),
}).meta({ description: 'How often an instance fails, and for how long.' });

/** How a place fails as a whole. */
export function placeFails(what: string) {
  return section(what, {
    mtbf: quantity('time', { is: 'Mean time between two failures of all that stands there.' }, { above: 0 }),
    mttr,
  }).meta({
    description: `${what.charAt(0).toUpperCase()}${what.slice(1)}, and for how long; without it, never.`,
  });
}

/** The same after the schema, in seconds. */
export interface ParsedFailures {
  readonly mtbf?: number | undefined;
  readonly mttr?: Distribution | undefined;
  readonly crews?: number | undefined;
}

/** Failures and repairs of one thing, each independent of all others. */
export interface PlanFailures {
  /** Mean seconds up between two failures; null = by the availability of its kind. */
  readonly mtbf: number | null;
  /** Seconds until it is up again. */
  readonly mttr: Distribution;
  /** Repairs of the instances of a component that go on at the same time; null = as many as need one. */
  readonly crews: number | null;
}

/** A region or a zone that fails as a whole, with all that stands there. */
export interface PlanCommonCause extends Omit<PlanFailures, 'crews'> {
  readonly name: string;
  /** Indices into `PlanPlaces.zones`. */
  readonly zones: readonly number[];
  readonly mtbf: number;
}
