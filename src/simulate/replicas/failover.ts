import type { Controls } from '../controls.ts';
import type { FollowerSpec } from './follower-spec.ts';
import type { Followers } from './followers.ts';
import type { Members } from './members.ts';

/** What there is to know of instances. */
export interface Instances {
  /** Whether an instance of a component is there, and takes connections. */
  isUp(component: number, instance: number): boolean;
  isFrozen(component: number, instance: number): boolean;
  refuses(component: number, instance: number): boolean;
  /** Whether messages get from one instance of a component to another one of it, and back. */
  reaches(component: number, from: number, to: number): boolean;
}

/** The numbers of a shard on the calendar: its primary is known to be gone, and a follower is ready to serve. */
const EVENTS = 2;

/**
 * What becomes of primaries and followers when instances or the network between them fail. A primary is gone that is
 * down, stands still, or reaches none of the followers that are up; when it has been so for the time of the detection, it
 * gets no more requests, and after the promotion a follower takes its place.
 */
export class Failover {
  private readonly specs: readonly FollowerSpec[];
  private readonly followers: Followers;
  private readonly instances: Instances;
  private readonly controls: Controls;
  private readonly clock: Float64Array;
  private readonly first: number;
  /** Of each component, the number of its first shard; shards are numbered through. */
  private readonly shards: readonly number[];
  /** By shard: when the primary is known to be gone, and when a follower is ready; NaN = it is not going to be so. */
  private readonly detectedAt: Float64Array;
  private readonly promotedAt: Float64Array;
  /** By component and member: 1 where it did work when it was last looked at; and where it was up. */
  private readonly standing: readonly Uint8Array[];
  private readonly up: readonly Uint8Array[];

  constructor(
    specs: readonly FollowerSpec[],
    followers: Followers,
    instances: Instances,
    controls: Controls,
    clock: Float64Array,
  ) {
    this.specs = specs;
    this.followers = followers;
    this.instances = instances;
    this.controls = controls;
    this.clock = clock;
    let all = 0;
    this.shards = specs.map(({ shards }) => {
      all += shards;
      return all - shards;
    });
    this.first = controls.reserve(EVENTS * all, (number) => this.act(number));
    this.detectedAt = new Float64Array(all).fill(Number.NaN);
    this.promotedAt = new Float64Array(all).fill(Number.NaN);
    this.standing = specs.map(({ shards, members }) => new Uint8Array(shards * members).fill(1));
    this.up = specs.map(({ shards, members }) => new Uint8Array(shards * members).fill(1));
  }

  /** Something has failed, or is back. */
  look(): void {
    for (let of = 0; of < this.specs.length; of++)
      for (let shard = 0; shard < this.specs[of]!.shards; shard++) this.lookAt(of, shard);
  }

  private lookAt(of: number, shard: number): void {
    const { component, members: count } = this.specs[of]!;
    const members = this.followers.members[of]!;
    const primary = members.at(shard, members.primary[shard]!);
    const before = this.standing[of]![primary]!;
    const back: number[] = [];
    for (let member = 0; member < count; member++) {
      const at = members.at(shard, member);
      const up = this.instances.isUp(component, at);
      if (!up && this.up[of]![at] === 1) this.die(of, shard, member);
      else if (up && this.up[of]![at] === 0) back.push(member);
      this.up[of]![at] = up ? 1 : 0;
      this.standing[of]![at] = up && !this.instances.isFrozen(component, at) ? 1 : 0;
      members.refuses[at] = this.instances.refuses(component, at) ? 1 : 0;
    }
    this.followTakeover(of, shard);
    for (let member = 0; member < count; member++) {
      const at = members.at(shard, member);
      const streams = this.streams(of, shard, member);
      const did = members.streaming[at] === 1;
      members.streaming[at] = streams ? 1 : 0;
      if (did && !streams) this.part(of, shard, member);
      if ((streams && !did) || back.includes(member)) this.followers.catchUp(of, shard, member);
    }
    if (before !== this.standing[of]![primary]) this.followers.wakeAll(of, shard);
  }

