import { type Dimension, nearestName, parseQuantity, type Uncertain } from '../../quantities/index.ts';
import { type Constant, type ConstantValue, defaultProfile, type Profile, profiles } from './constant.ts';
import { constants } from './registry.ts';

const byName: ReadonlyMap<string, Constant> = new Map(constants.map((constant) => [constant.name, constant]));

/** A constant as a design uses it: one value, and what else could have been used. */
export interface ResolvedConstant {
  readonly name: string;
  readonly dimension: Dimension;
  /** In base units. */
  readonly value: Uncertain;
  /** The value as it is written in the registry or the design. */
  readonly text: string;
  readonly source: string;
  /** The profile that had the value, which need not be the one asked for; `design` for an override. */
  readonly profile: Profile | 'design';
  /** Year, month or day (ISO 8601); empty for an override. */
  readonly date: string;
  /** The values of the registry that were not used. */
  readonly rivals: readonly ConstantValue[];
}

/** The constant of that name, or undefined. */
export function findConstant(name: string): Constant | undefined {
  return byName.get(name);
}

/** The constant that `name` most likely meant, or null when none is near. */
function nearestConstant(name: string): string | null {
  return nearestName(name, byName.keys());
}

/** Constants whose names begin with `prefix`, in the order of the registry: `rtt` has `rtt.dc`, `rtt.az` and others. */
export function constantFamily(prefix: string): readonly Constant[] {
  return constants.filter(({ name }) => name === prefix || name.startsWith(`${prefix.replace(/\.$/, '')}.`));
}

/**
 * Names that `name` may have meant: the nearest one, else the family of its longest beginning that has one
 * (`rtt.datacenter`: those that begin with `rtt.`), else none.
 */
export function constantsNear(name: string): string[] {
  const near = nearestConstant(name);
  if (near !== null) return [near];
  const words = name.slice(0, 100).split('.');
  for (let length = words.length; length > 0; length--) {
    const family = constantFamily(words.slice(0, length).join('.'));
    if (family.length > 0) return family.map((each) => each.name);
  }
  return [];
}

/** Whether a text names a profile. */
export function isProfile(name: string): name is Profile {
  return profiles.some((profile) => profile === name);
}

/**
 * The value of a constant in a profile. Where the profile has none, the first of `profiles` that has one
 * stands in, and `profile` says which. `overrides` (name → value as text) come from the design and win.
 *
 * Throws RangeError when there is no such constant or profile, or an override is not of its dimension: names
 * and values that a user wrote are checked before.
 */
export function resolveConstant(
  name: string,
  profile: Profile = defaultProfile,
  overrides: Readonly<Record<string, string>> = {},
): ResolvedConstant {
  const constant = byName.get(name);
  if (!constant) {
    const nearest = nearestConstant(name);
    throw new RangeError(
      `name must be that of a constant${nearest ? ` such as ${nearest}` : ''}, got ${name}`,
    );
  }
  if (!isProfile(profile)) {
    throw new RangeError(`profile must be one of ${profiles.join(', ')}, got ${String(profile)}`);
  }
  const { dimension, values } = constant;
  if (Object.hasOwn(overrides, name)) {
    const text = overrides[name] ?? '';
    const value = parsedValue(name, text, dimension);
    return {
      name,
      dimension,
      value,
      text,
      source: 'the design',
      profile: 'design',
      date: '',
      rivals: values,
    };
  }
  const used = valueIn(constant, profile);
  const rivals = values.filter((each) => each !== used);
  const { value: text, source, date } = used;
  const value = parsedValue(name, text, dimension);
  return { name, dimension, value, text, source, profile: used.profile, date, rivals };
}

function valueIn({ name, values }: Constant, asked: Profile): ConstantValue {
  for (const profile of [asked, ...profiles]) {
    const found = values.find((each) => each.profile === profile);
    if (found) return found;
  }
  throw new RangeError(`values of ${name} must have at least one entry, got 0`);
}

function parsedValue(name: string, text: string, dimension: Dimension): Uncertain {
  const parsed = parseQuantity(text, dimension);
  if (!parsed.ok) throw new RangeError(`${name} must be ${parsed.expected}, got ${parsed.found}`);
  return parsed.value;
}
