import { CountingBalancer } from './balancer.ts';
import { requireLength } from './checks.ts';

/** A balancer whose targets are of different strength, which may change while it runs. */
export abstract class WeightedBalancer extends CountingBalancer {
  override readonly takesWeights = true;
  protected readonly weights: Float64Array;

  /**
   * @param weights one for each target, 2^-53 to 2^53; default 1 each
   * @throws RangeError when `targets` or a weight is impossible
   */
  constructor(targets: number, weights?: readonly number[]) {
    super(targets);
    this.weights = new Float64Array(targets).fill(1);
    if (weights === undefined) return;
    requireLength('weights', weights, targets);
    for (const weight of weights) requireWeight(weight);
    this.weights.set(weights);
  }

  override weight(target: number): number {
    this.requireTarget(target);
    return this.weights[target]!;
  }

  override setWeight(target: number, weight: number): void {
    this.requireTarget(target);
    requireWeight(weight);
    const before = this.weights[target]!;
    if (before === weight) return;
    this.weights[target] = weight;
    this.weightChanged(target, before);
  }

  /** Called after the weight of `target` has changed. */
  protected weightChanged(_target: number, _before: number): void {
    // For those who keep something derived from the weights.
  }
}

/** The least weight; what is less cannot be told from nothing beside a weight of 1. */
export const LEAST_WEIGHT = 2 ** -53;

/** @throws RangeError when it is no weight */
export function requireWeight(weight: number): void {
  if (!(weight >= LEAST_WEIGHT && weight <= 2 ** 53)) {
    throw new RangeError(`weight must be from 2^-53 to 2^53, got ${weight}`);
  }
}
