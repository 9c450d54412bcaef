import type { BalanceAlgorithm, BalancerOptions } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Assembly } from '../../simulate/assembly.ts';
import { emitByConnection } from '../../simulate/connection-emission.ts';
import { emitClientLimit, emitLimit, emitTierLimit } from '../../simulate/door-emission.ts';
import type { Emitter } from '../../simulate/emitter.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { emitForward } from '../../simulate/route-emission.ts';
import { balancerHealth } from '../health.ts';
import { type RoutePool, routeChoices } from '../routing.ts';

interface GatewaySettings {
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
  readonly limit: Limit | null;
}

interface Limit {
  readonly own: { readonly rate: number; readonly burst: number } | null;
  readonly per: 'all' | 'client';
  readonly clients: number;
  readonly tiers?: readonly { readonly name: string; readonly rate: number; readonly burst: number }[];
}

/** Spends its own CPU on a request, refuses it where its limit says so, and passes it on to one instance. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const { algorithm, options, pools, cores, work, connection, limit } =
      component.settings as unknown as GatewaySettings;
    const { name } = component;
    const free = work.every(({ time }) => time === 0) && connection === null;
    const cpu = free
      ? null
      : assembly.station(component, 'cpu', {
          instances: 1,
          servers: cores,
          places: null,
          discipline: 'fifo',
        });
    const compute = (time: number) => [{ step: 'compute', time: { law: 'constant', value: time } } as const];
    const cases = work.map(({ probability, time }) => ({
      probability,
      steps: compute(time),
    }));
    const emitLimiting = limit === null ? null : limiting(component, assembly, limit);
    const choiceOf = routeChoices(
      assembly,
      component,
      pools,
      { algorithm, options },
      (target, instances) => ({ health: balancerHealth(undefined, instances, target, component.index) }),
    );
    return {
      instances: 1,
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
        } else if (cpu !== null) byChance();
        emitLimiting?.(code, `${name} limit`);
        emitForward(code, component, operation, choiceOf);
      },
    };
  },
};

/** Declares the limit; gives what emits it. */
function limiting(
  component: PlanComponent,
  assembly: Assembly,
  { own, per, clients, tiers }: Limit,
): (code: Emitter, reason: string) => void {
  if (per === 'all') {
    const limiter = assembly.ownLimit(component, own!);
    return (code, reason) => emitLimit(code, limiter, reason);
  }
  const limitOf = ({ rate, burst }: { readonly rate: number; readonly burst: number }): number =>
    assembly.limitOfClients(component, { rate, burst, clients });
  const usual = own === null ? -1 : limitOf(own);
  if (tiers === undefined) return (code, reason) => emitClientLimit(code, usual, reason);
  const limits = new Map(tiers.map((tier) => [tier.name, limitOf(tier)]));
  const byTraffic = assembly.plan.traffic.map(({ tier }) =>
    tier === undefined ? usual : (limits.get(tier) ?? -1),
  );
  const tierLimit = assembly.tierLimits.push(byTraffic) - 1;
  return (code, reason) => emitTierLimit(code, tierLimit, reason);
}
