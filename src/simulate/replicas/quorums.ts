import type { RandomStream } from '../../kernel/index.ts';
import type { Equipment } from '../equipment.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { KeySpace } from '../keyspace/index.ts';
import type { Model } from '../model.ts';
import type * as op from '../program/instructions.ts';
import {
  SLOT_FIRST,
  SLOT_REPLICA,
  SLOT_ROW,
  SLOT_SHARD,
  SLOT_VERSION,
  WRITE,
} from '../program/quorum-emission.ts';
import type { QuorumSpec } from './quorum-spec.ts';
import { ReplicatedItems } from './replicated-items.ts';
import { itemOf, StaleReads, type StaleReadsMeasurement } from './stale-reads.ts';

const KEY = 4 satisfies typeof field.KEY;
const PARENT = 7 satisfies typeof field.PARENT;
const PARENT_STAMP = 8 satisfies typeof field.PARENT_STAMP;
const STAMP = 9 satisfies typeof field.STAMP;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const SLOT_INSTANCE = 1 satisfies typeof op.SLOT_INSTANCE;
const NONE = -1;

/**
 * Reads and writes that ask replicas, each of which has versions of its own. What a frame carries from the coordinator to
 * a replica and back is kept here by the number of the frame, where no crash of the coordinator takes it along.
 */
export class Quorums {
  private readonly specs: readonly QuorumSpec[];
  private readonly code: Int32Array;
  private readonly keySpaces: readonly KeySpace[];
  private readonly streams: readonly RandomStream[];
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  private readonly items: readonly ReplicatedItems[];
  private readonly tallies: readonly StaleReads[];
  /** By frame: the item asked for; the version carried, or found; and when that had been superseded. */
  private rows = new Int32Array(0);
  private versions = new Int32Array(0);
  private superseded = new Float64Array(0);

  /** @param clock the present time, an array of one */
  constructor(model: Model, { keySpaces, stream }: Equipment, frames: Frames, clock: Float64Array) {
    this.specs = model.quorums;
    this.code = model.code;
    this.keySpaces = keySpaces;
    this.streams = model.quorums.map(({ name }) => stream(`${name} order of replicas`));
    this.frames = frames;
    this.clock = clock;
    this.items = model.quorums.map(({ sizes }) => new ReplicatedItems(sizes.replicas));
    this.tallies = model.quorums.map(() => new StaleReads());
  }

  /**
   * Does the instruction at `pc`, one of those that are about quorums.
   * @returns where the frame goes on
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const quorum = code[pc + 1]!;
    const base = fp + code[pc + 2]!;
    if (frame >= this.rows.length) this.grow();
    switch (code[pc]!) {
      case 90 satisfies typeof op.QUORUM_BEGIN:
        this.begin(frame, quorum, base, code[pc + 3]!);
        break;
      case 91 satisfies typeof op.QUORUM_ASK: {
        const { stack } = this.frames;
        const { replicas } = this.specs[quorum]!.sizes;
        const replica = (stack[base + SLOT_FIRST]! + code[pc + 3]!) % replicas;
        stack[base + SLOT_REPLICA] = stack[base + SLOT_SHARD]! * replicas + replica;
        this.rows[frame] = stack[base + SLOT_ROW]!;
        this.versions[frame] = stack[base + SLOT_VERSION]!;
        break;
      }
      case 92 satisfies typeof op.REPLICA:
        this.touch(frame, quorum, this.frames.stack[fp + SLOT_INSTANCE]!, code[pc + 2] === WRITE);
        break;
      case 93 satisfies typeof op.QUORUM_ANSWER:
        this.answer(frame);
        break;
      case 94 satisfies typeof op.QUORUM_END:
        this.end(frame, quorum, base, code[pc + 3]!);
        break;
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
    return pc + WIDTH;
  }

  restart(): void {
    for (const tally of this.tallies) tally.restart();
  }

  measured(): StaleReadsMeasurement[] {
    return this.tallies.map((tally) => tally.measured());
  }

  private begin(frame: number, quorum: number, base: number, what: number): void {
    const { stack } = this.frames;
    const items = this.items[quorum]!;
    const name = this.nameOf(frame, what);
    const writes = (what & 1) === WRITE;
    const row = name < 0 ? NONE : writes ? items.rowOf(name) : items.find(name);
    const { replicas } = this.specs[quorum]!.sizes;
    // Of answers that come at the same instant, any may be the first.
    stack[base + SLOT_FIRST] = Math.floor(this.streams[quorum]!.next() * replicas);
    stack[base + SLOT_ROW] = row;
    stack[base + SLOT_VERSION] = writes && row >= 0 ? items.write(row) : items.confirmedOf(row);
    this.versions[frame] = NONE;
  }

  /** A replica does its part: takes the version in, or tells its own. */
  private touch(frame: number, quorum: number, instance: number, writes: boolean): void {
    const items = this.items[quorum]!;
    const row = this.rows[frame]!;
    const replica = instance % this.specs[quorum]!.sizes.replicas;
    if (!writes) {
      this.versions[frame] = items.versionAt(row, replica);
      this.superseded[frame] = items.supersededAt(row, replica);
    } else if (row >= 0) items.apply(row, replica, this.versions[frame]!);
  }

  /** The coordinator takes the newest of the versions that come while it waits. */
  private answer(frame: number): void {
    const { ints } = this.frames;
    const parent = ints[frame * FIELDS + PARENT]!;
    if (parent < 0 || ints[parent * FIELDS + STAMP] !== ints[frame * FIELDS + PARENT_STAMP]) return;
    if (this.versions[frame]! <= this.versions[parent]!) return;
    this.versions[parent] = this.versions[frame]!;
    this.superseded[parent] = this.superseded[frame]!;
  }

  private end(frame: number, quorum: number, base: number, what: number): void {
    const { stack } = this.frames;
    const row = stack[base + SLOT_ROW]!;
    const version = stack[base + SLOT_VERSION]!;
    if ((what & 1) === WRITE) {
      if (row >= 0) this.items[quorum]!.confirm(row, version, this.clock[0]!);
      return;
    }
    if (this.nameOf(frame, what) < 0) return;
    const data = (what >> 1) - 1;
    const weight = this.keySpaces[data]!.sizeOf(this.frames.ints[frame * FIELDS + KEY]! >> 1);
    const behind = version - this.versions[frame]!;
    const age = behind > 0 ? this.clock[0]! - this.superseded[frame]! : 0;
    this.tallies[quorum]!.read(weight, behind, age);
  }

  private nameOf(frame: number, what: number): number {
    return itemOf((what >> 1) - 1, this.frames.ints[frame * FIELDS + KEY]!);
  }

  private grow(): void {
    const { capacity } = this.frames;
    const rows = new Int32Array(capacity);
    const versions = new Int32Array(capacity);
    const superseded = new Float64Array(capacity);
    rows.set(this.rows);
    versions.set(this.versions);
    superseded.set(this.superseded);
    this.rows = rows;
    this.versions = versions;
    this.superseded = superseded;
  }
}
