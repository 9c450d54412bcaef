import { Bulkhead, type BulkheadOptions } from '../protect/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import {
  type Call,
  type CallOptions,
  callOf,
  deadlineIsOver,
  type Guard,
  throwIfAborted,
  type Work,
} from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { Waiter } from './waiter.ts';

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

const OPTIONS: OptionNames<BulkheadGuardOptions> = { clock: true, maxInFlight: true, maxWaiting: true };

/**
 * Lets so many calls run at the same time and so many wait, first come first served. Who waits leaves the queue
 * when the call is aborted or its deadline comes.
 */
export class BulkheadGuard implements Guard {
  private readonly core: Bulkhead;
  private readonly clock: Clock;
  /** Those who wait, in order. */
  private readonly queue = new Set<Waiter>();
  private readonly listeners = new Listeners<BulkheadEvent>();

  /** @throws RangeError when a size is out of range */
  constructor(options: BulkheadGuardOptions) {
    requireOptions('BulkheadGuard', options, OPTIONS);
    const { clock = systemClock, ...sizes } = options;
    this.core = new Bulkhead(sizes);
    this.clock = clock;
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

  /** @throws RefusedError `'bulkhead-full'`, or `'deadline'` when there is no place in time */
  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw this.refused('deadline', DEADLINE_OVER);
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
      next.letIn();
      return;
    }
  }

  private place(call: Call): Promise<void> {
    const leave = (): void => {
      this.queue.delete(waiter);
      this.core.abandoned();
    };
    const waiter: Waiter = new Waiter(call, call.deadlineMs - this.clock.now(), this.clock, {
      late: () => {
        leave();
        waiter.turnAway(this.refused('deadline', 'the deadline came before a place in the bulkhead'));
      },
      gone: leave,
    });
    this.queue.add(waiter);
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'bulkhead', type: 'queued', waiting: this.core.waiting });
    }
    return waiter.entered;
  }

  private refused(reason: 'bulkhead-full' | 'deadline', message: string): RefusedError {
    const { inFlight, waiting } = this.core;
    if (this.listeners.any) {
      this.listeners.tell({ guard: 'bulkhead', type: 'refused', reason, inFlight, waiting });
    }
    return new RefusedError(reason, message);
  }
}
