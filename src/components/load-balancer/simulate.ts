import type { BalanceAlgorithm, BalancerOptions } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { InstanceChoice } from '../../simulate/instances.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { balancerHealth, type HealthSettings } from '../health.ts';

interface LoadBalancerSettings {
  readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
  readonly options?: BalancerOptions;
  readonly sticky?: { readonly idle: number; readonly sessions: number };
  readonly health?: HealthSettings;
  readonly cost: Distribution;
  readonly cores: number;
}

/** Spends its own CPU on a request, chooses the target's instance and passes the request on. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as LoadBalancerSettings;
    const free = settings.cost.law === 'constant' && settings.cost.value === 0;
    const cpu = free
      ? null
      : assembly.station(component, 'cpu', {
          instances: 1,
          servers: settings.cores,
          places: null,
          discipline: 'fifo',
        });
    // All operations share one view of the load on the targets; made when the target is known.
    let choice: InstanceChoice | null = null;
    const { algorithm, options, sticky } = settings;
    const beside = {
      options,
      sticky: sticky && { idleTime: sticky.idle, maxSessions: sticky.sessions },
    };
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(operation, code) {
        const forwarded = operation.forwards;
        if (forwarded === null)
          throw new RangeError(`${component.name}.${operation.name} forwards to nothing`);
        const to = assembly.operation(forwarded).component;
        const target = assembly.component(to);
        if (cpu !== null) code.compute(cpu, settings.cost, 'balancing');
        choice ??= assembly.choiceBy(algorithm, target.instances, `${component.name} balancing`, {
          ...beside,
          health: balancerHealth(settings.health, target.instances, to, component.index),
        });
        code.exchange(forwarded, choice);
      },
    };
  },
};
