import { type OptionNames, requireOptions } from '../require-options.ts';
import {
  requireFinite,
  requirePositive,
  requireShare,
  requireTarget,
  requireTargets,
  requireVersion,
  requireWhole,
  requireWholeOption,
} from './checks.ts';

/** When a target is taken out for what its requests came to, and for how long. */
export interface OutlierOptions {
  /** Length of the window over which error rates are judged, > 0, in the caller's unit. Envoy: 10 s. */
  readonly interval: number;
  /** Time a target is out, times the number of its ejections that count, > 0. Envoy: 30 s. */
  readonly baseEjectionTime: number;
  /** Longest time out, ≥ `baseEjectionTime`. Default 10 × `baseEjectionTime`; Envoy: 300 s. */
  readonly maxEjectionTime?: number;
  /** Errors in a row that eject, 1 to 2^30; null for never. Default 5, as in Envoy. */
  readonly consecutiveErrors?: number | null;
  /** Share of errors in a window that ejects, 0 to 1; null for never, the default. Envoy's threshold: 0.85. */
  readonly errorRate?: number | null;
  /** Requests a target must have had in the window to be judged by its error rate. Default 50, as in Envoy. */
  readonly errorRateRequests?: number;
  /** An answer that takes longer counts as an error, > 0; null for none, the default. */
  readonly slowAfter?: number | null;
  /** Targets with so many requests that there must be for any to be judged. Default 5, as in Envoy. */
  readonly errorRateTargets?: number;
  /**
   * Share of targets that may be out at a time, 0 to 1. Default 0.1, as in Envoy. Any share > 0 lets one be out,
   * and only 1 lets the last one be.
   */
  readonly maxEjectedShare?: number;
}

/** {@link OutlierEjection} as plain JSON; lists by target. */
export interface OutlierState {
  readonly version: 1;
  /** Latest instant seen, null before the first. */
  readonly latest: number | null;
  readonly windowEnd: number;
  readonly consecutive: readonly number[];
  readonly requests: readonly number[];
  readonly errors: readonly number[];
  readonly ejections: readonly number[];
  /** 1 where ejected. */
  readonly out: readonly number[];
  /** End of the last ejection; of no meaning where there was none. */
  readonly until: readonly number[];
}

const OPTIONS: OptionNames<OutlierOptions> = {
  interval: true,
  baseEjectionTime: true,
  maxEjectionTime: true,
  consecutiveErrors: true,
  errorRate: true,
  errorRateRequests: true,
  slowAfter: true,
  errorRateTargets: true,
  maxEjectedShare: true,
};

/**
 * Passive health: a target is ejected after so many errors in a row, or for its share of errors in a window, for
 * the base time × the number of its ejections, which goes down by one for each window that it stays in. Never are
 * more out than the ceiling allows; among those that deserve it by their error rate, the worst go first. Modelled on
 * Envoy's outlier detection (envoyproxy.io, "Outlier detection"), but returning at the instant itself and not at
 * the next sweep.
 *
 * Time that went back counts as standing still until it has caught up.
 */
export class OutlierEjection {
  readonly targets: number;
  private readonly interval: number;
  private readonly baseTime: number;
  private readonly maxTime: number;
  private readonly consecutiveErrors: number;
  private readonly errorRate: number;
  private readonly errorRateRequests: number;
  private readonly errorRateTargets: number;
  private readonly slowAfter: number;
  private readonly mostOut: number;

  private latest = Number.NEGATIVE_INFINITY;
  private windowEnd = 0;
  private firstReturn = Number.POSITIVE_INFINITY;
  private outCount = 0;
  private readonly consecutive: Int32Array;
  private readonly requests: Float64Array;
  private readonly errors: Float64Array;
  private readonly ejections: Int32Array;
  private readonly out: Uint8Array;
  private readonly until: Float64Array;
  private readonly untold: Uint8Array;
  private untoldCount = 0;

