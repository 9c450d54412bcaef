import { around } from '../kernel/index.ts';
import type {
  BlamedPart,
  BlameShare,
  BlameView,
  FailedBlame,
  Figure,
  JoinReport,
  Report,
  TrafficBlame,
} from '../report/index.ts';
import {
  type BlameMeasurement,
  type BlameRow,
  COUNT,
  FIRST_PART,
  type JoinTally,
  SECONDS,
} from '../simulate/index.ts';
import { ratioFigure, shareFigure, sum } from '../simulate/outcome/figures.ts';

type Ranks = readonly [low: number, high: number];

const ALL: Ranks = [0, 1];
/** Requests around a quantile: those of 2 % of the ranks around the median, and of 1 % around the 99th percentile. */
const AROUND_MEDIAN: Ranks = [0.49, 0.51];
const AROUND_P99: Ranks = [0.985, 0.995];

/** Where the time of the requests of one traffic went. */
export function trafficBlame(
  runs: readonly BlameMeasurement[],
  traffic: number,
  { served, latency }: Report['operations'][string],
): TrafficBlame {
  const { parts } = runs[0]!;
  const rows = runs.map((run) => run.traffic[traffic]!.served);
  const view = (ranks: Ranks, known: Figure): BlameView | null =>
    known.value === null ? null : viewOf(parts, rows, ranks);
  return {
    served,
    latency: { mean: latency.mean, p50: latency.p50, p99: latency.p99 },
    mean: view(ALL, latency.mean),
    p50: view(AROUND_MEDIAN, latency.p50),
    p99: view(AROUND_P99, latency.p99),
    failed: failures(runs, traffic),
  };
}

function failures(runs: readonly BlameMeasurement[], traffic: number): FailedBlame[] {
  const { parts } = runs[0]!;
  const tallies = runs.map((run) => run.traffic[traffic]!);
  const ended = tallies.map(({ served, failed }) => countOf(served) + countOf(failed));
  const reasons = new Set(tallies.flatMap(({ failed }) => failed.map(([reason]) => reason)));
  return [...reasons]
    .map((reason) => {
      const rows = tallies.map(({ failed }) =>
        failed.flatMap(([of, row]) => (of === reason ? [[0, row] as const] : [])),
      );
      return { reason, share: shareFigure(rows.map(countOf), ended), view: viewOf(parts, rows, ALL) };
    })
    .sort((a, b) => b.view.requests - a.view.requests);
}

/** Requests by bucket of their latency, ascending. */
type Rows = readonly (readonly [bucket: number, row: BlameRow])[];

function viewOf(parts: readonly BlamedPart[], runs: readonly Rows[], ranks: Ranks): BlameView {
  const each = runs.map((rows) => between(rows, ranks, parts.length)).filter((row) => row[COUNT]! > 0);
  const pooled = between(merged(runs), ranks, parts.length);
  const over = (whole: number, unit: Figure['unit'], seconds: (row: BlameRow) => number): Figure => {
    const ratio = (row: BlameRow): number => (row[whole] === 0 ? 0 : seconds(row) / row[whole]!);
    return spread(ratio(pooled), each.map(ratio), unit);
  };
  const timeAndShare = (seconds: (row: BlameRow) => number) => ({
    time: over(COUNT, 's', seconds),
    share: over(SECONDS, '1', seconds),
  });
  const shares = parts
    .map((part, p): BlameShare => ({ ...part, ...timeAndShare((row) => row[FIRST_PART + p]!) }))
    .filter(({ time }) => time.value! > 0)
    .sort(byTime);
  const kinds = [...new Set(shares.map(({ kind }) => kind))].map((kind) => ({
    kind,
    ...timeAndShare((row) =>
      parts.reduce((sum, part, p) => sum + (part.kind === kind ? row[FIRST_PART + p]! : 0), 0),
    ),
  }));
  const whole = over(COUNT, 's', (row) => row[SECONDS]!);
  return { ranks, requests: pooled[COUNT]!, whole, kinds: kinds.sort(byTime), parts: shares };
}

/** A value of all replications together, with the interval that their own values show; never below 0. */
function spread(value: number, each: readonly number[], unit: Figure['unit']): Figure {
  if (each.length < 2) return { value, low: null, high: null, unit };
  const { low, high } = around(value, each);
  return { value, low: Math.max(0, low), high, unit };
}

const byTime = (a: { readonly time: Figure }, b: { readonly time: Figure }): number =>
  b.time.value! - a.time.value!;

/**
 * The requests between two ranks, added up. Of a bucket that a rank falls into, all count in part.
 */
function between(rows: Rows, [low, high]: Ranks, parts: number): BlameRow {
  const total = countOf(rows);
  const sum: BlameRow = new Float64Array(parts + FIRST_PART);
  let below = 0;
  for (const [, row] of rows) {
    const count = row[COUNT]!;
    const inside = Math.min(below + count, high * total) - Math.max(below, low * total);
    below += count;
    if (inside <= 0) continue;
    const weight = inside / count;
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * row[i]!;
  }
  return sum;
}

/** The requests of all replications. */
function merged(runs: readonly Rows[]): Rows {
  const sums = new Map<number, BlameRow>();
  for (const [bucket, row] of runs.flat()) {
    const sum = sums.get(bucket);
    if (sum === undefined) sums.set(bucket, row.slice());
    else for (let i = 0; i < sum.length; i++) sum[i]! += row[i]!;
  }
  return [...sums].sort(([a], [b]) => a - b);
}

function countOf(rows: readonly (readonly [unknown, BlameRow])[]): number {
  return rows.reduce((sum, [, row]) => sum + row[COUNT]!, 0);
}

/** What the parallel steps waited for that requests of these traffics came to, those done most often first. */
export function joinReports(runs: readonly BlameMeasurement[], traffic: readonly string[]): JoinReport[] {
  const reports = traffic.flatMap((name, t) => {
    const steps = new Map(runs.flatMap((run) => run.joins[t]!.map((join) => [join.step, join])));
    return [...steps.values()].map((step) => {
      const tallies = runs.flatMap((run) => run.joins[t]!.filter((join) => join.step === step.step));
      return joinReport(name, step, tallies);
    });
  });
  return reports.sort((a, b) => b.times - a.times);
}

function joinReport(
  traffic: string,
  { component, branches }: JoinTally,
  tallies: readonly JoinTally[],
): JoinReport {
  const times = tallies.map(({ decided }) => sum(decided));
  return {
    traffic,
    component,
    times: sum(times),
    branches: branches.map((does, b) => {
      const earlier = tallies.map((tally) => tally.earlier[b]!);
      const slack = ratioFigure(
        tallies.map((tally) => tally.slack[b]!),
        earlier,
        's',
      );
      return {
        does,
        decides: shareFigure(
          tallies.map(({ decided }) => decided[b]!),
          times,
        ),
        slack: sum(earlier) === 0 ? null : slack,
      };
    }),
  };
}
