import { type Plan, underLoad } from '../design/index.ts';
import { type EstimatedKind, estimate } from '../estimate/index.ts';
import type { Uncertain } from '../quantities/index.ts';
import type { Figure, LoadPoint, Report, Rung, StressReport, UslFit } from '../report/index.ts';
import { type ReplicationRunner, type SimulatedKind, simulate } from '../simulate/index.ts';
import { type Breaking, breakingLoads, type LoadSearch, typeable } from './breaking-loads.ts';
import { causeOf } from './causes.ts';
import { Probes } from './probes.ts';
import { type Saturations, saturations } from './saturations.ts';
import { fitUsl, uslPeak, uslThroughput } from './usl.ts';

export interface StressOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** The highest load to look at, as a multiple of that of the design, from 1 to 10,000; default 100. */
  readonly most?: number;
  /** How narrow the bracket around a load is to be, as a share of it; default 0.05. */
  readonly precision?: number;
  /** Version that the report carries; default empty. */
  readonly version?: string;
  /** The command that prints the report again. */
  readonly command?: string;
  /** Told when a simulation begins. */
  readonly onProgress?: (progress: StressProgress) => void;
}

/** How far a search has come. */
export interface StressProgress {
  /** Simulations begun. */
  readonly runs: number;
  /** The load of the last of them. */
  readonly times: number;
}

/** What each kind offers to both interpreters, by name. */
export interface StressedKinds {
  readonly estimated: ReadonlyMap<string, EstimatedKind>;
  readonly simulated: ReadonlyMap<string, SimulatedKind>;
}

const MOST = 100;
const MOST_AT_ALL = 10_000;
const LEAST = 0.01;
/** Where the course of figures around the headroom is drawn, as shares of it. */
const COURSE = [0.25, 0.5, 0.75, 0.9, 1.1, 1.4, 2];
const FEWEST_POINTS = 4;

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
  const { seed = 1, most = MOST, precision = 0.05 } = options;
  if (!(most >= 1 && most <= MOST_AT_ALL)) {
    throw new RangeError(`most must be from 1 to ${MOST_AT_ALL}, got ${most}`);
  }
  if (!(precision > 0 && precision < 1))
    throw new RangeError(`precision must be between 0 and 1, got ${precision}`);
  const probes = new Probes(
    plan,
    (probed, more) => simulate(probed, kinds.simulated, { seed, ...more }, runner),
    (runs, times) => options.onProgress?.({ runs, times }),
  );
  const common = { goals: plan.goals.length, most, least: LEAST, precision };
  const guessed = await estimatedBreaks(plan, kinds.estimated, common);
  const guesses = guessed.map(middle);
  const breaks =
    plan.goals.length === 0
      ? []
      : await breakingLoads({
          ...common,
          guesses,
          judge: async (times, long) => (await probes.at(times, long)).goals.map(({ met }) => met),
        });
  const stations = await saturations(plan, probes, most);
  const headroom = headroomOf(breaks, stations, most);
  await drawCourse(probes, headroom, most);
  const ladder = await ladderOf(plan, breaks, stations, probes);
  const points = (await probes.steady()).map(({ times, report }) => pointOf(times, report));
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
    points,
    usl: uslOf((await probes.steady()).map(({ times, report }) => ({ times, report }))),
    runs: probes.runs,
    notes: notesOf(plan, breaks, stations, most),
  };
}

/** The loads at which goals give way by formulas, at the values of inputs that are ranges. */
async function estimatedBreaks(
  plan: Plan,
  kinds: ReadonlyMap<string, EstimatedKind>,
  common: Pick<LoadSearch, 'goals' | 'most' | 'least' | 'precision'>,
): Promise<Breaking[]> {
  if (common.goals === 0) return [];
  const exact = withoutRanges(plan);
  return breakingLoads({
    ...common,
    guesses: plan.goals.map(() => null),
    judge: async (times) => {
      const { goals, stable } = estimate(underLoad(exact, times), kinds);
      return goals.map(({ met, value }, g) => {
        if (met === false) return false;
        if (value.value === null) return stable ? 'unknown' : false;
        const { comparator, target } = plan.goals[g]!;
        return comparator === '<=' ? value.value <= target : value.value >= target;
      });
    },
  });
}

