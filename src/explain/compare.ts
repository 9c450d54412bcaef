import type { Plan, PlanGoal } from '../design/index.ts';
import { availability, estimate } from '../estimate/index.ts';
import { meanInterval, studentTail } from '../kernel/index.ts';
import {
  type AvailabilityReport,
  type ComparedGoal,
  type ComparedRow,
  type CompareReport,
  type Comparison,
  type Effect,
  type Figure,
  judge,
  type Report,
} from '../report/index.ts';
import { type ReplicationRunner, simulate } from '../simulate/index.ts';
import { effectOf, type Pairing, parted, type Tested, tested } from './differences.ts';
import { keyMoves } from './key-moves.ts';
import { singlePointsOf } from './single-points.ts';
import type { StressedKinds } from './stress/headroom.ts';

/** A design to compare, and what runs it. */
export interface Subject {
  /** As the reader knows it. */
  readonly name: string;
  readonly plan: Plan;
  readonly kinds: StressedKinds;
  readonly runner: ReplicationRunner;
}

export interface CompareOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** Pairs of runs, from 3 to 1000; default 10. */
  readonly pairs?: number;
  /** Name of a scenario that all designs have, to lay over them; default: none. */
  readonly scenario?: string;
  /** Version that the report carries; default empty. */
  readonly version?: string;
  /** The command that prints the report again. */
  readonly command?: string;
  /** Told of each run that ended: how many, of how many. */
  readonly onProgress?: (done: number, of: number) => void;
}

const PAIRS = 10;
const FEWEST_PAIRS = 3;
const MOST_PAIRS = 1000;
/** Replications of each run, which are alike but for their numbers. */
const EACH = 2;
/** Requests of the rarest traffic that a goal is about, in a replication. */
const LEAST_OF_EACH = 10;
/** Seconds on a slow machine that a run may take. No clock is asked: it bounds the events. */
const RUN_SECONDS = 30;

/**
 * Compares designs with the first of them. Each pair of runs has the same seed, warm-up and length, so that both designs
 * see the same arrivals, keys and, where they do the same, service times: what differs is what the designs do. A
 * difference is told where it is more than chance, all figures of a comparison taken together.
 *
 * @throws RangeError on options out of range, or fewer than two designs, and what `simulate` throws
 */
export async function compare(
  subjects: readonly Subject[],
  options: CompareOptions = {},
): Promise<CompareReport> {
  const { seed = 1, pairs = PAIRS, scenario, version = '' } = options;
  if (subjects.length < 2) throw new RangeError(`designs must be at least 2, got ${subjects.length}`);
  if (!(Number.isInteger(pairs) && pairs >= FEWEST_PAIRS && pairs <= MOST_PAIRS)) {
    throw new RangeError(`pairs must be a whole number from ${FEWEST_PAIRS} to ${MOST_PAIRS}, got ${pairs}`);
  }
  const of = subjects.length * (pairs + 1);
  let done = 0;
  const ended = <T>(result: T): T => {
    options.onProgress?.(++done, of);
    return result;
  };
  const under = scenario === undefined ? {} : { scenario };
  const trials: Report[] = [];
  for (const { plan, kinds, runner } of subjects) {
    const usual = { seed, replications: EACH, leastOfEach: LEAST_OF_EACH, maxWall: RUN_SECONDS, ...under };
    trials.push(ended(await simulate(plan, kinds.simulated, usual, runner)));
  }
  // A scenario has a length of its own.
  const length =
    scenario === undefined
      ? {
          warmup: Math.max(...trials.map(({ warmupSeconds }) => warmupSeconds)),
          time: Math.max(...trials.map(({ simulatedSeconds }) => simulatedSeconds / EACH)),
        }
      : {};
  const measured: Measured[] = [];
  for (const { plan, kinds, runner } of subjects) {
    const runs: Report[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const run = { seed: seed * MOST_PAIRS + pair, replications: EACH, ...length, ...under };
      runs.push(ended(await simulate(plan, kinds.simulated, run, runner)));
    }
    measured.push({
      plan,
      kinds,
      runs,
      sheet: estimate(plan, kinds.estimated).sheet,
      nines: availability(plan, kinds.estimated, { seed }),
    });
  }
  const [first, ...others] = measured;
  return {
    schema: 'tenfold/compare@1',
    designs: subjects.map(({ name }) => name),
    scenario: scenario ?? null,
    seed,
    pairs,
    version,
    command: options.command ?? `tenfold compare ${subjects.map(({ name }) => name).join(' ')}`,
    comparisons: others.map((other, at) => compared(subjects[at + 1]!.name, first!, other)),
    notes: notesOf(subjects, measured),
  };
}

