import type { QuorumSizes } from '../../blocks/index.ts';
import type { KindKnob, KindMoves, KindVariant } from '../../design/index.ts';
import { formatQuantity, quantile } from '../../quantities/index.ts';
import { type DatabaseSettings, MOST_SHARDS } from './describe.ts';
import { type FollowerSettings, MOST_FOLLOWERS } from './followers.ts';
import { MOST_IN_ALL, MOST_REPLICAS } from './quorum.ts';

const stationNames = ['connections', 'cpu', 'disk'];
const ofReplicas = (station: string): string => `replica-${station}`;

export const moves: KindMoves = {
  knobs(settings) {
    const { connections, cores, disks, sharding, quorum, followers } =
      settings as unknown as DatabaseSettings;
    // Primaries and replicas are machines of one size.
    const both = (station: string): string[] =>
      followers === null ? [station] : [station, ofReplicas(station)];
    const count = { least: 1, dimension: 'count' } as const;
    const knobs: KindKnob[] = [
      {
        ...count,
        setting: ['connections'],
        now: connections,
        most: 1_000_000,
        relieves: both('connections'),
        sacrifices: 'memory for each connection, and more operations at once on its cores',
      },
      {
        ...count,
        setting: ['cores'],
        now: cores,
        most: 10_000,
        relieves: both('cpu'),
        sacrifices: 'a larger machine, and there is a largest; it restarts to become so',
      },
    ];
    if (disks !== null) {
      knobs.push({
        ...count,
        setting: ['disks'],
        now: disks,
        most: 1_000_000,
        relieves: both('disk'),
        sacrifices: 'faster disks, at a price that is not in the estimate',
      });
    }
    if (followers !== null) {
      const spread = followers.reads === 'any' ? stationNames.flatMap(both) : stationNames.map(ofReplicas);
      knobs.push({
        ...count,
        setting: ['replicas'],
        now: followers.replicas,
        most: Math.min(MOST_FOLLOWERS, Math.floor(MOST_IN_ALL / sharding.shards) - 1),
        relieves: followers.reads === 'primary' ? [] : spread,
        sacrifices: 'another machine for each shard, which does every write as well',
      });
    }
    // Places of the splits tie the number of shards down.
    if (sharding.splits === null) {
      knobs.push({
        ...count,
        setting: ['shards'],
        now: sharding.shards,
        most: mostShards(quorum?.replicas ?? 1 + (followers?.replicas ?? 0)),
        relieves: stationNames.flatMap(both),
        sacrifices: 'no transaction across shards, what has no key asks all of them, and all data moves once',
      });
    }
    return knobs;
  },
  variants(settings) {
    const { quorum, sharding, followers } = settings as unknown as DatabaseSettings;
    if (quorum !== null) return quorumVariants(quorum, sharding.shards);
    return followers === null ? withFollowers(sharding.shards) : followerVariants(followers);
  },
};

/** Replicas of each shard that are advised where there is none: more of them are a matter of more. */
const FIRST_REPLICAS = 2;

/** Somebody to read from beside the primary, and somebody to take its place. */
function withFollowers(shards: number): KindVariant[] {
  if (shards * (1 + FIRST_REPLICAS) > MOST_IN_ALL) return [];
  return [
    {
      sets: [{ setting: ['replicas'], value: FIRST_REPLICAS }],
      chose: `${FIRST_REPLICAS} read replicas, which reads go to`,
      over: 'a primary alone',
      because: 'reads leave it the writes, and are shared by others',
      sacrifices: 'a read may miss the last writes, and machines for replicas that do every write as well',
      helps: 'itself',
    },
    {
      sets: [
        { setting: ['replicas'], value: 1 },
        { setting: ['reads'], value: 'primary' },
        { setting: ['takeover'], value: true },
      ],
      chose: 'a replica that stands by, and takes over',
      over: 'a primary alone',
      because: 'with the primary down nothing is read or written until it is back',
      sacrifices: 'a second machine; writes that it has not got when it takes over are lost',
      helps: 'availability',
    },
  ];
}

/** Of the lags of writes so many are shorter than a read goes to the primary for: the rest are as rare as a goal can tell. */
const MOST_LAGS = 0.999;
/** For longer than these by so much, since the network and the work of a write come on top. */
const LONGER = 1.1;

/** Reads of what was written of late go where that is. */
function fresherVariants({ reads, readYourWrites, lag }: FollowerSettings): KindVariant[] {
  if (reads === 'primary' || readYourWrites === 'token') return [];
  const common = {
    over: readYourWrites === null ? 'reads that go by chance' : 'a time that is shorter than lags are',
    because: 'who has written an item reads what no replica may have yet',
    helps: 'freshness',
  } as const;
  const way = ['read-your-writes'];
  const seconds = LONGER * quantile(lag, MOST_LAGS);
  const token: KindVariant = {
    ...common,
    sets: [{ setting: way, value: 'token' }],
    chose: 'reads that go to members that have applied the last write',
    sacrifices:
      'load on the primary; those who ask keep the position of their writes, and hand it on with each read',
  };
  if (!(seconds > (readYourWrites ?? 0))) return [token];
  const value = formatQuantity(seconds, 'time', { digits: 2 });
  const pin: KindVariant = {
    ...common,
    sets: [{ setting: way, value }],
    chose: `reads that go to the primary for ${value} after a write of the item`,
    sacrifices:
      'load on the primary, also by reads that a replica could answer; and stale reads where lags are longer',
  };
  return [token, pin];
}

