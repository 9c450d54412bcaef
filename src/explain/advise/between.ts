import { reachedFrom } from '../../design/callees.ts';
import type { Edit, KindMoves, KindRoles, NewComponent } from '../../design/index.ts';
import { designValue } from './more.ts';
import { freeName, type Move, type Situation, split } from './move.ts';
import { stepsOf } from './steps.ts';

/** Moves that put a component between others: copies before a store or near users, a balancer, a queue. */

/** Share of the items that a new place of copies has room for. */
const COPIED = 0.1;

/** A cache before a store that gives way first, for each data that is read from it without one. */
export function cacheBefore(situation: Situation): Move[] {
  const { design, plan } = situation;
  const front = offered(situation, 'front');
  if (front === null) return [];
  return storesThatGiveWay(situation).flatMap((store) => {
    const asking = stepsOf(design).filter(({ asks }) => asks === store);
    const reads = asking.filter(({ step }) => step['read'] !== undefined && step['through'] === undefined);
    return [...new Set(reads.map(({ step }) => String(step['read'])))].map((data) => {
      const name = freeName(design, `${data}-cache`);
      const items = copies(situation, data);
      const of = (verb: string) => asking.filter(({ step }) => step[verb] === data);
      const edits: Edit[] = [
        added(name, { ...front(data, items), ...placeOf(situation, store) }),
        ...reads
          .filter(({ step }) => step['read'] === data)
          .map(({ path }) => ({ path: [...path, 'through'], value: name })),
        ...of('write')
          .filter(({ step }) => step['invalidate'] === undefined)
          .map(({ path }) => ({ path: [...path, 'invalidate'], value: name })),
      ];
      const all = plan.data.find((each) => each.name === data)!.count.value;
      return {
        name,
        chose: `a cache of ${counted(items)} ${data} before ${store}`,
        over: `every ${data} read from ${store}`,
        because: `${store} gives way first, and some of the ${counted(all)} ${data} may be asked for again and again`,
        sacrifices:
          'what was changed may be served as it was, and a cache that is lost sends all to the store',
        edits,
        helps: 'load' as const,
      };
    });
  });
}

/** Copies near the users of answers that change nothing. */
export function edgeBefore(situation: Situation): Move[] {
  const { design, plan, kinds, narrow } = situation;
  const edge = offered(situation, 'edge');
  if (edge === null || narrow.length === 0) return [];
  const entries = new Set(Object.values(design.traffic).map(({ call }) => call));
  const all = [...entries].flatMap((call) => {
    const asking = Object.entries(design.traffic).filter(([, each]) => each.call === call);
    const key = asking[0]![1].key;
    const [to, operation] = split(call);
    const planned = plan.traffic.find(({ name }) => name === asking[0]![0])!;
    const kind = design.components[to]!.kind;
    const guarded = kinds.moves.get(kind)?.guards?.({ ...design.components[to] }) === true;
    const able =
      !guarded &&
      kinds.described.get(kind)?.roles.upstream === true &&
      kinds.moves.get(kind)?.edge === undefined;
    if (!able || key === undefined || /\s/.test(key) || writes(situation, planned.operation)) return [];
    if (asking.some(([, each]) => each.key !== key)) return [];
    const name = freeName(design, `${to}-cdn`);
    const items = copies(situation, key);
    const from = [...new Set(asking.map(([, each]) => (each as { readonly from?: unknown }).from))];
    const region = from.length === 1 && from[0] !== undefined ? { region: from[0] } : placeOf(situation, to);
    return [
      {
        name,
        of: call,
        chose: `a CDN before ${call}, with ${counted(items)} ${key} at each point of presence for an hour`,
        over: `every ${operation} answered by ${to}`,
        because: `an answer about one ${key} changes nothing, and another who asks can get the same`,
        sacrifices:
          'what was changed is served as it was for up to an hour; what it costs is not all in the estimate',
        edits: [
          added(name, { ...edge({ to, operation, data: key, items }), ...region }),
          ...asking.map(([traffic]) => ({
            path: ['traffic', traffic, 'call'],
            value: `${name}.${operation}`,
          })),
        ],
        helps: 'load' as const,
      },
    ];
  });
  // Several operations of a component may each have one.
  return all.map(({ of, ...move }) => {
    const alone = all.filter(({ name }) => name === move.name).length === 1;
    return alone ? move : { ...move, name: `${move.name} (${of})` };
  });
}

/** A balancer before instances that users choose from by themselves. */
export function balancerBefore(situation: Situation): Move[] {
  const { design, plan, kinds, narrow } = situation;
  const balancer = offered(situation, 'balancer');
  if (balancer === null) return [];
  const targets = new Set(Object.values(design.traffic).map(({ call }) => split(call)[0]));
  return plan.components.flatMap(({ name: to, kind, settings }) => {
    const described = kinds.described.get(kind)!;
    const several = (described.instances?.(settings) ?? 1) > 1;
    const fits =
      described.roles.target === true && several && narrow.some(({ component }) => component === to);
    if (!targets.has(to) || !fits) return [];
    const name = freeName(design, `${to}-balancer`);
    return [
      {
        name,
        chose: `a balancer before ${to}, by least connections`,
        over: 'callers that choose an instance by themselves',
        because: `${to} gives way first, and some of its instances may have a queue while others have none`,
        sacrifices: 'one more that can fail, and a hop',
        edits: [
          added(name, { ...balancer(to), ...placeOf(situation, to) }),
          ...Object.entries(design.traffic)
            .filter(([, { call }]) => split(call)[0] === to)
            .map(([traffic, { call }]) => ({
              path: ['traffic', traffic, 'call'],
              value: `${name}.${split(call)[1]}`,
            })),
        ],
        helps: 'load' as const,
      },
    ];
  });
}

