import type { Plan } from '../design/plan.ts';
import type { Figure, LatencyReport } from '../report/report.ts';
import { solveAll } from './closed.ts';
import { connectionShares, connectionsOf } from './connections.ts';
import type { Effort } from './effort.ts';
import type { Entry } from './entry.ts';
import { hitRatios } from './fronts.ts';
import type { ComponentModel } from './kind.ts';
import { mean } from './law/index.ts';
import { copiesHitRatio } from './own-copies.ts';
import type { PercentileFinder } from './percentile-finder.ts';
import { queueValues } from './queues.ts';
import { sheetOf } from './sheet.ts';
import type { Balancing, Solution, SolvedStation, TrafficResponse } from './solution.ts';

/** A number by the place it has in the report; null = unknown, Infinity = grows without end. */
export type Values = ReadonlyMap<string, number | null>;

/** A design with exact inputs, in numbers. */
export interface Measured {
  readonly solution: Solution;
  readonly values: Values;
  readonly sheet: readonly Entry[];
}

/** Quantiles of the report. */
export const percentiles: readonly (readonly [keyof LatencyReport, number])[] = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
];

/**
 * Times without a mean come from rare services that hold up everybody behind them for very long: quantiles
 * beyond this one are those of a steady state that no system lives to see.
 */
const WITHOUT_MEAN_MAX = 0.95;

/** What the report says of a station, with the unit of each. */
export const stationFigures = {
  utilization: '1',
  queueLength: '1',
  waiting: 's',
  waitingP99: 's',
  delayed: '1',
  arrivals: '1/s',
  service: 's',
  wasted: '1',
} as const satisfies Record<string, Figure['unit']>;

/** Name under which a number is kept. */
export const keyOf = (...parts: readonly string[]): string => parts.join('\u0000');

/**
 * Solves a plan and gathers every number of its report.
 *
 * @param plan whose values are taken for exact
 */
export function measure(
  plan: Plan,
  models: readonly ComponentModel[],
  balancing: Balancing,
  finder: PercentileFinder,
  effort: Effort = 'thorough',
): Measured {
  return gather(solveAll(plan, models, balancing, effort), finder);
}

/**
 * As `measure`, for a plan that differs from a solved one in data alone that nobody's way depends on: only the
 * sheet is done again.
 */
export function measureSheet(
  plan: Plan,
  models: readonly ComponentModel[],
  { solution, values }: Measured,
): Measured {
  const sheet = sheetOf({ ...solution, plan, models });
  const own = new Map(values);
  for (const { name, value } of sheet) own.set(keyOf('sheet', name), value);
  return { solution, values: own, sheet };
}

function gather(solution: Solution, finder: PercentileFinder): Measured {
  const { plan, models } = solution;
  const values = new Map<string, number | null>();
  plan.traffic.forEach(({ name }, t) => {
    const place = keyOf('traffic', name, percentiles[0]![0]);
    for (const [figure, value] of trafficValues(solution.responses[t]!, finder, place)) {
      values.set(keyOf('traffic', name, figure), value);
    }
  });
  for (const station of solution.stations.flat()) {
    const place = keyOf('station', station.name, 'waitingP99');
    for (const [figure, value] of stationValues(station, finder, place)) {
      values.set(keyOf('station', station.name, figure), value);
    }
  }
  models.forEach((model, c) => {
    const ratios = hitRatios(model, solution.misses[c] ?? null, solution.flows, solution.rules.keySpace);
    if (ratios === null) return;
    const { name } = plan.components[c]!;
    values.set(keyOf('cache', name, 'hitRatio'), ratios.own);
    if (ratios.shield !== null) values.set(keyOf('cache', `${name}.shield`, 'hitRatio'), ratios.shield);
  });
  models.forEach((model, c) => {
    const ratio = copiesHitRatio(model, solution.flows, solution.rules);
    if (ratio !== null) values.set(keyOf('cache', plan.components[c]!.name, 'hitRatio'), ratio);
  });
  for (const { component, connections } of connectionsOf(plan)) {
    const { name, operations } = plan.components[component]!;
    const rate = operations.reduce((sum, each) => sum + solution.flows.rates[each]!, 0);
    const { opened, resumed } = connectionShares(rate, connections);
    values.set(keyOf('connection', name, 'opened'), opened);
    values.set(keyOf('connection', name, 'resumed'), resumed);
  }
  for (const queue of solution.queues) {
    for (const [figure, value] of queueValues(queue)) values.set(keyOf('queue', queue.name, figure), value);
    if (!queue.stable || !queue.isConsumed || !Number.isFinite(mean(queue.age))) continue;
    const shares = percentiles.map(([, share]) => share);
    const found = finder(queue.age, shares, keyOf('queue', queue.name, percentiles[0]![0]));
    for (const [i, [name]] of percentiles.entries()) values.set(keyOf('queue', queue.name, name), found[i]!);
  }
  const sheet = sheetOf(solution);
  for (const { name, value } of sheet) values.set(keyOf('sheet', name), value);
  return { solution, values, sheet };
}

