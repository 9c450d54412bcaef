import type { Figure } from './figure.ts';
import type { GoalReport } from './report.ts';

/** What years of failures and repairs do to a design. Figures have 95 % intervals over the years. */
export interface AvailabilityReport {
  /** Name and number of this shape. */
  readonly schema: 'tenfold/availability@1';
  /** Name of the design. */
  readonly design: string;
  readonly seed: number;
  /** Version of Tenfold. */
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  /** Years lived through, of 365 days. */
  readonly years: number;
  /** Failures, repairs, and what was noticed of them. */
  readonly events: number;
  /** By traffic name. */
  readonly traffic: Readonly<Record<string, TrafficAvailability>>;
  /** Goals on success, judged as promises: by the share of requests that find what they need up. */
  readonly promises: readonly GoalReport[];
  /** What a reader should know, in sentences. */
  readonly notes: readonly string[];
}

/** How one traffic fared. Times are seconds a year; a part of the requests lost counts as that part. */
export interface TrafficAvailability {
  /** Share of requests that find what they need up. */
  readonly availability: Figure;
  readonly downtime: Figure;
  /** What 95 % of the years stay below. */
  readonly downtimeP95: Figure;
  /** Times a year that some requests begin to fail. */
  readonly outages: Figure;
  /** Share of the months of 30 days in which none failed: reliability over a month. */
  readonly goodMonths: Figure;
  /** The product formula of the estimate beside it: failures independent, others take over at once. */
  readonly formula: { readonly availability: number | null; readonly downtime: number | null };
  /** What of the downtime is over once others have taken over, which the formula leaves out. */
  readonly failingOver: Figure;
  /** What of it is zones and regions that fail as a whole, which the formula leaves out too. */
  readonly commonCause: Figure;
  /** What it is down for, most first. */
  readonly causes: readonly { readonly what: string; readonly downtime: number }[];
  /** What alone takes requests with it while it is down, and the share of them, most first. */
  readonly singlePoints: readonly { readonly what: string; readonly lost: number }[];
}

/** Writes it as JSON, two spaces of indentation, a newline at the end; equal reports give equal bytes. */
export function availabilityToJson(report: AvailabilityReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
