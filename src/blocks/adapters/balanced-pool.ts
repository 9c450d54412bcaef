import type { Random } from '../../kernel/index.ts';
import {
  type BalanceAlgorithm,
  type Balancer,
  type BalancerOptions,
  createBalancer,
  keyedAlgorithms,
  type OutlierOptions,
  type RiseFallOptions,
  type SlowStartOptions,
  Stickiness,
  TargetHealth,
  type TargetState,
} from '../balance/index.ts';
import { hashInteger, hashString } from '../place/index.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';
import { type Call, type CallOptions, callOf, deadlineIsOver, throwIfAborted } from './call.ts';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { DEADLINE_OVER, RefusedError } from './errors.ts';
import { countsAsFailure, type FailureOptions, wasNotAsked } from './failure.ts';
import { Listeners, type Subscription } from './listeners.ts';
import { Prober } from './prober.ts';
import { requireFunction, requireFunctions } from './require.ts';

/** Active probes of a pool. */
export interface PoolProbeOptions<Target> extends RiseFallOptions {
  /** Whether a target is fit to be asked; what it throws means no. The signal is aborted when time is up. */
  readonly probe: (target: Target, signal: AbortSignal) => boolean | PromiseLike<boolean>;
  /** From the end of one probe of a target to the next one, > 0. Default 2 s, as in HAProxy. */
  readonly intervalMs?: number;
  /** After this long a probe has failed, > 0. Default: the interval. */
  readonly timeoutMs?: number;
}

/** Ejection by outcome, in milliseconds; see `OutlierOptions`. */
export interface PoolOutlierOptions
  extends Omit<OutlierOptions, 'interval' | 'baseEjectionTime' | 'maxEjectionTime' | 'slowAfter'> {
  /** Default 10 s, as in Envoy. */
  readonly intervalMs?: number;
  /** Default 30 s, as in Envoy. */
  readonly baseEjectionMs?: number;
  /** Default 10 × `baseEjectionMs`. */
  readonly maxEjectionMs?: number;
  /** An answer that takes longer counts as an error; default: none does. */
  readonly slowAfterMs?: number;
}

/** Slow start in milliseconds; see `SlowStartOptions`. */
export interface PoolSlowStartOptions extends Omit<SlowStartOptions, 'window'> {
  readonly windowMs: number;
}

/** Sticky sessions in milliseconds; see `StickinessOptions`. */
export interface PoolStickyOptions {
  readonly maxSessions: number;
  readonly idleMs: number;
}

/** How a pool chooses and whom it trusts. */
export interface BalancedPoolOptions<Target> extends FailureOptions {
  /** Default `power-of-two`. */
  readonly algorithm?: BalanceAlgorithm;
  /** Options of the algorithm; `decayTime` is in milliseconds, by default 10,000 as in Finagle. */
  readonly balance?: BalancerOptions;
  /** Ejection by outcome; null for none. Default: five errors in a row, as in Envoy. */
  readonly outliers?: PoolOutlierOptions | null;
  /** Active probes; none by default. They go on until the pool is disposed of. */
  readonly probes?: PoolProbeOptions<Target>;
  /** How a target that returns gets its share back; only with algorithms whose weights may change. */
  readonly slowStart?: PoolSlowStartOptions;
  /** Share of targets in use below which health is not believed; see `TargetHealthOptions`. Default 0. */
  readonly panicBelow?: number;
  /** Remembers the target of each key; see `Stickiness`. */
  readonly sticky?: PoolStickyOptions;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** What a caller may say about one call to a pool. */
export interface PoolCallOptions extends CallOptions {
  /** What algorithms that go by keys, and sticky sessions, tell requests apart by. */
  readonly key?: string | number;
}

/** How a call to a target ended: what was aborted, or refused further in, says nothing about the target. */
export type PoolOutcome = 'ok' | 'failed' | 'aborted' | 'not-asked';

/** Decisions of a pool. `index` is the target's place in the list. */
export type PoolEvent<Target> =
  | {
      readonly guard: 'pool';
      readonly type: 'picked';
      readonly target: Target;
      readonly index: number;
      readonly key: string | number | null;
      readonly reason: 'algorithm' | 'sticky';
    }
  | {
      readonly guard: 'pool';
      readonly type: 'finished';
      readonly target: Target;
      readonly index: number;
      readonly latencyMs: number;
      readonly outcome: PoolOutcome;
    }
  | { readonly guard: 'pool'; readonly type: 'refused'; readonly reason: 'no-target' | 'deadline' }
  | {
      readonly guard: 'pool';
      readonly type: 'state';
      readonly target: Target;
      readonly index: number;
      readonly from: TargetState;
      readonly to: TargetState;
    }
  | { readonly guard: 'pool'; readonly type: 'panic'; readonly panicking: boolean };

const PROBES: OptionNames<PoolProbeOptions<unknown>> = {
  probe: true,
  intervalMs: true,
  timeoutMs: true,
  rise: true,
  fall: true,
  initiallyUp: true,
};
const OUTLIERS: OptionNames<PoolOutlierOptions> = {
  intervalMs: true,
  baseEjectionMs: true,
  maxEjectionMs: true,
  slowAfterMs: true,
  consecutiveErrors: true,
  errorRate: true,
  errorRateRequests: true,
  errorRateTargets: true,
  maxEjectedShare: true,
};
const SLOW_START: OptionNames<PoolSlowStartOptions> = { windowMs: true, aggression: true, minShare: true };
const STICKY: OptionNames<PoolStickyOptions> = { maxSessions: true, idleMs: true };

const DEFAULT_INTERVAL_MS = 10_000;
const DEFAULT_EJECTION_MS = 30_000;
const DEFAULT_DECAY_MS = 10_000;

const OPTIONS: OptionNames<BalancedPoolOptions<unknown>> = {
  algorithm: true,
  balance: true,
  outliers: true,
  probes: true,
  slowStart: true,
  panicBelow: true,
  sticky: true,
  clock: true,
  random: true,
  isFailure: true,
  isFailedResult: true,
};

/**
 * Calls one of several targets (clients, addresses, connections: any values) each time, chosen by a balancer among
 * those that are well, and learns from how long it took and how it ended.
 */
export class BalancedPool<Target> implements Disposable {
  readonly targets: readonly Target[];
  private readonly balancer: Balancer;
  private readonly health: TargetHealth;
  private readonly sticky: Stickiness | null;
  private readonly goesByKey: boolean;
  private readonly prober: Prober | null;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly isFailure: ((error: unknown) => boolean) | undefined;
  private readonly isFailedResult: ((value: unknown) => boolean) | undefined;
  private readonly listeners = new Listeners<PoolEvent<Target>>();
  /** As last told. */
  private readonly states: TargetState[];
  private panicking = false;
  private changes = 0;

