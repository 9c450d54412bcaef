import type { StalenessReport } from '../../report/report.ts';
import type { Model } from '../model.ts';
import { quantileFigure, ratioFigure, shareFigure, sum } from './figures.ts';
import type { Measurement } from './measurement.ts';

/** How stale reads by quorum were in replications, by name of the component. */
export function stalenessReports(
  { quorums }: Pick<Model, 'quorums'>,
  runs: readonly Measurement[],
): Record<string, StalenessReport> {
  return Object.fromEntries(
    quorums.map(({ name }, q) => {
      const of = runs.map((run) => run.quorums![q]!);
      const stale = of.map((each) => each.stale);
      const samples = of.map((each) => ({
        histogram: each.ages,
        count: each.stale,
        sum: each.ageSum,
        least: each.ageLeast,
        most: each.ageMost,
      }));
      const quantile = (p: number) => quantileFigure(samples, p);
      const report: StalenessReport = {
        reads: sum(of.map(({ reads }) => reads)),
        stale: shareFigure(
          stale,
          of.map(({ reads }) => reads),
        ),
        age: {
          mean: ratioFigure(
            of.map(({ ageSum }) => ageSum),
            stale,
            's',
          ),
          p50: quantile(0.5),
          p95: quantile(0.95),
          p99: quantile(0.99),
          p999: quantile(0.999),
        },
        versions: ratioFigure(
          of.map(({ behind }) => behind),
          stale,
          '1',
        ),
      };
      return [name, report];
    }),
  );
}
