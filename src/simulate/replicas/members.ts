import type { FollowerSpec } from './follower-spec.ts';

/** What the members of the shards of a component are at present, by shard or by number: member m of shard s is m × shards + s. */
export class Members {
  private readonly shards: number;
  readonly count: number;
  /** Which member of each shard is its primary; and 1 where that is gone, and no other one serves yet. */
  readonly primary: Int32Array;
  readonly leaderless: Uint8Array;
  /** By member: 1 where it refuses connections. */
  readonly refuses: Uint8Array;
  /** 1 where it is a follower that its primary sends to. */
  readonly streaming: Uint8Array;
  /** Goes up whenever what was on its way to it does not arrive; and whenever it dies. */
  readonly connections: Int32Array;
  readonly lives: Int32Array;
  /** How many writes it fetches at present. */
  readonly fetching: Int32Array;

  constructor({ shards, members }: Pick<FollowerSpec, 'shards' | 'members'>) {
    this.shards = shards;
    this.count = members;
    this.primary = new Int32Array(shards);
    this.leaderless = new Uint8Array(shards);
    this.refuses = new Uint8Array(shards * members);
    this.streaming = new Uint8Array(shards * members).fill(1, shards);
    this.connections = new Int32Array(shards * members);
    this.lives = new Int32Array(shards * members);
    this.fetching = new Int32Array(shards * members);
  }

  at(shard: number, member: number): number {
    return member * this.shards + shard;
  }

  shardOf(at: number): number {
    return at % this.shards;
  }

  memberOf(at: number): number {
    return Math.floor(at / this.shards);
  }

  logOf<Log>(logs: readonly Log[], at: number): Log {
    return logs[at % this.shards]!;
  }
}
