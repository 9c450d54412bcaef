import type { Arrow, Box, Drawing, Group } from './drawing.ts';

/** Operations named beside an arrow; the rest is counted. */
export const LABELS_SHOWN = 4;

/**
 * Writes a drawing as a Mermaid flowchart that GitHub and GitLab draw. Names of the design appear in quotes alone, with
 * entity codes for what means something to Mermaid; identifiers are made up.
 */
export function mermaidOf(drawing: Drawing): string {
  const { boxes, arrows, groups, title } = drawing;
  const inside = (group: string | null, depth: number): string[] => [
    ...boxes.filter((box) => box.group === group).map((box) => indented(depth, boxLine(box))),
    ...groups
      .filter(({ within, id }) => within === group && holdsSome(id, drawing))
      .flatMap((each) => [
        indented(depth, groupLine(each)),
        ...inside(each.id, depth + 1),
        indented(depth, 'end'),
      ]),
  ];
  return [
    'flowchart LR',
    indented(1, `accTitle: ${withoutMeaning(title)}`),
    ...inside(null, 1),
    ...arrows.map((arrow) => indented(1, arrowLine(arrow))),
    '',
  ].join('\n');
}

/** Whether some box stands in a group, or in one inside of it. */
export function holdsSome(group: string, { boxes, groups }: Pick<Drawing, 'boxes' | 'groups'>): boolean {
  if (boxes.some((box) => box.group === group)) return true;
  return groups.some(({ id, within }) => within === group && holdsSome(id, { boxes, groups }));
}

/** The labels of an arrow that are shown: all, or the first and how many more. */
export function shownLabels({ labels }: Arrow): readonly string[] {
  if (labels.length <= LABELS_SHOWN) return labels;
  return [...labels.slice(0, LABELS_SHOWN - 1), `and ${labels.length - LABELS_SHOWN + 1} more`];
}

const indented = (depth: number, line: string): string => `${'  '.repeat(depth)}${line}`;

const shapes: Readonly<Record<Box['shape'], readonly [open: string, close: string]>> = {
  users: ['([', '])'],
  program: ['[', ']'],
  store: ['[(', ')]'],
  copies: ['[(', ')]'],
  channel: ['[[', ']]'],
};

function boxLine({ id, shape, name, lines }: Box): string {
  const [open, close] = shapes[shape];
  return `${id}${open}${quoted([name, ...lines])}${close}`;
}

const groupLine = ({ id, name }: Group): string => `subgraph ${id}[${quoted([name])}]`;

function arrowLine(arrow: Arrow): string {
  const line = arrow.sends === 'message' ? '-.->' : '-->';
  return `${arrow.from} ${line}|${quoted(shownLabels(arrow))}| ${arrow.to}`;
}

/** Lines of text between quotes. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map(escaped).join('<br/>')}"`;
}

/** Everything but letters, digits and harmless marks as entity codes, which Mermaid writes `#35;`. */
function escaped(text: string): string {
  return onOneLine(text).replace(/[^\p{L}\p{M}\p{N} .,:/()×%µ±+'-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

/** Of text that stands without quotes, letters, digits and harmless marks. */
function withoutMeaning(text: string): string {
  return onOneLine(text).replace(/[^\p{L}\p{M}\p{N} .,()'_-]/gu, '');
}

/** Without line breaks, control characters, and what begins a comment. */
function onOneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/%%+/g, '%')
    .trim();
}
