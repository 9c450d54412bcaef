import { type OptionNames, requireOptions } from '../require-options.ts';
import type { Balancer } from './balancer.ts';
import { requireFinite, requireShare, requireTarget, requireVersion, requireWhole } from './checks.ts';
import { OutlierEjection, type OutlierOptions, type OutlierState } from './outlier-ejection.ts';
import { RiseFall, type RiseFallOptions, type RiseFallState } from './rise-fall.ts';
import { SlowStart, type SlowStartOptions, type SlowStartState } from './slow-start.ts';
import { LEAST_WEIGHT } from './weighted-balancer.ts';

/** What decides whether a target is available; each part that is left out has no say. */
export interface TargetHealthOptions {
  /** Active probes. */
  readonly probes?: RiseFallOptions;
  /** Ejection by the outcome of requests. */
  readonly outliers?: OutlierOptions;
  /** For balancers that take weights: how a target that returns gets back its share. */
  readonly slowStart?: SlowStartOptions;
  /**
   * Share of targets in use, from 0 to 1: when fewer than that are well, health is not believed and all of them are
   * available. Default 0: health is always believed. Envoy's `healthy_panic_threshold` is 0.5.
   */
  readonly panicBelow?: number;
}

/** Why a target is or is not well. */
export type TargetState = 'up' | 'down' | 'ejected' | 'drained';

/** {@link TargetHealth} as plain JSON; null for the parts that are left out. */
export interface TargetHealthState {
  readonly version: 1;
  readonly probes: RiseFallState | null;
  readonly outliers: OutlierState | null;
  readonly slowStart: SlowStartState | null;
  /** 1 where a target was taken out of use by hand. */
  readonly drained: readonly number[];
  /** Weights of the targets without slow start. */
  readonly weights: readonly number[];
}

const OPTIONS: OptionNames<TargetHealthOptions> = {
  probes: true,
  outliers: true,
  slowStart: true,
  panicBelow: true,
};

/**
 * Keeps a balancer from sick targets. A target is well when its probes say so, it is not ejected and nobody has
 * taken it out of use; then it is available, and its weight ramps up from there. When too few are well, the fault
 * is more likely in what they share, or in the checks, than in all of them: then all those in use are available.
 *
 * The balancer's availability is this one's to set, and with a slow start its weights are too.
 */
export class TargetHealth {
  private readonly balancer: Balancer;
  private readonly probes: RiseFall | null;
  private readonly outliers: OutlierEjection | null;
  private readonly slowStart: SlowStart | null;
  private readonly panicBelow: number;
  private readonly drained: Uint8Array;
  private readonly well: Uint8Array;
  private readonly fullWeight: Float64Array;
  private readonly ramping: Uint8Array;
  private rampingCount = 0;
  private wellCount = 0;
  private drainedCount = 0;
  private panics = false;
  private changeCount = 0;

  /**
   * @param balancer its weights now are the full ones
   * @throws RangeError when an option or the state is impossible, or the balancer takes no weights to ramp up
   */
  constructor(balancer: Balancer, options: TargetHealthOptions = {}, state?: TargetHealthState) {
    requireOptions('TargetHealth', options, OPTIONS);
    const { targets } = balancer;
    const { probes, outliers, slowStart, panicBelow = 0 } = options;
    requireShare('panicBelow', panicBelow);
    if (slowStart !== undefined && !balancer.takesWeights) {
      throw new RangeError('slowStart must be left out where the balancer takes no weights, got one');
    }
    this.balancer = balancer;
    this.probes = probes ? new RiseFall(targets, probes, state?.probes ?? undefined) : null;
    this.outliers = outliers ? new OutlierEjection(targets, outliers, state?.outliers ?? undefined) : null;
    this.slowStart = slowStart ? new SlowStart(targets, slowStart, state?.slowStart ?? undefined) : null;
    this.panicBelow = panicBelow;
    this.drained = new Uint8Array(targets);
    this.well = new Uint8Array(targets);
    this.ramping = new Uint8Array(targets);
    this.fullWeight = new Float64Array(targets);
    for (let target = 0; target < targets; target++) this.fullWeight[target] = balancer.weight(target);
    if (state !== undefined) this.adopt(state);
    for (let target = 0; target < targets; target++) {
      this.well[target] = this.stateOf(target) === 'up' ? 1 : 0;
      this.wellCount += this.well[target]!;
    }
    this.apply();
  }

