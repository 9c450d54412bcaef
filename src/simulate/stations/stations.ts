import { BUCKETS, bucketOf, type RandomStream } from '../../kernel/index.ts';
import type { Frames } from '../frames.ts';
import { createPreemptive } from './create-preemptive.ts';
import type { Preemptive } from './preemptive.ts';
import { atOnce, isRuled, type Levels, levelsOf, RuledQueue, UNLIMITED } from './queue-disciplines.ts';
import type { StationGroup } from './station-group.ts';
import { measurementOf, type StationMeasurement } from './station-measurement.ts';
import { copied, LATER, NOT_HERE, OUT, unlink } from './waiting-list.ts';

/** Outcome of asking a station for a server. */
export const REFUSED = 0;
export const STARTED = 1;
export const QUEUED = 2;

const NONE = -1;

/** Int fields of a station. Servers that an arrival takes at once when they are free: none where load is shed, which sees all arrivals. */
const SERVERS = 0;
const BUSY = 1;
const PLACES = 2;
const LENGTH = 3;
const MODE = 4;
const GROUP = 5;
/** 1 where blocks decide about the queue. */
const RULED = 6;
/** 1 while nothing may begin. */
const HALTED = 7;
const INTS = 8;

/**
 * Double fields of a station: the areas under its busy servers and its queue, less what the present number will have
 * added by the time of reading. A number that grows by 1 at time t takes t off, one that falls adds t; the area up
 * to now is that sum plus number × now. So an area costs nothing while its number stays.
 */
const BUSY_AREA = 0;
const QUEUE_AREA = 1;
const DOUBLES = 2;

/** Double fields of a station group. */
const WAIT_SUM = 0;
const ARRIVALS = 1;
const REFUSALS = 2;
/** Jobs waiting, and jobs of preemptive disciplines present, when measuring began. */
const CARRIED = 3;
/** Jobs that left the queue unserved: a crash took them out, or they were cancelled. */
const LOST = 4;
const TALLIES = 5;

const FIFO = 0;
const LIFO = 1;
const SHARING = 2;
const MODES: Readonly<Record<string, number>> = { lifo: LIFO, 'processor-sharing': SHARING, srpt: SHARING };

/**
 * All stations of a model: everything that can saturate is one of these, so that utilisation, queueing and waiting
 * are measured in one way. Queues are lists threaded through the frames that wait in them.
 */
export class Stations {
  readonly groups: readonly StationGroup[];
  /** Seconds that a second of work takes, by station. */
  readonly pace: Float64Array;
  /** A station of no group, always open: whose work has died still gives a server back, and does so here. */
  readonly limbo: number;
  private readonly frames: Pick<Frames, 'capacity' | 'deadlines'>;
  private readonly clock: Float64Array;
  private readonly ints: Int32Array;
  private readonly doubles: Float64Array;
  private readonly levels: Levels;
  private readonly stream: (purpose: string) => RandomStream;
  private readonly turnAway: (frame: number, reason: number) => void;
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  /** Per group: `TALLIES` each, and `BUCKETS` each. */
  private readonly tallies: Float64Array;
  private readonly waits: Uint32Array;
  private readonly shared: (Preemptive | null)[] = [];
  /** By station, where blocks decide; made when the first comes who has to ask them. */
  private readonly ruled: (RuledQueue | undefined)[];
  /** Reason number of the last refusal of a station where blocks decide. */
  private reason = 0;
  private next = new Int32Array(1024);
  private since = new Float64Array(1024);
  /** By frame: 1 + the station in whose block it waits, where blocks say who is next; −1 for one that is gone. */
  private lines = new Int32Array(1024);