/** A queue between those who ask and work that nobody needs the answer of: writes, and calls to what can consume. */
export function queueBetween(situation: Situation): Move[] {
  const { design, plan, kinds, narrow, way } = situation;
  const channel = offered(situation, 'channel');
  if (channel === null) return [];
  const consumes = (name: string) =>
    kinds.described.get(design.components[name]!.kind)?.roles.consumer === true;
  return stepsOf(design).flatMap(({ component, operation, path, step, asks }): Move[] => {
    if (asks === null || !narrow.some((each) => each.component === asks) || !way.has(component)) return [];
    if (step['fallback'] !== undefined) return [];
    const common = {
      because: `${asks} gives way first, and ${operation} need not wait for it`,
      sacrifices:
        'who asks is answered before it is done: a failure is not told to them, it may be done twice, and what is read meanwhile is old',
      helps: 'load' as const,
    };
    if (typeof step['call'] === 'string' && consumes(asks) && split(step['call'])[1] !== '') {
      const name = freeName(design, `${asks}-queue`);
      const servers = perInstance(situation, asks);
      return [
        {
          ...common,
          name: `${name} (${component}.${operation})`,
          chose: `a queue before ${step['call']}, in ${component}.${operation}`,
          over: 'waiting for its answer',
          edits: [
            added(name, { ...channel(step['call']), concurrency: servers, ...placeOf(situation, asks) }),
            { path, value: { publish: name } },
          ],
          keepsUp: [`${name}.consumers`, ...narrow.map((each) => `${each.component}.${each.station}`)],
        },
      ];
    }
    if (typeof step['write'] !== 'string' || !consumes(component)) return [];
    const data = step['write'];
    const own = plan.components.find(({ name }) => name === component)!;
    const taken = own.operations.map((index) => plan.operations[index]!.name);
    const consumer = `save-${data}`;
    const name = freeName(design, `${data}-queue`);
    if (taken.includes(consumer)) return [];
    return [
      {
        ...common,
        name: `${name} (${component}.${operation})`,
        chose: `a queue before the write of ${data} in ${component}.${operation}`,
        over: 'waiting for the write',
        edits: [
          added(name, {
            ...channel(`${component}.${consumer}`),
            concurrency: perInstance(situation, asks),
            ...placeOf(situation, asks),
          }),
          { path: ['components', component, 'operations', consumer], value: [step] },
          { path, value: { publish: name } },
        ],
        keepsUp: [`${name}.consumers`, ...narrow.map((each) => `${each.component}.${each.station}`)],
      },
    ];
  });
}

/** What the first kind that offers such a component makes of it; null where none does. */
function offered<Part extends 'front' | 'edge' | 'channel' | 'balancer'>(
  { kinds }: Situation,
  part: Part,
): NonNullable<KindMoves[Part]> | null {
  for (const moves of kinds.moves.values()) {
    const offer = moves[part];
    if (offer !== undefined) return offer as NonNullable<KindMoves[Part]>;
  }
  return null;
}

/** Numbers are written as a design would: `100k`, not 100000. */
const added = (name: string, component: NewComponent): Edit => ({
  path: ['components', name],
  value: Object.fromEntries(
    Object.entries(component).map(([key, value]) => [
      key,
      typeof value === 'number' ? counted(value) : value,
    ]),
  ),
});

const counted = (value: number): string | number => designValue({ dimension: 'count' }, value);

/** Where a component stands, as the design says it, for one that is put beside it. */
function placeOf({ design }: Situation, name: string): Readonly<Record<string, unknown>> {
  const component: Readonly<Record<string, unknown>> = { ...design.components[name] };
  return Object.fromEntries(
    PLACES.flatMap((key) => (component[key] === undefined ? [] : [[key, component[key]]])),
  );
}

const PLACES = ['region', 'zone', 'zones'];

function copies({ plan }: Situation, data: string): number {
  const count = plan.data.find(({ name }) => name === data)!.count.value;
  return Math.max(1, Number((count * COPIED).toPrecision(2)));
}

function storesThatGiveWay({ narrow, plan, kinds }: Situation): string[] {
  const stores = narrow.filter(({ component }) => {
    const { kind } = plan.components.find(({ name }) => name === component)!;
    return kinds.described.get(kind)?.roles.store !== undefined;
  });
  return [...new Set(stores.map(({ component }) => component))];
}

/** Whether a request for an operation changes data anywhere, as far as a store or a queue says so, or may. */
function writes({ plan, kinds }: Situation, operation: number): boolean {
  const roles = (component: number): KindRoles | undefined =>
    kinds.described.get(plan.components[component]!.kind)?.roles;
  return [...reachedFrom(plan.operations, operation, { afterwards: true })].some((index) => {
    const { component, name } = plan.operations[index]!;
    if (kinds.moves.get(plan.components[component]!.kind)?.acts === true) return true;
    const { store, channel } = roles(component) ?? {};
    return store?.write === name || channel?.publish === name;
  });
}

/** As many messages at once as an instance has servers. */
function perInstance({ broken, plan, kinds }: Situation, component: string): number {
  const { kind, settings } = plan.components.find(({ name }) => name === component)!;
  const instances = kinds.described.get(kind)?.instances?.(settings) ?? 1;
  const servers = Object.entries(broken.stations).flatMap(([station, each]) =>
    split(station)[0] === component && each.servers !== null ? [each.servers] : [],
  );
  return servers.length === 0 ? 1 : Math.max(1, Math.ceil(Math.min(...servers) / instances));
}
