import { createRateLimiter, KeyedRateLimiter, type RateLimiter } from '../blocks/index.ts';
import type * as field from './frames.ts';
import type { Frames } from './frames.ts';
import type { ClientLimit, DoorSpec, Model } from './model.ts';

const REQUEST_KEY = 5 satisfies typeof field.REQUEST_KEY;
const TRAFFIC = 6 satisfies typeof field.TRAFFIC;
const FIELDS = 16 satisfies typeof field.FIELDS;
/** The traffic's requests carry keys never used before. */
const NEW_KEYS = -1;
/** The client that all requests without a key are. */
const NOBODY = 0;

/** A token bucket for each client; one that is forgotten, because there are too many, begins anew. */
type ClientLimiter = KeyedRateLimiter<'token-bucket', number>;

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
  /** As they are at present. */
  private readonly clientLimits: ClientLimit[];
  private readonly frames: Frames;
  private readonly clock: Float64Array;
  /** By traffic, the number of its data; clients of different data are different. */
  private readonly spaces: readonly number[];
  /** By door: the rates that faults have lowered it to. */
  private readonly lowered: number[][];

  /**
   * @param limiters those of the model, in its order; what a scenario lowers takes another's place there
   * @param clock the present time, an array of one
   */
  constructor(model: Model, limiters: RateLimiter[], frames: Frames, clock: Float64Array) {
    this.model = model;
    this.specs = model.doors;
    this.limiters = limiters;
    this.clients = model.clientLimits.map((limit) => clientLimiter(limit));
    this.clientLimits = [...model.clientLimits];
    this.frames = frames;
    this.clock = clock;
    this.spaces = model.traffic.map(({ keySpace }) => keySpace ?? NEW_KEYS);
    this.lowered = model.doors.map(() => []);
  }

  /** Whether client limit `door`, or below 0 that of its traffic by tier limit −1 − `door`, lets the request of a frame through. */
  admits(door: number, frame: number): boolean {
    const { ints } = this.frames;
    const at = frame * FIELDS;
    const key = ints[at + REQUEST_KEY]!;
    const traffic = ints[at + TRAFFIC]!;
    const limit = door < 0 ? this.model.tierLimits[-1 - door]![traffic]! : door;
    if (limit < 0) return true;
    if (key < 0) {
      // Who comes for the first time finds a full bucket.
      if (this.model.traffic[traffic]!.keySpace === NEW_KEYS) return true;
      return this.clients[limit]!.tryTake(NOBODY, this.clock[0]!) === 0;
    }
    const spaces = this.model.keySpaces.length;
    const client = 1 + (key >> 1) * (spaces + 1) + this.spaces[traffic]! + 1;
    const limiter = this.clients[limit]!;
    const now = this.clock[0]!;
    if ((key & 1) === 1) return limiter.tryTake(client, now) === 0;
    // A bucket that will be full by then has a token now.
    const { rate, burst } = this.clientLimits[limit]!;
    return limiter.idleAt(client) <= now + (burst - 1) / rate;
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
      const usual = this.model.clientLimits[limiter]!;
      const limit = { ...usual, rate: Math.min(most, usual.rate) };
      this.clientLimits[limiter] = limit;
      this.clients[limiter] = clientLimiter(limit, this.clients[limiter]!.snapshot());
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

function clientLimiter(
  { rate, burst, clients }: ClientLimit,
  state?: ReturnType<ClientLimiter['snapshot']>,
): ClientLimiter {
  return new KeyedRateLimiter('token-bucket', { rate, burst, maxKeys: clients, beyond: 'forget' }, state);
}