  /**
   * @throws RangeError when there is no target, or an option is out of range
   * @throws TypeError when there are probes without `probe`, or another that is to be a function is none
   */
  constructor(targets: readonly Target[], options: BalancedPoolOptions<Target> = {}) {
    requireOptions('BalancedPool', options, OPTIONS);
    const { algorithm = 'power-of-two', balance, sticky, probes } = options;
    if (probes) {
      requireOptions('probes', probes, PROBES);
      requireFunction('probes.probe', probes.probe);
    }
    if (options.outliers) requireOptions('outliers', options.outliers, OUTLIERS);
    if (options.slowStart) requireOptions('slowStart', options.slowStart, SLOW_START);
    if (sticky) requireOptions('sticky', sticky, STICKY);
    requireFunctions(options, 'isFailure', 'isFailedResult');
    const decay = algorithm === 'peak-ewma' ? { decayTime: DEFAULT_DECAY_MS } : {};
    this.targets = [...targets];
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom();
    this.isFailure = options.isFailure;
    this.isFailedResult = options.isFailedResult;
    this.balancer = createBalancer(algorithm, targets.length, { ...decay, ...balance });
    this.goesByKey = keyedAlgorithms.includes(algorithm);
    this.health = healthOf(this.balancer, options);
    this.sticky = sticky
      ? new Stickiness({ maxSessions: sticky.maxSessions, idleTime: sticky.idleMs })
      : null;
    this.states = this.targets.map((_, index) => this.health.state(index));
    this.panicking = this.health.panicking;
    this.changes = this.health.changes;
    this.prober = probes ? this.proberOf(probes) : null;
  }

  /** Requests in flight, by target. */
  get inFlight(): readonly number[] {
    return [...this.balancer.inFlight];
  }

  /** Whether a target is well, and if not, why. */
  state(index: number): TargetState {
    this.refresh(this.clock.now());
    return this.health.state(index);
  }

  /** Takes a target out of use, or back into it. Calls in flight there go on. */
  setDrained(index: number, drained: boolean): void {
    this.health.setDrained(index, drained, this.clock.now());
    this.tellChanges();
  }

  listen(listener: (event: PoolEvent<Target>) => void): Subscription {
    return this.listeners.add(listener);
  }

  /**
   * Calls `work` with a target. What it throws passes through as it is; a call that is aborted ends when `work`
   * does, which gets the signal.
   *
   * @throws RefusedError `'no-target'` when none is available, `'deadline'` when the deadline is over
   */
  async run<T>(
    work: (target: Target, call: Call) => T | PromiseLike<T>,
    options: PoolCallOptions = {},
  ): Promise<T> {
    const call = callOf(options);
    throwIfAborted(call);
    if (deadlineIsOver(call, this.clock)) throw this.refused('deadline', DEADLINE_OVER);
    const startedAt = this.clock.now();
    const index = this.pick(options.key, startedAt);
    if (index < 0) throw this.refused('no-target', 'no target is available');
    this.balancer.started(index, startedAt);
    let outcome: PoolOutcome = 'failed';
    try {
      const value = await work(this.targets[index]!, call);
      outcome = this.isFailedResult?.(value) === true ? 'failed' : 'ok';
      return value;
    } catch (error) {
      outcome = this.outcomeOf(error, call);
      throw error;
    } finally {
      this.finished(index, startedAt, outcome);
    }
  }

