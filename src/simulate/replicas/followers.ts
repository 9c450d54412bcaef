import type { RandomStream } from '../../kernel/index.ts';
import type { Branches } from '../branches.ts';
import type { Equipment } from '../equipment.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { KeySpace } from '../keyspace/index.ts';
import type { Model } from '../model.ts';
import { SLOT_MEMBER, SLOT_ROW, SLOT_SHARD, SLOT_VERSION } from '../program/follower-emission.ts';
import type * as op from '../program/instructions.ts';
import type { ReadyQueue } from '../ready-queue.ts';
import type { FollowerSpec } from './follower-spec.ts';
import { Members } from './members.ts';
import { ReadRouting } from './read-routing.ts';
import { ReplicatedItems } from './replicated-items.ts';
import { APPLIED, HELD, MISSING, RECEIVED, ReplicationLog, SENT } from './replication-log.ts';
import { type ReplicationMeasurement, ReplicationTally } from './replication-tally.ts';
import { itemOf, StaleReads } from './stale-reads.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const KEY = 4 satisfies typeof field.KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const STAMP = 9 satisfies typeof field.STAMP;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const NONE = -1;
/** Given instead of a place to go on at: the frame waits. */
const WAITS = -1;

interface Run {
  readonly model: Model;
  readonly equipment: Equipment;
  readonly frames: Frames;
  readonly branches: Branches;
  readonly ready: ReadyQueue;
}

/**
 * Reads and writes of components with a primary and followers, and what brings writes from the one to the others. A write
 * that has been committed goes to each follower in a frame of its own, for which nobody waits. What did not get there is
 * kept by the primary, and fetched by the follower when it is back.
 */
export class Followers {
  private readonly specs: readonly FollowerSpec[];
  private readonly code: Int32Array;
  private readonly keySpaces: readonly KeySpace[];
  private readonly frames: Frames;
  private readonly branches: Branches;
  private readonly ready: ReadyQueue;
  private readonly clock: Float64Array;
  private readonly items: readonly ReplicatedItems[];
  private readonly stale: readonly StaleReads[];
  private readonly tallies: readonly ReplicationTally[];
  /** By component with followers. */
  readonly members: readonly Members[];
  private readonly routings: readonly ReadRouting[];
  /** By component and shard. */
  private readonly logs: readonly (readonly ReplicationLog[])[];
  /** By frame: the item asked for; the version found, and when that had been superseded. */
  private rows = new Int32Array(0);
  private versions = new Int32Array(0);
  private superseded = new Float64Array(0);
  /** By frame: the write that it carries or commits; for whom, and in which connection and which life of that one. */
  private writes = new Int32Array(0);
  private receivers = new Int32Array(0);
  private connections = new Int32Array(0);
  private lives = new Int32Array(0);

  /** @param clock the present time, an array of one */
  constructor({ model, equipment, frames, branches, ready }: Run, clock: Float64Array) {
    this.specs = model.followers;
    this.code = model.code;
    this.keySpaces = equipment.keySpaces;
    this.frames = frames;
    this.branches = branches;
    this.ready = ready;
    this.clock = clock;
    this.items = this.specs.map(({ members }) => new ReplicatedItems(members));
    this.stale = this.specs.map(() => new StaleReads());
    this.tallies = this.specs.map(() => new ReplicationTally());
    this.members = this.specs.map((spec) => new Members(spec));
    this.routings = this.specs.map((spec, of) => {
      const random = equipment.stream(`${spec.name} member to read from`);
      return new ReadRouting(spec, this.members[of]!, this.items[of]!, this.tallies[of]!, random, clock);
    });
    this.logs = this.specs.map(({ shards, members }) =>
      Array.from({ length: shards }, () => new ReplicationLog(members)),
    );
  }

