import type { OwnBlocks } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { Engine } from './engine.ts';
import { equip } from './equipment.ts';
import type { SimulatedKind } from './kind.ts';
import type { Measurement } from './outcome/measurement.ts';
import { BlockMaker } from './own-blocks.ts';
import { compile } from './program/compile.ts';
import { BlameRecorder } from './tracing/blame-recorder.ts';
import type { Tracer } from './tracing/tracer.ts';

/** One replication to run: plain data that can be sent to a worker. */
export interface ReplicationJob {
  readonly plan: Plan;
  /** The user's seed, an integer ≥ 0. */
  readonly seed: number;
  /** Number of the replication; pilots and measured runs never share one. */
  readonly replication: number;
  /** Simulated seconds that are run first and not measured. */
  readonly warmup: number;
  /** Simulated seconds that are measured. */
  readonly seconds: number;
  /** Windows of the in-flight series; 0 = none. */
  readonly windows: number;
  /** Windows that the measured time is watched in; default: it is not. */
  readonly series?: number;
  /** The run ends early after so many events; default: no limit. */
  readonly mostEvents?: number;
  /** Expected calls per second of each operation of the plan. */
  readonly rates: Float64Array;
  /** Record where the time of requests goes; the run is the same, and takes longer. */
  readonly blame?: true;
}

/**
 * Runs one replication on this thread. Equal jobs give equal measurements, whichever thread runs them.
 *
 * @param kinds what each kind offers to the simulator, by name
 * @param blocks the user's own blocks, as `requireOwnBlocks` lets them pass
 * @param tracer follows the run, which is the same with it as without, in place of what the job asks to be recorded
 * @throws FaultyBlock when one of these cannot be made, or fails
 */
export function runReplication(
  job: ReplicationJob,
  kinds: ReadonlyMap<string, SimulatedKind>,
  blocks: OwnBlocks = {},
  tracer: Tracer | null = null,
): Measurement {
  const blame = job.blame && tracer === null ? new BlameRecorder(job.warmup) : null;
  const follower = tracer ?? blame;
  const model = compile(job.plan, kinds, job.rates, follower !== null);
  const equipment = equip(model, job.seed, job.replication, new BlockMaker(blocks), job.warmup);
  const engine = new Engine(model, equipment, follower);
  const measured = engine.run(job.warmup, job.seconds, job.windows, job.mostEvents, job.series);
  return blame === null ? measured : { ...measured, blame: blame.measurement() };
}

/** Thrown when a design or the options ask for more than can be simulated in any bearable time. */
export class TooMuchToSimulate extends RangeError {
  override readonly name = 'TooMuchToSimulate';
}

/** @throws TooMuchToSimulate when the run ended because its requests go round without time passing */
export function withoutTime(run: Measurement): void {
  if (run.ended !== 'instant') return;
  throw new TooMuchToSimulate(
    'millions of events happen at one instant: users who do not think come back at once from calls that take no time; give them a think time, or the calls a duration',
  );
}

/** Runs replications, in any order and on any threads, and hands the measurements back in the order of the jobs. */
export interface ReplicationRunner {
  run(jobs: readonly ReplicationJob[]): Promise<readonly Measurement[]>;
}

/** Runs replications one after the other on this thread. */
export function inlineRunner(
  kinds: ReadonlyMap<string, SimulatedKind>,
  blocks: OwnBlocks = {},
): ReplicationRunner {
  return { run: async (jobs) => jobs.map((job) => runReplication(job, kinds, blocks)) };
}
