import { compareReports } from '../../comparison.ts';
import { figureText } from '../../figure-text.ts';
import type { SheetEntry } from '../../report.ts';
import { groupOf, meaningOf } from '../../sheet.ts';
import { themeOf } from '../../theme.ts';
import { latencyTable } from '../../traffic-tables.ts';
import { headed, type Part, type Section, tablePart } from '../page.ts';
import type { Results } from '../results.ts';

const theme = themeOf({});
const left = { head: '', align: 'left' } as const;

/** The back-of-the-envelope sheet, each line with its working and its source. */
export function estimatesSection({ estimate, simulation }: Results): Section | null {
  if (estimate === undefined) return null;
  const known = Object.entries(estimate.operations).filter(([, { latency }]) => latency.mean.value !== null);
  return {
    id: 'estimates',
    title: 'Estimates',
    parts: [
      ...headed('Response times, by formulas', tablePart(latencyTable(Object.fromEntries(known), theme))),
      ...agreement({ estimate, simulation }),
      ...headed('The sheet', sheetParts(estimate.sheet)),
    ],
  };
}

function agreement({ estimate, simulation }: Pick<Results, 'estimate' | 'simulation'>): Part[] {
  if (estimate === undefined || simulation === undefined) return [];
  const compared = compareReports(estimate, simulation);
  const judged = compared.filter(({ agreement }) => agreement === 'agrees' || agreement === 'differs');
  const differing = judged.filter(({ agreement }) => agreement === 'differs').map(({ name }) => name);
  if (judged.length === 0) return [];
  const agreeing = judged.length - differing.length;
  const rest = differing.length === 0 ? '' : ` They differ about ${differing.join(', ')}.`;
  return [
    {
      part: 'text',
      text: `Formulas and simulation agree about ${agreeing} of the ${judged.length} figures that both can tell.${rest}`,
    },
  ];
}

function sheetParts(sheet: readonly SheetEntry[]): Part[] {
  const groups = new Map<string, SheetEntry[]>();
  for (const entry of sheet)
    groups.set(groupOf(entry.name), [...(groups.get(groupOf(entry.name)) ?? []), entry]);
  return [...groups].flatMap(([name, entries]) =>
    tablePart(
      {
        columns: [
          { ...left, head: name },
          { head: 'value' },
          { ...left, head: 'working' },
          { ...left, head: 'source' },
        ],
        rows: entries.map((entry) => [
          entry.label,
          figureText(entry.figure, theme, meaningOf(entry)),
          entry.formula === entry.working ? entry.formula : `${entry.formula} = ${entry.working}`,
          entry.source,
        ]),
      },
      { folded: `${name}: ${gist(entries)}` },
    ),
  );
}

const GIST = 3;

/** The first lines of a group in a few words. */
function gist(entries: readonly SheetEntry[]): string {
  const said = entries
    .slice(0, GIST)
    .map((entry) => `${entry.label} ${figureText(entry.figure, theme, meaningOf(entry)).value}`);
  const more = entries.length - said.length;
  return more > 0 ? `${said.join(', ')}, and ${more} more` : said.join(', ');
}
