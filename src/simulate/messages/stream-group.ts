import type { PartitionedLog } from '../../blocks/index.ts';
import type { ChannelRun } from './channel.ts';
import type { StreamSpec } from './channel-spec.ts';
import { ChannelTally } from './channel-tally.ts';
import type { ConsumerPool } from './consumer-pool.ts';
import { GroupMembers } from './group-members.ts';
import type { MessageRows } from './message-rows.ts';

const NONE = -1;
const NEVER = Number.POSITIVE_INFINITY;

/** What a group needs of the stream that it reads. */
export interface GroupOf {
  readonly spec: StreamSpec;
  /** The number of the group in the log. */
  readonly number: number;
  readonly log: PartitionedLog;
  readonly rows: MessageRows;
  readonly run: Pick<ChannelRun, 'frames' | 'clock' | 'bury'>;
  /** Has `wake` called at a time. */
  readonly wakeAt: (time: number) => void;
  /** The group is done with more of a partition than before. */
  readonly committed: (partition: number) => void;
}

/**
 * A group of consumers that reads all of a stream. Each partition has one consumer at a time, who works on its messages
 * one after the other; how far it has come is committed now and then, and whoever takes over goes on from there.
 */
export class StreamGroup {
  readonly pool: ConsumerPool;
  readonly tally: ChannelTally;
  private readonly of: GroupOf;
  private readonly members: GroupMembers;
  /** By partition: the offset that is worked on next, or at present; all before is done. */
  private readonly next: Float64Array;
  /** By partition: the offset behind the last that was ever handed out, and behind the last whose work is done. */
  private readonly given: Float64Array;
  private readonly finished: Float64Array;
  /** By partition: deliveries of the next message that failed, and until when it rests. */
  private readonly failures: Int32Array;
  private readonly restsUntil: Float64Array;
  /** By partition: the delivery at work, and the consumer that it went to; −1 = none. */
  private readonly deliveries: Int32Array;
  private readonly workers: Int32Array;
  /** By consumer: messages left of its batch, where in its partitions it is, and since when it waits for a batch to fill. */
  private readonly left: Int32Array;
  private readonly turns: Int32Array;
  private readonly waitsSince: Float64Array;
  /** By consumer: 1 while it has work, and while it is among those that may take some. */
  private readonly busy: Uint8Array;
  private readonly asks: Uint8Array;
  private readonly asking: number[] = [];
  private backlog = 0;
  private armedAt = NEVER;

  constructor(of: GroupOf, pool: ConsumerPool) {
    const { partitions, assignment } = of.spec;
    const { instances, concurrency } = pool.spec;
    const consumers = instances * concurrency;
    this.of = of;
    this.pool = pool;
    this.tally = new ChannelTally(of.run.clock);
    this.next = new Float64Array(partitions);
    this.given = new Float64Array(partitions);
    this.finished = new Float64Array(partitions);
    this.failures = new Int32Array(partitions);
    this.restsUntil = new Float64Array(partitions);
    this.deliveries = new Int32Array(partitions).fill(NONE);
    this.workers = new Int32Array(partitions).fill(NONE);
    this.left = new Int32Array(consumers);
    this.turns = new Int32Array(consumers);
    this.waitsSince = new Float64Array(consumers).fill(NEVER);
    this.busy = new Uint8Array(consumers);
    this.asks = new Uint8Array(consumers);
    this.members = new GroupMembers(partitions, consumers, assignment, (m) => pool.isOpen(m % instances));
  }

  /** A message was appended to a partition. */
  arrived(partition: number): void {
    this.tally.publish();
    this.of.run.frames.held(1);
    this.wait(1);
    this.ask(this.members.owners[partition]!);
  }

  /** Hands messages to all consumers that may take some. */
  handOut(): void {
    for (let m = this.asking.shift(); m !== undefined; m = this.asking.shift()) {
      this.asks[m] = 0;
      this.give(m);
    }
  }

