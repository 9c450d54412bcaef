/**
 * `npm run bench`: measures the engine beside a bare loop and SimPy, the event set, a second worker and
 * memory; prints what it found. Exit status 1 when an answer was wrong, whatever the speed.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchBlocks } from './blocks/main.ts';
import { type Increments, incrementLaws, type Structure } from './event-set.ts';
import { machine } from './machine.ts';
import { type MemoryGrowth, measureMemory } from './memory.ts';
import { type Findings, type Holds, renderFindings, renderPage } from './page.ts';
import { findPython } from './run.ts';
import { measureRounds, type SideBySide } from './side-by-side.ts';
import { measure } from './spawn.ts';
import { median } from './statistics.ts';
import { measureWorkers, type WorkerGain } from './workers.ts';
import { type Contender, type Workload, workloads } from './workloads.ts';

const help = `npm run bench -- [blocks] [options]

  blocks         the blocks beside the libraries that people use, instead of the engine

  --only WHAT    side-by-side, event-set, workers, memory, or the name of a workload (may be repeated)
  --rounds N     rounds of the side-by-side (default 5)
  --scale X      share of the full run lengths (default 1)
  --write        write docs/performance.md
`;

const PENDING = [16, 1_000, 100_000];
const HOLDS = 1_000_000;
const HOLD_ROUNDS = 3;
const WORKER_RUNS = 2;

const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const scale = Number(values.scale);

if (values.help) process.stdout.write(help);
else if (positionals[0] === 'blocks') process.exitCode = await benchBlocks(rounds, scale, values.write);
else process.exitCode = await bench();

async function bench(): Promise<number> {
  const simpy = findPython() !== null;
  const findings: Findings = {
    machine: machine(),
    rounds,
    sideBySide: await sideBySide(simpy),
    simpy,
    holds: wanted('event-set') ? await holds() : null,
    workers: wanted('workers') ? await workers() : null,
    memory: wanted('memory') ? await memory() : null,
  };
  console.log(renderFindings(findings));
  if (values.write) {
    writeFileSync(fileURLToPath(new URL('../docs/performance.md', import.meta.url)), renderPage(findings));
    console.log('Written: docs/performance.md');
  }
  const wrong =
    findings.sideBySide?.some(({ disagreements }) => disagreements.length > 0) === true ||
    findings.workers?.sameBytes === false;
  return wrong ? 1 : 0;
}

function wanted(what: string): boolean {
  return values.only?.includes(what) ?? true;
}

async function sideBySide(simpy: boolean): Promise<SideBySide[] | null> {
  const chosen = workloads.filter(({ name }) => wanted(name) || wanted('side-by-side'));
  if (chosen.length === 0) return null;
  if (!simpy) progress('SimPy is not installed (Debian: python3-simpy3): skipped');
  const contenders: Contender[] = ['tenfold', 'bare', 'plain', ...(simpy ? (['simpy'] as const) : [])];
  return measureRounds(chosen, contenders, rounds, async (workload: Workload, contender, seed) => {
    const requests = Math.ceil(workload.requests[contender]! * scale);
    const run = await measure({ task: 'run', workload: workload.name, contender, requests, seed });
    progress(
      `round ${seed} of ${rounds}: ${workload.name}, ${contender}: ${(run.requests / run.seconds / 1e3).toFixed(0)}k/s`,
    );
    return run;
  });
}

async function holds(): Promise<Holds> {
  const of = async (structure: Structure) => {
    const byLaw = {} as Record<Increments, number[]>;
    for (const increments of incrementLaws) {
      byLaw[increments] = [];
      for (const pending of PENDING) {
        const found: number[] = [];
        for (let round = 0; round < HOLD_ROUNDS; round++) {
          const task = { task: 'hold', structure, pending, increments, holds: HOLDS * scale } as const;
          found.push((await measure(task)).nanoseconds);
        }
        byLaw[increments].push(median(found));
        progress(`${structure}, ${increments}, ${pending} pending: ${median(found).toFixed(0)} ns`);
      }
    }
    return byLaw;
  };
  return { pending: PENDING, nanoseconds: { calendar: await of('calendar'), heap: await of('heap') } };
}

function workers(): Promise<WorkerGain> {
  progress('two workers against one');
  return measureWorkers(WORKER_RUNS, 10_000_000 * scale);
}

async function memory(): Promise<MemoryGrowth[]> {
  const found: MemoryGrowth[] = [];
  for (const [name, requests] of [
    ['one-server', 2_000_000],
    ['network', 500_000],
    ['path-client-timeout', 250_000],
  ] as const) {
    progress(`memory of ${name}`);
    found.push(await measureMemory(name, requests * scale));
  }
  return found;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
