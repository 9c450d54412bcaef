import { FaultyBlock, type ReplicationRunner, TooMuchToSimulate } from '../simulate/index.ts';
import { FaultyInput } from './faulty-input.ts';
import { untilInterrupted } from './interrupted.ts';
import type { LoadedPlan } from './load.ts';
import { progressLine } from './progress.ts';
import type { Shell } from './shell.ts';
import { workerPool } from './worker-pool.ts';

/** Work that runs replications, and what the progress line says meanwhile. */
export interface PooledWork<T> {
  readonly workers: number;
  /** What to show while a batch of replications is under way. */
  readonly text: (done: number, of: number) => string;
  readonly work: (pool: ReplicationRunner) => Promise<T>;
}

/**
 * Does work on worker threads with a progress line, and ends them whatever comes of it.
 *
 * @throws FaultyInput where the design asks for too much, or a block of it fails; InterruptedError on Ctrl-C
 */
export async function pooled<T>(
  { own, module }: Pick<LoadedPlan, 'own' | 'module'>,
  { workers, text, work }: PooledWork<T>,
  { io }: Shell,
): Promise<T> {
  const line = progressLine(io.stderr, io.now);
  const pool = workerPool({ workers, own, module }, (done, of) => line.show(text(done, of)));
  try {
    const working = work(pool);
    // A single worker is this thread, too busy to hear of a signal: there Ctrl-C ends the process at once.
    return await (workers === 1 ? working : untilInterrupted(io, working));
  } catch (error) {
    throw faultOf(error);
  } finally {
    line.clear();
    await pool.close();
  }
}

/** What a simulation ended with, as a fault of the input where it is one: of the design, or of a block that it brings. */
export function faultOf(error: unknown): unknown {
  const faulty = error instanceof TooMuchToSimulate || error instanceof FaultyBlock;
  return faulty ? new FaultyInput(error.message, { cause: error }) : error;
}
