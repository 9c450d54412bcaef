import { meansFromWaiting, type QueueMeans } from './queue-means.ts';
import { requireNonNegative, requireStable } from './require.ts';

/**
 * M/G/1 under processor sharing, and under last-come-first-served with preemption: T = E[S]/(1 − ρ) for
 * every law of the service time. Kleinrock, Queueing Systems II, 1976, section 4.4.
 */
export function mg1Sharing(arrivalRate: number, serviceTime: number): QueueMeans {
  requireNonNegative('arrivalRate', arrivalRate);
  requireNonNegative('serviceTime', serviceTime);
  const utilization = arrivalRate * serviceTime;
  requireStable(utilization);
  return meansFromWaiting(arrivalRate, serviceTime, 1, (serviceTime * utilization) / (1 - utilization));
}

/** Mean response of a job that needs `size` under processor sharing: size / (1 − ρ). */
export function sharingResponse(utilization: number, size: number): number {
  requireStable(utilization);
  return size / (1 - utilization);
}

/** One class of customers at a station. */
export interface CustomerClass {
  readonly arrivalRate: number;
  readonly serviceTime: number;
  /** Squared coefficient of variation of the service time. */
  readonly scv: number;
}

/**
 * Mean waits by class in M/G/1 with non-preemptive priorities, most urgent class first:
 * Wq_k = R / ((1 − σ_{k−1})(1 − σ_k)), R = Σ λE[S²]/2 over all classes, σ_k the load of classes 1..k.
 * Cobham, "Priority assignment in waiting line problems", Operations Research 2(1), 1954.
 *
 * A class whose load with that of all above it reaches 1 waits for ever: Infinity.
 */
export function cobham(classes: readonly CustomerClass[]): number[] {
  let residual = 0;
  for (const { arrivalRate, serviceTime, scv } of classes) {
    requireNonNegative('arrivalRate', arrivalRate);
    requireNonNegative('serviceTime', serviceTime);
    residual += (arrivalRate * serviceTime ** 2 * (1 + scv)) / 2;
  }
  let above = 0;
  return classes.map(({ arrivalRate, serviceTime }) => {
    const upTo = above + arrivalRate * serviceTime;
    const waiting = upTo < 1 ? residual / ((1 - above) * (1 - upTo)) : Number.POSITIVE_INFINITY;
    above = upTo;
    return waiting;
  });
}
