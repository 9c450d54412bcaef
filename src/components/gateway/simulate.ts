import type { BalanceAlgorithm, BalancerOptions } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent, PlanStep } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import type { Assembly } from '../../simulate/program/assembly.ts';
import { emitByConnection } from '../../simulate/program/connection-emission.ts';
import {
  emitClientLimit,
  emitCounted,
  emitLimit,
  emitTierLimit,
} from '../../simulate/program/door-emission.ts';
import { type EdgeCaches, emitEdge } from '../../simulate/program/edge-emission.ts';
import type { Emitter } from '../../simulate/program/emitter.ts';
import { emitForward } from '../../simulate/program/route-emission.ts';
import { usualRates } from '../../simulate/usual-rates.ts';
import { type AnswerSettings, answersCompute, assembleLink, emitAnswer } from '../answer-link.ts';
import { isCached } from '../answers.ts';
import { balancerHealth } from '../health.ts';
import { type RoutePool, routeChoices } from '../routing.ts';
import type { GatewayCache } from './cache.ts';
import type { Allowance, GatewayLimit } from './limit.ts';
import type { GatewayQuota } from './quota.ts';

interface GatewaySettings extends AnswerSettings {
  readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
  readonly options?: BalancerOptions;
  readonly pools?: readonly RoutePool[];
  readonly cores: number;
  readonly work: readonly { readonly probability: number; readonly time: number }[];
  readonly connection: {
    readonly reused: number;
    readonly resumed: number;
    readonly opened: number;
  } | null;
  readonly limit: GatewayLimit | null;
  readonly quota: GatewayQuota | null;
  readonly cache: GatewayCache | null;
}

/** Spends its own CPU on a request, refuses it where its limit says so, and passes it on to one instance. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as GatewaySettings;
    const { algorithm, options, pools, cores, work, connection, limit, quota, cache } = settings;
    const { name } = component;
    const free = work.every(({ time }) => time === 0) && connection === null;
    const compresses = answersCompute(settings, assembly.plan, component.operations);
    const cpu =
      free && !compresses
        ? null
        : assembly.station(component, 'cpu', {
            instances: 1,
            servers: cores,
            places: null,
            discipline: 'fifo',
          });
    const link = assembleLink(settings, component, 1, assembly);
    const compute = (time: number) => [{ step: 'compute', time: { law: 'constant', value: time } } as const];
    const cases = work.map(({ probability, time }) => ({
      probability,
      steps: compute(time),
    }));
    const emitLimiting = limit === null ? null : limiting(component, assembly, limit);
    const emitQuota = quota === null ? null : quotas(component, assembly, quota, limit);
    const choiceOf = routeChoices(
      assembly,
      component,
      pools,
      { algorithm, options },
      (target, instances) => ({ health: balancerHealth(undefined, instances, target, component.index) }),
    );
    const copies = cache === null ? null : cacheOf(component, assembly, cache);
    return {
      instances: 1,
      addressed: true,
      choice: { by: 'none' },
      heedsConnections: connection !== null,
      emit(operation, code) {
        const [only, ...others] = cases;
        const byChance = (): void =>
          code.run(others.length === 0 ? only!.steps : [{ step: 'choose', cases }], cpu!);
        if (connection !== null) {
          const { reused, resumed, opened } = connection;
          const known = [reused, resumed, opened].map((time) => () => code.run(compute(time), cpu!));
          emitByConnection(code, [byChance, ...known]);
        } else if (!free) byChance();
        if (limit?.shared === undefined) emitLimiting?.(code, `${name} limit`);
        else emitShared(code, operation.steps, () => emitLimiting?.(code, `${name} limit`));
        emitQuota?.(code, `${name} quota`);
        const pass = (): void => emitForward(code, component, operation, choiceOf);
        if (copies === null || !isCached(cache!, operation.name)) pass();
        else emitEdge(code, pass, copies);
        emitAnswer(code, settings, operation, { cpu, link });
      },
    };
  },
};

/** What the counters say is known when their answer is there; what is written apart holds when that is answered. */
function emitShared(code: Emitter, asks: readonly PlanStep[], decide: () => void): void {
  const [first, ...then] = asks;
  code.run([first!], NO_CPU);
  decide();
  if (then.length === 0) return;
  code.run(then, NO_CPU);
  emitCounted(code);
}

/** Calls compute nothing here. */
const NO_CPU = -1;

type EmitGate = (code: Emitter, reason: string) => void;

