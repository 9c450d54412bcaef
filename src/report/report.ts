import type { Figure } from './figure.ts';
import type { ScenarioReport } from './scenario-report.ts';

export type { Figure } from './figure.ts';

/**
 * The outcome of an estimate or a simulation, in one shape, so that any two can be compared.
 * All figures are in base units: seconds, bytes, per second, ratios of 1.
 * `tenfold … --json` prints exactly this; a change that removes or renames a field raises `schema`.
 */
export interface Report {
  /** Name and number of this shape. */
  readonly schema: 'tenfold/report@1';
  readonly kind: 'estimate' | 'simulation';
  /** Name of the design. */
  readonly design: string;
  /** Seed of the random streams; null for an estimate. */
  readonly seed: number | null;
  /** Version of Tenfold. */
  readonly version: string;
  /** The command that prints this report again. */
  readonly command: string;
  /** Every goal's figure (or, without goals, every mean and p99) is as precise as was asked. */
  readonly converged: boolean;
  /** False where load outgrows capacity: such a system has no steady state and gets no latency figures. */
  readonly stable: boolean;
  /**
   * Stations that are offered more than they can serve, and whose waiting places were not all taken when the run ended:
   * their queues grow until then, and what becomes of latency is not known. Absent where there are none, or other queues
   * grow without end.
   */
  readonly filling?: readonly string[] | undefined;
  /** Simulated seconds that were measured, all replications together; 0 for an estimate. */
  readonly simulatedSeconds: number;
  /** Replications measured; 0 for an estimate. */
  readonly replications: number;
  /** Simulated seconds cut off the start of each replication. */
  readonly warmupSeconds: number;
  /** Real seconds it took; null unless timing was asked for, so that equal runs print equal bytes. */
  readonly wallSeconds: number | null;
  /** Events of the calendar executed in the measured replications; 0 for an estimate. */
  readonly events: number;
  /** By traffic name. */
  readonly operations: Readonly<Record<string, OperationReport>>;
  /** By `component.station`. */
  readonly stations: Readonly<Record<string, StationReport>>;
  /** By component name. */
  readonly caches: Readonly<Record<string, CacheReport>>;
  /** By component name, in a design that publishes messages. */
  readonly queues?: Readonly<Record<string, QueueReport>> | undefined;
  /** By operation, where steps are to be done once for each request; a simulation alone has it. */
  readonly once?: Readonly<Record<string, OnceReport>> | undefined;
  /** By component, where instances are killed when they run out of memory; a simulation alone has it. */
  readonly kills?: Readonly<Record<string, KillReport>> | undefined;
  /** By component with replicas, or with copies of data that a scenario changes: how stale reads are; a simulation alone has it. */
  readonly staleness?: Readonly<Record<string, StalenessReport>> | undefined;
  /** By component with a primary and replicas that follow it; a simulation alone has it. */
  readonly replication?: Readonly<Record<string, ReplicationReport>> | undefined;
  /** What goes from place to place, in a simulation of a design with regions. */
  readonly crossings?: readonly CrossingReport[] | undefined;
  /** By component that stands for users with connections; absent where none does. */
  readonly connections?: Readonly<Record<string, ConnectionReport>> | undefined;
  /** In the order of the design. */
  readonly goals: readonly GoalReport[];
  /** What happened under a scenario, over time; null without one. */
  readonly scenario: ScenarioReport | null;
  /** The back-of-the-envelope sheet; empty for a simulation. */
  readonly sheet: readonly SheetEntry[];
  /** What a reader should know, in sentences. */
  readonly notes: readonly string[];
}

/** What became of the requests of one traffic. */
export interface OperationReport {
  /**
   * Requests in progress when measuring began or arrived since, all replications together; each is served,
   * failed or in flight. An estimate counts none: 0.
   */
  readonly offered: number;
  /** Of these, answered successfully and in time. */
  readonly served: number;
  /** By reason: `timeout`, `links.connections full`, … */
  readonly failed: Readonly<Record<string, number>>;
  /** Neither served nor failed when measuring ended. */
  readonly inFlight: number;
  /**
   * Of these, who has waited for longer than the p99 that is good under the scenario, and than any did before: not served,
   * though it has not failed. Absent where there are none.
   */
  readonly unfinished?: number | undefined;
  /** Those on offer, and the requests that retries and hedges sent for them, anywhere on the way. */
  readonly attempts: number;
  /** Successful answers that came when the user had given up. */
  readonly late: number;
  /** Served per second. */
  readonly throughput: Figure;
  /** Served of those that ended, and of those unfinished. */
  readonly success: Figure;
  /** Of served requests. */
  readonly latency: LatencyReport;
  /** Latency of served requests as [upper edge in seconds, count] pairs, ascending; empty for an estimate. */
  readonly histogram: readonly (readonly [number, number])[];
}

/** Mean and percentiles of a latency, in seconds: `p99` is what 99 % took at most. */
export interface LatencyReport {
  readonly mean: Figure;
  readonly p50: Figure;
  readonly p95: Figure;
  readonly p99: Figure;
  readonly p999: Figure;
}

/** Something that can saturate, all instances together. */
export interface StationReport {
  /** Servers of all instances together; null = without limit. */
  readonly servers: number | null;
  /** Busy share of the servers. */
  readonly utilization: Figure;
  /**
   * The busiest instance, where each has keys or connections of its own: its number, from 0, and the busy share of its
   * servers. Of connections it is another one in each run, so null.
   */
  readonly busiest?: { readonly instance: number | null; readonly utilization: Figure } | undefined;
  /** Mean number waiting, not in service. */
  readonly queueLength: Figure;
  /** Mean wait before service of all who came, seconds. */
  readonly waiting: Figure;
  /** 99 % of those who came waited no longer than this, seconds. */
  readonly waitingP99: Figure;
  /** Share of those who came that had to wait. */
  readonly delayed: Figure;
  /** Arrivals per second. */
  readonly arrivals: Figure;
  /** Mean time in service, seconds. */
  readonly service: Figure;
  /** Share of the busy time spent on work that nobody waited for any more when it ended. */
  readonly wasted: Figure;
}

