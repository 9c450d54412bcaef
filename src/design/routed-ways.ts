import { forksOf, type Headers, sharesOf } from '../blocks/index.ts';
import type { OutlineRoute } from './outline.ts';
import type { PlanOperation, PlanWay } from './plan.ts';
import { pathOf } from './routes.ts';

/**
 * Which ways routes send requests for an operation, and which share of them, by the traffic that they are of.
 *
 * @param profiles headers of each traffic
 * @param numberOf the operation of that name of a component; asked only where the component has it
 */
export function routedWays(
  routes: readonly OutlineRoute[],
  operation: string,
  profiles: readonly Headers[],
  numberOf: (component: string) => number,
): Pick<PlanOperation, 'forwards' | 'among' | 'route'> {
  const ways = new Map<string, PlanWay & { readonly traffic: number[] }>();
  for (const [headers, traffic] of alikeTo(routes, profiles)) {
    for (const [route, share] of sharesOf(forksOf(routes, pathOf(operation), headers))) {
      const { target } = routes[route]!;
      if (target.operations?.has(operation) === false) continue;
      const name = `${route} ${share}`;
      const way = ways.get(name) ?? { operation: numberOf(target.name), share, route, traffic: [] };
      way.traffic.push(...traffic);
      ways.set(name, way);
    }
  }
  const inOrder = [...ways.values()].sort((a, b) => a.route! - b.route!);
  const among = inOrder.map(({ traffic, ...way }): PlanWay => {
    return traffic.length === profiles.length ? way : { ...way, traffic: traffic.sort((a, b) => a - b) };
  });
  const [only] = among;
  if (among.length === 1 && only!.share === 1 && only!.traffic === undefined) {
    return { forwards: only!.operation, route: only!.route! };
  }
  return { forwards: only?.operation ?? null, among };
}

/** Traffics that no route tells apart, with the headers of the first of them. */
function alikeTo(
  routes: readonly OutlineRoute[],
  profiles: readonly Headers[],
): ReadonlyMap<Headers, readonly number[]> {
  const asked = [...new Set(routes.flatMap(({ headers }) => Object.keys(headers ?? {})))];
  const first = new Map<string, Headers>();
  const alike = new Map<Headers, number[]>();
  for (const [traffic, headers] of profiles.entries()) {
    const name = JSON.stringify(asked.map((field) => headers[field] ?? null));
    const of = first.get(name) ?? headers;
    first.set(name, of);
    const list = alike.get(of) ?? [];
    list.push(traffic);
    alike.set(of, list);
  }
  return alike;
}
