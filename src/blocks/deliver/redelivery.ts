import { requireWhole } from '../require.ts';

/**
 * Mean deliveries of a message whose acknowledgement is lost with probability `loss` each time, and that is
 * delivered again until it is acknowledged or was delivered `maxReceives` times: (1 − q^r) / (1 − q), which is
 * 1 / (1 − q) without a limit (the geometric law).
 *
 * @param loss 0 ≤ q < 1
 * @param maxReceives a whole number ≥ 1, or Infinity (default)
 * @throws RangeError when an argument is out of range
 */
export function deliveriesPerMessage(loss: number, maxReceives = Number.POSITIVE_INFINITY): number {
  return (1 - deadLetterShare(loss, maxReceives)) / (1 - loss);
}

/**
 * Share of messages that are never acknowledged within `maxReceives` deliveries: q^r.
 *
 * @throws RangeError when an argument is out of range
 */
export function deadLetterShare(loss: number, maxReceives = Number.POSITIVE_INFINITY): number {
  if (!(loss >= 0 && loss < 1)) throw new RangeError(`loss must be from 0 to below 1, got ${loss}`);
  if (maxReceives !== Number.POSITIVE_INFINITY) requireWhole('maxReceives', maxReceives, 1);
  return loss ** maxReceives;
}
