import { kindParts } from '../components/index.ts';
import { FaultyBlock, type Measurement, type ReplicationJob, runReplication } from '../simulate/index.ts';
import { nothingOwn, type OwnParts, ownPartsOf } from './own-module.ts';

/** A replication, and where what is the user's own in its design comes from. */
export interface WorkerJob {
  readonly job: ReplicationJob;
  /** Address of the module of the design, as the main thread imported it; null where there is none. */
  readonly module: string | null;
}

/** What came of it: a measurement, or the message of what is wrong with a block of the user's own. */
export type WorkerAnswer = Measurement | { readonly faultyBlock: string };

/** What a worker thread does with one job; tinypool calls the default export. */
export default async function run({ job, module }: WorkerJob): Promise<WorkerAnswer> {
  const { kinds, blocks }: OwnParts = module === null ? nothingOwn : ownPartsOf(await import(module));
  try {
    return runReplication(job, kindParts(kinds).simulated, blocks);
  } catch (error) {
    if (error instanceof FaultyBlock) return { faultyBlock: error.message };
    throw error;
  }
}
