import type { Plan } from '../../design/index.ts';
import type { Figure, LoadPoint, Rung, StressReport, UslFit } from '../../report/index.ts';
import { uslThroughput } from '../../report/stress.ts';
import type { ReplicationRunner } from '../../simulate/index.ts';
import { type Breaking, typeable } from './breaking-loads.ts';
import { causeOf } from './causes.ts';
import {
  type HeadroomOptions,
  headroomOf,
  killableGoals,
  MOST,
  middle,
  type StressedKinds,
  searchHeadroom,
  verdictsOf,
} from './headroom.ts';
import type { Probe, Probes } from './probes.ts';
import type { Saturations } from './saturations.ts';
import { lossNote, unjudgedLosses } from './unjudged-losses.ts';
import { fitUsl, uslPeak } from './usl.ts';

export interface StressOptions extends HeadroomOptions {
  /** Version that the report carries; default empty. */
  readonly version?: string;
  /** The command that prints the report again. */
  readonly command?: string;
}

/** Stations are widened one after the other, up to so many. */
const MOST_RUNGS = 30;
/** Where the course of figures around the headroom is drawn, as shares of it. */
const COURSE = [0.25, 0.5, 0.75, 0.9, 1.5];
/** A load as close as this to another, as a share of it, shows nothing new. */
const CLOSE = 0.05;
const FEWEST_POINTS = 4;
/** Digits of a load that are shown. */
const SAID = 3;

/**
 * Raises the load of a design until every goal and every station has given way, or the highest load is reached: how
 * much more it holds, what gives way in which order, and why.
 *
 * The loads at which goals give way are found by bisection over simulations, with the estimate as a guess; those at
 * which stations are full by reading what is asked of them just where they are.
 *
 * @throws RangeError on options out of range, and what `simulate` throws
 */
export async function stress(
  plan: Plan,
  kinds: StressedKinds,
  options: StressOptions,
  runner: ReplicationRunner,
): Promise<StressReport> {
  const { seed = 1, most = MOST } = options;
  const search = { ...options, rungs: MOST_RUNGS };
  const searched = await searchHeadroom(plan, kinds, search, runner);
  const { guessed, stations, probes } = searched;
  await drawCourse(probes, searched.headroom, most);
  const runs = await probes.asItIs();
  const breaks = seenInCourse(plan, searched.breaks, runs);
  const headroom = headroomOf(breaks, stations, most);
  const ladder = await ladderOf(plan, breaks, stations, probes);
  const first = await probes.at(1);
  const held =
    plan.goals.length === 0 || headroom.low === null ? first : (await probes.longest(headroom.low)).report;
  return {
    schema: 'tenfold/stress@1',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: options.command ?? `tenfold stress ${plan.name}`,
    most,
    headroom,
    estimated: estimatedFirst(plan, guessed),
    ladder,
    spare: stations.spare,
    points: runs.map((run) => pointOf(plan, run)),
    usl: uslOf(runs),
    runs: probes.runs,
    notes: [
      ...notesOf(plan, breaks, stations, most, killableGoals(plan, first), probes.loads[0]!),
      ...lossNote(unjudgedLosses(plan, held, first), headroom.low ?? 1),
    ],
  };
}

/** The goal that gives way first by formulas, and where. */
function estimatedFirst(plan: Plan, breaks: readonly Breaking[]): StressReport['estimated'] {
  const [first] = breaks
    .map((breaking, g) => ({ at: middle(breaking), what: plan.goals[g]!.text }))
    .filter((each): each is { at: number; what: string } => each.at !== null)
    .sort((a, b) => a.at - b.at);
  return first ?? null;
}

/** Runs around the headroom, so that the course of figures below and above it is known. */
async function drawCourse(probes: Probes, { low, high }: Figure, most: number): Promise<void> {
  const knee = high ?? low ?? 1;
  for (const share of COURSE) {
    const times = typeable(knee * share);
    if (times > most) continue;
    const near = probes.loads.some((seen) => Math.abs(seen / times - 1) < CLOSE);
    if (!near) await probes.at(times);
  }
}

/**
 * Of goals that the search has nowhere seen missed, as of rare traffic, where the runs of the course do: well above the
 * knee few requests show it.
 */
function seenInCourse(plan: Plan, breaks: readonly Breaking[], runs: readonly Probe[]): Breaking[] {
  const judged = runs.map((run) => ({ times: run.times, verdicts: verdictsOf(plan, run, false) }));
  return breaks.map(({ met, missed }, g) => {
    const seen = judged.find(({ times, verdicts }) => times > (met ?? 0) && verdicts[g] === false);
    return { met, missed: missed ?? seen?.times ?? null };
  });
}

async function ladderOf(
  plan: Plan,
  breaks: readonly Breaking[],
  { full }: Saturations,
  probes: Probes,
): Promise<Rung[]> {
  const stations = full.map(
    ({ station, at, widened }): Rung => ({ what: 'station', name: station, at, because: [], widened }),
  );
  const goals = await Promise.all(
    breaks.map(async ({ met, missed }, g) => {
      if (missed === null) return [];
      const goal = plan.goals[g]!;
      const { report: broken } = await probes.longest(missed);
      const { report: sound } = await probes.longest(met ?? probes.loads[0]!);
      const { links } = causeOf(plan, goal, broken, sound);
      const at: Figure = {
        value: met === null ? null : (met + missed) / 2,
        low: met,
        high: missed,
        unit: '1',
      };
      return [{ what: 'goal', name: goal.text, at, because: links, widened: [] } satisfies Rung];
    }),
  );
  return [...stations, ...goals.flat()].sort(byLoad);
}

