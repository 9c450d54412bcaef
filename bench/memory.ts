import { simulateBuilt } from './built.ts';
import { arrivalRate, workloadNamed } from './workloads.ts';

/** Peak memory of the command line as the run grows. */
export interface MemoryGrowth {
  readonly workload: string;
  /** Requests simulated and megabytes held, the run four times as long from one to the next. */
  readonly runs: readonly { readonly requests: number; readonly megabytes: number }[];
}

const REPLICATIONS = 2;

/** Runs a workload at 1, 4 and 16 times `requests`. */
export async function measureMemory(name: string, requests: number): Promise<MemoryGrowth> {
  const workload = workloadNamed(name);
  const runs: { requests: number; megabytes: number }[] = [];
  for (const times of [1, 4, 16]) {
    const seconds = (requests * times) / REPLICATIONS / arrivalRate(workload);
    const { megabytes } = await simulateBuilt(workload.design, {
      seconds,
      replications: REPLICATIONS,
      workers: 1,
    });
    runs.push({ requests: requests * times, megabytes });
  }
  return { workload: workload.title, runs };
}
