import { priceText } from '../../advice-page.ts';
import { figureLine, valueText } from '../../figure-text.ts';
import { themeOf } from '../../theme.ts';
import type { TunedSetting, TuningReport } from '../../tuning.ts';
import type { Chart, ChartSize, LegendEntry } from '../page.ts';
import { ticksOf } from './latency-chart.ts';
import { lineStyles } from './line-styles.ts';
import { logAxisY } from './log-axis.ts';

const theme = themeOf({});

interface Point {
  readonly cost: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly keepsAll: boolean;
}

/**
 * What more money buys: the settings that no other beats in both cost and p99, a line for each traffic. Null for fewer than
 * two.
 */
export function frontierChart({ frontier, best, now }: TuningReport): Chart | null {
  const names = Object.keys(frontier[0]?.p99 ?? {}).slice(0, lineStyles.length);
  const lines = names.map((name) => frontier.flatMap((setting) => pointOf(setting, name) ?? []));
  const all = lines.flat();
  if (Math.max(0, ...lines.map(({ length }) => length)) < 2) return null;
  const costs = [...all.map(({ cost }) => cost), ...(now?.cost == null ? [] : [now.cost])];
  const [cheapest, dearest] = [Math.min(...costs), Math.max(...costs)];
  const room = (dearest - cheapest || dearest || 1) * 0.06;
  const [least, most] = [
    Math.min(...all.map(({ low }) => low)) * 0.85,
    Math.max(...all.map(({ high }) => high)) * 1.2,
  ];
  const rules = [
    ...(best?.cost == null ? [] : [{ at: best.cost, colour: 'var(--good)', dashes: '5 4' }]),
    ...(now?.cost == null ? [] : [{ at: now.cost, colour: 'var(--ink)', dashes: '2 3' }]),
  ];
  const draw = (plot: Parameters<Chart['draw']>[0], { narrow }: ChartSize) => {
    const ticks = ticksOf(least, most, narrow ? 6 : 9);
    return {
      height: narrow ? 230 : 280,
      marginLeft: 62,
      marginRight: 26,
      marginTop: 10,
      marginBottom: 30,
      x: {
        domain: [Math.max(0, cheapest - room), dearest + room],
        ticks: narrow ? 3 : 6,
        tickFormat: (tick: number) => valueText(tick, '$', theme),
        label: null,
        grid: true,
      },
      y: { type: 'log' as const, domain: [least, most], axis: null },
      marks: [
        logAxisY(plot, ticks, (tick) => valueText(tick, 's', theme)),
        plot.gridY(ticks),
        ...rules.map(({ at, colour, dashes }) =>
          plot.ruleX([at], { stroke: colour, strokeDasharray: dashes }),
        ),
        ...lines.flatMap((points, line) => {
          const { colour, dashes } = lineStyles[line]!;
          return [
            plot.ruleX(points, { x: 'cost', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 1.5 }),
            plot.line(points, {
              x: 'cost',
              y: 'value',
              stroke: colour,
              strokeWidth: 2,
              strokeDasharray: dashes,
            }),
            plot.dot(points, {
              x: 'cost',
              y: 'value',
              r: 5,
              stroke: colour,
              strokeWidth: 1.5,
              fill: (d: Point) => (d.keepsAll ? colour : 'var(--paper)'),
            }),
          ];
        }),
      ],
    };
  };
  return {
    title: 'p99 by cost a month, of settings that no other beats in both',
    label: labelOf(frontier, names, best),
    legend: [
      ...names.map(
        (name, line): LegendEntry => ({ text: `p99 of ${name}`, ...lineStyles[line]!, mark: 'line' }),
      ),
      { text: 'keeps all goals', colour: 'var(--muted)', edge: 'var(--muted)', mark: 'dot' },
      { text: 'does not surely', colour: 'var(--paper)', edge: 'var(--muted)', mark: 'dot' },
      ...(best?.cost == null
        ? []
        : [{ text: 'the setting chosen', colour: 'var(--good)', dashes: '5 4', mark: 'line' as const }]),
      ...(now?.cost == null
        ? []
        : [{ text: 'as it is', colour: 'var(--ink)', dashes: '2 3', mark: 'line' as const }]),
    ],
    draw,
    table: {
      columns: [{ head: 'cost' }, ...names.map((name) => ({ head: `p99 of ${name}` }))],
      rows: frontier.map(({ cost, p99 }) => [
        priceText(cost, ''),
        ...names.map((name) => figureLine(p99[name]!, theme)),
      ]),
    },
  };
}

function pointOf({ cost, p99, keepsAll }: TunedSetting, name: string): Point | null {
  const { value, low, high } = p99[name]!;
  if (cost === null || value === null || !(value > 0)) return null;
  const least = low !== null && low > 0 ? low : value;
  return { cost, value, low: least, high: high ?? value, keepsAll };
}

function labelOf(
  frontier: readonly TunedSetting[],
  names: readonly string[],
  best: TunedSetting | null,
): string {
  const said = (setting: TunedSetting): string =>
    `${priceText(setting.cost, '')} for ${names.map((name) => `${name} ${figureLine(setting.p99[name]!, theme)}`).join(', ')}`;
  const chosen = best === null ? '' : ` Chosen: ${said(best)}.`;
  return `${frontier.length} settings of cost against p99. The cheapest: ${said(frontier[0]!)}. The dearest: ${said(frontier.at(-1)!)}.${chosen}`;
}
