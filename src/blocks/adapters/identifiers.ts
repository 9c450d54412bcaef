import type { Random } from '../../kernel/index.ts';
import {
  SnowflakeGenerator,
  type SnowflakeOptions,
  type SnowflakeRefusal,
  type SnowflakeState,
  UlidGenerator,
  type UlidOptions,
  UuidV7Generator,
} from '../identify/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type Clock, systemClock } from './clock.ts';
import { Listeners, type Subscription } from './listeners.ts';

/** Where identifiers take time and chance from; in tests, both are given. */
export interface IdentifierSources {
  /** Milliseconds since 1970, default the system's clock. May go back. */
  readonly unixMs?: () => number;
  /** Default {@link secureRandom}. */
  readonly random?: Random;
}

const POOL_WORDS = 2048;

/** Random numbers that nobody can predict, from the runtime's cryptographic source, drawn 8 KiB at a time. */
export function secureRandom(): Random {
  const pool = new Uint32Array(POOL_WORDS);
  let at = POOL_WORDS;
  return {
    next() {
      if (at === POOL_WORDS) {
        crypto.getRandomValues(pool);
        at = 0;
      }
      // 53 bits of two words.
      const upper = pool[at]! >>> 5;
      const lower = pool[at + 1]! >>> 6;
      at += 2;
      return (upper * 67108864 + lower) / 9007199254740992;
    },
  };
}

const SOURCES: OptionNames<IdentifierSources> = { unixMs: true, random: true };

const systemUnixMs = (): number => Date.now();

/** A function that makes UUIDs of version 7, each greater than the one before: see {@link UuidV7Generator}. */
export function createUuidV7(sources: IdentifierSources = {}): () => string {
  requireOptions('createUuidV7', sources, SOURCES);
  const { unixMs = systemUnixMs, random = secureRandom() } = sources;
  const generator = new UuidV7Generator(random);
  return () => generator.next(unixMs());
}

/** A function that makes ULIDs: see {@link UlidGenerator}. */
export function createUlid(options: UlidOptions & IdentifierSources = {}): () => string {
  const { unixMs = systemUnixMs, random = secureRandom(), ...own } = options;
  const generator = new UlidGenerator(random, own);
  return () => generator.next(unixMs());
}

/** What happened to a request for an id that was not met at once. */
export interface SnowflakeEvent {
  /** Whether it was waited for. */
  readonly type: 'waiting' | 'refused';
  readonly reason: SnowflakeRefusal;
  /** Milliseconds until it is worth asking again; null for never. */
  readonly waitMs: number | null;
}

/** There is no id, and it is not to be waited for. */
export class NoIdentifierError extends Error {
  override readonly name = 'NoIdentifierError';
  readonly reason: SnowflakeRefusal;

  constructor(reason: SnowflakeRefusal) {
    super(`no id: ${reason}`);
    this.reason = reason;
  }
}

export interface SnowflakeIdsOptions extends SnowflakeOptions {
  readonly unixMs?: () => number;
  /** Does the waiting. */
  readonly clock?: Clock;
  /** Goes on where a snapshot stood. */
  readonly state?: SnowflakeState;
}

const OPTIONS: OptionNames<SnowflakeIdsOptions> = {
  unixMs: true,
  clock: true,
  state: true,
  workerId: true,
  longestClockBack: true,
  timestampBits: true,
  workerBits: true,
  sequenceBits: true,
  epoch: true,
};

/** Snowflake ids on real time: those that cannot be had at once are waited for. */
export class SnowflakeIds {
  private readonly generator: SnowflakeGenerator;
  private readonly unixMs: () => number;
  private readonly clock: Clock;
  private readonly listeners = new Listeners<SnowflakeEvent>();

  /** @throws RangeError when an option is impossible */
  constructor(options: SnowflakeIdsOptions) {
    requireOptions('SnowflakeIds', options, OPTIONS);
    const { unixMs = systemUnixMs, clock = systemClock, state, ...own } = options;
    this.generator = new SnowflakeGenerator(own, state);
    this.unixMs = unixMs;
    this.clock = clock;
  }

  /** The next id, or null when there is none right now. */
  tryNext(): bigint | null {
    const wait = this.generator.tryNext(this.unixMs());
    if (wait === 0) return this.generator.id;
    this.tell('refused', wait);
    return null;
  }

  /**
   * The next id, as soon as there is one.
   *
   * @throws NoIdentifierError when it is not to be waited for: the clock is back, or before the epoch, by
   *   more than `longestClockBack`, or the time bits are used up
   */
  async next(options: { readonly signal?: AbortSignal } = {}): Promise<bigint> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      const wait = this.generator.tryNext(this.unixMs());
      if (wait === 0) return this.generator.id;
      const refused = wait === Number.POSITIVE_INFINITY;
      this.tell(refused ? 'refused' : 'waiting', wait);
      if (refused) throw new NoIdentifierError(this.generator.refusal!);
      await this.pause(wait, signal);
    }
  }

  /** Tells of every request that was not met at once. */
  listen(listener: (event: SnowflakeEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  snapshot(): SnowflakeState {
    return this.generator.snapshot();
  }

  private pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        cancel();
        reject(signal!.reason);
      };
      const cancel = this.clock.after(waitMs, () => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      });
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }

  private tell(type: SnowflakeEvent['type'], wait: number): void {
    if (!this.listeners.any) return;
    const waitMs = wait === Number.POSITIVE_INFINITY ? null : wait;
    this.listeners.tell({ type, reason: this.generator.refusal!, waitMs });
  }
}
