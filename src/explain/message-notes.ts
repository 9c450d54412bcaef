import { reachedFrom } from '../design/callees.ts';
import type { Plan } from '../design/index.ts';
import { figureText, type Report, themeOf } from '../report/index.ts';
import { componentOf, stationLoad } from './stress/station-load.ts';

const theme = themeOf({});

/**
 * What an explanation says of goals on messages, which no user waits for: how they come out, for how much of their age
 * messages wait for a consumer, and which station on the way of their work is asked for the largest share of what it can do:
 * the latter once, however many goals there are on them.
 */
export function messageNotes(plan: Plan, report: Report): string[] {
  return plan.goals.flatMap(({ messages, text }, g) => {
    if (messages === undefined) return [];
    const { met, value } = report.goals[g]!;
    const verdict = met === 'unknown' ? 'cannot tell' : met ? 'met' : 'missed';
    const isFirst = plan.goals.findIndex((goal) => goal.messages === messages) === g;
    const parts = [
      `Goal ${text}: ${said(value)}, ${verdict}`,
      ...(isFirst ? [...waitOf(messages, report), ...busiestOf(plan, messages, report)] : []),
    ];
    return [`${parts.join('; ')}.`];
  });
}

function said(figure: Parameters<typeof figureText>[0]): string {
  const { value, margin } = figureText(figure, theme);
  return `${value} ${margin}`.trim();
}

/** Mean time of a message until a consumer takes it, against its whole age. */
function waitOf(messages: string, { queues = {}, stations }: Report): string[] {
  const age = queues[messages]?.age.mean;
  const waiting = stations[`${messages}.consumers`]?.waiting;
  if (age?.value == null || waiting?.value == null) return [];
  return [
    `a message is ${said(age)} old on average when it is done, and waits ${said(waiting)} of that for a consumer`,
  ];
}

/** The fullest of the stations that the work on messages comes to. */
function busiestOf(plan: Plan, messages: string, { stations }: Report): string[] {
  const nameOf = (operation: number): string => plan.components[plan.operations[operation]!.component]!.name;
  const reached = new Set(
    plan.operations.flatMap((_, index) =>
      nameOf(index) === messages
        ? [...reachedFrom(plan.operations, index, { afterwards: true })].map(nameOf)
        : [],
    ),
  );
  const [fullest] = Object.entries(stations)
    .filter(([station]) => reached.has(componentOf(station)))
    .map(([station, each]) => ({ station, load: stationLoad(each)?.value ?? 0 }))
    .sort((a, b) => b.load - a.load);
  if (fullest === undefined || fullest.load === 0) return [];
  return [
    `the fullest on its way is ${fullest.station}, asked for ${(fullest.load * 100).toFixed(0)} % of what it can do`,
  ];
}
