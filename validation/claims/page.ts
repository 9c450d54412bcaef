/** The page docs/coverage.md: every claim, with what shows it, in Markdown. */
import { type Area, type Claim, type Evidence, type State, stateOf, states } from './claim.ts';

const meanings: Readonly<Record<State, string>> = {
  shown: 'what is named shows it, and would fail if it were not so',
  'in part': 'what is named shows some of it; what is missing is said',
  'not yet': 'nothing shows it; what would have to come is said',
};

/** The whole page. Equal areas give equal bytes. */
export function renderPage(areas: readonly Area[]): string {
  const all = areas.flatMap(({ claims }) => claims);
  return [
    '<!-- Written by `npm run coverage`. Edit validation/claims/, not this page. -->',
    '# Coverage',
    '',
    'What teaching material says of systems like these, claim by claim, and what shows it here: a test, a case of the',
    '[validation](validation.md), a ready system, a command. The claims are numbered by area and put in short; some of',
    'them hold only in part, or are rules of thumb, and stand here as they are taught. `npm run coverage` writes this',
    'page; a test holds it to what exists.',
    '',
    `| area | claims | ${states.join(' | ')} |`,
    `|---|---:|${states.map(() => '---:|').join('')}`,
    ...areas.map(
      ({ prefix, title, claims }) => `| [${title}](#${prefix.toLowerCase()}) | ${counts(claims)} |`,
    ),
    `| **all** | ${counts(all)} |`,
    '',
    ...states.map((state) => `- **${state}**: ${meanings[state]}.`),
    ...areas.flatMap(section),
    '',
  ].join('\n');
}

function counts(claims: readonly Claim[]): string {
  const of = states.map((state) => claims.filter((claim) => stateOf(claim) === state).length);
  return [claims.length, ...of].join(' | ');
}

function section({ prefix, title, claims }: Area): string[] {
  return [
    '',
    `<a id="${prefix.toLowerCase()}"></a>`,
    `## ${title}`,
    '',
    '| | claim | shown by | state |',
    '|---|---|---|---|',
    ...claims.map(
      (claim) =>
        `| ${claim.id} | ${cell(claim.says)} | ${claim.shownBy.map(link).join('<br>')} | ${stateText(claim)} |`,
    ),
  ];
}

function stateText(claim: Claim): string {
  const state = stateOf(claim);
  if (claim.missing === undefined) return state;
  return `**${state}**; missing: ${cell(claim.missing)}`;
}

function link(evidence: Evidence): string {
  if ('test' in evidence) {
    const [file, title] = evidence.test;
    return `[${cell(title)}](../${file})`;
  }
  if ('system' in evidence) return `system [\`${evidence.system}\`](../systems/${evidence.system}/README.md)`;
  if ('case' in evidence) return `case [\`${evidence.case}\`](validation.md#${evidence.case})`;
  return `[\`tenfold ${evidence.command}\`](reference/cli.md)`;
}

/** Text that cannot end a cell or a link. */
function cell(text: string): string {
  return text.replace(/[|[\]]/g, '\\$&');
}
