/**
 * One timed run in a process of its own, so that no contender runs on code that another one has shaped:
 * `child.ts '<task as JSON>'` prints the outcome as JSON.
 */
import { inlineMore } from '../src/cli/inlining.ts';
import { measureHolds } from './event-set.ts';
import { run } from './run.ts';
import type { Task } from './spawn.ts';
import { workloadNamed } from './workloads.ts';

inlineMore();
const task = JSON.parse(process.argv[2]!) as Task;
process.stdout.write(JSON.stringify(outcome(task)));

function outcome(task: Task): unknown {
  if (task.task === 'hold') return measureHolds(task.structure, task.pending, task.increments, task.holds);
  const workload = workloadNamed(task.workload);
  // SimPy runs in a fresh process anyway, without a compiler that would have to warm up.
  if (task.contender !== 'simpy') run(workload, task.contender, Math.ceil(task.requests / 10), task.seed + 1);
  return run(workload, task.contender, task.requests, task.seed);
}
