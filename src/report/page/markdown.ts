import type { Cell, Column, TableData } from '../cell.ts';
import { mermaidOf } from '../diagram/mermaid.ts';
import type { Card, Page, Part, Section, Tone } from './page.ts';

const marks: Readonly<Record<Tone, string>> = { good: '✔', bad: '✘', open: '?' };

/** Rows of a chart's table that are written; a document is read, and figures in full are in the HTML page and in JSON. */
const CHART_ROWS = 12;

/** Writes a page as Markdown (CommonMark with tables, as GitHub reads it), with the diagram as Mermaid. Same page, same bytes. */
export function markdownOf(page: Page): string {
  const blocks = [
    `# ${escaped(page.title)}`,
    ...(page.summary === '' ? [] : [escaped(page.summary)]),
    ...page.sections.flatMap(sectionOf),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function sectionOf({ title, parts }: Section): string[] {
  return [`## ${escaped(title)}`, ...parts.flatMap(partOf)];
}

function partOf(part: Part): string[] {
  switch (part.part) {
    case 'text':
      return [part.tone === undefined ? escaped(part.text) : `${marks[part.tone]} ${escaped(part.text)}`];
    case 'heading':
      return [`### ${escaped(part.text)}`];
    case 'items':
      return [part.items.map((item) => `- ${escaped(item)}`).join('\n')];
    case 'cards':
      return [part.cards.map(cardOf).join('\n')];
    case 'table':
      return [...(part.folded === undefined ? [] : [`**${escaped(part.folded)}**`]), tableOf(part)];
    case 'chart':
      return [
        `**${escaped(part.chart.title)}**`,
        escaped(part.chart.label),
        tableOf(thinned(part.chart.table)),
      ];
    case 'diagram':
      return [fenced(mermaidOf(part.drawing).trimEnd(), 'mermaid')];
    case 'command':
      return [fenced(part.command, 'sh')];
  }
}

function cardOf({ about, answer, more, tone }: Card): string {
  const mark = tone === null ? '' : `${marks[tone]} `;
  return `- ${escaped(about)}: ${mark}**${escaped(answer)}**${more === '' ? '' : `; ${escaped(more)}`}`;
}

/** As many rows as are written, spread evenly, the first among them. */
function thinned({ columns, rows }: TableData): TableData {
  const each = Math.ceil(rows.length / CHART_ROWS);
  return { columns, rows: rows.filter((_, index) => index % each === 0) };
}

function tableOf({ columns, rows }: TableData): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ head }) => escaped(head))),
    line(columns.map(ruleOf)),
    ...rows.map((row) => line(row.map(cellOf))),
  ].join('\n');
}

const ruleOf = ({ align }: Column): string => (align === 'left' ? ':--' : '--:');

function cellOf(cell: Cell): string {
  if (typeof cell === 'string') return escaped(cell);
  return escaped(cell.margin === '' ? cell.value : `${cell.value} ${cell.margin}`);
}

/** Text as it is: on one line, with what means something to Markdown or HTML escaped. */
function escaped(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>|#~$&]/g, (sign) => (sign === '<' ? '&lt;' : sign === '&' ? '&amp;' : `\\${sign}`))
    .replace(/^([-+]|\d+[.)])(?= )/, (begin) => `${begin.slice(0, -1)}\\${begin.slice(-1)}`);
}

/** A block of code, fenced by more backticks than it holds in a row. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