function* trafficValues(
  { law, success, rate, overloaded, controlled, passes, spared }: TrafficResponse,
  finder: PercentileFinder,
  place: string,
): Generator<[string, number | null]> {
  if (controlled) {
    for (const figure of ['throughput', 'success', 'mean', ...percentiles.map(([name]) => name)]) {
      yield [figure, null];
    }
    return;
  }
  if (overloaded.length > 0) {
    // Those who get through do so at the rate of the tightest station; how late they are has no limit, save for
    // those who do without it, and they come first.
    yield ['throughput', rate * passes];
    yield ['success', null];
    yield ['mean', Number.POSITIVE_INFINITY];
    for (const [name, share] of percentiles) yield [name, share < spared ? null : Number.POSITIVE_INFINITY];
    return;
  }
  yield ['throughput', rate * success];
  yield ['success', success];
  if (success === 0) {
    for (const figure of ['mean', ...percentiles.map(([name]) => name)]) yield [figure, null];
    return;
  }
  yield ['mean', mean(law)];
  const found = finder(
    law,
    percentiles.map(([, share]) => share),
    place,
  );
  for (const [i, [name, share]] of percentiles.entries()) {
    yield [name, mean(law) === Number.POSITIVE_INFINITY && share > WITHOUT_MEAN_MAX ? null : found[i]!];
  }
}

function* stationValues(
  station: SolvedStation,
  finder: PercentileFinder,
  place: string,
): Generator<[string, number | null]> {
  const { servers, offered, accepted, service, capacity, stable, busy, state, slot, control } = station;
  const wait = slot?.wait ?? state?.wait;
  const delayed = slot?.delayed ?? state?.delayed ?? 0;
  yield ['arrivals', offered];
  yield [
    'utilization',
    servers === null
      ? null
      : Math.min(1, busy ?? (stable ? (accepted * service) / servers : offered / capacity)),
  ];
  if (station.hottest !== undefined && servers !== null) {
    const { instances } = station;
    yield ['busiest', Math.min(1, (accepted * service * station.hottest * instances) / servers)];
  }
  yield ['wasted', null];
  // Where slots cannot keep up, how long one is held is what they let through.
  yield ['service', !stable && slot !== null && servers !== null ? servers / capacity : service];
  if (!stable) {
    const wait = control === null ? Number.POSITIVE_INFINITY : null;
    for (const figure of ['queueLength', 'waiting', 'waitingP99']) yield [figure, wait];
    yield ['delayed', control === null ? 1 : null];
  } else if (wait === undefined || offered === 0) {
    for (const figure of ['queueLength', 'waiting', 'waitingP99', 'delayed']) yield [figure, 0];
  } else if (state?.load.discipline === 'processor-sharing') {
    // What a request takes longer than its own work counts as its wait; of that only the mean is known.
    yield ['queueLength', accepted * mean(wait)];
    yield ['waiting', mean(wait)];
    yield ['waitingP99', null];
    yield ['delayed', null];
  } else {
    yield ['queueLength', accepted * mean(wait)];
    yield ['waiting', mean(wait)];
    const endless = mean(wait) === Number.POSITIVE_INFINITY;
    yield ['waitingP99', delayed <= 0.01 ? 0 : endless ? null : finder(wait, [0.99], place)[0]!];
    yield ['delayed', delayed];
  }
}
