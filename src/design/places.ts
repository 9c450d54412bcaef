import * as z from 'zod';
import { type Distribution, parseQuantity } from '../quantities/index.ts';
import { failsSchema, type ParsedFailures, placeFails } from './failures.ts';
import { type Amount, accept, type Field, field, refuseType, showValue } from './field.ts';
import { entriesOf } from './outline.ts';
import { isMap } from './path.ts';
import { distribution, quantity } from './quantity-fields.ts';
import { reference, section } from './word-fields.ts';

/** Zones that a design may have in all: every pair of them is looked at. */
export const mostZones = 100;
/** Half of the equator and a little: nothing on earth is farther apart. */
const FARTHEST_KM = 20_100;

const names = (is: string) => z.array(reference('the name of a zone', { is })).min(1);

/** A region: its zones, and how far it is to others. */
export const regionSchema = section('a region', {
  zones: names('Its availability zones; without them, one of the name of the region.')
    .meta({ description: 'Its availability zones; without them, one of the name of the region.' })
    .optional(),
  latency: z
    .record(
      z.string(),
      distribution('time', {
        is: 'One way to the other region; unless said, by the distance, or half of the constant of the pair.',
        constant: 'rtt.region',
      }),
    )
    .meta({ description: 'One way to other regions, by name; it holds both ways.' })
    .optional(),
  distance: z
    .record(z.string(), distance())
    .meta({ description: 'Kilometres to other regions, by name: no message is faster than light in fibre.' })
    .optional(),
  fails: placeFails('how the region fails as a whole').optional(),
  'zones-fail': placeFails('how each of its zones fails as a whole').optional(),
}).meta({ description: 'A region of data centres, with zones that fail apart.' });

/** Settings that every component may have, whatever its kind. */
export const placeFields = {
  region: reference('the name of a region', {
    is: 'The region it stands in; its instances go round over the zones.',
  }).optional(),
  zone: reference('the name of a zone', { is: 'The zone that all its instances stand in.' }).optional(),
  zones: names('The zones its instances go round over: the first in the first zone, and so on.')
    .meta({
      description: 'The zones its instances go round over: the first in the first zone, and so on.',
    })
    .optional(),
  price: quantity('money/time', {
    is: 'What one instance costs over time, in place of what the constants say.',
  }).optional(),
  fails: failsSchema.optional(),
};

/** What a user writes in these fields. */
export type PlaceInput = z.input<z.ZodObject<typeof placeFields>>;

/** The same after the schema; the price in dollars per second, failures in seconds. */
export type ParsedPlace = z.output<z.ZodObject<typeof placeFields>>;

/** One region after the schema: times in seconds, distances in kilometres. */
export interface ParsedRegion {
  readonly zones?: readonly string[] | undefined;
  readonly latency?: Readonly<Record<string, Distribution>> | undefined;
  readonly distance?: Readonly<Record<string, number>> | undefined;
  readonly fails?: ParsedFailures | undefined;
  readonly 'zones-fail'?: ParsedFailures | undefined;
}

/** The names of places in a design, read off values that may be wrong in any other way. */
export interface PlaceNames {
  readonly regions: readonly string[];
  /** Zones in the order written; `region` is an index into `regions`. */
  readonly zones: readonly { readonly name: string; readonly region: number }[];
}

/** Reads the places of a design; null where it has no regions. */
export function readPlaces(design: Readonly<Record<string, unknown>>): PlaceNames | null {
  if (!isMap(design['regions'])) return null;
  const regions: string[] = [];
  const zones: { name: string; region: number }[] = [];
  for (const [name, written] of entriesOf(design['regions'])) {
    const region = regions.push(name) - 1;
    const own = isMap(written) && Array.isArray(written['zones']) ? written['zones'] : [name];
    for (const zone of own) if (typeof zone === 'string') zones.push({ name: zone.trim(), region });
  }
  return { regions, zones };
}

/** The zones that a name stands for: those of a region, or the one of that name; null where nothing has it. */
export function zonesNamed({ regions, zones }: PlaceNames, name: string): number[] | null {
  const region = regions.indexOf(name);
  const found = zones.flatMap((zone, z) =>
    (region >= 0 ? zone.region === region : zone.name === name) ? [z] : [],
  );
  return found.length === 0 ? null : found;
}

/**
 * The zones that a component says its instances go round over, in that order; those of the only region where it says
 * nothing, and none of a kind that stands nowhere. Null where that cannot be known.
 */
export function zonesOf(
  places: PlaceNames,
  { region, zone, zones }: { readonly [Key in keyof ParsedPlace]?: unknown },
  kind: { readonly placeless?: true } | null,
): number[] | null {
  if (kind?.placeless) return [];
  const said = zone !== undefined ? [zone] : Array.isArray(zones) ? zones : [region];
  if (said[0] === undefined) return places.regions.length === 1 ? places.zones.map((_, z) => z) : null;
  const found = said.map((name) => (typeof name === 'string' ? zonesNamed(places, name.trim()) : null));
  return found.includes(null) ? null : found.flatMap((each) => each!);
}

/** Kilometres, as `6200km`. */
function distance(): Field<number, Amount> {
  const expected = 'a distance such as 6200km';
  return field<number, Amount>({ is: expected }, { type: 'string' }, expected, (value) => {
    if (typeof value !== 'string') return refuseType(value, expected);
    const digits = /^(.*\S)\s*km$/.exec(value.trim())?.[1];
    const parsed = digits === undefined ? null : parseQuantity(digits, 'count');
    if (parsed === null || !parsed.ok || parsed.value.low !== parsed.value.high) {
      return { ok: false, code: 'not-a-quantity', found: showValue(value), expected };
    }
    const kilometres = parsed.value.value;
    if (kilometres > 0 && kilometres <= FARTHEST_KM) return accept(kilometres);
    return {
      ok: false,
      code: 'out-of-range',
      found: showValue(value),
      expected: `a distance above 0km and at most ${FARTHEST_KM}km, half way round the earth`,
    };
  });
}
