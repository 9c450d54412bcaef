import { valueText } from '../../figure-text.ts';
import { themeOf } from '../../theme.ts';
import { waterfallChart } from '../charts/waterfall-chart.ts';
import type { Section } from '../page.ts';
import type { Results } from '../results.ts';

const theme = themeOf({});

/** Deep dive: typical, slow and failed requests in all their parts. */
export function waterfallsSection({ trace }: Results): Section | null {
  if (trace === undefined || trace.requests.length === 0) return null;
  const text = `Requests of one simulated run of ${valueText(trace.seconds, 's', theme)}, seed ${trace.seed}: of each traffic the median one, the p99 one, or the slowest of few, and one of each way to fail.`;
  return {
    id: 'requests',
    title: 'Deep dive: single requests',
    parts: [
      { part: 'text', text },
      ...trace.requests.map((request) => ({ part: 'chart' as const, chart: waterfallChart(request) })),
      { part: 'command', command: trace.command },
    ],
  };
}
