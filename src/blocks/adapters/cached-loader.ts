import type { Random } from '../../kernel/index.ts';
import {
  type EvictionPolicy,
  type Freshness,
  freshness,
  jitteredTtl,
  refreshesEarly,
} from '../cache/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { CacheMap } from './cache-map.ts';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { RefusedError, TimeoutError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunction, requireFunctions } from './require.ts';

/** What is loaded, how long it may be used, and how much of it is kept. */
export interface CachedLoaderOptions<K, V> {
  /** Fetches a value from the origin. The signal is aborted when nobody waits for it any more. */
  readonly load: (key: K, signal: AbortSignal) => Promise<V>;
  /** Sum of weights that fit, ≥ 0: entries, as long as there is no `weigh`. */
  readonly capacity: number;
  /** Weight of a value, ≥ 0; default 1. */
  readonly weigh?: (value: V, key: K) => number;
  /** Who leaves when there is no room; default `lru`. */
  readonly policy?: EvictionPolicy;
  /** Older than this, a value is not used any more, ≥ 0. */
  readonly ttlMs: number;
  /** Older than this, a value is used, but fetched anew behind the scenes; from 0 to `ttlMs`, default never. */
  readonly softTtlMs?: number;
  /** For so long beyond `ttlMs` a value is still used when the origin fails, ≥ 0, default 0. */
  readonly staleIfErrorMs?: number;
  /** Take off up to this share of all lifetimes at random, from 0 to 1, default 0. */
  readonly jitterShare?: number;
  /** Fetch anew by chance before `ttlMs` is over, likelier the nearer (XFetch); ≥ 0, default 0 = never, 1 = advised. */
  readonly earlyRefreshBeta?: number;
  /** Whether a value says that there is none, such as `null`; default: no value does. */
  readonly isNegative?: (value: V) => boolean;
  /** Older than this, such a value is not used any more, ≥ 0; default `ttlMs`. */
  readonly negativeTtlMs?: number;
  /**
   * Fetches at a time, ≥ 1; what goes beyond is refused. A fetch counts until `load` has ended, wanted or not.
   * Default Infinity: as many as there are callers.
   */
  readonly maxInFlight?: number;
  /**
   * A fetch that takes longer is aborted, and who waits for it gets a TimeoutError, or an old value; > 0, default
   * Infinity. A fetch behind the scenes is aborted at the latest when it has taken the lifetime of the value that it
   * is to replace; where somebody waits for it by then, it goes on for these callers, and who comes later fetches anew.
   */
  readonly loadTimeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** What one caller asks for. */
export interface CachedGetOptions {
  /** Stops waiting; the fetch itself stops when nobody waits for it. */
  readonly signal?: AbortSignal;
}

/** A decision of a {@link CachedLoader}. */
export type CachedLoaderEvent<K> =
  /** Answered from the cache; `reason` tells how old the value was. */
  | { readonly type: 'hit'; readonly reason: 'fresh' | 'refresh' | 'early'; readonly key: K }
  /** Not answered from the cache; `joined` waits for a fetch that another has begun. */
  | { readonly type: 'miss'; readonly reason: 'absent' | 'expired' | 'joined'; readonly key: K }
  /** The origin has answered; `dropped` when the key was set or invalidated meanwhile, so that it is not kept. */
  | {
      readonly type: 'loaded';
      readonly reason: 'stored' | 'negative' | 'dropped';
      readonly key: K;
      readonly durationMs: number;
    }
  /** The origin has failed; `stale` when an old value was used instead, `timeout` when it was aborted for its length. */
  | {
      readonly type: 'failed';
      readonly reason: 'stale' | 'thrown' | 'aborted' | 'timeout';
      readonly key: K;
      readonly error: unknown;
    }
  | { readonly type: 'refused'; readonly reason: 'overloaded'; readonly key: K };

interface Entry<V> {
  readonly value: V;
  readonly storedAt: number;
  readonly ttlMs: number;
  readonly softTtlMs: number;
  /** How long its fetch took. */
  readonly loadMs: number;
}

/** A fetch under way, shared by all who want its key. */
interface Flight<K, V> {
  readonly key: K;
  readonly promise: Promise<V>;
  /** Ends the waiting for it, whether or not `load` heeds its signal. */
  readonly fail: (error: unknown) => void;
  readonly controller: AbortController;
  /** Callers who wait for it; a fetch behind the scenes begins with none. */
  waiting: number;
  timedOut: boolean;
  /** Take back what bounds it. */
  readonly timers: (() => void)[];
}

const OPTIONS: OptionNames<CachedLoaderOptions<unknown, unknown>> = {
  load: true,
  capacity: true,
  weigh: true,
  policy: true,
  ttlMs: true,
  softTtlMs: true,
  staleIfErrorMs: true,
  jitterShare: true,
  earlyRefreshBeta: true,
  isNegative: true,
  negativeTtlMs: true,
  maxInFlight: true,
  loadTimeoutMs: true,
  clock: true,
  random: true,
};

/**
 * Cache-aside with one fetch at a time for each key: values come from the cache while they are young enough, and
 * from `load` otherwise, and callers who want the same key share one fetch.
 */
export class CachedLoader<K, V> {
  private readonly options: CachedLoaderOptions<K, V>;
  private readonly softTtlMs: number;
  private readonly staleIfErrorMs: number;
  private readonly loadTimeoutMs: number;
  private readonly cache: CacheMap<K, Entry<V>>;
  private readonly flights = new Map<K, Flight<K, V>>();
  /** Calls of `load` that have not ended, those too whose flight nobody may join any more. */
  private loading = 0;
  private readonly listeners = new Listeners<CachedLoaderEvent<K>>();
  private readonly clock: Clock;
  private readonly random: Random;

