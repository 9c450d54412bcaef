import type { StalenessReport } from '../../report/report.ts';
import { copyHolders } from '../caching/copy-versions.ts';
import type { Model } from '../model.ts';
import type { StaleReadsMeasurement } from '../replicas/stale-reads.ts';
import { quantileFigure, ratioFigure, shareFigure, sum } from './figures.ts';
import type { Measurement } from './measurement.ts';

/** How stale reads by quorum, and answers from copies of data that changed, were in replications, by name of the component. */
export function stalenessReports(
  model: Pick<Model, 'quorums' | 'faults' | 'caches' | 'copies'>,
  runs: readonly Measurement[],
): Record<string, StalenessReport> {
  type Read = readonly [name: string, of: readonly StaleReadsMeasurement[]];
  const ofQuorums = model.quorums.map(({ name }, q): Read => [name, runs.map((run) => run.quorums![q]!)]);
  const ofCopies = copyHolders(model).map((name, h): Read => [name, runs.map((run) => run.versions![h]!)]);
  return Object.fromEntries(
    [...ofQuorums, ...ofCopies].map(([name, of]) => {
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