  /**
   * Does the instruction at `pc`, one of those that are about followers.
   * @returns where the frame goes on, or −1 when it waits
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const of = code[pc + 1]!;
    const b = code[pc + 2]!;
    const c = code[pc + 3]!;
    if (frame >= this.rows.length) this.grow();
    switch (code[pc]!) {
      case 100 satisfies typeof op.MEMBER_BEGIN:
        this.begin(frame, of, fp + b, c);
        return pc + WIDTH;
      case 101 satisfies typeof op.MEMBER_END:
        this.end(frame, of, fp + b, c);
        return pc + WIDTH;
      case 102 satisfies typeof op.MEMBER_READ:
        this.read(frame, of, fp);
        return pc + WIDTH;
      case 103 satisfies typeof op.COMMIT:
        return this.commit(frame, of, fp) ? pc + WIDTH : c;
      case 104 satisfies typeof op.SHIP:
        return this.ship(frame, pc, fp);
      case 105 satisfies typeof op.CONFIRMED:
        return this.awaitConfirmation(frame, pc, fp);
      case 106 satisfies typeof op.RECEIVE:
        return this.receive(frame, of, fp, fp + b) ? pc + WIDTH : c;
      case 107 satisfies typeof op.ACKNOWLEDGE:
        return this.acknowledge(frame, pc, fp);
      case 108 satisfies typeof op.ACKNOWLEDGED:
        this.acknowledged(frame, of);
        return pc + WIDTH;
      case 109 satisfies typeof op.APPLY:
        this.apply(frame, of);
        return this.isFetching(frame) ? b : pc + WIDTH;
      case 110 satisfies typeof op.UNSENT:
        this.unsent(frame, of);
        return pc + WIDTH;
      case 111 satisfies typeof op.FETCH_NEXT:
        return this.fetchNext(frame, of) ? pc + WIDTH : c;
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  /** The primary of a shard, by chance which; −1 where it has none. */
  primaryBy(of: number, random: RandomStream): number {
    const { shards } = this.specs[of]!;
    const { primary, leaderless } = this.members[of]!;
    const shard = Math.floor(random.next() * shards);
    return leaderless[shard] === 1 ? NONE : primary[shard]! * shards + shard;
  }

  restart(): void {
    for (const tally of [...this.stale, ...this.tallies]) tally.restart();
  }

  measured(): ReplicationMeasurement[] {
    return this.tallies.map((tally, of) => ({ ...tally.measured(), reads: this.stale[of]!.measured() }));
  }

  /** A member has died: what it had got and not applied is on its disk. */
  died(of: number, shard: number, member: number): void {
    this.logs[of]![shard]!.moveAll(member, RECEIVED, HELD);
  }

  /** A primary sends a follower nothing more: what was on its way does not arrive. */
  parted(of: number, shard: number, member: number): void {
    this.logs[of]![shard]!.moveAll(member, SENT, MISSING);
  }

  /** A member that is up applies what it has got, and fetches what it lacks where the primary is there, so many at once. */
  catchUp(of: number, shard: number, member: number): void {
    const { specs, frames, ready } = this;
    const { lanes, fetches, to, shards } = specs[of]!;
    const members = this.members[of]!;
    const log = this.logs[of]![shard]!;
    let waiting = 0;
    let traffic = 0;
    for (let seq = log.first; seq < log.next && waiting < lanes; seq++) {
      if (!this.mayTake(of, shard, member, seq)) continue;
      waiting++;
      traffic = log.traffic(seq);
    }
    const at = members.at(shard, member);
    for (let lane = members.fetching[at]!; lane < waiting; lane++) {
      const frame = frames.take();
      if (frame === NONE) return;
      if (frame >= this.rows.length) this.grow();
      frames.startMessage(frame, fetches[0]!, traffic, 0, this.clock[0]!);
      const base = frame * frames.depth;
      frames.stack[base + SLOT_INSTANCE] = member * shards + shard;
      frames.stack[base + to] = members.primary[shard]! * shards + shard;
      this.writes[frame] = NONE;
      this.receivers[frame] = at;
      this.connections[frame] = NONE;
      this.lives[frame] = members.lives[at]!;
      members.fetching[at]!++;
      ready.add(frame);
    }
  }

  /** All who wait for confirmations look again. */
  wakeAll(of: number, shard: number): void {
    const log = this.logs[of]![shard]!;
    for (let seq = log.first; seq < log.next; seq++) this.wake(log, seq);
  }

  /** Of so many followers, the one that has got the most of what has been committed; the first of equals. */
  mostAdvanced(of: number, shard: number, candidates: readonly number[]): number {
    const log = this.logs[of]![shard]!;
    const lacking = candidates.map((member) => {
      let count = 0;
      for (let seq = log.first; seq < log.next; seq++) if (log.state(seq, member) < RECEIVED) count++;
      return count;
    });
    return candidates[lacking.indexOf(Math.min(...lacking))]!;
  }