/** What a cache did, all nodes together. */
export interface CacheReport {
  /** Share of lookups that found the key. */
  readonly hitRatio: Figure;
  /** Of what instances keep of hot items, and users of answers: mean seconds since what was served had come. */
  readonly age?: Figure | undefined;
}

/** What became of the messages of a queue, or of those of a stream, for one group of consumers. */
export interface QueueReport {
  /**
   * Messages held when measuring began or published since, all replications together; each was acknowledged, went to
   * the dead letters, was turned away or dropped, went unread when it was kept no longer, or is held. An estimate counts none: 0.
   */
  readonly published: number;
  readonly acknowledged: number;
  /** Used up their attempts. */
  readonly dead: number;
  /** Turned away or dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** In the queue or at work when measuring ended. */
  readonly held: number;
  /** Messages whose work was done well once more, after it had been done well. */
  readonly repeated: number;
  /** Published per second. */
  readonly arrivals: Figure;
  /** Handed to a consumer per second. */
  readonly deliveries: Figure;
  /** Acknowledged per second. */
  readonly throughput: Figure;
  /** Share of the deliveries that are of a message handed out before. */
  readonly redelivered: Figure;
  /** Mean number of messages held, those at work included. */
  readonly depth: Figure;
  /** Messages held more each second, where they become more. */
  readonly growth?: Figure | undefined;
  /** From publishing to the acknowledgement, of messages acknowledged. */
  readonly age: LatencyReport;
  /** Of a stream: the partition that most messages went to, and their share. */
  readonly hottest?: { readonly partition: number; readonly share: Figure } | undefined;
}

/** What became of steps that are to be done once for each request. Counts are of all replications together. */
export interface OnceReport {
  /** Times that they were done well. */
  readonly done: number;
  /** Of these, those for a request that they had been done well for. */
  readonly repeated: number;
  /** Repeats that were known as such, and passed them over. */
  readonly skipped: number;
  /** Repeats that came while they were being done, and failed. */
  readonly inProgress: number;
  /** Requests that failed since as many were remembered as may be. */
  readonly full: number;
  /** Share of the times that they were done well that are repeats. */
  readonly duplicates: Figure;
}

/** How often instances of a component were killed since they had run out of memory. */
export interface KillReport {
  /** All replications together. */
  readonly times: number;
  /** Per second, all instances together. */
  readonly rate: Figure;
}

/**
 * How stale reads are: of replicas those that give an older version than the newest that was confirmed when they began;
 * of copies, from the first change on, those that are answered from a copy of an older version.
 */
export interface StalenessReport {
  /** Reads of items that may have been written, all replications together. */
  readonly reads: number;
  /** Share of them that is stale. */
  readonly stale: Figure;
  /** Of stale reads: seconds from the first confirmation of a newer version to the answer. */
  readonly age: LatencyReport;
  /** Of stale reads: mean number of versions behind the newest confirmed. */
  readonly versions: Figure;
}

/** How writes get from the primary of a component to the replicas that follow it. */
export interface ReplicationReport {
  /**
   * With `read-your-writes`: share of the reads of items that may have been written that went to the primary for its sake;
   * absent without it.
   */
  readonly pinned?: Figure | undefined;
  /** Writes that a replica has applied, each replica counting, all replications together. */
  readonly applied: number;
  /** Seconds from the commit of a write on the primary until a replica has applied it. */
  readonly lag: LatencyReport;
  /** Times that a replica became the primary, all replications together. */
  readonly promotions: number;
  /** Writes that had been acknowledged, and that the replica lacked which became the primary; all replications together. */
  readonly lost: number;
}

/** Messages from one component to another, or to users, that leave a zone, a region or the system. */
export interface CrossingReport {
  readonly from: string;
  readonly to: string;
  /** What they cross; with `users`, they go out to them. */
  readonly scope: 'zones' | 'regions' | 'users';
  /** Per second. */
  readonly messages: Figure;
  /** Bytes per second, headers and the items carried. */
  readonly bytes: Figure;
}

/** Over which connections the users of a component ask, as shares of all requests. */
export interface ConnectionReport {
  /** Over a new connection, one that resumes a session included. */
  readonly opened: Figure;
  /** Over a new connection that resumes a session. */
  readonly resumed: Figure;
}

/** A goal and whether it is met. */
export interface GoalReport {
  /** As it reads, e.g. `visitors.p99 ≤ 50ms`. */
  readonly goal: string;
  /** `unknown` when the interval straddles the target or the figure cannot be had. */
  readonly met: boolean | 'unknown';
  /** What was judged. */
  readonly value: Figure;
  /** What it was judged by, in the unit of the figure. */
  readonly target: number;
  /**
   * Why it was not judged, though it has a figure: `warm-up`, the run may still show the empty start; `clock`, responses
   * are too short for the steps in which the clock counts. Absent where it was.
   */
  readonly unjudged?: 'warm-up' | 'clock' | undefined;
}

/** One line of the estimate, with its working. */
export interface SheetEntry {
  /** e.g. `traffic.visitors.rate`, `links.storage`. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly label: string;
  readonly figure: Figure;
  /** e.g. `requests per day ÷ 86,400 s`. */
  readonly formula: string;
  /** The formula with its numbers. */
  readonly working: string;
  /** Where the formula or constants come from. */
  readonly source: string;
}