  /** @throws RangeError when an option or the state is impossible */
  constructor(targets: number, options: OutlierOptions, state?: OutlierState) {
    requireOptions('OutlierEjection', options, OPTIONS);
    const { interval, baseEjectionTime, maxEjectionTime = 10 * baseEjectionTime } = options;
    const { consecutiveErrors = 5, errorRate = null, maxEjectedShare = 0.1 } = options;
    const { errorRateRequests = 50, errorRateTargets = 5, slowAfter = null } = options;
    requireTargets(targets);
    requirePositive('interval', interval);
    requirePositive('baseEjectionTime', baseEjectionTime);
    requirePositive('maxEjectionTime', maxEjectionTime);
    if (maxEjectionTime < baseEjectionTime) {
      throw new RangeError(`maxEjectionTime must be ≥ baseEjectionTime, got ${maxEjectionTime}`);
    }
    if (consecutiveErrors !== null) requireWholeOption('consecutiveErrors', consecutiveErrors, 1, 2 ** 30);
    if (errorRate !== null) requireShare('errorRate', errorRate);
    requireWholeOption('errorRateRequests', errorRateRequests, 1, 2 ** 30);
    requireWholeOption('errorRateTargets', errorRateTargets, 1, 2 ** 24);
    if (slowAfter !== null) requirePositive('slowAfter', slowAfter);
    requireShare('maxEjectedShare', maxEjectedShare);
    this.targets = targets;
    this.interval = interval;
    this.baseTime = baseEjectionTime;
    this.maxTime = maxEjectionTime;
    this.consecutiveErrors = consecutiveErrors ?? Number.POSITIVE_INFINITY;
    this.errorRate = errorRate ?? Number.POSITIVE_INFINITY;
    this.errorRateRequests = errorRateRequests;
    this.errorRateTargets = errorRateTargets;
    this.slowAfter = slowAfter ?? Number.POSITIVE_INFINITY;
    this.mostOut = ceiling(targets, maxEjectedShare);
    this.consecutive = new Int32Array(targets);
    this.requests = new Float64Array(targets);
    this.errors = new Float64Array(targets);
    this.ejections = new Int32Array(targets);
    this.out = new Uint8Array(targets);
    this.until = new Float64Array(targets);
    this.untold = new Uint8Array(targets);
    if (state !== undefined) this.adopt(state);
  }

  /** Targets that are out, as of the latest instant told. */
  get ejectedCount(): number {
    return this.outCount;
  }

  /** Whether `target` is out, as of the latest instant told. */
  ejected(target: number): boolean {
    requireTarget(target, this.targets);
    return this.out[target] === 1;
  }

  /**
   * A request to `target` ended, well or badly, after `latency`. What comes back from a target that is out does not
   * count.
   */
  finished(target: number, ok: boolean, now: number, latency = 0): void {
    requireTarget(target, this.targets);
    this.advance(now);
    if (this.out[target] === 1) return;
    this.requests[target] = this.requests[target]! + 1;
    if (ok && latency <= this.slowAfter) {
      this.consecutive[target] = 0;
      return;
    }
    this.errors[target] = this.errors[target]! + 1;
    const inARow = this.consecutive[target]! + 1;
    this.consecutive[target] = Math.min(inARow, 2 ** 30);
    if (inARow >= this.consecutiveErrors) this.eject(target);
  }

  /**
   * Brings everything up to date; to be called before each pick, until it says −1.
   * @returns a target that was ejected or has returned since it was last told, or −1 when there is none
   */
  changed(now: number): number {
    this.advance(now);
    if (this.untoldCount === 0) return -1;
    const target = this.untold.indexOf(1);
    this.untold[target] = 0;
    this.untoldCount--;
    return target;
  }

  snapshot(): OutlierState {
    return {
      version: 1,
      latest: Number.isFinite(this.latest) ? this.latest : null,
      windowEnd: this.windowEnd,
      consecutive: [...this.consecutive],
      requests: [...this.requests],
      errors: [...this.errors],
      ejections: [...this.ejections],
      out: [...this.out],
      until: [...this.until],
    };
  }

  private advance(now: number): void {
    if (!(now > this.latest && now < Number.POSITIVE_INFINITY)) return;
    if (this.latest === Number.NEGATIVE_INFINITY) this.windowEnd = now + this.interval;
    this.latest = now;
    if (now >= this.firstReturn) this.giveBack();
    if (now >= this.windowEnd) this.closeWindow();
  }

