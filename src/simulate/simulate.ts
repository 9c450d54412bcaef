import type { Plan } from '../design/plan.ts';
import type { Report } from '../report/report.ts';
import { commandOf } from './command.ts';
import type { SimulatedKind } from './kind.ts';
import { leastSettling } from './least-settling.ts';
import type { Model } from './model.ts';
import { checkOptions, type Progress, type SimulateOptions } from './options.ts';
import { goalReports, worstPrecision } from './outcome/goal-figures.ts';
import { blurredTraffic, notesOf } from './outcome/notes.ts';
import {
  canBeUnstable,
  doubtfulStations,
  fillingStations,
  growingStations,
  type Steadiness,
  steadiness,
  steady,
} from './outcome/stability.ts';
import { summarize } from './outcome/summary.ts';
import { compile } from './program/compile.ts';
import { firstStage, shapeEnd } from './program/first-stage.ts';
import { inlineRunner, type ReplicationRunner, TooMuchToSimulate, withoutTime } from './replication.ts';
import { requestRates } from './request-rates.ts';
import { simulateScenario } from './simulate-scenario.ts';
import { REPLICATIONS, runUntilPrecise } from './until-precise.ts';

/** More requests are not simulated in one run, about an hour of computing. */
const MOST_REQUESTS = 2e9;
const NONE: ReadonlySet<number> = new Set();
/**
 * Simulates a plan until every goal's figure is as precise as asked (without goals: every mean and p99).
 *
 * @param kinds what each kind named in the plan offers to the simulator, by name
 * @param runner runs replications; default: one after the other on this thread
 * @throws RangeError on options out of range, {@link TooMuchToSimulate} among them
 */
export async function simulate(
  plan: Plan,
  kinds: ReadonlyMap<string, SimulatedKind>,
  options: SimulateOptions = {},
  runner: ReplicationRunner = inlineRunner(kinds),
): Promise<Report> {
  if (options.scenario !== undefined) return simulateScenario(plan, options.scenario, kinds, options, runner);
  const seed = options.seed ?? 1;
  const precision = options.precision ?? 0.05;
  checkOptions(options, precision);
  const clock = options.clock ?? (() => 0);
  const begun = clock();
  const { requests: rateOf, operations: rates } = await requestRates(plan, seed, runner);
  const template = { plan, seed, rates };
  const total = rateOf.reduce((sum, rate) => sum + rate, 0);
  const requests =
    ((options.time ?? 0) + (options.warmup ?? 0)) * total * (options.replications ?? REPLICATIONS);
  if (requests > MOST_REQUESTS) {
    const asked = requests.toPrecision(3);
    throw new TooMuchToSimulate(
      `--time and --warmup ask for about ${asked} requests; at most ${MOST_REQUESTS.toExponential(0)} are simulated`,
    );
  }

  const shaped = shapeEnd(plan) !== null;
  const settling = (events: number): Progress => ({
    phase: 'settling',
    replications: 0,
    events,
    precision: Number.POSITIVE_INFINITY,
  });
  if (!shaped && options.warmup === undefined) options.onProgress?.(settling(0));
  const model = compile(plan, kinds, rates);
  const first = await firstStage(template, rateOf, options, runner, leastSettling(model));
  const { warmup, seconds, overloaded, events } = first;
  const fixed = overloaded || options.time !== undefined || options.replications !== undefined;
  options.onProgress?.({ ...settling(events), phase: 'measuring' });
  const outcome = await runUntilPrecise(
    {
      template: { ...template, warmup, windows: 0, ...(options.blame && !overloaded && { blame: true }) },
      replications: options.replications ?? REPLICATIONS,
      seconds,
      precision,
      grow: fixed ? 'nothing' : shaped ? 'replications' : 'length',
      precisionOf: (runs) =>
        worstPrecision(plan, summarize(plan, model, runs, steady(plan, model)), precision),
      elapsed: () => clock() - begun,
      maxWall: options.maxWall ?? Number.POSITIVE_INFINITY,
      onStage: (runs, reached, measured) =>
        options.onProgress?.({
          phase: 'measuring',
          replications: runs.length,
          events: events + measured,
          precision: reached,
        }),
    },
    runner,
  );
  const { runs, reached } = outcome;
  runs.forEach(withoutTime);
  options.onMeasured?.(runs);
  const overflowed = runs.some((run) => run.ended === 'progress');
  const judged = canBeUnstable(plan) && !shaped;
  const growing = judged ? growingStations(runs, overloaded) : NONE;
  const doubtful =
    judged && growing.size === 0 && !(reached <= precision)
      ? doubtfulStations(runs, model.stationGroups)
      : NONE;
  const known =
    overflowed && growing.size === 0
      ? withheld(plan, model)
      : steadiness(plan, model, runs, { growing, doubtful, overloaded });
  const stable = !known.endless.includes(true) && growing.size === 0;
  const filling = known.endless.includes(true) ? [] : fillingStations(model.stationGroups, growing, runs);
  const summary = summarize(plan, model, runs, known);
  const blurred = blurredTraffic(plan, summary, warmup + outcome.seconds);
  const warmupEnded = first.settled || overloaded;
  const unjudged = warmupEnded ? (blurred.length === 0 ? null : 'clock') : 'warm-up';
  const converged = !known.traffic.includes(false) && unjudged === null && reached <= precision;
  const { stopped } = outcome;
  const frozen = stopped ? { seconds: outcome.seconds, warmup, replications: runs.length } : null;
  return {
    schema: 'tenfold/report@1',
    kind: 'simulation',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: commandOf(plan, options, seed, precision, frozen),
    converged,
    stable,
    ...(filling.length > 0 && { filling: filling.map(({ station }) => station) }),
    simulatedSeconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    replications: runs.length,
    warmupSeconds: warmup,
    wallSeconds: options.timing === true ? clock() - begun : null,
    events: runs.reduce((sum, run) => sum + run.events, 0),
    ...summary,
    goals: goalReports(plan, summary, known.endless, unjudged),
    scenario: null,
    sheet: [],
    notes: notesOf(model, summary.stations, {
      stable,
      shaped,
      warmupEnded,
      // Who asks where the time goes reads the margins of that.
      shortfall: reached <= precision || options.blame ? null : { stopped, reached, precision },
      overflowed,
      doubtful,
      filling,
      polluted: new Set([...model.caches.keys()].filter((c) => runs.some((run) => run.caches[c]!.news > 0))),
      blurred,
    }),
  };
}

/** Nothing that needs a steady state is told, and nothing is said to be endless. */
function withheld(plan: Plan, model: Model): Steadiness {
  return {
    traffic: plan.traffic.map(() => false),
    stations: model.stationGroups.map(() => false),
    endless: plan.traffic.map(() => false),
  };
}
