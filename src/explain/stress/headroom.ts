import { componentsReached } from '../../design/callees.ts';
import { type KindDescription, type Plan, underLoad } from '../../design/index.ts';
import { type EstimatedKind, estimate } from '../../estimate/index.ts';
import type { Uncertain } from '../../quantities/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { type ReplicationRunner, type SimulatedKind, simulate } from '../../simulate/index.ts';
import { type Breaking, breakingLoads, LEAST, type LoadSearch, type Verdict } from './breaking-loads.ts';
import { rareGoals } from './probe-length.ts';
import { type Probe, Probes } from './probes.ts';
import { type Saturations, saturations } from './saturations.ts';
import { FULL, stationLoad } from './station-load.ts';

/** What each kind says of itself, and offers to both interpreters by name. */
export interface StressedKinds {
  readonly described: readonly KindDescription[];
  readonly estimated: ReadonlyMap<string, EstimatedKind>;
  readonly simulated: ReadonlyMap<string, SimulatedKind>;
}

export interface HeadroomOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** The highest load to look at, as a multiple of that of the design, from 1 to 10,000; default 100. */
  readonly most?: number;
  /** How narrow the bracket around a load is to be, as a share of it; default 0.05. */
  readonly precision?: number;
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

/** Up to which load a design holds, and what the search for it has seen. */
export interface Headroom {
  /**
   * Up to which load every goal holds: `low` is the highest at which all are surely met, `high` the lowest at which one
   * is surely missed, null when none is up to the highest load. Without goals, where the first station is full.
   */
  readonly headroom: Figure;
  /** Where each goal gives way. */
  readonly breaks: readonly Breaking[];
  /** Where each goal gives way by formulas. */
  readonly guessed: readonly Breaking[];
  /** The stations that are full first, as many as were looked for. */
  readonly stations: Saturations;
  readonly probes: Probes;
}

/** The highest load to look at where nobody says; and that anybody may say. */
export const MOST = 100;
const MOST_AT_ALL = 10_000;

/**
 * Searches the highest load up to which every goal of a design holds, by bisection over simulations; the first guesses
 * are what the formulas say, and where the first station is full.
 *
 * @param options.rungs how many full stations to look for; default 1
 * @throws RangeError on options out of range, and what `simulate` throws
 */
export async function searchHeadroom(
  plan: Plan,
  kinds: StressedKinds,
  options: HeadroomOptions & { readonly rungs?: number },
  runner: ReplicationRunner,
): Promise<Headroom> {
  const { seed = 1, most = MOST, precision = 0.05, rungs = 1 } = options;
  if (!(most >= 1 && most <= MOST_AT_ALL)) {
    throw new RangeError(`most must be from 1 to ${MOST_AT_ALL}, got ${most}`);
  }
  if (!(precision > 0 && precision < 1))
    throw new RangeError(`precision must be between 0 and 1, got ${precision}`);
  const probes = new Probes(
    plan,
    kinds.described,
    (probed, more) => simulate(probed, kinds.simulated, { seed, ...more }, runner),
    (runs, times) => options.onProgress?.({ runs, times }),
  );
  const common = { goals: plan.goals.length, most, least: LEAST, precision };
  const stations = await saturations(plan, probes, most, rungs);
  const guessed = await estimatedBreaks(plan, kinds.estimated, common);
  const breaks =
    plan.goals.length === 0
      ? []
      : await breakingLoads({
          ...common,
          guesses: guessed.map((each) => likelier(middle(each), stations.full[0]?.at.value ?? null)),
          known: probes.loads,
          rare: [...new Set([...rareGoals(plan), ...killableGoals(plan, await probes.at(1))])],
          blind: blindSpan(stations),
          judge: async (times, long) => verdictsOf(plan, await probes.probe(times, { long }), long),
        });
  return { headroom: headroomOf(breaks, stations, most), breaks, guessed, stations, probes };
}

/**
 * What a run says of each goal. A station so near to its capacity that a run from empty cannot tell on which side it
 * is, or requests that go on piling up, leave open whether a goal holds in the long run; a backlog that still drains,
 * whether it is missed there; and a usual run, whether a goal holds that rare outages may break.
 */
