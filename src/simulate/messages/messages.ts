import type { Calendar } from '../../kernel/index.ts';
import type { Branches } from '../branches.ts';
import type { Controls } from '../controls.ts';
import type { Equipment } from '../equipment.ts';
import type * as event from '../events.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { Model } from '../model.ts';
import type * as op from '../program/instructions.ts';
import type { ReadyQueue } from '../ready-queue.ts';
import type { StationMeasurement } from '../stations/station-measurement.ts';
import { type Channel, type ChannelRun, REFUSED, WAITS } from './channel.ts';
import type { ChannelMeasurement } from './channel-tally.ts';
import { ConsumerPool } from './consumer-pool.ts';
import { QueueChannel } from './queue-channel.ts';
import { StreamChannel } from './stream-channel.ts';

const PC = 0 satisfies typeof field.PC;
const FP = 1 satisfies typeof field.FP;
const STATUS = 2 satisfies typeof field.STATUS;
const KEY = 4 satisfies typeof field.KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const FIELDS = 16 satisfies typeof field.FIELDS;
const WIDTH = 4 satisfies typeof op.WIDTH;
const PUBLISH = 80 satisfies typeof op.PUBLISH;
const RESUME = 1 satisfies typeof event.RESUME;
/** Seconds by which the end of a fault may lie before the sum of two times that it is. */
const ROUNDING = 1e-9;
/** Given instead of a place to go on at: the frame waits, or is no more. */
const NOWHERE = -1;

interface Parts {
  readonly model: Model;
  readonly equipment: Equipment;
  readonly frames: Frames;
  readonly branches: Branches;
  readonly ready: ReadyQueue;
  readonly calendar: Calendar;
  readonly controls: Controls;
}

/**
 * What is published, and handed to consumers afterwards. A delivery is a frame of its own, which is no part of the
 * request that published the message.
 */
export class Messages {
  private readonly channels: readonly Channel[];
  private readonly model: Model;
  private readonly frames: Frames;
  private readonly branches: Branches;
  private readonly ready: ReadyQueue;
  /** Reasons by which a channel does not hear of a delivery, by channel and consumer. */
  private readonly silences: readonly ReadonlySet<number>[][];
  private readonly calendar: Calendar;
  /** By channel, until when it stands still. */
  private readonly stillUntil: Float64Array;

  constructor({ model, equipment, frames, branches, ready, calendar, controls }: Parts) {
    this.model = model;
    this.frames = frames;
    this.branches = branches;
    this.ready = ready;
    this.calendar = calendar;
    this.stillUntil = new Float64Array(model.channels.length);
    const { faults } = model;
    const clock = calendar.now;
    const priorities = model.traffic.map(({ priority }) => priority);
    this.silences = model.channels.map(({ consumers }) =>
      consumers.map(({ of }) =>
        faults === null ? new Set() : new Set([faults.died[of]!, faults.refused[of]!, faults.unreachable]),
      ),
    );
    this.channels = model.channels.map((spec) => {
      const due = controls.reserve(1, () => channel.wake());
      const around: ChannelRun = {
        frames,
        clock,
        wakeAt: (time) => controls.at(time, due),
        every: (seconds, act) => {
          const next = controls.reserve(1, () => {
            controls.at(clock[0]! + seconds, next);
            act();
          });
          controls.at(clock[0]! + seconds, next);
        },
        waitsToPublish: (frame) => frame < 0 || model.code[frames.ints[frame * FIELDS + PC]!] === PUBLISH,
        goOn: (frame) => this.goOn(frame),
        bury: (...message) => this.bury(spec.deadLetters, ...message),
      };
      const channel: Channel =
        spec.keeps === 'queue' ? new QueueChannel(spec, priorities, around) : new StreamChannel(spec, around);
      for (const consumer of spec.consumers) {
        const { balancer, operation } = consumer;
        const random = equipment.balancerStreams[balancer]!;
        const entry = model.deliveries.get(operation)!;
        const { rows } = channel;
        const run = { frames, ready, clock };
        channel.staff(new ConsumerPool(consumer, entry, equipment.balancers[balancer]!, random, rows, run));
      }
      return channel;
    });
  }