  /** A delivery has ended: with its work done, with a failure, or unheard of. */
  done(delivery: number, heard: boolean, ok: boolean): void {
    const { pool, tally } = this;
    const { rows, run, spec } = this.of;
    const row = pool.messages[delivery]!;
    const receipt = pool.receipts[delivery]!;
    const partition = receipt % spec.partitions;
    const offset = (receipt - partition) / spec.partitions;
    const isRepeat = offset < this.finished[partition]!;
    if (ok && isRepeat) tally.repeated++;
    else if (ok) {
      tally.acknowledge(rows.publishedAt[row]!);
      this.finish(partition, offset);
    }
    if (this.deliveries[partition] !== delivery) {
      // Its consumer has died since, and the message will be read again.
      pool.end(delivery);
      return;
    }
    const now = run.clock[0]!;
    const m = this.workers[partition]!;
    this.rest(partition, m);
    if (ok) this.advance(partition, m);
    else if (heard && ++this.failures[partition]! === spec.attempts) {
      if (!isRepeat) {
        tally.end('dead');
        this.finish(partition, offset);
        run.bury(rows.keys[row]!, rows.traffic[row]!, rows.names[row]!);
      }
      this.advance(partition, m);
      this.commit(partition);
    } else {
      this.wait(1);
      if (heard) this.restsUntil[partition] = now + spec.retryDelay;
      else this.members.falls(m, now + spec.session, false);
      if (!heard) this.left[m] = 0;
      if (!heard || spec.retryDelay > 0) this.arm(now + (heard ? spec.retryDelay : spec.session));
    }
    pool.end(delivery);
    if (spec.commit === 0 && this.left[m] === 0) this.commitOf(m);
    this.ask(m);
    this.ask(this.members.owners[partition]!);
  }

  /** All that an instance is at is lost, and the group hears no more of it. */
  lose(instance: number): void {
    const now = this.of.run.clock[0]!;
    const { session } = this.of.spec;
    this.pool.lose(instance);
    this.forEachOf(instance, (m) => {
      this.members.falls(m, now + session, true);
      this.workers.forEach((worker, partition) => {
        if (worker !== m) return;
        this.rest(partition, m);
        this.wait(1);
        this.ask(this.members.owners[partition]!);
      });
      this.left[m] = 0;
    });
    this.arm(now + session);
  }

  /** An instance joins, or leaves in good order; one that has died does the latter unheard. */
  join(instance: number, joins: boolean): void {
    let changes = false;
    this.forEachOf(instance, (m) => {
      changes = (joins ? this.members.joins(m) : this.members.leaves(m)) || changes;
    });
    if (changes) this.rebalance();
  }

  /** The time for which it asked to be woken has come. */
  wake(): void {
    const now = this.of.run.clock[0]!;
    if (now < this.armedAt) return;
    this.armedAt = NEVER;
    if (this.members.expel(now)) this.rebalance();
    else if (this.members.settlesAt <= now) this.settle();
    for (let m = 0; m < this.left.length; m++) this.ask(m);
    this.arm(Math.min(this.members.expelsAt, this.members.settlesAt));
    for (const until of this.restsUntil) if (until > now) this.arm(until);
  }

  /** All consumers that are heard of commit how far they are. */
  commitAll(): void {
    for (let m = 0; m < this.left.length; m++) if (this.members.isHeard(m)) this.commitOf(m);
  }

  /** Whether a message is at work. */
  isAt(partition: number, offset: number): boolean {
    return this.deliveries[partition] !== NONE && this.next[partition] === offset;
  }

  /** The oldest message of a partition is kept no longer. */
  expire(partition: number, offset: number): void {
    if (this.next[partition]! > offset) return;
    this.next[partition] = offset + 1;
    this.failures[partition] = 0;
    this.wait(-1);
    if (offset < this.finished[partition]!) return;
    this.tally.end('expired');
    this.finish(partition, offset);
  }

  restart(): void {
    this.tally.restart();
    this.pool.restart();
  }

  /** Gives a consumer the next message of its batch, or of a new one. */
  private give(m: number): void {
    if (this.busy[m] === 1 || !this.members.isHeard(m)) return;
    const goesOn = this.left[m]! > 0;
    if (!goesOn && !this.poll(m)) return;
    const partition = this.choose(m);
    const { log, spec } = this.of;
    if (partition === NONE) {
      this.left[m] = 0;
      if (spec.commit === 0) this.commitOf(m);
      return;
    }
    const { pool, tally } = this;
    const offset = this.next[partition]!;
    tally.deliveries++;
    if (offset < this.given[partition]!) tally.redelivered++;
    else this.given[partition] = offset + 1;
    this.left[m]!--;
    if (this.left[m] === 0) this.turns[m]!++;
    this.wait(-1);
    const receipt = offset * spec.partitions + partition;
    const delivery = pool.start(m % pool.spec.instances, log.read(partition, offset), receipt, goesOn);
    if (delivery === NONE) return;
    this.busy[m] = 1;
    this.workers[partition] = m;
    this.deliveries[partition] = delivery;
  }

