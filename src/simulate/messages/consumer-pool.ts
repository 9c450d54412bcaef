import type { Balancer } from '../../blocks/index.ts';
import { BUCKETS, bucketOf, type RandomStream } from '../../kernel/index.ts';
import type { Frames } from '../frames.ts';
import type { ReadyQueue } from '../ready-queue.ts';
import type { StationMeasurement } from '../stations/station-measurement.ts';
import type { ConsumerSpec } from './channel-spec.ts';
import type { MessageRows } from './message-rows.ts';

const NONE = -1;

/** What a pool of consumers needs of a run. */
export interface PoolRun {
  readonly frames: Frames;
  readonly ready: ReadyQueue;
  /** The present time, an array of one. */
  readonly clock: Float64Array;
}

/**
 * Those who work on the messages of a channel: so many at once, of each instance of the consumer. They are measured
 * as the servers of a station, the messages that could be handed out as its queue.
 */
export class ConsumerPool {
  readonly spec: ConsumerSpec;
  /** By delivery: the message, what the channel knows it by, and the instance. */
  messages = new Int32Array(64);
  receipts = new Float64Array(64);
  instances = new Int32Array(64);
  private readonly balancer: Balancer;
  private readonly random: RandomStream;
  private readonly entry: number;
  private readonly rows: MessageRows;
  private readonly run: PoolRun;
  /** By delivery: 0 unused, 1 at work, 2 when its instance has died. */
  private states = new Uint8Array(64);
  private nextFree = new Int32Array(64);
  private free = NONE;
  private used = 0;
  /** By instance: seconds of consumers at work, less what those at work now will have added. */
  private readonly busy: Float64Array;
  private waiting = 0;
  private waitingArea = 0;
  private waitSum = 0;
  private starts = 0;
  private begun = 0;
  private readonly waits = new Uint32Array(BUCKETS);

  /** @param entry where the code begins that hands a message on */
  constructor(
    spec: ConsumerSpec,
    entry: number,
    balancer: Balancer,
    random: RandomStream,
    rows: MessageRows,
    run: PoolRun,
  ) {
    this.spec = spec;
    this.entry = entry;
    this.balancer = balancer;
    this.random = random;
    this.rows = rows;
    this.run = run;
    this.busy = new Float64Array(spec.instances);
  }

  /** The instance that takes the next message; −1 while none is free. */
  next(): number {
    const target = this.balancer.pick(this.random, this.run.clock[0]!, 0);
    return target >= 0 && this.balancer.inFlight[target]! < this.spec.concurrency ? target : NONE;
  }

  /** So many messages could be handed out now. */
  queued(waiting: number): void {
    const now = this.run.clock[0]!;
    this.waitingArea += this.waiting * now;
    this.waiting = waiting;
    this.waitingArea -= waiting * now;
  }

  /**
   * Hands a message to an instance, in a frame of its own.
   * @param goesOn it is not the first of its batch
   * @returns the delivery; −1 where there is no room for a frame
   */
  start(instance: number, row: number, receipt: number, goesOn = false): number {
    const { frames, ready, clock } = this.run;
    const { rows } = this;
    const now = clock[0]!;
    const frame = frames.take();
    if (frame === NONE) return NONE;
    const delivery = this.take();
    this.messages[delivery] = row;
    this.receipts[delivery] = receipt;
    this.instances[delivery] = instance;
    this.states[delivery] = 1;
    rows.begin(row);
    const entry = goesOn ? this.spec.goesOn : this.entry;
    frames.startMessage(frame, entry, rows.traffic[row]!, rows.keys[row]!, now);
    if (frames.names !== null) frames.names[frame] = rows.names[row]!;
    const slot = frame * frames.depth + this.spec.slot;
    frames.stack[slot] = instance;
    frames.stack[slot + 1] = delivery;
    this.balancer.started(instance, now);
    this.busy[instance]! -= now;
    const wait = Math.max(0, now - rows.readyAt[row]!);
    this.starts++;
    this.waitSum += wait;
    this.waits[bucketOf(wait)]!++;
    ready.add(frame);
    return delivery;
  }

  /** A delivery is over; its consumer is free, unless it has died. */
  end(delivery: number): void {
    if (this.states[delivery] === 1) this.leave(delivery);
    this.states[delivery] = 0;
    this.rows.finish(this.messages[delivery]!);
    this.nextFree[delivery] = this.free;
    this.free = delivery;
  }

  /** All that an instance is at is lost, and nobody says so. */
  lose(instance: number): void {
    for (let delivery = 0; delivery < this.used; delivery++) {
      if (this.states[delivery] !== 1 || this.instances[delivery] !== instance) continue;
      this.leave(delivery);
      this.states[delivery] = 2;
    }
  }

  /** Whether an instance asks for messages. */
  isOpen(instance: number): boolean {
    return this.balancer.available(instance);
  }

  /** Says whether an instance asks for messages. */
  open(instance: number, open: boolean): void {
    this.balancer.setAvailable(instance, open);
  }

  restart(): void {
    const now = this.run.clock[0]!;
    this.begun = this.waiting;
    this.waitingArea = -this.waiting * now;
    for (let i = 0; i < this.busy.length; i++) this.busy[i] = -this.balancer.inFlight[i]! * now;
    this.waitSum = 0;
    this.starts = 0;
    this.waits.fill(0);
  }

  /** Seconds of consumers at work, and of messages that could be handed out, since the last restart. */
  areas(into: Float64Array): void {
    const now = this.run.clock[0]!;
    let busy = 0;
    for (let i = 0; i < this.busy.length; i++) busy += this.busy[i]! + this.balancer.inFlight[i]! * now;
    into[0] = busy;
    into[1] = this.waitingArea + this.waiting * now;
  }

  measured(): StationMeasurement {
    const now = this.run.clock[0]!;
    const { instances, concurrency } = this.spec;
    const areas = new Float64Array(2);
    this.areas(areas);
    const busiest = this.busy.map((area, i) => area + this.balancer.inFlight[i]! * now);
    return {
      servers: instances * concurrency,
      busyArea: Math.max(0, areas[0]!),
      busiestShare: Math.max(...busiest) / concurrency,
      queueArea: Math.max(0, areas[1]!),
      waiting: this.waiting,
      waitSum: this.waitSum,
      arrivals: this.starts + this.waiting - this.begun,
      starts: this.starts,
      refusals: 0,
      lost: 0,
      waits: this.waits,
    };
  }

  private leave(delivery: number): void {
    const now = this.run.clock[0]!;
    const instance = this.instances[delivery]!;
    this.balancer.finished(instance, now, 0, true);
    this.busy[instance]! += now;
  }

  private take(): number {
    const delivery = this.free;
    if (delivery !== NONE) {
      this.free = this.nextFree[delivery]!;
      return delivery;
    }
    if (this.used === this.messages.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const size = 2 * this.messages.length;
    const { messages, receipts, instances, states, nextFree } = this;
    this.messages = new Int32Array(size);
    this.messages.set(messages);
    this.receipts = new Float64Array(size);
    this.receipts.set(receipts);
    this.instances = new Int32Array(size);
    this.instances.set(instances);
    this.states = new Uint8Array(size);
    this.states.set(states);
    this.nextFree = new Int32Array(size);
    this.nextFree.set(nextFree);
  }
}
