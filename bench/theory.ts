import { hitRatio } from '../src/blocks/index.ts';
import { mmc } from '../src/estimate/formulas/index.ts';
import type { BareNetwork } from './bare/network.ts';
import type { BarePath } from './bare/path.ts';

/** Visits a customer makes to each station: the solution of the traffic equations v = e₀ + v·P. */
export function visits({ routing }: BareNetwork): number[] {
  let visits = routing.map(() => 0);
  for (let step = 0; step < 200; step++) {
    visits = visits.map((_, to) =>
      routing.reduce((sum, row, from) => sum + visits[from]! * row[to]!, to === 0 ? 1 : 0),
    );
  }
  return visits;
}

/** Mean response of an open network of M/M/c stations (Jackson, Operations Research 5(4), 1957). */
export function networkMean(network: BareNetwork): number {
  return visits(network).reduce((sum, visited, station) => {
    const rate = network.arrivalRate * visited;
    const { response } = mmc(rate, 1 / network.serviceTime[station]!, network.servers[station]!);
    return sum + visited * response;
  }, 0);
}

/**
 * Mean response of the path without timeouts, in seconds: hops, CPU without queueing (its stations are below
 * 10 % busy), and for the misses of the cache (Che's approximation) the database as M/M/c.
 */
export function pathMean(path: BarePath): number {
  const popularity = Float64Array.from({ length: path.keys }, (_, k) => 1 / (k + 1));
  const missRatio = 1 - hitRatio('lru', popularity, new Float64Array(path.keys).fill(1), path.cached);
  const database = mmc(path.requestsPerMs * missRatio, 1 / path.databaseMs, path.connections);
  const milliseconds = 4 * path.hopMs + path.cpuMs + missRatio * (4 * path.hopMs + database.response);
  return milliseconds / 1000;
}