  /**
   * @throws RangeError when an option is out of range
   * @throws TypeError when `load`, or another that is to be a function, is none
   */
  constructor(options: CachedLoaderOptions<K, V>) {
    requireOptions('CachedLoader', options, OPTIONS);
    const { ttlMs, softTtlMs = ttlMs, staleIfErrorMs = 0, jitterShare = 0, maxInFlight = 1 } = options;
    const { earlyRefreshBeta = 0, negativeTtlMs = ttlMs, weigh } = options;
    this.loadTimeoutMs = options.loadTimeoutMs ?? Number.POSITIVE_INFINITY;
    requireFunction('load', options.load);
    requireFunctions(options, 'weigh', 'isNegative');
    // The cores say what is wrong with their options; asked once, they say it here.
    freshness(0, 0, { ttl: ttlMs, softTtl: softTtlMs, staleIfError: staleIfErrorMs });
    freshness(0, 0, { ttl: negativeTtlMs });
    refreshesEarly(0, 0, { fetchTime: 0, beta: earlyRefreshBeta }, { next: () => 0 });
    jitteredTtl(0, jitterShare, { next: () => 0 });
    if (!(maxInFlight >= 1)) throw new RangeError(`maxInFlight must be ≥ 1, got ${maxInFlight}`);
    if (!(this.loadTimeoutMs > 0)) {
      throw new RangeError(`loadTimeoutMs must be > 0, got ${this.loadTimeoutMs}`);
    }
    this.options = options;
    this.softTtlMs = softTtlMs;
    this.staleIfErrorMs = staleIfErrorMs;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom();
    this.cache = new CacheMap<K, Entry<V>>({
      capacity: options.capacity,
      policy: options.policy ?? 'lru',
      clock: this.clock,
      random: this.random,
      ...(weigh === undefined ? {} : { weigh: (entry, key) => weigh(entry.value, key) }),
    });
  }

  /** Values held, old ones included until they are noticed. */
  get size(): number {
    return this.cache.size;
  }

  /** Fetches under way, with those that nobody waits for any more, until `load` has ended. */
  get inFlight(): number {
    return this.loading;
  }

