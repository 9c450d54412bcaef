import type { Plan, PlanComponent } from '../../design/plan.ts';
import {
  type Activity,
  type ComponentAccount,
  type ComponentModel,
  type Entry,
  keyClasses,
  type StationModel,
} from '../../estimate/index.ts';
import { type Distribution, mean, quantile } from '../../quantities/index.ts';
import { takeoverEntries } from '../takeover.ts';
import type { DatabaseSettings, DatabaseWork } from './describe.ts';
import type { FollowerSettings } from './followers.ts';
import { replicaStorageEntry } from './storage.ts';

/** Points of a law of lags that stand for all of it, where nothing better is known. */
const POINTS = 2000;

/** What a primary and its followers are to the estimate. */
export function membersModel(
  shards: number,
  { replicas, reads, confirmedBy, takeover }: FollowerSettings,
): Pick<ComponentModel, 'members' | 'notes'> {
  const following = replicas * shards;
  return {
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
      ...(reads === 'primary'
        ? []
        : ['a read from a replica may miss the last write, the more often the further replicas are behind']),
      ...(confirmedBy === 0
        ? []
        : [
            'a write is taken to find enough replicas that confirm it; while too few are up it waits for them, which a simulation shows',
          ]),
    ],
  };
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
  { replicas, reads, confirmedBy }: FollowerSettings,
  { read, write }: Pick<DatabaseSettings, 'read' | 'write'>,
  query: (work: DatabaseWork, first: number, more?: readonly Activity[]) => readonly Activity[],
  visits: (work: DatabaseWork, first: number) => readonly Activity[],
  stations: number,
): (name: string) => readonly Activity[] {
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
  const reading = reads === 'primary' ? atPrimary : reads === 'any' ? either : atReplica;
  return (name) => (name === 'write' ? writing : reading);
}

/** Lines of the sheet about replicas that follow a primary. */
export function followerEntries(
  { plan, component, streams }: ComponentAccount,
  followers: FollowerSettings,
  { read, write }: Pick<DatabaseSettings, 'read' | 'write'>,
  stored: number,
): readonly Entry[] {
  const { replicas, reads, lag, takeover } = followers;
  const later = workOf(write) - workOf(read);
  const atReplicas = reads === 'primary' ? 0 : reads === 'any' ? replicas / (1 + replicas) : 1;
  const missed = missedShare(plan, component, streams, (rate) => behindShare(rate, lag, later));
  return [
    replicaStorageEntry(component.name, stored, 1 + replicas),
    ...(missed === null || atReplicas === 0
      ? []
      : [
          {
            name: `${component.name}.stale`,
            label: 'reads that miss the last write',
            value: atReplicas * missed,
            unit: '1',
            formula: 'reads from replicas × (1 − E[e^(−λ × behind)]), λ being how often an item is written',
            working: () =>
              `${atReplicas} of the reads × what a lag of ${mean(lag)}s on average makes of it, over all items`,
            source: 'writes of an item as a Poisson process: a read misses those since the lag began',
          } as const,
        ]),
    ...takeoverEntries(component.name, takeover ?? undefined),
  ];
}

const workOf = ({ cpu, disk }: DatabaseWork): number => mean(cpu) + mean(disk);

/**
 * Chance that a read misses a write of an item that is written so often a second: one since the lag began that the replica
 * has. Exact for constant and exponential lags; else over the quantiles of the law.
 *
 * @param later seconds by which the work of a write is longer than that of the read, which comes by the same network
 */
export function behindShare(rate: number, lag: Distribution, later: number): number {
  const within = (behind: number): number => -Math.expm1(-rate * Math.max(0, behind));
  if (lag.law === 'constant') return within(lag.value + later);
  if (lag.law === 'exponential') {
    const missed = (rate * lag.mean) / (1 + rate * lag.mean);
    // What is left of an exponential lag after any time is exponential again.
    if (later < 0) return Math.exp(later / lag.mean) * missed;
    return 1 - Math.exp(-rate * later) * (1 - missed);
  }
  let sum = 0;
  for (let i = 0; i < POINTS; i++) sum += within(quantile(lag, (i + 0.5) / POINTS) + later);
  return sum / POINTS;
}

/** Over the reads of a component that are about items: the mean of a function of how often the item is written. */
function missedShare(
  plan: Plan,
  { operations, data }: PlanComponent,
  streams: ComponentAccount['streams'],
  missed: (rate: number) => number,
): number | null {
  const named = (name: string) =>
    operations.filter((o) => plan.operations[o]!.name === name).flatMap((o) => streams[o]!);
  let all = 0;
  let stale = 0;
  for (const each of Object.values(data)) {
    const { keys } = keyClasses(plan.data[each]!);
    const rates = (name: string): Float64Array => {
      const of = new Float64Array(keys.length);
      for (const { keys: asked, rate } of named(name))
        if (asked.keys === 'drawn' && asked.data === each)
          asked.shares.forEach((share, k) => {
            of[k]! += rate * share;
          });
      return of;
    };
    const writes = rates('write');
    rates('read').forEach((rate, k) => {
      all += rate;
      stale += rate * missed(writes[k]! / keys[k]!);
    });
  }
  return all === 0 ? null : stale / all;
}
