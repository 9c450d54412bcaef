import type { QuorumSizes } from '../../blocks/index.ts';
import type { PlacementSpec } from '../../design/placement.ts';
import type { PlanComponent } from '../../design/plan.ts';
import type { Distribution } from '../../quantities/index.ts';
import type { SimulatedKind } from '../../simulate/kind.ts';
import {
  choiceByRole,
  emitCommit,
  emitMemberRead,
  emitReplication,
} from '../../simulate/program/follower-emission.ts';
import { choiceByQuorum, emitReplica } from '../../simulate/program/quorum-emission.ts';
import type { StationSettings } from '../../simulate/stations/station-group.ts';
import { type FollowerSettings, phasesOf } from './followers.ts';

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
  readonly followers: FollowerSettings | null;
}

/**
 * A query holds a connection while it uses a core and then a disk, all of the shard that has its key. With replicas, each
 * has them of its own, and gives or takes its version of the item when the work is done. Of those that follow a primary,
 * stations are apart: they have the reads and the work of every write, and no connection is taken for that.
 */
export const simulate: SimulatedKind = {
  build(component: PlanComponent, assembly) {
    const settings = component.settings as unknown as DatabaseSettings;
    const { sharding, quorum, followers, cores, disks } = settings;
    const { shards } = sharding;
    const own = shards * (quorum?.replicas ?? 1);
    const following = shards * (followers?.replicas ?? 0);
    const stations = (name: string, of: Omit<StationSettings, 'instances' | 'discipline'>): number => {
      const each = { ...of, discipline: 'fifo', placed: shards > 1 } as const;
      const first = assembly.station(component, name, { ...each, instances: own });
      // Station and instance go by one number, so those that follow come right behind.
      if (following > 0)
        assembly.station(component, `replica-${name}`, { ...each, instances: following, from: own });
      return first;
    };
    const connections = stations('connections', {
      servers: settings.connections,
      places: settings.queue,
      patience: settings.queueTimeout,
    });
    const cpu = stations('cpu', { servers: cores, places: null });
    const disk = stations('disk', { servers: disks, places: null });
    const byKey = assembly.choiceByKey(component, sharding);
    const choice =
      followers !== null
        ? choiceByRole(assembly, component, rolesOf(followers, cores), byKey, sharding)
        : quorum === null
          ? byKey
          : choiceByQuorum(assembly, component, quorum, sharding);
    return {
      instances: own + following,
      choice,
      emit(operation, code) {
        const writes = operation.name === 'write';
        const times = writes ? settings.write : settings.read;
        const ship = code.label();
        code.holding(connections, () => {
          code.compute(cpu, times.cpu, 'query cpu');
          code.compute(disk, times.disk, 'query disk');
          if (choice.by === 'quorum') emitReplica(code, choice, writes);
          if (choice.by === 'followers' && writes) emitCommit(code, choice, ship);
          if (choice.by === 'followers' && !writes) emitMemberRead(code, choice);
        });
        if (choice.by === 'followers' && writes) {
          const applying = { lag: followers!.lag, cpu, disk, work: settings.write };
          emitReplication(code, choice, component, applying, ship);
        }
      },
    };
  },
};

/** Who comes back applies as many writes at once as it has cores. */
function rolesOf(
  { replicas, reads, readYourWrites, confirmedBy, takeover }: FollowerSettings,
  cores: number,
) {
  return {
    members: 1 + replicas,
    reads,
    readYourWrites,
    confirmedBy,
    takeover: takeover === null ? null : phasesOf(takeover),
    lanes: cores,
  };
}
