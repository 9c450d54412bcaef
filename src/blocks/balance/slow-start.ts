import { type OptionNames, requireOptions } from '../require-options.ts';
import {
  requireFinite,
  requireLength,
  requirePositive,
  requireTarget,
  requireTargets,
  requireVersion,
} from './checks.ts';

/** How the weight of a target that has become available grows. */
export interface SlowStartOptions {
  /** Time until it has its full weight, > 0, in the caller's unit. */
  readonly window: number;
  /** 1, the default, is linear; above 1 most of the weight comes early, below 1 late. > 0. */
  readonly aggression?: number;
  /** Share of the weight that it has at once, > 0 and ≤ 1. Default 0.1, as in Envoy. */
  readonly minShare?: number;
}

/** {@link SlowStart} as plain JSON. */
export interface SlowStartState {
  readonly version: 1;
  /** Latest instant seen, null before the first. */
  readonly latest: number | null;
  /** When each target began, null where it has its full weight. */
  readonly since: readonly (number | null)[];
}

const OPTIONS: OptionNames<SlowStartOptions> = { window: true, aggression: true, minShare: true };

/**
 * Slow start: a target that has just become available gets max(`minShare`, (t / window)^(1 / aggression)) of its
 * weight after a time t, so that cold caches and young processes are not met by a full share of the traffic
 * (envoyproxy.io, "Slow start mode"). Of no use where all targets are new.
 *
 * Time that went back counts as standing still until it has caught up.
 */
export class SlowStart {
  readonly targets: number;
  private readonly window: number;
  private readonly exponent: number;
  private readonly minShare: number;
  private readonly since: Float64Array;
  private latest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError when an option or the state is impossible */
  constructor(targets: number, options: SlowStartOptions, state?: SlowStartState) {
    requireOptions('SlowStart', options, OPTIONS);
    const { window, aggression = 1, minShare = 0.1 } = options;
    requireTargets(targets);
    requirePositive('window', window);
    requirePositive('aggression', aggression);
    if (!(minShare > 0 && minShare <= 1)) {
      throw new RangeError(`minShare must be > 0 and at most 1, got ${minShare}`);
    }
    this.targets = targets;
    this.window = window;
    this.exponent = 1 / aggression;
    this.minShare = minShare;
    this.since = new Float64Array(targets).fill(Number.NEGATIVE_INFINITY);
    if (state !== undefined) this.adopt(state);
  }

  /** `target` has become available. */
  begin(target: number, now: number): void {
    requireTarget(target, this.targets);
    this.advance(now);
    this.since[target] = this.latest;
  }

  /** The share of its weight that `target` has, `minShare` to 1. */
  share(target: number, now: number): number {
    requireTarget(target, this.targets);
    this.advance(now);
    const since = this.since[target]!;
    if (since === Number.NEGATIVE_INFINITY) return 1;
    const elapsed = this.latest - since;
    if (elapsed >= this.window) {
      this.since[target] = Number.NEGATIVE_INFINITY;
      return 1;
    }
    return Math.max(this.minShare, (elapsed / this.window) ** this.exponent);
  }

  snapshot(): SlowStartState {
    const orNull = (instant: number) => (instant === Number.NEGATIVE_INFINITY ? null : instant);
    return { version: 1, latest: orNull(this.latest), since: Array.from(this.since, orNull) };
  }

  private advance(now: number): void {
    if (now > this.latest && now < Number.POSITIVE_INFINITY) this.latest = now;
  }

  private adopt(state: SlowStartState): void {
    requireVersion(state.version);
    requireLength('state.since', state.since, this.targets);
    const instants = [state.latest, ...state.since].filter((instant) => instant !== null);
    requireFinite('state.since', instants, instants.length);
    this.latest = state.latest ?? Number.NEGATIVE_INFINITY;
    this.since.set(state.since.map((instant) => instant ?? Number.NEGATIVE_INFINITY));
  }
}
