import type { RandomStream } from '../../kernel/index.ts';
import type { FollowerSpec, ReadsFrom } from './follower-spec.ts';
import type { Members } from './members.ts';
import type { ReplicatedItems } from './replicated-items.ts';
import type { ReplicationTally } from './replication-tally.ts';

/**
 * Which member of a shard a read is sent to: by chance among those that take connections and have the version of the item
 * that it has to see. Where no follower does, and reads go to them, that is the primary.
 */
export class ReadRouting {
  private readonly spec: Pick<FollowerSpec, 'reads' | 'readYourWrites'>;
  private readonly members: Members;
  private readonly items: ReplicatedItems;
  private readonly tally: ReplicationTally;
  private readonly random: RandomStream;
  private readonly clock: Float64Array;

  /** @param clock the present time, an array of one */
  constructor(
    spec: Pick<FollowerSpec, 'reads' | 'readYourWrites'>,
    members: Members,
    items: ReplicatedItems,
    tally: ReplicationTally,
    random: RandomStream,
    clock: Float64Array,
  ) {
    this.spec = spec;
    this.members = members;
    this.items = items;
    this.tally = tally;
    this.random = random;
    this.clock = clock;
  }

  /**
   * @param row of the item; −1 for one that was never written
   * @param weight how many items it stands for
   */
  memberFor(shard: number, row: number, weight: number): number {
    const { readYourWrites } = this.spec;
    if (readYourWrites === null) return this.byChance(shard, row, 0);
    if (readYourWrites === 'token') {
      // Who wrote the item has the number of that write, and a takeover that loses it goes back behind it.
      const least = this.items.confirmedOf(row);
      const lacked = least > 0 && this.candidates(shard, 'replicas', row, least) === 0;
      this.tally.route(weight, lacked && this.candidates(shard, 'replicas', row, 0) > 0);
      return this.byChance(shard, row, least);
    }
    const isPinned = this.clock[0]! - this.items.writtenAt(row) < readYourWrites;
    this.tally.route(weight, isPinned);
    return isPinned ? this.members.primary[shard]! : this.byChance(shard, row, 0);
  }

  private byChance(shard: number, row: number, least: number): number {
    const { reads } = this.spec;
    const primary = this.members.primary[shard]!;
    if (reads === 'primary') return primary;
    const among = this.candidates(shard, reads, row, least);
    if (among === 0) return primary;
    let left = Math.floor(this.random.next() * among);
    for (let member = 0; ; member++)
      if (this.isCandidate(member, shard, reads, row, least) && left-- === 0) return member;
  }

  /** How many there are that have the version, and that reads may go to. */
  private candidates(shard: number, from: ReadsFrom, row: number, least: number): number {
    let among = 0;
    for (let member = 0; member < this.members.count; member++)
      if (this.isCandidate(member, shard, from, row, least)) among++;
    return among;
  }

  private isCandidate(member: number, shard: number, from: ReadsFrom, row: number, least: number): boolean {
    const { members } = this;
    if (from === 'replicas' && member === members.primary[shard]) return false;
    return members.refuses[members.at(shard, member)] === 0 && this.items.versionAt(row, member) >= least;
  }
}
