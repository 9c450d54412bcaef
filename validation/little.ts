import type { Report, StationReport } from '../src/report/index.ts';

/** How far a station is from Little's law in one run. */
export interface StationResidual {
  readonly station: string;
  /** |L − λT| / L. */
  readonly residual: number;
}

/**
 * Little's law, L = λT (Operations Research 9, 1961), at every station that was used: the mean number there
 * by its queue length and utilisation, against its arrivals times the mean time they spent there. Stations
 * that lose customers are left out, as not everybody who arrives there waits and is served; so are those
 * without a number of servers.
 */
export function stationResiduals(report: Report): StationResidual[] {
  const lossy = new Set(
    Object.values(report.operations).flatMap(({ failed }) =>
      Object.keys(failed).map((reason) => reason.replace(/ (full|dropped|shed|timed out)$/, '')),
    ),
  );
  return Object.entries(report.stations)
    .filter(([name]) => !lossy.has(name))
    .flatMap(([station, of]) => {
      const residual = residualOf(of);
      return residual === null ? [] : [{ station, residual }];
    });
}

function residualOf({
  servers,
  queueLength,
  utilization,
  arrivals,
  waiting,
  service,
}: StationReport): number | null {
  const values = [
    servers,
    queueLength.value,
    utilization.value,
    arrivals.value,
    waiting.value,
    service.value,
  ];
  const [count, queued, busy, rate, wait, served] = values.map((value) => value ?? Number.NaN);
  const number = queued! + busy! * count!;
  const time = wait! + served!;
  // Where nobody was served, as in a deadlock, or took no time, there is nothing to compare.
  if (!(number > 0 && time > 0)) return null;
  return Math.abs(number - rate! * time) / number;
}
