import type { Outline } from './outline.ts';
import { isMap } from './path.ts';
import type { Plan, PlanGoal } from './plan.ts';
import type { Problems } from './problems.ts';
import { quantity } from './quantity-fields.ts';
import { trafficOf } from './traffic-of.ts';

const age = (is: string) => quantity('time', { is }, { above: 0 }).optional();

/** Targets in a goal with the name of a component: on the messages that it takes, or on its replicas. */
export const componentGoalFields = {
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
  stale: quantity(
    'ratio',
    {
      is: 'Of replicas: share of the reads that give an older version than the newest confirmed when they began, at most.',
    },
    { above: 0, most: 1 },
  ).optional(),
};

/** What a goal with the name of a component is about. */
type Theme = 'messages' | 'replicas';

const metrics: Readonly<Record<Theme, Readonly<Record<string, PlanGoal['metric']>>>> = {
  messages: {
    'age mean': 'mean',
    'age p50': 'p50',
    'age p95': 'p95',
    'age p99': 'p99',
    'age p99.9': 'p999',
    lag: 'lag',
  },
  replicas: { stale: 'stale' },
};

const owners: Readonly<Record<Theme, string>> = {
  messages: 'the name of a component that takes messages',
  replicas: 'the name of a component with replicas',
};

/** Reports targets on a component where a traffic is meant, and the other way round; what is no target at all, the schema reports. */
export function checkComponentGoals(
  goals: unknown,
  outline: Outline,
  isTraffic: (name: string) => boolean,
  isTarget: (metric: string) => boolean,
  problems: Problems,
): void {
  for (const [name, targets] of Object.entries(isMap(goals) ? goals : {})) {
    if (!isMap(targets)) continue;
    const theme = isTraffic(name) ? null : themeOf(outline, name);
    if (!isTraffic(name) && theme === null) continue;
    for (const metric of Object.keys(targets)) {
      const about = themeOfMetric(metric);
      if (!isTarget(metric) || about === theme) continue;
      const what = about === null ? 'a target on what users see' : `a target on ${about}`;
      const is =
        theme === null
          ? 'is a traffic'
          : theme === 'messages'
            ? 'takes messages'
            : 'is a component with replicas';
      problems.report({
        code: 'unknown-key',
        path: ['goals', name, metric],
        at: 'key',
        message: `\`${name}\` ${is}, and \`${metric}\` is ${what}`,
        expected:
          theme === null
            ? `${owners[about!]}, or another target`
            : `one of ${Object.keys(metrics[theme]).join(', ')}`,
      });
    }
  }
}

/** What goals with the name of a component may be about; null = nothing. */
export function themeOf({ components }: Outline, name: string): Theme | null {
  const component = components.get(name);
  if (component?.kind?.roles.channel !== undefined) return 'messages';
  return component?.kind?.replicated?.(component.settings) ? 'replicas' : null;
}

function themeOfMetric(metric: string): Theme | null {
  const themes = Object.keys(metrics) as Theme[];
  return themes.find((theme) => Object.hasOwn(metrics[theme], metric)) ?? null;
}

/** The goals on a component, with the texts that the user wrote for the targets. */
export function planComponentGoals(
  plan: Plan,
  name: string,
  goal: Readonly<Record<string, unknown>>,
  texts: Readonly<Record<string, unknown>>,
): PlanGoal[] {
  const { index } = plan.components.find((component) => component.name === name)!;
  return Object.keys(texts).flatMap((metric): PlanGoal[] => {
    const target = goal[metric];
    const theme = themeOfMetric(metric);
    if (typeof target !== 'number' || theme === null) return [];
    return [
      {
        traffic: trafficOf(plan, index)[0] ?? 0,
        [theme]: name,
        metric: metrics[theme][metric]!,
        target,
        comparator: '<=',
        text: `${name}.${metric} ≤ ${String(texts[metric])}`,
      },
    ];
  });
}
