import { simulateBuilt } from './built.ts';
import { measure } from './spawn.ts';
import { pairedRatio, type Ratio } from './statistics.ts';
import { arrivalRate, workloadNamed } from './workloads.ts';

/** What a second thread brings. */
export interface WorkerGain {
  /** Time of the command line with one worker by that with two. */
  readonly gain: Ratio;
  /** The same for two bare loops in processes of their own: what the machine had to give meanwhile. */
  readonly machine: Ratio;
  /** Both reports are the same to the byte. */
  readonly sameBytes: boolean;
}

const WORKLOAD = 'one-server';
const REPLICATIONS = 8;

/** Measures one worker against two, `pairs` times, and the machine beside each pair. */
export async function measureWorkers(pairs: number, requestsPerReplication: number): Promise<WorkerGain> {
  const workload = workloadNamed(WORKLOAD);
  const seconds = requestsPerReplication / arrivalRate(workload);
  const one: number[] = [];
  const two: number[] = [];
  const alone: number[] = [];
  const together: number[] = [];
  const reports = new Set<string>();
  for (let pair = 0; pair < pairs; pair++) {
    for (const workers of pair % 2 === 0 ? [1, 2] : [2, 1]) {
      const run = await simulateBuilt(workload.design, { seconds, replications: REPLICATIONS, workers });
      (workers === 1 ? one : two).push(run.seconds);
      reports.add(run.stdout);
    }
    alone.push(await bareSeconds(1, requestsPerReplication));
    together.push((await bareSeconds(2, requestsPerReplication)) / 2);
  }
  return {
    gain: pairedRatio(one, two),
    machine: pairedRatio(alone, together),
    sameBytes: reports.size === 1,
  };
}

/** Time until the last of `processes` bare loops that run at the same time is done. */
async function bareSeconds(processes: number, requestsPerReplication: number): Promise<number> {
  const runs = await Promise.all(
    Array.from({ length: processes }, (_, i) =>
      measure({
        task: 'run',
        workload: WORKLOAD,
        contender: 'bare',
        requests: (requestsPerReplication * REPLICATIONS) / 2,
        seed: 1 + i,
      }),
    ),
  );
  return Math.max(...runs.map((run) => run.seconds));
}
