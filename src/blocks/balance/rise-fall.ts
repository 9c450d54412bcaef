import { type OptionNames, requireOptions } from '../require-options.ts';
import { requireTarget, requireTargets, requireVersion, requireWhole, requireWholeOption } from './checks.ts';

/** How many probes in a row change a target's state. */
export interface RiseFallOptions {
  /** Good probes in a row after which a target that was down is up, 1 to 2^20. Default 2, as in HAProxy. */
  readonly rise?: number;
  /** Bad probes in a row after which a target that was up is down, 1 to 2^20. Default 3, as in HAProxy. */
  readonly fall?: number;
  /** Whether targets are up before the first probe. Default true. */
  readonly initiallyUp?: boolean;
}

/** {@link RiseFall} as plain JSON. */
export interface RiseFallState {
  readonly version: 1;
  /** 1 where a target is up, else 0. */
  readonly up: readonly number[];
  /** Probes in a row against the state, by target. */
  readonly against: readonly number[];
}

const OPTIONS: OptionNames<RiseFallOptions> = { rise: true, fall: true, initiallyUp: true };

/**
 * Active health checks: a target is down after `fall` bad probes in a row and up again after `rise` good ones. With
 * a probe every T a dead target is noticed after (fall − 1)·T to fall·T, plus the probe's own timeout. Time has no
 * say, so no clock can mislead it.
 */
export class RiseFall {
  readonly targets: number;
  private readonly rise: number;
  private readonly fall: number;
  private readonly isUp: Uint8Array;
  private readonly against: Int32Array;

  /** @throws RangeError when an option or the state is impossible */
  constructor(targets: number, options: RiseFallOptions = {}, state?: RiseFallState) {
    requireOptions('RiseFall', options, OPTIONS);
    const { rise = 2, fall = 3, initiallyUp = true } = options;
    requireTargets(targets);
    requireWholeOption('rise', rise, 1, 2 ** 20);
    requireWholeOption('fall', fall, 1, 2 ** 20);
    this.targets = targets;
    this.rise = rise;
    this.fall = fall;
    this.isUp = new Uint8Array(targets).fill(initiallyUp ? 1 : 0);
    this.against = new Int32Array(targets);
    if (state !== undefined) this.adopt(state);
  }

  up(target: number): boolean {
    requireTarget(target, this.targets);
    return this.isUp[target] === 1;
  }

  /**
   * The first target that is up, which is the one for all that goes by order; −1 where none is.
   * @param order targets in the order of preference; without it, as they are numbered
   */
  first(order?: readonly number[]): number {
    if (order === undefined) return this.isUp.indexOf(1);
    for (const target of order) if (this.up(target)) return target;
    return -1;
  }

  /**
   * A probe of `target` came out well or badly.
   * @returns whether the target is up now
   */
  probed(target: number, ok: boolean): boolean {
    requireTarget(target, this.targets);
    const up = this.isUp[target] === 1;
    if (ok === up) {
      this.against[target] = 0;
      return up;
    }
    const count = this.against[target]! + 1;
    const changes = count >= (up ? this.fall : this.rise);
    this.against[target] = changes ? 0 : count;
    if (changes) this.isUp[target] = up ? 0 : 1;
    return changes ? !up : up;
  }

  snapshot(): RiseFallState {
    return { version: 1, up: [...this.isUp], against: [...this.against] };
  }

  private adopt(state: RiseFallState): void {
    requireVersion(state.version);
    requireWhole('state.up', state.up, this.targets, 0, 1);
    requireWhole('state.against', state.against, this.targets, 0, 2 ** 20);
    this.isUp.set(state.up);
    this.against.set(state.against);
  }
}
