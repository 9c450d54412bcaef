import {
  createRateLimiter,
  FixedWindow,
  KeyedRateLimiter,
  type RateLimiter,
  type RateLimiterState,
} from '../../blocks/index.ts';
import { poisson, type RandomStream } from '../../kernel/index.ts';
import type { Equipment } from '../equipment.ts';
import type { KeySpace } from '../keyspace/index.ts';
import type { ClientBuckets, ClientLimit, ClientQuota } from '../model.ts';

/** The client that all requests without a key are. */
export const NOBODY = 0;
/** The traffic's requests carry keys never used before. */
export const NEW_KEYS = -1;

/** What a component lets each client do. */
export interface ClientLimiter {
  /** 0 = the client may, and this counts; else seconds until it may. */
  tryTake(client: number, now: number): number;
  /** The same for one that the client stands for, which leaves no trace. */
  peek(client: number, now: number): number;
}

/** How often clients ask, as long as nothing is refused or tried again on the way. */
class ClientRates {
  private readonly keySpaces: readonly KeySpace[];
  /** Requests a second of all clients of a key space, by its number and 1; of all without a key first. */
  private readonly rates: Float64Array;

  /**
   * @param spaces by traffic, the number of its key space, or {@link NEW_KEYS}; null = its requests have no key
   * @param together all of them are one client, {@link NOBODY}
   */
  constructor(
    byTraffic: readonly number[],
    spaces: readonly (number | null)[],
    keySpaces: readonly KeySpace[],
    together: boolean,
  ) {
    this.keySpaces = keySpaces;
    this.rates = new Float64Array(keySpaces.length + 1);
    spaces.forEach((space, traffic) => {
      if (together) this.rates[0]! += byTraffic[traffic]!;
      else if (space !== NEW_KEYS) this.rates[space === null ? 0 : space + 1]! += byTraffic[traffic]!;
    });
  }

  /** Requests of one client per second. */
  of(client: number): number {
    if (client === NOBODY) return this.rates[0]!;
    const spaces = this.keySpaces.length;
    const space = (client - 1) % (spaces + 1);
    const keySpace = this.keySpaces[space - 1]!;
    const key = Math.floor((client - 1) / (spaces + 1));
    return this.rates[space]! * keySpace.probabilityPerKey(keySpace.groupOf(key));
  }
}

/**
 * A token bucket for each client. Who is met for the first time has asked before the run began, and its bucket is as full
 * as that leaves it in the long run: from a full one it would take a client that asks for little more than it may very
 * long to be refused.
 */
abstract class BucketsInUse implements ClientLimiter {
  protected readonly spec: ClientBuckets;
  protected readonly rates: ClientRates;
  protected readonly random: RandomStream;

  constructor(spec: ClientBuckets, rates: ClientRates, random: RandomStream) {
    this.spec = spec;
    this.rates = rates;
    this.random = random;
  }

  abstract tryTake(client: number, now: number): number;
  abstract peek(client: number, now: number): number;

  /** Has the tokens taken out that a client's bucket lacks who asked before the run, and then not until now. */
  protected meet(client: number, now: number, take: (tokens: number) => void): void {
    const { rate, burst } = this.spec;
    const lacks = burst - tokensAsked(rate, burst, this.rates.of(client), this.random) - rate * now;
    if (lacks > 0) take(lacks);
  }
}

/** These buckets in memory; one that is forgotten, because there are too many, begins anew. */
export class Buckets extends BucketsInUse {
  private readonly met: Set<number>;
  private readonly limiter: KeyedRateLimiter<'token-bucket', number>;

  /** @param before the same buckets until now, at another rate */
  constructor(spec: ClientBuckets, rates: ClientRates, random: RandomStream, before?: Buckets) {
    super(spec, rates, random);
    const { rate, burst, clients } = spec;
    this.met = before?.met ?? new Set();
    this.limiter = new KeyedRateLimiter(
      'token-bucket',
      { rate, burst, maxKeys: clients, beyond: 'forget' },
      before?.limiter.snapshot(),
    );
  }

  tryTake(client: number, now: number): number {
    this.remember(client, now);
    return this.limiter.tryTake(client, now);
  }

  peek(client: number, now: number): number {
    this.remember(client, now);
    const { rate, burst } = this.spec;
    // A bucket that will be full by then has a token now.
    return Math.max(0, this.limiter.idleAt(client) - (now + (burst - 1) / rate));
  }

  /** The same buckets, filled at another rate from now on. */
  at(rate: number): Buckets {
    return new Buckets({ ...this.spec, rate }, this.rates, this.random, this);
  }

  private remember(client: number, now: number): void {
    if (this.met.has(client)) return;
    this.met.add(client);
    this.meet(client, now, (tokens) => this.limiter.tryTake(client, now, tokens));
  }
}

/** Requests of a client by which its bucket comes from a smooth level to that of whole tokens. */
const STEPS = 8;

/** The tokens in a bucket at any moment in the long run, from which a Poisson process takes one at a time. */
function tokensAsked(rate: number, burst: number, asked: number, random: RandomStream): number {
  const after = (tokens: number): number =>
    Math.min(burst, tokens - (Math.log1p(-random.next()) / asked) * rate);
  let tokens = smoothTokens(rate, burst, asked, random.next());
  for (let step = 0; step < STEPS; step++) {
    tokens = after(tokens);
    if (tokens >= 1) tokens--;
  }
  return after(tokens);
}

