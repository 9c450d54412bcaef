/**
 * A document about a design: sections made of results (sections/), with charts (charts/), and two faces of it, HTML and
 * Markdown. Libraries that draw are loaded when a page is written, not before.
 */
import type { CompareReport } from '../compare.ts';
import { type RenderOptions, themeOf, wrapped } from '../theme.ts';
import { comparePage } from './compare-document.ts';
import type { Results } from './results.ts';
import { pageOf } from './sections/index.ts';
import { summarySection } from './sections/summary.ts';

export type { Results } from './results.ts';

/** How a page is written: as one HTML file, or as a Markdown document. */
export type PageFace = 'html' | 'md';

/** Writes all that is known of a design. Same results, same bytes. */
export async function renderPage(results: Results, face: PageFace): Promise<string> {
  const page = pageOf(results);
  if (face === 'md') return (await import('./markdown.ts')).markdownOf(page);
  return (await import('./html.ts')).htmlOf(page);
}

/** Writes a comparison as one HTML file. Same report, same bytes. */
export async function compareToHtml(report: CompareReport): Promise<string> {
  return (await import('./html.ts')).htmlOf(comparePage(report));
}

/** Writes the answers alone, for a terminal. */
export function renderSummary(results: Results, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const paints = { good: theme.good, bad: theme.bad, open: theme.warn };
  const marks = { good: theme.met, bad: theme.missed, open: theme.undecided };
  const lines = summarySection(results).parts.flatMap((part) => {
    if (part.part === 'items') return part.items.flatMap((item) => wrapped(theme.plain(item), theme.width));
    if (part.part !== 'cards') return [];
    return part.cards.flatMap(({ about, answer, more, tone }) => {
      const said = theme.plain(tone === null ? answer : `${marks[tone]} ${answer}`);
      const rest = wrapped(theme.plain(more), theme.width - 2).map((line) => theme.dim(`  ${line}`));
      return [`${theme.dim(`${theme.plain(about)}:`)} ${tone === null ? said : paints[tone](said)}`, ...rest];
    });
  });
  return `${[theme.bold(theme.plain(results.plan.name)), ...lines].join('\n')}\n`;
}
