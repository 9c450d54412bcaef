import {
  AdaptiveLifo,
  type AdaptiveLifoState,
  Codel,
  DeficitRoundRobin,
  type DeficitRoundRobinState,
  LoadShedder,
  PriorityDiscipline,
  type PriorityState,
} from '../../blocks/index.ts';
import type { RandomStream } from '../../kernel/index.ts';
import type { StationGroup } from './station-group.ts';

/** Levels of priority of each traffic: 0 the most urgent, and no level without a traffic. */
export interface Levels {
  readonly count: number;
  readonly byTraffic: readonly number[];
}

/** @param priorities of each traffic, integers ≥ 0 */
export function levelsOf(priorities: readonly number[]): Levels {
  const known = [...new Set(priorities)].sort((a, b) => a - b);
  return { count: Math.max(1, known.length), byTraffic: priorities.map((each) => known.indexOf(each)) };
}

/** Whether blocks decide about the queue of such a station: more than first or last come, and a place or none. */
export function isRuled({ servers, discipline, shed, overdue }: StationGroup): boolean {
  const looks = shed !== undefined || overdue !== undefined;
  return servers !== null && (looks || !['fifo', 'lifo', 'processor-sharing', 'srpt'].includes(discipline));
}

/** Classes a load shedder may have; what is less urgent counts to the last. */
const MOST_CLASSES = 256;

/** What decides about the queue of one station: who is let in, who is next, who is dropped. */
export class RuledQueue {
  /** Those who wait, where a block says who is next; null = first or last come. */
  readonly line: Line | null;
  private readonly codel: Codel | null;
  private readonly shedder: LoadShedder | null;
  private readonly classes: readonly number[];
  private readonly random: RandomStream;

  /** @param random what is shed by chance draws from it */
  constructor(group: StationGroup, levels: Levels, random: RandomStream) {
    const { codel, shed } = group;
    this.line = lineOf(group, levels);
    this.codel = codel === undefined ? null : new Codel({ target: codel.target, interval: codel.interval });
    this.shedder = shed === undefined ? null : shedderOf(shed.at, shed.window, levels.count);
    this.classes = levels.byTraffic.map((level) => Math.min(level, MOST_CLASSES - 1));
    this.random = random;
  }

  /** Whether a request of the traffic may ask for a place in the queue. */
  admits(now: number, traffic: number): boolean {
    return this.shedder === null || this.shedder.admits(now, this.classes[traffic]!, this.random.next());
  }

  /** A request found a server free. */
  passed(now: number): void {
    this.shedder?.observe(now, 0);
  }

  /**
   * A request was taken off the queue after a wait, and `left` others are in it still.
   * @returns true when it is to be dropped
   */
  drops(now: number, wait: number, left: number): boolean {
    this.shedder?.observe(now, wait);
    if (this.codel === null) return false;
    if (left > 0) return this.codel.dequeued(now, wait);
    this.codel.emptied();
    return false;
  }
}

/**
 * The least urgent lose a part from a load of 1 on and everything from 2 on; each level above, from twice as much
 * on: so that none is touched before those below are gone, though the load is always that of a while ago.
 */
function shedderOf(targetDelay: number, window: number, levels: number): LoadShedder {
  const count = Math.min(levels, MOST_CLASSES);
  const classes = Array.from({ length: count }, (_, level) => {
    const from = 2 ** (count - 1 - level);
    return { from, full: 2 * from };
  });
  return new LoadShedder({ classes, targetDelay, window });
}

/** Of a queueing block: who is next of those who wait. */
interface Block {
  readonly size: number;
  push(now: number, item: number, sort: number): boolean;
  pop(now: number): number;
}

const FIRST_ROOM = 16;

/** The queue of a block. Blocks reserve their room when they are made; this one begins small and doubles it. */
export class Line {
  private block: Block;
  private room = FIRST_ROOM;
  private readonly enlarged: (block: Block, room: number) => Block;
  private readonly sorts: readonly number[];

  /** @param sorts what the block is to know of each traffic: a level, a tenant */
  constructor(
    create: (room: number) => Block,
    enlarged: (block: Block, room: number) => Block,
    sorts: readonly number[],
  ) {
    this.block = create(FIRST_ROOM);
    this.enlarged = enlarged;
    this.sorts = sorts;
  }

  /** @returns false when the block has no room for this traffic */
  push(now: number, frame: number, traffic: number): boolean {
    if (this.block.size === this.room) {
      this.room *= 2;
      this.block = this.enlarged(this.block, this.room);
    }
    return this.block.push(now, frame, this.sorts[traffic]!);
  }

  /** Calls `visit` with everyone who waits. */
  forEach(now: number, visit: (frame: number) => void): void {
    const copy = this.enlarged(this.block, this.room);
    while (copy.size > 0) visit(copy.pop(now));
  }

  /** Takes out who is next; the queue must not be empty. */
  pop(now: number): number {
    return this.block.pop(now);
  }
}

/** A block whose state can go on in another one. */
interface Lasting<State> extends Block {
  snapshot(): State;
}

function line<State>(
  create: (capacity: number, state?: State) => Lasting<State>,
  sorts: readonly number[],
): Line {
  return new Line(
    (room) => create(room),
    (block, room) => create(room, (block as Lasting<State>).snapshot()),
    sorts,
  );
}

/** As many as a block may ever hold. */
const BOUNDLESS = 2 ** 28;

function lineOf({ discipline, places, threshold, shares }: StationGroup, levels: Levels): Line | null {
  if (discipline === 'priority') {
    return line(
      (capacity, state?: PriorityState) => new PriorityDiscipline({ levels: levels.count, capacity }, state),
      levels.byTraffic,
    );
  }
  if (threshold !== undefined) {
    const one = levels.byTraffic.map(() => 0);
    return line(
      (capacity, state?: AdaptiveLifoState) => new AdaptiveLifo({ capacity, threshold }, state),
      one,
    );
  }
  if (shares === undefined) return null;
  const { tenants, weights } = shares;
  // None may take the room of another.
  const part = places === null ? BOUNDLESS : Math.max(1, Math.floor(places / weights.length));
  return line(
    (capacity, state?: DeficitRoundRobinState) =>
      new DeficitRoundRobin({ tenants: weights.length, capacity, tenantCapacity: part, weights }, state),
    tenants,
  );
}

/** Servers without limit. */
export const UNLIMITED = 0x3fffffff;

/** Servers that an arrival takes without asking further: none where all arrivals are looked at. */
export function atOnce({ servers, shed }: StationGroup): number {
  return shed === undefined ? (servers ?? UNLIMITED) : 0;
}
