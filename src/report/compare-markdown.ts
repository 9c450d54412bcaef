import type { ComparedGoal, ComparedRow, CompareReport, Comparison } from './compare.ts';
import { flat, isBroken, meaningOf, movesText, shareText, summaryOf } from './compare-page.ts';
import { figureText, valueText } from './figure-text.ts';
import { type Theme, themeOf } from './theme.ts';

/** Wide enough that no figure is cut: lines of a table in Markdown are not wrapped. */
const PLAIN: Theme = themeOf({ width: 1000, colour: false, unicode: true });

/** Writes a comparison in Markdown, as a comment on a pull request: the verdict, goals, and the figures that differ. */
export function compareToMarkdown(report: CompareReport): string {
  const [first = ''] = report.designs;
  const under = report.scenario === null ? '' : `, under ${code(report.scenario)}`;
  const blocks = [
    ...report.comparisons.flatMap((each) => [
      `### ${code(each.design)} against ${code(first)}${under}`,
      `${mark(each)} ${text(summaryOf(each))}.`,
      table(['goal', 'before', 'after'], each.goals.map(goalRow)),
      table(
        ['', 'before', 'after', 'difference', '', ''],
        each.rows.filter(({ effect }) => effect !== 'alike' && effect !== 'unknown').map(figureRow),
      ),
      each.keyMoves.map((moves) => `- ${text(movesText(moves, PLAIN))}.`).join('\n'),
    ]),
    ...report.notes.map((note) => `> ${text(note)}`),
    `<sub>${report.pairs} pairs of runs on common random numbers · differences with 95 % intervals, told where they are more than chance · seed ${report.seed} · tenfold ${report.version}<br>${code(report.command)}</sub>`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function mark({ goals, rows }: Comparison): string {
  if (goals.some(isBroken)) return '❌';
  return rows.some(({ effect }) => effect === 'worse') ? '⚠️' : '✅';
}

function goalRow({ goal, before, after }: ComparedGoal): string[] {
  const word = (met: ComparedGoal['before']): string => {
    if (met === null) return '';
    if (met === 'unknown') return 'cannot tell';
    return met ? 'met' : '**missed**';
  };
  return [text(goal), word(before), word(after)];
}

function figureRow(row: ComparedRow): string[] {
  const value = ({ value, unit }: ComparedRow['before']): string =>
    value === null ? '' : valueText(value, unit, PLAIN, meaningOf(row));
  const difference =
    row.difference.value === null ? '' : flat(figureText(row.difference, PLAIN, meaningOf(row)));
  const effect = row.effect === 'worse' ? '**worse**' : row.effect;
  return [code(row.name), value(row.before), value(row.after), difference, shareText(row), effect];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A name from the design, which may hold anything, so that it does not end the cell or begin markup. */
function text(words: string): string {
  return words.replace(/[\\`*_{}[\]<>|#~]/g, (each) => `\\${each}`).replace(/\s+/g, ' ');
}

function code(words: string): string {
  return `\`${words.replaceAll('`', "'").replaceAll('|', '\\|').replace(/\s+/g, ' ')}\``;
}
