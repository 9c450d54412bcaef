import { calleesOf } from '../design/callees.ts';
import { type FlowRules, Follower } from './flows.ts';
import type { KeyStream } from './keys.ts';
import type { Solution } from './solution.ts';

/** Items of data per second, at the peak. */
export interface MovedItems {
  readonly data: number;
  rate: number;
}

/** Data on the move. */
export interface Moved {
  /** By traffic: what its requests read and write, however many components take part in it. */
  readonly byTraffic: readonly { readonly in: MovedItems[]; readonly out: MovedItems[] }[];
  /** By operation: items it hands out or takes in. */
  readonly byOperation: readonly MovedItems[][];
}

/**
 * Which data moves how often. What a request reads through a cache counts once for its traffic: a read behind
 * a miss, and filling the cache, are the system's own business.
 */
export function movesOf(solution: Solution): Moved {
  const { plan, models, flows, rules } = solution;
  const follower = new Follower(plan, rules satisfies FlowRules);
  const byTraffic = plan.traffic.map(() => ({ in: [] as MovedItems[], out: [] as MovedItems[] }));
  const byOperation = plan.operations.map((): MovedItems[] => []);
  const note = (operation: number, traffic: number, keys: KeyStream, rate: number, aside: boolean): void => {
    const { component } = plan.operations[operation]!;
    const direction = models[component]!.moves?.(plan.operations[operation]!) ?? null;
    const data = keys.keys === 'none' ? soleData(plan.components[component]!.data) : keys.data;
    if (direction === null || data === null) return;
    add(byOperation[operation]!, data, rate);
    if (!aside) add(byTraffic[traffic]![direction], data, rate);
  };
  for (const traffic of plan.traffic) {
    const { operation, index } = traffic;
    for (const { keys, rate } of flows.streams[operation]!.filter((s) => s.traffic === index)) {
      note(operation, index, keys, Math.min(rate, solution.responses[index]!.rate), false);
    }
  }
  for (const { index } of plan.operations) {
    for (const { traffic, keys, rate } of flows.streams[index]!) {
      follower.follow(index, traffic, keys, rate * rules.served(index, keys, traffic), {
        compute: () => undefined,
        call: (callee, calleeKeys, calls, aside) => note(callee, traffic, calleeKeys, calls, aside),
      });
    }
  }
  for (const { index, operation, key } of plan.traffic) {
    const copies = copiesOf(solution, operation);
    if (copies === null || key?.from !== 'draw' || key.data !== copies) continue;
    // What is read behind the copies is the system's own business.
    byTraffic[index]!.out.length = 0;
    const left = rules.left?.(operation, rules.keySpace.drawn(copies))?.probability ?? 1;
    add(byTraffic[index]!.out, copies, left * solution.responses[index]!.rate);
  }
  return { byTraffic, byOperation };
}

/** The data of which requests for an operation are answered with copies, users and names aside; null where they are not. */
function copiesOf(solution: Solution, operation: number): number | null {
  const { plan, models } = solution;
  const asked = plan.operations[operation]!;
  const { component, forwards, among } = asked;
  const { transparent, edge } = models[component]!;
  if (edge?.lookups.includes(operation)) return edge.holds;
  if (plan.components[component]!.outside) return copiesOf(solution, calleesOf(asked)[0]!);
  if (!transparent || forwards === null) return null;
  const behind = among?.map((one) => one.operation) ?? [forwards];
  const [first = null, ...others] = behind.map((one) => copiesOf(solution, one));
  return others.every((other) => other === first) ? first : null;
}

function add(items: MovedItems[], data: number, rate: number): void {
  if (rate === 0) return;
  const known = items.find((item) => item.data === data);
  if (known === undefined) items.push({ data, rate });
  else known.rate += rate;
}

function soleData(data: Readonly<Record<string, number>>): number | null {
  const all = Object.values(data);
  return all.length === 1 ? all[0]! : null;
}
