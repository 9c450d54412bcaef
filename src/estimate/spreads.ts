import { passedToBy } from '../design/callees.ts';
import type { Plan, PlanOperation } from '../design/plan.ts';
import { flattened } from './activities.ts';
import type { Flows, Stream } from './flows.ts';
import type { KeySpace } from './keys.ts';
import type { Choosing, ComponentModel, Spread } from './kind.ts';
import type { Balancing, ComponentSpread } from './solution.ts';
import { rememberedShare } from './sticky.ts';

/** Rates below this share of all calls are rounding. */
const ROUNDING = 1e-9;

/** How the instances of each component are chosen: as most of its requests come, and otherwise. */
export function spreadsOf(
  plan: Plan,
  models: readonly ComponentModel[],
  flows: Flows,
  keySpace: KeySpace,
): ComponentSpread[] {
  const shares = models.map(() => new Map<Spread, Way>());
  const add = (component: number, choosing: Choosing, rate: number): void => {
    const ways = shares[component]!;
    const known = ways.get(choosing.spread);
    // Of several with other weights, that of most requests.
    const larger = known === undefined || rate > known.largest ? choosing : known.choosing;
    ways.set(choosing.spread, {
      choosing: larger,
      largest: Math.max(rate, known?.largest ?? 0),
      rate: rate + (known?.rate ?? 0),
    });
  };
  const direct = models.map((_, component) =>
    plan.components[component]!.operations.reduce((total, o) => total + flows.rates[o]!, 0),
  );
  for (const operation of plan.operations) {
    if (passedToBy(operation).length === 0) continue;
    for (const activity of flattened(models[operation.component]!.activities(operation))) {
      if (activity.does !== 'forward' || activity.spread === null) continue;
      const usual = activity.choosing ?? { spread: activity.spread };
      const streams = plan.components[operation.component]!.operations.flatMap((o) => flows.streams[o]!);
      for (const { target, rate, route } of waysOf(plan, operation, flows)) {
        if (models[target]!.addressed) continue;
        const written = (route === null ? undefined : activity.byRoute?.[route]) ?? usual;
        add(target, whenSticky(written, streams, keySpace), rate);
        direct[target]! -= rate;
      }
    }
  }
  const all = flows.rates.reduce((a, b) => a + b, 0);
  return models.map((model, component) => {
    const ways = shares[component]!;
    if (direct[component]! > ROUNDING * all || ways.size === 0) {
      add(component, model.choosing ?? { spread: model.spread }, direct[component]!);
    }
    const [first, ...others] = [...ways.values()].sort((a, b) => b.rate - a.rate);
    return {
      ...(first?.choosing ?? { spread: model.spread }),
      others: others.map(({ choosing }) => choosing.spread),
    };
  });
}

/** Which components the requests for an operation are passed on to, how many a second, and by which route. */
function waysOf(
  plan: Plan,
  { index, forwards, among, route }: PlanOperation,
  flows: Flows,
): { readonly target: number; readonly rate: number; readonly route: number | null }[] {
  const componentOf = (operation: number): number => plan.operations[operation]!.component;
  if (among === undefined)
    return [{ target: componentOf(forwards!), rate: flows.rates[index]!, route: route ?? null }];
  return among.map((way) => {
    const streams = flows.streams[index]!.filter(({ traffic }) => way.traffic?.includes(traffic) ?? true);
    const rate = streams.reduce((total, stream) => total + stream.rate, 0);
    return { target: componentOf(way.operation), rate: rate * way.share, route: way.route ?? null };
  });
}

/** Where most requests go where the last one about their key went, instances are chosen by key. */
function whenSticky(choosing: Choosing, streams: readonly Stream[], keySpace: KeySpace): Choosing {
  const { sticky } = choosing;
  if (sticky === undefined || rememberedShare(streams, keySpace, sticky) < 0.5) return choosing;
  return { ...choosing, spread: 'key' };
}

/** Requests that choose in one way. */
interface Way {
  readonly choosing: Choosing;
  /** Requests per second of the most that choose exactly so, and of all. */
  readonly largest: number;
  readonly rate: number;
}

/** What stands for a spread in a way of looking; null = one queue that all instances share. */
export function takenFor(spread: Spread, balancing: Balancing): Spread | null {
  if (!looksAtLoad(spread) || balancing === 'likely') return spread;
  return balancing === 'random split' ? 'random' : null;
}

/** Whether it sends requests where few are; then no closed form holds. */
export function looksAtLoad(spread: Spread): boolean {
  return spread === 'least-connections' || spread === 'power-of-two';
}
