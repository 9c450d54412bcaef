import type { RandomStream } from '../kernel/index.ts';
import type { ConnectionBalancer } from './balancing/connection-balancer.ts';
import type { ConnectionSource } from './connection-table.ts';
import type { Equipment } from './equipment.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type { Model } from './model.ts';
import type * as op from './program/instructions.ts';

const CONNECTION = 14 satisfies typeof field.CONNECTION;
const USER = 15 satisfies typeof field.USER;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;

/** How the connection of a request came about, as places of the code are numbered. */
const REUSED = 1;
const RESUMED = 2;
const OPENED = 3;
/** Connections are numbered by what fits into a field beside that. */
const NUMBERS = 1 << 28;
/** Users who are followed each; beyond them, some stand for the others. */
const FOLLOWED = 1 << 20;

/** Requests of the users of one component in the measured time: all, those that opened a connection, and resumed one. */
export interface ConnectionMeasurement {
  readonly requests: number;
  readonly opened: number;
  readonly resumed: number;
}

/** The connections of users: which of them has one, since when it is idle, and over which one a request comes. */
export class Connections {
  private readonly sources: readonly Source[];
  /** By balancer, those that choose for a connection and not for a request. */
  private readonly balancers: readonly (ConnectionBalancer | null)[];
  private readonly model: Model;
  private readonly places: readonly Int32Array[];
  private readonly code: Int32Array;
  private readonly frames: Frames;
  private readonly clock: Float64Array;

  constructor(
    model: Model,
    { stream, connectionBalancers }: Pick<Equipment, 'stream' | 'connectionBalancers'>,
    frames: Frames,
    clock: Float64Array,
  ) {
    const { sources = [], places = [] } = model.connections ?? {};
    const followed = connectionBalancers.filter((each) => each !== null);
    const book = new Book(followed.length === 0 ? null : followed);
    this.sources = sources.map((spec) => new Source(spec, stream(`${spec.name} users`), book));
    this.balancers = connectionBalancers;
    this.model = model;
    this.places = places;
    this.code = model.code;
    this.frames = frames;
    this.clock = clock;
  }

  /**
   * Does the instruction at `pc`, one of those about connections.
   * @returns where the frame goes on
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this;
    const { ints, stack } = this.frames;
    const a = code[pc + 1]!;
    const at = frame * FIELDS;
    switch (code[pc]!) {
      case 70 satisfies typeof op.USER:
        ints[at + USER] = this.sources[a]!.someone();
        return pc + WIDTH;
      case 71 satisfies typeof op.CONNECT: {
        const connection = this.sources[a]!.connect(ints[at + USER]!, this.clock[0]!);
        ints[at + CONNECTION] = connection;
        stack[fp + code[pc + 2]!] = connection >> 2;
        return this.places[code[pc + 3]!]![connection & 3]!;
      }
      case 72 satisfies typeof op.DISCONNECT:
        this.release(a, frame, stack[fp + code[pc + 2]!]!);
        return pc + WIDTH;
      case 73 satisfies typeof op.UNCONNECTED:
        ints[at + CONNECTION] = 0;
        return pc + WIDTH;
      case 74 satisfies typeof op.BY_CONNECTION:
        return this.places[a]![ints[at + CONNECTION]! & 3]!;
      case 75 satisfies typeof op.OVER: {
        const connection = ints[at + CONNECTION]!;
        const slot = fp + code[pc + 2]!;
        if (code[pc + 3] === 0) {
          for (const source of this.sources) source.closeIdle(this.clock[0]!);
          stack[slot] = connection >> 2;
        }
        const balancer = this.balancers[a]!;
        balancer.connection = stack[slot]!;
        balancer.isReused = (connection & 3) === REUSED;
        return pc + WIDTH;
      }
      default:
        throw new RangeError(`unknown instruction ${code[pc]} at ${pc}`);
    }
  }

  /** The request of a frame, over connection `number` of a source, is over. */
  release(source: number, frame: number, number: number): void {
    this.sources[source]!.release(this.frames.ints[frame * FIELDS + USER]!, number, this.clock[0]!);
  }

  /** What is done next with a balancer is about the connection of that number, where it chooses for connections. */
  about(balancer: number, connection: number): void {
    const over = this.balancers[balancer]!;
    if (over !== null) over.connection = connection;
  }

  /** All connections to an instance of a component are lost, as far as a balancer leads them there. */
  cut(component: number, instance: number): void {
    this.balancers.forEach((over, b) => {
      if (over !== null && this.model.balancers[b]!.perConnection === component) over.cut(instance);
    });
  }

  /** The same of the one connection that the request of a frame came over. */
  refused(frame: number, component: number, instance: number): void {
    const connection = this.frames.ints[frame * FIELDS + CONNECTION]! >> 2;
    this.balancers.forEach((over, b) => {
      if (over === null || this.model.balancers[b]!.perConnection !== component) return;
      if (over.targetOf(connection) === instance) over.lose(connection);
    });
  }

  /** Forgets what was counted until now. */
  reset(): void {
    for (const source of this.sources) source.reset();
  }

  /** By source. */
  measured(): ConnectionMeasurement[] {
    return this.sources.map((source) => source.measured());
  }
}

/** Numbers the connections of all users, and keeps those who choose targets for them informed. */
class Book {
  /** Whom it matters to that a connection is closed; null = nobody. */
  private readonly balancers: readonly ConnectionBalancer[] | null;
  private readonly lost = new Set<number>();
  private last = 0;

