import type { PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind } from '../../estimate/index.ts';
import { placementOf } from '../sharding.ts';
import { type DatabaseSettings, type DatabaseWork, instancesOf, takesNothing } from './describe.ts';
import { quorumEntries, quorumModel } from './quorum-estimate.ts';
import { storageEntries } from './storage.ts';

const CONNECTIONS = 0;
const CPU = 1;
const DISK = 2;

/** An operation holds a connection while it uses a core and then a disk. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan) {
    const settings = component.settings as unknown as DatabaseSettings;
    const { connections, queue, queueTimeout, cores, disks, sharding, quorum } = settings;
    const query = ({ cpu, disk }: DatabaseWork): readonly Activity[] => [
      {
        does: 'hold',
        station: CONNECTIONS,
        // What takes no time does not wait for its turn either.
        during: [
          ...(takesNothing(cpu) ? [] : [{ does: 'visit', station: CPU, time: cpu } as const]),
          ...(takesNothing(disk) ? [] : [{ does: 'visit', station: DISK, time: disk } as const]),
        ],
      },
    ];
    const read = query(settings.read);
    const write = query(settings.write);
    const stores = Object.values(component.data);
    const stored = stores.reduce((sum, d) => sum + plan.data[d]!.count.value * plan.data[d]!.size.value, 0);
    return {
      instances: instancesOf(settings),
      called: sharding.shards > 1 ? 'shards' : 'databases of this size, each with a share of the data,',
      ...(quorum !== null && quorumModel(quorum)),
      spread: sharding.shards > 1 ? 'key' : 'random',
      ...(sharding.shards > 1 && { placement: placementOf(sharding, component, plan) }),
      stations: [
        {
          name: 'connections',
          servers: connections,
          places: queue,
          discipline: 'fifo',
          ...(queueTimeout && { control: '`queue-timeout`', impatient: true }),
        },
        { name: 'cpu', servers: cores, places: null, discipline: 'fifo' },
        { name: 'disk', servers: disks, places: null, discipline: 'fifo' },
      ],
      activities: ({ name }) => (name === 'write' ? write : read),
      moves: ({ name }) => (name === 'write' ? 'in' : 'out'),
      availability: 'availability.database',
      rents: [
        { per: 'instance', constant: 'cost.database.core', amount: cores, unit: '1' },
        {
          per: 'component',
          constant: 'cost.database.storage',
          amount: stored * (quorum?.replicas ?? 1),
          unit: 'B',
        },
      ],
      entries: () => [
        ...stores.flatMap((data) => storageEntries(component.name, plan.data[data]!, stores.length > 1)),
        ...(quorum === null ? [] : quorumEntries(component.name, quorum, stored)),
      ],
    };
  },
};
