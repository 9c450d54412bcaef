import type { PlanComponent } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { emitWithinMemory } from '../../simulate/program/memory-emission.ts';
import { emitProxy } from '../../simulate/program/sidecar-emission.ts';
import { assembleLink, emitCompression, emitSending } from '../answer-link.ts';
import { balancerHealth } from '../health.ts';
import { behindWorkers, ofWorkers, type ServiceSettings } from './describe.ts';
import { assembleSidecar } from './sidecar.ts';

/** A request takes a worker (where they are limited) for as long as it lasts, and cores for its compute steps. */
export const simulate: SimulatedKind = {
  killed: ({ settings }) => {
    const { restart, restartBackoff = null } = settings as unknown as ServiceSettings;
    return restart === undefined ? null : { restart, backoff: restartBackoff };
  },
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as ServiceSettings;
    const { workers, queue, autoscale } = settings;
    const instances = autoscale?.to ?? settings.instances;
    const door = { ...orderOf(settings), places: queue, patience: settings.queueTimeout };
    const cpu = assembly.station(component, 'cpu', {
      instances,
      servers: settings.model === 'event-loop' ? 1 : settings.cores,
      ...(workers === null ? door : { discipline: behindWorkers(settings.discipline), places: null }),
      speeds: settings.speeds,
    });
    const pool =
      workers === null
        ? null
        : assembly.station(component, 'workers', {
            instances,
            servers: workers,
            ...door,
            discipline: ofWorkers(settings.discipline),
          });
    const room =
      settings.room === undefined
        ? null
        : assembly.station(component, 'memory', {
            instances,
            servers: settings.room,
            places: 0,
            discipline: 'fifo',
          });
    const link = assembleLink(settings, component, instances, assembly);
    const sidecar =
      settings.sidecar && assembleSidecar(settings.sidecar, component, { instances, cpu }, assembly);
    if (autoscale !== undefined && autoscale.from < autoscale.to) {
      assembly.autoscale(component, { ...autoscale, instances: settings.instances, cpu, door: pool ?? cpu });
    }
    if (settings.pauses !== undefined) {
      assembly.pause(component, instances, settings.pauses.every, settings.pauses.for);
    }
    if (settings.discovery !== undefined && instances > 1) {
      assembly.discover(component, { ...settings.discovery, instances });
    }
    return {
      instances,
      choice: assembly.choiceBy(settings.balance, instances, `${component.name} callers`, {
        options: settings.options,
        health: balancerHealth(settings.health, instances, component.index, null),
      }),
      emit(operation, code) {
        const answer = (): void => {
          code.run(operation.steps, cpu);
          emitCompression(code, settings, operation, cpu);
        };
        const work = (): void => {
          if (pool === null) answer();
          else code.holding(pool, answer);
        };
        if (sidecar !== undefined) emitProxy(code, sidecar);
        if (room === null) work();
        else if (settings.restart === undefined) code.holding(room, work);
        else emitWithinMemory(code, component.index, room, work);
        emitSending(code, settings, operation, link);
      },
    };
  },
};

/** What decides about the queue at the door of an instance. */
function orderOf({ discipline, target, interval, threshold, shed }: ServiceSettings) {
  return {
    discipline,
    ...(target !== undefined && interval !== undefined && { codel: { target, interval } }),
    ...(threshold !== undefined && { threshold }),
    ...(shed && { shed }),
  };
}
