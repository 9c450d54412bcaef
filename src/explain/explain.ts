import type { OwnBlocks } from '../design/index.ts';
import type { ExplainReport, Report, Trace } from '../report/index.ts';
import {
  type BlameMeasurement,
  isSlow,
  type Measurement,
  type ReplicationRunner,
  type SimulatedKind,
  type SimulateOptions,
  simulate,
  TooMuchToSimulate,
  trace,
} from '../simulate/index.ts';
import { joinReports, trafficBlame } from './blame.ts';
import { messageNotes } from './message-notes.ts';
import { figuresOf } from './sensitivity/moved-figures.ts';
import type { ExplainedDesign } from './sensitivity/moves.ts';
import type { Baseline } from './sensitivity/screening.ts';
import { sensitivity } from './sensitivity/sensitivity.ts';
import { killedText } from './stress/causes.ts';

export interface ExplainOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** Name of a scenario to lay over the design; default: none, its steady state. */
  readonly scenario?: string;
  /** Name of the traffic to explain; default: all. */
  readonly traffic?: string;
  /** Version that the report carries; default empty. */
  readonly version?: string;
  /** The command that prints the report again. */
  readonly command?: string;
  /** The user's own blocks. */
  readonly blocks?: OwnBlocks;
  /** Told what is being done. */
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/** How far an explanation has come. */
export interface ExplainProgress {
  readonly doing: 'blame' | 'screening' | 'sensitivity';
  /** Inputs simulated, and how many there are to simulate; 0 before that is known. */
  readonly done: number;
  readonly of: number;
}

const REPLICATIONS = 10;
/** Requests of each traffic that a replication shows, as far as they can be had in so many seconds on a slow machine. */
const LEAST_OF_EACH = 2000;
const SECONDS = 10;
/**
 * Explains the response times of a design: where the time of its mean, median and p99 requests goes, what parallel steps
 * wait for, and which inputs move the figures.
 *
 * @param kinds what each kind named in the plan offers to the simulator, by name
 * @throws RangeError when the plan has no such scenario or traffic, and what `simulate` throws
 */
export async function explain(
  design: ExplainedDesign,
  kinds: ReadonlyMap<string, SimulatedKind>,
  options: ExplainOptions,
  runner: ReplicationRunner,
): Promise<ExplainReport> {
  const { plan } = design;
  const { seed = 1, scenario, traffic, onProgress } = options;
  const wanted = plan.traffic.filter(({ name }) => traffic === undefined || name === traffic);
  if (wanted.length === 0) throw new RangeError(`traffic must be one of ${plan.name}, got ${traffic}`);
  const under = { seed, ...(scenario !== undefined && { scenario }) };
  const measured = async (of: typeof plan, more: SimulateOptions): Promise<Baseline> => {
    let runs: readonly Measurement[] = [];
    const hear = (all: readonly Measurement[]): void => {
      runs = all;
    };
    const report = await simulate(of, kinds, { ...under, ...more, onMeasured: hear }, runner);
    return { report, runs };
  };
  onProgress?.({ doing: 'blame', done: 0, of: 0 });
  const base = await measured(plan, {
    replications: REPLICATIONS,
    leastOfEach: LEAST_OF_EACH,
    maxWall: SECONDS,
    blame: true,
  });
  const { report } = base;
  const blames = base.runs.flatMap(({ blame }): BlameMeasurement[] => (blame === undefined ? [] : [blame]));
  const notes: string[] = [...report.notes, ...killNotes(report), ...messageNotes(plan, report)];
  const slowest = report.stable ? await slowestOf(design, kinds, options, report, notes) : null;
  const indices = new Set(wanted.map(({ index }) => index));
  const moved = await sensitivity({
    design,
    figures: report.stable ? figuresOf(plan, indices, report) : [],
    base,
    simulate: (other, { share, replications, seed: shift }) =>
      measured(other, {
        warmup: report.warmupSeconds,
        // A scenario is a scenario only as a whole.
        time: lengthOf(report) * (scenario === undefined ? share : 1),
        seed: seed + shift,
        replications,
      }),
    heard: (done, of) => onProgress?.({ doing: of === 0 ? 'screening' : 'sensitivity', done, of }),
  });
  return {
    schema: 'tenfold/explain@1',
    design: plan.name,
    scenario: scenario ?? null,
    seed,
    version: options.version ?? '',
    command: options.command ?? `tenfold explain ${plan.name}`,
    stable: report.stable,
    replications: report.replications,
    simulatedSeconds: report.simulatedSeconds,
    traffic: Object.fromEntries(
      blames.length === 0
        ? []
        : wanted.map(({ name, index }) => [name, trafficBlame(blames, index, report.operations[name]!)]),
    ),
    joins: joinReports(
      blames,
      plan.traffic.map(({ name }) => name),
    ).filter(({ traffic: of }) => wanted.some(({ name }) => name === of)),
    slowest,
    sensitivity: moved,
    notes,
  };
}

/** What ran out of memory: requests that died with it have no time to be explained. */
function killNotes({ kills = {} }: Report): string[] {
  return Object.entries(kills).flatMap(([component, { times, rate }]) =>
    times === 0
      ? []
      : [`${killedText({ component, perSecond: rate.value ?? 0 })}: what it does then fails with it.`],
  );
}

/** Measured seconds of each replication. */
const lengthOf = ({ simulatedSeconds, replications }: Report): number => simulatedSeconds / replications;

/** The slow requests of the first run, in all their parts; null, and a note, where that is too much. */
async function slowestOf(
  { plan }: ExplainedDesign,
  kinds: ReadonlyMap<string, SimulatedKind>,
  { seed = 1, scenario, traffic, version = '', command, blocks }: ExplainOptions,
  report: Report,
  notes: string[],
): Promise<Trace | null> {
  const options = {
    seed,
    version,
    // What a trace of its own would find out by pilots is known.
    run: { warmup: report.warmupSeconds, seconds: lengthOf(report) },
    ...(command !== undefined && { command }),
    ...(scenario !== undefined && { scenario }),
    ...(traffic !== undefined && { of: traffic }),
  };
  try {
    const traced = await trace(plan, kinds, options, blocks);
    return { ...traced, requests: traced.requests.filter(({ why }) => isSlow(why)) };
  } catch (error) {
    if (!(error instanceof TooMuchToSimulate)) throw error;
    notes.push(`No request is shown: ${error.message}.`);
    return null;
  }
}