  /** Begins a batch; false while there is nothing to take, or too little. */
  private poll(m: number): boolean {
    const { batch, batchWait } = this.of.spec;
    const now = this.of.run.clock[0]!;
    let ready = 0;
    for (const partition of this.members.partitionsOf(m)) {
      ready += this.readyIn(partition, now);
      if (ready >= batch) break;
    }
    if (ready === 0) return false;
    if (ready < batch && batchWait > 0) {
      if (this.waitsSince[m] === NEVER) this.waitsSince[m] = now;
      const due = this.waitsSince[m]! + batchWait;
      if (now < due) {
        this.arm(due);
        return false;
      }
    }
    this.waitsSince[m] = NEVER;
    this.left[m] = Math.min(batch, ready);
    return true;
  }

  /** The partition that a consumer takes its next message from: the same as long as that has some. */
  private choose(m: number): number {
    const now = this.of.run.clock[0]!;
    const partitions = this.members.partitionsOf(m);
    for (let i = 0; i < partitions.length; i++) {
      const partition = partitions[this.turns[m]! % partitions.length]!;
      if (this.readyIn(partition, now) > 0) return partition;
      this.turns[m]!++;
    }
    return NONE;
  }

  /** Messages of a partition that may be handed out. */
  private readyIn(partition: number, now: number): number {
    if (this.deliveries[partition] !== NONE || this.restsUntil[partition]! > now) return 0;
    return this.of.log.end(partition) - this.next[partition]!;
  }

  /** A consumer has no work any more, nor anybody the message. */
  private rest(partition: number, m: number): void {
    this.deliveries[partition] = NONE;
    this.workers[partition] = NONE;
    this.busy[m] = 0;
  }

  private advance(partition: number, m: number): void {
    this.next[partition]!++;
    this.failures[partition] = 0;
    // Who has to give a partition up commits what it has done of it.
    if (this.members.owners[partition] !== m) this.commit(partition);
  }

  private finish(partition: number, offset: number): void {
    this.finished[partition] = offset + 1;
    this.of.run.frames.held(-1);
  }

  private commitOf(m: number): void {
    for (const partition of this.members.partitionsOf(m)) this.commit(partition);
  }

  private commit(partition: number): void {
    const { log, number, committed } = this.of;
    if (this.next[partition] === log.committed(number, partition)) return;
    log.commit(number, partition, this.next[partition]!);
    committed(partition);
  }

  /** Those who are there share the partitions out anew. What the dead had is read again from its last commit. */
  private rebalance(): void {
    const { log, number, run, spec } = this.of;
    const { members } = this;
    for (let partition = 0; partition < spec.partitions; partition++) {
      const owner = members.owners[partition]!;
      if (owner === NONE) continue;
      if (!members.wasLost(owner)) this.commit(partition);
      else {
        const from = Math.max(log.committed(number, partition), log.low(partition));
        this.wait(this.next[partition]! - from);
        this.next[partition] = from;
        this.failures[partition] = 0;
      }
    }
    members.plan(run.clock[0]! + spec.rebalance);
    if (spec.rebalance === 0) this.settle();
    else this.arm(members.settlesAt);
  }

  private settle(): void {
    this.members.settle();
    this.waitsSince.fill(NEVER);
    for (let m = 0; m < this.left.length; m++) this.ask(m);
  }

  private forEachOf(instance: number, visit: (m: number) => void): void {
    for (let m = instance; m < this.left.length; m += this.pool.spec.instances) visit(m);
  }

  private ask(m: number): void {
    if (m === NONE || this.asks[m] === 1 || this.busy[m] === 1) return;
    this.asks[m] = 1;
    this.asking.push(m);
  }

  private wait(change: number): void {
    this.backlog += change;
    this.pool.queued(this.backlog);
  }

  private arm(due: number): void {
    if (!(due < this.armedAt)) return;
    this.armedAt = due;
    this.of.wakeAt(due);
  }
}
