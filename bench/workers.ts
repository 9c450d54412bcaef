import { simulateBuilt } from './built.ts';
import { pairedRatio, type Ratio } from './statistics.ts';
import { arrivalRate, workloadNamed } from './workloads.ts';

/** What a second thread brings. */
export interface WorkerGain {
  /** Time of the command line with one worker by that with two. */
  readonly gain: Ratio;
  /** What two processes of one worker each do at once, by what one does: what the machine had to give. */
  readonly machine: Ratio;
  /** All reports are the same to the byte. */
  readonly sameBytes: boolean;
}

const WORKLOAD = 'one-server';
const REPLICATIONS = 8;

/** Measures one worker against two, `pairs` times, and the machine beside each pair. Time is that on the wall. */
export async function measureWorkers(pairs: number, requestsPerReplication: number): Promise<WorkerGain> {
  const workload = workloadNamed(WORKLOAD);
  const seconds = requestsPerReplication / arrivalRate(workload);
  const reports = new Set<string>();
  const simulateWith = async (workers: number): Promise<number> => {
    const run = await simulateBuilt(workload.design, { seconds, replications: REPLICATIONS, workers });
    reports.add(run.stdout);
    return run.seconds;
  };
  const one: number[] = [];
  const two: number[] = [];
  const each: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) one.push(await simulateWith(1));
    two.push(await simulateWith(2));
    if (pair % 2 === 1) one.push(await simulateWith(1));
    each.push(Math.max(...(await Promise.all([simulateWith(1), simulateWith(1)]))) / 2);
  }
  return { gain: pairedRatio(one, two), machine: pairedRatio(one, each), sameBytes: reports.size === 1 };
}