  /**
   * A follower is the primary from now on. What it has got it has applied before it serves; what it never got is lost, and
   * whoever has it goes back behind it.
   */
  promote(of: number, shard: number, member: number): void {
    const log = this.logs[of]![shard]!;
    const items = this.items[of]!;
    for (let seq = log.first; seq < log.next; seq++)
      if (log.state(seq, member) >= RECEIVED) this.applyOn(of, log, seq, member);
    for (let seq = log.first; seq < log.next; seq++) {
      if (log.state(seq, member) >= RECEIVED) continue;
      if (log.isAcknowledged(seq)) this.tallies[of]!.lose();
      const row = log.row(seq);
      if (row >= 0) items.rewind(row, items.versionAt(row, member));
      log.drop(seq);
    }
    log.trim();
    this.tallies[of]!.promote();
  }

  private begin(frame: number, of: number, base: number, what: number): void {
    const { stack } = this.frames;
    const { shards, noPrimary } = this.specs[of]!;
    const items = this.items[of]!;
    const members = this.members[of]!;
    const shard = stack[base + SLOT_SHARD]!;
    const writes = (what & 1) === 1;
    const data = (what >> 1) - 1;
    const key = this.frames.ints[frame * FIELDS + KEY]!;
    const name = itemOf(data, key);
    const row = name < 0 ? NONE : writes ? items.rowOf(name) : items.find(name);
    this.rows[frame] = row;
    stack[base + SLOT_ROW] = row;
    stack[base + SLOT_VERSION] = items.confirmedOf(row);
    const primary = members.primary[shard]!;
    const weight = name < 0 ? 0 : this.keySpaces[data]!.sizeOf(key >> 1);
    const member = writes ? primary : this.routings[of]!.memberFor(shard, row, weight);
    stack[base + SLOT_MEMBER] = member * shards + shard;
    if (member === primary && members.leaderless[shard] === 1)
      this.frames.ints[frame * FIELDS + STATUS] = noPrimary;
  }

  private end(frame: number, of: number, base: number, what: number): void {
    const { ints, stack } = this.frames;
    const { refused, noPrimary, shards } = this.specs[of]!;
    const at = frame * FIELDS;
    if (ints[at + STATUS] !== 0) {
      const shard = stack[base + SLOT_SHARD]!;
      const asked = Math.floor(stack[base + SLOT_MEMBER]! / shards);
      if (ints[at + STATUS] === refused && asked === this.members[of]!.primary[shard])
        ints[at + STATUS] = noPrimary;
      return;
    }
    const data = (what >> 1) - 1;
    if ((what & 1) === 1 || itemOf(data, ints[at + KEY]!) < 0) return;
    // A write that was lost meanwhile is not missed.
    const newest = this.items[of]!.leftOf(stack[base + SLOT_ROW]!, stack[base + SLOT_VERSION]!);
    const behind = newest - this.versions[frame]!;
    const weight = this.keySpaces[data]!.sizeOf(ints[at + KEY]! >> 1);
    this.stale[of]!.read(weight, behind, behind > 0 ? this.clock[0]! - this.superseded[frame]! : 0);
  }

  /** A member has done the work of a read, and gives the version that it has. */
  private read(frame: number, of: number, fp: number): void {
    const member = this.memberAt(of, fp);
    this.versions[frame] = this.items[of]!.versionAt(this.rows[frame]!, member);
    this.superseded[frame] = this.items[of]!.supersededAt(this.rows[frame]!, member);
  }

  /** A member has done the work of a write; false where it is not the primary any more. */
  private commit(frame: number, of: number, fp: number): boolean {
    const member = this.memberAt(of, fp);
    const shard = this.shardAt(of, fp);
    const { ints } = this.frames;
    const { primary, leaderless } = this.members[of]!;
    if (primary[shard] !== member || leaderless[shard] === 1) {
      ints[frame * FIELDS + STATUS] = this.specs[of]!.noPrimary;
      return false;
    }
    const items = this.items[of]!;
    const row = this.rows[frame]!;
    const version = row < 0 ? 0 : items.write(row);
    this.versions[frame] = version;
    if (row >= 0) items.apply(row, member, version);
    const log = this.logs[of]![shard]!;
    this.writes[frame] = log.append(row, version, ints[frame * FIELDS + TRAFFIC]!, member, this.clock[0]!);
    return true;
  }

