import type { Random } from '../../kernel/index.ts';

/**
 * Decides which of several equal targets takes the next request, and keeps count of what each has in flight.
 * Targets are numbered from 0. The caller reports every start and every end; picking starts nothing.
 */
export interface Balancer {
  /** Number of targets, ≥ 1. */
  readonly targets: number;
  /** Requests started and not finished, by target. Read only. */
  readonly inFlight: Int32Array;
  /** The target for the next request, 0 to targets − 1. Allocates nothing. */
  pick(random: Random): number;
  /** A request was sent to `target`. */
  started(target: number): void;
  /**
   * A request sent to `target` ended, well or badly.
   * @throws RangeError when none was in flight there
   */
  finished(target: number): void;
}

/** The books that every algorithm keeps, whether or not it looks at them. */
export abstract class CountingBalancer implements Balancer {
  readonly targets: number;
  readonly inFlight: Int32Array;

  /** @throws RangeError when `targets` is not a whole number ≥ 1 */
  constructor(targets: number) {
    if (!Number.isSafeInteger(targets) || targets < 1) {
      throw new RangeError(`targets must be a whole number ≥ 1, got ${targets}`);
    }
    this.targets = targets;
    this.inFlight = new Int32Array(targets);
  }

  abstract pick(random: Random): number;

  started(target: number): void {
    this.requireTarget(target);
    this.inFlight[target] = this.inFlight[target]! + 1;
  }

  finished(target: number): void {
    this.requireTarget(target);
    const left = this.inFlight[target]! - 1;
    if (left < 0) throw new RangeError(`finished(${target}) without a request in flight there`);
    this.inFlight[target] = left;
  }

  private requireTarget(target: number): void {
    if (!(target >= 0 && target < this.targets)) {
      throw new RangeError(`target must be from 0 to ${this.targets - 1}, got ${target}`);
    }
  }
}