  /**
   * The value of a key.
   *
   * @throws what `load` throws, when there is no value to use instead; the reason of the signal; TimeoutError
   *   after `loadTimeoutMs`; RefusedError `overloaded` beyond `maxInFlight`
   */
  async get(key: K, { signal }: CachedGetOptions = {}): Promise<V> {
    signal?.throwIfAborted();
    const entry = this.cache.get(key);
    const state = entry === undefined ? 'gone' : this.stateOf(entry);
    if (entry !== undefined && (state === 'fresh' || state === 'refresh')) {
      const early = state === 'fresh' && this.refreshesEarly(entry);
      if (this.listeners.any) {
        this.listeners.tell({ type: 'hit', reason: early ? 'early' : state, key });
      }
      if ((early || state === 'refresh') && !this.flights.has(key)) this.refresh(key, entry.ttlMs);
      return entry.value;
    }
    try {
      return await this.wait(this.join(key, entry === undefined ? 'absent' : 'expired'), signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      // Looked up again: it may have been invalidated since.
      const stale = this.cache.peek(key);
      if (stale === undefined || this.stateOf(stale) === 'gone') throw error;
      if (this.listeners.any) this.listeners.tell({ type: 'failed', reason: 'stale', key, error });
      return stale.value;
    }
  }

  /** Puts in a value that is known otherwise; what is being fetched for its key is not kept. */
  set(key: K, value: V): void {
    this.disown(key);
    this.store(key, value, 0);
  }

  /** The value has changed at the origin: what is held and what is being fetched is not to be used again. */
  invalidate(key: K): void {
    this.disown(key);
    this.cache.delete(key);
  }

  /** {@link CachedLoader.invalidate} for all keys. */
  clear(): void {
    for (const key of [...this.flights.keys()]) this.disown(key);
    this.cache.clear();
  }

  /** Is told of every decision, with its reason. */
  listen(listener: (event: CachedLoaderEvent<K>) => void): Subscription {
    return this.listeners.add(listener);
  }

  private stateOf(entry: Entry<V>): Freshness {
    return freshness(entry.storedAt, this.clock.now(), {
      ttl: entry.ttlMs,
      softTtl: entry.softTtlMs,
      staleIfError: this.staleIfErrorMs,
    });
  }

  private refreshesEarly(entry: Entry<V>): boolean {
    const { earlyRefreshBeta: beta = 0 } = this.options;
    if (beta === 0) return false;
    const options = { fetchTime: entry.loadMs, beta };
    return refreshesEarly(entry.storedAt + entry.ttlMs, this.clock.now(), options, this.random);
  }

  /** Fetches behind the scenes: a failure is told to listeners, and what is there stays. */
  private refresh(key: K, lifetimeMs: number): void {
    if (this.loading >= (this.options.maxInFlight ?? Number.POSITIVE_INFINITY)) return;
    const flight = this.begin(key);
    flight.promise.catch(() => undefined);
    const { loadTimeoutMs } = this;
    if (!(lifetimeMs < loadTimeoutMs)) return;
    flight.timers.push(
      this.clock.after(lifetimeMs, () => {
        if (flight.waiting === 0) this.timeOut(flight, lifetimeMs);
        else this.detach(flight);
      }),
    );
  }

  private join(key: K, reason: 'absent' | 'expired'): Flight<K, V> {
    const running = this.flights.get(key);
    if (this.listeners.any) {
      this.listeners.tell({ type: 'miss', reason: running === undefined ? reason : 'joined', key });
    }
    if (running !== undefined) return running;
    const { maxInFlight = Number.POSITIVE_INFINITY } = this.options;
    if (this.loading >= maxInFlight) {
      if (this.listeners.any) this.listeners.tell({ type: 'refused', reason: 'overloaded', key });
      throw new RefusedError('overloaded', `${maxInFlight} fetches are under way`);
    }
    return this.begin(key);
  }

  private begin(key: K): Flight<K, V> {
    const controller = new AbortController();
    let fail: Flight<K, V>['fail'] = () => undefined;
    const promise = new Promise<V>((resolve, reject) => {
      fail = reject;
      Promise.resolve()
        .then(() => this.run(key, controller.signal, flight))
        .then(resolve, reject);
    });
    const flight: Flight<K, V> = {
      key,
      promise,
      fail,
      controller,
      waiting: 0,
      timedOut: false,
      timers: [],
    };
    this.loading++;
    this.flights.set(key, flight);
    const { loadTimeoutMs } = this;
    if (loadTimeoutMs < Number.POSITIVE_INFINITY) {
      flight.timers.push(this.clock.after(loadTimeoutMs, () => this.timeOut(flight, loadTimeoutMs)));
    }
    return flight;
  }

  private async run(key: K, signal: AbortSignal, flight: Flight<K, V>): Promise<V> {
    const begunAt = this.clock.now();
    try {
      const value = await this.options.load(key, signal);
      const durationMs = Math.max(0, this.clock.now() - begunAt);
      const current = this.flights.get(key) === flight;
      const negative = this.options.isNegative?.(value) ?? false;
      if (current) this.store(key, value, durationMs);
      if (this.listeners.any) {
        const reason = !current ? 'dropped' : negative ? 'negative' : 'stored';
        this.listeners.tell({ type: 'loaded', reason, key, durationMs });
      }
      return value;
    } catch (error) {
      // One that took too long was told when its time was over.
      if (this.listeners.any && !flight.timedOut) {
        const reason = signal.aborted ? 'aborted' : 'thrown';
        this.listeners.tell({ type: 'failed', reason, key, error });
      }
      throw error;
    } finally {
      this.loading--;
      cancelTimers(flight);
      this.detach(flight);
    }
  }

  private store(key: K, value: V, loadMs: number): void {
    const { ttlMs, negativeTtlMs = ttlMs, isNegative, jitterShare = 0 } = this.options;
    const negative = isNegative?.(value) ?? false;
    const whole = negative ? negativeTtlMs : ttlMs;
    const jittered = jitteredTtl(whole, jitterShare, this.random);
    // The soft lifetime shrinks with the other, so that it keeps its place before it.
    const soft = negative ? jittered : Math.min(jittered, this.softTtlMs * (jittered / whole || 1));
    const entry = { value, storedAt: this.clock.now(), ttlMs: jittered, softTtlMs: soft, loadMs };
    this.cache.set(key, entry, jittered + this.staleIfErrorMs);
  }

  /** Waits for a shared fetch as long as the signal allows; who leaves last stops it. */
  private wait(flight: Flight<K, V>, signal: AbortSignal | undefined): Promise<V> {
    flight.waiting++;
    if (signal === undefined) return flight.promise;
    return new Promise<V>((resolve, reject) => {
      const leave = (): void => {
        flight.waiting--;
        reject(signal.reason);
        if (flight.waiting === 0) this.abandon(flight, signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      flight.promise
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', leave))
        .catch(() => undefined);
    });
  }

  private abandon(flight: Flight<K, V>, reason: unknown): void {
    cancelTimers(flight);
    // Before the abort: nobody may join what is being stopped.
    this.detach(flight);
    flight.controller.abort(reason);
  }

  private timeOut(flight: Flight<K, V>, afterMs: number): void {
    flight.timedOut = true;
    const error = new TimeoutError(afterMs);
    if (this.listeners.any)
      this.listeners.tell({ type: 'failed', reason: 'timeout', key: flight.key, error });
    flight.fail(error);
    this.abandon(flight, error);
  }

  /** What is being fetched for a key is not kept, and nobody joins it any more; it stops where nobody waits for it. */
  private disown(key: K): void {
    const flight = this.flights.get(key);
    if (flight === undefined) return;
    if (flight.waiting === 0) this.abandon(flight, new Error('what is fetched is no longer wanted'));
    else this.detach(flight);
  }

  private detach(flight: Flight<K, V>): void {
    if (this.flights.get(flight.key) === flight) this.flights.delete(flight.key);
  }
}

function cancelTimers({ timers }: { readonly timers: readonly (() => void)[] }): void {
  for (const cancel of timers) cancel();
}
