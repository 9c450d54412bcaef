import { type Increments, incrementLaws, type Structure } from './event-set.ts';
import type { MemoryGrowth } from './memory.ts';
import type { SideBySide } from './side-by-side.ts';
import type { Ratio } from './statistics.ts';
import type { WorkerGain } from './workers.ts';

/** Nanoseconds per hold, by structure, increments and pending events. */
export interface Holds {
  readonly pending: readonly number[];
  readonly nanoseconds: Readonly<Record<Structure, Readonly<Record<Increments, readonly number[]>>>>;
}

/** Everything that one run of the benchmarks found; null = not asked for. */
export interface Findings {
  /** Processor, cores, system and versions, and the day. */
  readonly machine: string;
  readonly rounds: number;
  readonly sideBySide: readonly SideBySide[] | null;
  /** False where SimPy is not installed. */
  readonly simpy: boolean;
  readonly holds: Holds | null;
  readonly workers: WorkerGain | null;
  readonly memory: readonly MemoryGrowth[] | null;
}

const WORKERS_GOAL = 1.7;
const HOLD_GOAL = 2;
/** Memory that grows by less than this from the shortest to the longest run is flat: garbage not yet collected. */
const FLAT_GOAL = 1.5;

/** The findings as Markdown, which is readable in a terminal too. */
export function renderFindings(findings: Findings): string {
  const { sideBySide, holds, workers, memory } = findings;
  return [
    ...(sideBySide === null ? [] : sideBySideSection(sideBySide, findings)),
    ...(holds === null ? [] : holdSection(holds)),
    ...(workers === null ? [] : workerSection(workers)),
    ...(memory === null ? [] : memorySection(memory)),
  ].join('\n');
}

/** The page docs/performance.md. */
export function renderPage(findings: Findings): string {
  return `<!-- Written by \`npm run bench -- --write\`; do not edit by hand. -->
# Performance

How fast the engine is, beside a loop written by hand for the same work and beside SimPy. Only ratios can be
compared between machines.

Measured on ${findings.machine}.

${renderFindings(findings)}`;
}

function sideBySideSection(found: readonly SideBySide[], { rounds, simpy }: Findings): string[] {
  const beside = found.filter(({ rates }) => rates.bare !== undefined);
  const rows = beside.map(({ workload, rates, eventRate, ratios }) => [
    workload.title,
    perSecond(rates.tenfold!),
    eventRate === null ? '' : perSecond(eventRate),
    perSecond(rates.bare!),
    ratioText(ratios.bare!, 2),
    goalText(workload.goals.bare, ratios.bare),
    rates.simpy === undefined ? '' : perSecond(rates.simpy),
    ratios.simpy === undefined ? '' : ratioText(ratios.simpy, 1),
    goalText(workload.goals.simpy, ratios.simpy),
  ]);
  const heads = [
    ...['workload', 'requests/s', 'events/s', 'bare loop', 'ratio to it', 'goal'],
    ...['SimPy', 'ratio to it', 'goal'],
  ];
  return [
    '## Side by side',
    '',
    ...(rows.length === 0 ? [] : [table(heads, rows), '']),
    ...plainLines(found),
    `One thread. Medians of ${rounds} rounds, in which every contender runs once in a process of its own; ratios are`,
    'medians of pairs from the same round, least and greatest in brackets. What counts is processor time without',
    'start-up; each process has done a tenth of the work once before, so that its code is compiled, and lets V8',
    'inline as much as the command line does.',
    '',
    '- **Tenfold** runs the files of `bench/designs/` with all the statistics of a report.',
    '- **The bare loop** (`bench/bare/`) is typed arrays and one function per model, written for this work alone,',
    '  and keeps nothing but the mean response time.',
    `- **SimPy** (\`bench/simpy/\`) is one process a customer and one resource a station${simpy ? '' : '; it is not installed here'}.`,
    '- **events/s** counts an arrival and a departure for each visit to a station.',
    '- **path**: balancer with least connections → 8 servers of 16 cores → LRU of 100,000 keys, Zipf 1.0 over 1',
    '  million → database of 20 connections; 6 requests/ms, and an exponential hop between any two. The timeouts',
    '  are of 50 ms, set for every request or for every call to cache or database. **On every hop**, the clients',
    '  are a service of its own, one hop in front of the balancer; its call through the balancer, and those of',
    '  the servers to cache and database, each have a timeout (200 and 100 ms), up to two retries within a budget',
    '  and a breaker over the last 100 calls. The plain path beside it is the one above: it has none of that, and',
    '  two hops fewer.',
    '',
    ...disagreementLines(found),
    '',
  ];
}

