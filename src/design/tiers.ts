import { didYouMean, listNames, type Outline } from './outline.ts';
import type { Plan } from './plan.ts';
import type { Problems } from './problems.ts';
import type { Settled } from './settle.ts';
import { trafficOf } from './traffic-of.ts';

/** Reports a tier of a traffic that a component before which it comes does not know, and one that none asks about. */
export function checkTiers(
  plan: Plan,
  outline: Outline,
  settled: ReadonlyMap<string, Settled>,
  problems: Problems,
): void {
  const heeded = new Set<number>();
  for (const { name, index } of plan.components) {
    const tiers = outline.components.get(name)?.kind?.tiers?.(settled.get(name)?.settings ?? {}) ?? [];
    if (tiers.length === 0) continue;
    for (const each of trafficOf(plan, index)) {
      const { tier, name: traffic } = plan.traffic[each]!;
      heeded.add(each);
      if (tier === undefined || tiers.includes(tier)) continue;
      problems.report({
        code: 'unknown-reference',
        path: ['traffic', traffic, 'tier'],
        message: `\`${name}\` has no tier \`${tier}\``,
        expected: `one of ${listNames(tiers, '')}`,
        hint: didYouMean(tier, tiers),
      });
    }
  }
  for (const { index, name, tier } of plan.traffic) {
    if (tier === undefined || heeded.has(index)) continue;
    problems.report({
      code: 'idle-knob',
      path: ['traffic', name, 'tier'],
      at: 'key',
      message: 'none of its requests comes to a gateway that has `tiers`',
    });
  }
}
