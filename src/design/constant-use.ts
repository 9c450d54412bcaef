import { baseUnit } from '../quantities/index.ts';
import {
  constantsNear,
  defaultProfile,
  findConstant,
  isProfile,
  type Profile,
  type ResolvedConstant,
  resolveConstant,
} from './constants/index.ts';
import { reportIssues } from './issues.ts';
import { entriesOf, listNames } from './outline.ts';
import type { Plan, PlanConstant } from './plan.ts';
import type { Problems } from './problems.ts';
import { uncertain } from './quantity-fields.ts';

/** The named constants as one design sees them, and which of them it took. */
export interface ConstantUse {
  readonly profile: Profile;
  /** The constant's value in base units; taking it is remembered. Throws RangeError for an unknown name. */
  take(name: string): number;
  /** The same value, for what is no part of a plan: one that the design does not override is not remembered. */
  look(name: string): number;
  /** Whether the design overrides a constant that nothing has taken so far. */
  idle(name: string): boolean;
  /** What was taken so far, and all that the design overrides, by name. */
  taken(): PlanConstant[];
}

/** Reads `profile` and `constants` of a design, and reports what is wrong with the constants. */
export function openConstants(design: Readonly<Record<string, unknown>>, problems: Problems): ConstantUse {
  const named = String(design['profile']).trim();
  // An unknown profile is reported with the schema.
  const profile = isProfile(named) ? named : defaultProfile;
  const overrides = readOverrides(design, problems);
  const taken = new Map<string, PlanConstant>();
  const take = (name: string): PlanConstant => {
    const constant = taken.get(name) ?? planConstant(resolveConstant(name, profile, overrides));
    taken.set(name, constant);
    return constant;
  };
  for (const name of Object.keys(overrides)) take(name);
  const asked = new Set<string>();
  return {
    profile,
    look: (name) => {
      asked.add(name);
      return (taken.get(name) ?? planConstant(resolveConstant(name, profile, overrides))).value;
    },
    take: (name) => {
      asked.add(name);
      return take(name).value;
    },
    idle: (name) => Object.hasOwn(overrides, name) && !asked.has(name),
    taken: () => [...taken.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/**
 * The same constants with other values of some, in base units; what the design took is theirs alone. Names that it
 * did not take change nothing. Where a count is known as whole numbers, the value is rounded to one.
 */
export function withValues(constants: ConstantUse, values: ReadonlyMap<string, number>): ConstantUse {
  const replaced = new Map(
    constants.taken().map((constant): [string, PlanConstant] => {
      const { name, value, low, high, unit } = constant;
      const given = values.get(name);
      if (given === undefined) return [name, constant];
      const whole = unit === '1' && [value, low, high].every(Number.isInteger);
      const exact = whole ? Math.max(1, Math.round(given)) : given;
      return [name, { ...constant, value: exact, low: exact, high: exact }];
    }),
  );
  return {
    ...constants,
    take: (name) => replaced.get(name)?.value ?? constants.take(name),
    taken: () => constants.taken().map((constant) => replaced.get(constant.name) ?? constant),
  };
}

/**
 * A constant as the design of this plan sees it: overridden there, or from its profile.
 * Throws RangeError when there is no such constant.
 */
export function constantOf(plan: Plan, name: string): PlanConstant {
  const taken = plan.constants.find((constant) => constant.name === name);
  if (taken !== undefined) return taken;
  return planConstant(resolveConstant(name, isProfile(plan.profile) ? plan.profile : defaultProfile));
}

function planConstant({ name, dimension, value, source, date }: ResolvedConstant): PlanConstant {
  const dated = date === '' ? source : `${source} (${date})`;
  return { name, ...value, unit: baseUnit(dimension), source: dated };
}

function readOverrides(
  design: Readonly<Record<string, unknown>>,
  problems: Problems,
): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const [name, value] of entriesOf(design['constants'])) {
    const path = ['constants', name];
    const constant = findConstant(name);
    if (constant === undefined) {
      const near = constantsNear(name);
      problems.report({
        code: 'unknown-constant',
        path,
        at: 'key',
        message: `there is no constant \`${name}\``,
        expected: 'a name that `tenfold constants` lists',
        hint:
          near.length === 0
            ? null
            : `did you mean ${near.length > 1 ? 'one of ' : ''}${listNames(near, '')}?`,
      });
      continue;
    }
    const result = uncertain(constant.dimension, { is: constant.summary }).safeParse(value);
    if (result.success) overrides[name] = String(value);
    else {
      const issues = result.error.issues.map((issue) => ({ ...issue, path }));
      reportIssues(issues, design, problems);
    }
  }
  return overrides;
}
