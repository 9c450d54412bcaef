import type { LatencyReport, ReplicationReport, StalenessReport } from '../../report/report.ts';
import { copyHolders } from '../caching/copy-versions.ts';
import type { Model } from '../model.ts';
import type { StaleReadsMeasurement } from '../replicas/stale-reads.ts';
import { quantileFigure, ratioFigure, type Sample, shareFigure, sum } from './figures.ts';
import type { Measurement } from './measurement.ts';

/** How stale reads by quorum, and answers from copies of data that changed, were in replications, by name of the component. */
export function stalenessReports(
  model: Pick<Model, 'quorums' | 'followers' | 'faults' | 'caches' | 'copies'>,
  runs: readonly Measurement[],
): Record<string, StalenessReport> {
  type Read = readonly [name: string, of: readonly StaleReadsMeasurement[]];
  const ofQuorums = model.quorums.map(({ name }, q): Read => [name, runs.map((run) => run.quorums![q]!)]);
  const ofFollowers = model.followers.map(
    ({ name }, f): Read => [name, runs.map((run) => run.replication![f]!.reads)],
  );
  const ofCopies = copyHolders(model).map((name, h): Read => [name, runs.map((run) => run.versions![h]!)]);
  return Object.fromEntries(
    [...ofQuorums, ...ofFollowers, ...ofCopies].map(([name, of]) => {
      const stale = of.map((each) => each.stale);
      const samples = of.map((each) => ({
        histogram: each.ages,
        count: each.stale,
        sum: each.ageSum,
        least: each.ageLeast,
        most: each.ageMost,
      }));
      const report: StalenessReport = {
        reads: sum(of.map(({ reads }) => reads)),
        stale: shareFigure(
          stale,
          of.map(({ reads }) => reads),
        ),
        age: timesOf(samples),
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

/** How far replicas were behind their primaries, and what that cost, by name of the component. */
export function replicationReports(
  model: Pick<Model, 'followers'>,
  runs: readonly Measurement[],
): Record<string, ReplicationReport> {
  return Object.fromEntries(
    model.followers.map(({ name, readYourWrites }, f): [string, ReplicationReport] => {
      const of = runs.map((run) => run.replication![f]!);
      const samples = of.map(({ lags, applied, lagSum, lagLeast, lagMost }) => ({
        histogram: lags,
        count: applied,
        sum: lagSum,
        least: lagLeast,
        most: lagMost,
      }));
      return [
        name,
        {
          ...(readYourWrites !== null && {
            pinned: shareFigure(
              of.map(({ pinned }) => pinned),
              of.map(({ routed }) => routed),
            ),
          }),
          applied: sum(of.map(({ applied }) => applied)),
          lag: timesOf(samples),
          promotions: sum(of.map(({ promotions }) => promotions)),
          lost: sum(of.map(({ lost }) => lost)),
        },
      ];
    }),
  );
}

function timesOf(samples: readonly Sample[]): LatencyReport {
  const quantile = (p: number) => quantileFigure(samples, p);
  return {
    mean: ratioFigure(
      samples.map((sample) => sample.sum),
      samples.map(({ count }) => count),
      's',
    ),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    p999: quantile(0.999),
  };
}
