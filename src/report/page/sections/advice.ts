import type { Advice, AdviceReport, RejectedMove } from '../../advice.ts';
import { adviceAnswer, costNow, priceText, rankedBy, spanText } from '../../advice-page.ts';
import { valueText } from '../../figure-text.ts';
import { timesText } from '../../stress-page.ts';
import { themeOf } from '../../theme.ts';
import { type Dot, dotChart } from '../charts/dot-chart.ts';
import { type Chart, headed, type Part, type Section, type Tone, tablePart } from '../page.ts';
import type { Results } from '../results.ts';
import { spoken } from './spoken.ts';

const theme = themeOf({});
const left = { head: '', align: 'left' } as const;

/** What to change next: moves ranked by what they gain for their price, what they give up, and what was tried in vain. */
export function adviceSection({ advice: report }: Results): Section | null {
  if (report === undefined) return null;
  const { advice, rejected, because, notes, command, scenario } = report;
  const forLoad = advice.filter(({ helps }) => helps === 'load');
  const charts = [headroomChart(report, forLoad), worthChart(forLoad)].filter((chart) => chart !== null);
  return {
    id: 'advice',
    title: scenario === null ? 'What to change next' : `What to change next, for scenario ${scenario}`,
    parts: [
      answerPart(adviceAnswer(report, theme)),
      ...headed('What gives way first', becauseParts(report, because)),
      ...headed('What lets more load through', [
        ...charts.map((chart): Part => ({ part: 'chart', chart })),
        ...loadTable(forLoad),
      ]),
      ...headed(
        'What keeps it up when something fails',
        uptimeTable(advice.filter(({ helps }) => helps === 'availability')),
      ),
      ...headed('Why, and what it gives up', reasonTable(advice)),
      ...headed('Tried, and no help', rejectedTable(rejected)),
      { part: 'items', items: [...notes, howRanked(report)] },
      { part: 'command', command },
    ],
  };
}

/** That a system does not carry its own load is said in red as well. */
function answerPart(answer: string): Part {
  const text = spoken(answer);
  return answer.startsWith(theme.missed) ? { part: 'text', text, tone: 'bad' } : { part: 'text', text };
}

function becauseParts({ headroom }: AdviceReport, because: readonly string[]): Part[] {
  if (because.length === 0) return [];
  const at = headroom.high === null ? '' : `At ${timesText(headroom.high, theme)} the load: `;
  return [{ part: 'text', text: `${at}${because.join(' → ')}` }];
}

/** Up to which load the goals hold as it is, and with each change. */
function headroomChart({ headroom, most }: AdviceReport, moves: readonly Advice[]): Chart | null {
  const dotOf = (name: string, { low, high }: Advice['headroom'] & object, tone: Tone | null): Dot | null => {
    const at = low ?? high;
    if (at === null || !(at > 0)) return null;
    const text =
      low === null ? `below ${timesText(at, theme)}` : spanText({ value: at, low, high, unit: '1' }, theme);
    return { name, at, low: at, high: high ?? most, text, tone };
  };
  const now = dotOf('as it is', headroom, null);
  const dots = moves.flatMap(
    ({ rank, name, headroom }) => dotOf(`${rank}. ${name}`, headroom!, 'good') ?? [],
  );
  if (now === null || dots.length === 0) return null;
  return dotChart({
    title: 'Up to which load all goals hold, by multiples of the load',
    label: `As it is, the goals hold up to ${now.text} the load. ${dots.map(({ name, text }) => `${name}: ${text}`).join('; ')}.`,
    dots: [now, ...dots],
    line: { at: 1, text: 'the load of the design' },
    meaning: {
      good: 'with the change: surely so far, and maybe up to the end of the line',
      neither: 'as it is',
    },
    table: {
      columns: [{ ...left, head: 'change' }, { head: 'holds up to' }],
      rows: [now, ...dots].map(({ name, text }) => [name, text]),
    },
  });
}

