import type { Plan } from '../../design/plan.ts';
import { goalsOfTraffic } from '../../design/plan-goal.ts';
import type { PlanScenario } from '../../design/plan-scenario.ts';
import type { Figure } from '../../report/report.ts';
import type {
  ObjectiveReport,
  OutcomeReport,
  ScenarioReport,
  SeriesReport,
  TrafficSeriesReport,
} from '../../report/scenario-report.ts';
import { copyHolders } from '../caching/copy-versions.ts';
import type { Model } from '../model.ts';
import { changesOf } from '../scenario-changes.ts';
import { meanFigure, share, shareFigure, sum } from './figures.ts';
import { dueOf, type Measurement } from './measurement.ts';
import { objectiveReport } from './objectives.ts';
import { badWindows, courseOf, type Standard, standardOf } from './recovery.ts';
import type { TrafficSeries } from './series.ts';
import { patienceOf, UNFINISHED, type Unfinished, unfinishedIn, withUnfinished } from './unfinished.ts';

/** What replications of a scenario showed. */
export interface ScenarioSummary {
  readonly scenario: Omit<ScenarioReport, 'recoveryLoad'>;
  /** By traffic, in the order of the plan. */
  readonly unfinished: readonly Unfinished[];
}

/**
 * What replications of a scenario show, window by window, and whether they recovered.
 *
 * @param standards what parts good windows from bad ones, by traffic; without them, the goals and what it was like before
 */
export function summarizeScenario(
  plan: Plan,
  scenario: PlanScenario,
  model: Pick<
    Model,
    'stationGroups' | 'breakers' | 'balancers' | 'reasons' | 'scalers' | 'faults' | 'caches' | 'copies'
  >,
  runs: readonly Measurement[],
  standards?: Readonly<Record<string, Standard>>,
): ScenarioSummary {
  const series = runs.map((run) => run.series!);
  const { window } = series[0]!;
  const changes = changesOf(
    plan,
    scenario,
    (component) => model.scalers.find((scaler) => scaler.component === component)?.to ?? null,
    runs.flatMap(({ canaries }) => (canaries === undefined ? [] : [canaries])),
  );
  const traffic: Record<string, TrafficSeriesReport> = {};
  const outcomes: Record<string, OutcomeReport> = {};
  const objectives: Record<string, ObjectiveReport> = {};
  const unfinished: Unfinished[] = [];
  plan.traffic.forEach(({ name, index }) => {
    const measured = series.map((run) => run.traffic[index]!);
    const goals = goalsOfTraffic(plan.goals, index);
    const before = Math.floor((changes[0]?.at ?? 0) / window);
    const standard = standards?.[name] ?? standardOf(goals, measured, before);
    const patience = patienceOf(standard, measured, before);
    const still = measured.map((run) => unfinishedIn(run, patience, window));
    const requests = still.map(sum);
    const due = runs.map(({ traffic }, r) => dueOf({ ...traffic[index]!, unfinished: requests[r]! }));
    unfinished.push({ patience, requests, share: shareFigure(requests, due) });
    const of = measured.map((run, r) => withUnfinished(run, still[r]!));
    traffic[name] = trafficSeries(of, window, [...model.reasons, UNFINISHED]);
    const unserved = runs.map((run, r) => sum(run.traffic[index]!.failed) + requests[r]!);
    outcomes[name] = outcomeOf(standard, of, window, changes, unserved);
    const goal = goals.find(({ objective }) => objective !== undefined);
    if (goal !== undefined) objectives[name] = objectiveReport(goal, standard, of, window, changes);
  });
  const stale = copyHolders(model).map((name, h): [string, SeriesReport] => {
    const of = runs.map((run) => run.versions![h]!);
    const shares = of.map(({ readsOver, staleOver }) => staleOver.map((each, w) => each / readsOver[w]!));
    return [name, seriesOf(shares, '1')];
  });
  const report = {
    name: scenario.name,
    summary: scenario.summary,
    seconds: scenario.lasts,
    window,
    changes,
    traffic,
    stations: Object.fromEntries(
      model.stationGroups.map((group, g) => {
        const of = series.map((run) => run.stations[g]!);
        const scaled = model.scalers.findIndex(({ component }) => component === group.component);
        const utilization = seriesOf(
          of.map(({ busy }, r) =>
            busy.map((each, w) => {
              const instances = series[r]!.scaled[scaled]?.existing[w] ?? group.instances;
              if (group.servers === null) return Number.NaN;
              return (
                each / window / Math.min(group.servers * instances, group.most ?? Number.POSITIVE_INFINITY)
              );
            }),
          ),
          '1',
        );
        const queueLength = seriesOf(
          of.map(({ queued }) => queued.map((each) => each / window)),
          '1',
        );
        return [group.name, { utilization, queueLength }];
      }),
    ),
    breakers: Object.fromEntries(
      model.breakers.map(({ purpose, instances }, b) => [
        purpose,
        seriesOf(
          series.map((run) => run.breakers[b]!.map((open) => open / instances)),
          '1',
        ),
      ]),
    ),
    health: Object.fromEntries(
      model.balancers.flatMap(({ purpose, targets, health }, b) =>
        // One that only heeds who is drained has no opinion of its own.
        health === undefined || Object.keys(health.options).length === 0
          ? []
          : [
              [
                purpose,
                seriesOf(
                  series.map((run) => run.well[b]!.map((well) => well / targets)),
                  '1',
                ),
              ],
            ],
      ),
    ),
    instances: Object.fromEntries(
      model.scalers.map(({ name }, s) => [
        name,
        seriesOf(
          series.map((run) => run.scaled[s]!.serving),
          '1',
        ),
      ]),
    ),
    ...(stale.length > 0 && { stale: Object.fromEntries(stale) }),
    outcomes,
    ...(Object.keys(objectives).length > 0 && { objectives }),
  };
  return { scenario: report, unfinished };
}