  /**
   * @param priorities priority of each traffic, integers ≥ 0; 0 is served first
   * @param frames the pool of those who come
   * @param clock the present time, an array of one: a time that is passed would become a heap number
   * @param stream the random stream for a purpose
   * @param turnAway what becomes of a frame that waited and is dropped, for this reason
   */
  constructor(
    groups: readonly StationGroup[],
    priorities: readonly number[],
    frames: Pick<Frames, 'capacity' | 'deadlines'>,
    clock: Float64Array,
    stream: (purpose: string) => RandomStream,
    turnAway: (frame: number, reason: number) => void,
  ) {
    this.groups = groups;
    this.frames = frames;
    this.clock = clock;
    const count = groups.reduce((sum, group) => sum + group.instances, 0);
    this.levels = levelsOf(priorities);
    this.stream = stream;
    this.turnAway = turnAway;
    this.ruled = new Array(count);
    this.pace = new Float64Array(count).fill(1);
    this.limbo = count;
    this.ints = new Int32Array((count + 1) * INTS);
    this.doubles = new Float64Array((count + 1) * DOUBLES);
    this.heads = new Int32Array(count).fill(NONE);
    this.tails = new Int32Array(count).fill(NONE);
    this.tallies = new Float64Array(groups.length * TALLIES);
    this.waits = new Uint32Array(groups.length * BUCKETS);
    groups.forEach((group, g) => {
      for (let i = 0; i < group.instances; i++) {
        const at = (group.first + i) * INTS;
        if (group.speeds !== undefined) this.pace[group.first + i] = 1 / group.speeds[i]!;
        this.ints[at + SERVERS] = atOnce(group);
        this.ints[at + PLACES] = group.places ?? UNLIMITED;
        this.ints[at + MODE] = MODES[group.discipline] ?? FIFO;
        this.ints[at + GROUP] = g;
        this.ints[at + RULED] = isRuled(group) ? 1 : 0;
        this.shared.push(createPreemptive(group));
      }
    });
  }

  sharing(station: number): Preemptive | null {
    return this.ints[station * INTS + MODE] === SHARING ? this.shared[station]! : null;
  }

  /** Reason number of a refusal by this station. */
  refusal(station: number): number {
    if (this.ints[station * INTS + RULED] === 1) return this.reason;
    return this.groupOf(station).full;
  }

  /** Asks for a server for `frame`: started at once, queued, or refused when all places are taken. */
  enter(station: number, frame: number, traffic: number): number {
    const at = station * INTS;
    const ints = this.ints;
    const now = this.clock[0]!;
    this.tallies[ints[at + GROUP]! * TALLIES + ARRIVALS]!++;
    const busy = ints[at + BUSY]!;
    if (busy < ints[at + SERVERS]!) {
      ints[at + BUSY] = busy + 1;
      this.doubles[station * DOUBLES + BUSY_AREA]! -= now;
      return STARTED;
    }
    if (ints[at + RULED] === 1) return this.enterRuled(station, frame, traffic);
    const length = ints[at + LENGTH]!;
    if (length >= ints[at + PLACES]!) {
      this.tallies[ints[at + GROUP]! * TALLIES + REFUSALS]!++;
      return REFUSED;
    }
    ints[at + LENGTH] = length + 1;
    this.doubles[station * DOUBLES + QUEUE_AREA]! -= now;
    if (frame >= this.since.length) this.makeRoom();
    this.since[frame] = now;
    this.append(station, frame);
    return QUEUED;
  }

  /**
   * A server has become free.
   * @returns the frame that gets it, or −1 when nobody waits
   */
  leave(station: number): number {
    const at = station * INTS;
    const ints = this.ints;
    const now = this.clock[0]!;
    const length = ints[at + LENGTH]!;
    if (length === 0) {
      ints[at + BUSY]!--;
      this.doubles[station * DOUBLES + BUSY_AREA]! += now;
      return NONE;
    }
    if (ints[at + RULED] === 1) return this.leaveRuled(station);
    ints[at + LENGTH] = length - 1;
    this.doubles[station * DOUBLES + QUEUE_AREA]! += now;
    const frame = this.takeFirst(station);
    this.tallyWait(ints[at + GROUP]!, now - this.since[frame]!);
    return frame;
  }

  /** A job joins a station of a preemptive discipline; false when it is refused. */
  join(station: number, frame: number, work: number): boolean {
    const now = this.clock[0]!;
    const shared = this.shared[station]!;
    const at = station * INTS;
    const group = this.ints[at + GROUP]!;
    this.tallies[group * TALLIES + ARRIVALS]!++;
    if (shared.size >= this.ints[at + SERVERS]! + this.ints[at + PLACES]!) {
      this.tallies[group * TALLIES + REFUSALS]!++;
      return false;
    }
    if (frame >= this.since.length) this.makeRoom();
    this.since[frame] = now + work;
    shared.add(now, frame, work);
    this.countShared(station, shared.size);
    return true;
  }