/** Races of the engine with itself: what a design costs beside a plainer one. */
function plainLines(found: readonly SideBySide[]): string[] {
  const rows = found
    .filter(({ rates }) => rates.plain !== undefined)
    .map(({ workload, rates, ratios }) => [
      workload.title,
      perSecond(rates.tenfold!),
      perSecond(rates.plain!),
      ratioText(ratios.plain!, 2),
      goalText(workload.goals.plain, ratios.plain),
    ]);
  const heads = ['workload', 'requests/s', 'plain path', 'ratio to it', 'goal'];
  return rows.length === 0 ? [] : [table(heads, rows), ''];
}

function disagreementLines(found: readonly SideBySide[]): string[] {
  const complaints = found.flatMap(({ disagreements }) => disagreements);
  if (complaints.length > 0) return complaints.map((complaint) => `**Wrong answer:** ${complaint}`);
  return [
    'Every mean response time agreed with theory (for the paths with timeouts, with the bare loop) within its',
    'own interval over the rounds.',
  ];
}

function holdSection({ pending, nanoseconds }: Holds): string[] {
  const rows = incrementLaws.map((law) => {
    const calendar = nanoseconds.calendar[law];
    const growth = calendar.at(-1)! / calendar[1]!;
    return [
      law,
      ...calendar.map((ns) => ns.toFixed(0)),
      growth.toFixed(2),
      `≤ ${HOLD_GOAL} ${growth <= HOLD_GOAL ? 'met' : '**missed**'}`,
      ...nanoseconds.heap[law].map((ns) => ns.toFixed(0)),
    ];
  });
  const counts = pending.map((count) => count.toLocaleString('en-US'));
  const heads = [
    'increments',
    ...counts,
    `${counts.at(-1)} by ${counts[1]}`,
    'goal',
    ...counts.map((count) => `heap, ${count}`),
  ];
  return [
    '## Event set',
    '',
    table(heads, rows),
    '',
    'Nanoseconds to take one event out and put one in (hold model), by the number of pending events and the law',
    'of how far ahead they are scheduled; medians. A 4-ary heap on typed arrays stands beside it.',
    '',
  ];
}

function workerSection({ gain, machine, runs, sameBytes }: WorkerGain): string[] {
  const met = gain >= WORKERS_GOAL ? 'met' : '**missed**';
  return [
    '## Two workers',
    '',
    `\`--workers 2\` is ${gain.toFixed(2)} times as fast as \`--workers 1\`, start of the process included (goal ≥ ${WORKERS_GOAL}: ${met}).`,
    `Two processes of one worker each, side by side, do ${machine.toFixed(2)} times the work of one: more than that the machine`,
    `has not to give. Times on the wall, the best of ${runs}: whatever else runs on the machine only takes away.`,
    '',
    sameBytes ? 'The reports are the same to the byte.' : '**Wrong answer:** the reports differ.',
    '',
  ];
}

function memorySection(found: readonly MemoryGrowth[]): string[] {
  const rows = found.flatMap(({ workload, runs }) => {
    const growth = runs.at(-1)!.megabytes / runs[0]!.megabytes;
    return runs.map(({ requests, megabytes }, at) => [
      at === 0 ? workload : '',
      requests.toLocaleString('en-US'),
      megabytes.toFixed(0),
      at < runs.length - 1 ? '' : `${growth.toFixed(2)} ${growth <= FLAT_GOAL ? 'flat' : '**grows**'}`,
    ]);
  });
  return [
    '## Memory',
    '',
    table(['workload', 'requests', 'peak MB', 'last by first'], rows),
    '',
    'Resident memory of the whole process of `tenfold simulate`, at its peak.',
    '',
  ];
}

function goalText(goal: number | undefined, ratio: Ratio | undefined): string {
  if (goal === undefined || ratio === undefined) return '';
  return `≥ ${goal} ${ratio.value >= goal ? 'met' : '**missed**'}`;
}

function ratioText({ value, low, high }: Ratio, digits: number): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;
}

function perSecond(rate: number): string {
  return rate >= 1e6 ? `${(rate / 1e6).toFixed(2)}M` : `${(rate / 1e3).toFixed(0)}k`;
}

/** A Markdown table with aligned columns: words to the left, numbers to the right. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]!.length), 3),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(heads), rule, ...rows.map(line)].join('\n');
}
