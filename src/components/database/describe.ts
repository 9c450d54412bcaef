import * as z from 'zod';
import type { QuorumSizes } from '../../blocks/index.ts';
import {
  count,
  describeKind,
  distribution,
  type KindFinding,
  limit,
  reference,
  type Settling,
  section,
} from '../../design/index.ts';
import type { PlacementSpec } from '../../design/placement.ts';
import type { Distribution } from '../../quantities/index.ts';
import { idleSharding, partsOf, refusedSharding, shardingFields, shardingOf } from '../sharding.ts';
import { takesNothing } from '../takes-nothing.ts';
import {
  type FollowerSettings,
  followerFields,
  followersOf,
  idleFollowers,
  memberParts,
  refusedFollowers,
} from './followers.ts';
import { idleQuorum, quorumField, refusedQuorum, replicaParts } from './quorum.ts';

/** What one operation takes. */
export interface DatabaseWork {
  /** Seconds of CPU. */
  readonly cpu: Distribution;
  /** Seconds of disk. */
  readonly disk: Distribution;
}

/** The settings of a database as interpreters read them; the data it stores are `stores.0`, `stores.1`, … */
export interface DatabaseSettings {
  readonly engine: string;
  /** Operations in progress at the same time. */
  readonly connections: number;
  /** Waiting places for a connection; null = without limit. */
  readonly queue: number | null;
  /** How long one waits for a connection at most, seconds; absent = until it is one's turn. */
  readonly queueTimeout?: Distribution;
  readonly cores: number;
  /** How keys are spread over shards, each with connections, cores and disks of its own. */
  readonly sharding: PlacementSpec;
  /** Replicas of each shard, and how many of them have to answer; null = one primary, and no replica. */
  readonly quorum: QuorumSizes | null;
  /** Replicas of each shard that follow its primary; null = none does. */
  readonly followers: FollowerSettings | null;
  /** Disk operations in progress at the same time; null = without limit. */
  readonly disks: number | null;
  readonly read: DatabaseWork;
  readonly write: DatabaseWork;
}

/** Shards of a database at most. */
export const MOST_SHARDS = 1000;
/** The engine whose constants stand behind the defaults. */
const knownEngine = 'postgres';

const work = (verb: 'read' | 'write') =>
  section(`what a ${verb} takes`, {
    cpu: distribution('time', { is: `CPU time of a ${verb}.`, constant: `db.${verb}.cpu` }).optional(),
    disk: distribution('time', { is: `Disk time of a ${verb}.`, constant: `db.${verb}.disk` }).optional(),
  })
    .meta({ description: `What a ${verb} takes.` })
    .optional();

