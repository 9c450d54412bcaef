import type { Figure } from './figure.ts';

/** How a design came to be: each form that it had, what that held and cost, and what was decided next. */
export interface HistoryReport {
  readonly schema: 'tenfold/history@1';
  readonly seed: number;
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  /** The highest load that was looked at, as a multiple. */
  readonly most: number;
  /** The earliest first. */
  readonly steps: readonly HistoryStep[];
  readonly runs: number;
  /** Forms that could not be looked at, and why. */
  readonly notes: readonly string[];
}

/** One form of a design. */
export interface HistoryStep {
  /** The revision or the file that it stands in. */
  readonly name: string;
  /** The day of the revision; null of a file. */
  readonly date: string | null;
  readonly design: string;
  /** Requests that come to it a second, at the peak; null where its users wait for answers. */
  readonly rate: number | null;
  /** Up to which multiple of that its goals hold. */
  readonly headroom: Figure;
  /** What gives way first, as a chain of causes; empty where nothing does. */
  readonly because: readonly string[];
  /** Dollars a month by the estimate, without what is `unpriced`; null = nothing of it is known. */
  readonly cost: number | null;
  /** Components of which nobody knows what they cost. */
  readonly unpriced: readonly string[];
  /** What is another since the form before: components that came and went, settings of which there is more or less. */
  readonly changes: readonly string[];
  /** What was decided since the form before, as its decisions say. */
  readonly decisions: readonly { readonly chose: string; readonly over: string }[];
}

/** A history as JSON: two spaces of indentation, a newline at the end. */
export function historyToJson(report: HistoryReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