/** What was seen of one design. */
interface Measured {
  readonly plan: Plan;
  readonly kinds: StressedKinds;
  readonly runs: readonly Report[];
  readonly sheet: Report['sheet'];
  readonly nines: AvailabilityReport;
}

function compared(design: string, before: Measured, after: Measured): Comparison {
  const paired = pairingsOf(before.runs, after.runs).map((pairing) => ({ ...pairing, ...tested(pairing) }));
  const all = [...paired, ...downtimes(before.nines, after.nines)];
  const apart = parted(all.map(({ chance }) => chance));
  const rows = all.map(({ group, name, greater, before, after, difference }, at): ComparedRow => {
    const effect =
      before === null ? 'new' : after === null ? 'gone' : effectOf(difference, greater, apart[at]!);
    const none: Figure = { value: null, low: null, high: null, unit: difference.unit };
    return { group, name, before: before ?? none, after: after ?? none, difference, effect };
  });
  const points = [singlePointsOf(before.nines), singlePointsOf(after.nines)] as const;
  return {
    design,
    goals: goalsOf(before, after),
    rows: [...rows, ...costRows(before.sheet, after.sheet)],
    singlePoints: { added: without(points[1], points[0]), removed: without(points[0], points[1]) },
    keyMoves: keyMoves(before, after),
  };
}

/** Every figure that is compared by pairs of runs, in the order of the later design. */
function pairingsOf(before: readonly Report[], after: readonly Report[]): Pairing[] {
  const pairings: Pairing[] = [];
  const add = <T>(
    group: Pairing['group'],
    of: (report: Report) => Readonly<Record<string, T>>,
    figures: readonly Compared<T>[],
  ): void => {
    for (const name of union(Object.keys(of(after[0]!)), Object.keys(of(before[0]!)))) {
      for (const { part, figure, greater } of figures) {
        const values = (runs: readonly Report[]) =>
          name in of(runs[0]!) ? runs.map((run) => figure(of(run)[name]!).value) : null;
        const unit = figure((of(after[0]!)[name] ?? of(before[0]!)[name])!).unit;
        pairings.push({
          group,
          name: `${name}.${part}`,
          unit,
          greater,
          before: values(before),
          after: values(after),
        });
      }
    }
  };
  add('traffic', ({ operations }) => operations, OF_TRAFFIC);
  add('stations', ({ stations }) => stations, OF_STATIONS);
  add('caches', ({ caches }) => caches, OF_CACHES);
  add('messages', ({ queues }) => queues ?? {}, OF_MESSAGES);
  add('replicas', ({ staleness }) => staleness ?? {}, OF_REPLICAS);
  add('replicas', ({ replication }) => replication ?? {}, OF_REPLICATION);
  return pairings.filter((each) => isSeen(each.before) || isSeen(each.after));
}

const isSeen = (values: readonly (number | null)[] | null): boolean =>
  values?.some((value) => value !== null) ?? false;

/** A figure of a part of a report, and what a greater value of it is. */
interface Compared<T> {
  readonly part: string;
  readonly figure: (of: T) => { readonly value: number | null; readonly unit: Pairing['unit'] };
  readonly greater: Pairing['greater'];
}

const OF_TRAFFIC: readonly Compared<Report['operations'][string]>[] = [
  { part: 'throughput', figure: ({ throughput }) => throughput, greater: 'more' },
  { part: 'success', figure: ({ success }) => success, greater: 'better' },
  { part: 'mean', figure: ({ latency }) => latency.mean, greater: 'worse' },
  { part: 'p50', figure: ({ latency }) => latency.p50, greater: 'worse' },
  { part: 'p95', figure: ({ latency }) => latency.p95, greater: 'worse' },
  { part: 'p99', figure: ({ latency }) => latency.p99, greater: 'worse' },
];
const OF_STATIONS: readonly Compared<Report['stations'][string]>[] = [
  { part: 'busy', figure: ({ utilization }) => utilization, greater: 'more' },
  { part: 'waiting', figure: ({ waiting }) => waiting, greater: 'worse' },
];
const OF_CACHES: readonly Compared<Report['caches'][string]>[] = [
  { part: 'hit ratio', figure: ({ hitRatio }) => hitRatio, greater: 'better' },
];
const OF_MESSAGES: readonly Compared<NonNullable<Report['queues']>[string]>[] = [
  { part: 'depth', figure: ({ depth }) => depth, greater: 'more' },
  { part: 'age p99', figure: ({ age }) => age.p99, greater: 'worse' },
];
const OF_REPLICAS: readonly Compared<NonNullable<Report['staleness']>[string]>[] = [
  { part: 'stale', figure: ({ stale }) => stale, greater: 'worse' },
  { part: 'age', figure: ({ age }) => age.mean, greater: 'worse' },
];
const NOTHING = { value: null, unit: '1' } as const;
const OF_REPLICATION: readonly Compared<NonNullable<Report['replication']>[string]>[] = [
  { part: 'pinned to primary', figure: ({ pinned }) => pinned ?? NOTHING, greater: 'more' },
  { part: 'lag', figure: ({ lag }) => lag.mean, greater: 'worse' },
  { part: 'lag p99', figure: ({ lag }) => lag.p99, greater: 'worse' },
];

