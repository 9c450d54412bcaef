import type { Plan } from '../design/plan.ts';
import { underScenario } from '../design/under-scenario.ts';
import type { Figure, Report } from '../report/report.ts';
import { areaUnder } from './arrival-shape.ts';
import { commandOf } from './command.ts';
import type { SimulatedKind } from './kind.ts';
import { leastSettling } from './least-settling.ts';
import { checkOptions, type SimulateOptions } from './options.ts';
import { goalReports } from './outcome/goal-figures.ts';
import { idleFaultNotes } from './outcome/idle-faults.ts';
import { summarizeScenario } from './outcome/scenario-summary.ts';
import { steady } from './outcome/stability.ts';
import { summarize } from './outcome/summary.ts';
import { toldApart, unfinishedNotes } from './outcome/unfinished.ts';
import { type Pilot, runPilot } from './pilot.ts';
import { compile } from './program/compile.ts';
import { shapeEnd } from './program/first-stage.ts';
import { atLoad, recoveryLoad } from './recovery-load.ts';
import {
  type ReplicationJob,
  type ReplicationRunner,
  TooMuchToSimulate,
  withoutTime,
} from './replication.ts';
import { requestRates } from './request-rates.ts';
import { typeable } from './until-precise.ts';
import { runWithinTime } from './within-time.ts';

/** Replications of a scenario where the user does not say: its outcome is a matter of chance, too. */
const REPLICATIONS = 20;
/** Replications at each load that is tried. */
const TRIAL_REPLICATIONS = 6;
/** About so many windows; each takes a number of seconds that people count in. */
const WINDOWS = 60;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
/** Events that pilots of one length may take, and the whole. */
const PILOT_EVENTS = 5e6;
const MOST_REQUESTS = 2e9;

/**
 * Simulates a plan under one of its scenarios, from a steady state to the scenario's end, in replications of equal
 * length, and watches it window by window.
 *
 * @param name of the scenario
 * @throws RangeError when the plan has no such scenario, or on options out of range
 */
