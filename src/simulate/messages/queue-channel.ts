import { MessageQueue } from '../../blocks/index.ts';
import { levelsOf } from '../stations/queue-disciplines.ts';
import { type Channel, type ChannelRun, REFUSED, TAKEN, WAITS } from './channel.ts';
import type { QueueSpec } from './channel-spec.ts';
import { type ChannelMeasurement, ChannelTally } from './channel-tally.ts';
import type { ConsumerPool } from './consumer-pool.ts';
import { MessageRows } from './message-rows.ts';

/** Messages that any queue can hold. */
const MOST = 2 ** 20;
/** Levels of priority that a queue tells apart; what is less urgent counts to the last. */
const MOST_LEVELS = 64;

/** A queue in a run: the block decides who is next, and what comes back; this has the work done, and counts. */
export class QueueChannel implements Channel {
  readonly spec: QueueSpec;
  readonly rows = new MessageRows();
  /** null where nobody works on the messages: then they are counted and not kept. */
  private pool: ConsumerPool | null = null;
  private readonly tally: ChannelTally;
  private readonly queue: MessageQueue;
  private readonly levels: readonly number[];
  private readonly run: ChannelRun;
  private armedAt = Number.POSITIVE_INFINITY;
  private isStill = false;

  /** @param priorities of each traffic */
  constructor(spec: QueueSpec, priorities: readonly number[], run: ChannelRun) {
    const { capacity, visibility, attempts, whenFull, byPriority } = spec;
    const { count, byTraffic } = levelsOf(byPriority ? priorities : priorities.map(() => 0));
    const levels = Math.min(MOST_LEVELS, count);
    this.spec = spec;
    this.run = run;
    this.tally = new ChannelTally(run.clock);
    // The block hands out the greatest number first.
    this.levels = byTraffic.map((level) => Math.max(0, levels - 1 - level));
    this.queue = new MessageQueue({
      capacity: capacity ?? MOST,
      visibilityTimeout: visibility,
      ...(attempts !== null && { maxReceives: attempts }),
      priorities: levels,
      whenFull,
      waitingCapacity: MOST,
      deadLetterCapacity: MOST,
    });
  }

  get pools(): readonly ConsumerPool[] {
    return this.pool === null ? [] : [this.pool];
  }

  staff(pool: ConsumerPool): void {
    this.pool = pool;
  }

  /** A frame, or nobody (−1), publishes a message; whoever calls has what is ready handed out afterwards. */
  publish(frame: number, key: number, traffic: number, name: number): number {
    const { tally, rows, queue, run, spec } = this;
    const now = run.clock[0]!;
    if (this.pool === null && spec.capacity === null) {
      tally.publish();
      return TAKEN;
    }
    const row = rows.take(now, key, traffic);
    rows.readyAt[row] = now + spec.delay;
    rows.names[row] = name;
    const outcome = queue.offer(row, now, spec.delay, this.levels[traffic]!);
    if (outcome === 'blocked') {
      rows.publishers[row] = frame;
      return WAITS;
    }
    this.takeIn();
    if (outcome === 'dropped-oldest') this.end(queue.dropped, 'dropped-oldest');
    else if (outcome !== 'accepted') this.end(row, outcome);
    if (outcome === 'rejected' && spec.capacity === null) run.frames.isExhausted = true;
    return outcome === 'rejected' ? REFUSED : TAKEN;
  }

  /** A delivery has ended: with its work done, with a failure, or unheard of. */
  done(_consumer: number, delivery: number, heard: boolean, ok: boolean): void {
    const { queue, rows, tally, spec } = this;
    const pool = this.pool!;
    const now = this.run.clock[0]!;
    const row = pool.messages[delivery]!;
    const receipt = pool.receipts[delivery]!;
    if (ok) {
      if (rows.done[row] === 1) tally.repeated++;
      rows.done[row] = 1;
    }
    if (heard && ok) {
      if (queue.ack(receipt, now)) {
        tally.acknowledge(rows.publishedAt[row]!);
        this.letGo(row);
      }
    } else if (heard && queue.release(receipt, now, spec.retryDelay)) {
      rows.readyAt[row] = now + spec.retryDelay;
    }
    pool.end(delivery);
    this.handOut();
  }

  /** Hands out what can be handed out now, and has itself called when something comes back; not while it stands still. */
  handOut(): void {
    const { queue, rows, tally, spec } = this;
    const { pool } = this;
    if (pool === null || this.isStill) return;
    const now = this.run.clock[0]!;
    this.takeDead(now);
    this.admit(now);
    pool.queued(queue.ready(now));
    while (queue.ready(now) > 0) {
      const instance = pool.next();
      if (instance < 0) break;
      const receipt = queue.receive(now);
      const row = queue.messageOf(receipt);
      tally.deliveries++;
      if (queue.receivesOf(receipt) > 1) tally.redelivered++;
      pool.queued(queue.ready(now));
      if (pool.start(instance, row, receipt) < 0) break;
      rows.readyAt[row] = now + spec.visibility;
    }
    this.arm(now);
  }

  halt(still: boolean): void {
    this.isStill = still;
    if (!still) this.handOut();
  }

  /** The time for which it asked to be woken has come. */
  wake(): void {
    if (this.run.clock[0]! < this.armedAt) return;
    this.armedAt = Number.POSITIVE_INFINITY;
    this.handOut();
  }

  lose(_consumer: number, instance: number): void {
    this.pool?.lose(instance);
  }

  open(_consumer: number, instance: number, open: boolean): void {
    this.pool?.open(instance, open);
    if (open) this.handOut();
  }

  scaled(_consumer: number, _instance: number, open: boolean): void {
    if (open) this.handOut();
  }

  restart(): void {
    this.tally.restart();
    this.pool?.restart();
  }

  measured(): readonly ChannelMeasurement[] {
    return [this.tally.measured()];
  }

  private end(row: number, ending: 'dead' | 'rejected' | 'dropped-oldest' | 'dropped-newest'): void {
    this.tally.end(ending);
    this.letGo(row);
  }

  /** Messages that nobody will ever work on are no work in progress. */
  private takeIn(): void {
    this.tally.publish();
    if (this.pool !== null) this.run.frames.held(1);
  }

  private letGo(row: number): void {
    if (this.pool !== null) this.run.frames.held(-1);
    this.rows.end(row);
  }

  private takeDead(now: number): void {
    const { rows } = this;
    for (let row = this.queue.takeDeadLetter(now); row >= 0; row = this.queue.takeDeadLetter(now)) {
      const key = rows.keys[row]!;
      const traffic = rows.traffic[row]!;
      this.end(row, 'dead');
      this.run.bury(key, traffic, rows.names[row]!);
    }
  }

  /** Lets in those who wait for room, as far as there is some. */
  private admit(now: number): void {
    const { queue, rows, run, spec } = this;
    for (let row = queue.firstWaiting; row >= 0; row = queue.firstWaiting) {
      const frame = rows.publishers[row]!;
      const isThere = run.waitsToPublish(frame);
      if (!isThere) {
        queue.withdraw(row);
        rows.end(row);
      } else if (!queue.admit(now, spec.delay, this.levels[rows.traffic[row]!]!)) return;
      else {
        rows.publishedAt[row] = now;
        rows.readyAt[row] = now + spec.delay;
        this.takeIn();
      }
      run.goOn(frame);
    }
  }

  private arm(now: number): void {
    const due = this.queue.nextVisibleAt(now);
    if (!(due < this.armedAt)) return;
    this.armedAt = due;
    this.run.wakeAt(due);
  }
}
