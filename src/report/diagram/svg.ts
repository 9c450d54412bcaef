import { escaped, pixels } from '../markup.ts';
import type { Arrow, Box, Drawing } from './drawing.ts';
import {
  CARD_STEP,
  cardsOf,
  LABEL_SIZE,
  type Layout,
  LEADING,
  LID,
  LINE_SIZE,
  layOutDrawing,
  NAME_SIZE,
  type PlacedArrow,
} from './layout.ts';

/** Colours of a diagram: `--paper` behind it, `--ink`, `--muted` for small text, `--rule` for lines, fills by what a box is. */
export const diagramStyle = `
.diagram { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.diagram text { fill: var(--ink); text-anchor: middle; }
.diagram .name { font-size: ${NAME_SIZE}px; font-weight: 600; }
.diagram .line { font-size: ${LINE_SIZE}px; fill: var(--muted); }
.diagram .label { font-size: ${LABEL_SIZE}px; }
.diagram .behind { fill: var(--paper); opacity: .88; }
.diagram .card { stroke: var(--ink); stroke-width: 1.2; fill: var(--box); }
.diagram .users .card { fill: var(--box-users); }
.diagram .store .card { fill: var(--box-store); }
.diagram .copies .card { fill: var(--box-store); stroke-dasharray: 4 2; }
.diagram .channel .card { fill: var(--box-channel); }
.diagram .arrow { stroke: var(--muted); stroke-width: 1.3; fill: none; }
.diagram .message { stroke-dasharray: 5 4; }
.diagram .head { fill: var(--muted); }
.diagram .group { fill: none; stroke: var(--muted); stroke-dasharray: 2 3; }
.diagram .group-name { font-size: ${LINE_SIZE}px; fill: var(--muted); text-anchor: start; }
`;

const palettes = `
svg { --paper: #ffffff; --ink: #1b1f24; --muted: #57606a; --box: #eef4fb; --box-users: #f4f4f4; --box-store: #fdf3e1; --box-channel: #e9f6ec; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14171c; --ink: #e6e9ee; --muted: #a3adba; --box: #1d2a3a; --box-users: #24272d; --box-store: #382c17; --box-channel: #1b3022; }
}
@media print { svg { --paper: #ffffff; --ink: #000000; --muted: #444444; --box: #eef4fb; --box-users: #f4f4f4; --box-store: #fdf3e1; --box-channel: #e9f6ec; } }
`;

/** Writes a drawing as an SVG file of its own, light or dark as its reader likes it. */
export async function drawingToSvg(drawing: Drawing): Promise<string> {
  const layout = await layOutDrawing(drawing, 'right');
  const style = `<style>${palettes}${diagramStyle}</style><rect width="100%" height="100%" fill="var(--paper)"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgOf(drawing, layout, 'diagram', style)}\n`;
}

/**
 * The drawing for a page that has `diagramStyle` and its colours.
 *
 * @param id of which those of its title and description begin; unlike any other of the page
 */
export async function drawingForPage(drawing: Drawing, runs: 'right' | 'down', id: string): Promise<string> {
  const layout = await layOutDrawing(drawing, runs);
  // It shrinks as far as its letters can be read.
  return svgOf(drawing, layout, id, '', ` style="min-width:${Math.round(layout.width * SMALLEST)}px"`);
}

/** How much of its size is left of a diagram in a window that has no room for it. */
const SMALLEST = 0.75;