/** A primary, with replicas that follow it or not, or replicas without one, each with a pool of connections, CPU cores and a disk. */
export const describe = describeKind({
  name: 'database',
  summary:
    'Stores data on a primary, which replicas may follow, or on replicas without one: an operation takes a connection, then CPU time, then disk time.',
  availability: 'availability.database',
  ceilings: [
    {
      setting: 'cores',
      constant: 'cap.database.cores',
      instead: 'keep parts of the data apart: more `shards`',
    },
  ],
  costs: () => ({ instance: ['cost.database.core'], component: ['cost.database.storage'] }),
  settings: section('a database', {
    engine: reference('a word such as postgres', {
      is: 'The engine; the defaults of read and write are known for postgres.',
      default: knownEngine,
    }).optional(),
    stores: z
      .union([
        reference('the name of data', { is: 'The data it stores.' }),
        z.array(reference('the name of data', { is: 'Data it stores.' })).min(1),
      ])
      .meta({ description: 'The data it stores.', expected: 'the name of data, or a list of names' }),
    connections: count(
      { is: 'Operations in progress at the same time; others wait.', constant: 'db.connections' },
      { most: 1_000_000 },
    ).optional(),
    queue: limit(
      {
        is: 'Waiting places for a connection; an operation that finds none is refused.',
        default: 'unlimited',
      },
      { least: 0, most: 1_000_000_000 },
    ).optional(),
    'queue-timeout': distribution(
      'time',
      {
        is: 'How long an operation waits for a connection at most, a time or a law of it; then it gives up, and fails. Without it, until it is its turn.',
      },
      { above: 0 },
    ).optional(),
    cores: count({ is: 'CPU cores.', constant: 'db.cores' }, { most: 10_000 }).optional(),
    disks: limit(
      { is: 'Disk operations in progress at the same time.', default: 'unlimited' },
      { most: 1_000_000 },
    ).optional(),
    read: work('read'),
    write: work('write'),
    shards: count(
      {
        is: 'Shards that the keys are spread over, each an instance with connections, cores and disks of its own.',
        default: 1,
      },
      { most: MOST_SHARDS },
    ).optional(),
    ...shardingFields('shard'),
    ...followerFields,
    quorum: quorumField,
  }),
  operations: { from: 'kind', names: ['read', 'write'] },
  stations: {
    connections: 'The pool of connections, held from the start to the end of an operation.',
    cpu: 'The CPU cores.',
    disk: 'The disk operations in progress.',
  },
  works(settings) {
    const { read, write } = settings as unknown as DatabaseSettings;
    return [read, write].some(({ cpu, disk }) => !takesNothing(cpu) || !takesNothing(disk));
  },
  roles: { store: { read: 'read', write: 'write' } },
  references: { stores: { to: 'data', many: true } },
  example: `kind: database
engine: postgres
stores: link
connections: 100
`,
  instances: (settings) => instancesOf(settings as unknown as DatabaseSettings),
  parts(settings) {
    const { sharding, quorum, followers } = settings as unknown as DatabaseSettings;
    if (followers !== null) return memberParts(sharding.shards, followers.replicas);
    return quorum === null ? partsOf(sharding) : replicaParts(sharding.shards, quorum.replicas);
  },
  replicated: ({ quorum, replicas = 0 }) => quorum !== undefined || (replicas as number) > 0,
  shards: (settings) => (settings as unknown as DatabaseSettings).sharding.shards,
  settle(written, settling): Readonly<Record<string, unknown>> {
    const engine = written.engine ?? knownEngine;
    const settings: DatabaseSettings = {
      engine,
      connections: written.connections ?? settling.constant('db.connections'),
      queue: written.queue ?? null,
      ...(written['queue-timeout'] && { queueTimeout: written['queue-timeout'] }),
      cores: written.cores ?? settling.constant('db.cores'),
      disks: written.disks ?? null,
      read: workOf('read', written.read, engine, settling),
      write: workOf('write', written.write, engine, settling),
      sharding: shardingOf(written, written.shards ?? 1),
      quorum: written.quorum ?? null,
      followers: followersOf(written, settling),
    };
    for (const finding of refusedQuorum(written.quorum, settings.sharding.shards)) settling.refuse(finding);
    for (const finding of refusedFollowers(written, settings.sharding.shards)) settling.refuse(finding);
    for (const finding of refusedSharding(written, settings.sharding, 'shard')) settling.refuse(finding);
    return { ...settings };
  },
  check(written, { name, settings }, { operations, keysOf }) {
    const { read, write, sharding } = settings as unknown as DatabaseSettings;
    const findings: KindFinding[] = idleSharding(written, sharding, 'shard');
    findings.push(...idleQuorum(written.quorum, (operation) => keysOf(operation).length > 0));
    findings.push(...idleFollowers(written, (operation) => keysOf(operation).length > 0));
    const keyless = operations.some((operation) => keysOf(operation).includes(null));
    if (sharding.shards > 1 && keyless) {
      findings.push({
        code: 'no-request-key',
        setting: ['shards'],
        message: `requests without a key come to \`${name}\`, and no shard is theirs`,
        hint: 'give the traffic a `key`, or read from a service with `key: none`, which asks all shards',
      });
    }
    const isSaid = ({ cpu, disk }: WrittenWork = {}) => cpu !== undefined && disk !== undefined;
    if (written.engine !== undefined && isSaid(written.read) && isSaid(written.write)) {
      findings.push({
        code: 'idle-knob',
        setting: ['engine'],
        message: '`read` and `write` say all that would be taken from it',
      });
    }
    if (written['queue-timeout'] !== undefined && written.queue === 0) {
      findings.push({
        code: 'idle-knob',
        setting: ['queue-timeout'],
        message: 'with `queue: 0` nobody waits',
      });
    }
    if (written.disks !== undefined && takesNothing(read.disk) && takesNothing(write.disk)) {
      findings.push({
        code: 'idle-knob',
        setting: ['disks'],
        message: 'neither read nor write takes disk time',
      });
    }
    if (written.cores !== undefined && takesNothing(read.cpu) && takesNothing(write.cpu)) {
      findings.push({
        code: 'idle-knob',
        setting: ['cores'],
        message: 'neither read nor write takes CPU time',
      });
    }
    return findings;
  },
});

/** All instances: each shard has as many as there are replicas, and a primary with those that follow one. */
export function instancesOf({
  sharding,
  quorum,
  followers,
}: Pick<DatabaseSettings, 'sharding' | 'quorum' | 'followers'>): number {
  return sharding.shards * (quorum?.replicas ?? 1 + (followers?.replicas ?? 0));
}

const parts = ['cpu', 'disk'] as const;
const partWords = { cpu: 'CPU time', disk: 'disk time' } as const;

/** What a user writes of an operation. */
interface WrittenWork {
  readonly cpu?: Distribution | undefined;
  readonly disk?: Distribution | undefined;
}

function workOf(
  verb: 'read' | 'write',
  written: WrittenWork | undefined,
  engine: string,
  settling: Settling,
): DatabaseWork {
  const lacking = engine === knownEngine ? [] : parts.filter((part) => written?.[part] === undefined);
  const [only, another] = lacking;
  if (only !== undefined) {
    const what = another === undefined ? `the ${partWords[only]} of a ${verb}` : `what a ${verb} takes`;
    settling.refuse({
      code: 'missing-key',
      setting: another === undefined ? [verb, only] : [verb],
      message: `nothing is known of ${what} in \`${engine}\``,
      expected: `\`${verb}: { cpu: …, disk: … }\`, or the engine ${knownEngine}`,
    });
  }
  const time = (part: 'cpu' | 'disk'): Distribution =>
    written?.[part] ?? {
      law: 'constant',
      value: lacking.length > 0 ? 0 : settling.constant(`db.${verb}.${part}`),
    };
  return { cpu: time('cpu'), disk: time('disk') };
}
