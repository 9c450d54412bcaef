import { type Constant, defaultProfile, profiles } from '../design/index.ts';
import {
  type Column,
  type RenderOptions,
  type Theme,
  tableLines,
  themeOf,
  wrapped,
} from '../report/index.ts';

type ConstantValue = Constant['values'][number];

/** The value that stands for a constant in a profile: its own, else that of the first profile that has one. */
function standing(constant: Constant, profile: string): ConstantValue {
  return constant.values.find((value) => value.profile === profile) ?? constant.values[0]!;
}

/** A list of constants: name, value in the profile, where it comes from. */
export function constantList(
  constants: readonly Constant[],
  profile: string,
  options: RenderOptions,
): string {
  const theme = themeOf(options);
  const rows = constants.map((constant) => {
    const value = standing(constant, profile);
    const borrowed = value.profile === profile ? '' : ' *';
    return [constant.name, theme.plain(value.value) + borrowed, theme.plain(value.source)];
  });
  const left: Column = { head: '', align: 'left' };
  const columns = [
    { ...left, head: 'constant' },
    { ...left, head: 'value' },
    { ...left, head: 'source' },
  ];
  const legend = [
    `${rows.length} constants, profile ${profile}; * stands in from another profile.`,
    'tenfold constants <name> tells what it is, what others say and what to know.',
  ];
  return [
    ...tableLines(columns, clipped(rows, theme), theme, { indent: 0, narrow: 'drop' }),
    '',
    ...legend.flatMap((line) => wrapped(line, theme.width)).map(theme.dim),
    '',
  ].join('\n');
}

/** Less of a source than this says nothing. */
const LEAST_OF_A_SOURCE = 16;

/** Cuts the last column so that the table fits; where hardly anything would be left, it stays whole. */
function clipped(rows: readonly string[][], theme: Theme): readonly string[][] {
  const taken = (column: number) => Math.max(...rows.map((row) => row[column]!.length));
  const room = theme.width - taken(0) - taken(1) - 4;
  if (room < LEAST_OF_A_SOURCE) return rows;
  return rows.map(([name, value, source]) => [
    name!,
    value!,
    source!.length > room ? `${source!.slice(0, room - 1).trimEnd()}${theme.ellipsis}` : source!,
  ]);
}

/** One constant in full: its value, where it comes from, what other profiles say, and what to know. */
export function constantPage(constant: Constant, profile: string, options: RenderOptions): string {
  const theme = themeOf(options);
  const chosen = standing(constant, profile);
  const rivals = constant.values.filter((value) => value !== chosen);
  const indent = (text: string, by: number) =>
    wrapped(theme.plain(text), theme.width - by).map((line) => ' '.repeat(by) + line);
  const lines = [
    `${theme.bold(constant.name)}  ${theme.plain(chosen.value)}`,
    ...indent(constant.summary, 2),
    '',
    `  profile  ${chosen.profile}${chosen.profile === profile ? '' : ` (${profile} has no value of its own)`}`,
    ...labelled('source', `${chosen.source} (${chosen.date})`, theme.width, theme.plain),
  ];
  if (rivals.length > 0) lines.push('', '  others say');
  for (const rival of rivals) {
    lines.push(
      `    ${theme.bold(rival.profile)}  ${theme.plain(rival.value)}`,
      ...indent(`${rival.source} (${rival.date})`, 6).map(theme.dim),
    );
  }
  if (constant.note !== '') lines.push('', '  note', ...indent(constant.note, 4));
  const example = chosen.value.replace(/ \(.*\)$/, '');
  lines.push(
    '',
    theme.dim('  in a design:'),
    theme.dim(`    profile: ${rivals[0]?.profile ?? defaultProfile}   # one of ${profiles.join(', ')}`),
    theme.dim(`    constants: { ${constant.name}: ${theme.plain(example)} }`),
    '',
  );
  return lines.join('\n');
}

function labelled(label: string, text: string, width: number, plain: (text: string) => string): string[] {
  const lead = `  ${label}   `;
  return wrapped(plain(text), width - lead.length).map((line, row) =>
    row === 0 ? lead + line : ' '.repeat(lead.length) + line,
  );
}
