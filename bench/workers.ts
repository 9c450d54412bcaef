import { simulateBuilt } from './built.ts';
import { arrivalRate, workloadNamed } from './workloads.ts';

/** What a second thread brings, by the best times of `runs` runs each. */
export interface WorkerGain {
  /** Time of the command line with one worker by that with two. */
  readonly gain: number;
  /** What two processes of one worker each do at once, by what one does: what the machine has to give. */
  readonly machine: number;
  readonly runs: number;
  /** All reports are the same to the byte. */
  readonly sameBytes: boolean;
}

const WORKLOAD = 'one-server';
const REPLICATIONS = 8;

/** Measures one worker, two, and two processes of one worker side by side, in turn. Time is that on the wall. */
export async function measureWorkers(runs: number, requestsPerReplication: number): Promise<WorkerGain> {
  const workload = workloadNamed(WORKLOAD);
  const seconds = requestsPerReplication / arrivalRate(workload);
  const reports = new Set<string>();
  const simulateWith = async (workers: number): Promise<number> => {
    const run = await simulateBuilt(workload.design, { seconds, replications: REPLICATIONS, workers });
    reports.add(run.stdout);
    return run.seconds;
  };
  let one = Number.POSITIVE_INFINITY;
  let two = Number.POSITIVE_INFINITY;
  let pair = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    one = Math.min(one, await simulateWith(1));
    two = Math.min(two, await simulateWith(2));
    pair = Math.min(pair, Math.max(...(await Promise.all([simulateWith(1), simulateWith(1)]))));
  }
  return { gain: one / two, machine: (2 * one) / pair, runs, sameBytes: reports.size === 1 };
}