export async function simulateScenario(
  plan: Plan,
  name: string,
  kinds: ReadonlyMap<string, SimulatedKind>,
  options: SimulateOptions,
  runner: ReplicationRunner,
): Promise<Report> {
  const laid = underScenario(plan, name);
  const scenario = laid.scenario!;
  const seed = options.seed ?? 1;
  checkOptions(options, options.precision ?? 0.05);
  const clock = options.clock ?? (() => 0);
  const begun = clock();
  const replications = options.replications ?? REPLICATIONS;
  const seconds = options.time ?? scenario.lasts;
  const { requests: rateOf, operations: rates } = await requestRates(plan, seed, runner);
  const total = rateOf.reduce((sum, rate) => sum + rate, 0);
  const expected = requestsIn(laid, rateOf, seconds) * replications;
  if (expected > MOST_REQUESTS) {
    throw new TooMuchToSimulate(
      `the scenario ${name} is about ${expected.toPrecision(3)} requests in ${replications} replications; at most ${MOST_REQUESTS.toExponential(0)} are simulated`,
    );
  }
  options.onProgress?.({
    phase: 'settling',
    replications: 0,
    events: 0,
    precision: Number.POSITIVE_INFINITY,
  });
  const model = compile(laid, kinds, rates);
  const pilot = await settle({ plan, seed, rates }, total, options, runner, leastSettling(model));
  const warmup = typeable(pilot.warmup);
  options.onProgress?.({
    phase: 'measuring',
    replications,
    events: pilot.events,
    precision: Number.POSITIVE_INFINITY,
  });
  const jobsOf = (plan: Plan, rates: Float64Array, replications: number): ReplicationJob[] =>
    Array.from({ length: replications }, (_, replication) => ({
      plan,
      seed,
      rates,
      replication,
      warmup,
      seconds,
      windows: 0,
      series: windowsIn(seconds),
    }));
  // What a user asks for by number is run whole; where the number is ours, it gives way to the time limit.
  const maxWall = options.replications === undefined ? options.maxWall : undefined;
  const limit = { elapsed: () => clock() - begun, maxWall: maxWall ?? Number.POSITIVE_INFINITY };
  const jobs = jobsOf(laid, rates, replications);
  const asked: ReplicationJob[] = options.blame ? jobs.map((job) => ({ ...job, blame: true })) : jobs;
  const runs = await runWithinTime(asked, limit, runner);
  runs.forEach(withoutTime);
  const cut = runs.length < replications;
  const { scenario: watched, unfinished } = summarizeScenario(laid, scenario, model, runs);
  const told = toldApart(runs, unfinished);
  options.onMeasured?.(told);
  let recovers: Figure | null = null;
  if (options.recoveryLoad === true) {
    // Good is what is good at the load of the design: a system that is lost before anything happens does not come back.
    const standards = Object.fromEntries(
      Object.entries(watched.outcomes).map(([name, { successBelow: success, p99Above: p99 }]) => [
        name,
        { success, p99 },
      ]),
    );
    recovers = await recoveryLoad(async (times) => {
      const there = atLoad(laid, times);
      const scaled = rates.map((rate) => rate * times);
      const trial = await runner.run(jobsOf(there, scaled, TRIAL_REPLICATIONS));
      trial.forEach(withoutTime);
      const model = compile(there, kinds, scaled);
      const tried = summarizeScenario(there, scenario, model, trial, standards);
      return Object.values(tried.scenario.outcomes).every(({ recovered }) => recovered.value! > 0.5);
    });
  }
  const known = steady(laid, model);
  const summary = summarize(laid, model, told, known);
  const notes: string[] = [];
  if (!pilot.stable) notes.push('the design is overloaded before anything happens to it');
  else if (!pilot.settled) notes.push('trial runs did not see the design settle before the scenario');
  notes.push(...unfinishedNotes(laid, unfinished), ...idleFaultNotes(laid, model));
  if (cut) {
    notes.push(
      `The time limit came after ${runs.length} of ${replications} replications: intervals are wider than they would be.`,
    );
  }
  const { maxWall: _, ...unlimited } = options;
  const pinned = cut ? { ...unlimited, replications: runs.length } : options;
  return {
    schema: 'tenfold/report@1',
    kind: 'simulation',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: commandOf(plan, pinned, seed, options.precision ?? 0.05, null),
    converged: true,
    stable: true,
    simulatedSeconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    replications: runs.length,
    warmupSeconds: warmup,
    wallSeconds: options.timing === true ? clock() - begun : null,
    events: runs.reduce((sum, run) => sum + run.events, 0),
    ...summary,
    goals: goalReports(laid, summary, known.endless, null, unfinished),
    scenario: { ...watched, recoveryLoad: recovers },
    sheet: [],
    notes,
  };
}

/**
 * Finds out how long the design takes to settle before a scenario begins, where the options do not say.
 *
 * @param rate requests per second of all traffic together
 * @param least seconds that it is to settle at least
 */
export async function settle(
  template: Pick<ReplicationJob, 'plan' | 'seed' | 'rates'>,
  rate: number,
  { warmup }: Pick<SimulateOptions, 'warmup'>,
  runner: ReplicationRunner,
  least: number,
): Promise<Pick<Pilot, 'warmup' | 'stable' | 'settled' | 'events'>> {
  if (warmup !== undefined || shapeEnd(template.plan) !== null)
    return { warmup: warmup ?? 0, stable: true, settled: true, events: 0 };
  return runPilot(template, rate, PILOT_EVENTS, runner, least);
}

/** Requests that come in the first so many seconds, by the courses of traffic. */
function requestsIn(plan: Plan, rateOf: Float64Array, seconds: number): number {
  return plan.traffic.reduce((sum, { arrivals, index }) => {
    const shape = arrivals.type === 'open' ? arrivals.shape : [];
    return sum + rateOf[index]! * areaUnder(shape, seconds);
  }, 0);
}

/** How many windows a scenario is watched in: of one of the usual lengths, or as many as there are seconds' fractions. */
function windowsIn(seconds: number): number {
  const wanted = seconds / WINDOWS;
  const step = STEPS.find((each) => each >= wanted) ?? wanted;
  return Math.max(1, seconds < WINDOWS / 2 ? WINDOWS : Math.round(seconds / step));
}
