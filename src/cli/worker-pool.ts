import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import { simulatedKinds } from '../components/index.ts';
import { inlineRunner, type ReplicationRunner } from '../simulate/index.ts';

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

/**
 * Runs replications on worker threads, and with one worker on this thread. Measurements come back in the
 * order of the jobs, so that the number of workers changes no byte of a report.
 */
export function workerPool(workers: number): WorkerPool {
  if (workers === 1) return { ...inlineRunner(simulatedKinds), close: async () => undefined };
  let pool: Tinypool | null = null;
  return {
    run: async (jobs) => {
      pool ??= createPool(workers);
      return Promise.all(jobs.map((job) => pool!.run(job)));
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