function followerVariants(followers: FollowerSettings): KindVariant[] {
  const { reads, replicas, takeover, confirmedBy } = followers;
  const variants: KindVariant[] = fresherVariants(followers);
  if (reads === 'primary') {
    variants.push({
      sets: [{ setting: ['reads'], value: 'any' }],
      chose: 'reads from any replica',
      over: 'from the primary alone',
      because: 'they are shared by machines that are there already',
      sacrifices: 'a read may miss the last writes',
      helps: 'itself',
    });
  }
  if (confirmedBy > 0) {
    variants.push({
      sets: [{ setting: ['confirmed-by'], value: confirmedBy - 1 }],
      chose: `a write that waits for ${confirmedBy - 1} of ${replicas} replicas`,
      over: `for ${confirmedBy} of them`,
      because: 'it holds its connection while it waits',
      sacrifices:
        confirmedBy === 1
          ? 'a write that no replica has is lost with the primary'
          : 'a write is on fewer machines when it is acknowledged',
      helps: 'itself',
    });
  }
  if (takeover === null) {
    variants.push({
      sets: [{ setting: ['takeover'], value: true }],
      chose: 'a replica that takes over',
      over: 'replicas that only follow',
      because: 'writes fail until the primary is back',
      sacrifices:
        confirmedBy === 0
          ? 'writes that it has not got when it takes over are lost'
          : 'a takeover that must be tried now and then',
      helps: 'availability',
    });
  }
  return variants;
}

/** Every read meets the last write that was confirmed: R + W > N (Gifford, "Weighted voting for replicated data", 1979). */
const meets = ({ replicas, reads, writes }: QuorumSizes): boolean => reads + writes > replicas;

/** Fewer to wait for, more so that reads meet writes, and one that may be down: what each gives up follows from the sizes. */
function quorumVariants(now: QuorumSizes, shards: number): KindVariant[] {
  const { replicas, reads, writes } = now;
  const variants: KindVariant[] = [];
  const sized = (size: 'reads' | 'writes', to: number): QuorumSizes => ({ ...now, [size]: to });
  for (const size of ['reads', 'writes'] as const) {
    const one = size === 'reads' ? 'read' : 'write';
    if (now[size] > 1) {
      const fewer = sized(size, now[size] - 1);
      variants.push({
        sets: [{ setting: ['quorum', size], value: fewer[size] }],
        chose: `a ${one} that waits for ${fewer[size]} of ${replicas} replicas`,
        over: `for ${now[size]} of them`,
        because: 'the slowest of fewer answers is there sooner',
        sacrifices: lossOf(now, fewer, one),
        helps: 'itself',
      });
    }
    const enough = replicas - (size === 'reads' ? writes : reads) + 1;
    if (!meets(now)) {
      variants.push({
        sets: [{ setting: ['quorum', size], value: enough }],
        chose: `a ${one} that waits for ${enough} of ${replicas} replicas`,
        over: `for ${now[size]} of them`,
        because: 'R + W is more than N then, and every read meets the last write that was confirmed',
        sacrifices: `each ${one} waits for slower replicas, and fails when ${replicas - enough + 1} of them are down`,
        helps: 'itself',
      });
    }
  }
  const wider = withOneMore(now);
  const fits = wider.replicas <= MOST_REPLICAS && shards * wider.replicas <= MOST_IN_ALL;
  if (Math.max(reads, writes) === replicas && fits) {
    variants.push({
      sets: (['replicas', 'reads', 'writes'] as const)
        .filter((size) => wider[size] !== now[size])
        .map((size) => ({ setting: ['quorum', size], value: wider[size] })),
      chose: `${wider.replicas} replicas, of which a read waits for ${wider.reads} and a write for ${wider.writes}`,
      over: `${replicas}, with ${reads} and ${writes}`,
      because: 'with one replica down, what waits for all of them fails',
      sacrifices:
        meets(now) || !meets(wider)
          ? 'one more machine for each shard, which is asked by every read and every write'
          : 'one more machine for each shard',
      helps: 'availability',
    });
  }
  return variants;
}

function lossOf(now: QuorumSizes, fewer: QuorumSizes, one: 'read' | 'write'): string {
  if (meets(now) && !meets(fewer))
    return 'R + W is no more than N then: a read may miss a write that was confirmed';
  if (!meets(now)) return 'more reads miss a write that was confirmed';
  return one === 'write'
    ? 'a write is confirmed by fewer, and lost when these are'
    : 'the answers of fewer replicas are compared';
}

/** A replica more, which may be down; reads still meet writes where they did. */
function withOneMore(now: QuorumSizes): QuorumSizes {
  const wider = { ...now, replicas: now.replicas + 1 };
  if (!meets(now) || meets(wider)) return wider;
  return now.reads <= now.writes ? { ...wider, reads: now.reads + 1 } : { ...wider, writes: now.writes + 1 };
}

function mostShards(replicas: number): number {
  return Math.min(MOST_SHARDS, Math.floor(MOST_IN_ALL / replicas));
}
