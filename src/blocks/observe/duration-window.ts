import { BUCKETS, bucketLow, bucketOf, quantileOf, shareAtMost } from '../../kernel/index.ts';
import { requireState, requireWhole } from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { PaneClock, type PaneClockState, type PaneOptions } from './pane-clock.ts';

export interface DurationWindowOptions extends PaneOptions {
  /**
   * Durations below count as this one, above 0, default 2^-30: about 1 ns in seconds. In any unit, as long as it
   * is the same everywhere. A narrow range saves memory: 512 bytes a pane for each doubling in it.
   */
  readonly lowest?: number;
  /** Durations above count as this one, up to 2^24 (default): 194 days in seconds, 4.6 hours in milliseconds. */
  readonly highest?: number;
}

export interface DurationWindowState extends PaneClockState {
  readonly version: 1;
  /** By place in the ring: bucket and count, for buckets with any. */
  readonly panes: readonly (readonly (readonly [bucket: number, count: number])[])[];
}

const OPTIONS: OptionNames<DurationWindowOptions> = { lowest: true, highest: true, span: true, panes: true };

/**
 * Quantiles of durations over a sliding window, from counts in buckets of which each is 1/128 wide: a quantile is
 * within 0.8 % of a duration that was recorded (the kernel's histogram; the idea is that of HdrHistogram, Tene).
 * Memory is bounded by panes × range, whatever is recorded.
 */
export class DurationWindow {
  private readonly clock: PaneClock;
  private readonly first: number;
  private readonly last: number;
  /** Counts by pane, for the buckets from first to last. */
  private readonly counts: Uint32Array;
  /** All panes together, in the kernel's shape. */
  private readonly merged = new Float64Array(BUCKETS);
  private total = 0;

  /**
   * @param state goes on where a {@link DurationWindow.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: DurationWindowOptions, state?: DurationWindowState) {
    requireOptions('DurationWindow', options, OPTIONS);
    const { lowest = bucketLow(1), highest = bucketLow(BUCKETS) } = options;
    if (!(lowest > 0 && lowest <= highest)) {
      throw new RangeError(`lowest must be above 0 and up to highest = ${highest}, got ${lowest}`);
    }
    if (!(highest <= bucketLow(BUCKETS))) {
      throw new RangeError(`highest must be up to 2^24, got ${highest}`);
    }
    this.clock = new PaneClock(options);
    this.first = bucketOf(lowest);
    this.last = bucketOf(highest);
    this.counts = new Uint32Array(this.clock.panes * (this.last - this.first + 1));
    if (state !== undefined) this.restore(state);
  }

  /** A duration was ≥ 0 long, in the unit of lowest and highest. */
  record(duration: number, now: number): void {
    if (!(duration >= 0)) throw new RangeError(`duration must be a number ≥ 0, got ${duration}`);
    this.advance(now);
    const bucket = Math.min(this.last, Math.max(this.first, bucketOf(duration)));
    this.put(this.clock.slot(0), bucket, 1);
  }

  /** Durations in the window. */
  count(now: number): number {
    this.advance(now);
    return this.total;
  }

  /** The duration that the share `p` (0 to 1) did not exceed; null when there were none. */
  quantile(p: number, now: number): number | null {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`p must be from 0 to 1, got ${p}`);
    this.advance(now);
    return this.total === 0 ? null : quantileOf(this.merged, p);
  }

  /** Share of durations up to a limit: a latency indicator. Null when there were none. */
  shareAtMost(limit: number, now: number): number | null {
    if (!(limit >= 0)) throw new RangeError(`limit must be a number ≥ 0, got ${limit}`);
    this.advance(now);
    if (this.total === 0) return null;
    return limit >= bucketLow(this.last + 1) ? 1 : shareAtMost(this.merged, limit);
  }

  snapshot(): DurationWindowState {
    const width = this.last - this.first + 1;
    const panes = Array.from({ length: this.clock.panes }, (_, slot) => {
      const filled: [number, number][] = [];
      for (let i = 0; i < width; i++) {
        const count = this.counts[slot * width + i]!;
        if (count > 0) filled.push([this.first + i, count]);
      }
      return filled;
    });
    return { version: 1, ...this.clock.state(), panes };
  }

  private put(slot: number, bucket: number, count: number): void {
    const cell = slot * (this.last - this.first + 1) + bucket - this.first;
    this.counts[cell] = this.counts[cell]! + count;
    this.merged[bucket] = this.merged[bucket]! + count;
    this.total += count;
  }

  private advance(now: number): void {
    const begun = this.clock.advance(now);
    for (let back = 0; back < begun; back++) this.empty(this.clock.slot(back));
  }

  private empty(slot: number): void {
    const width = this.last - this.first + 1;
    for (let i = 0; i < width; i++) {
      const count = this.counts[slot * width + i]!;
      if (count === 0) continue;
      this.counts[slot * width + i] = 0;
      this.merged[this.first + i] = this.merged[this.first + i]! - count;
      this.total -= count;
    }
  }

  private restore(state: DurationWindowState): void {
    requireState('state', state, Array.isArray(state.panes) && state.panes.length === this.clock.panes);
    this.clock.restore(state);
    for (const [slot, filled] of state.panes.entries()) {
      for (const [bucket, count] of filled) {
        requireWhole('state.panes bucket', bucket, this.first, this.last);
        this.put(slot, bucket, requireWhole('state.panes count', count, 1, 2 ** 32 - 1));
      }
    }
  }
}
