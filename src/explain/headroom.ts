import { type KindDescription, type Plan, underLoad } from '../design/index.ts';
import { type EstimatedKind, estimate } from '../estimate/index.ts';
import type { Uncertain } from '../quantities/index.ts';
import type { Figure } from '../report/index.ts';
import { type ReplicationRunner, type SimulatedKind, simulate } from '../simulate/index.ts';
import { type Breaking, breakingLoads, type LoadSearch, type Verdict } from './breaking-loads.ts';
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
/** The lowest load to look at. */
export const LEAST = 0.01;

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
          guesses: guessed.map((each) => lower(middle(each), stations.full[0]?.at.value ?? null)),
          judge: async (times, long) => verdictsOf(await probes.probe(times, { long })),
        });
  return { headroom: headroomOf(breaks, stations, most), breaks, guessed, stations, probes };
}

/**
 * What a run says of each goal. A station so near to its capacity that a run of this length cannot tell on which side it
 * is leaves open whether a goal holds in the long run.
 */
function verdictsOf({ report, settles }: Probe): Verdict[] {
  const loads = Object.values(report.stations).map((station) => stationLoad(station)?.value ?? 0);
  const open = !settles || loads.some((load) => Math.abs(load - 1) < 1 - FULL);
  return report.goals.map(({ met }) => (open && met === true ? 'unknown' : met));
}

function lower(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** The loads at which goals give way by formulas, at the values of inputs that are ranges. */
export async function estimatedBreaks(
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

function headroomOf(breaks: readonly Breaking[], { full }: Saturations, most: number): Figure {
  if (breaks.length === 0) return full[0]?.at ?? { value: null, low: most, high: null, unit: '1' };
  const missed = breaks.flatMap((each) => each.missed ?? []);
  const high = missed.length === 0 ? null : Math.min(...missed);
  const met = breaks.map((each) => each.met);
  const low = met.includes(null) ? null : Math.min(...met.filter((each) => each !== null));
  const value = low === null || high === null ? null : (low + high) / 2;
  return { value, low, high, unit: '1' };
}
