import type { Case } from './case.ts';
import type { Row } from './row.ts';
import { differenceText, figureText, numberText } from './text.ts';

const columns = ['model', 'figure', 'paper', 'estimate', 'ours', 'difference', 'verdict'];

/** A case for the terminal: its title and source, then a line for each figure. */
export function renderCase(of: Case, rows: readonly Row[]): string {
  const lines = [
    columns,
    ...rows.map((row) => [
      row.model,
      row.what,
      numberText(row.paper, row.unit),
      row.estimate === null ? '' : numberText(row.estimate.value, row.unit),
      figureText(row.ours, row.unit),
      differenceText(row),
      row.verdict + (row.explanation === '' ? '' : ` (${row.explanation})`),
    ]),
  ];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${of.title}`, `  ${of.source} (${of.evidence})`, ...table.map((line) => `  ${line}`), ''].join(
    '\n',
  );
}
