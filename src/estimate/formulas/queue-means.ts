/** The steady state of a queue in means. Times are in the unit of the service time handed in. */
export interface QueueMeans {
  /** Busy share of the servers, 0 to 1. */
  readonly utilization: number;
  /** Wq: time before service. */
  readonly waiting: number;
  /** T: waiting and service. */
  readonly response: number;
  /** Lq: number waiting. */
  readonly queueLength: number;
  /** L: number waiting or in service. */
  readonly inSystem: number;
}

/**
 * The other means from the waiting time, by Little's law L = λT (Little, Operations Research 9(3), 1961).
 *
 * @param arrivalRate λ of those who enter
 * @param serviceTime mean time in service
 */
export function meansFromWaiting(
  arrivalRate: number,
  serviceTime: number,
  servers: number,
  waiting: number,
): QueueMeans {
  const response = waiting + serviceTime;
  return {
    utilization: (arrivalRate * serviceTime) / servers,
    waiting,
    response,
    queueLength: arrivalRate * waiting,
    inSystem: arrivalRate * response,
  };
}

/** Little's law: the mean number inside of anything is the rate through it times the mean time inside. */
export function little(throughput: number, time: number): number {
  return throughput * time;
}