  /** The job of a preemptive discipline that ends now. What it took longer than its own work is its wait. */
  part(station: number): number {
    const now = this.clock[0]!;
    const shared = this.shared[station]!;
    const frame = shared.take(now);
    this.countShared(station, shared.size);
    this.tallyWait(this.ints[station * INTS + GROUP]!, Math.max(0, now - this.since[frame]!));
    return frame;
  }

  /** Calls `visit` with every frame that waits in the queue, or shares the processor, of a station. */
  forEachWaiting(station: number, visit: (frame: number) => void): void {
    this.shared[station]?.forEach(visit);
    this.ruled[station]?.line?.forEach(this.clock[0]!, visit);
    for (let frame = this.heads[station]!; frame !== NONE; frame = this.next[frame]!) visit(frame);
  }

  /** All servers fall idle, and nobody waits any more; `visit` is called with every frame that did. */
  empty(station: number, visit: (frame: number) => void): void {
    this.forEachWaiting(station, (frame) => {
      // One that was withdrawn, and that its block could not let go of, has waited for this.
      if (this.ruled[station]?.line && this.lines[frame] !== station + 1) this.turnAway(frame, 0);
      else visit(frame);
    });
    const at = station * INTS;
    const { ints } = this;
    const now = this.clock[0]!;
    const group = ints[at + GROUP]!;
    const shared = this.shared[station]!;
    this.doubles[station * DOUBLES + BUSY_AREA]! += now * ints[at + BUSY]!;
    this.doubles[station * DOUBLES + QUEUE_AREA]! += now * ints[at + LENGTH]!;
    this.tallies[group * TALLIES + LOST]! += shared === null ? ints[at + LENGTH]! : shared.size;
    ints[at + BUSY] = 0;
    ints[at + LENGTH] = 0;
    shared?.clear();
    this.heads[station] = NONE;
    this.ruled[station] = undefined;
  }

  /** No work is begun from now on; that of a preemptive discipline stands still. */
  halt(station: number): void {
    this.ints[station * INTS + SERVERS] = 0;
    this.ints[station * INTS + HALTED] = 1;
    this.shared[station]?.halt(this.clock[0]!);
  }

  /** Work may begin again. */
  go(station: number): void {
    this.ints[station * INTS + SERVERS] = atOnce(this.groups[this.ints[station * INTS + GROUP]!]!);
    this.ints[station * INTS + HALTED] = 0;
    this.shared[station]?.go(this.clock[0]!);
  }

  /** A server has become free; true where the station stands still, and nobody is to get it for now. */
  staysIdle(station: number): boolean {
    if (this.ints[station * INTS + HALTED] === 0) return false;
    this.ints[station * INTS + BUSY]!--;
    this.doubles[station * DOUBLES + BUSY_AREA]! += this.clock[0]!;
    return true;
  }

  /**
   * A frame that waits, or shares the processor, does so no more.
   * @param refused whether it counts as refused, and not as lost
   * @returns {@link LATER} where its block cannot let go of it: at its turn it is turned away, with reason 0
   */
  withdraw(station: number, frame: number, refused = false): number {
    const at = station * INTS;
    const { ints } = this;
    const now = this.clock[0]!;
    const shared = this.sharing(station);
    const line = this.ruled[station]?.line ?? null;
    if (shared !== null) {
      if (!shared.remove(now, frame)) return NOT_HERE;
      this.countShared(station, shared.size);
    } else {
      if (ints[at + LENGTH] === 0) return NOT_HERE;
      if (line !== null) {
        if (this.lines[frame] !== station + 1) return NOT_HERE;
        this.lines[frame] = NONE;
      } else if (!unlink(frame, station, this.heads, this.tails, this.next)) return NOT_HERE;
      ints[at + LENGTH]!--;
      this.doubles[station * DOUBLES + QUEUE_AREA]! += now;
    }
    this.tallies[ints[at + GROUP]! * TALLIES + (refused ? REFUSALS : LOST)]!++;
    return line === null ? OUT : LATER;
  }

  protected groupOf(station: number): StationGroup {
    return this.groups[this.ints[station * INTS + GROUP]!]!;
  }