function svgOf(drawing: Drawing, layout: Layout, id: string, before: string, attributes = ''): string {
  const { width, height } = layout;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-text"${attributes}>`,
    `<title id="${id}-title">Diagram of ${escaped(drawing.title)}</title>`,
    `<desc id="${id}-text">${escaped(descriptionOf(drawing))}</desc>`,
    before,
    `<defs><marker id="${id}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0,0L8,4L0,8z"/></marker></defs>`,
    ...layout.groups.map(({ group, x, y, width, height }) => {
      const [left, top] = [x - width / 2, y - height / 2];
      return `<rect class="group" rx="8" ${rectangle(left, top, width, height)}/><text class="group-name" x="${pixels(left + 8)}" y="${pixels(top + LINE_SIZE + 3)}">${escaped(group.name)}</text>`;
    }),
    ...layout.arrows.map((arrow) => arrowOf(arrow, id)),
    ...layout.arrows.map(labelOf),
    ...layout.boxes.map(boxOf),
    '</svg>',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** What the picture shows, for those who do not see it. */
export function descriptionOf({ boxes, arrows }: Drawing): string {
  const names = new Map(boxes.map(({ id, name }) => [id, name]));
  const what = boxes.map(({ name, lines }) => `${name}: ${lines.join(', ')}.`);
  const who = arrows.map(
    ({ from, to, labels, sends }: Arrow) =>
      `${names.get(from)} ${sends === 'message' ? 'sends messages to' : 'asks'} ${names.get(to)}: ${labels.join(', ')}.`,
  );
  return [...what, ...who].join(' ');
}

type PlacedBox = Layout['boxes'][number];

function boxOf({ box, x, y, width, height, name, lines }: PlacedBox): string {
  const behind = (cardsOf(box) - 1) * CARD_STEP;
  const card = {
    left: x - width / 2,
    top: y - height / 2 + behind,
    width: width - behind,
    height: height - behind,
  };
  const cards = Array.from({ length: cardsOf(box) }, (_, index) => {
    const back = behind - index * CARD_STEP;
    return cardOf(box, { ...card, left: card.left + back, top: card.top - back });
  });
  const lid = box.shape === 'store' || box.shape === 'copies' ? LID : 0;
  const middle = card.left + card.width / 2;
  const text = (name.length * NAME_SIZE + lines.length * LINE_SIZE) * LEADING;
  let base = card.top + lid + (card.height - text) / 2;
  const lineOf = (line: string, size: number, className: string): string => {
    base += size * LEADING;
    return `<text class="${className}" x="${pixels(middle)}" y="${pixels(base - size * 0.3)}">${escaped(line)}</text>`;
  };
  return [
    `<g class="${box.shape}">`,
    ...cards,
    ...name.map((line) => lineOf(line, NAME_SIZE, 'name')),
    ...lines.map((line) => lineOf(line, LINE_SIZE, 'line')),
    '</g>',
  ].join('');
}

/** Ends as round as that leave room for text of several lines. */
const MOST_ROUND = 22;

interface Card {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function cardOf({ shape }: Box, card: Card): string {
  const { left, top, width, height } = card;
  if (shape === 'store' || shape === 'copies') {
    const [l, r, t, b] = [left, left + width, top + LID, top + height - LID].map(pixels) as [
      string,
      string,
      string,
      string,
    ];
    const arc = `${pixels(width / 2)},${LID} 0 0`;
    return `<path class="card" d="M${l},${t}A${arc} 1 ${r},${t}V${b}A${arc} 1 ${l},${b}Z"/><path class="card" d="M${l},${t}A${arc} 0 ${r},${t}"/>`;
  }
  const round = shape === 'users' ? Math.min(height / 2, MOST_ROUND) : 5;
  const box = `<rect class="card" rx="${pixels(round)}" ${rectangle(left, top, width, height)}/>`;
  if (shape !== 'channel') return box;
  const bars = [4, 8].map((step) => `M${pixels(left + width - step)},${pixels(top)}v${pixels(height)}`);
  return `${box}<path class="card" d="${bars.join('')}"/>`;
}

const rectangle = (left: number, top: number, width: number, height: number): string =>
  `x="${pixels(left)}" y="${pixels(top)}" width="${pixels(width)}" height="${pixels(height)}"`;

function arrowOf({ arrow, points }: PlacedArrow, id: string): string {
  const message = arrow.sends === 'message' ? ' message' : '';
  return `<path class="arrow${message}" d="${rounded(points)}" marker-end="url(#${id}-head)"/>`;
}

/** A line through points, with its corners cut. */
function rounded(points: PlacedArrow['points']): string {
  const at = ({ x, y }: { x: number; y: number }): string => `${pixels(x)},${pixels(y)}`;
  const between = points.slice(1, -1).map((point, index) => {
    const next = points[index + 2]!;
    const middle =
      index === points.length - 3 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(middle)}`;
  });
  const end = points.length < 3 ? `L${at(points.at(-1)!)}` : '';
  return `M${at(points[0]!)}${between.join('')}${end}`;
}

function labelOf({ label }: PlacedArrow): string {
  const { x, y, width, height, lines } = label;
  const first = y - ((lines.length - 1) * LABEL_SIZE * LEADING) / 2 + LABEL_SIZE * 0.35;
  return [
    `<rect class="behind" ${rectangle(x - width / 2, y - height / 2, width, height)}/>`,
    ...lines.map(
      (line, index) =>
        `<text class="label" x="${pixels(x)}" y="${pixels(first + index * LABEL_SIZE * LEADING)}">${escaped(line)}</text>`,
    ),
  ].join('');
}
