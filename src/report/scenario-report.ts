import type { Figure } from './figure.ts';

/** What happened under a scenario, second by second: all of it over replications of equal length. */
export interface ScenarioReport {
  readonly name: string;
  readonly summary: string;
  /** Seconds watched, from its start. */
  readonly seconds: number;
  /** Seconds of a window; series have one value for each. */
  readonly window: number;
  /** What changes, in the order in which it does. */
  readonly changes: readonly ScenarioChange[];
  /** By traffic name. */
  readonly traffic: Readonly<Record<string, TrafficSeriesReport>>;
  /** By `component.station`. */
  readonly stations: Readonly<Record<string, StationSeriesReport>>;
  /** Share of a breaker's instances that do not let every call through, by where the breaker stands. */
  readonly breakers: Readonly<Record<string, SeriesReport>>;
  /**
   * Highest load from which all traffic still comes back, as a multiple: low does, high does not; null = not looked
   * for.
   */
  readonly recoveryLoad: Figure | null;
  /** Share of instances that a balancer takes to be well, by the balancer, for those that look at health. */
  readonly health: Readonly<Record<string, SeriesReport>>;
  /** Mean number of instances that requests are sent to, by name of an autoscaled component. */
  readonly instances: Readonly<Record<string, SeriesReport>>;
  /**
   * Share of answers that were given from copies of an older version, by name of what keeps copies of data that changes;
   * absent where none does.
   */
  readonly stale?: Readonly<Record<string, SeriesReport>> | undefined;
  /** What became of each traffic, by name. */
  readonly outcomes: Readonly<Record<string, OutcomeReport>>;
  /** What it did to error budgets, by name of a traffic whose goal on success has a window; absent without any. */
  readonly objectives?: Readonly<Record<string, ObjectiveReport>> | undefined;
}

/** Something a scenario does, in words, and when, in seconds from its start; `until` is null where it stays. */
export interface ScenarioChange {
  readonly at: number;
  readonly until: number | null;
  readonly what: string;
}

/** Means over replications with their 95 % intervals, window by window; null where there is nothing to say. */
export interface SeriesReport {
  readonly unit: Figure['unit'];
  readonly value: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** One traffic, window by window. */
export interface TrafficSeriesReport {
  /** Arrivals per second. */
  readonly offered: SeriesReport;
  /** Served per second, in time. */
  readonly goodput: SeriesReport;
  /** Failures per second, by reason. */
  readonly failures: Readonly<Record<string, SeriesReport>>;
  /** Latency of those served in a window, seconds. */
  readonly p50: SeriesReport;
  readonly p95: SeriesReport;
  readonly p99: SeriesReport;
}

/** One group of stations, window by window. */
export interface StationSeriesReport {
  /** Busy share of the servers. */
  readonly utilization: SeriesReport;
  /** Mean number waiting. */
  readonly queueLength: SeriesReport;
}

/** What a scenario did to one traffic, over replications. */
export interface OutcomeReport {
  /** A window is bad where its success is surely below this, */
  readonly successBelow: number;
  /** or its p99 above this, seconds; null where there is no p99 to go by. */
  readonly p99Above: number | null;
  /** Share of replications with bad windows. */
  readonly harmed: Figure;
  /** Share of replications that were good again at the end; those without harm count. */
  readonly recovered: Figure;
  /** Of those harmed: seconds from the first change to the end of the first bad window. */
  readonly detection: Figure;
  /** Of those harmed that recovered: seconds from the last change to the start of the good windows; ≥ 0. */
  readonly recovery: Figure;
  /** Of all replications: requests that were not served, per replication. */
  readonly lost: Figure;
}

/** What a scenario did to the error budget of one traffic, over replications. */
export interface ObjectiveReport {
  /** As the goal reads, e.g. `shoppers.success ≥ 99.9%`. */
  readonly goal: string;
  /** Share of requests that shall succeed. */
  readonly objective: number;
  /** Seconds that it is promised for. */
  readonly window: number;
  /** Share of the budget of a whole window that is used up at the end; above 1, overspent. */
  readonly burnt: Figure;
  /** The alerts on it, most urgent first; none where it has none. */
  readonly alerts: readonly AlertReport[];
}

/** One alert on how fast a budget burns. */
export interface AlertReport {
  /** A page wakes somebody, a ticket waits for the morning. */
  readonly severity: 'page' | 'ticket';
  /** It fires above so many times the rate at which the budget just lasts, in both of its windows, seconds. */
  readonly burnRate: number;
  readonly long: number;
  readonly short: number;
  /** Share of replications in which it fired. */
  readonly fired: Figure;
  /** Of those: seconds from the first change until it fired. */
  readonly detection: Figure;
  /** Of those in which all was well at the end: seconds from the last change until it was over. */
  readonly over: Figure;
}
