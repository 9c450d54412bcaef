import type { OnceReport } from '../../report/report.ts';
import type { Model } from '../model.ts';
import type { OnceMeasurement } from '../once.ts';
import { shareFigure, sum } from './figures.ts';
import type { Measurement } from './measurement.ts';

/** What replications measured of steps that are to be done once, by name of their operation. */
export function onceReports(
  { onces }: Pick<Model, 'onces'>,
  runs: readonly Measurement[],
): Record<string, OnceReport> {
  return Object.fromEntries(
    onces.map(({ name }, o) => {
      const of = runs.map((run) => run.onces![o]!);
      const total = (count: keyof OnceMeasurement): number => sum(of.map((each) => each[count]));
      const report: OnceReport = {
        done: total('done'),
        repeated: total('repeated'),
        skipped: total('skipped'),
        inProgress: total('busy'),
        full: total('full'),
        duplicates: shareFigure(
          of.map(({ repeated }) => repeated),
          of.map(({ done }) => done),
        ),
      };
      return [name, report];
    }),
  );
}