  /** Goes up with every change of a target's state, and of whether health is believed. */
  get changes(): number {
    return this.changeCount;
  }

  /** Whether so few targets are well that all those in use are available. */
  get panicking(): boolean {
    return this.panics;
  }

  /** Whether `target` is well, and if not, why. It may be available all the same while panicking. */
  state(target: number): TargetState {
    requireTarget(target, this.balancer.targets);
    return this.stateOf(target);
  }

  /** To be called before each pick: lets return who may, and brings weights up to date. */
  refresh(now: number): void {
    const { outliers } = this;
    if (outliers !== null) {
      for (let target = outliers.changed(now); target >= 0; target = outliers.changed(now)) {
        this.settle(target, now);
      }
    }
    if (this.rampingCount > 0) this.ramp(now);
  }

  /**
   * A probe of `target` came out well or badly.
   * @returns whether the probes hold it to be up now
   */
  probed(target: number, ok: boolean, now: number): boolean {
    requireTarget(target, this.balancer.targets);
    if (this.probes === null) return true;
    const up = this.probes.probed(target, ok);
    this.settle(target, now);
    return up;
  }

  /** A request to `target` ended, well or badly, after `latency`. To be told beside the balancer. */
  finished(target: number, ok: boolean, now: number, latency = 0): void {
    if (this.outliers === null) return;
    this.outliers.finished(target, ok, now, latency);
    this.refresh(now);
  }

  /** Takes `target` out of use by hand, or back into use; even in a panic nothing goes to it. */
  setDrained(target: number, drained: boolean, now: number): void {
    requireTarget(target, this.balancer.targets);
    if ((this.drained[target] === 1) === drained) return;
    this.drained[target] = drained ? 1 : 0;
    this.drainedCount += drained ? 1 : -1;
    this.settle(target, now);
    this.apply();
  }

  snapshot(): TargetHealthState {
    return {
      version: 1,
      probes: this.probes?.snapshot() ?? null,
      outliers: this.outliers?.snapshot() ?? null,
      slowStart: this.slowStart?.snapshot() ?? null,
      drained: [...this.drained],
      weights: [...this.fullWeight],
    };
  }

  private stateOf(target: number): TargetState {
    if (this.drained[target] === 1) return 'drained';
    if (this.probes?.up(target) === false) return 'down';
    return this.outliers?.ejected(target) === true ? 'ejected' : 'up';
  }

  private settle(target: number, now: number): void {
    const well = this.stateOf(target) === 'up' ? 1 : 0;
    if (well === this.well[target]) return;
    this.well[target] = well;
    this.wellCount += well === 1 ? 1 : -1;
    this.changeCount++;
    if (well === 1 && this.slowStart !== null) {
      this.slowStart.begin(target, now);
      if (this.ramping[target] === 0) this.rampingCount++;
      this.ramping[target] = 1;
      this.ramp(now);
    }
    this.apply();
  }

  private apply(): void {
    const { balancer, wellCount } = this;
    const inUse = balancer.targets - this.drainedCount;
    const panics = wellCount < this.panicBelow * inUse;
    if (panics !== this.panics) this.changeCount++;
    this.panics = panics;
    for (let target = 0; target < balancer.targets; target++) {
      const available = panics ? this.drained[target] === 0 : this.well[target] === 1;
      balancer.setAvailable(target, available);
    }
  }

  private ramp(now: number): void {
    const { balancer, slowStart } = this;
    if (slowStart === null) return;
    for (let target = 0; target < balancer.targets; target++) {
      if (this.ramping[target] === 0) continue;
      const share = slowStart.share(target, now);
      balancer.setWeight(target, Math.max(LEAST_WEIGHT, share * this.fullWeight[target]!));
      if (share < 1) continue;
      this.ramping[target] = 0;
      this.rampingCount--;
    }
  }

  private adopt(state: TargetHealthState): void {
    const { targets } = this.balancer;
    requireVersion(state.version);
    requireWhole('state.drained', state.drained, targets, 0, 1);
    requireFinite('state.weights', state.weights, targets);
    this.fullWeight.set(state.weights);
    this.drained.set(state.drained);
    this.drainedCount = state.drained.filter((drained) => drained === 1).length;
    for (const [target, since] of (this.slowStart?.snapshot().since ?? []).entries()) {
      if (since === null) continue;
      this.ramping[target] = 1;
      this.rampingCount++;
    }
  }
}