function withoutRanges(plan: Plan): Plan {
  const exact = ({ value }: Uncertain): Uncertain => ({ value, low: value, high: value });
  return {
    ...plan,
    data: plan.data.map((each) => ({
      ...each,
      count: exact(each.count),
      size: exact(each.size),
      growth: exact(each.growth),
    })),
    traffic: plan.traffic.map((each) =>
      each.arrivals.type === 'closed'
        ? each
        : { ...each, arrivals: { ...each.arrivals, rate: exact(each.arrivals.rate) } },
    ),
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

/** The middle of a bracket; its upper end where nothing lower is met, null where nothing is missed. */
function middle({ met, missed }: Breaking): number | null {
  if (missed === null) return null;
  return met === null ? missed : (met + missed) / 2;
}

function headroomOf(breaks: readonly Breaking[], { full }: Saturations, most: number): Figure {
  if (breaks.length === 0) return full[0]?.at ?? { value: null, low: most, high: null, unit: '1' };
  const missed = breaks.flatMap((each) => each.missed ?? []);
  const high = missed.length === 0 ? null : Math.min(...missed);
  const met = breaks.map((each) => each.met);
  const low = met.includes(null) ? null : Math.min(...met.filter((each) => each !== null));
  const value = low === null || high === null ? null : (low + high) / 2;
  return { value, low, high, unit: '1' };
}

/** Runs around the headroom, so that the course of figures below and above it is known. */
async function drawCourse(probes: Probes, { low, high }: Figure, most: number): Promise<void> {
  const knee = high ?? low ?? 1;
  for (const share of COURSE) {
    const times = typeable(knee * share);
    if (times <= most) await probes.at(times);
  }
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
      const broken = await probes.longest(missed);
      const sound = await probes.longest(met ?? LEAST);
      const { root, links } = causeOf(plan, goal, broken, sound);
      const at: Figure = {
        value: met === null ? null : (met + missed) / 2,
        low: met,
        high: missed,
        unit: '1',
      };
      const rung: Rung = { what: 'goal', name: goal.text, at, because: links, widened: [] };
      // A goal falls when its cause does, not before: where the brackets overlap, the cause comes first.
      const cause = stations.find(({ name }) => name === root)?.at.value ?? 0;
      return [{ rung, load: Math.max(at.value ?? missed, cause <= missed ? cause : 0) }];
    }),
  );
  const rungs = [...stations.map((rung) => ({ rung, load: rung.at.value ?? 0 })), ...goals.flat()];
  return rungs.sort((a, b) => a.load - b.load).map(({ rung }) => rung);
}

function pointOf(times: number, report: Report): LoadPoint {
  const operations = Object.entries(report.operations).map(([name, { throughput, success, latency }]) => [
    name,
    { throughput, success, p99: latency.p99 },
  ]);
  return { times, stable: report.stable, operations: Object.fromEntries(operations) };
}

/** The law through requests in progress (Little: throughput × mean time) and throughput, of runs with a steady state. */
function uslOf(runs: readonly { readonly times: number; readonly report: Report }[]): UslFit | null {
  const points = runs.flatMap(({ times, report }) => {
    const all = Object.values(report.operations);
    const throughput = all.reduce((sum, each) => sum + (each.throughput.value ?? 0), 0);
    const load = all.reduce(
      (sum, each) =>
        sum +
        (each.throughput.value ?? 0) * (each.latency.mean.value ?? (each.served === 0 ? 0 : Number.NaN)),
      0,
    );
    return report.stable && load > 0 && throughput > 0 ? [{ times, load, throughput }] : [];
  });
  if (new Set(points.map(({ load }) => load)).size < FEWEST_POINTS) return null;
  const usl = fitUsl(points);
  const perTime = points[0]!.throughput / points[0]!.times;
  const most =
    usl.kappa > 0
      ? uslThroughput(usl, Math.max(1, uslPeak(usl)))
      : usl.sigma > 0
        ? usl.lambda / usl.sigma
        : null;
  return { ...usl, peak: most === null ? null : { throughput: most, times: most / perTime } };
}

function notesOf(plan: Plan, breaks: readonly Breaking[], stations: Saturations, most: number): string[] {
  const undecided = breaks.flatMap(({ met, missed }, g) =>
    met === null && missed === null ? [plan.goals[g]!.text] : [],
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
  if (missedAtOnce.length > 0) {
    notes.push(
      `Missed at every load that was tried, down to ${LEAST} of that of the design: ${missedAtOnce.join('; ')}.`,
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
