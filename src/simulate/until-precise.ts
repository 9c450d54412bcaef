import type { Measurement } from './outcome/measurement.ts';
import type { ReplicationJob, ReplicationRunner } from './replication.ts';

/** Replications of a stage where the user does not say. */
export const REPLICATIONS = 10;
/** A replication is made at least so many times longer from stage to stage, and at most. */
const LEAST_STRETCH = 2;
const MOST_STRETCH = 8;
/** Aims beyond the precision asked for, so that the next stage is the last but for bad luck. */
const MARGIN = 1.3;
/** More events than this are not spent on one answer: about ten minutes on one core. */
export const MOST_EVENTS = 4e9;
/** Histograms of traffic and stations that are kept, about 28 kB each. */
const MOST_HISTOGRAMS = 10_000;

export interface StageRules {
  /** What every job has in common. */
  readonly template: Omit<ReplicationJob, 'replication' | 'seconds'>;
  readonly replications: number;
  /** Measured seconds of a replication in the first stage. */
  readonly seconds: number;
  /** Relative half-width to reach. */
  readonly precision: number;
  /** What the next stage has more of; nothing where length or number are the user's, or nothing would do. */
  readonly grow: 'length' | 'replications' | 'nothing';
  /** Relative half-width that these replications reach; 0 ends the search. */
  readonly precisionOf: (runs: readonly Measurement[]) => number;
  /** Real seconds since the start, and when to stop. */
  readonly elapsed: () => number;
  readonly maxWall: number;
  readonly onStage: (runs: readonly Measurement[], reached: number, events: number) => void;
}

export interface StageOutcome {
  readonly runs: readonly Measurement[];
  readonly seconds: number;
  readonly reached: number;
  /** The time limit or the limit of events came before the precision. */
  readonly stopped: boolean;
}

/**
 * A length that the simulator chose, to four digits: a report whose stages ended by the clock names it in the
 * command that prints it again, and nobody wants to type sixteen.
 */
export const typeable = (seconds: number): number => Number(seconds.toPrecision(4));

/**
 * Runs stages of replications, each stage with longer ones, until the figures are precise.
 *
 * A stage of longer replications starts anew instead of adding to the former: looking again and again at a
 * growing sample until its interval happens to be short makes intervals that cover too little (Law & Kelton,
 * Simulation Modeling and Analysis, §9.4.1), and longer replications come closer to the normal law that the
 * interval supposes. The stages before the last cost less than the last together. Where the length is given,
 * by a shape over time, a stage adds replications, at least as many as there are.
 */
export async function runUntilPrecise(rules: StageRules, runner: ReplicationRunner): Promise<StageOutcome> {
  let { seconds, replications } = rules;
  let runs: readonly Measurement[] = [];
  let events = 0;
  for (;;) {
    const begun = rules.elapsed();
    const before = rules.grow === 'replications' ? runs : [];
    const jobs = Array.from({ length: replications - before.length }, (_, i) => ({
      ...rules.template,
      replication: before.length + i,
      seconds,
    }));
    const added = await runner.run(jobs);
    runs = [...before, ...added];
    const stageEvents = added.reduce((sum, run) => sum + run.events, 0);
    events += stageEvents;
    const reached = rules.precisionOf(runs);
    rules.onStage(runs, reached, events);
    if (reached <= rules.precision || rules.grow === 'nothing')
      return { runs, seconds, reached, stopped: false };
    // Half-widths shrink with the square root of what is simulated.
    const wanted = (reached / rules.precision) ** 2 * MARGIN;
    const stretch = Math.min(MOST_STRETCH, Math.max(LEAST_STRETCH, wanted));
    const cost = rules.grow === 'length' ? stretch : ((stretch - 1) * replications) / added.length;
    const elapsed = rules.elapsed();
    const tooLong = elapsed + (elapsed - begun) * cost > rules.maxWall;
    const histograms = runs[0]!.traffic.length + runs[0]!.stations.length;
    const tooMany = rules.grow === 'replications' && replications * stretch * histograms > MOST_HISTOGRAMS;
    if (tooLong || tooMany || events + stageEvents * cost > MOST_EVENTS) {
      return { runs, seconds, reached, stopped: true };
    }
    if (rules.grow === 'length') seconds = typeable(seconds * stretch);
    else replications = Math.ceil(replications * stretch);
  }
}
