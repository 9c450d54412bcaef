import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HoldOutcome, Increments, Structure } from './event-set.ts';
import type { Run } from './run.ts';
import type { Contender } from './workloads.ts';

/** What a child process is asked to measure. */
export type Task = RunTask | HoldTask;

export interface RunTask {
  readonly task: 'run';
  readonly workload: string;
  readonly contender: Contender;
  readonly requests: number;
  readonly seed: number;
}

export interface HoldTask {
  readonly task: 'hold';
  readonly structure: Structure;
  readonly pending: number;
  readonly increments: Increments;
  readonly holds: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const hooks = fileURLToPath(new URL('../scripts/typescript.js', import.meta.url));
const child = fileURLToPath(new URL('./child.ts', import.meta.url));

export function measure(task: RunTask): Promise<Run>;
export function measure(task: HoldTask): Promise<HoldOutcome>;
/** Measures in a process of its own. */
export async function measure(task: Task): Promise<unknown> {
  return JSON.parse((await node(['--import', hooks, child, JSON.stringify(task)])).stdout);
}

/** Runs Node with these arguments in the root of the project; rejects when it ends badly. */
export function node(args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    started.on('error', reject);
    started.on('close', (status, signal) => {
      if (status === 0) resolve(output);
      else
        reject(
          new Error(`node ${args.join(' ')} ended with ${signal ?? `status ${status}`}\n${output.stderr}`),
        );
    });
  });
}
