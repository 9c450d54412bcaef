import type { PlanObjective } from './plan.ts';
import type { Problems } from './problems.ts';
import { quantity } from './quantity-fields.ts';
import { choice } from './word-fields.ts';

/** The period of an objective that says alerts and no window: that of the standard rules. */
const USUAL_WINDOW = 30 * 86_400;
/** The first of these rules is for a budget of which 2 % burn in an hour: of 50 hours that is what lasts. */
const SHORTEST_ALERTED = 50 * 3600;

/** What makes a goal on success an objective over a period. */
export const objectiveFields = {
  window: quantity(
    'time',
    {
      is: 'The period that `success` is promised for: its error budget is what may fail in it. 30d unless said, where there are alerts.',
    },
    { least: 3600, most: 366 * 86_400 },
  ).optional(),
  alerts: choice(['standard'], {
    is: 'Alerts on how fast the error budget burns, by the three rules of the Site Reliability Workbook.',
  }).optional(),
};

/** A goal after the schema, as far as it is an objective. */
export interface ParsedObjective {
  readonly success?: number | undefined;
  readonly window?: number | undefined;
  readonly alerts?: 'standard' | undefined;
}

/** The objective that a goal is; null where it is none. */
export function planObjective({ success, window, alerts }: ParsedObjective): PlanObjective | null {
  if (success === undefined || (window === undefined && alerts === undefined)) return null;
  return { window: window ?? USUAL_WINDOW, alerts: alerts !== undefined };
}

type Goals = Readonly<Record<string, ParsedObjective>>;

/** Reports objectives without a share that may fail. */
export function checkObjectives(goals: Goals, problems: Problems): void {
  for (const [name, { success, window, alerts }] of Object.entries(goals)) {
    if (window === undefined && alerts === undefined) continue;
    if (success === undefined) {
      problems.report({
        code: 'missing-key',
        path: ['goals', name],
        at: 'key',
        message: 'there is no error budget without a share that may fail',
        expected: '`success`, such as 99.9%',
      });
    } else if (success === 1) {
      problems.report({
        code: 'out-of-range',
        path: ['goals', name, 'success'],
        message: 'of an objective of 100% nothing may fail, so its budget is used up by the first failure',
        expected: 'below 100% where there is a `window` or `alerts`',
      });
    }
  }
}

/** Warns of objectives that nothing can burn: a budget burns in scenarios. */
export function checkObjectiveEffects(
  goals: Goals,
  scenarios: Readonly<Record<string, unknown>>,
  problems: Problems,
): void {
  const burns = Object.keys(scenarios).length > 0;
  for (const [name, goal] of Object.entries(goals)) {
    if (burns && goal.alerts !== undefined && (goal.window ?? USUAL_WINDOW) < SHORTEST_ALERTED) {
      problems.report({
        code: 'idle-knob',
        path: ['goals', name, 'alerts'],
        at: 'key',
        message: 'no standard alert is for a window so short: 2% of its budget in an hour are as planned',
        hint: 'a window of 50h or more',
      });
    }
    if (burns) continue;
    for (const word of ['window', 'alerts'] as const) {
      if (goal[word] === undefined) continue;
      problems.report({
        code: 'idle-knob',
        path: ['goals', name, word],
        at: 'key',
        message: 'an error budget burns in scenarios, and the design has none',
      });
    }
  }
}
