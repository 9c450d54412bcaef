import type { Random } from '../../kernel/index.ts';
import { hashInteger, hashString } from '../place/index.ts';
import { type Fork, forksOf, type Headers, NO_ROUTE, type Route, routeProblems } from './route.ts';

/**
 * The route of a request on its way.
 *
 * @param forks of requests with its path and headers, by {@link forksOf}
 * @param random asked only where a share goes by chance
 * @param key of the request, any safe integer; null = it has none, and its shares go by chance
 * @param seed of the hash of keys: with another one, other keys make up a share
 * @returns the index of the route, or {@link NO_ROUTE}
 */
export function pickRoute(forks: readonly Fork[], random: Random, key: number | null, seed: number): number {
  for (let i = 0; i < forks.length; i++) {
    const { by, ends, routes } = forks[i]!;
    // A way that takes all that is left has nothing to decide.
    const chance = by === 'chance' || key === null;
    const at = ends[0] === 1 ? 0 : chance ? random.next() : hashInteger(key, seed + i) / 2 ** 32;
    for (let way = 0; way < ends.length; way++) if (at < ends[way]!) return routes[way]!;
  }
  return NO_ROUTE;
}

/** Decides by path, headers and shares where a request goes: the first of a list of routes that takes it. */
export class Router {
  private readonly routes: readonly Route[];
  private readonly seed: number;
  private readonly known = new Map<string, readonly Fork[]>();

  /**
   * @param routes in the order in which they are tried
   * @param name of the router: two with different names send different keys to a share of the same size
   * @throws RangeError when a share is not above 0 and at most 1, those that belong together are more than 1, or
   *   decided in two ways
   */
  constructor(routes: readonly Route[], name = '') {
    for (const problem of routeProblems(routes)) throw new RangeError(problem.message);
    this.routes = routes.map(({ headers, ...route }) => ({
      ...route,
      ...(headers && { headers: lowerCase(headers) }),
    }));
    this.seed = routerSeed(name);
  }

  /**
   * @param path with its slash, without a query
   * @param headers of the request; their names in any case
   * @param random where a share goes by chance
   * @param key a text, where a share goes by key; a request without one goes by chance
   * @returns the index of the route, or {@link NO_ROUTE}
   */
  route(path: string, headers: Headers, random: Random, key: string | null = null): number {
    const asked = lowerCase(headers);
    return pickRoute(this.forks(path, asked), random, key === null ? null : hashString(key), this.seed);
  }

  private forks(path: string, headers: Headers): readonly Fork[] {
    const told = this.routes.flatMap((route) => Object.keys(route.headers ?? {}));
    const name = JSON.stringify([path, told.map((header) => headers[header] ?? null)]);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    // Paths come from outside: what is remembered of them stays bounded.
    if (this.known.size === MOST_KNOWN) this.known.clear();
    const forks = forksOf(this.routes, path, headers);
    this.known.set(name, forks);
    return forks;
  }
}

const MOST_KNOWN = 1024;

/** The seed by which a router of that name hashes keys. */
export function routerSeed(name: string): number {
  return hashString(name) | 0;
}

/** Headers with their names in lower case. */
export function lowerCase(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
