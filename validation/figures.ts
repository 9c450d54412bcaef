/**
 * Readers of a report: each returns a function from a report to the figure a case speaks of. A name that the
 * report does not have is a mistake in the case, and throws.
 */
import type { Figure, LatencyReport, OperationReport, Report, StationReport } from '../src/report/index.ts';

/** Where a figure stands in a report. */
export type Reader = (report: Report) => Figure;

/** Latency of a traffic: `latency('users', 'p99')`. */
export function latency(traffic: string, statistic: keyof LatencyReport = 'mean'): Reader {
  return (report) => operation(report, traffic).latency[statistic];
}

/** Served requests per second of a traffic. */
export function throughput(traffic: string): Reader {
  return (report) => operation(report, traffic).throughput;
}

/** Served share of the requests of a traffic that ended. */
export function success(traffic: string): Reader {
  return (report) => operation(report, traffic).success;
}

/** Share of the requests of a traffic that ended unserved. */
export function failure(traffic: string): Reader {
  return complement(success(traffic));
}

/** A figure of a station: `station('server.cpu', 'utilization')`. */
export function station(name: string, figure: Exclude<keyof StationReport, 'servers' | 'busiest'>): Reader {
  return (report) => stationOf(report, name)[figure];
}

/** Mean number at a station, waiting and in service: queue length + utilisation × servers. */
export function numberAt(name: string): Reader {
  return (report) => {
    const of = stationOf(report, name);
    if (of.servers === null) throw new RangeError(`station ${name} has no limit, so no number of servers`);
    return sum(of.queueLength, scaleFigure(of.utilization, of.servers));
  };
}

/** Mean time at a station, waiting and in service. */
export function timeAt(name: string): Reader {
  return (report) => sum(stationOf(report, name).waiting, stationOf(report, name).service);
}

/** Hit ratio of a cache. */
export function hitRatio(cache: string): Reader {
  return (report) => {
    const of = report.caches[cache];
    if (of === undefined) throw new RangeError(missing('cache', cache, Object.keys(report.caches)));
    return of.hitRatio;
  };
}

/** a × figure + b. */
export function linear(read: Reader, a: number, b = 0): Reader {
  return (report) => {
    const scaled = scaleFigure(read(report), a);
    return map(scaled, (x) => x + b);
  };
}

/** 1 − figure. */
export function complement(read: Reader): Reader {
  return linear(read, -1, 1);
}

/** a ÷ figure, for positive figures. */
export function inverse(read: Reader, a = 1): Reader {
  return (report) => {
    const of = map(read(report), (x) => a / x);
    return { ...of, low: of.high, high: of.low };
  };
}

function operation(report: Report, traffic: string): OperationReport {
  const of = report.operations[traffic];
  if (of === undefined) throw new RangeError(missing('traffic', traffic, Object.keys(report.operations)));
  return of;
}

function stationOf(report: Report, name: string): StationReport {
  const of = report.stations[name];
  if (of === undefined) throw new RangeError(missing('station', name, Object.keys(report.stations)));
  return of;
}

function missing(what: string, name: string, names: readonly string[]): string {
  return `the report has no ${what} ${name}; it has ${names.join(', ') || 'none'}`;
}

function map(figure: Figure, f: (x: number) => number): Figure {
  const of = (x: number | null): number | null => (x === null ? null : f(x));
  return { value: of(figure.value), low: of(figure.low), high: of(figure.high), unit: figure.unit };
}

function scaleFigure(figure: Figure, a: number): Figure {
  const of = map(figure, (x) => a * x);
  return a < 0 ? { ...of, low: of.high, high: of.low } : of;
}

/** The interval of a sum is at most as wide as the widths together, however the two depend on each other. */
function sum(a: Figure, b: Figure): Figure {
  const add = (x: number | null, y: number | null): number | null =>
    x === null || y === null ? null : x + y;
  return {
    value: add(a.value, b.value),
    low: add(a.low, b.low),
    high: add(a.high, b.high),
    unit: a.unit,
  };
}
