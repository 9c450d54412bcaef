import type * as z from 'zod';
import {
  choice,
  count,
  distribution,
  type KindFinding,
  type Part,
  quantityOrWord,
  type Settling,
  section,
} from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import { settleTakeover, type TakeoverSettings, takeoverOrFlagField } from '../takeover.ts';
import { MOST_IN_ALL } from './quorum.ts';

/** Replicas of a shard that follow its primary, at most. */
export const MOST_FOLLOWERS = 15;

const readers = ['primary', 'replicas', 'any'] as const;

/** A primary's followers as interpreters read them. Times are in seconds. */
export interface FollowerSettings {
  /** Of each shard, beside its primary. */
  readonly replicas: number;
  /** Who is read from. */
  readonly reads: (typeof readers)[number];
  /** For so long after a write of an item its reads go to the primary; or, by `token`, always to members that have it. */
  readonly readYourWrites: number | 'token' | null;
  /** From the commit of a write until it is sent; where replicas confirm, from when it has come until it is applied. */
  readonly lag: Distribution;
  /** Replicas that have to have a write before it is acknowledged. */
  readonly confirmedBy: number;
  /** How long it takes until a replica is the primary in place of one that is gone; null = none ever is. */
  readonly takeover: TakeoverSettings | null;
}

/** The settings that make a database one of a primary and followers. */
export const followerFields = {
  replicas: count(
    {
      is: 'Read replicas of each shard that follow its primary, each with connections, cores and disks of its own: every write is done on each of them as well.',
      default: 0,
    },
    { least: 0, most: MOST_FOLLOWERS },
  ).optional(),
  reads: choice(readers, {
    is: 'Who is read from: the replicas, each by chance, and the primary where none takes connections; the primary alone; or any of them. What a replica has not applied yet, reads of it miss.',
    default: 'replicas',
  }).optional(),
  'read-your-writes': quantityOrWord(
    'time',
    'token',
    {
      is: 'So that who has written an item sees that in later reads: a time for which reads of it go to the primary after a write of it; or `token`, with which they go to members that have applied the write, and to the primary where no replica has.',
    },
    { above: 0 },
  ).optional(),
  lag: distribution('time', {
    is: 'From the commit of a write until it is sent to a replica, drawn for each of them; with `confirmed-by`, it is sent at once, and this passes before it is applied. The network and the work come on top. The constant lag.replica unless said.',
  }).optional(),
  'confirmed-by': count(
    {
      is: 'Replicas that have to have a write before it is acknowledged: synchronous replication. With 0, the primary alone.',
      default: 0,
    },
    { least: 0, most: MOST_FOLLOWERS },
  ).optional(),
  takeover: takeoverOrFlagField(
    'A replica becomes the primary when that is gone, after so long: a time, or the heartbeats, the promotion and the start that it is the sum of; with true, the constant failover.database. Without it, writes fail until the primary is back.',
    'serves as the primary',
  ),
} as const;

const written = section('followers', followerFields);
/** The settings as a user wrote them. */
export type WrittenFollowers = z.output<typeof written>;

/** What is written, with the defaults; null where nobody follows. */
export function followersOf(written: WrittenFollowers, settling: Settling): FollowerSettings | null {
  const { replicas = 0, takeover } = written;
  if (replicas === 0) return null;
  return {
    replicas,
    reads: written.reads ?? 'replicas',
    readYourWrites: written['read-your-writes'] ?? null,
    lag: written.lag ?? { law: 'constant', value: settling.constant('lag.replica') },
    confirmedBy: written['confirmed-by'] ?? 0,
    takeover: takeover == null ? null : settleTakeover(takeover, settling, 'failover.database'),
  };
}

/** Seconds until a primary is known to be gone, and from then until a replica serves. */
export function phasesOf({ takeover, parts }: TakeoverSettings): {
  readonly detection: number;
  readonly promotion: number;
} {
  if (parts === undefined) return { detection: takeover, promotion: 0 };
  return { detection: parts.heartbeat * parts.missed, promotion: parts.promotion + parts.boot };
}

