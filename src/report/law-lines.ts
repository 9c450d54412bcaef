import asciichart from 'asciichart';
import { valueText } from './figure-text.ts';
import { type UslFit, uslThroughput } from './stress.ts';
import type { Theme } from './theme.ts';

const HEIGHT = 8;
/** Columns of a chart at most, and what stands to the left of it. */
const WIDEST = 64;
const LABEL = 9;

/**
 * Throughput against requests in progress, which grow by equal factors from left to right: the fitted curve as a line, what was
 * simulated as dots.
 */
export function lawLines(usl: UslFit, theme: Theme): string[] {
  const columns = Math.min(WIDEST, theme.width - LABEL - 4);
  const numbers = usl.points.map(({ inProgress }) => inProgress);
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  if (!(to > from)) return [];
  const columnOf = (number: number): number =>
    Math.round((Math.log(number / from) / Math.log(to / from)) * (columns - 1));
  const curve = Array.from({ length: columns }, (_, column) =>
    uslThroughput(usl, from * (to / from) ** (column / (columns - 1))),
  );
  const most = Math.max(...curve, ...usl.points.map(({ throughput }) => throughput));
  // The first stroke belongs to the axis, so the curve begins with its first value twice.
  const run = [curve[0]!, ...curve];
  const cells = asciichart
    .plot(run, { height: HEIGHT, min: 0, max: most, format: () => '' })
    .split('\n')
    .map((line) => [...line.padEnd(columns + 2)].slice(-columns));
  for (const { inProgress, throughput } of usl.points) {
    const row = HEIGHT - Math.round((throughput / most) * HEIGHT);
    cells[row]![columnOf(inProgress)] = theme.unicode ? '●' : 'o';
  }
  const labels: Readonly<Record<number, string>> = { 0: valueText(most, '1/s', theme), [HEIGHT]: '0' };
  const drawn = cells.map((row, at) =>
    `${(labels[at] ?? '').padStart(LABEL)} ${theme.unicode ? '┤' : '|'}${plain(row.join(''), theme)}`.trimEnd(),
  );
  const ends = [from, to].map((number) => String(Number(number.toPrecision(3))));
  const axis = `${ends[0]}${`${ends[1]} in progress`.padStart(Math.max(1, columns - ends[0]!.length))}`;
  return [...drawn, `${' '.repeat(LABEL + 2)}${axis}`];
}

function plain(cells: string, theme: Theme): string {
  if (theme.unicode) return cells;
  return cells
    .replace(/[╭╮╰╯]/gu, '+')
    .replaceAll('─', '-')
    .replaceAll('│', '|');
}
