import type { QuorumSizes } from '../../blocks/index.ts';
import { count, type KindFinding, type Part, section } from '../../design/index.ts';

/** Replicas of one item. */
export const MOST_REPLICAS = 100;
/** Replicas of all shards together. */
export const MOST_IN_ALL = 10_000;

/** The setting that makes a database one of replicas without a primary. */
export const quorumField = section('a quorum', {
  replicas: count(
    { is: 'N: replicas of each item, each with connections, cores and disks of its own.' },
    { most: MOST_REPLICAS },
  ),
  reads: count({ is: 'R: replicas that have to answer a read, at most N.' }, { most: MOST_REPLICAS }),
  writes: count({ is: 'W: replicas that have to confirm a write, at most N.' }, { most: MOST_REPLICAS }),
})
  .meta({
    description:
      'Replicas without a primary: reads and writes ask all N of them, and wait for R and W; without it, one primary.',
  })
  .optional();

/** What of the sizes cannot be; for `settle`. */
export function refusedQuorum(written: QuorumSizes | undefined, shards: number): KindFinding[] {
  if (written === undefined) return [];
  const { replicas } = written;
  const findings: KindFinding[] = [];
  const out = (size: keyof QuorumSizes, message: string, expected: string): void => {
    findings.push({ code: 'out-of-range', setting: ['quorum', size], message, expected });
  };
  for (const size of ['reads', 'writes'] as const) {
    if (written[size] > replicas)
      out(
        size,
        `${written[size]} of ${replicas} replicas cannot answer`,
        `at most ${replicas}, the number of \`replicas\``,
      );
  }
  if (shards * replicas > MOST_IN_ALL)
    out(
      'replicas',
      `${shards} shards with ${replicas} replicas each`,
      `at most ${Math.floor(MOST_IN_ALL / shards)}`,
    );
  return findings;
}

/** Sizes that change nothing here; for `check`. */
export function idleQuorum(
  written: QuorumSizes | undefined,
  isAsked: (operation: 'read' | 'write') => boolean,
): KindFinding[] {
  if (written === undefined) return [];
  const idle = (size: 'reads' | 'writes', message: string): KindFinding => ({
    code: 'idle-knob',
    setting: ['quorum', size],
    message,
  });
  return [
    ...(isAsked('read') ? [] : [idle('reads', 'nothing reads from it')]),
    ...(isAsked('write')
      ? []
      : [idle('writes', 'nothing writes to it: all replicas have the same, and no read is stale')]),
  ];
}

/** The instances by the names that faults call them by: each replica, and with several shards each shard. */
export function replicaParts(shards: number, replicas: number): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (let shard = 0; shard < shards; shard++) {
    const first = shard * replicas;
    if (shards > 1) parts.set(`shard-${shard}`, { first, instances: replicas });
    for (let replica = 0; replica < replicas; replica++) {
      const name = `${shards > 1 ? `shard-${shard}-` : ''}replica-${replica}`;
      parts.set(name, { first: first + replica, instances: 1 });
    }
  }
  return parts;
}
