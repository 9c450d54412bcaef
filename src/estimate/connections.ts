import { callOfUsers, connectedCallers } from '../design/connected.ts';
import type { Plan, PlanConnections } from '../design/plan.ts';
import { mean } from '../quantities/index.ts';
import { peakFactor } from './arrivals.ts';

/** Requests that come over a connection of their own, as shares of all. */
export interface ConnectionShares {
  /** Over a new connection, one that resumes a session included. */
  readonly opened: number;
  readonly resumed: number;
}

/**
 * How many requests open a connection, where each of many users asks by chance, at the same mean rate λ. The next
 * request comes in time for the same connection with q = 1 − e^(−λ·keep); a connection of at most N requests has
 * 1 + q + … + q^(N−1) of them on average. How long requests take is left out beside `keep`.
 *
 * @param rate requests a second of all users together
 */
export function connectionShares(
  rate: number,
  { users, keep, requests, resume }: PlanConnections,
): ConnectionShares {
  const each = rate / users;
  const stays = -Math.expm1(-each * keep);
  const most = requests ?? Number.POSITIVE_INFINITY;
  const full = most === Number.POSITIVE_INFINITY ? 0 : stays ** (most - 1);
  // Where hardly any connection ends otherwise, the sum is as long as it may be.
  const length = stays === 1 ? most : (1 - stays * full) / (1 - stays);
  const opened = 1 / length;
  // After its last request the next one comes whenever it comes; after a pause, later than that.
  const soon = -Math.expm1(-each * resume);
  const late = -Math.expm1(-each * Math.max(0, resume - keep));
  return { opened, resumed: opened * (full * soon + (1 - full) * late) };
}

/**
 * Requests a second that users make of a component at the peak, as the design says; of a closed population, as if answers
 * took no time.
 */
export function askedOf({ traffic, operations }: Plan, component: number): number {
  return traffic
    .filter(({ operation }) => operations[operation]!.component === component)
    .reduce((sum, { arrivals }) => {
      if (arrivals.type === 'open') return sum + arrivals.rate.value * peakFactor(arrivals);
      return sum + arrivals.users / mean(arrivals.think);
    }, 0);
}

/** The components that stand for users with connections. */
export function connectionsOf(
  plan: Plan,
): { readonly component: number; readonly connections: PlanConnections }[] {
  return plan.components.flatMap(({ index }) => {
    const connections = callOfUsers(plan, index)?.reach?.connections ?? null;
    return connections === null ? [] : [{ component: index, connections }];
  });
}

/**
 * How many of the requests to a component come over new connections of the users before it, and how many of others
 * whose connections nobody knows; as shares of all.
 */
export function connectionsTo(plan: Plan, component: number): ConnectionShares & { readonly others: number } {
  const { users } = connectedCallers(plan, component);
  // Beside users who ask without end nobody else counts.
  const rates = users.map((each) => Math.min(askedOf(plan, each.component), Number.MAX_VALUE / 1e6));
  const direct = askedOf(plan, component);
  const total = rates.reduce((sum, rate) => sum + rate, direct);
  const shares = users.map(({ connections }, i) => connectionShares(rates[i]!, connections));
  const mixed = (part: keyof ConnectionShares): number =>
    shares.reduce((sum, share, i) => sum + share[part] * (rates[i]! / total), 0);
  return { opened: mixed('opened'), resumed: mixed('resumed'), others: direct / total };
}

/**
 * What each of so many instances gets where a connection stays with its instance, relative to the others: connections are
 * dealt out in turn. A user who asks at rate λ has one open 1 − e^(−λ·keep) of the time.
 */
export function connectionLoads(plan: Plan, component: number, instances: number): readonly number[] {
  const loads = new Array<number>(instances).fill(askedOf(plan, component) / instances);
  let next = 0;
  for (const { component: asking, connections } of connectedCallers(plan, component).users) {
    const { users, keep } = connections;
    const rate = Math.min(askedOf(plan, asking), Number.MAX_VALUE / 1e6);
    const open = Math.max(1, Math.round(-users * Math.expm1((-rate / users) * keep)));
    const each = Math.floor(open / instances);
    const more = open % instances;
    for (let i = 0; i < instances; i++) {
      loads[(next + i) % instances]! += (rate * (each + (i < more ? 1 : 0))) / open;
    }
    next += more;
  }
  return loads;
}
