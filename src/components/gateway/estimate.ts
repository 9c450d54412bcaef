import { connectedCallers } from '../../design/connected.ts';
import type { Plan, PlanComponent } from '../../design/plan.ts';
import {
  type Activity,
  type ComponentModel,
  connectionsTo,
  type EstimatedKind,
} from '../../estimate/index.ts';
import { answerActivities, answerNotes, answersCompute, linkModel } from '../answer-link.ts';
import { isCached, itemsThatFit } from '../answers.ts';
import { choosingNotes, choosingOf } from '../balancing.ts';
import { cacheMisses } from '../cache/misses.ts';
import { failoverOf } from '../health.ts';
import { limitEntries } from '../limit-entries.ts';
import { routeChoosing, routeNotes, settingsBehind } from '../routing.ts';
import type { GatewayCache } from './cache.ts';
import type { GatewaySettings, WorkCase } from './describe.ts';
import type { Allowance, GatewayLimit } from './limit.ts';
import type { GatewayQuota, Quota } from './quota.ts';

const CPU = 0;

/** Spends its own CPU on a request, whoever sent it, lets it through or not, and passes it on to one instance. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan: Plan) {
    const { algorithm, options, pools, cores, limit, quota, cache, requestPrice, ...settings } =
      component.settings as unknown as GatewaySettings;
    const choosing = choosingOf(algorithm, options);
    const byRoute = routeChoosing(component, pools, choosing);
    const work = workOf(settings, plan, component);
    const free = work.every(({ time }) => time === 0);
    const idle = free && !answersCompute(settings, plan, component.operations);
    const cases = work.map(({ probability, time }) => ({
      probability,
      time: { law: 'constant', value: time } as const,
    }));
    const activities: readonly Activity[] = [
      ...(free ? [] : [{ does: 'visit', station: CPU, time: cases } as const]),
      ...(limit?.shared === undefined ? [] : [{ does: 'steps', compute: CPU } as const]),
      ...(limit === null ? [] : [gateOf(limit, plan)]),
      ...(quota === null ? [] : [quotaGate(quota, plan)]),
      { does: 'forward', spread: choosing.spread, choosing, ...(byRoute && { byRoute }) },
    ];
    return {
      instances: 1,
      called: 'gateways of this size',
      spread: 'random',
      addressed: true,
      stations: [
        ...(idle ? [] : [{ name: 'cpu', servers: cores, places: null, discipline: 'fifo' } as const]),
        ...linkModel(settings),
      ],
      activities: (operation) => [
        ...activities,
        ...answerActivities(settings, plan, operation, { cpu: CPU, link: idle ? CPU : CPU + 1 }),
      ],
      ...(cache !== null && copying(cache, component, plan)),
      rents: [{ per: 'call', price: requestPrice, unlessPriced: true }],
      availability: 'availability.gateway',
      failover: failoverOf(undefined, settingsBehind(component, plan)),
      notes: [
        ...choosingNotes(algorithm),
        ...routeNotes(component, pools),
        ...limitNotes(limit),
        ...sharedNotes(limit, component, plan),
        ...quotaNotes(quota),
        ...mixedNotes(plan, component),
        ...cacheNotes(cache, limit !== null || quota !== null),
        ...answerNotes(settings),
      ],
      entries: (account) => (limit?.per === 'all' ? limitEntries(account, limit.own!.rate) : []),
    };
  },
};

/** By the connections of the users before it, as far as the design says more of them. */
function workOf(
  { work, connection }: Pick<GatewaySettings, 'work' | 'connection'>,
  plan: Plan,
  { index }: PlanComponent,
): readonly WorkCase[] {
  if (connection === null) return work;
  const { opened, resumed, others } = connectionsTo(plan, index);
  return [
    { probability: 1 - others - opened, time: connection.reused },
    { probability: resumed, time: connection.resumed },
    { probability: opened - resumed, time: connection.opened },
    ...work.map(({ probability, time }) => ({ probability: others * probability, time })),
  ].filter(({ probability }) => probability > 0);
}

function gateOf({ own, per, tiers }: GatewayLimit, plan: Plan): Extract<Activity, { does: 'limit' }> {
  return {
    does: 'limit',
    ...(own ?? NO_LIMIT),
    each: per === 'client',
    ...byTier<Allowance>(tiers, NO_LIMIT, plan),
  };
}

