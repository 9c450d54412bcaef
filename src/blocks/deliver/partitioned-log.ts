import { requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';

export interface PartitionedLogOptions {
  /** Partitions, 1 to 65,536. */
  readonly partitions: number;
  /**
   * Messages that each partition keeps, ≥ 1; the oldest goes when another comes. Together at most 2^26. Room for them
   * is taken as they come.
   */
  readonly retention: number;
  /** Consumer groups, each with committed offsets of its own: 0 to groups − 1. 1 (default) to 1024. */
  readonly groups?: number;
}

export interface PartitionedLogState {
  readonly version: 1;
  /** By partition: offset of the first message kept, and the messages from there. */
  readonly partitions: readonly { readonly low: number; readonly messages: readonly number[] }[];
  /** By group, then partition. */
  readonly committed: readonly (readonly number[])[];
}

/** Messages that a partition has room for at first. */
const LEAST_ROOM = 16;

const OPTIONS: OptionNames<PartitionedLogOptions> = { partitions: true, retention: true, groups: true };

/**
 * Ordered partitions: messages (the caller's numbers) are appended, get consecutive offsets from 0, and are read
 * by offset, any number of times. Each consumer group notes per partition up to where it is done.
 *
 * What is read but not committed is read again by whoever takes the partition over: at least once. What is
 * committed before it is worked on may be lost: at most once. The log is bounded: who falls behind by more than
 * the retention loses messages, and `lost` says how many.
 */
export class PartitionedLog {
  readonly partitions: number;
  readonly groups: number;
  private readonly retention: number;
  /** By partition: a ring that has a message at its offset modulo the length. */
  private readonly rings: Float64Array[];
  /** Offset of the next message, by partition. */
  private readonly ends: Float64Array;
  /** Offset of the first message that was not deleted, by partition. */
  private readonly starts: Float64Array;
  /** Offset of the first message not known to be done, by group and partition. */
  private readonly commits: Float64Array;

  /**
   * @param state goes on where a {@link PartitionedLog.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: PartitionedLogOptions, state?: PartitionedLogState) {
    requireOptions('PartitionedLog', options, OPTIONS);
    this.partitions = requireWhole('partitions', options.partitions, 1, 65_536);
    this.groups = requireWhole('groups', options.groups ?? 1, 1, 1024);
    this.retention = requireWhole('retention', options.retention, 1, 2 ** 26);
    requireWhole('partitions × retention', this.partitions * this.retention, 1, 2 ** 26);
    this.rings = Array.from({ length: this.partitions }, () => new Float64Array(0));
    this.ends = new Float64Array(this.partitions);
    this.starts = new Float64Array(this.partitions);
    this.commits = new Float64Array(this.partitions * this.groups);
    if (state !== undefined) this.restore(state);
  }

  /**
   * Appends a message.
   *
   * @param message whole number from 0 to 2^53 − 1
   * @returns its offset
   */
  append(partition: number, message: number): number {
    this.requirePartition(partition);
    requireWhole('message', message, 0);
    const offset = this.ends[partition]!;
    const kept = offset - this.low(partition);
    if (kept === this.rings[partition]!.length && kept < this.retention) this.grow(partition);
    const ring = this.rings[partition]!;
    ring[offset % ring.length] = message;
    this.ends[partition] = offset + 1;
    return offset;
  }

  /** The message at an offset; −1 when it is not kept any more, or not there yet. */
  read(partition: number, offset: number): number {
    requireWhole('offset', offset, 0);
    if (offset < this.low(partition) || offset >= this.ends[partition]!) return -1;
    const ring = this.rings[partition]!;
    return ring[offset % ring.length]!;
  }

  /** Offset of the oldest message kept. */
  low(partition: number): number {
    return Math.max(this.end(partition) - this.retention, this.starts[partition]!);
  }

  /**
   * Deletes the messages before an offset: those that are older than they are kept, or that everybody is done with.
   *
   * @returns false when it was ahead of the end: then it has no effect
   */
  trim(partition: number, offset: number): boolean {
    requireWhole('offset', offset, 0);
    if (offset > this.end(partition)) return false;
    if (offset > this.starts[partition]!) this.starts[partition] = offset;
    return true;
  }

  /** Offset that the next message will get. */
  end(partition: number): number {
    this.requirePartition(partition);
    return this.ends[partition]!;
  }

  /** Offset from which a group goes on: the first one not committed. */
  committed(group: number, partition: number): number {
    return this.commits[this.cell(group, partition)]!;
  }

  /**
   * Everything before `offset` is done. Commits only go forward, so that one that is late undoes nothing.
   *
   * @returns false when it was behind the last one, or ahead of the end: then it has no effect
   */
  commit(group: number, partition: number, offset: number): boolean {
    requireWhole('offset', offset, 0);
    const cell = this.cell(group, partition);
    if (offset < this.commits[cell]! || offset > this.ends[partition]!) return false;
    this.commits[cell] = offset;
    return true;
  }

  /** Puts a group's offset anywhere from 0 to the end, to read again or to skip; false when it is beyond. */
  seek(group: number, partition: number, offset: number): boolean {
    requireWhole('offset', offset, 0);
    const cell = this.cell(group, partition);
    if (offset > this.ends[partition]!) return false;
    this.commits[cell] = offset;
    return true;
  }

  /** Messages appended and not committed by a group, those it lost included. */
  lag(group: number, partition: number): number {
    return this.end(partition) - this.committed(group, partition);
  }

  /** Of its lag, the messages that are not kept any more. */
  lost(group: number, partition: number): number {
    return Math.max(0, this.low(partition) - this.committed(group, partition));
  }

  snapshot(): PartitionedLogState {
    const partitions = Array.from(this.ends, (end, partition) => {
      const low = this.low(partition);
      return { low, messages: Array.from({ length: end - low }, (_, i) => this.read(partition, low + i)) };
    });
    const committed = Array.from({ length: this.groups }, (_, group) =>
      Array.from(this.commits.subarray(group * this.partitions, (group + 1) * this.partitions)),
    );
    return { version: 1, partitions, committed };
  }

  /** Doubles the room of a partition, up to what it keeps. */
  private grow(partition: number): void {
    const old = this.rings[partition]!;
    const ring = new Float64Array(Math.min(this.retention, Math.max(LEAST_ROOM, 2 * old.length)));
    for (let offset = this.low(partition); offset < this.ends[partition]!; offset++) {
      ring[offset % ring.length] = old[offset % old.length]!;
    }
    this.rings[partition] = ring;
  }

  private cell(group: number, partition: number): number {
    this.requirePartition(partition);
    requireWhole('group', group, 0, this.groups - 1);
    return group * this.partitions + partition;
  }

  private requirePartition(partition: number): void {
    requireWhole('partition', partition, 0, this.partitions - 1);
  }

  private restore(state: PartitionedLogState): void {
    const fits =
      Array.isArray(state.partitions) &&
      state.partitions.length === this.partitions &&
      state.partitions.every(({ messages }) => messages.length <= this.retention) &&
      Array.isArray(state.committed) &&
      state.committed.length === this.groups &&
      state.committed.every((offsets) => offsets.length === this.partitions);
    requireState('state', state, fits);
    for (const [partition, { low, messages }] of state.partitions.entries()) {
      this.ends[partition] = requireWhole('state.partitions low', low, 0);
      this.starts[partition] = low;
      for (const message of messages) this.append(partition, message);
      for (const [group, offsets] of state.committed.entries()) {
        if (!this.seek(group, partition, offsets[partition]!)) {
          throw new RangeError(
            `state.committed must be up to ${this.ends[partition]}, got ${offsets[partition]}`,
          );
        }
      }
    }
  }
}
