import { node } from './spawn.ts';

/** What one run of the built command line took. */
export interface BuiltRun {
  readonly stdout: string;
  /** From start to end of the process. */
  readonly seconds: number;
  /** Most memory held at any time. */
  readonly megabytes: number;
}

/** Prints the most memory that the process held, in kB, when it ends. */
const witness = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS + '\\n'));",
)}`;

/** Simulates a design of bench/designs with the built command line, for a fixed simulated time. */
export async function simulateBuilt(
  design: string,
  options: { readonly seconds: number; readonly replications: number; readonly workers: number },
): Promise<BuiltRun> {
  const start = performance.now();
  const { stdout, stderr } = await node([
    ...['--import', witness, 'bin/tenfold.js', 'simulate', `bench/designs/${design}`, '--json'],
    ...['--warmup', '0s', '--time', `${options.seconds}s`],
    ...['--replications', `${options.replications}`, '--workers', `${options.workers}`, '--max-wall', '1h'],
  ]);
  const peak = /\npeak (\d+)\n/.exec(stderr);
  if (peak === null) throw new Error(`the run did not say how much memory it held:\n${stderr}`);
  return { stdout, seconds: (performance.now() - start) / 1000, megabytes: Number(peak[1]) / 1024 };
}
