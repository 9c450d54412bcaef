import type { BalanceAlgorithm } from '../../blocks/index.ts';
import type { OwnName } from '../../design/index.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import type { Discipline } from '../../simulate/model.ts';

interface ServiceSettings {
  readonly instances: number;
  readonly cores: number;
  readonly model: 'threads' | 'event-loop';
  readonly workers: number | null;
  readonly queue: number | null;
  readonly discipline: Discipline;
  readonly balance: BalanceAlgorithm | OwnName<'balance'>;
}

/** A request takes a worker (where they are limited) for as long as it lasts, and cores for its compute steps. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as ServiceSettings;
    const { instances, workers } = settings;
    const cpu = assembly.station(component, 'cpu', {
      instances,
      servers: settings.model === 'event-loop' ? 1 : settings.cores,
      places: workers === null ? settings.queue : null,
      discipline: settings.discipline,
    });
    const pool =
      workers === null
        ? null
        : assembly.station(component, 'workers', {
            instances,
            servers: workers,
            places: settings.queue,
            // Whoever has a worker competes for the CPU; the discipline of a shared CPU is no order of waiting.
            discipline: settings.discipline === 'processor-sharing' ? 'fifo' : settings.discipline,
          });
    return {
      instances,
      choice: assembly.choiceBy(settings.balance, instances, `${component.name} callers`),
      emit(operation, code) {
        if (pool === null) code.run(operation.steps, cpu);
        else code.holding(pool, () => code.run(operation.steps, cpu));
      },
    };
  },
};