  private eject(target: number): void {
    if (this.outCount >= this.mostOut || this.latest === Number.NEGATIVE_INFINITY) return;
    const ejections = this.ejections[target]! + 1;
    // More would not lengthen the time any further.
    if (this.ejections[target]! * this.baseTime < this.maxTime) this.ejections[target] = ejections;
    const time = Math.min(ejections * this.baseTime, this.maxTime);
    const until = this.latest + time;
    this.until[target] = until;
    this.firstReturn = Math.min(this.firstReturn, until);
    this.out[target] = 1;
    this.outCount++;
    this.tell(target);
  }

  private giveBack(): void {
    this.firstReturn = Number.POSITIVE_INFINITY;
    for (let target = 0; target < this.targets; target++) {
      if (this.out[target] === 0) continue;
      if (this.until[target]! > this.latest) {
        this.firstReturn = Math.min(this.firstReturn, this.until[target]!);
        continue;
      }
      this.out[target] = 0;
      this.outCount--;
      this.consecutive[target] = 0;
      this.requests[target] = 0;
      this.errors[target] = 0;
      this.tell(target);
    }
  }

  private closeWindow(): void {
    this.forgive();
    this.judge();
    this.requests.fill(0);
    this.errors.fill(0);
    this.windowEnd = this.latest + this.interval;
  }

  /** One ejection less for each window that a target has stayed in. */
  private forgive(): void {
    const { latest, windowEnd, interval } = this;
    for (let target = 0; target < this.targets; target++) {
      const ejections = this.ejections[target]!;
      if (ejections === 0 || this.out[target] === 1) continue;
      const returned = this.until[target]!;
      const windows =
        returned <= windowEnd
          ? 1 + Math.floor((latest - windowEnd) / interval)
          : Math.floor((latest - returned) / interval);
      this.ejections[target] = Math.max(0, ejections - windows);
    }
  }

  private judge(): void {
    if (this.errorRate === Number.POSITIVE_INFINITY) return;
    let judged = 0;
    for (let target = 0; target < this.targets; target++) {
      if (this.requests[target]! >= this.errorRateRequests) judged++;
    }
    if (judged < this.errorRateTargets) return;
    while (this.outCount < this.mostOut) {
      const worst = this.worst();
      if (worst < 0) return;
      this.eject(worst);
    }
  }

  private worst(): number {
    let worst = -1;
    let most = this.errorRate;
    for (let target = 0; target < this.targets; target++) {
      if (this.out[target] === 1 || this.requests[target]! < this.errorRateRequests) continue;
      const rate = this.errors[target]! / this.requests[target]!;
      if (worst < 0 ? rate >= most : rate > most) {
        most = rate;
        worst = target;
      }
    }
    return worst;
  }

  private tell(target: number): void {
    if (this.untold[target] === 0) this.untoldCount++;
    this.untold[target] = 1;
  }

  private adopt(state: OutlierState): void {
    const { targets } = this;
    requireVersion(state.version);
    if (state.latest !== null) requireFinite('state.latest', [state.latest], 1);
    requireFinite('state.windowEnd', [state.windowEnd], 1);
    requireWhole('state.consecutive', state.consecutive, targets, 0, 2 ** 30);
    requireWhole('state.requests', state.requests, targets, 0, Number.MAX_SAFE_INTEGER);
    requireWhole('state.errors', state.errors, targets, 0, Number.MAX_SAFE_INTEGER);
    requireWhole('state.ejections', state.ejections, targets, 0, 2 ** 31 - 1);
    requireWhole('state.out', state.out, targets, 0, 1);
    requireFinite('state.until', state.until, targets);
    this.latest = state.latest ?? Number.NEGATIVE_INFINITY;
    this.windowEnd = state.windowEnd;
    this.consecutive.set(state.consecutive);
    this.requests.set(state.requests);
    this.errors.set(state.errors);
    this.ejections.set(state.ejections);
    this.out.set(state.out);
    this.until.set(state.until);
    for (let target = 0; target < targets; target++) {
      if (this.out[target] === 0) continue;
      this.outCount++;
      this.firstReturn = Math.min(this.firstReturn, this.until[target]!);
      this.tell(target);
    }
  }
}

function ceiling(targets: number, share: number): number {
  if (share === 0 || share === 1) return share * targets;
  return Math.min(targets - 1, Math.max(1, Math.floor(share * targets)));
}
