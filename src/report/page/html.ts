import { parseHTML } from 'linkedom';
import type { Cell, Column } from '../cell.ts';
import { drawingForPage } from '../diagram/svg.ts';
import { escaped } from '../markup.ts';
import type { Card, Chart, LegendEntry, Page, Part, Plot, Section, TablePart, Tone } from './page.ts';
import { pageStyle } from './style.ts';

/** Widths that charts are drawn at: for windows of a desk, and of a hand. */
const SIZES = [
  { name: 'wide', size: { width: 860, narrow: false } },
  { name: 'narrow', size: { width: 360, narrow: true } },
] as const;

/** Nothing may be loaded, and nothing runs: the page is what is in the file. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const marks: Readonly<Record<Tone, string>> = { good: '✔', bad: '✘', open: '?' };

/** Columns with texts longer than this are set in smaller letters, but for the first. */
const LONG = 60;

/**
 * Writes a page as one HTML file that needs nothing else: no script, no network, light or dark as its reader likes it,
 * for screens and for paper. Same page, same bytes.
 */
export async function htmlOf(page: Page): Promise<string> {
  const plot = await import('@observablehq/plot');
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const writer: Writer = { plot, document, names: new Map() };
  const sections: string[] = [];
  for (const section of page.sections) sections.push(await sectionOf(section, writer));
  const title = escaped(page.title);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">',
    `<title>${title}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${title}</h1>`,
    ...(page.summary === '' ? [] : [`<p class="lead">${escaped(page.summary)}</p>`]),
    `<nav aria-label="Sections"><ul>${page.sections.map(({ id, title }) => `<li><a href="#${escaped(id)}">${escaped(title)}</a></li>`).join('')}</ul></nav>`,
    '</header>',
    '<main>',
    ...sections,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** What is handed from part to part. */
interface Writer {
  readonly plot: Plot;
  readonly document: unknown;
  /** How many identifiers of each kind there are. */
  readonly names: Map<string, number>;
}

/** An identifier that no other element of the page has. */
function nameFor(kind: string, { names }: Writer): string {
  const number = (names.get(kind) ?? 0) + 1;
  names.set(kind, number);
  return `${kind}-${number}`;
}

async function sectionOf({ id, title, parts }: Section, writer: Writer): Promise<string> {
  const written: string[] = [];
  for (const part of parts) written.push(await partOf(part, title, writer));
  const heading = `${escaped(id)}-title`;
  return `<section id="${escaped(id)}" aria-labelledby="${heading}">\n<h2 id="${heading}">${escaped(title)}</h2>\n${written.join('\n')}\n</section>`;
}

async function partOf(part: Part, section: string, writer: Writer): Promise<string> {
  switch (part.part) {
    case 'text':
      return part.tone === undefined
        ? `<p>${escaped(part.text)}</p>`
        : `<p class="${part.tone}">${marks[part.tone]} ${escaped(part.text)}</p>`;
    case 'heading':
      return `<h3>${escaped(part.text)}</h3>`;
    case 'items':
      return `<ul>${part.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'cards':
      return `<ul class="cards">${part.cards.map(cardOf).join('\n')}</ul>`;
    case 'table':
      return tableOf(part, section);
    case 'chart':
      return chartOf(part.chart, writer);
    case 'command':
      return `<pre><code>${escaped(part.command)}</code></pre>`;
    case 'diagram': {
      const ways = [
        ['wide', 'right'],
        ['narrow', 'down'],
      ] as const;
      const drawn: string[] = [];
      for (const [name, runs] of ways) {
        const svg = await drawingForPage(part.drawing, runs, nameFor('diagram', writer));
        drawn.push(`<div class="${name} picture" ${scrolls('Diagram of the design')}>${svg}</div>`);
      }
      return `<figure>${drawn.join('\n')}</figure>`;
    }
  }
}

/** What may be wider than the window scrolls within itself, by keys too. */
const scrolls = (label: string): string => `role="group" tabindex="0" aria-label="${escaped(label)}"`;

function cardOf({ about, answer, more, tone }: Card): string {
  const mark = tone === null ? '' : `${marks[tone]} `;
  const rest = more === '' ? '' : `<span class="more">${escaped(more)}</span>`;
  return `<li class="card${tone === null ? '' : ` ${tone}`}"><span class="about">${escaped(about)}</span><strong>${mark}${escaped(answer)}</strong>${rest}</li>`;
}

function tableOf(table: Omit<TablePart, 'part'>, label: string): string {
  const { columns, rows, tones, folded } = table;
  const headed = columns.some(({ head }) => head !== '');
  const head = columns
    .map(({ head, align }) =>
      // An empty heading cell is no heading.
      head === ''
        ? '<td></td>'
        : `<th scope="col"${align === 'left' ? ' class="left"' : ''}>${escaped(head)}</th>`,
    )
    .join('');
  const long = columns.map((_, column) =>
    rows.some((row) => typeof row[column] === 'string' && row[column].length > LONG),
  );
  const extrasOf = (column: number, tone: Tone | null): string[] => [
    ...(long[column] && column > 0 ? ['long'] : []),
    // The verdict stands last.
    ...(tone !== null && column === columns.length - 1 ? [tone] : []),
  ];
  const body = rows
    .map((row, index) => {
      const tone = tones?.[index] ?? null;
      return `<tr>${row.map((cell, column) => cellOf(cell, column, columns[column]!, extrasOf(column, tone))).join('')}</tr>`;
    })
    .join('\n');
  const drawn = `<div class="scroll" ${scrolls(`Table: ${folded ?? label}`)}><table>${headed ? `<thead><tr>${head}</tr></thead>` : ''}<tbody>\n${body}\n</tbody></table></div>`;
  return folded === undefined ? drawn : `<details><summary>${escaped(folded)}</summary>${drawn}</details>`;
}

function cellOf(cell: Cell, column: number, { align }: Column, extra: readonly string[]): string {
  const text = typeof cell === 'string' ? escaped(cell) : escaped(cell.value);
  const margin =
    typeof cell === 'string' || cell.margin === ''
      ? ''
      : ` <span class="margin">${escaped(cell.margin)}</span>`;
  const classes = [...(align === 'left' ? ['left', 'text'] : ['number']), ...extra].join(' ');
  if (column === 0 && text !== '') return `<th scope="row" class="${classes}">${text}${margin}</th>`;
  return `<td class="${classes}">${text}${margin}</td>`;
}

function chartOf(chart: Chart, writer: Writer): string {
  const id = nameFor('chart', writer);
  const drawn = SIZES.map(({ name, size }) => {
    const svg = writer.plot.plot({
      ...chart.draw(writer.plot, size),
      width: size.width,
      document: writer.document,
      className: 'chart',
      style: { background: 'none', fontSize: '12px' },
    } as Parameters<Plot['plot']>[0]) as unknown as SvgElement;
    // Plot names its parts (`x-axis tick`), which says nothing to those who have the label.
    for (const part of svg.querySelectorAll('[aria-label], style')) {
      if (part.tagName.toLowerCase() === 'style') part.remove();
      else part.removeAttribute('aria-label');
    }
    // linkedom leaves `<` in attributes, so the label is written here.
    const named = `<svg role="img" aria-label="${escaped(chart.label)}" `;
    return `<div class="${name}">${svg.outerHTML.replace(/^<svg /, () => named)}</div>`;
  });
  const legend =
    chart.legend.length === 0 ? '' : `<ul class="legend">${chart.legend.map(legendEntry).join('')}</ul>`;
  const table = tableOf({ ...chart.table, folded: 'The same as a table' }, chart.title);
  return `<figure aria-labelledby="${id}"><figcaption id="${id}">${escaped(chart.title)}</figcaption>${legend}\n${drawn.join('\n')}\n${table}</figure>`;
}

/** What is needed of an element; types of the DOM are not known here. */
interface SvgElement {
  readonly outerHTML: string;
  readonly tagName: string;
  removeAttribute(name: string): void;
  remove(): void;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

function legendEntry({ text, colour, edge = 'none', dashes, mark }: LegendEntry): string {
  const drawn = {
    line: `<path d="M0,6H28" fill="none" stroke="${colour}" stroke-width="2"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}/>`,
    area: `<rect width="28" height="12" fill="${colour}"/>`,
    bar: `<rect x="0.5" y="1.5" width="27" height="9" fill="${colour}" stroke="${edge}"/>`,
    dot: `<circle cx="14" cy="6" r="5" fill="${colour}" stroke="${edge}"/>`,
    square: `<path d="M14,0L20,6L14,12L8,6Z" fill="${colour}"/>`,
  }[mark];
  return `<li><svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true">${drawn}</svg>${escaped(text)}</li>`;
}
