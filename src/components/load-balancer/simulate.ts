import type { BalanceAlgorithm, BalancerOptions } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { InstanceChoice } from '../../simulate/instances.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import type { Assembly } from '../../simulate/program/assembly.ts';
import { emitByInstance, emitForward } from '../../simulate/program/route-emission.ts';
import { type AnswerSettings, answersCompute, assembleLink, emitAnswer } from '../answer-link.ts';
import { balancerHealth, type HealthSettings } from '../health.ts';
import { type RoutePool, routeChoices } from '../routing.ts';
import { takesNothing } from '../takes-nothing.ts';
import type { PairSettings } from './pair.ts';

interface LoadBalancerSettings extends AnswerSettings {
  readonly layer: 4 | 7;
  readonly algorithm: BalanceAlgorithm | OwnName<'balance'>;
  readonly options?: BalancerOptions;
  readonly pools?: readonly RoutePool[];
  readonly sticky?: { readonly idle: number; readonly sessions: number };
  readonly health?: HealthSettings;
  readonly cost: Distribution;
  readonly cores: number;
  readonly pair?: PairSettings;
}

/** An address is with the same one of a pair until that fails: a session of all requests together. */
const ADDRESS = { idleTime: Number.MAX_VALUE, maxSessions: 1 };

/** Spends its own CPU on a request, chooses the target's instance and passes the request on. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as LoadBalancerSettings;
    const free = takesNothing(settings.cost);
    const { pair } = settings;
    const instances = pair === undefined ? 1 : 2;
    const compresses = answersCompute(settings, assembly.plan, component.operations);
    // What takes no time needs no CPU, unless that stands still: then all wait for it.
    const freezes = assembly.plan.scenario?.faults.some(
      (fault) => fault.fault === 'freeze' && fault.component === component.index,
    );
    const cpu =
      free && !compresses && !freezes
        ? null
        : assembly.station(component, 'cpu', {
            instances,
            servers: settings.cores,
            places: null,
            discipline: 'fifo',
          });
    const link = assembleLink(settings, component, instances, assembly);
    const { sticky, pools, layer } = settings;
    // Each of a pair knows of its own requests alone, but both of all connections: these outlive a takeover.
    const choosing = layer === 4 ? 1 : instances;
    const choices = Array.from({ length: choosing }, (_, i) => {
      const { name } = component;
      const own = i === 0 ? component : { ...component, name: `${name} #${i + 1}` };
      return routeChoices(assembly, own, pools, settings, (target, targets) => ({
        sticky: sticky && { idleTime: sticky.idle, maxSessions: sticky.sessions },
        perConnection: layer === 4 ? target : undefined,
        health: balancerHealth(settings.health, targets, target, component.index),
      }));
    });
    return {
      instances,
      addressed: true,
      heedsConnections: layer === 4,
      choice: pair === undefined ? { by: 'none' } : oneOfPair(component, pair, assembly),
      emit(operation, code) {
        if (cpu !== null && freezes) code.work(cpu, settings.cost, 'balancing');
        else if (cpu !== null) code.compute(cpu, settings.cost, 'balancing');
        emitByInstance(code, choosing, (i) => emitForward(code, component, operation, choices[i]!));
        emitAnswer(code, settings, operation, { cpu, link });
      },
    };
  },
};

/** Callers know an address, and come to whoever has it. */
function oneOfPair(
  component: PlanComponent,
  { mode, takeover }: NonNullable<LoadBalancerSettings['pair']>,
  assembly: Assembly,
): InstanceChoice {
  assembly.discover(component, { instances: 2, heartbeat: 0, expire: takeover, refresh: 0 });
  const beside = { health: balancerHealth(undefined, 2, component.index, null) };
  const purpose = `${component.name} pair`;
  if (mode === 'active-active') return assembly.choiceBy('random', 2, purpose, beside);
  return assembly.choiceBy('round-robin', 2, purpose, { ...beside, sticky: ADDRESS, together: true });
}
