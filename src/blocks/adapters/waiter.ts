import type { Call } from './call.ts';
import type { Clock } from './clock.ts';

/** What happens to one who waits, besides being let in. */
export interface WaiterEnds {
  /** Time is up. Who waits is still there, and is let in or turned away now. */
  late(): void;
  /** The call was aborted: to be forgotten. */
  gone(): void;
}

/** One who waits in the queue of an adapter, and leaves neither timer nor listener behind. */
export class Waiter {
  /** Kept when let in; broken with the reason when turned away or aborted. */
  readonly entered: Promise<void>;
  private resolve!: () => void;
  private reject!: (reason: unknown) => void;
  private readonly signal: AbortSignal | null;
  private readonly onAbort: () => void;
  private readonly cancelTimer: (() => void) | null;

  /** @param leftMs how long until time is up, may be Infinity */
  constructor(call: Call, leftMs: number, clock: Clock, ends: WaiterEnds) {
    this.entered = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.signal = call.abortSignal;
    this.onAbort = () => {
      this.turnAway(this.signal?.reason);
      ends.gone();
    };
    this.cancelTimer = leftMs === Number.POSITIVE_INFINITY ? null : clock.after(leftMs, () => ends.late());
    this.signal?.addEventListener('abort', this.onAbort);
  }

  letIn(): void {
    this.settle();
    this.resolve();
  }

  turnAway(reason: unknown): void {
    this.settle();
    this.reject(reason);
  }

  private settle(): void {
    this.cancelTimer?.();
    this.signal?.removeEventListener('abort', this.onAbort);
  }
}
