import {
  BurnAlerts,
  type BurnRule,
  burnRateFor,
  ServiceLevel,
  workbookBurnRules,
} from '../../blocks/index.ts';
import type { PlanGoal } from '../../design/plan.ts';
import type { AlertReport, ObjectiveReport, ScenarioChange } from '../../report/scenario-report.ts';
import { meanFigure, share, sum } from './figures.ts';
import { badWindows, courseOf, type Standard } from './recovery.ts';
import type { TrafficSeries } from './series.ts';

/** The period that the rules of the workbook are for. */
const WORKBOOK_WINDOW = 30 * 86_400;
/** Panes of the window of an objective. */
const PANES = 720;
/** Seconds between two looks before and after a scenario, in which all is as usual. */
const BEFORE_STEP = 60;
const AFTER_STEP = 5;

/** Requests per second that succeed and fail while nothing happens. */
interface Usual {
  readonly good: number;
  readonly bad: number;
}

/** What one replication showed of one alert, seconds from the start of the scenario; NaN where it did not. */
interface Alerted {
  readonly firedAt: number;
  readonly overAt: number;
}

/**
 * What a scenario burnt of an error budget, and which alerts it set off, by the blocks that a service would run. All is
 * taken to have been as before the first change for as long as the windows reach back, and to be so again after the end where all is
 * well then.
 */
export function objectiveReport(
  { text, target, objective }: PlanGoal,
  standard: Standard,
  runs: readonly TrafficSeries[],
  window: number,
  changes: readonly ScenarioChange[],
): ObjectiveReport {
  const { window: period, alerts } = objective!;
  const first = changes[0]?.at ?? 0;
  const last = Math.max(0, ...changes.map(({ at, until }) => until ?? at));
  const usual = usualOf(runs, Math.floor(first / window), window);
  const rules = alerts ? rulesFor(period) : [];
  const alerted = rules.length === 0 ? [] : alertedBy(rules, target, standard, runs, window, usual);
  return {
    goal: text,
    objective: target,
    window: period,
    burnt: meanFigure(
      runs.map((run) => burntBy(run, target, period, window, usual)),
      '1',
    ),
    alerts: rules.map(({ severity, burnRate, long, short }, r): AlertReport => {
      const of = alerted.map((run) => run[r]!);
      const fired = of.filter(({ firedAt }) => Number.isFinite(firedAt));
      return {
        severity,
        burnRate,
        long,
        short,
        fired: share(fired.length, of.length),
        detection: meanFigure(
          fired.map(({ firedAt }) => Math.max(0, firedAt - first)),
          's',
        ),
        over: meanFigure(
          fired.map(({ overAt }) => Math.max(0, overAt - last)),
          's',
        ),
      };
    }),
  };
}

/**
 * The standard rules for an objective over this period: the same shares of the budget in the same time, as far as the
 * budget would not last the period.
 */
function rulesFor(period: number): BurnRule[] {
  if (period === WORKBOOK_WINDOW) return [...workbookBurnRules()];
  return workbookBurnRules().flatMap((rule) => {
    const share = (rule.burnRate * rule.long) / WORKBOOK_WINDOW;
    const burnRate = burnRateFor(share, rule.long, period);
    return burnRate < 1 ? [] : [{ ...rule, burnRate }];
  });
}

/** @param before windows before the first change; with none, all that came is taken to have succeeded */
function usualOf(runs: readonly TrafficSeries[], before: number, window: number): Usual {
  const windows = before > 0 ? before : runs[0]!.served.length;
  const seconds = runs.length * windows * window;
  const good = sum(runs.map((run) => sum(run.served.subarray(0, windows))));
  const bad = sum(runs.map((run) => sum(run.failed.map((by) => sum(by.subarray(0, windows))))));
  return before > 0 ? { good: good / seconds, bad: bad / seconds } : { good: (good + bad) / seconds, bad: 0 };
}

const failedIn = (run: TrafficSeries, w: number): number => sum(run.failed.map((by) => by[w]!));

/** Share of the budget of a whole window that one replication used up. */
function burntBy(
  run: TrafficSeries,
  objective: number,
  period: number,
  window: number,
  { good, bad }: Usual,
): number {
  const level = new ServiceLevel({ objective, span: period, panes: PANES });
  const told = wholeNumbers((time) => time * (good + bad));
  for (let pane = 1; pane <= PANES; pane++)
    level.record(told((pane * period) / PANES), 0, (pane * period) / PANES);
  let now = period;
  run.served.forEach((served, w) => {
    now = period + (w + 1) * window;
    level.record(served, failedIn(run, w), now);
  });
  return 1 - level.errorBudget(now).shareLeft;
}

/** By replication and rule. */
function alertedBy(
  rules: readonly BurnRule[],
  objective: number,
  standard: Standard,
  runs: readonly TrafficSeries[],
  window: number,
  { good, bad }: Usual,
): Alerted[][] {
  const begins = Math.max(...rules.map(({ long }) => long));
  const history = new BurnAlerts({ objective, rules });
  const goodBefore = wholeNumbers((time) => time * good);
  const badBefore = wholeNumbers((time) => time * bad);
  for (let now = BEFORE_STEP; now <= begins; now += BEFORE_STEP) {
    history.record(goodBefore(now), badBefore(now), now);
  }
  const known = history.snapshot();
  return runs.map((run) => {
    const alerts = new BurnAlerts({ objective, rules }, known);
    const firedAt = rules.map(() => Number.NaN);
    const overAt = rules.map(() => Number.NaN);
    const firing = rules.map(() => false);
    const look = (now: number): void => {
      for (const [r] of rules.entries()) {
        const is = alerts.isFiring(r, now);
        if (is && Number.isNaN(firedAt[r]!)) firedAt[r] = now - begins;
        if (firing[r] && !is) overAt[r] = now - begins;
        firing[r] = is;
      }
    };
    let now = begins;
    run.served.forEach((served, w) => {
      now = begins + (w + 1) * window;
      alerts.record(served, failedIn(run, w), now);
      look(now);
    });
    if (courseOf(badWindows(run, standard, window), window).recovered) {
      const ended = now;
      const goodAfter = wholeNumbers((time) => time * good);
      const badAfter = wholeNumbers((time) => time * bad);
      while (firing.includes(true) && now - ended < begins) {
        now += AFTER_STEP;
        alerts.record(goodAfter(now - ended), badAfter(now - ended), now);
        look(now);
      }
    }
    return rules.map((_, r) => ({ firedAt: firedAt[r]!, overAt: firing[r] ? Number.NaN : overAt[r]! }));
  });
}

/** Whole numbers that add up to a sum that grows with time: each is what is to be told since the last. */
function wholeNumbers(sumAt: (time: number) => number): (time: number) => number {
  let told = 0;
  return (time) => {
    const more = Math.max(0, Math.round(sumAt(time)) - told);
    told += more;
    return more;
  };
}
