import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kinds, simulatedKinds } from '../src/components/index.ts';
import { loadDesign, type Plan } from '../src/design/index.ts';
import { recurringCallRates } from '../src/estimate/recurring.ts';
import { runReplication } from '../src/simulate/index.ts';
import { runBareNetwork } from './bare/network.ts';
import { runBarePath, warmCache } from './bare/path.ts';
import { timed } from './clock.ts';
import { arrivalRate, type Contender, type Workload } from './workloads.ts';

/** What one timed run came to. */
export interface Run {
  /** Requests that ended. */
  readonly requests: number;
  /** Processor time, process start-up apart. */
  readonly seconds: number;
  /** Mean response of the requests that were served, in seconds of simulated time. */
  readonly mean: number;
}

/** Does about `requests` requests of a workload on this thread. */
export function run(workload: Workload, contender: Contender, requests: number, seed: number): Run {
  if (contender === 'tenfold') return runTenfold(workload, workload.design, requests, seed);
  if (contender === 'plain') return runTenfold(workload, workload.plain!.design, requests, seed);
  return contender === 'bare' ? runBare(workload, requests, seed) : runSimpy(workload, requests, seed);
}

/** The plan of a file in bench/designs. */
export function planOf(file: string): Plan {
  const text = readFileSync(new URL(`./designs/${file}`, import.meta.url), 'utf8');
  const { plan, diagnostics } = loadDesign(text, { file, kinds: kinds.map((kind) => kind.describe) });
  if (plan === null) throw new Error(diagnostics.map((found) => found.message).join('\n'));
  return plan;
}

/** One replication of a design, with all its statistics. */
function runTenfold(workload: Workload, design: string, requests: number, seed: number): Run {
  const plan = planOf(design);
  const rate = arrivalRate(workload);
  const rates = recurringCallRates(
    plan,
    () => 0.5,
    () => rate,
  );
  const job = { plan, seed, replication: 0, warmup: 0, seconds: requests / rate, windows: 0, rates };
  const { seconds, result } = timed(() => runReplication(job, simulatedKinds));
  const traffic = result.traffic[0]!;
  return {
    requests: traffic.offered - traffic.inFlight,
    seconds,
    mean: traffic.latencySum / traffic.served,
  };
}

function runBare({ work }: Workload, requests: number, seed: number): Run {
  if ('network' in work) {
    const { seconds, result } = timed(() => runBareNetwork(work.network, requests, seed));
    return { requests: result.finished, seconds, mean: result.mean };
  }
  // The floor gets its tables and its warm cache for nothing; the engine makes its own within the run.
  const warm = warmCache(work.path, seed + 1);
  const { seconds, result } = timed(() => runBarePath(work.path, warm, requests, seed));
  return { requests: result.finished, seconds, mean: result.mean / 1000 };
}

/** The Python that has SimPy: Debian's own, or the first on the path; null where there is none. */
export function findPython(): string | null {
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      execFileSync(python, ['-c', 'import simpy'], { stdio: 'ignore' });
      return python;
    } catch {
      // Not this one.
    }
  }
  return null;
}

function runSimpy({ name, work }: Workload, requests: number, seed: number): Run {
  if (!('network' in work)) throw new RangeError(`there is no SimPy model of ${name}`);
  const python = findPython();
  if (python === null) throw new Error('no Python with SimPy here');
  const script = fileURLToPath(new URL('./simpy/network.py', import.meta.url));
  const model = JSON.stringify({ ...work.network, customers: requests, seed });
  const { finished, mean, seconds } = JSON.parse(
    execFileSync(python, [script, model], { encoding: 'utf8' }),
  ) as { finished: number; mean: number; seconds: number };
  return { requests: finished, seconds, mean };
}