/** What of it cannot be; for `settle`. */
export function refusedFollowers(
  written: WrittenFollowers & { readonly quorum?: unknown },
  shards: number,
): KindFinding[] {
  const { replicas = 0, quorum, 'confirmed-by': confirmedBy = 0 } = written;
  if (replicas > 0 && quorum !== undefined) {
    return [
      {
        code: 'conflicting-keys',
        setting: ['replicas'],
        message: '`replicas` follow a primary, and with `quorum` there is none',
        expected: 'one of the two',
        hint: 'replicas without a primary are `quorum.replicas`',
      },
    ];
  }
  const findings: KindFinding[] = [];
  const out = (setting: string, message: string, expected: string): void => {
    findings.push({ code: 'out-of-range', setting: [setting], message, expected });
  };
  if (replicas > 0 && confirmedBy > replicas) {
    const message = `${confirmedBy} of ${replicas} replicas cannot confirm a write`;
    out('confirmed-by', message, `at most ${replicas}, the number of \`replicas\``);
  }
  if (shards * (1 + replicas) > MOST_IN_ALL) {
    const most = Math.floor(MOST_IN_ALL / shards) - 1;
    out('replicas', `${shards} shards with a primary and ${replicas} replicas each`, `at most ${most}`);
  }
  return findings;
}

/** What is written and changes nothing; for `check`. */
export function idleFollowers(
  written: WrittenFollowers,
  isAsked: (operation: 'read' | 'write') => boolean,
): KindFinding[] {
  const { replicas = 0, reads = 'replicas', takeover } = written;
  const idle = (setting: keyof WrittenFollowers, message: string, hint?: string): KindFinding => ({
    code: 'idle-knob',
    setting: [setting],
    message,
    ...(hint === undefined ? {} : { hint }),
  });
  if (replicas === 0) {
    const told = ['reads', 'read-your-writes', 'lag', 'confirmed-by', 'takeover'] as const;
    return told.flatMap((word) =>
      written[word] == null ? [] : [idle(word, 'there is no replica; `replicas` says how many')],
    );
  }
  const findings: KindFinding[] = [];
  const unasked = 'nothing reads from it';
  if (written.reads !== undefined && !isAsked('read')) findings.push(idle('reads', unasked));
  if (!isAsked('write')) {
    const what = 'nothing writes to it: all replicas have the same';
    for (const word of ['read-your-writes', 'lag', 'confirmed-by'] as const)
      if (written[word] !== undefined) findings.push(idle(word, what));
  } else if (written['read-your-writes'] !== undefined) {
    if (!isAsked('read')) findings.push(idle('read-your-writes', unasked));
    else if (reads === 'primary')
      findings.push(
        idle(
          'read-your-writes',
          'all reads go to the primary, and see every write',
          'leave out one of the two',
        ),
      );
  }
  const unread = reads === 'primary' || !isAsked('read');
  if (unread && takeover == null && (written['confirmed-by'] ?? 0) === 0) {
    const hint =
      'reads go to them unless `reads: primary`, and with `takeover` one stands in for the primary';
    findings.push(idle('replicas', 'nobody reads from them, and none takes over', hint));
  }
  return findings;
}

/**
 * The instances by the names that faults call them by, after what they are when a run begins. Instance m × shards + s is
 * the primary of shard s for m = 0, and its replica m − 1 else.
 */
export function memberParts(shards: number, replicas: number): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (let shard = 0; shard < shards; shard++) {
    const of = shards > 1 ? `shard-${shard}-` : '';
    parts.set(`${of}primary`, { first: shard, instances: 1 });
    for (let replica = 0; replica < replicas; replica++)
      parts.set(`${of}replica-${replica}`, { first: (1 + replica) * shards + shard, instances: 1 });
  }
  return parts;
}
