import type { OwnBlocks } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { underScenario } from '../design/under-scenario.ts';
import type { Trace, TracedRequest } from '../report/trace.ts';
import type { SimulatedKind } from './kind.ts';
import { leastSettling } from './least-settling.ts';
import { USUAL_MAX_WALL } from './options.ts';
import { sum } from './outcome/figures.ts';
import { compile } from './program/compile.ts';
import { firstStage } from './program/first-stage.ts';
import {
  inlineRunner,
  type ReplicationJob,
  type ReplicationRunner,
  runReplication,
  TooMuchToSimulate,
  withoutTime,
} from './replication.ts';
import { requestRates } from './request-rates.ts';
import { settle } from './simulate-scenario.ts';
import { chooseExemplars, type Exemplar } from './tracing/exemplars.ts';
import { Scout } from './tracing/scout.ts';
import { SpanRecorder } from './tracing/span-recorder.ts';
import { typeable } from './until-precise.ts';

/** Requests that are looked through at most; without a scenario, the run is as short as that takes. */
const MOST_OF_SCENARIO = 5e6;
const MOST_REQUESTS = 2e5;

export interface TraceOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** Name of the scenario to lay over the design; default: none, its steady state. */
  readonly scenario?: string;
  /** Name of the traffic whose requests are shown; default: all. */
  readonly of?: string;
  /** Seconds of the run that are not watched, and of those that are at most; default: as pilots show, or a scenario says. */
  readonly run?: { readonly warmup: number; readonly seconds: number };
  /** Version that the trace carries; default empty. */
  readonly version?: string;
  /** The command that gives the trace again; default: one with the name of the design. */
  readonly command?: string;
}

/**
 * Shows exemplary requests of a simulation in all their parts: replication 0 of its first stage is run, requests are
 * chosen, and the same replication is run again while they are recorded.
 *
 * @param kinds what each kind named in the plan offers to the simulator, by name
 * @param blocks the user's own blocks
 * @throws RangeError when the plan has no such scenario or traffic; {@link TooMuchToSimulate}
 */
export async function trace(
  plan: Plan,
  kinds: ReadonlyMap<string, SimulatedKind>,
  options: TraceOptions = {},
  blocks: OwnBlocks = {},
): Promise<Trace> {
  const wanted = trafficWanted(plan, options.of);
  const job = await jobOf(plan, kinds, options, inlineRunner(kinds, blocks));
  const scout = new Scout(job.warmup);
  withoutTime(runReplication(job, kinds, blocks, scout));
  const { reasons } = compile(job.plan, kinds, job.rates);
  const { unfinished } = scout;
  const exemplars = wanted.flatMap((traffic) =>
    chooseExemplars(scout.candidates, unfinished, traffic, reasons),
  );
  const recorder = new SpanRecorder(new Set(exemplars.map(({ number }) => number)));
  runReplication(job, kinds, blocks, recorder);
  return {
    schema: 'tenfold/trace@1',
    design: plan.name,
    scenario: options.scenario ?? null,
    seed: job.seed,
    version: options.version ?? '',
    command: options.command ?? commandOf(plan, options),
    seconds: job.seconds,
    warmupSeconds: job.warmup,
    requests: exemplars.map((exemplar) => tracedRequest(plan, exemplar, recorder, job.warmup)),
  };
}

function tracedRequest(
  plan: Plan,
  { number, traffic, why, rank, among }: Exemplar,
  recorder: SpanRecorder,
  warmup: number,
): TracedRequest {
  const spans = recorder.spansOf(number, warmup);
  const { start, end, status, attributes } = spans[0]!;
  const ended = status === 'ok' ? 'served' : status;
  return {
    traffic: plan.traffic[traffic]!.name,
    why,
    number,
    start,
    duration: end - start,
    status: attributes['unfinished'] === true ? 'unfinished' : ended,
    rank,
    among,
    spans,
  };
}

function trafficWanted(plan: Plan, of: string | undefined): number[] {
  const wanted = plan.traffic.filter(({ name }) => of === undefined || name === of);
  if (wanted.length > 0 || of === undefined) return wanted.map(({ index }) => index);
  throw new RangeError(`of must be a traffic of ${plan.name}, got ${of}`);
}

/** The first replication of the simulation, as long as its first stage. */
async function jobOf(
  plan: Plan,
  kinds: ReadonlyMap<string, SimulatedKind>,
  options: TraceOptions,
  runner: ReplicationRunner,
): Promise<ReplicationJob> {
  const seed = options.seed ?? 1;
  const { requests: rateOf, operations: rates } = await requestRates(plan, seed, runner);
  const total = sum(rateOf);
  const template = { plan, seed, rates };
  const common = { seed, rates, replication: 0, windows: 0 };
  const least = options.run === undefined ? leastSettling(compile(plan, kinds, rates)) : 0;
  if (options.scenario === undefined) {
    const { warmup, seconds } =
      options.run ?? (await firstStage(template, rateOf, { seed, maxWall: USUAL_MAX_WALL }, runner, least));
    return { ...common, plan, warmup, seconds: Math.min(seconds, typeable(MOST_REQUESTS / total)) };
  }
  const laid = underScenario(plan, options.scenario);
  const seconds = laid.scenario!.lasts;
  if (total * seconds > MOST_OF_SCENARIO) {
    throw new TooMuchToSimulate(
      `the scenario ${options.scenario} is about ${(total * seconds).toPrecision(3)} requests; at most ${MOST_OF_SCENARIO.toExponential(0)} are looked through`,
    );
  }
  const { warmup } = options.run ?? (await settle(template, total, {}, runner, least));
  return { ...common, plan: laid, warmup: typeable(warmup), seconds };
}

function commandOf(plan: Plan, { scenario, seed = 1, of }: TraceOptions): string {
  const words = [`tenfold trace ${plan.name}`];
  if (scenario !== undefined) words.push('--scenario', scenario);
  words.push('--seed', String(seed));
  if (of !== undefined) words.push('--of', of);
  return words.join(' ');
}
