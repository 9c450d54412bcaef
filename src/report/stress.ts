import type { Figure, Report } from './report.ts';

/** What gives way as load climbs, in order. All loads are multiples of that of the design. */
export interface StressReport {
  readonly schema: 'tenfold/stress@1';
  readonly design: string;
  readonly seed: number;
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  /** The highest load that was looked at. */
  readonly most: number;
  /**
   * Up to which load every goal holds: `low` is the highest at which all are surely met, `high` the lowest at which one
   * is surely missed, null when none is up to `most`. Without goals, where the first station is full.
   */
  readonly headroom: Figure;
  /** The goal that falls first by formulas; null = none does, or it cannot tell. */
  readonly estimated: { readonly at: number; readonly what: string } | null;
  /** What gives way, the lowest load first. */
  readonly ladder: readonly Rung[];
  /** Stations that do not give way up to `most`, the fullest first. */
  readonly spare: readonly SpareStation[];
  /** Runs of the design as it is at several loads, ascending. */
  readonly points: readonly LoadPoint[];
  /** The universal scalability law through those points that have a steady state; null where they are too few. */
  readonly usl: UslFit | null;
  /** Simulations that it took. */
  readonly runs: number;
  readonly notes: readonly string[];
}

/** One thing that gives way. */
export interface Rung {
  readonly what: 'goal' | 'station';
  /** The goal as it reads, or `component.station`. */
  readonly name: string;
  /** At which load; `value` is the middle of what is known, null when only `high` is. */
  readonly at: Figure;
  /** The chain of causes of a goal, what it begins with first; for a station, empty. */
  readonly because: readonly string[];
  /** Stations full before it, which are taken to have been widened, since else they would keep the load from it. */
  readonly widened: readonly string[];
}

/** A station that holds. */
export interface SpareStation {
  readonly station: string;
  /** What is asked of it at the load of the design, as a share of what it can do. */
  readonly load: number;
  /** Where it would be full if that grew in proportion: extrapolated, not simulated. */
  readonly at: number;
}

/** What a run at one load showed. */
export interface LoadPoint {
  readonly times: number;
  readonly stable: boolean;
  /** By traffic name. */
  readonly operations: Readonly<
    Record<string, Pick<Report['operations'][string], 'throughput' | 'success'> & { readonly p99: Figure }>
  >;
}

/** The universal scalability law, throughput against requests in progress. */
export interface UslFit {
  /** Throughput of one request in progress, per second. */
  readonly lambda: number;
  /** Contention: share of the work that is done one after the other. */
  readonly sigma: number;
  /** Coherency: what it costs that every request in progress has to do with every other. */
  readonly kappa: number;
  /** Share of the variance of the throughputs that the curve explains. */
  readonly r2: number;
  /** How far the curve is from the throughputs, as a share of them: the root of the mean square. */
  readonly error: number;
  /** What it was fitted to, by ascending load. */
  readonly points: readonly LawPoint[];
  /** The highest throughput that it allows, per second, and its load; null = none within ten times of what was run. */
  readonly peak: { readonly throughput: number; readonly times: number } | null;
}

/** A run with a steady state, as the law of scalability sees it. */
export interface LawPoint {
  /** Multiple of the load. */
  readonly times: number;
  /** Requests in progress, by Little's law. */
  readonly inProgress: number;
  /** Served per second. */
  readonly throughput: number;
}

/** Throughput that the universal scalability law gives with so many requests in progress. */
export function uslThroughput(
  { lambda, sigma, kappa }: Pick<UslFit, 'lambda' | 'sigma' | 'kappa'>,
  inProgress: number,
): number {
  return (lambda * inProgress) / (1 + sigma * (inProgress - 1) + kappa * inProgress * (inProgress - 1));
}

/** A stress report as JSON: two spaces of indentation, a newline at the end. */
export function stressToJson(report: StressReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