  private die(of: number, shard: number, member: number): void {
    const members = this.followers.members[of]!;
    const at = members.at(shard, member);
    members.lives[at]!++;
    members.fetching[at] = 0;
    this.followers.died(of, shard, member);
  }

  private part(of: number, shard: number, member: number): void {
    const members = this.followers.members[of]!;
    members.connections[members.at(shard, member)]!++;
    this.followers.parted(of, shard, member);
  }

  /** Whether the primary of a shard sends a member what it writes. */
  private streams(of: number, shard: number, member: number): boolean {
    const { component } = this.specs[of]!;
    const members = this.followers.members[of]!;
    const primary = members.primary[shard]!;
    if (member === primary || members.leaderless[shard] === 1) return false;
    const [from, to] = [members.at(shard, primary), members.at(shard, member)];
    const stand = this.standing[of]![from] === 1 && this.standing[of]![to] === 1;
    return stand && this.instances.reaches(component, from, to);
  }

  /** Begins to count the time to a takeover, or stops. */
  private followTakeover(of: number, shard: number): void {
    const { takeover } = this.specs[of]!;
    if (takeover === null) return;
    const s = this.shards[of]! + shard;
    const { leaderless } = this.followers.members[of]!;
    if (leaderless[shard] === 1) {
      if (Number.isNaN(this.promotedAt[s]!)) this.promote(of, shard);
      return;
    }
    if (!this.isGone(of, shard)) this.detectedAt[s] = Number.NaN;
    else if (Number.isNaN(this.detectedAt[s]!)) {
      this.detectedAt[s] = this.clock[0]! + takeover.detection;
      this.controls.at(this.detectedAt[s]!, this.first + EVENTS * s);
    }
  }

  private isGone(of: number, shard: number): boolean {
    const { component } = this.specs[of]!;
    const members: Members = this.followers.members[of]!;
    const primary = members.at(shard, members.primary[shard]!);
    if (this.standing[of]![primary] === 0) return true;
    const others = this.candidates(of, shard).map((member) => members.at(shard, member));
    return others.length > 0 && others.every((at) => !this.instances.reaches(component, primary, at));
  }

  /** Followers that are up and do work. */
  private candidates(of: number, shard: number): number[] {
    const { members: count } = this.specs[of]!;
    const members = this.followers.members[of]!;
    return Array.from({ length: count }, (_, member) => member).filter(
      (member) => member !== members.primary[shard] && this.standing[of]![members.at(shard, member)] === 1,
    );
  }

  private act(number: number): void {
    const s = Math.floor(number / EVENTS);
    const of = this.shards.findLastIndex((first) => first <= s);
    const shard = s - this.shards[of]!;
    const now = this.clock[0]!;
    if (number % EVENTS === 0) {
      if (this.detectedAt[s] !== now) return;
      this.detectedAt[s] = Number.NaN;
      this.followers.members[of]!.leaderless[shard] = 1;
      this.promotedAt[s] = now + this.specs[of]!.takeover!.promotion;
      this.controls.at(this.promotedAt[s]!, this.first + number + 1);
      this.followers.wakeAll(of, shard);
    } else {
      this.promotedAt[s] = Number.NaN;
      this.promote(of, shard);
    }
    this.lookAt(of, shard);
  }

  /** A follower becomes the primary; where none is up, the old one goes on when it is back, or the first to come. */
  private promote(of: number, shard: number): void {
    const members = this.followers.members[of]!;
    const candidates = this.candidates(of, shard);
    const primary = members.primary[shard]!;
    if (candidates.length > 0) {
      const member = this.followers.mostAdvanced(of, shard, candidates);
      // What was on its way from the old one does not arrive.
      for (let each = 0; each < this.specs[of]!.members; each++) {
        if (members.streaming[members.at(shard, each)] === 1) this.part(of, shard, each);
        members.streaming[members.at(shard, each)] = 0;
      }
      this.followers.promote(of, shard, member);
      members.primary[shard] = member;
    } else if (this.standing[of]![members.at(shard, primary)] === 0) return;
    members.leaderless[shard] = 0;
    this.followers.wakeAll(of, shard);
  }
}
