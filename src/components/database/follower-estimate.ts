import type { Plan, PlanComponent } from '../../design/plan.ts';
import {
  type Activity,
  type ComponentAccount,
  type ComponentModel,
  type Entry,
  keyClasses,
  type StationModel,
} from '../../estimate/index.ts';
import { mean } from '../../quantities/index.ts';
import { takeoverEntries } from '../takeover.ts';
import type { DatabaseSettings, DatabaseWork } from './describe.ts';
import type { FollowerSettings } from './followers.ts';
import { behindShare, pinnedShare, primaryShare } from './read-your-writes.ts';
import { replicaStorageEntry } from './storage.ts';

/** What a primary and its followers are to the estimate. */
export function membersModel(
  shards: number,
  followers: FollowerSettings,
  work: Work,
  { operations }: PlanComponent,
  plan: Plan,
): Pick<ComponentModel, 'members' | 'pins' | 'notes'> {
  const { replicas, reads, confirmedBy, takeover } = followers;
  const following = replicas * shards;
  const { routed } = delaysOf(followers, work, plan);
  return {
    ...(arePinned(followers) && {
      pins: {
        writes: operations.filter((o) => plan.operations[o]!.name === 'write'),
        share: (rate) => primaryShare(rate, followers, routed),
      },
    }),
    members: {
      each: 1 + replicas,
      asked: ({ name }) => {
        if (name === 'write' || reads === 'primary') return { first: 0, instances: shards };
        if (reads === 'any') return { first: 0, instances: shards + following };
        return { first: shards, instances: following };
      },
      needsPrimary: ({ name }) => name === 'write' || reads === 'primary',
      takeover: takeover?.takeover ?? null,
      followed: ({ name }) => name === 'write',
    },
    notes: [
      ...readNotes(followers),
      ...(confirmedBy === 0
        ? []
        : [
            'a write is taken to find enough replicas that confirm it; while too few are up it waits for them, which a simulation shows',
          ]),
    ],
  };
}

function readNotes(followers: FollowerSettings): readonly string[] {
  if (followers.reads === 'primary') return [];
  const missing =
    'a read from a replica may miss the last write, the more often the further replicas are behind';
  if (!arePinned(followers)) return [missing];
  return [
    ...(followers.readYourWrites === 'token' ? [] : [missing]),
    'reads and writes of an item are taken to come by chance: one that follows its own write goes to the primary more often; and reads that go there are taken to come as far, and to be as available, as the others',
  ];
}

/** Whether some reads go to the primary since their item was written of late. */
const arePinned = ({ reads, readYourWrites }: FollowerSettings): boolean =>
  reads !== 'primary' && readYourWrites !== null;

type Work = Pick<DatabaseSettings, 'read' | 'write'>;

/**
 * Seconds on top of the lag, on average, from when a write was acknowledged until a replica has it: beyond those of a read
 * that goes there, and until one is sent there.
 */
function delaysOf(
  { confirmedBy }: FollowerSettings,
  { read, write }: Work,
  { network }: Plan,
): { readonly read: number; readonly routed: number } {
  const way = mean(network.latency);
  const acknowledged = confirmedBy === 0 ? 0 : 2 * way;
  const taken = workOf(write) - acknowledged;
  return { read: taken - workOf(read), routed: taken + way };
}

/** The stations of the primaries, and those of the replicas, which are apart. */
export function memberStations(stations: readonly StationModel[], replicas: number): readonly StationModel[] {
  return [
    ...stations,
    ...stations.map((station) => ({
      ...station,
      name: `replica-${station.name}`,
      followers: replicas,
    })),
  ];
}

/**
 * What operations do at the primary and at the replicas. Reads go where they go by chance; a write is done by each replica as
 * well, without a connection.
 *
 * @param query what an operation does at the stations from the given one on, and what more while it has its connection
 */