/** Declares the limit; gives what emits it. */
function limiting(
  component: PlanComponent,
  assembly: Assembly,
  { own, per, clients, tiers, shared }: GatewayLimit,
): EmitGate {
  if (per === 'all' && shared === undefined) {
    const limiter = assembly.ownLimit(component, own!);
    return (code, reason) => emitLimit(code, limiter, reason);
  }
  const declare = ({ rate, burst }: Allowance, tier: string | undefined, together = false): number => {
    const races = shared?.atomic === false;
    const buckets = { rate, burst, clients, ...(races && { races }), ...(together && { together }) };
    // Gateways with the same rule count together in the same cache.
    const rule = `${component.components['counters']} ${tier ?? ''} ${JSON.stringify(buckets)}`;
    const rates = ratesOf(component, assembly, tier, tiers !== undefined, burst / rate);
    const purpose = `${component.name} limit ${tier ?? ''}`;
    return assembly.limitOfClients(component, { ...buckets, rates, purpose }, shared && `counters ${rule}`);
  };
  if (per === 'client') return byTier(assembly, own, tiers, declare);
  const limit = declare(own!, undefined, true);
  return (code, reason) => emitClientLimit(code, limit, reason);
}

/** By traffic, requests a second that come to a component and are of a tier, where there are any; over so many seconds. */
function ratesOf(
  component: PlanComponent,
  assembly: Assembly,
  tier: string | undefined,
  tiered: boolean,
  window: number,
): number[] {
  const { traffic } = assembly.plan;
  return usualRates(assembly, component, window).map((rate, t) =>
    !tiered || traffic[t]!.tier === tier ? rate : 0,
  );
}

/** The same of the quota, which is asked behind the limit. */
function quotas(
  component: PlanComponent,
  assembly: Assembly,
  { own, tiers }: GatewayQuota,
  limit: GatewayLimit | null,
): EmitGate {
  return byTier(assembly, own, tiers, ({ requests, window, elapsed }, tier) => {
    const total = usualRates(assembly, component, window).reduce((sum, rate) => sum + rate, 0);
    const through = limit?.per === 'all' ? Math.min(1, limit.own!.rate / total || 1) : 1;
    const before = limit?.tiers === undefined ? limit?.own : limit.tiers.find(({ name }) => name === tier);
    return assembly.limitOfClients(component, {
      requests,
      window,
      elapsed,
      rates: ratesOf(component, assembly, tier, tiers !== undefined, window).map((rate) => rate * through),
      most: limit?.per === 'client' ? (before?.rate ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
      purpose: `${component.name} quota ${tier ?? ''}`,
    });
  });
}

/** Declares what holds for clients without a tier, and by tier; gives what emits it. */
function byTier<Rule extends object>(
  assembly: Assembly,
  own: Rule | null,
  tiers: readonly (Rule & { readonly name: string })[] | undefined,
  declare: (rule: Rule, tier: string | undefined) => number,
): EmitGate {
  const usual = own === null ? -1 : declare(own, undefined);
  if (tiers === undefined) return (code, reason) => emitClientLimit(code, usual, reason);
  const limits = new Map(tiers.map((tier) => [tier.name, declare(tier, tier.name)]));
  const byTraffic = assembly.plan.traffic.map(({ tier }) =>
    tier === undefined ? usual : (limits.get(tier) ?? -1),
  );
  const tierLimit = assembly.tierLimits.push(byTraffic) - 1;
  return (code, reason) => emitTierLimit(code, tierLimit, reason);
}

/** Declares the cache: a store of real keys, asked behind limit and quota. */
function cacheOf(component: PlanComponent, assembly: Assembly, cache: GatewayCache): EdgeCaches {
  const { room, evict, ttl, start, coalesce } = cache;
  const { name, index } = component;
  const holds = component.data['holds']!;
  const lookupRate = component.operations.reduce((sum, operation) => {
    const { name: called } = assembly.operation(operation);
    return isCached(cache, called) ? sum + assembly.rateOf(operation) : sum;
  }, 0);
  const first = assembly.cache({
    component: name,
    of: index,
    instance: 0,
    keySpace: holds,
    policy: evict,
    capacity: 'items' in room ? room.items : room.bytes,
    itemWeight: 'items' in room ? 1 : assembly.plan.data[holds]!.size.value,
    ttl: ttl === null ? null : assembly.sampler(ttl, `${name} ttl`),
    warm: start === 'warm',
    lookupRate,
    removalRate: 0,
  });
  return {
    owner: index,
    first,
    fills: true,
    refreshes: false,
    coalesces: coalesce,
    shield: null,
    time: { law: 'constant', value: 0 },
  };
}
