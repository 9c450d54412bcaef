import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireState, requireWhole } from './range.ts';

/** Sizes of a bulkhead. */
export interface BulkheadOptions {
  /** Calls at the same time, a whole number ≥ 1. */
  readonly maxInFlight: number;
  /** Calls waiting for a place, a whole number ≥ 0. Default 0: refuse at once. */
  readonly maxWaiting?: number;
}

/** What becomes of a call that arrives. */
export type BulkheadDecision = 'run' | 'wait' | 'refuse';

/** State of a {@link Bulkhead}, safe for JSON. */
export interface BulkheadState {
  readonly version: 1;
  readonly kind: 'bulkhead';
  readonly inFlight: number;
  readonly waiting: number;
}

const OPTIONS: OptionNames<BulkheadOptions> = { maxInFlight: true, maxWaiting: true };

/**
 * Bounds the calls to one dependency, so that a slow one cannot take all of a service's room (Nygard, Release
 * It!, 2007). It counts; who waits, and in which order, is the caller's affair.
 */
export class Bulkhead {
  private readonly maxInFlight: number;
  private readonly maxWaiting: number;
  private running = 0;
  private queued = 0;

  /** @throws RangeError when a size is not a whole number in its range, or the state does not fit */
  constructor(options: BulkheadOptions, state?: BulkheadState) {
    requireOptions('Bulkhead', options, OPTIONS);
    const { maxInFlight, maxWaiting = 0 } = options;
    requireWhole('maxInFlight', maxInFlight, 1, Number.MAX_SAFE_INTEGER);
    requireWhole('maxWaiting', maxWaiting, 0, Number.MAX_SAFE_INTEGER);
    this.maxInFlight = maxInFlight;
    this.maxWaiting = maxWaiting;
    if (state === undefined) return;
    requireState(state, 'bulkhead');
    requireWhole('state.inFlight', state.inFlight, 0, maxInFlight);
    requireWhole('state.waiting', state.waiting, 0, state.inFlight === maxInFlight ? maxWaiting : 0);
    this.running = state.inFlight;
    this.queued = state.waiting;
  }

  get inFlight(): number {
    return this.running;
  }

  get waiting(): number {
    return this.queued;
  }

  /** A call arrives: it runs, waits for a place, or is refused. */
  arrive(): BulkheadDecision {
    if (this.running < this.maxInFlight) {
      this.running++;
      return 'run';
    }
    if (this.queued < this.maxWaiting) {
      this.queued++;
      return 'wait';
    }
    return 'refuse';
  }

  /**
   * A running call ended.
   *
   * @returns true when its place went to one that waits, which now runs
   * @throws RangeError when none was running
   */
  finished(): boolean {
    if (this.running === 0) throw new RangeError('finished must follow a call that ran, got none');
    if (this.queued > 0) {
      this.queued--;
      return true;
    }
    this.running--;
    return false;
  }

  /**
   * One that waited went away.
   * @throws RangeError when none was waiting
   */
  abandoned(): void {
    if (this.queued === 0) throw new RangeError('abandoned must follow a call that waits, got none');
    this.queued--;
  }

  snapshot(): BulkheadState {
    return { version: 1, kind: 'bulkhead', inFlight: this.running, waiting: this.queued };
  }
}

/** A bulkhead that goes on from a snapshot: the calls counted there are to be ended here. */
export function restoreBulkhead(options: BulkheadOptions, state: BulkheadState): Bulkhead {
  return new Bulkhead(options, state);
}