  /**
   * PUBLISH, DELIVERED.
   * @returns where the frame goes on, or −1 when it waits or is no more
   */
  execute(frame: number, pc: number, fp: number): number {
    const { code } = this.model;
    const channel = this.channels[code[pc + 1]!]!;
    const { ints, stack } = this.frames;
    const at = frame * FIELDS;
    if (code[pc] !== PUBLISH) {
      const consumer = code[pc + 2]!;
      const { spec } = channel.pools[consumer]!;
      const delivery = stack[fp + spec.slot + 1]!;
      const status = ints[at + STATUS]!;
      const heard = !this.silences[code[pc + 1]!]![consumer]!.has(status);
      this.branches.vanish(frame);
      channel.done(consumer, delivery, heard, status === 0);
      return NOWHERE;
    }
    const still = this.stillUntil[code[pc + 1]!]! - this.calendar.now[0]!;
    if (still > 0) {
      ints[at + FP] = fp;
      ints[at + PC] = pc;
      this.calendar.push(this.calendar.now[0]! + still, RESUME + 8 * frame);
      return NOWHERE;
    }
    const outcome = channel.publish(
      frame,
      ints[at + KEY]!,
      ints[at + TRAFFIC]!,
      this.frames.names?.[frame] ?? 0,
    );
    if (outcome === REFUSED) {
      ints[at + STATUS] = channel.spec.full;
      return code[pc + 3]!;
    }
    ints[at + FP] = fp;
    ints[at + PC] = outcome === WAITS ? pc : pc + WIDTH;
    if (outcome === WAITS) return NOWHERE;
    // Handing out takes frames, and so the publisher must have come to rest.
    this.ready.add(frame);
    channel.handOut();
    return NOWHERE;
  }

  /** An instance of a component dies, with all that it is at. */
  lose(component: number, instance: number): void {
    this.forEachPool(component, (channel, consumer) => channel.lose(consumer, instance));
  }

  /** An instance of a component asks for messages from now on, or no more. */
  open(component: number, instance: number, open: boolean): void {
    this.forEachPool(component, (channel, consumer) => channel.open(consumer, instance, open));
  }

  /** The same, of one that an autoscaler adds or takes out. */
  scaled(component: number, instance: number, open: boolean): void {
    this.forEachPool(component, (channel, consumer) => channel.scaled(consumer, instance, open));
  }

  /** The channel of a component, if it is one, stands still from now on for so many seconds: it takes no message, and gives none. */
  halt(component: number, seconds: number): void {
    const c = this.channelOf(component);
    if (c < 0) return;
    this.stillUntil[c] = Math.max(this.stillUntil[c]!, this.calendar.now[0]! + seconds);
    this.channels[c]!.halt(true);
  }

  /** One of the times is over for which it stands still. */
  go(component: number): void {
    const c = this.channelOf(component);
    if (c >= 0 && this.stillUntil[c]! - this.calendar.now[0]! < ROUNDING) this.channels[c]!.halt(false);
  }

  restart(): void {
    for (const channel of this.channels) channel.restart();
  }

  measured(): ChannelMeasurement[] {
    return this.channels.flatMap((channel) => channel.measured());
  }

  /** What a group of stations measured that is consumers; null for others. */
  stationOf(group: number): StationMeasurement | null {
    return this.poolOf(group)?.measured() ?? null;
  }

  /** The component whose instances these are, and how many messages each works on at once. */
  consumerOf(group: number): ConsumerPool['spec'] | null {
    return this.poolOf(group)?.spec ?? null;
  }

  /** As `Stations.areas`; false for a group that is no consumers. */
  areas(group: number, into: Float64Array): boolean {
    const pool = this.poolOf(group);
    pool?.areas(into);
    return pool !== null;
  }

  private poolOf(group: number): ConsumerPool | null {
    for (const { pools } of this.channels) {
      for (const pool of pools) if (pool.spec.group === group) return pool;
    }
    return null;
  }

  /** Visits those of the pools in which instances of a component work. */
  private forEachPool(component: number, visit: (channel: Channel, consumer: number) => void): void {
    for (const channel of this.channels) {
      channel.pools.forEach(({ spec }, consumer) => {
        if (spec.of === component) visit(channel, consumer);
      });
    }
  }

  private channelOf(component: number | null): number {
    return this.channels.findIndex(({ spec }) => spec.of === component);
  }

  private bury(component: number | null, key: number, traffic: number, name: number): void {
    const channel = this.channels[this.channelOf(component)];
    if (channel === undefined) return;
    channel.publish(NOWHERE, key, traffic, name);
    channel.handOut();
  }

  private goOn(frame: number): void {
    if (frame < 0) return;
    const at = frame * FIELDS;
    const { ints } = this.frames;
    if (this.model.code[ints[at + PC]!] === PUBLISH) ints[at + PC]! += WIDTH;
    this.ready.add(frame);
  }
}
