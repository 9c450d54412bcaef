import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import { simulatedKinds } from '../components/index.ts';
import { type Measurement, type ReplicationRunner, runReplication } from '../simulate/index.ts';

/** More threads than this gain little: the replications of one run are few. */
const MOST_BY_DEFAULT = 8;

/** Worker threads used where the user does not say: one for each core, at most 8. */
export function defaultWorkers(): number {
  return Math.min(MOST_BY_DEFAULT, availableParallelism());
}

/** A runner together with the threads behind it. */
export interface WorkerPool extends ReplicationRunner {
  /** Ends the threads, busy ones too. */
  close(): Promise<void>;
}

/** Hears how many replications of a batch are done. */
export type ReplicationListener = (done: number, of: number) => void;

/**
 * Runs replications on worker threads, and with one worker on this thread. Measurements come back in the
 * order of the jobs, so that the number of workers changes no byte of a report.
 */
export function workerPool(workers: number, heard: ReplicationListener = () => undefined): WorkerPool {
  return workers === 1 ? thisThread(heard) : threads(workers, heard);
}

function thisThread(heard: ReplicationListener): WorkerPool {
  return {
    run: async (jobs) =>
      jobs.map((job, index) => {
        const measurement = runReplication(job, simulatedKinds);
        heard(index + 1, jobs.length);
        return measurement;
      }),
    close: async () => undefined,
  };
}

function threads(workers: number, heard: ReplicationListener): WorkerPool {
  let pool: Tinypool | null = null;
  return {
    run: async (jobs) => {
      pool ??= createPool(workers);
      const started = pool;
      let done = 0;
      const runs = jobs.map(async (job): Promise<Measurement> => {
        const measurement: Measurement = await started.run(job);
        done++;
        heard(done, jobs.length);
        return measurement;
      });
      return Promise.all(runs);
    },
    close: async () => {
      await pool?.destroy();
    },
  };
}

/** Threads are started at the first use, each when there is a job for it. */
function createPool(workers: number): Tinypool {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Tinypool({
    filename: new URL(`./worker.${ending}`, import.meta.url).href,
    minThreads: 1,
    maxThreads: workers,
    isolateWorkers: false,
    idleTimeout: 60_000,
  });
}
