import { createRateLimiter, type RateLimiter } from '../../blocks/index.ts';
import type { Equipment } from '../equipment.ts';
import type * as field from '../frames.ts';
import type { Frames } from '../frames.ts';
import type { DoorSpec, Model } from '../model.ts';
import {
  Buckets,
  type ClientLimiter,
  clientLimiter,
  clientOf,
  NEW_KEYS,
  NOBODY,
  RacingBuckets,
} from './client-limits.ts';

const REQUEST_KEY = 5 satisfies typeof field.REQUEST_KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const FIELDS = 16 satisfies typeof field.FIELDS;

/**
 * Limits of components: those for each client, who is known by the key of the request, and what a scenario makes of
 * any of them.
 *
 * A client that stands in for others decides for them as well: they pass where it would at that moment, and leave no
 * trace.
 */
export class Doors {
  private readonly specs: readonly DoorSpec[];
  private readonly model: Model;
  private readonly limiters: RateLimiter[];
  private readonly clients: ClientLimiter[];
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  /** By traffic, the number of its data; clients of different data are different. */
  private readonly spaces: readonly number[];
  /** By door: the rates that faults have lowered it to. */
  private readonly lowered: number[][];
  /** By frame, what it read and has not written. */
  private readonly unwritten = new Map<number, () => void>();

  /**
   * @param limiters those of the model, in its order; what a scenario lowers takes another's place there
   * @param clock the present time, an array of one
   */
  constructor(
    model: Model,
    equipment: Pick<Equipment, 'stream' | 'keySpaces' | 'warmup'>,
    limiters: RateLimiter[],
    frames: Frames,
    clock: Float64Array,
  ) {
    this.model = model;
    this.specs = model.doors;
    this.limiters = limiters;
    const spaces = model.traffic.map(({ keySpace }) => keySpace);
    this.clients = model.clientLimits.map((limit) => clientLimiter(limit, spaces, equipment));
    this.frames = frames;
    this.clock = clock;
    this.spaces = spaces.map((space) => space ?? NEW_KEYS);
    this.lowered = model.doors.map(() => []);
  }

  /**
   * Seconds until client limit `door`, or below 0 that of its traffic by tier limit −1 − `door`, lets the request of a frame
   * through; 0 = now.
   */
  wait(door: number, frame: number): number {
    const { ints } = this.frames;
    const at = frame * FIELDS;
    const key = ints[at + REQUEST_KEY]!;
    const traffic = ints[at + TRAFFIC]!;
    const limit = door < 0 ? this.model.tierLimits[-1 - door]![traffic]! : door;
    if (limit < 0) return 0;
    // What an earlier request of this frame read, and was given up before it wrote.
    if (this.unwritten.size > 0) this.unwritten.delete(frame);
    const limiter = this.clients[limit]!;
    const now = this.clock[0]!;
    const spec = this.model.clientLimits[limit]!;
    if ('together' in spec && spec.together) return this.take(limiter, NOBODY, now, frame);
    if (key < 0) {
      // Who comes for the first time finds a full bucket.
      if (this.model.traffic[traffic]!.keySpace === NEW_KEYS) return 0;
      return this.take(limiter, NOBODY, now, frame);
    }
    const client = clientOf(key >> 1, this.spaces[traffic]!, this.model.keySpaces.length);
    return (key & 1) === 1 ? this.take(limiter, client, now, frame) : limiter.peek(client, now);
  }

  private take(limiter: ClientLimiter, client: number, now: number, frame: number): number {
    if (!(limiter instanceof RacingBuckets)) return limiter.tryTake(client, now);
    const { wait, left } = limiter.take(client, now);
    if (wait === 0) this.unwritten.set(frame, () => limiter.write(client, left));
    return wait;
  }

  /** What a frame was let have of counters that are read and written apart is written. */
  counted(frame: number): void {
    this.unwritten.get(frame)?.();
    this.unwritten.delete(frame);
  }

  /** The limit of a component falls to a rate, requests a second, unless it is lower already; or that is over. */
  lower(component: number, rate: number, begins: boolean): void {
    this.specs.forEach((spec, door) => {
      if (spec.component !== component) return;
      const rates = this.lowered[door]!;
      if (begins) rates.push(rate);
      else rates.splice(rates.indexOf(rate), 1);
      this.retune(spec, Math.min(...rates));
    });
  }

  /** Puts a limiter with another rate, and the tokens there are, in the place of the present one. */
  private retune({ keyed, limiter }: DoorSpec, most: number): void {
    if (keyed) {
      const present = this.clients[limiter];
      const usual = this.model.clientLimits[limiter]!;
      if ((present instanceof Buckets || present instanceof RacingBuckets) && 'rate' in usual) {
        this.clients[limiter] = present.at(Math.min(most, usual.rate));
      }
      return;
    }
    const { rate, burst } = this.specOf(limiter);
    const options = { rate: Math.min(most, rate), burst };
    this.limiters[limiter] = createRateLimiter('token-bucket', options, this.limiters[limiter]!.snapshot());
  }

  private specOf(limiter: number): { readonly rate: number; readonly burst: number } {
    const options = this.model.limiters.find(({ first }) => first === limiter)?.options;
    if (options !== undefined && 'burst' in options) return options;
    throw new RangeError(`the limit of a component must be a token bucket, got limiter ${limiter}`);
  }
}
