import type { PlanComponent } from '../../design/plan.ts';
import type { Activity, EstimatedKind, StationModel } from '../../estimate/index.ts';
import { placementOf } from '../sharding.ts';
import { takesNothing } from '../takes-nothing.ts';
import { type DatabaseSettings, type DatabaseWork, instancesOf } from './describe.ts';
import { followerEntries, memberActivities, memberStations, membersModel } from './follower-estimate.ts';
import { quorumEntries, quorumModel } from './quorum-estimate.ts';
import { storageEntries } from './storage.ts';

const CONNECTIONS = 0;
const CPU = 1;
const DISK = 2;

/** An operation holds a connection while it uses a core and then a disk. */
export const estimate: EstimatedKind = {
  model(component: PlanComponent, plan) {
    const settings = component.settings as unknown as DatabaseSettings;
    const { connections, queue, queueTimeout, cores, disks, sharding, quorum, followers } = settings;
    const visits = ({ cpu, disk }: DatabaseWork, first: number): readonly Activity[] => [
      // What takes no time does not wait for its turn either.
      ...(takesNothing(cpu) ? [] : [{ does: 'visit', station: first + CPU, time: cpu } as const]),
      ...(takesNothing(disk) ? [] : [{ does: 'visit', station: first + DISK, time: disk } as const]),
    ];
    const query = (work: DatabaseWork, first = 0, more: readonly Activity[] = []): readonly Activity[] => [
      { does: 'hold', station: first + CONNECTIONS, during: [...visits(work, first), ...more] },
    ];
    const stations: readonly StationModel[] = [
      {
        name: 'connections',
        servers: connections,
        places: queue,
        discipline: 'fifo',
        ...(queueTimeout && { control: '`queue-timeout`', impatient: true }),
      },
      { name: 'cpu', servers: cores, places: null, discipline: 'fifo' },
      { name: 'disk', servers: disks, places: null, discipline: 'fifo' },
    ];
    const alone = (name: string): readonly Activity[] =>
      query(name === 'write' ? settings.write : settings.read);
    const of =
      followers === null ? alone : memberActivities(followers, settings, query, visits, stations.length);
    const activities = { read: of('read'), write: of('write') };
    const stores = Object.values(component.data);
    const stored = stores.reduce((sum, d) => sum + plan.data[d]!.count.value * plan.data[d]!.size.value, 0);
    return {
      instances: instancesOf(settings),
      called: sharding.shards > 1 ? 'shards' : 'databases of this size, each with a share of the data,',
      ...(quorum !== null && quorumModel(quorum)),
      ...(followers !== null && membersModel(sharding.shards, followers, settings, component, plan)),
      spread: sharding.shards > 1 ? 'key' : 'random',
      ...(sharding.shards > 1 && { placement: placementOf(sharding, component, plan) }),
      stations:
        followers === null ? stations : memberStations(stations, sharding.shards * followers.replicas),
      activities: ({ name }) => (name === 'write' ? activities.write : activities.read),
      moves: ({ name }) => (name === 'write' ? 'in' : 'out'),
      availability: 'availability.database',
      rents: [
        { per: 'instance', constant: 'cost.database.core', amount: cores, unit: '1' },
        {
          per: 'component',
          constant: 'cost.database.storage',
          amount: stored * (quorum?.replicas ?? 1 + (followers?.replicas ?? 0)),
          unit: 'B',
        },
      ],
      entries: (account) => [
        ...stores.flatMap((data) => storageEntries(component.name, plan.data[data]!, stores.length > 1)),
        ...(quorum === null ? [] : quorumEntries(component.name, quorum, stored)),
        ...(followers === null ? [] : followerEntries(account, followers, settings, stored)),
      ],
    };
  },
};
