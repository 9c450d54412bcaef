import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import { kindParts } from '../components/index.ts';
import { FaultyBlock, type Measurement, type ReplicationRunner, runReplication } from '../simulate/index.ts';
import { nothingOwn, type OwnParts } from './own-module.ts';
import type { WorkerAnswer, WorkerJob } from './worker.ts';

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

/** How replications are run. */
export interface WorkerPoolOptions {
  readonly workers: number;
  /** What the module of the design brings along; default: nothing. */
  readonly own?: OwnParts;
  /** Address of that module, which every thread imports for itself; default: there is none. */
  readonly module?: string | null;
}

/** Hears how many replications of a batch are done. */
export type ReplicationListener = (done: number, of: number) => void;

/**
 * Runs replications on worker threads, and with one worker on this thread. Measurements come back in the
 * order of the jobs, so that the number of workers changes no byte of a report.
 *
 * @throws FaultyBlock from `run`, when a block of the user's own cannot be made or fails
 */
export function workerPool(
  { workers, own = nothingOwn, module = null }: WorkerPoolOptions,
  heard: ReplicationListener = () => undefined,
): WorkerPool {
  return workers === 1 ? thisThread(own, heard) : threads(workers, module, heard);
}

function thisThread(own: OwnParts, heard: ReplicationListener): WorkerPool {
  const { simulated } = kindParts(own.kinds);
  return {
    run: async (jobs) =>
      jobs.map((job, index) => {
        const measurement = runReplication(job, simulated, own.blocks);
        heard(index + 1, jobs.length);
        return measurement;
      }),
    close: async () => undefined,
  };
}

function threads(workers: number, module: string | null, heard: ReplicationListener): WorkerPool {
  let pool: Tinypool | null = null;
  return {
    run: async (jobs) => {
      pool ??= createPool(workers);
      const started = pool;
      let done = 0;
      const runs = jobs.map(async (job): Promise<Measurement> => {
        const answer: WorkerAnswer = await started.run({ job, module } satisfies WorkerJob);
        // Of an error of our own, a thread hands over the message and not the class.
        if ('faultyBlock' in answer) throw new FaultyBlock(answer.faultyBlock);
        done++;
        heard(done, jobs.length);
        return answer;
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