/** What a hundred dollars a month buy of headroom, over orders of magnitude; free changes are not among them. */
function worthChart(moves: readonly Advice[]): Chart | null {
  const dots = moves.flatMap(({ rank, name, gainPerHundred }): Dot[] => {
    if (gainPerHundred === null) return [];
    const { value, low, high } = gainPerHundred;
    const at = value ?? low;
    if (at === null || !(at > 0)) return [];
    return [
      { name: `${rank}. ${name}`, at, low, high, text: `+${spanText(gainPerHundred, theme)}`, tone: 'good' },
    ];
  });
  if (dots.length === 0) return null;
  return dotChart({
    title: 'Headroom gained for each $100 a month, in multiples of the load',
    label: `Headroom gained for each hundred dollars a month by ${dots.length} ${dots.length === 1 ? 'change that costs' : 'changes that cost'} something: ${dots.map(({ name, text }) => `${name} ${text}`).join('; ')}.`,
    dots,
    line: { at: 1, text: 'once the load of the design more for $100 a month' },
    meaning: { good: 'gained for $100 a month' },
    table: {
      columns: [{ ...left, head: 'change' }, { head: 'gain for $100/month' }],
      rows: dots.map(({ name, text }) => [name, text]),
    },
  });
}

function loadTable(moves: readonly Advice[]): Part[] {
  return tablePart({
    columns: [
      { ...left, head: 'change' },
      { head: 'holds up to' },
      { head: 'gain' },
      { head: 'costs' },
      { head: 'gain for $100/month' },
    ],
    rows: moves.map(({ rank, name, headroom, gain, cost, gainPerHundred }) => [
      `${rank}. ${name}`,
      spanText(headroom!, theme),
      `+${spanText(gain!, theme)}`,
      priceText(cost),
      gainPerHundred !== null
        ? `+${spanText(gainPerHundred, theme)}`
        : cost === null
          ? 'price not known'
          : 'next to nothing to pay',
    ]),
  });
}

function uptimeTable(moves: readonly Advice[]): Part[] {
  return tablePart({
    columns: [
      { ...left, head: 'change' },
      { head: 'down a year' },
      { head: 'then' },
      { ...left, head: 'may fail alone' },
      { head: 'costs' },
    ],
    rows: moves.map(({ rank, name, downtime, cost }) => [
      `${rank}. ${name}`,
      valueText(downtime!.before.value!, 's', theme),
      valueText(downtime!.after.value!, 's', theme),
      downtime!.spared.join(', '),
      priceText(cost),
    ]),
  });
}

function reasonTable(advice: readonly Advice[]): Part[] {
  return tablePart({
    columns: [
      { ...left, head: 'change' },
      { ...left, head: 'choose' },
      { ...left, head: 'because' },
      { ...left, head: 'it gives up' },
      { ...left, head: 'gives way next' },
    ],
    rows: advice.map(({ rank, name, chose, over, because, sacrifices, steps, keeps, next }) => [
      `${rank}. ${name}`,
      `${chose}, over ${over}`,
      [
        because,
        ...new Set(steps.map((step) => step.because)),
        ...(keeps.length === 0 ? [] : [`it keeps ${keeps.join(', ')}, which is broken now`]),
      ].join('; '),
      sacrifices,
      next ?? '',
    ]),
  });
}

function rejectedTable(rejected: readonly RejectedMove[]): Part[] {
  return tablePart({
    columns: [
      { ...left, head: 'change' },
      { ...left, head: 'which was' },
      { ...left, head: 'why not' },
    ],
    rows: rejected.map(({ name, chose, why }) => [name, chose, why]),
  });
}

function howRanked(report: AdviceReport): string {
  const { runs, seed } = report;
  const price = costNow(report);
  return `${price.charAt(0).toUpperCase()}${price.slice(1)}. Ranked by ${rankedBy(report)}; changes of equal rank are not told apart by the runs. ${runs} simulations, seed ${seed}.`;
}