/** The lowest first, as it reads; of equal ones, what others were widened for last, then what is known to be lower. */
function byLoad(a: Rung, b: Rung): number {
  const load = ({ at }: Rung): number => Number((at.value ?? at.high ?? 0).toPrecision(SAID));
  return load(a) - load(b) || a.widened.length - b.widened.length || (a.at.low ?? 0) - (b.at.low ?? 0);
}

function pointOf(plan: Plan, { times, report, trend, drifting, overloaded }: Probe): LoadPoint {
  const drifts = overloaded === true ? drifting.map((t) => plan.traffic[t]!.name) : [];
  const operations = Object.entries(report.operations).map(([name, { throughput, success, latency }]) => [
    name,
    // Of what piles up, or drains, a run shows the latency that its length happens to give.
    { throughput, success, p99: drifts.includes(name) ? UNKNOWN_TIME : latency.p99 },
  ]);
  return { times, stable: report.stable && trend === 'steady', operations: Object.fromEntries(operations) };
}

const UNKNOWN_TIME: Figure = { value: null, low: null, high: null, unit: 's' };

/** The law is about requests that are in each other's way: it wants runs with at least so many in progress. */
const LEAST_CROWD = 2;
/** Runs that serve less of what came are not those of a system that keeps up. */
const LEAST_SUCCESS = 0.99;
/** A highest throughput further beyond what was run than so many times says nothing. */
const FURTHEST = 10;

/** The law through requests in progress (Little: throughput × mean time) and throughput, of runs in which all keep up. */
function uslOf(runs: readonly Probe[]): UslFit | null {
  const points = runs.flatMap(({ times, report, overloaded }) => {
    const all = Object.values(report.operations);
    const throughput = all.reduce((sum, each) => sum + (each.throughput.value ?? 0), 0);
    const load = all.reduce(
      (sum, each) =>
        sum +
        (each.throughput.value ?? 0) * (each.latency.mean.value ?? (each.served === 0 ? 0 : Number.NaN)),
      0,
    );
    const succeed = all.every(({ success }) => (success.value ?? 1) >= LEAST_SUCCESS);
    return report.stable && overloaded !== true && succeed && load > 0 && throughput > 0
      ? [{ times, load, throughput }]
      : [];
  });
  if (new Set(points.map(({ load }) => load)).size < FEWEST_POINTS) return null;
  if (Math.max(...points.map(({ load }) => load)) < LEAST_CROWD) return null;
  const usl = fitUsl(points);
  const perTime = points[0]!.throughput / points[0]!.times;
  const seen = Math.max(...points.map(({ throughput }) => throughput));
  const most =
    usl.kappa > 0
      ? uslThroughput(usl, Math.max(1, uslPeak(usl)))
      : usl.sigma > 0
        ? usl.lambda / usl.sigma
        : null;
  const fitted = points.map(({ times, load, throughput }) => ({ times, inProgress: load, throughput }));
  const squares = points.reduce(
    (sum, { load, throughput }) => sum + (uslThroughput(usl, load) / throughput - 1) ** 2,
    0,
  );
  const error = Math.sqrt(squares / points.length);
  return {
    ...usl,
    error,
    points: fitted,
    peak: most === null || most > FURTHEST * seen ? null : { throughput: most, times: most / perTime },
  };
}

function notesOf(
  plan: Plan,
  breaks: readonly Breaking[],
  stations: Saturations,
  most: number,
  killable: readonly number[],
  lowest: number,
): string[] {
  const undecided = breaks.flatMap(({ met, missed }, g) =>
    met === null && missed === null ? [plan.goals[g]!.text] : [],
  );
  const unclear = breaks.flatMap(({ met, missed }, g) =>
    met !== null && missed === null && met < most ? [plan.goals[g]!.text] : [],
  );
  const missedAtOnce = breaks.flatMap(({ met, missed }, g) =>
    met === null && missed !== null ? [plan.goals[g]!.text] : [],
  );
  const notes: string[] = [];
  if (plan.goals.length === 0)
    notes.push('The design has no goals: the headroom is where the first station is full.');
  if (undecided.length > 0) {
    notes.push(
      `Of ${undecided.join('; ')} no run could tell whether it is met: simulate with more precision shows what it takes.`,
    );
  }
  if (killable.length > 0) {
    const texts = killable.map((g) => plan.goals[g]!.text).join('; ');
    notes.push(
      `Instances may be killed for want of memory, seldom and with many requests at once: that ${texts} holds is believed of longer runs alone, and an outage rarer than these show is not seen.`,
    );
  }
  if (unclear.length > 0) {
    notes.push(`Where these give way no run could tell: ${unclear.join('; ')}.`);
  }
  if (missedAtOnce.length > 0) {
    notes.push(
      `At no load that was tried, from ${lowest}× on, is it sure that these are met: ${missedAtOnce.join('; ')}.`,
    );
  }
  if (stations.unfinished) {
    notes.push(`The search for full stations ended before ${most} times the load: there may be more.`);
  }
  if (plan.traffic.some(({ arrivals }) => arrivals.type === 'closed')) {
    notes.push(
      'A fixed population is multiplied in users: a slow system slows them down, and they press it less.',
    );
  }
  return notes;
}