  /** The write goes to each follower that the primary sends to; who wrote it goes on first. */
  private ship(frame: number, pc: number, fp: number): number {
    const of = this.code[pc + 1]!;
    const { shards, members: count, to } = this.specs[of]!;
    const members = this.members[of]!;
    const shard = this.shardAt(of, fp);
    const seq = this.writes[frame]!;
    this.rest(frame, pc + WIDTH, fp);
    this.ready.add(frame);
    for (let member = 0; member < count; member++) {
      const at = members.at(shard, member);
      if (members.streaming[at] === 0) continue;
      const carrier = this.carry(frame, pc, seq, at);
      if (carrier === NONE) return WAITS;
      this.frames.stack[carrier * this.frames.depth + to] = member * shards + shard;
      this.logs[of]![shard]!.move(seq, member, SENT);
    }
    return WAITS;
  }

  /** A frame of its own, for which nobody waits, that carries a write, or word of it. */
  private carry(frame: number, pc: number, seq: number, at: number): number {
    const carrier = this.branches.apart(frame, this.code[pc + 2]!, this.code[pc + 3]!);
    if (carrier === NONE) return NONE;
    if (carrier >= this.rows.length) this.grow();
    const members = this.members[this.code[pc + 1]!]!;
    this.writes[carrier] = seq;
    this.receivers[carrier] = at;
    this.connections[carrier] = members.connections[at]!;
    this.lives[carrier] = members.lives[at]!;
    return carrier;
  }

  /** Who wrote goes on when as many followers have the write as have to; fails where that cannot be any more. */
  private awaitConfirmation(frame: number, pc: number, fp: number): number {
    const of = this.code[pc + 1]!;
    const { confirmedBy, noPrimary } = this.specs[of]!;
    const { ints } = this.frames;
    const shard = this.shardAt(of, fp);
    const log = this.logs[of]![shard]!;
    const seq = this.writes[frame]!;
    const { primary, leaderless } = this.members[of]!;
    if (log.has(seq) && confirmedBy > log.confirmations(seq)) {
      if (primary[shard] !== this.memberAt(of, fp) || leaderless[shard] === 1) {
        ints[frame * FIELDS + STATUS] = noPrimary;
        return this.code[pc + 3]!;
      }
      this.rest(frame, pc, fp);
      log.wait(seq, frame, ints[frame * FIELDS + STAMP]!);
      return WAITS;
    }
    if (log.has(seq)) log.acknowledge(seq);
    const row = this.rows[frame]!;
    if (row >= 0) this.items[of]!.confirm(row, this.versions[frame]!, this.clock[0]!);
    log.trim();
    return pc + WIDTH;
  }

  /** A write has come to a follower, unless the connection has broken that it came over. */
  private receive(frame: number, of: number, fp: number, to: number): boolean {
    const members = this.members[of]!;
    const at = this.receivers[frame]!;
    if (this.connections[frame] !== members.connections[at]) return false;
    const { stack } = this.frames;
    stack[fp + SLOT_INSTANCE] = stack[to]!;
    members.logOf(this.logs[of]!, at).move(this.writes[frame]!, members.memberOf(at), RECEIVED);
    return true;
  }

  /** The follower tells the primary that it has the write, and goes on. */
  private acknowledge(frame: number, pc: number, fp: number): number {
    const of = this.code[pc + 1]!;
    const { shards, to } = this.specs[of]!;
    const members = this.members[of]!;
    const at = this.receivers[frame]!;
    this.rest(frame, pc + WIDTH, fp);
    this.ready.add(frame);
    const carrier = this.carry(frame, pc, this.writes[frame]!, at);
    if (carrier === NONE) return WAITS;
    const base = carrier * this.frames.depth;
    const shard = at % shards;
    this.frames.stack[base + SLOT_INSTANCE] = members.primary[shard]! * shards + shard;
    this.frames.stack[base + to] = at;
    return WAITS;
  }

