import type { BalanceAlgorithm, BalancerOptions } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import { emitByConnection } from '../../simulate/connection-emission.ts';
import { emitClientLimit, emitLimit } from '../../simulate/door-emission.ts';
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
  readonly limit: {
    readonly rate: number;
    readonly burst: number;
    readonly per: 'all' | 'client';
    readonly clients: number;
  } | null;
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
    const limiter =
      limit === null
        ? null
        : limit.per === 'client'
          ? assembly.limitOfClients(component, limit)
          : assembly.ownLimit(component, limit);
    const emitLimiting = limit?.per === 'client' ? emitClientLimit : emitLimit;
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
        if (limiter !== null) emitLimiting(code, limiter, `${name} limit`);
        emitForward(code, component, operation, choiceOf);
      },
    };
  },
};
