import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';

interface QueryTimes {
  readonly cpu: Distribution;
  readonly disk: Distribution;
}

interface DatabaseSettings {
  readonly connections: number;
  readonly queue: number | null;
  readonly cores: number;
  readonly disks: number | null;
  readonly read: QueryTimes;
  readonly write: QueryTimes;
}

/** A query holds a connection while it uses a core and then a disk. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as DatabaseSettings;
    const one = { instances: 1, discipline: 'fifo' } as const;
    const connections = assembly.station(component, 'connections', {
      ...one,
      servers: settings.connections,
      places: settings.queue,
    });
    const cpu = assembly.station(component, 'cpu', { ...one, servers: settings.cores, places: null });
    const disk = assembly.station(component, 'disk', { ...one, servers: settings.disks, places: null });
    return {
      instances: 1,
      choice: { by: 'none' },
      emit(operation, code) {
        const times = operation.name === 'write' ? settings.write : settings.read;
        code.holding(connections, () => {
          code.compute(cpu, times.cpu, 'query cpu');
          code.compute(disk, times.disk, 'query disk');
        });
      },
    };
  },
};