const NO_LIMIT: Allowance = { rate: Number.POSITIVE_INFINITY, burst: 1 };

const NO_QUOTA: Quota = { requests: Number.POSITIVE_INFINITY, window: 1, elapsed: null };

function quotaGate({ own, tiers }: GatewayQuota, plan: Plan): Extract<Activity, { does: 'quota' }> {
  return { does: 'quota', ...(own ?? NO_QUOTA), ...byTier(tiers, NO_QUOTA, plan) };
}

/** What holds for traffic with a tier; `none` for tiers that are not named. */
function byTier<Rule>(
  tiers: readonly (Rule & { readonly name: string })[] | undefined,
  none: Rule,
  { traffic }: Plan,
): { readonly tiers?: readonly (Rule & { readonly traffic: readonly number[] })[] } {
  if (tiers === undefined) return {};
  const withTier = traffic.filter(({ tier }) => tier !== undefined);
  const others = withTier.filter(({ tier }) => tiers.every(({ name }) => name !== tier));
  return {
    tiers: [
      ...tiers.map((rule) => ({
        ...rule,
        traffic: withTier.flatMap(({ index, tier }) => (tier === rule.name ? [index] : [])),
      })),
      { ...none, traffic: others.map(({ index }) => index) },
    ],
  };
}

function mixedNotes(plan: Plan, { index }: PlanComponent): readonly string[] {
  const { users, others } = connectedCallers(plan, index);
  if (users.length + Number(others) < 2 || users.length === 0) return [];
  return ['every caller is taken to open as many connections as all of them do on average'];
}

function limitNotes(limit: GatewayLimit | null): readonly string[] {
  if (limit === null) return [];
  const bucket = 'is that of a token bucket to which requests come at random';
  if (limit.per === 'all') return [`its limit ${bucket}`];
  return [
    `the limit of each client ${bucket}, all clients are taken to be remembered, and what stands behind is taken to be asked for the same keys as before it`,
  ];
}

function sharedNotes(
  limit: GatewayLimit | null,
  { index, components }: PlanComponent,
  plan: Plan,
): readonly string[] {
  if (limit?.shared === undefined) return [];
  const others = plan.components.filter(
    (other) => other.index !== index && other.components['counters'] === components['counters'],
  );
  const together = others.map(
    ({ name }) => `its limit is taken to be its own, though \`${name}\` counts in the same cache`,
  );
  if (limit.shared.atomic) return together;
  return [
    ...together,
    'what gets past its limit between the reading and the writing of a counter is not estimated, and requests that it refuses are taken to write theirs too',
  ];
}

function quotaNotes(quota: GatewayQuota | null): readonly string[] {
  if (quota === null) return [];
  const all = [quota.own ?? [], quota.tiers ?? []].flat();
  const when = all.some(({ elapsed }) => elapsed !== null)
    ? 'at the moment at which a run starts'
    : 'on average over a window';
  return [
    `its quota is that of clients whose requests come at random, ${when}, and what stands behind is taken to be asked for the same keys as before it`,
  ];
}

/** What it answers itself, like a point of presence to which all requests come. */
function copying(
  cache: GatewayCache,
  { data, operations }: PlanComponent,
  plan: Plan,
): Pick<ComponentModel, 'edge' | 'moves'> {
  const { room, evict, ttl } = cache;
  const holds = data['holds']!;
  const fit = itemsThatFit(room, plan.data[holds]!.size.value);
  const kept = operations.filter((operation) => isCached(cache, plan.operations[operation]!.name));
  return {
    edge: {
      lookups: kept,
      holds,
      shieldTime: { law: 'constant', value: 0 },
      misses: (demand) => cacheMisses({ evict, ttl, sliding: false, softTtl: null, early: 0 }, fit, demand),
    },
    moves: ({ name }) => (isCached(cache, name) ? 'out' : null),
  };
}

function cacheNotes(cache: GatewayCache | null, refuses: boolean): readonly string[] {
  if (cache === null) return [];
  return [
    ...(cache.coalesce ? ['misses that share a fetch are counted as fetches of their own'] : []),
    ...(refuses ? ['requests that it refuses are taken to ask its cache too'] : []),
  ];
}
