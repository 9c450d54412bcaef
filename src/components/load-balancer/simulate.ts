import type { BalanceAlgorithm, BalancerOptions } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { emitForward } from '../../simulate/route-emission.ts';
import { balancerHealth, type HealthSettings } from '../health.ts';
import { type RoutePool, routeChoices } from '../routing.ts';

interface LoadBalancerSettings {
  readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
  readonly options?: BalancerOptions;
  readonly pools?: readonly RoutePool[];
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
    const { sticky, pools } = settings;
    const choiceOf = routeChoices(assembly, component, pools, settings, (target, instances) => ({
      sticky: sticky && { idleTime: sticky.idle, maxSessions: sticky.sessions },
      health: balancerHealth(settings.health, instances, target, component.index),
    }));
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(operation, code) {
        if (cpu !== null) code.compute(cpu, settings.cost, 'balancing');
        emitForward(code, component, operation, choiceOf);
      },
    };
  },
};
