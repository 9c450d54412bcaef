import { Bulkhead, type BulkheadOptions } from '../protect/index.ts';
import { type Call, type CallOptions, callOf, type Guard, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';

/** Sizes of a bulkhead, and its clock. */
export interface BulkheadGuardOptions extends BulkheadOptions {
  readonly clock?: Clock;
}

/** Decisions of a bulkhead. */
export type BulkheadEvent =
  | {
      readonly guard: 'bulkhead';
      readonly type: 'refused';
      readonly reason: 'bulkhead-full' | 'deadline';
      readonly inFlight: number;
      readonly waiting: number;
    }
  | { readonly guard: 'bulkhead'; readonly type: 'queued'; readonly waiting: number };

/**
 * Lets so many calls run at the same time and so many wait, first come first served. Who waits leaves the queue
 * when the call is aborted or its deadline comes.
 */
export class BulkheadGuard implements Guard {
  private readonly core: Bulkhead;
  private readonly clock: Clock;
  /** Those who wait, in order; each is called when its place is free. */
  private readonly queue = new Set<() => void>();
  private readonly listeners = new Listeners<BulkheadEvent>();

  /** @throws RangeError when a size is out of range */
  constructor(options: BulkheadGuardOptions) {
    this.core = new Bulkhead(options);
    this.clock = options.clock ?? systemClock;
  }

  get inFlight(): number {
    return this.core.inFlight;
  }

  get waiting(): number {
    return this.core.waiting;
  }

  listen(listener: (event: BulkheadEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    const decision = this.core.arrive();
    if (decision === 'refuse') throw this.refused('bulkhead-full', 'the bulkhead and its queue are full');
    if (decision === 'wait') await this.place(call);
    try {
      return await work(call);
    } finally {
      if (this.core.finished()) this.callNext();
    }
  }

  private callNext(): void {
    for (const next of this.queue) {
      this.queue.delete(next);
      next();
      return;
    }
  }

  private place(call: Call): Promise<void> {
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'bulkhead', type: 'queued', waiting: this.core.waiting });
    }
    return new Promise((resolve, reject) => {
      const signal = call.abortSignal;
      const leftMs = call.deadlineMs - this.clock.now();
      const settle = (): void => {
        cancelTimer?.();
        signal?.removeEventListener('abort', onAbort);
      };
      const next = (): void => {
        settle();
        resolve();
      };
      const leave = (reason: unknown): void => {
        settle();
        this.queue.delete(next);
        this.core.abandoned();
        reject(reason);
      };
      const onAbort = (): void => leave(signal?.reason);
      const cancelTimer =
        leftMs === Number.POSITIVE_INFINITY
          ? null
          : this.clock.after(Math.max(0, leftMs), () =>
              leave(this.refused('deadline', 'the deadline came before a place in the bulkhead')),
            );
      signal?.addEventListener('abort', onAbort);
      this.queue.add(next);
    });
  }

  private refused(reason: 'bulkhead-full' | 'deadline', message: string): RefusedError {
    const { inFlight, waiting } = this.core;
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'bulkhead', type: 'refused', reason, inFlight, waiting });
    }
    return new RefusedError(reason, message);
  }
}