  /** Takes a free server for one that waits; false where there is no such server, or nobody waits. */
  seize(station: number): boolean {
    const at = station * INTS;
    const ints = this.ints;
    const { servers } = this.groups[ints[at + GROUP]!]!;
    if (ints[at + LENGTH] === 0 || ints[at + BUSY]! >= (servers ?? UNLIMITED)) return false;
    ints[at + BUSY]!++;
    this.doubles[station * DOUBLES + BUSY_AREA]! -= this.clock[0]!;
    return true;
  }

  /** Forgets what was measured so far; who is in service or waiting stays. */
  reset(): void {
    const now = this.clock[0]!;
    this.tallies.fill(0);
    this.waits.fill(0);
    for (let group = 0; group < this.groups.length; group++)
      this.tallies[group * TALLIES + CARRIED] = this.notBegun(group);
    for (let station = 0; station < this.shared.length; station++) {
      this.doubles[station * DOUBLES + BUSY_AREA] = -now * this.ints[station * INTS + BUSY]!;
      this.doubles[station * DOUBLES + QUEUE_AREA] = -now * this.ints[station * INTS + LENGTH]!;
    }
  }

  /**
   * Areas of a group since the last reset, all instances together.
   * @param into server-seconds in use, and seconds waited
   */
  areas(group: number, into: Float64Array): void {
    const { first, instances } = this.groups[group]!;
    into.fill(0);
    this.addAreas(first, instances, into);
  }

  /** Adds the same of so many stations in a row. */
  addAreas(first: number, instances: number, into: Float64Array): void {
    const now = this.clock[0]!;
    for (let station = first; station < first + instances; station++) {
      into[0]! += this.doubles[station * DOUBLES + BUSY_AREA]! + now * this.ints[station * INTS + BUSY]!;
      into[1]! += this.doubles[station * DOUBLES + QUEUE_AREA]! + now * this.ints[station * INTS + LENGTH]!;
    }
  }

  /** Whether nobody is in service at a station or waits there. */
  isEmpty(station: number): boolean {
    return this.ints[station * INTS + BUSY] === 0 && this.ints[station * INTS + LENGTH] === 0;
  }

  /** What a group measured since the last reset. */
  measured(group: number): StationMeasurement {
    const { first, instances } = this.groups[group]!;
    const now = this.clock[0]!;
    const busy = new Float64Array(instances);
    let queueArea = 0;
    let waiting = 0;
    for (let i = 0; i < instances; i++) {
      const at = (first + i) * INTS;
      const areas = (first + i) * DOUBLES;
      // Rounding may leave a trace below 0 where there was nothing.
      busy[i] = Math.max(0, this.doubles[areas + BUSY_AREA]! + now * this.ints[at + BUSY]!);
      queueArea += Math.max(0, this.doubles[areas + QUEUE_AREA]! + now * this.ints[at + LENGTH]!);
      waiting += this.ints[at + LENGTH]!;
    }
    const [waitSum, arrivals, refusals, carried, lost] = this.tallies.subarray(group * TALLIES);
    const starts = carried! + arrivals! - refusals! - lost! - this.notBegun(group);
    const tallied = {
      queueArea,
      waiting,
      waitSum: waitSum!,
      arrivals: arrivals!,
      starts,
      refusals: refusals!,
    };
    const waits = this.waits.slice(group * BUCKETS, (group + 1) * BUCKETS);
    return measurementOf(this.groups[group]!, busy, waits, { ...tallied, lost: lost! });
  }

  /** Jobs of a group that wait; of preemptive disciplines, whose wait is known only in the end, all that are there. */
  private notBegun(group: number): number {
    const { first, instances } = this.groups[group]!;
    let jobs = 0;
    for (let station = first; station < first + instances; station++) {
      jobs += this.shared[station]?.size ?? this.ints[station * INTS + LENGTH]!;
    }
    return jobs;
  }

  /** Frames wait here: as many as there may be at present. */
  private makeRoom(): void {
    const { capacity } = this.frames;
    this.next = copied(this.next, new Int32Array(capacity));
    this.since = copied(this.since, new Float64Array(capacity));
    this.lines = copied(this.lines, new Int32Array(capacity));
  }

  private tallyWait(group: number, wait: number): void {
    this.tallies[group * TALLIES + WAIT_SUM]! += wait;
    this.waits[group * BUCKETS + bucketOf(wait)]!++;
  }