/**
 * A quantile of these tokens as of a Brownian motion with the mean and variance of the process, reflected at an empty and
 * at a full bucket: its density is exponential between them (Harrison, Brownian Motion and Stochastic Flow Systems, 1985,
 * chapter 5).
 */
function smoothTokens(rate: number, burst: number, asked: number, quantile: number): number {
  const slope = (2 * (rate - asked)) / asked;
  const span = Math.abs(slope) * burst;
  // From the end that it is drawn to: it is asked for less, or for more, than flows in.
  const away = span < 1e-9 ? quantile * burst : -Math.log1p(quantile * Math.expm1(-span)) / Math.abs(slope);
  return slope < 0 ? away : burst - Math.min(burst, away);
}

/**
 * The same buckets in a store, which is read before and written after a decision. Two who read before either has written
 * find the same bucket, and the later of them writes over what the other took out.
 */
export class RacingBuckets extends BucketsInUse {
  private readonly stored: Map<number, RateLimiterState>;

  /** @param before the same buckets until now, at another rate */
  constructor(spec: ClientBuckets, rates: ClientRates, random: RandomStream, before?: RacingBuckets) {
    super(spec, rates, random);
    this.stored = before?.stored ?? new Map();
  }

  /** Decides by what is stored, and leaves it as it is. */
  tryTake(client: number, now: number): number {
    return this.take(client, now).wait;
  }

  peek(client: number, now: number): number {
    return this.take(client, now).wait;
  }

  /** 0 or seconds to wait, and the bucket as it would be then. */
  take(client: number, now: number): { readonly wait: number; readonly left: RateLimiterState } {
    const bucket = this.bucketOf(client, now);
    return { wait: bucket.tryTake(now), left: bucket.snapshot() };
  }

  write(client: number, left: RateLimiterState): void {
    this.stored.set(client, left);
  }

  /** The same buckets, filled at another rate from now on. */
  at(rate: number): RacingBuckets {
    return new RacingBuckets({ ...this.spec, rate }, this.rates, this.random, this);
  }

  private bucketOf(client: number, now: number): RateLimiter {
    const { rate, burst } = this.spec;
    const known = this.stored.get(client);
    const bucket = createRateLimiter('token-bucket', { rate, burst }, known);
    if (known === undefined) {
      this.meet(client, now, (tokens) => bucket.tryTake(now, tokens));
      this.stored.set(client, bucket.snapshot());
    }
    return bucket;
  }
}

/**
 * Requests of each client in windows, one after the other. A run begins somewhere in a window, so who is met for the
 * first time has asked before: as often as a Poisson process of its rate has since its window began, and no more than
 * it might.
 */
class Quotas implements ClientLimiter {
  private readonly spec: ClientQuota;
  private readonly windows = new Map<number, FixedWindow>();
  private readonly rates: ClientRates;
  private readonly random: RandomStream;
  /** Seconds of a window that are over at time 0, where all clients have the same. */
  private readonly elapsed: number | null;

  /** @param warmup seconds until measuring begins, from where on a design counts */
  constructor(spec: ClientQuota, rates: ClientRates, random: RandomStream, warmup: number) {
    const { elapsed, window } = spec;
    this.spec = spec;
    this.rates = rates;
    this.random = random;
    this.elapsed = elapsed === null ? null : (((elapsed - warmup) % window) + window) % window;
  }

  tryTake(client: number, now: number): number {
    return this.windowOf(client, now).tryTake(now);
  }

  peek(client: number, now: number): number {
    return this.windowOf(client, now).peek(now);
  }

  private windowOf(client: number, now: number): FixedWindow {
    let known = this.windows.get(client);
    if (known === undefined) {
      known = this.begun(client, now);
      this.windows.set(client, known);
    }
    return known;
  }

  /** That of a client who is met for the first time. */
  private begun(client: number, now: number): FixedWindow {
    const { requests, window, most } = this.spec;
    const before = this.elapsed ?? this.random.next() * window;
    const rate = Math.min(most, this.rates.of(client));
    const asked = before + now < window ? poisson(this.random, rate * before) : 0;
    const used = Math.min(requests, asked);
    return new FixedWindow(
      { limit: requests, window, origin: -before },
      { version: 1, algorithm: 'fixed-window', values: used === 0 ? [] : [0, used] },
    );
  }
}

/** The number of a client who is known by a key, more than {@link NOBODY}. */
export function clientOf(key: number, space: number, spaces: number): number {
  return 1 + key * (spaces + 1) + space + 1;
}

/** What lets each client through at a component. */
export function clientLimiter(
  spec: ClientLimit,
  spaces: readonly (number | null)[],
  { keySpaces, stream, warmup }: Pick<Equipment, 'keySpaces' | 'stream' | 'warmup'>,
): ClientLimiter {
  const together = 'together' in spec && spec.together === true;
  const rates = new ClientRates(spec.rates, spaces, keySpaces, together);
  const random = stream(spec.purpose);
  if ('requests' in spec) return new Quotas(spec, rates, random, warmup);
  return spec.races ? new RacingBuckets(spec, rates, random) : new Buckets(spec, rates, random);
}
