import { requireAtLeast, requireInstant, requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type SnowflakeLayout, snowflakeLayout } from './snowflake-layout.ts';

export interface SnowflakeOptions extends SnowflakeLayout {
  /** This worker, 0 to 2^workerBits − 1. No two processes may have the same at the same time. */
  readonly workerId: number;
  /**
   * Milliseconds by which the clock may have gone back, or stand before the epoch, for it to be waited out; beyond
   * that the answer is Infinity. 0 refuses every such clock. Default Infinity: waits out any, for years too.
   */
  readonly longestClockBack?: number;
}

/** Why there was no id. */
export type SnowflakeRefusal = 'sequence-full' | 'clock-back' | 'before-epoch' | 'out-of-time';

/** Where a generator stands. */
export interface SnowflakeState {
  readonly version: 1;
  /** Milliseconds since the epoch of the last id; −1 before the first. */
  readonly tick: number;
  /** Sequence of the last id. */
  readonly sequence: number;
}

const OPTIONS: OptionNames<SnowflakeOptions> = {
  workerId: true,
  longestClockBack: true,
  timestampBits: true,
  workerBits: true,
  sequenceBits: true,
  epoch: true,
};

/**
 * Numbers that grow with time and never repeat: milliseconds since an epoch, a worker id, and a sequence
 * within the millisecond (Snowflake, Twitter, 2010). The caller passes Unix milliseconds; fractions are cut off.
 *
 * The clock standing still is ordinary; when it has gone back no id is made until it has caught up, so that no
 * id comes twice. A process that starts anew without its state must not start within the millisecond of its
 * last id, nor with a clock behind it.
 */
export class SnowflakeGenerator {
  /** Upper 32 bits of the last id. */
  high = 0;
  /** Lower 32 bits of the last id, 0 to 2^32 − 1. */
  low = 0;
  /** Why the last call made none; null when it made one. */
  refusal: SnowflakeRefusal | null = null;

  private readonly epoch: number;
  private readonly longestClockBack: number;
  private readonly lastTick: number;
  private readonly lastSequence: number;
  /** Worker id, shifted to its place. */
  private readonly worker: number;
  /** 2 to the number of bits below the time. */
  private readonly below: number;
  /** 2 to the number of time bits in the lower word. */
  private readonly split: number;
  private tick = -1;
  private sequence = 0;

  /**
   * @param state goes on where a {@link SnowflakeGenerator.snapshot} stood
   * @throws RangeError when bits, worker or state are impossible
   */
  constructor(options: SnowflakeOptions, state?: SnowflakeState) {
    requireOptions('SnowflakeGenerator', options, OPTIONS);
    const { timestampBits, workerBits, sequenceBits, epoch } = snowflakeLayout(options);
    const { workerId, longestClockBack = Number.POSITIVE_INFINITY } = options;
    requireWhole('workerId', workerId, 0, 2 ** workerBits - 1);
    this.epoch = epoch;
    this.longestClockBack = requireAtLeast('longestClockBack', longestClockBack, 0, true);
    this.lastTick = 2 ** timestampBits - 1;
    this.lastSequence = 2 ** sequenceBits - 1;
    this.worker = workerId * 2 ** sequenceBits;
    this.below = 2 ** (workerBits + sequenceBits);
    this.split = 2 ** (32 - workerBits - sequenceBits);
    if (state !== undefined) {
      requireState('state', state, true);
      this.tick = requireWhole('state.tick', state.tick, -1, this.lastTick);
      this.sequence = requireWhole('state.sequence', state.sequence, 0, this.lastSequence);
      if (this.tick >= 0) this.compose();
    }
  }

  /** The last id, 0 before the first. */
  get id(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  /** The last id in decimal digits, as APIs hand it to languages whose numbers end at 2^53. */
  get decimal(): string {
    return String(this.id);
  }

  /**
   * Makes the next id, which is then in `high` and `low`, `id` and `decimal`.
   *
   * @param now Unix milliseconds
   * @returns 0 when there is a new id, else the milliseconds after which it is worth asking again: until the
   *   next millisecond when this one's sequence is used up, until the clock has caught up when it went back or
   *   stands before the epoch; Infinity when that is not to be waited for. `refusal` says why.
   */
  tryNext(now: number): number {
    requireInstant(now);
    const tick = Math.floor(now) - this.epoch;
    if (tick > this.tick) {
      if (tick < 0) return this.refuseBehind('before-epoch', this.epoch - now);
      if (tick > this.lastTick) return this.refuse('out-of-time', Number.POSITIVE_INFINITY);
      this.tick = tick;
      this.sequence = 0;
    } else if (tick < this.tick) {
      if (this.tick < 0) return this.refuseBehind('before-epoch', this.epoch - now);
      return this.refuseBehind('clock-back', this.tick + this.epoch - now);
    } else if (tick < 0) {
      return this.refuseBehind('before-epoch', this.epoch - now);
    } else if (this.sequence < this.lastSequence) {
      this.sequence++;
    } else if (tick === this.lastTick) {
      return this.refuse('out-of-time', Number.POSITIVE_INFINITY);
    } else {
      return this.refuse('sequence-full', tick + 1 + this.epoch - now);
    }
    this.refusal = null;
    this.compose();
    return 0;
  }

  snapshot(): SnowflakeState {
    return { version: 1, tick: this.tick, sequence: this.sequence };
  }

  private compose(): void {
    const { tick, split } = this;
    this.high = Math.floor(tick / split);
    this.low = (tick % split) * this.below + this.worker + this.sequence;
  }

  /** The clock is behind by `wait`, which is waited out or not. */
  private refuseBehind(refusal: 'clock-back' | 'before-epoch', wait: number): number {
    return this.refuse(refusal, wait > this.longestClockBack ? Number.POSITIVE_INFINITY : wait);
  }

  private refuse(refusal: SnowflakeRefusal, wait: number): number {
    this.refusal = refusal;
    return wait;
  }
}
