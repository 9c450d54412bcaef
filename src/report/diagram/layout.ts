import type { Arrow, Box, Drawing, Group } from './drawing.ts';
import { holdsSome, shownLabels } from './mermaid.ts';
import { brokenText, textWidth } from './text-width.ts';

/** Sizes of the fonts in pixels, and how far the cards of a box with several instances stand apart. */
export const NAME_SIZE = 14;
export const LINE_SIZE = 12;
export const LABEL_SIZE = 11.5;
export const CARD_STEP = 4;
export const MOST_CARDS = 3;

/** The height of a line of text, as a multiple of the size of its font. */
export const LEADING = 1.3;
const WIDEST_BOX = 170;
const WIDEST_LABEL = 130;
const PADDING = 12;
/** What a cylinder takes above and below for its lids, each. */
export const LID = 7;

/** A rectangle by its middle, pixels. */
interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A drawing with places, in pixels from its upper left corner. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly (Placed & {
    readonly box: Box;
    readonly name: string[];
    readonly lines: string[];
  })[];
  readonly arrows: readonly PlacedArrow[];
  /** Outer ones first. */
  readonly groups: readonly (Placed & { readonly group: Group })[];
}

/** An arrow, where it runs, and where its label stands. */
export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly label: Placed & { readonly lines: readonly string[] };
}

/**
 * Puts the boxes of a drawing in layers, callers before callees, so that neither boxes nor labels touch each other.
 *
 * @param runs which way requests run: to the `right`, or `down` where there is less room
 */
export async function layOutDrawing(drawing: Drawing, runs: 'right' | 'down'): Promise<Layout> {
  const { graphlib, layout } = (await import('@dagrejs/dagre')).default;
  const graph = new graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({
    rankdir: runs === 'right' ? 'LR' : 'TB',
    nodesep: 26,
    ranksep: 34,
    edgesep: 18,
    marginx: 16,
    marginy: 16,
  });
  const texts = new Map(drawing.boxes.map((box) => [box.id, textOf(box)]));
  const groups = drawing.groups.filter(({ id }) => holdsSome(id, drawing));
  for (const { id } of groups) graph.setNode(id, {});
  for (const { id, within } of groups) if (within !== null) graph.setParent(id, within);
  for (const { id, group } of drawing.boxes) {
    const { width, height } = texts.get(id)!;
    graph.setNode(id, { width, height });
    if (group !== null) graph.setParent(id, group);
  }
  const labels = drawing.arrows.map(labelOf);
  drawing.arrows.forEach(({ from, to }, index) => {
    const { width, height } = labels[index]!;
    graph.setEdge(from, to, { width, height, labelpos: 'c', minlen: 1 }, String(index));
  });
  layout(graph);
  const placed = (id: string): Placed => graph.node(id) as Placed;
  const size = graph.graph() as { width: number; height: number };
  return {
    width: Math.ceil(size.width),
    height: Math.ceil(size.height),
    boxes: drawing.boxes.map((box) => ({ ...placed(box.id), ...texts.get(box.id)!, box })),
    groups: groups.map((group) => ({ ...placed(group.id), group })),
    arrows: drawing.arrows.map((arrow, index) => {
      const { x, y, points } = graph.edge(arrow.from, arrow.to, String(index)) as Placed &
        Pick<PlacedArrow, 'points'>;
      return { arrow, points, label: { ...labels[index]!, x, y } };
    }),
  };
}

function textOf(box: Box): { name: string[]; lines: string[]; width: number; height: number } {
  const name = brokenText(box.name, NAME_SIZE, WIDEST_BOX);
  const lines = box.lines.flatMap((line) => brokenText(line, LINE_SIZE, WIDEST_BOX));
  const widest = Math.max(
    ...name.map((line) => textWidth(line, NAME_SIZE)),
    ...lines.map((line) => textWidth(line, LINE_SIZE)),
  );
  const cards = (cardsOf(box) - 1) * CARD_STEP;
  const lids = box.shape === 'store' || box.shape === 'copies' ? 2 * LID : 0;
  return {
    name,
    lines,
    width: Math.ceil(widest + 2 * PADDING + cards),
    height: Math.ceil(
      (name.length * NAME_SIZE + lines.length * LINE_SIZE) * LEADING + PADDING * 1.4 + cards + lids,
    ),
  };
}

/** How many cards are drawn behind each other for the instances of a box. */
export const cardsOf = ({ copies }: Box): number => Math.min(copies, MOST_CARDS);

function labelOf(arrow: Arrow): { lines: string[]; width: number; height: number } {
  const lines = shownLabels(arrow).flatMap((label) => brokenText(label, LABEL_SIZE, WIDEST_LABEL));
  return {
    lines,
    width: Math.ceil(Math.max(...lines.map((line) => textWidth(line, LABEL_SIZE))) + 8),
    height: Math.ceil(lines.length * LABEL_SIZE * LEADING + 4),
  };
}