  constructor(balancers: readonly ConnectionBalancer[] | null) {
    this.balancers = balancers;
    for (const balancer of balancers ?? []) balancer.lost = (connection) => this.lost.add(connection);
  }

  get isRead(): boolean {
    return this.balancers !== null;
  }

  nextNumber(): number {
    this.last = this.last === NUMBERS ? 1 : this.last + 1;
    return this.last;
  }

  /** Whether a connection was lost at its other end. */
  isLost(connection: number): boolean {
    return this.lost.has(connection);
  }

  closed(connection: number, now: number): void {
    if (this.balancers === null) return;
    this.lost.delete(connection);
    for (const balancer of this.balancers) balancer.closed(connection, now);
  }
}

/**
 * The users of one component, each with one connection at most that is used again. Several requests may go over it at
 * once, as over one of HTTP/2.
 *
 * The first million users are followed. Of a larger population these stand for the others, so many each: who is stood for
 * finds what the other one would find at that moment, and leaves no trace. As users ask independently of each other, at
 * the same rate, a request finds a connection as often as if all were followed.
 */
class Source {
  private readonly spec: ConnectionSource;
  private readonly random: RandomStream;
  private readonly followed: number;
  /** By user followed: the number of the connection, 0 for none, −1 for nobody knows yet. */
  private readonly numbers: Int32Array;
  /** When the last request over it ended, how many are in progress, and how many more it takes. */
  private readonly idleSince: Float64Array;
  private readonly inUse: Int32Array;
  private readonly left: Float64Array;
  private readonly book: Book;
  /** Users whose connection no request is over, and since when, the longest first; kept where the book is read. */
  private readonly idle = new Map<number, number>();
  private requests = 0;
  private opened = 0;
  private resumed = 0;

  constructor(spec: ConnectionSource, random: RandomStream, book: Book) {
    this.spec = spec;
    this.random = random;
    this.book = book;
    this.followed = Math.min(spec.users, FOLLOWED);
    this.numbers = new Int32Array(this.followed).fill(-1);
    this.idleSince = new Float64Array(this.followed);
    this.inUse = new Int32Array(this.followed);
    this.left = new Float64Array(this.followed);
  }

  /** One of the users, by chance. */
  someone(): number {
    return Math.floor(this.random.next() * this.spec.users);
  }

  /** Over which connection a user asks now: four times its number, and how it came about. */
  connect(user: number, now: number): number {
    const { numbers, idleSince, inUse, left, followed, book } = this;
    const { keep, requests, resume } = this.spec;
    const u = user % followed;
    if (numbers[u]! < 0) this.remember(u);
    const busy = inUse[u]! > 0;
    this.requests++;
    const isThere = left[u]! > 0 && (busy || now - idleSince[u]! < keep);
    if (numbers[u] !== 0 && isThere && !book.isLost(numbers[u]!)) {
      if (user === u) {
        inUse[u]!++;
        left[u]!--;
        if (book.isRead) this.idle.delete(u);
      }
      return 4 * numbers[u]! + REUSED;
    }
    const resumes = resume > 0 && (busy || now - idleSince[u]! < resume);
    this.opened++;
    if (resumes) this.resumed++;
    const number = book.nextNumber();
    if (user === u) {
      book.closed(numbers[u]!, now);
      if (book.isRead) this.idle.delete(u);
      numbers[u] = number;
      inUse[u] = 1;
      left[u] = (requests ?? Number.POSITIVE_INFINITY) - 1;
    }
    return 4 * number + (resumes ? RESUMED : OPENED);
  }

  release(user: number, number: number, now: number): void {
    const u = user % this.followed;
    const { numbers, inUse, left, book, idle } = this;
    if (user !== u || numbers[u] !== number) {
      // Nobody asks over it again, unless it is that of the user who is followed instead.
      if (numbers[u] !== number) book.closed(number, now);
      return;
    }
    inUse[u]!--;
    this.idleSince[u] = now;
    if (!book.isRead || inUse[u]! > 0) return;
    if (left[u] === 0) book.closed(number, now);
    else idle.set(u, now);
  }

  /** Closes the connections that have been idle for as long as they are kept. */
  closeIdle(now: number): void {
    for (const [user, since] of this.idle) {
      if (now - since < this.spec.keep) return;
      this.idle.delete(user);
      this.book.closed(this.numbers[user]!, now);
    }
  }

  reset(): void {
    this.requests = 0;
    this.opened = 0;
    this.resumed = 0;
  }

  measured(): ConnectionMeasurement {
    const { requests, opened, resumed } = this;
    return { requests, opened, resumed };
  }

  /**
   * What a user did before the run, who asks as ever: the last request was an exponential time before its start, and
   * was the j-th over its connection with a chance in proportion to q^(j−1), q that of asking again in time.
   */
  private remember(u: number): void {
    const { rate, users, keep, requests } = this.spec;
    const each = rate / users;
    this.idleSince[u] = Math.log1p(-this.random.next()) / each;
    this.numbers[u] = this.book.nextNumber();
    const most = requests ?? Number.POSITIVE_INFINITY;
    if (most === Number.POSITIVE_INFINITY) {
      this.left[u] = most;
      return;
    }
    const stays = -Math.expm1(-each * keep);
    const chance = this.random.next();
    const before = stays === 1 ? chance * most : Math.log1p(-chance * (1 - stays ** most)) / Math.log(stays);
    this.left[u] = most - 1 - Math.min(most - 1, Math.floor(stays === 0 ? 0 : before));
  }
}
