import type { Outline } from './outline.ts';
import { isMap } from './path.ts';
import type { Plan, PlanGoal } from './plan.ts';
import type { Problems } from './problems.ts';
import { quantity } from './quantity-fields.ts';
import { trafficOf } from './traffic-of.ts';

const age = (is: string) => quantity('time', { is }, { above: 0 }).optional();

/** Targets on messages, in a goal with the name of a component that takes them. */
export const messageGoalFields = {
  'age mean': age('Of messages: mean time from publishing to the end of the work, at most.'),
  'age p50': age('Of messages: half of them are worked on within this time.'),
  'age p95': age('Of messages: 95 % of them are worked on within this time.'),
  'age p99': age('Of messages: 99 % of them are worked on within this time.'),
  'age p99.9': age('Of messages: 99.9 % of them are worked on within this time.'),
  lag: quantity(
    'count',
    { is: 'Of messages: mean number that are published and not yet worked on, at most.' },
    { above: 0 },
  ).optional(),
};

const metrics: Readonly<Record<string, PlanGoal['metric']>> = {
  'age mean': 'mean',
  'age p50': 'p50',
  'age p95': 'p95',
  'age p99': 'p99',
  'age p99.9': 'p999',
  lag: 'lag',
};

/** Reports targets on messages where a traffic is meant, and the other way round; what is no target at all, the schema reports. */
export function checkMessageGoals(
  goals: unknown,
  outline: Outline,
  isTraffic: (name: string) => boolean,
  isTarget: (metric: string) => boolean,
  problems: Problems,
): void {
  for (const [name, targets] of Object.entries(isMap(goals) ? goals : {})) {
    if (!isMap(targets)) continue;
    const ofTraffic = isTraffic(name);
    if (!ofTraffic && !takesMessages(outline, name)) continue;
    for (const metric of Object.keys(targets)) {
      if (!isTarget(metric) || Object.hasOwn(metrics, metric) !== ofTraffic) continue;
      problems.report({
        code: 'unknown-key',
        path: ['goals', name, metric],
        at: 'key',
        message: ofTraffic
          ? `\`${name}\` is a traffic, and \`${metric}\` is a target on messages`
          : `\`${name}\` takes messages, and \`${metric}\` is a target on what users see`,
        expected: ofTraffic
          ? 'the name of a component that takes messages, or another target'
          : `one of ${Object.keys(metrics).join(', ')}`,
      });
    }
  }
}

/** Whether a component takes messages, so that goals may be about these. */
export function takesMessages({ components }: Outline, name: string): boolean {
  return components.get(name)?.kind?.roles.channel !== undefined;
}

/** The goals on the messages of a component, with the texts that the user wrote for the targets. */
export function planMessageGoals(
  plan: Plan,
  name: string,
  goal: Readonly<Record<string, unknown>>,
  texts: Readonly<Record<string, unknown>>,
): PlanGoal[] {
  const { index } = plan.components.find((component) => component.name === name)!;
  return Object.keys(texts).flatMap((metric): PlanGoal[] => {
    const target = goal[metric];
    if (typeof target !== 'number') return [];
    return [
      {
        traffic: trafficOf(plan, index)[0] ?? 0,
        messages: name,
        metric: metrics[metric]!,
        target,
        comparator: '<=',
        text: `${name}.${metric} ≤ ${String(texts[metric])}`,
      },
    ];
  });
}