export function memberActivities(
  followers: FollowerSettings,
  { read, write }: Work,
  query: (work: DatabaseWork, first: number, more?: readonly Activity[]) => readonly Activity[],
  visits: (work: DatabaseWork, first: number) => readonly Activity[],
  stations: number,
): (name: string) => readonly Activity[] {
  const { replicas, reads, confirmedBy } = followers;
  const confirm: readonly Activity[] = confirmedBy === 0 ? [] : [{ does: 'confirm', by: confirmedBy }];
  const writing: readonly Activity[] = [
    ...query(write, 0, confirm),
    { does: 'afterwards', times: replicas, activities: visits(write, stations) },
  ];
  const atPrimary = query(read, 0);
  const atReplica = query(read, stations);
  const share = 1 / (1 + replicas);
  const either: readonly Activity[] = [
    {
      does: 'either',
      cases: [
        { probability: share, activities: atPrimary },
        { probability: 1 - share, activities: atReplica },
      ],
    },
  ];
  const usual = reads === 'primary' ? atPrimary : reads === 'any' ? either : atReplica;
  const reading: readonly Activity[] = arePinned(followers)
    ? [{ does: 'pin', pinned: atPrimary, others: atReplica }]
    : usual;
  return (name) => (name === 'write' ? writing : reading);
}

/** Lines of the sheet about replicas that follow a primary. */
export function followerEntries(
  { plan, component, streams }: ComponentAccount,
  followers: FollowerSettings,
  work: Work,
  stored: number,
): readonly Entry[] {
  const { replicas, reads, lag, takeover, readYourWrites } = followers;
  const delays = delaysOf(followers, work, plan);
  const since = typeof readYourWrites === 'number' ? readYourWrites : 0;
  const atReplicas = reads === 'primary' ? 0 : reads === 'any' ? replicas / (1 + replicas) : 1;
  const over = (share: (rate: number) => number) => shareOverReads(plan, component, streams, share);
  const missed = over((rate) => behindShare(rate, lag, { later: delays.read, since }));
  const pinned = over((rate) => pinnedShare(rate, followers, delays.routed));
  return [
    replicaStorageEntry(component.name, stored, 1 + replicas),
    ...(pinned === null || !arePinned(followers)
      ? []
      : [
          {
            name: `${component.name}.pinned`,
            label: 'reads that go to the primary to see the last write',
            value: pinned,
            unit: '1',
            ...(readYourWrites === 'token'
              ? {
                  formula: '1 − E[e^(−λ × least behind)], λ being how often an item is written',
                  working: () =>
                    `what the least of ${replicas} lags of ${mean(lag)}s on average makes of it, over all items`,
                }
              : {
                  formula: '1 − E[e^(−λ × read-your-writes)], λ being how often an item is written',
                  working: () => `what ${readYourWrites}s make of it, over all items`,
                }),
            source: 'writes of an item as a Poisson process: the last one is as old as the time between two',
          } as const,
        ]),
    ...(missed === null || atReplicas === 0 || readYourWrites === 'token'
      ? []
      : [
          {
            name: `${component.name}.stale`,
            label: 'reads that miss the last write',
            value: atReplicas * missed,
            unit: '1',
            formula:
              since === 0
                ? 'reads from replicas × (1 − E[e^(−λ × behind)]), λ being how often an item is written'
                : 'reads from replicas × E[(e^(−λ × read-your-writes) − e^(−λ × behind))⁺], λ being how often an item is written',
            working: () =>
              `${atReplicas} of the reads × what a lag of ${mean(lag)}s on average makes of it, over all items`,
            source: 'writes of an item as a Poisson process: a read misses those since the lag began',
          } as const,
        ]),
    ...takeoverEntries(component.name, takeover ?? undefined),
  ];
}

const workOf = ({ cpu, disk }: DatabaseWork): number => mean(cpu) + mean(disk);

/** Over the reads of a component that are about items: the mean of a share that depends on how often the item is written. */
function shareOverReads(
  plan: Plan,
  { operations, data }: PlanComponent,
  streams: ComponentAccount['streams'],
  share: (rate: number) => number,
): number | null {
  const named = (name: string) =>
    operations.filter((o) => plan.operations[o]!.name === name).flatMap((o) => streams[o]!);
  let all = 0;
  let sum = 0;
  for (const each of Object.values(data)) {
    const { keys } = keyClasses(plan.data[each]!);
    const rates = (name: string): Float64Array => {
      const of = new Float64Array(keys.length);
      for (const { keys: asked, rate } of named(name))
        if (asked.keys === 'drawn' && asked.data === each)
          asked.shares.forEach((drawn, k) => {
            of[k]! += rate * drawn;
          });
      return of;
    };
    const writes = rates('write');
    rates('read').forEach((rate, k) => {
      all += rate;
      sum += rate * share(writes[k]! / keys[k]!);
    });
  }
  return all === 0 ? null : sum / all;
}
