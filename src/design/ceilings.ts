import type { ConstantUse } from './constant-use.ts';
import type { KindCeiling } from './kind.ts';
import type { Outline } from './outline.ts';
import type { Problems } from './problems.ts';
import type { Settled } from './settle.ts';

/** Warns of settings that ask more of one machine than the largest has. All components must be settled. */
export function checkCeilings(
  outline: Outline,
  settled: ReadonlyMap<string, Settled>,
  constants: ConstantUse,
  problems: Problems,
): void {
  for (const { name, kind } of outline.components.values()) {
    for (const { setting, constant, instead } of kind?.ceilings ?? []) {
      const asked = settled.get(name)?.written[setting];
      const most = constants.look(constant);
      if (typeof asked !== 'number' || asked <= most) continue;
      problems.report({
        code: 'beyond-largest',
        path: ['components', name, setting],
        message: `there is no machine with so many ${setting}: the largest has ${most} (\`${constant}\`)`,
        found: String(asked),
        expected: `at most ${most}`,
        hint: instead ?? `a larger \`${constant}\` under \`constants\`, if you have one`,
      });
    }
  }
}

/** What of a setting one machine has at most, of a kind that has a ceiling for it; without one, Infinity. */
export function ceilingOf(
  kind: { readonly ceilings?: readonly KindCeiling[] } | undefined,
  setting: readonly string[],
  constantOf: (constant: string) => number,
): number {
  const ceiling = kind?.ceilings?.find((each) => each.setting === setting.join('.'));
  return ceiling === undefined ? Number.POSITIVE_INFINITY : constantOf(ceiling.constant);
}
