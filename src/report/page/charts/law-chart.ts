import { valueText } from '../../figure-text.ts';
import { type StressReport, uslThroughput } from '../../stress.ts';
import { timesText } from '../../stress-page.ts';
import { themeOf } from '../../theme.ts';
import type { Chart, ChartSize } from '../page.ts';
import { ticksOf } from './latency-chart.ts';
import { logAxisX } from './log-axis.ts';

const theme = themeOf({});
/** Points of the curve. */
const SAMPLES = 120;

/** Throughput against requests in progress, the law of scalability that was fitted to it as a line. */
export function lawChart({ usl }: StressReport): Chart | null {
  if (usl === null || usl.points.length < 2) return null;
  const numbers = usl.points.map(({ inProgress }) => inProgress);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const [from, to] = [least * 0.9, most * 1.2];
  const curve = Array.from({ length: SAMPLES }, (_, index) => {
    const inProgress = from * (to / from) ** (index / (SAMPLES - 1));
    return { inProgress, throughput: uslThroughput(usl, inProgress) };
  });
  const draw = (plot: Parameters<Chart['draw']>[0], { narrow }: ChartSize) => ({
    height: narrow ? 210 : 250,
    marginLeft: 62,
    marginRight: 22,
    marginTop: 10,
    marginBottom: 30,
    x: { type: 'log' as const, domain: [from, to], axis: null },
    y: {
      domain: [0, Math.max(...[...curve, ...usl.points].map(({ throughput }) => throughput)) * 1.05],
      ticks: 4,
      tickFormat: (tick: number) => valueText(tick, '1/s', theme),
      grid: true,
      label: null,
    },
    marks: [
      logAxisX(plot, ticksOf(from, to, narrow ? 4 : 8), (tick) => String(tick)),
      plot.ruleY([0], { stroke: 'var(--ink)' }),
      plot.lineY(curve, { x: 'inProgress', y: 'throughput', stroke: 'var(--series-2)', strokeWidth: 2 }),
      plot.dot([...usl.points], { x: 'inProgress', y: 'throughput', r: 5, fill: 'var(--series-1)' }),
    ],
  });
  return {
    title: 'Requests served per second, by requests in progress',
    label: `Throughput of ${usl.points.length} runs against requests in progress, and the universal scalability law through them, which is ${valueText(usl.error, '1', theme, 'share')} off on average.`,
    legend: [
      { text: 'simulated', colour: 'var(--series-1)', mark: 'dot' },
      { text: 'the fitted law', colour: 'var(--series-2)', mark: 'line' },
    ],
    draw,
    table: {
      columns: [{ head: 'load' }, { head: 'in progress' }, { head: 'served' }, { head: 'by the law' }],
      rows: usl.points.map(({ times, inProgress, throughput }) => [
        timesText(times, theme),
        String(Number(inProgress.toPrecision(3))),
        valueText(throughput, '1/s', theme),
        valueText(uslThroughput(usl, inProgress), '1/s', theme),
      ]),
    },
  };
}
