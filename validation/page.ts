/** The page docs/validation.md: every row, with its verdict, in Markdown. */
import type { Case } from './case.ts';
import type { Theme } from './index.ts';
import type { Row } from './row.ts';
import { differenceText, figureText, numberText, toleranceText } from './text.ts';
import type { Verdict } from './verdict.ts';

/** Meaning of the verdicts, in the order of the summary. */
const meanings: Readonly<Record<Verdict, string>> = {
  hit: 'within the tolerance or inside our interval, whose half-width is below half of the tolerance',
  imprecise: 'near enough, but our interval is wider than that',
  miss: 'neither within the tolerance nor inside our interval',
  unknown: 'we have no figure',
  skipped: 'could not run where the page was written',
};

/** How many rows got each verdict. */
export function tally(rows: readonly Row[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict): number => rows.filter((row) => row.verdict === verdict).length;
  return {
    hit: count('hit'),
    imprecise: count('imprecise'),
    miss: count('miss'),
    unknown: count('unknown'),
    skipped: count('skipped'),
  };
}

/** The whole page. Equal rows give equal bytes. */
export function renderPage(themes: readonly Theme[], rows: readonly Row[], seed: number): string {
  const counts = tally(rows);
  const found = (Object.keys(meanings) as Verdict[]).filter(
    (verdict) => verdict === 'hit' || counts[verdict] > 0,
  );
  return [
    '<!-- Written by `npm run validate`. Edit validation/, not this page. -->',
    '# Validation',
    '',
    'Published and closed-form results, reproduced. Every line is a figure that somebody else derived or',
    'measured, beside what `tenfold estimate` and `tenfold simulate` make of the same model, written as a design',
    `file. \`npm run validate\` runs all of it (some minutes on two cores) from seed ${seed} and writes this page;`,
    'the designs are in [`validation/`](../validation). What no design can say is measured on the blocks themselves.',
    '',
    '| verdict | figures | meaning |',
    '|---|---:|---|',
    ...found.map((verdict) => `| ${verdict} | ${counts[verdict]} | ${meanings[verdict]} |`),
    '',
    'Figures with chance in them carry their 95 % interval. Where the estimator has a formula, its figure stands in the',
    'column *estimate*; where the formula is exact it must agree to a millionth.',
    ...coverage(
      themes.flatMap(({ cases }) => cases),
      rows,
    ),
    ...exceptions(rows),
    ...themes.flatMap((theme) => [
      '',
      `## ${theme.title}`,
      ...theme.cases.flatMap((of) => section(of, rows)),
    ]),
    '',
  ].join('\n');
}

/**
 * How often the paper lies inside our interval: about 95 % of the time where it is exact, when intervals are worth their name.
 */
function coverage(cases: readonly Case[], rows: readonly Row[]): string[] {
  const simulations = new Set(
    cases.filter(({ evidence }) => evidence === 'published simulation').map(({ id }) => id),
  );
  const simulated = rows.flatMap(({ caseId, paper, ours, explanation }) =>
    ours?.low != null && ours.high != null && ours.low < ours.high
      ? [
          {
            inside: ours.low <= paper && paper <= ours.high,
            exact: explanation === '' && !simulations.has(caseId),
          },
        ]
      : [],
  );
  const exact = simulated.filter((each) => each.exact);
  const others = simulated.filter((each) => !each.exact);
  const inside = (of: typeof simulated): number => of.filter((each) => each.inside).length;
  if (exact.length === 0) return [];
  const share = Math.round((100 * inside(exact)) / exact.length);
  return [
    '',
    `Of ${exact.length} simulated figures, ${inside(exact)} (${share} %) have the paper's inside their interval, where 95 % are to be expected. Of`,
    `${others.length} more the paper is a limit, an approximation or itself a simulation, as is said with them: ${inside(others)}.`,
  ];
}

function exceptions(rows: readonly Row[]): string[] {
  const odd = rows.filter((row) => row.verdict !== 'hit');
  if (odd.length === 0) return ['', 'There is no miss.'];
  return [
    '',
    '## What is not a hit',
    '',
    '| case | model | figure | verdict | why |',
    '|---|---|---|---|---|',
    ...odd.map(
      (row) =>
        `| [${row.caseId}](#${row.caseId}) | ${row.model} | ${row.what} | ${row.verdict} | ${row.explanation || 'not explained yet'} |`,
    ),
  ];
}

function section(of: Case, rows: readonly Row[]): string[] {
  const own = rows.filter((row) => row.caseId === of.id);
  if (own.length === 0) return [];
  return [
    '',
    `<a id="${of.id}"></a>`,
    `### ${of.title}`,
    '',
    `*${of.source}* (${of.evidence}). Case \`${of.id}\`.`,
    '',
    '| model | figure | paper | estimate | ours | difference | tolerance | verdict |',
    '|---|---|---:|---:|---:|---:|---:|---|',
    ...own.map((row) => `| ${cells(row).join(' | ')} |`),
    ...[...new Set(own.map((row) => row.explanation))]
      .filter((explanation) => explanation !== '')
      .flatMap((explanation) => ['', explanation]),
  ];
}

function cells(row: Row): string[] {
  return [
    row.model,
    row.what,
    numberText(row.paper, row.unit),
    figureText(
      row.estimate && { ...row.estimate, low: row.estimate.value, high: row.estimate.value },
      row.unit,
    ),
    figureText(row.ours, row.unit),
    differenceText(row),
    toleranceText(row.tolerance, row.unit),
    row.verdict === 'hit' ? 'hit' : `**${row.verdict}**`,
  ].map((cell) => cell.replaceAll('|', '\\|'));
}
