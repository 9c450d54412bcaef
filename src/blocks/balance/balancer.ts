import type { Random } from '../../kernel/index.ts';
import { requireLength, requireTarget, requireTargets, requireVersion, requireWhole } from './checks.ts';

/**
 * Decides which of several targets takes the next request, and keeps count of what each has in flight.
 * Targets are numbered from 0. The caller reports every start, every end and every change of what is available;
 * picking starts nothing.
 *
 * Instants and latencies are in the caller's unit, the same everywhere: seconds in the simulator, milliseconds
 * in adapters. The clock may stand still or go back; no algorithm throws or forgets its books for that.
 */
export interface Balancer {
  /** Number of targets, ≥ 1. */
  readonly targets: number;
  /** Requests started and not finished, by target. Read only. */
  readonly inFlight: Int32Array;
  /** Whether `setWeight` may be called. */
  readonly takesWeights: boolean;
  /**
   * The target for the next request, 0 to targets − 1, or −1 when none is available. Allocates nothing.
   *
   * @param key 32-bit hash of the request's key, 0 to 2^32 − 1, for algorithms that go by it; 0 where there is none
   */
  pick(random: Random, now: number, key: number): number;
  /** A request was sent to `target`, whether or not it was picked or is available. */
  started(target: number, now: number): void;
  /**
   * A request sent to `target` ended.
   *
   * @param latency from its start to its end, ≥ 0
   * @param ok whether it ended well
   * @throws RangeError when none was in flight there
   */
  finished(target: number, now: number, latency: number, ok: boolean): void;
  /** Whether `target` may be picked; true at the beginning. */
  available(target: number): boolean;
  /** Lets `target` be picked, or no longer. What is in flight there goes on. Takes time in the number of targets. */
  setAvailable(target: number, available: boolean): void;
  /** The weight of `target`; 1 where an algorithm takes none. */
  weight(target: number): number;
  /**
   * Gives `target` another weight from now on.
   *
   * @param weight from 2^-53 to 2^53; to give it nothing, make it unavailable
   * @throws RangeError when the algorithm takes no weights while running
   */
  setWeight(target: number, weight: number): void;
  /** All that it knows, for `restoreBalancer`. */
  snapshot(): BalancerState;
}

/** A balancer as plain JSON. */
export interface BalancerState {
  readonly version: 1;
  /** Requests in flight, by target. */
  readonly inFlight: readonly number[];
  /** 1 where a target is available, else 0. */
  readonly available: readonly number[];
  /** Weights by target; empty where the algorithm takes none while running. */
  readonly weights: readonly number[];
  /** What the algorithm alone knows the meaning of. */
  readonly own: readonly number[];
}

/** The books that every algorithm keeps, whether or not it looks at them. */
export abstract class CountingBalancer implements Balancer {
  readonly targets: number;
  readonly inFlight: Int32Array;
  readonly takesWeights: boolean = false;
  /** The available targets in ascending order: the first `upCount` elements. */
  protected readonly up: Int32Array;
  protected upCount: number;
  /** 1 where a target is available. */
  protected readonly isUp: Uint8Array;

  /** @throws RangeError when `targets` is not a whole number from 1 to 2^20 */
  constructor(targets: number) {
    requireTargets(targets);
    this.targets = targets;
    this.inFlight = new Int32Array(targets);
    this.isUp = new Uint8Array(targets).fill(1);
    this.up = Int32Array.from(this.isUp.keys());
    this.upCount = targets;
  }

  abstract pick(random: Random, now: number, key: number): number;

  started(target: number, _now: number): void {
    this.requireTarget(target);
    this.inFlight[target] = this.inFlight[target]! + 1;
  }

  finished(target: number, _now: number, latency: number, _ok: boolean): void {
    this.requireTarget(target);
    if (!(latency >= 0 && latency < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`latency must be ≥ 0 and finite, got ${latency}`);
    }
    const left = this.inFlight[target]! - 1;
    if (left < 0) throw new RangeError(`finished(${target}) without a request in flight there`);
    this.inFlight[target] = left;
  }

  available(target: number): boolean {
    this.requireTarget(target);
    return this.isUp[target] === 1;
  }

  setAvailable(target: number, available: boolean): void {
    this.requireTarget(target);
    if ((this.isUp[target] === 1) === available) return;
    this.isUp[target] = available ? 1 : 0;
    this.listAvailable();
    this.availabilityChanged(target, available);
  }

  weight(target: number): number {
    this.requireTarget(target);
    return 1;
  }

  setWeight(_target: number, weight: number): void {
    throw new RangeError(`weight must be left alone where the algorithm takes none, got ${weight}`);
  }

  snapshot(): BalancerState {
    return {
      version: 1,
      inFlight: [...this.inFlight],
      available: [...this.isUp],
      weights: this.takesWeights ? Array.from(this.isUp, (_, target) => this.weight(target)) : [],
      own: this.own(),
    };
  }

  /**
   * Takes over a state; for `restoreBalancer`, on a balancer just made.
   * @throws RangeError when it is none of this algorithm and number of targets
   */
  adopt(state: BalancerState): void {
    requireVersion(state.version);
    const { targets } = this;
    requireWhole('state.inFlight', state.inFlight, targets, 0, 2 ** 31 - 1);
    requireWhole('state.available', state.available, targets, 0, 1);
    requireLength('state.weights', state.weights, this.takesWeights ? targets : 0);
    this.inFlight.set(state.inFlight);
    for (let target = 0; target < targets; target++) {
      this.setAvailable(target, state.available[target] === 1);
      if (this.takesWeights) this.setWeight(target, state.weights[target]!);
    }
    this.adoptOwn(state.own);
  }

  /** What an algorithm remembers beside the books, finite numbers in an order of its own. */
  protected own(): number[] {
    return [];
  }

  /** @throws RangeError when `own` is none of its own */
  protected adoptOwn(own: readonly number[]): void {
    requireLength('state.own', own, 0);
  }

  /** Called after `target` has become available or ceased to be. */
  protected availabilityChanged(_target: number, _available: boolean): void {
    // Most algorithms look at the list of available targets and need no notice.
  }

  protected requireTarget(target: number): void {
    requireTarget(target, this.targets);
  }

  private listAvailable(): void {
    let count = 0;
    for (let target = 0; target < this.targets; target++) {
      if (this.isUp[target] === 1) this.up[count++] = target;
    }
    this.upCount = count;
  }
}