  /** Ends probing. Calls go on, and may still be made. */
  dispose(): void {
    this.prober?.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private pick(key: string | number | undefined, now: number): number {
    this.refresh(now);
    const { balancer, sticky } = this;
    if (key === undefined) return this.picked(balancer.pick(this.random, now, 0), null, 'algorithm');
    const before = sticky === null ? -1 : sticky.target(key, now);
    if (before >= 0 && balancer.available(before)) return this.picked(before, key, 'sticky');
    const index = balancer.pick(this.random, now, this.goesByKey ? hashOf(key) : 0);
    if (index >= 0) sticky?.assign(key, index, now);
    return this.picked(index, key, 'algorithm');
  }

  private picked(index: number, key: string | number | null, reason: 'algorithm' | 'sticky'): number {
    if (index >= 0 && this.listeners.any) {
      const target = this.targets[index]!;
      this.listeners.tell({ guard: 'pool', type: 'picked', target, index, key, reason });
    }
    return index;
  }

  private refused(reason: 'no-target' | 'deadline', message: string): RefusedError {
    if (this.listeners.any) this.listeners.tell({ guard: 'pool', type: 'refused', reason });
    return new RefusedError(reason, message);
  }

  private outcomeOf(error: unknown, call: Call): PoolOutcome {
    if (call.aborted) return 'aborted';
    if (wasNotAsked(error)) return 'not-asked';
    return countsAsFailure(error, this.isFailure) ? 'failed' : 'ok';
  }

  private finished(index: number, startedAt: number, outcome: PoolOutcome): void {
    const now = this.clock.now();
    const latencyMs = Math.max(0, now - startedAt);
    this.balancer.finished(index, now, latencyMs, outcome === 'ok');
    if (this.listeners.any) {
      const target = this.targets[index]!;
      this.listeners.tell({ guard: 'pool', type: 'finished', target, index, latencyMs, outcome });
    }
    if (outcome === 'ok' || outcome === 'failed')
      this.health.finished(index, outcome === 'ok', now, latencyMs);
    this.tellChanges();
  }

  private refresh(now: number): void {
    this.health.refresh(now);
    this.tellChanges();
  }

  private tellChanges(): void {
    const { health, listeners } = this;
    if (health.changes === this.changes) return;
    this.changes = health.changes;
    for (const [index, target] of this.targets.entries()) {
      const from = this.states[index]!;
      const to = health.state(index);
      this.states[index] = to;
      if (from !== to && listeners.any) {
        listeners.tell({ guard: 'pool', type: 'state', target, index, from, to });
      }
    }
    if (this.panicking === health.panicking) return;
    this.panicking = health.panicking;
    if (listeners.any) listeners.tell({ guard: 'pool', type: 'panic', panicking: this.panicking });
  }

  private proberOf({ probe, intervalMs = 2000, timeoutMs }: PoolProbeOptions<Target>): Prober {
    return new Prober({
      targets: this.targets.length,
      probe: (index, signal) => probe(this.targets[index]!, signal),
      probed: (index, ok) => {
        this.health.probed(index, ok, this.clock.now());
        this.tellChanges();
      },
      intervalMs,
      timeoutMs: timeoutMs ?? intervalMs,
      clock: this.clock,
      random: this.random,
    });
  }
}

function hashOf(key: string | number): number {
  return typeof key === 'number' ? hashInteger(key) : hashString(key);
}

function healthOf<Target>(balancer: Balancer, options: BalancedPoolOptions<Target>): TargetHealth {
  const { outliers = {}, probes, slowStart, panicBelow = 0 } = options;
  return new TargetHealth(balancer, {
    panicBelow,
    ...(probes ? { probes: riseFallOptions(probes) } : {}),
    ...(outliers ? { outliers: outlierOptions(outliers) } : {}),
    ...(slowStart ? { slowStart: slowStartOptions(slowStart) } : {}),
  });
}

function riseFallOptions<Target>({
  probe,
  intervalMs,
  timeoutMs,
  ...riseFall
}: PoolProbeOptions<Target>): RiseFallOptions {
  return riseFall;
}

function slowStartOptions({ windowMs, ...others }: PoolSlowStartOptions): SlowStartOptions {
  return { ...others, window: windowMs };
}

function outlierOptions({
  intervalMs = DEFAULT_INTERVAL_MS,
  baseEjectionMs = DEFAULT_EJECTION_MS,
  maxEjectionMs,
  slowAfterMs,
  ...others
}: PoolOutlierOptions): OutlierOptions {
  const times = { interval: intervalMs, baseEjectionTime: baseEjectionMs };
  return {
    ...others,
    ...times,
    ...(maxEjectionMs === undefined ? {} : { maxEjectionTime: maxEjectionMs }),
    ...(slowAfterMs === undefined ? {} : { slowAfter: slowAfterMs }),
  };
}
