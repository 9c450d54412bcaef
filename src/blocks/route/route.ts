/** Header fields by name; names in lower case, since HTTP does not tell cases apart (RFC 9110, section 5.1). */
export type Headers = Readonly<Record<string, string>>;

/** Which requests a route takes: those that fulfil all it states, or a share of them. */
export interface Route {
  /** `/view`, or the beginning of a path and a star: `/checkout*`; without it, every path. */
  readonly path?: string;
  /** All of these with these values; without it, whatever the headers. */
  readonly headers?: Headers;
  /** Of the requests that come to the first of the routes beside it that state the same, > 0 to 1; without it, the rest. */
  readonly share?: number;
  /** What decides about a share: `chance`, anew for each request, or `key`, always alike for a key; default `chance`. */
  readonly by?: 'chance' | 'key';
}

/** A parting of ways on the way of one kind of requests. */
export interface Fork {
  readonly by: 'chance' | 'key';
  /** Where the shares of its routes end, on a line from 0 to 1. */
  readonly ends: readonly number[];
  /** Which route each share goes to. */
  readonly routes: readonly number[];
}

/** No route takes the request. */
export const NO_ROUTE = -1;

/** Whether a path is what the pattern says. */
export function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

/** Whether all headers that are asked for are there, with these values. */
export function matchesHeaders(asked: Headers, headers: Headers): boolean {
  for (const name in asked) if (headers[name] !== asked[name]) return false;
  return true;
}

/**
 * What routes, tried in order, make of requests with this path and these headers: forks on their way, one behind the
 * other. A request that takes none of the ways of a fork goes on to the next one; one that is past all of them has no
 * route.
 */
export function forksOf(routes: readonly Route[], path: string, headers: Headers): readonly Fork[] {
  const forks: { by: 'chance' | 'key'; ends: number[]; routes: number[] }[] = [];
  let before: Route | null = null;
  for (const [index, route] of routes.entries()) {
    const beside = before !== null && statesTheSame(before, route);
    before = route;
    if (route.path !== undefined && !matchesPath(route.path, path)) continue;
    if (route.headers !== undefined && !matchesHeaders(route.headers, headers)) continue;
    const last = beside ? forks.at(-1) : undefined;
    const { share = 1, by = last?.by ?? 'chance' } = route;
    const fork = last ?? { by, ends: [], routes: [] };
    if (fork !== last) forks.push(fork);
    const end = Math.min(1, (fork.ends.at(-1) ?? 0) + share);
    fork.ends.push(end > 1 - ROUNDING ? 1 : end);
    fork.routes.push(index);
    if (fork.ends.at(-1) === 1) return forks;
  }
  return forks;
}

/** A sum of shares this near to all is all. */
const ROUNDING = 1e-9;

/** Whether two routes state the same of a request, their shares apart. */
export function statesTheSame(a: Route, b: Route): boolean {
  const { headers: of = {} } = a;
  const { headers: and = {} } = b;
  return a.path === b.path && Object.keys(of).length === Object.keys(and).length && matchesHeaders(of, and);
}

/** The share of requests that each route takes on that way, routes without any left out. */
export function sharesOf(forks: readonly Fork[]): ReadonlyMap<number, number> {
  const shares = new Map<number, number>();
  let coming = 1;
  for (const { ends, routes } of forks) {
    routes.forEach((route, i) => {
      const share = coming * (ends[i]! - (ends[i - 1] ?? 0));
      if (share > 0) shares.set(route, share);
    });
    coming *= 1 - ends.at(-1)!;
  }
  return shares;
}

/** Something that cannot be about the route of that index. */
export interface RouteProblem {
  readonly route: number;
  readonly about: 'share' | 'by';
  readonly message: string;
}

/** What cannot be in a list of routes: shares beyond all, or such as belong together and are decided in two ways. */
export function routeProblems(routes: readonly Route[]): readonly RouteProblem[] {
  const problems: RouteProblem[] = [];
  let sum = 0;
  let way: Route['by'];
  for (const [index, route] of routes.entries()) {
    const before = routes[index - 1];
    const beside = before !== undefined && statesTheSame(before, route);
    if (!beside) sum = 0;
    if (!beside) way = undefined;
    const { share, by } = route;
    if (share === undefined) continue;
    const told = (about: RouteProblem['about'], message: string): void => {
      problems.push({ route: index, about, message });
    };
    if (!(share > 0 && share <= 1)) told('share', `a share must be above 0 and at most 1, got ${share}`);
    sum += share;
    if (sum > 1 + ROUNDING && sum - share <= 1 + ROUNDING) {
      told('share', `with those before it, the share comes to ${Number((100 * sum).toFixed(4))} %`);
    }
    if (way !== undefined && by !== undefined && by !== way) {
      told('by', `shares that belong together are decided by ${way} and by ${by}`);
    }
    way ??= by ?? 'chance';
  }
  return problems;
}
