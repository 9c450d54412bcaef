import type * as ObservablePlot from '@observablehq/plot';
import type { TableData } from '../cell.ts';
import type { Drawing } from '../diagram/drawing.ts';

/** A document about a design, before a face (HTML, Markdown) has written it. All texts are plain: faces escape them. */
export interface Page {
  readonly title: string;
  readonly summary: string;
  readonly sections: readonly Section[];
}

/** One heading and what stands below. */
export interface Section {
  /** What links to it: a word of letters, digits and dashes, unlike those of other sections. */
  readonly id: string;
  readonly title: string;
  readonly parts: readonly Part[];
}

/** How something is to be taken: as it should be, bad, or open; without it, neither. */
export type Tone = 'good' | 'bad' | 'open';

/** What a section is made of. */
export type Part =
  | { readonly part: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly part: 'heading'; readonly text: string }
  | { readonly part: 'items'; readonly items: readonly string[] }
  | { readonly part: 'cards'; readonly cards: readonly Card[] }
  | TablePart
  | { readonly part: 'chart'; readonly chart: Chart }
  | { readonly part: 'diagram'; readonly drawing: Drawing }
  | { readonly part: 'command'; readonly command: string };

/** A table; with `folded`, one that is opened by those who want it, under these words. */
export interface TablePart extends TableData {
  readonly part: 'table';
  readonly folded?: string;
  /** By row, how it is to be taken. */
  readonly tones?: readonly (Tone | null)[];
}

/** An answer in a few words, with what it is about. */
export interface Card {
  readonly about: string;
  readonly answer: string;
  readonly more: string;
  readonly tone: Tone | null;
}

/** A picture of figures, with the same figures as a table. */
export interface Chart {
  readonly title: string;
  /** What is to be seen, for those who do not see it: a sentence or two. */
  readonly label: string;
  readonly legend: readonly LegendEntry[];
  /** For Observable Plot, which is handed in so that only pages load it. */
  readonly draw: (plot: Plot, size: ChartSize) => ObservablePlot.PlotOptions;
  readonly table: TableData;
}

/** The library that draws charts. */
export type Plot = typeof ObservablePlot;

/** Where a chart is drawn. */
export interface ChartSize {
  /** Pixels, of wide and of narrow screens. */
  readonly width: number;
  readonly narrow: boolean;
}

/** A line of a chart and what it is. */
export interface LegendEntry {
  readonly text: string;
  readonly colour: string;
  /** Around a bar; without it, nothing. */
  readonly edge?: string;
  /** Lengths of dashes and gaps; without it, the line is whole. */
  readonly dashes?: string;
  readonly mark: 'line' | 'area' | 'dot' | 'square' | 'bar';
}

/** A table, where there is something in it. */
export function tablePart(table: TableData, more: Pick<TablePart, 'folded' | 'tones'> = {}): Part[] {
  return table.rows.length === 0 ? [] : [{ part: 'table', ...table, ...more }];
}

/** A heading with what belongs to it; nothing where that is nothing. */
export function headed(text: string, parts: readonly Part[]): Part[] {
  return parts.length === 0 ? [] : [{ part: 'heading', text }, ...parts];
}
