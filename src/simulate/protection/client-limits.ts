import {
  createRateLimiter,
  FixedWindow,
  KeyedRateLimiter,
  type RateLimiterState,
} from '../../blocks/index.ts';
import { poisson, type RandomStream } from '../../kernel/index.ts';
import type { KeySpace } from '../keyspace/index.ts';
import type { ClientBuckets, ClientQuota } from '../model.ts';

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

/** A token bucket for each client; one that is forgotten, because there are too many, begins anew. */
export class Buckets implements ClientLimiter {
  private readonly spec: ClientBuckets;
  private readonly limiter: KeyedRateLimiter<'token-bucket', number>;

  constructor(spec: ClientBuckets, state?: ReturnType<Buckets['snapshot']>) {
    const { rate, burst, clients } = spec;
    this.spec = spec;
    this.limiter = new KeyedRateLimiter(
      'token-bucket',
      { rate, burst, maxKeys: clients, beyond: 'forget' },
      state,
    );
  }

  tryTake(client: number, now: number): number {
    return this.limiter.tryTake(client, now);
  }

  peek(client: number, now: number): number {
    const { rate, burst } = this.spec;
    // A bucket that will be full by then has a token now.
    return Math.max(0, this.limiter.idleAt(client) - (now + (burst - 1) / rate));
  }

  /** The same buckets, filled at another rate from now on. */
  at(rate: number): Buckets {
    return new Buckets({ ...this.spec, rate }, this.snapshot());
  }

  private snapshot() {
    return this.limiter.snapshot();
  }
}

/**
 * The same buckets in a store, which is read before and written after a decision. Two who read before either has written
 * find the same bucket, and the later of them writes over what the other took out.
 */
export class RacingBuckets implements ClientLimiter {
  private readonly spec: ClientBuckets;
  private readonly stored: Map<number, RateLimiterState>;

  constructor(spec: ClientBuckets, stored = new Map<number, RateLimiterState>()) {
    this.spec = spec;
    this.stored = stored;
  }

  /** Decides by what is stored; what is left goes into `leave` when it may. */
  tryTake(client: number, now: number): number {
    return this.take(client, now).wait;
  }

  peek(client: number, now: number): number {
    return this.take(client, now).wait;
  }

  /** 0 or seconds to wait, and the bucket as it would be then. */
  take(client: number, now: number): { readonly wait: number; readonly left: RateLimiterState } {
    const { rate, burst } = this.spec;
    const bucket = createRateLimiter('token-bucket', { rate, burst }, this.stored.get(client));
    return { wait: bucket.tryTake(now), left: bucket.snapshot() };
  }

  write(client: number, left: RateLimiterState): void {
    this.stored.set(client, left);
  }

  /** The same buckets, filled at another rate from now on. */
  at(rate: number): RacingBuckets {
    return new RacingBuckets({ ...this.spec, rate }, this.stored);
  }
}

/**
 * Requests of each client in windows, one after the other. A run begins somewhere in a window, so who is met for the
 * first time has asked before: as often as a Poisson process of its rate has since its window began, and no more than
 * it might.
 */
export class Quotas implements ClientLimiter {
  private readonly spec: ClientQuota;
  private readonly windows = new Map<number, FixedWindow>();
  private readonly keySpaces: readonly KeySpace[];
  private readonly random: RandomStream;
  /** Seconds of a window that are over at time 0, where all clients have the same. */
  private readonly elapsed: number | null;
  /** Requests a second of all clients of a key space, by its number and 1; of all without a key first. */
  private readonly rates: Float64Array;

  /**
   * @param spaces by traffic, the number of its key space, or {@link NEW_KEYS}; null = its requests have no key
   * @param warmup seconds until measuring begins, from where on a design counts
   */
  constructor(
    spec: ClientQuota,
    spaces: readonly (number | null)[],
    keySpaces: readonly KeySpace[],
    random: RandomStream,
    warmup: number,
  ) {
    const { elapsed, window } = spec;
    this.spec = spec;
    this.keySpaces = keySpaces;
    this.random = random;
    this.elapsed = elapsed === null ? null : (((elapsed - warmup) % window) + window) % window;
    this.rates = new Float64Array(keySpaces.length + 1);
    spaces.forEach((space, traffic) => {
      if (space !== NEW_KEYS) this.rates[space === null ? 0 : space + 1]! += spec.rates[traffic]!;
    });
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
    const { requests, window } = this.spec;
    const before = this.elapsed ?? this.random.next() * window;
    const asked = before + now < window ? poisson(this.random, this.rateOf(client) * before) : 0;
    const used = Math.min(requests, asked);
    return new FixedWindow(
      { limit: requests, window, origin: -before },
      { version: 1, algorithm: 'fixed-window', values: used === 0 ? [] : [0, used] },
    );
  }

  private rateOf(client: number): number {
    const spaces = this.keySpaces.length;
    if (client === NOBODY) return Math.min(this.spec.most, this.rates[0]!);
    const space = (client - 1) % (spaces + 1);
    const keySpace = this.keySpaces[space - 1]!;
    const key = Math.floor((client - 1) / (spaces + 1));
    return Math.min(this.spec.most, this.rates[space]! * keySpace.probabilityPerKey(keySpace.groupOf(key)));
  }
}

/** The number of a client who is known by a key, more than {@link NOBODY}. */
export function clientOf(key: number, space: number, spaces: number): number {
  return 1 + key * (spaces + 1) + space + 1;
}
