import {
  HedgePolicy,
  type HedgePolicyState,
  type LatencyPercentileOptions,
  type RetryBudget,
  type RetryBudgetOptions,
} from '../protect/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { budgetOf } from './budget.ts';
import {
  type Call,
  type CallOptions,
  callOf,
  deadlineIsOver,
  type Guard,
  start,
  throwIfAborted,
  type Work,
} from './call.ts';
import { type Clock, systemClock } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { requireFunctions, shown } from './require.ts';

/** When to ask a second time without waiting for the first answer. */
export interface HedgeOptions {
  /** Milliseconds without an answer, or a percentile of the durations seen. */
  readonly after: number | (LatencyPercentileOptions & { readonly minimumObservations: number });
  /** Copies beyond the first, 1 to 16. Default 1. */
  readonly maxHedges?: number;
  /** Bounds the copies of all calls together, in milliseconds; null: nothing does but `maxHedges`. */
  readonly budget: RetryBudgetOptions | RetryBudget | null;
  /** Whether a value is a failure, such as a response of status 503. Default: none is. */
  readonly isFailedResult?: (value: unknown) => boolean;
  /** Where a guard of before left off: its `snapshot()`. */
  readonly state?: HedgePolicyState;
  readonly clock?: Clock;
}

/** Decisions of a hedge. `copy` counts from 1, the first call. */
export type HedgeEvent =
  | { readonly guard: 'hedge'; readonly type: 'hedge'; readonly copy: number; readonly delayMs: number }
  | {
      readonly guard: 'hedge';
      readonly type: 'refused';
      readonly reason: 'budget' | 'deadline';
      readonly copy: number;
    }
  | { readonly guard: 'hedge'; readonly type: 'won'; readonly copy: number };

const OPTIONS: OptionNames<HedgeOptions> = {
  after: true,
  maxHedges: true,
  budget: true,
  isFailedResult: true,
  state: true,
  clock: true,
};

/**
 * Asks again while the first answer is out, and takes the first success; the other copies are aborted. Only for
 * what may be done twice. A copy that fails is forgotten while another is out; the last failure is the
 * caller's.
 */
export class HedgeGuard implements Guard {
  private readonly policy: HedgePolicy;
  private readonly maxCopies: number;
  private readonly isFailedResult: ((value: unknown) => boolean) | undefined;
  private readonly clock: Clock;
  private readonly listeners = new Listeners<HedgeEvent>();

  /**
   * @throws RangeError when an option is out of range
   * @throws TypeError when there is no `after`, or no budget, not even null; or one that is to be a function is none
   */
  constructor(options: HedgeOptions) {
    requireOptions('HedgeGuard', options, OPTIONS);
    const { after, maxHedges = 1, budget, clock = systemClock } = options;
    if (typeof after !== 'number' && (typeof after !== 'object' || after === null)) {
      throw new TypeError(`after must be milliseconds, or a percentile of durations, got ${shown(after)}`);
    }
    requireFunctions(options, 'isFailedResult');
    this.policy = new HedgePolicy(
      {
        after,
        maxHedges,
        budget: budgetOf(budget),
      },
      options.state,
    );
    this.maxCopies = maxHedges + 1;
    this.isFailedResult = options.isFailedResult;
    this.clock = clock;
  }

  snapshot(): HedgePolicyState {
    return this.policy.snapshot();
  }

  listen(listener: (event: HedgeEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  async run<T>(work: Work<T>, options?: CallOptions): Promise<T> {
    const outer = callOf(options);
    throwIfAborted(outer);
    if (deadlineIsOver(outer, this.clock)) {
      this.tellRefused('deadline', 1);
      throw new RefusedError('deadline', DEADLINE_OVER);
    }
    const startedAt = this.clock.now();
    this.policy.started(startedAt);
    const signal = outer.abortSignal;
    return new Promise<T>((resolve, reject) => {
      const copies: Call[] = [];
      let out = 0;
      let cancelTimer: (() => void) | null = null;
      const settle = (winner: Call | null): void => {
        cancelTimer?.();
        signal?.removeEventListener('abort', onAbort);
        for (const copy of copies) if (copy !== winner) copy.cancel(signal?.reason);
      };
      const onAbort = (): void => {
        reject(signal?.reason);
        settle(null);
      };
      const failed = (copy: Call, tell: () => void): void => {
        out--;
        if (copy.aborted || out > 0) return;
        tell();
        settle(copy);
      };
      const send = (): void => {
        const copy = outer.inner(Number.POSITIVE_INFINITY);
        const number = copies.push(copy);
        out++;
        start(work, copy).then(
          (value) => {
            // One that lost was cancelled before.
            if (copy.aborted) return;
            try {
              if (this.isFailedResult?.(value) === true) {
                failed(copy, () => resolve(value));
                return;
              }
            } catch (fault) {
              failed(copy, () => reject(fault));
              return;
            }
            this.policy.observe(Math.max(0, this.clock.now() - startedAt));
            if (this.listeners.any) this.listeners.tell({ guard: 'hedge', type: 'won', copy: number });
            resolve(value);
            settle(copy);
          },
          (error: unknown) => failed(copy, () => reject(error)),
        );
        if (number < this.maxCopies) arm(number);
      };
      const arm = (sent: number): void => {
        const delayMs = this.policy.delay();
        if (delayMs === Number.POSITIVE_INFINITY) return;
        cancelTimer = this.clock.after(delayMs, () => {
          if (this.mayHedge(sent, delayMs)) send();
        });
      };
      signal?.addEventListener('abort', onAbort);
      send();
    });
  }

  private mayHedge(sent: number, delayMs: number): boolean {
    const copy = sent + 1;
    const may = this.policy.tryHedge(this.clock.now(), sent);
    if (!may) this.tellRefused('budget', copy);
    else if (this.listeners.any) this.listeners.tell({ guard: 'hedge', type: 'hedge', copy, delayMs });
    return may;
  }

  private tellRefused(reason: 'budget' | 'deadline', copy: number): void {
    if (this.listeners.any) this.listeners.tell({ guard: 'hedge', type: 'refused', reason, copy });
  }
}
