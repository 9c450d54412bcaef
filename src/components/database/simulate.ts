import type { QuorumSizes } from '../../blocks/index.ts';
import type { PlacementSpec } from '../../design/placement.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import { choiceByQuorum, emitReplica } from '../../simulate/program/quorum-emission.ts';

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
  readonly quorum: QuorumSizes | null;
}

/**
 * A query holds a connection while it uses a core and then a disk, all of the shard that has its key. With replicas, each
 * has them of its own, and gives or takes its version of the item when the work is done.
 */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as DatabaseSettings;
    const { sharding, quorum } = settings;
    const instances = sharding.shards * (quorum?.replicas ?? 1);
    const each = { instances, discipline: 'fifo', placed: sharding.shards > 1 } as const;
    const connections = assembly.station(component, 'connections', {
      ...each,
      servers: settings.connections,
      places: settings.queue,
      patience: settings.queueTimeout,
    });
    const cpu = assembly.station(component, 'cpu', { ...each, servers: settings.cores, places: null });
    const disk = assembly.station(component, 'disk', { ...each, servers: settings.disks, places: null });
    const choice =
      quorum === null
        ? assembly.choiceByKey(component, sharding)
        : choiceByQuorum(assembly, component, quorum, sharding);
    return {
      instances,
      choice,
      emit(operation, code) {
        const writes = operation.name === 'write';
        const times = writes ? settings.write : settings.read;
        code.holding(connections, () => {
          code.compute(cpu, times.cpu, 'query cpu');
          code.compute(disk, times.disk, 'query disk');
          if (choice.by === 'quorum') emitReplica(code, choice, writes);
        });
      },
    };
  },
};
