import type { PlanTraffic } from '../../../design/plan.ts';
import { figureText, valueText } from '../../figure-text.ts';
import { goalMeaning } from '../../goals.ts';
import type { GoalReport } from '../../report.ts';
import { themeOf } from '../../theme.ts';
import { missedBy, openText } from '../../verdict.ts';
import { headed, type Part, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';
import { goalTone } from './summary.ts';

const theme = themeOf({});
const left = { head: '', align: 'left' } as const;

/** What it has to do, for how many, and how well. */
export function requirementsSection(results: Results): Section {
  const { plan } = results;
  return {
    id: 'requirements',
    title: 'Requirements',
    parts: [
      ...headed('What it does, for whom', tablePart(trafficTable(results))),
      ...headed('How well it has to do it', goalParts(results)),
      ...headed('What it has to live through', scenarioParts(plan.scenarios)),
    ],
  };
}

function trafficTable({ plan }: Results) {
  const rows = plan.traffic.map((traffic) => {
    const operation = plan.operations[traffic.operation]!;
    return [
      traffic.name,
      `${plan.components[operation.component]!.name}.${operation.name}`,
      ...load(traffic),
      keyText(traffic.key, plan.data),
      traffic.timeout === null ? 'never' : valueText(traffic.timeout, 's', theme),
    ];
  });
  return {
    columns: [
      { ...left, head: 'traffic' },
      { ...left, head: 'asks for' },
      { head: 'mean' },
      { head: 'peak' },
      { ...left, head: 'about' },
      { head: 'gives up after' },
    ],
    rows,
  };
}

function load({ arrivals }: PlanTraffic): [mean: string, peak: string] {
  if (arrivals.type === 'closed') return [`${valueText(arrivals.users, '1', theme)} users`, ''];
  const { rate, peak } = arrivals;
  return [valueText(rate.value, '1/s', theme), valueText(rate.value * peak, '1/s', theme)];
}

function keyText(key: PlanTraffic['key'], data: Results['plan']['data']): string {
  if (key?.from === 'new') return `a new ${data[key.data]!.name}`;
  return key?.from === 'draw' ? data[key.data]!.name : '';
}

function goalParts({ plan, simulation, estimate }: Results): Part[] {
  if (plan.goals.length === 0)
    return [
      {
        part: 'text',
        text: 'The design sets no goals: nothing says how fast or how reliable it has to be.',
        tone: 'open',
      },
    ];
  const goals = (simulation ?? estimate)?.goals;
  const how = simulation === undefined ? 'by formulas' : 'simulated';
  if (goals === undefined) return [{ part: 'items', items: plan.goals.map(({ text }) => text) }];
  return tablePart(
    {
      columns: [{ ...left, head: 'goal' }, { head: how }, { ...left, head: 'verdict' }],
      rows: goals.map((goal) => [
        goal.goal,
        figureText(goal.value, theme, goalMeaning(goal)),
        verdictOf(goal),
      ]),
    },
    { tones: goals.map(goalTone) },
  );
}

function verdictOf(goal: GoalReport): string {
  if (goal.met === true) return `${theme.met} met`;
  if (goal.met === false) return `${theme.missed} ${missedBy(goal, theme)}`;
  return `? ${openText(goal)}`;
}

function scenarioParts(scenarios: Results['plan']['scenarios']): Part[] {
  if (scenarios.length === 0)
    return [
      {
        part: 'text',
        text: 'The design names no scenario: nothing says what it has to live through.',
        tone: 'open',
      },
    ];
  const rows = scenarios.map(({ name, summary, lasts }) => [name, summary, valueText(lasts, 's', theme)]);
  return tablePart({ columns: [{ ...left, head: 'scenario' }, left, { head: 'lasts' }], rows });
}