  private acknowledged(frame: number, of: number): void {
    const members = this.members[of]!;
    const at = this.receivers[frame]!;
    const log = members.logOf(this.logs[of]!, at);
    const seq = this.writes[frame]!;
    if (!log.has(seq)) return;
    log.confirm(seq, members.memberOf(at));
    if (log.confirmations(seq) >= this.specs[of]!.confirmedBy) this.wake(log, seq);
  }

  /** A follower has done the work of a write: it has its version from now on. */
  private apply(frame: number, of: number): void {
    const members = this.members[of]!;
    const at = this.receivers[frame]!;
    const seq = this.writes[frame]!;
    const log = members.logOf(this.logs[of]!, at);
    if (this.lives[frame] !== members.lives[at] || !log.has(seq)) return;
    this.applyOn(of, log, seq, members.memberOf(at));
    log.trim();
  }

  /** A member has a write from now on, unless it had. */
  private applyOn(of: number, log: ReplicationLog, seq: number, member: number): void {
    if (log.state(seq, member) === APPLIED) return;
    log.move(seq, member, APPLIED);
    const row = log.row(seq);
    if (row >= 0) this.items[of]!.apply(row, member, log.version(seq));
    this.tallies[of]!.apply(this.clock[0]! - log.time(seq));
  }

  /** A write did not get to a follower, which fetches it where it can. */
  private unsent(frame: number, of: number): void {
    const members = this.members[of]!;
    const at = this.receivers[frame]!;
    if (this.connections[frame] !== members.connections[at]) return;
    members.logOf(this.logs[of]!, at).move(this.writes[frame]!, members.memberOf(at), MISSING);
    this.catchUp(of, members.shardOf(at), members.memberOf(at));
  }

  /** A follower takes the next write that it has not applied; false where there is none, and the fetching ends. */
  private fetchNext(frame: number, of: number): boolean {
    const members = this.members[of]!;
    const at = this.receivers[frame]!;
    const shard = members.shardOf(at);
    const member = members.memberOf(at);
    const log = this.logs[of]![shard]!;
    for (let seq = log.first; seq < log.next; seq++) {
      if (!this.mayTake(of, shard, member, seq)) continue;
      log.move(seq, member, RECEIVED);
      this.writes[frame] = seq;
      return true;
    }
    if (this.lives[frame] === members.lives[at]) members.fetching[at]!--;
    return false;
  }

  /** Whether a member may begin to apply a write: it is on its disk, or with a primary that it can ask. */
  private mayTake(of: number, shard: number, member: number, seq: number): boolean {
    const members = this.members[of]!;
    const state = this.logs[of]![shard]!.state(seq, member);
    return state === HELD || (state === MISSING && members.streaming[members.at(shard, member)] === 1);
  }

  private isFetching(frame: number): boolean {
    return this.connections[frame] === NONE;
  }

  private wake(log: ReplicationLog, seq: number): void {
    log.wake(seq, (frame, stamp) => {
      if (this.frames.ints[frame * FIELDS + STAMP] === stamp) this.ready.add(frame);
    });
  }

  private memberAt(of: number, fp: number): number {
    return Math.floor(this.frames.stack[fp + SLOT_INSTANCE]! / this.specs[of]!.shards);
  }

  private shardAt(of: number, fp: number): number {
    return this.frames.stack[fp + SLOT_INSTANCE]! % this.specs[of]!.shards;
  }

  private rest(frame: number, pc: number, fp: number): void {
    this.frames.ints[frame * FIELDS + PC] = pc;
    this.frames.ints[frame * FIELDS + FP] = fp;
  }

  private grow(): void {
    const { capacity } = this.frames;
    const longer = <Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers => {
      to.set(from);
      return to;
    };
    this.rows = longer(this.rows, new Int32Array(capacity));
    this.versions = longer(this.versions, new Int32Array(capacity));
    this.superseded = longer(this.superseded, new Float64Array(capacity));
    this.writes = longer(this.writes, new Int32Array(capacity));
    this.receivers = longer(this.receivers, new Int32Array(capacity));
    this.connections = longer(this.connections, new Int32Array(capacity));
    this.lives = longer(this.lives, new Int32Array(capacity));
  }
}
