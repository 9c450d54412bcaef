import type { RandomStream, Sampler } from '../kernel/index.ts';
import { ArrivalShape } from './arrival-shape.ts';
import type { Equipment } from './equipment.ts';
import type { KeySpace } from './keyspace/index.ts';
import type { TrafficSpec } from './model.ts';
import { NEW_KEY } from './new-key.ts';

/** The most popular key of any key space: the first of them, and it stands for itself. */
const HOTTEST_KEY = 1;
/** Pauses after which it no longer matters that the first of them began at once. */
const PAUSES = 10;

/** One traffic at run time: when its requests come, with which keys. */
export class TrafficSource {
  /** Where the code of its requests begins. */
  readonly entry: number;
  /** Users of a closed population; 0 for open traffic. */
  readonly users: number;
  private readonly gap: Sampler | null;
  private readonly batch: Sampler | null;
  private readonly think: Sampler | null;
  private readonly shape: ArrivalShape | null;
  private readonly keySpace: KeySpace | null;
  private readonly keyStream: RandomStream;
  private readonly hottest: number;
  private readonly random: RandomStream;
  /** Seconds in which a user makes some pauses; 0 where pauses have no mean, or no length. */
  private readonly longAgo: number;

  /** @param index of the traffic in the model */
  constructor(spec: TrafficSpec, index: number, equipment: Equipment) {
    const { arrivals } = spec;
    const sampler = (index: number | null): Sampler | null =>
      index === null ? null : equipment.samplers[index]!;
    const open = arrivals.type === 'open';
    this.entry = spec.entry;
    this.users = open ? 0 : arrivals.users;
    this.gap = open ? sampler(arrivals.gap) : null;
    this.batch = open ? sampler(arrivals.batch) : null;
    this.shape = open && arrivals.shape.length > 0 ? new ArrivalShape(arrivals.shape) : null;
    this.think = open ? null : sampler(arrivals.think);
    const keyed = spec.keySpace !== null && spec.keySpace >= 0;
    this.keySpace = keyed ? equipment.keySpaces[spec.keySpace]! : null;
    this.hottest = spec.hottest;
    this.keyStream = equipment.trafficKeyStreams[index]!;
    const pause = open ? 0 : arrivals.meanThink;
    this.longAgo = Number.isFinite(pause) ? PAUSES * pause : 0;
    this.random = equipment.trafficStreams[index]!;
  }

  /** The course of traffic over time begins at this time. */
  shapeFrom(time: number): void {
    this.shape?.beginAt(time);
  }

  /** When open traffic arrives next after `now`; Infinity when it does not come again. */
  nextArrival(now: number): number {
    const gap = this.gap!.draw();
    return this.shape === null ? now + gap : this.shape.arrival(now, gap);
  }

  /** How many requests arrive at once; a size between two numbers is one of them by chance, so the mean stays. */
  batchSize(): number {
    if (this.batch === null) return 1;
    const size = this.batch.draw();
    const whole = Math.floor(size);
    return size > whole && this.random.next() < size - whole ? whole + 1 : whole;
  }

  /** Seconds a user thinks before the next request. */
  thinkTime(): number {
    return this.think!.draw();
  }

  /**
   * What is left of a pause that began long ago: the time from a moment chosen at random to the end of the pause
   * it falls into (the residual life of a renewal process: Cox, Renewal Theory, 1962, §5).
   */
  firstThinkTime(): number {
    const moment = this.random.next() * this.longAgo;
    let end = 0;
    do end += this.think!.draw();
    while (end < moment);
    return end - moment;
  }

  /** The key of a request. */
  nextKey(): number {
    if (this.keySpace === null) return NEW_KEY;
    if (this.hottest > 0 && this.keyStream.next() < this.hottest) return HOTTEST_KEY;
    return this.keySpace.sample(this.keyStream);
  }
}
