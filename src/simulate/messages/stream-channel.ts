import { PartitionedLog, partitionOf } from '../../blocks/index.ts';
import { NEW_KEY } from '../new-key.ts';
import { type Channel, type ChannelRun, REFUSED, TAKEN } from './channel.ts';
import type { StreamSpec } from './channel-spec.ts';
import { type ChannelMeasurement, ChannelTally } from './channel-tally.ts';
import type { ConsumerPool } from './consumer-pool.ts';
import { MessageRows } from './message-rows.ts';
import { StreamGroup } from './stream-group.ts';

/** Messages that a run holds of a stream, and of each partition where there are many. */
const MOST = 2 ** 22;
const MOST_IN_ALL = 2 ** 26;

/**
 * A stream in a run: blocks keep its partitions and share them out, groups of consumers read all of it, each at its own
 * pace. A message that all groups have committed is kept no longer: nobody reads it again.
 */
export class StreamChannel implements Channel {
  readonly spec: StreamSpec;
  readonly rows = new MessageRows();
  readonly pools: ConsumerPool[] = [];
  private readonly groups: StreamGroup[] = [];
  private readonly log: PartitionedLog;
  /** Messages published to each partition since measuring began. */
  private readonly published: Float64Array;
  /** Where nobody reads, messages are counted and not kept. */
  private readonly unread: ChannelTally;
  private readonly room: number;
  private readonly run: ChannelRun;
  private newKeys = 0;
  private held = 0;
  private armedAt = Number.POSITIVE_INFINITY;
  /** Whether what is kept no longer is still at work. */
  private overdue = false;
  private isStill = false;

  constructor(spec: StreamSpec, run: ChannelRun) {
    const { partitions, consumers } = spec;
    this.spec = spec;
    this.run = run;
    this.unread = new ChannelTally(run.clock);
    this.published = new Float64Array(partitions);
    this.room = Math.min(MOST, Math.floor(MOST_IN_ALL / partitions));
    this.log = new PartitionedLog({
      partitions,
      retention: this.room,
      groups: Math.max(1, consumers.length),
    });
  }

  staff(pool: ConsumerPool): void {
    const { spec, log, rows, run } = this;
    const group = new StreamGroup(
      {
        spec,
        number: this.groups.length,
        log,
        rows,
        run,
        wakeAt: (time) => this.wakeAt(time),
        committed: (partition) => this.trim(partition),
      },
      pool,
    );
    this.pools.push(pool);
    this.groups.push(group);
    if (spec.commit > 0) run.every(spec.commit, () => group.commitAll());
  }

  publish(_frame: number, key: number, traffic: number, name: number): number {
    const { log, rows, run, spec } = this;
    const now = run.clock[0]!;
    const partition = partitionOf(key === NEW_KEY ? -1 - this.newKeys++ : key, spec.partitions);
    this.published[partition]!++;
    if (this.groups.length === 0) {
      this.unread.publish();
      return TAKEN;
    }
    if (this.held === MOST || log.end(partition) - log.low(partition) === this.room) {
      run.frames.isExhausted = true;
      return REFUSED;
    }
    this.held++;
    const row = rows.take(now, key, traffic);
    rows.names[row] = name;
    log.append(partition, row);
    if (spec.retention !== null && this.armedAt === Number.POSITIVE_INFINITY) {
      this.expireFrom(now + spec.retention);
    }
    for (const group of this.groups) group.arrived(partition);
    return TAKEN;
  }

  done(consumer: number, delivery: number, heard: boolean, ok: boolean): void {
    this.groups[consumer]!.done(delivery, heard, ok);
    if (this.overdue) this.expire();
    this.handOut();
  }

  handOut(): void {
    if (this.isStill) return;
    for (const group of this.groups) group.handOut();
  }

  halt(still: boolean): void {
    this.isStill = still;
    // What was due meanwhile is so still.
    if (!still) this.wake();
  }

  wake(): void {
    if (this.isStill) return;
    if (this.armedAt <= this.run.clock[0]!) this.expire();
    for (const group of this.groups) group.wake();
    this.handOut();
  }

  lose(consumer: number, instance: number): void {
    this.groups[consumer]!.lose(instance);
  }

  open(consumer: number, instance: number, open: boolean): void {
    this.pools[consumer]!.open(instance, open);
    this.scaled(consumer, instance, open);
  }

  scaled(consumer: number, instance: number, open: boolean): void {
    this.groups[consumer]!.join(instance, open);
    this.handOut();
  }

  restart(): void {
    this.published.fill(0);
    this.unread.restart();
    for (const group of this.groups) group.restart();
  }

  measured(): readonly ChannelMeasurement[] {
    const tallies = this.groups.length === 0 ? [this.unread] : this.groups.map(({ tally }) => tally);
    return tallies.map((tally): ChannelMeasurement => ({ ...tally.measured(), partitions: this.published }));
  }

  private wakeAt(time: number): void {
    this.run.wakeAt(time);
  }

  /** Deletes what all groups are done with. */
  private trim(partition: number): void {
    const { log } = this;
    let done = log.end(partition);
    for (let group = 0; group < this.groups.length; group++) {
      done = Math.min(done, log.committed(group, partition));
    }
    while (log.low(partition) < done) this.drop(partition);
  }

  /** Deletes the oldest message of a partition. */
  private drop(partition: number): void {
    const oldest = this.log.low(partition);
    this.rows.end(this.log.read(partition, oldest));
    this.log.trim(partition, oldest + 1);
    this.held--;
  }

  /** Deletes what has been kept for long enough, but for what is at work. */
  private expire(): void {
    const { log, rows, groups, spec } = this;
    const now = this.run.clock[0]!;
    let next = Number.POSITIVE_INFINITY;
    this.overdue = false;
    this.armedAt = Number.POSITIVE_INFINITY;
    for (let partition = 0; partition < spec.partitions; partition++) {
      while (log.low(partition) < log.end(partition)) {
        const oldest = log.low(partition);
        const until = rows.publishedAt[log.read(partition, oldest)]! + spec.retention!;
        if (until > now) {
          next = Math.min(next, until);
          break;
        }
        if (groups.some((group) => group.isAt(partition, oldest))) {
          this.overdue = true;
          break;
        }
        for (const group of groups) group.expire(partition, oldest);
        this.drop(partition);
      }
    }
    if (next < Number.POSITIVE_INFINITY) this.expireFrom(next);
  }

  private expireFrom(time: number): void {
    this.armedAt = time;
    this.wakeAt(time);
  }
}
