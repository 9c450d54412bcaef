import type { BalanceAlgorithm, BalancerOptions } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import { emitByConnection } from '../../simulate/connection-emission.ts';
import { emitClientLimit, emitLimit } from '../../simulate/door-emission.ts';
import type { InstanceChoice } from '../../simulate/instances.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { balancerHealth } from '../health.ts';

interface GatewaySettings {
  readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
  readonly options?: BalancerOptions;
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
    const { algorithm, options, cores, work, connection, limit } =
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
    // All operations share one view of the load on the targets; made when the target is known.
    let choice: InstanceChoice | null = null;
    return {
      instances: 1,
      choice: { by: 'none' },
      heedsConnections: connection !== null,
      emit(operation, code) {
        const forwarded = operation.forwards;
        if (forwarded === null) throw new RangeError(`${name}.${operation.name} forwards to nothing`);
        const target = assembly.component(assembly.operation(forwarded).component);
        const [only, ...others] = cases;
        const byChance = (): void =>
          code.run(others.length === 0 ? only!.steps : [{ step: 'choose', cases }], cpu!);
        if (connection !== null) {
          const { reused, resumed, opened } = connection;
          const known = [reused, resumed, opened].map((time) => () => code.run(compute(time), cpu!));
          emitByConnection(code, [byChance, ...known]);
        } else if (cpu !== null) byChance();
        if (limiter !== null) emitLimiting(code, limiter, `${name} limit`);
        const { component: to } = assembly.operation(forwarded);
        choice ??= assembly.choiceBy(algorithm, target.instances, `${name} balancing`, {
          options,
          health: balancerHealth(undefined, target.instances, to, component.index),
        });
        code.exchange(forwarded, choice);
      },
    };
  },
};
