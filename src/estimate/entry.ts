import type { Figure } from '../report/report.ts';

/** A line of the sheet for one set of exact inputs; ranges are put around it later. */
export interface Entry {
  readonly name: string;
  readonly label: string;
  /** null = unknown. */
  readonly value: number | null;
  readonly unit: Figure['unit'];
  readonly formula: string;
  /** The formula with its numbers; written when it is shown. */
  readonly working: () => string;
  readonly source: string;
}