function trafficSeries(
  runs: readonly TrafficSeries[],
  window: number,
  reasons: readonly string[],
): TrafficSeriesReport {
  const rate = (of: (run: TrafficSeries) => Float64Array): SeriesReport =>
    seriesOf(
      runs.map((run) => of(run).map((count) => count / window)),
      '1/s',
    );
  const failures: Record<string, SeriesReport> = {};
  reasons.forEach((reason, r) => {
    if (runs.some((run) => sum(run.failed[r]!) > 0)) failures[reason] = rate((run) => run.failed[r]!);
  });
  const quantile = (q: number): SeriesReport =>
    seriesOf(
      runs.map((run) => run.quantiles[q]!),
      's',
    );
  return {
    offered: rate((run) => run.offered),
    goodput: rate((run) => run.served),
    failures,
    p50: quantile(0),
    p95: quantile(1),
    p99: quantile(2),
  };
}

/** Mean and interval in each window, over the replications that have a value there. */
function seriesOf(runs: readonly Float64Array[], unit: Figure['unit']): SeriesReport {
  const value: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  runs[0]!.forEach((_, w) => {
    const figure = meanFigure(
      runs.map((run) => run[w]!),
      unit,
    );
    value.push(figure.value);
    low.push(figure.low);
    high.push(figure.high);
  });
  return { unit, value, low, high };
}

function outcomeOf(
  standard: Standard,
  runs: readonly TrafficSeries[],
  window: number,
  changes: ScenarioReport['changes'],
  unserved: readonly number[],
): OutcomeReport {
  const first = changes[0]?.at ?? 0;
  const last = Math.max(0, ...changes.map(({ at, until }) => until ?? at));
  const courses = runs.map((run) => courseOf(badWindows(run, standard, window), window));
  const harmed = courses.filter((course) => course.harmed);
  return {
    successBelow: standard.success,
    p99Above: standard.p99,
    harmed: share(harmed.length, runs.length),
    recovered: share(courses.filter((course) => course.recovered).length, runs.length),
    detection: meanFigure(
      harmed.map(({ badFrom }) => Math.max(0, badFrom - first)),
      's',
    ),
    recovery: meanFigure(
      harmed.map(({ goodFrom }) => Math.max(0, goodFrom - last)),
      's',
    ),
    lost: meanFigure(unserved, '1'),
  };
}