  /** `jobs` share the processors of a station from now on. */
  private countShared(station: number, jobs: number): void {
    const at = station * INTS;
    const ints = this.ints;
    const now = this.clock[0]!;
    const servers = ints[at + SERVERS]!;
    const busy = jobs < servers ? jobs : servers;
    this.doubles[station * DOUBLES + BUSY_AREA]! -= (busy - ints[at + BUSY]!) * now;
    this.doubles[station * DOUBLES + QUEUE_AREA]! -= (jobs - busy - ints[at + LENGTH]!) * now;
    ints[at + BUSY] = busy;
    ints[at + LENGTH] = jobs - busy;
  }

  private append(station: number, frame: number): void {
    if (this.ints[station * INTS + MODE] === LIFO) {
      this.next[frame] = this.heads[station]!;
      this.heads[station] = frame;
      return;
    }
    this.next[frame] = NONE;
    if (this.heads[station] === NONE) this.heads[station] = frame;
    else this.next[this.tails[station]!] = frame;
    this.tails[station] = frame;
  }

  private takeFirst(station: number): number {
    const frame = this.heads[station]!;
    this.heads[station] = this.next[frame]!;
    return frame;
  }

  /** As `enter`, where blocks decide, for an arrival that did not just take a server. */
  private enterRuled(station: number, frame: number, traffic: number): number {
    const at = station * INTS;
    const ints = this.ints;
    const now = this.clock[0]!;
    const group = this.groups[ints[at + GROUP]!]!;
    const rules = this.rulesOf(station, group);
    if (ints[at + BUSY]! < group.servers! && ints[at + HALTED] === 0) {
      ints[at + BUSY]!++;
      this.doubles[station * DOUBLES + BUSY_AREA]! -= now;
      rules.passed(now);
      return STARTED;
    }
    if (!rules.admits(now, traffic)) return this.refuse(station, group.shed!.turnedAway);
    if (ints[at + LENGTH]! >= ints[at + PLACES]!) return this.refuse(station, group.full);
    if (frame >= this.since.length) this.makeRoom();
    if (rules.line === null) this.append(station, frame);
    else if (!rules.line.push(now, frame, traffic)) return this.refuse(station, group.full);
    else this.lines[frame] = station + 1;
    this.since[frame] = now;
    ints[at + LENGTH]!++;
    this.doubles[station * DOUBLES + QUEUE_AREA]! -= now;
    return QUEUED;
  }

  /** As `leave`, where blocks decide, and somebody waits. */
  private leaveRuled(station: number): number {
    const at = station * INTS;
    const ints = this.ints;
    const now = this.clock[0]!;
    const group = ints[at + GROUP]!;
    const rules = this.rulesOf(station, this.groups[group]!);
    while (ints[at + LENGTH]! > 0) {
      const frame = rules.line === null ? this.takeFirst(station) : rules.line.pop(now);
      if (rules.line !== null && this.lines[frame] === NONE) {
        this.turnAway(frame, 0);
        continue;
      }
      this.lines[frame] = 0;
      const left = ints[at + LENGTH]! - 1;
      const wait = now - this.since[frame]!;
      ints[at + LENGTH] = left;
      this.doubles[station * DOUBLES + QUEUE_AREA]! += now;
      const { codel, overdue } = this.groups[group]!;
      const isOverdue = overdue !== undefined && this.frames.deadlines![frame]! < now;
      if (!isOverdue && !rules.drops(now, wait, left)) {
        this.tallyWait(group, wait);
        return frame;
      }
      this.tallies[group * TALLIES + REFUSALS]!++;
      this.turnAway(frame, isOverdue ? overdue : codel!.dropped);
    }
    return this.leave(station);
  }

  private refuse(station: number, reason: number): number {
    this.tallies[this.ints[station * INTS + GROUP]! * TALLIES + REFUSALS]!++;
    this.reason = reason;
    return REFUSED;
  }

  private rulesOf(station: number, group: StationGroup): RuledQueue {
    const rules = this.ruled[station];
    if (rules !== undefined) return rules;
    const random = this.stream(`${group.name} ${station - group.first} shed`);
    const made = new RuledQueue(group, this.levels, random);
    this.ruled[station] = made;
    return made;
  }
}
