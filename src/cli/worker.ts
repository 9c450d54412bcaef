import { simulatedKinds } from '../components/index.ts';
import { type Measurement, type ReplicationJob, runReplication } from '../simulate/index.ts';

/** What a worker thread does with one job; tinypool calls the default export. */
export default function run(job: ReplicationJob): Measurement {
  return runReplication(job, simulatedKinds);
}
