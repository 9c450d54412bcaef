import type { Random } from '../../kernel/index.ts';
import { LoadShedder, type LoadShedderState, type SheddingClass } from '../protect/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type CallOptions, callOf, deadlineIsOver, throwIfAborted, type Work } from './call.ts';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { Listeners, type Subscription } from './listeners.ts';

/** Classes of requests, and how the load is measured. Window and thresholds are DAGOR's unless stated. */
export interface ShedOptions {
  /** By priority, the most important first. */
  readonly classes: readonly SheddingClass[];
  /** Mean queueing delay that counts as load 1. Default 20 ms. */
  readonly targetDelayMs?: number;
  /** How long the mean is taken over. Default 1 s. */
  readonly windowMs?: number;
  /** Requests after which a window ends early. Default 2000. */
  readonly windowRequests?: number;
  /** Utilisation of whatever is scarce, ≥ 0; asked for at every call. Default: the queueing delay alone. */
  readonly utilisation?: () => number;
  /** Where a guard of before left off: its `snapshot()`, by a clock that went on meanwhile. */
  readonly state?: LoadShedderState;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** What the shedder must know of a request. */
export interface ShedCallOptions extends CallOptions {
  /** Its class, 0 = the most important. */
  readonly priority: number;
  /** A number in [0, 1) made from the user or the session: all their calls are decided alike. Default: chance. */
  readonly draw?: number;
}

/** Decisions of a shedder. */
export interface ShedEvent {
  readonly guard: 'shed';
  readonly type: 'refused';
  readonly reason: 'shed' | 'deadline';
  readonly priority: number;
  readonly load: number;
}

const OPTIONS: OptionNames<ShedOptions> = {
  classes: true,
  targetDelayMs: true,
  windowMs: true,
  windowRequests: true,
  utilisation: true,
  state: true,
  clock: true,
  random: true,
};

/** Turns requests away at the door of a service, the least important first. */
export class ShedGuard {
  private readonly core: LoadShedder;
  private readonly utilisation: (() => number) | undefined;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly listeners = new Listeners<ShedEvent>();

  /** @throws RangeError when an option is out of range */
  constructor(options: ShedOptions) {
    requireOptions('ShedGuard', options, OPTIONS);
    const { classes, targetDelayMs = 20, windowMs = 1000, windowRequests = 2000 } = options;
    this.core = new LoadShedder(
      { classes, targetDelay: targetDelayMs, window: windowMs, windowRequests },
      options.state,
    );
    this.utilisation = options.utilisation;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom();
  }

  /** A request waited for `delayMs` before work on it began. */
  observe(delayMs: number): void {
    this.core.observe(this.clock.now(), delayMs);
  }

  snapshot(): LoadShedderState {
    return this.core.snapshot();
  }

  listen(listener: (event: ShedEvent) => void): Subscription {
    return this.listeners.add(listener);
  }

  async run<T>(work: Work<T>, options: ShedCallOptions): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    const { priority } = options;
    const now = this.clock.now();
    const utilisation = this.utilisation?.() ?? 0;
    if (deadlineIsOver(call, this.clock)) {
      this.tellRefused('deadline', priority, now, utilisation);
      throw new RefusedError('deadline', DEADLINE_OVER);
    }
    const { draw = this.random.next() } = options;
    if (!this.core.admits(now, priority, draw, utilisation)) {
      this.tellRefused('shed', priority, now, utilisation);
      throw new RefusedError('shed', `too much load for requests of priority ${priority}`);
    }
    return work(call);
  }

  private tellRefused(reason: ShedEvent['reason'], priority: number, now: number, utilisation: number): void {
    if (!this.listeners.any) return;
    const load = this.core.load(now, utilisation);
    this.listeners.tell({ guard: 'shed', type: 'refused', reason, priority, load });
  }
}
