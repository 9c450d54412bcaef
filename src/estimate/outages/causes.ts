import type { Remains, Routing } from './impact.ts';
import type { FailingPlace, FailingSystem } from './system.ts';

/** Why requests of a traffic fail. */
export interface Cause {
  /** In words. */
  readonly what: string;
  /** Whether it is over once others have taken over, is a place that fails as a whole, or neither. */
  readonly sort: 'failing over' | 'common cause' | 'independent';
}

/** A component that does not do all of its work. */
interface Part {
  readonly remains: Remains;
  /** Some of its instances have failed by themselves. */
  readonly failed: boolean;
}

/** The cause that some parts together are. */
export function causeOf(
  parts: readonly Part[],
  down: readonly FailingPlace[],
  routing: Routing,
  system: FailingSystem,
): Cause {
  const told = parts.map((part) => tell(part, down, routing, system));
  const what = [...new Set(told.map((each) => each.what))].join(' + ');
  const sorts = new Set(told.map(({ sort }) => sort));
  const sort = sorts.has('common cause')
    ? 'common cause'
    : sorts.has('failing over')
      ? 'failing over'
      : 'independent';
  return { what, sort };
}

function tell(
  { remains, failed }: Part,
  down: readonly FailingPlace[],
  routing: Routing,
  { components, impact, routers }: FailingSystem,
): Cause {
  const { component, up } = remains;
  const { name, instances, zones, failover } = components[component]!;
  const standing = new Set(zones.flat());
  const hit = down.filter((place) => place.zones.some((zone) => standing.has(zone)));
  const mode = impact.mode(remains, impact.needed(routing));
  const waiting = routers.findIndex(
    ({ targets, failover }, r) =>
      targets.includes(component) &&
      failover.leftOut !== null &&
      (routing[r]?.[targets.indexOf(component)] ?? true) &&
      targets.length > 1,
  );
  const places = hit.map((place) => place.name);
  const still = mode === 'not left out';
  const elsewhere = mode === 'down' && waiting >= 0;
  const dead = instances - up;
  const leaderless = mode === 'no primary';
  const own = leaderless
    ? `${name} without a primary`
    : mode === 'keys' || still
      ? `${dead} of ${instances} ${name}`
      : instances > 1
        ? `${up} of ${instances} ${name} left`
        : name;
  const names = [...places, ...(failed || places.length === 0 ? [own] : [])].join(' + ');
  const what = elsewhere
    ? `${names}, until ${components[routers[waiting]!.component]!.name} sends requests elsewhere`
    : still
      ? dead === 0
        ? `${name}, up again and not asked yet`
        : `${names}, dead and still asked`
      : names;
  const sort =
    places.length > 0
      ? 'common cause'
      : still || elsewhere || (leaderless && failover !== null)
        ? 'failing over'
        : 'independent';
  return { what, sort };
}