export function verdictsOf(
  plan: Plan,
  { report, settles, trend, overloaded }: Probe,
  long: boolean,
): Verdict[] {
  const killable = long && overloaded !== true ? [] : killableGoals(plan, report);
  const loads = Object.values(report.stations).map((station) => stationLoad(station)?.value ?? 0);
  const near = overloaded !== true && loads.some((load) => Math.abs(load - 1) < 1 - FULL);
  const untold = !settles || near || trend === 'growing' ? true : trend === 'falling' ? false : null;
  return report.goals.map(({ met }, g) => {
    const { traffic, metric, messages } = plan.goals[g]!;
    const { success } = report.operations[plan.traffic[traffic]!.name]!;
    const few = messages === undefined && metric !== 'success' && (success.high ?? 1) < FEW;
    if (met === true && few) return 'beyond';
    if (met === true && killable.includes(g)) return 'unknown';
    return met === untold ? 'unknown' : met;
  });
}

/**
 * Goals on how many requests are served that come to instances which may be killed for want of memory. That takes many
 * requests at once, and may be so rare that a usual run shows none of it: that they are met is believed of longer ones alone.
 */
export function killableGoals(plan: Plan, { kills = {} }: Report): number[] {
  const killed = Object.keys(kills);
  return plan.goals.flatMap(({ metric, messages, traffic }, g) => {
    if (messages !== undefined || (metric !== 'success' && metric !== 'throughput')) return [];
    const reached = componentsReached(plan, plan.traffic[traffic]!.operation);
    return killed.some((each) => reached.has(each)) ? [g] : [];
  });
}

/** A little above its capacity, the queue of a station takes very long to be as full as it gets. */
const SLOWLY = 1.04;

/** Loads so near to where the first station is full that no run of bearable length can tell whether it keeps up. */
function blindSpan({ full: [first] }: Saturations): readonly [number, number] | null {
  const at = first?.at.value ?? null;
  return at === null ? null : [at * FULL, at * SLOWLY];
}

/** Where fewer than this are served, what these few take says nothing of the design. */
const FEW = 0.5;

/** Two guesses nearer to each other than this are one, and what was read is better than what was computed. */
const SAME = 0.03;

/** Where a goal gives way: where formulas say so, unless a station is full before, or about there. */
function likelier(computed: number | null, full: number | null): number | null {
  if (computed === null || full === null) return computed ?? full;
  return computed < full * (1 - SAME) ? computed : full;
}

/** The loads at which goals give way by formulas, at the values of inputs that are ranges. */
export async function estimatedBreaks(
  plan: Plan,
  kinds: ReadonlyMap<string, EstimatedKind>,
  common: Pick<LoadSearch, 'goals' | 'most' | 'least' | 'precision'>,
): Promise<Breaking[]> {
  if (common.goals === 0) return [];
  const exact = withoutRanges(plan);
  const first = estimate(exact, kinds);
  // Few goals hold where a station is full, and most of them nearly up to there.
  const fullest = Math.max(...Object.values(first.stations).map((each) => stationLoad(each)?.value ?? 0));
  return breakingLoads({
    ...common,
    guesses: plan.goals.map(() => (fullest > 0 ? 1 / fullest : null)),
    judge: async (times) => {
      const { goals, stable } = times === 1 ? first : estimate(underLoad(exact, times), kinds);
      return goals.map(({ met, value }, g) => {
        if (met === false) return false;
        if (value.value === null) return stable ? 'unknown' : false;
        const { comparator, target } = plan.goals[g]!;
        return comparator === '<=' ? value.value <= target : value.value >= target;
      });
    },
  });
}

export function withoutRanges(plan: Plan): Plan {
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

/** The middle of a bracket; its upper end where nothing lower is met, null where nothing is missed. */
export function middle({ met, missed }: Breaking): number | null {
  if (missed === null) return null;
  return met === null ? missed : (met + missed) / 2;
}

/** Up to which load every goal holds, by where each gives way; without goals, where the first station is full. */
export function headroomOf(breaks: readonly Breaking[], { full }: Saturations, most: number): Figure {
  if (breaks.length === 0) return full[0]?.at ?? { value: null, low: most, high: null, unit: '1' };
  const missed = breaks.flatMap((each) => each.missed ?? []);
  const high = missed.length === 0 ? null : Math.min(...missed);
  const met = breaks.map((each) => each.met);
  const low = met.includes(null) ? null : Math.min(...met.filter((each) => each !== null));
  const value = low === null || high === null ? null : (low + high) / 2;
  return { value, low, high, unit: '1' };
}
