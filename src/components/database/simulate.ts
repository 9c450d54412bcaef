import type { PlacementSpec } from '../../design/placement.ts';
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
  readonly queueTimeout?: Distribution;
  readonly cores: number;
  readonly disks: number | null;
  readonly read: QueryTimes;
  readonly write: QueryTimes;
  readonly sharding: PlacementSpec;
}

/** A query holds a connection while it uses a core and then a disk, all of the shard that has its key. */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as DatabaseSettings;
    const instances = settings.sharding.shards;
    const each = { instances, discipline: 'fifo', placed: true } as const;
    const connections = assembly.station(component, 'connections', {
      ...each,
      servers: settings.connections,
      places: settings.queue,
      patience: settings.queueTimeout,
    });
    const cpu = assembly.station(component, 'cpu', { ...each, servers: settings.cores, places: null });
    const disk = assembly.station(component, 'disk', { ...each, servers: settings.disks, places: null });
    return {
      instances,
      choice: assembly.choiceByKey(component, settings.sharding),
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