function goalsOf(before: Measured, after: Measured): ComparedGoal[] {
  const texts = union(
    after.plan.goals.map(({ text }) => text),
    before.plan.goals.map(({ text }) => text),
  );
  return texts.map((goal) => ({ goal, before: verdictOn(goal, before), after: verdictOn(goal, after) }));
}

/** A goal judged by all runs of a design together; one that any of them sees missed for want of a steady state is missed. */
function verdictOn(text: string, { plan, runs }: Measured): ComparedGoal['before'] {
  const at = plan.goals.findIndex((goal) => goal.text === text);
  if (at < 0) return null;
  const goal: PlanGoal = plan.goals[at]!;
  const judged = runs.map((run) => run.goals[at]!);
  const values = judged.map(({ value }) => value.value);
  if (values.includes(null)) return judged.some(({ met }) => met === false) ? false : 'unknown';
  return judge(goal, { ...meanInterval(values as number[]), unit: judged[0]!.value.unit });
}

/** What is computed and not simulated differs or does not. */
function costRows(before: Report['sheet'], after: Report['sheet']): ComparedRow[] {
  const costs = (sheet: Report['sheet']) =>
    new Map(sheet.flatMap(({ name, figure }) => (figure.unit === '$' ? [[name, figure] as const] : [])));
  const [old, now] = [costs(before), costs(after)];
  return union([...now.keys()], [...old.keys()]).flatMap((name): ComparedRow[] => {
    const [a, b] = [old.get(name) ?? null, now.get(name) ?? null];
    if ((a?.value ?? null) === null && (b?.value ?? null) === null) return [];
    const none: Figure = { value: null, low: null, high: null, unit: '$' };
    const change =
      a === null || b === null || a.value === null || b.value === null ? null : b.value - a.value;
    const difference: Figure =
      change === null ? none : { value: change, low: change, high: change, unit: '$' };
    const effect =
      a === null ? 'new' : b === null ? 'gone' : change === null ? 'unknown' : costEffect(change, b.value!);
    return [{ group: 'cost', name, before: a ?? none, after: b ?? none, difference, effect }];
  });
}

function costEffect(change: number, of: number): Effect {
  if (Math.abs(change) <= ROUNDING * of) return 'alike';
  return change > 0 ? 'worse' : 'better';
}

/** Years of failures of two designs are independent of each other, and many: their means are normal. */
function downtimes(before: AvailabilityReport, after: AvailabilityReport) {
  return Object.entries(after.traffic).flatMap(([name, { downtime: now }]) => {
    const old = before.traffic[name]?.downtime;
    if (old === undefined || old.value === null || now.value === null) return [];
    const value = now.value - old.value;
    const half = Math.hypot(reach(old), reach(now));
    const difference = { value, low: value - half, high: value + half, unit: 's' } as const;
    const errors = value === 0 ? 0 : (Math.abs(value) / half) * NORMAL_975;
    const tested: Tested = { before: old, after: now, difference, chance: studentTail(errors, MANY) };
    return [{ group: 'availability', name: `${name}.downtime a year`, greater: 'worse', ...tested } as const];
  });
}

/** Sums of the same parts in another order differ by no more than this share. */
const ROUNDING = 1e-9;
/** The 97.5 % quantile of the normal law, and degrees of freedom from which Student's is as good as that. */
const NORMAL_975 = 1.959963984540054;
const MANY = 1000;

function reach({ low, high }: Figure): number {
  return low === null || high === null ? 0 : (high - low) / 2;
}

function notesOf(subjects: readonly Subject[], measured: readonly Measured[]): string[] {
  return subjects.flatMap(({ name }, at) =>
    measured[at]!.runs.every(({ stable }) => stable)
      ? []
      : [`${name} cannot hold this load: what has no steady state has no latency to compare.`],
  );
}

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];
const without = (a: readonly string[], b: readonly string[]): string[] =>
  a.filter((each) => !b.includes(each));
