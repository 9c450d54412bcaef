import type { ConstantUse } from './constant-use.ts';
import { entriesOf } from './outline.ts';
import type { Problems } from './problems.ts';

/** Warns of constants that a design overrides and that nothing in it takes. All components must be settled. */
export function checkIdleConstants(
  design: Readonly<Record<string, unknown>>,
  constants: ConstantUse,
  problems: Problems,
): void {
  for (const [name] of entriesOf(design['constants'])) {
    if (!constants.idle(name)) continue;
    problems.report({
      code: 'idle-knob',
      path: ['constants', name],
      at: 'key',
      message: `nothing in this design takes \`${name}\``,
      hint: '`tenfold kinds <kind>` says which constants a setting has its default from',
    });
  }
}
