import { figureText } from '../../figure-text.ts';
import type { SheetEntry } from '../../report.ts';
import { themeOf } from '../../theme.ts';
import { barChart } from '../charts/bar-chart.ts';
import { type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const theme = themeOf({});
const BARS = 15;

/** What it costs a month, and what of. */
export function costSection({ estimate }: Results): Section | null {
  if (estimate === undefined) return null;
  const entries = estimate.sheet.filter(
    ({ figure, name }) => figure.unit === '$' && figure.value !== null && /cost/.test(name),
  );
  if (entries.length === 0) {
    return {
      id: 'cost',
      title: 'Cost',
      parts: [{ part: 'text', text: 'Nothing in the design has a price.', tone: 'open' }],
    };
  }
  const parts = entries
    .filter(
      ({ name }) => name.endsWith('.cost') || name === 'cost.egress' || name.startsWith('cost.crossing'),
    )
    .sort((a, b) => b.figure.value! - a.figure.value!);
  const sums = entries.filter((entry) => !parts.includes(entry));
  return {
    id: 'cost',
    title: 'Cost',
    parts: [
      ...(parts.length === 0
        ? []
        : [
            {
              part: 'chart' as const,
              chart: barChart({
                title: 'Cost a month, by what it is paid for',
                label: `Cost a month of ${parts.length} things; most of it ${nameOf(parts[0]!)}, ${figureText(parts[0]!.figure, theme).value}.`,
                bars: parts.slice(0, BARS).map((entry) => ({ name: nameOf(entry), figure: entry.figure })),
                meaning: 'count',
                heads: ['paid for', 'a month'],
              }),
            },
          ]),
      ...tablePart({
        columns: [{ head: '', align: 'left' }, { head: '' }, { head: 'working', align: 'left' }],
        rows: sums.map(({ label, figure, working }) => [label, figureText(figure, theme), working]),
      }),
    ],
  };
}

const nameOf = ({ name, label }: SheetEntry): string =>
  name.startsWith('cost.') ? label.replace(/, a month$/, '') : name.slice(0, -'.cost'.length);
