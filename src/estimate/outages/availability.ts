import type { Plan } from '../../design/plan.ts';
import { meanInterval, wilson } from '../../kernel/index.ts';
import { mean } from '../../quantities/index.ts';
import type { AvailabilityReport, TrafficAvailability } from '../../report/availability-report.ts';
import { judge } from '../../report/goals.ts';
import type { Figure } from '../../report/report.ts';
import { availabilityEntries } from '../availability-entries.ts';
import { solveAll } from '../closed.ts';
import type { EstimatedKind } from '../kind.ts';
import { modelsOf } from '../models.ts';
import { countText } from '../numbers.ts';
import { withScaledInstances } from '../scaled.ts';
import type { Solution } from '../solution.ts';
import { looksAtLoad } from '../spreads.ts';
import { type SinglePoint, singlePoints } from './single-points.ts';
import { type FailingSystem, failingSystem } from './system.ts';
import { type Lived, liveThrough, MONTH, YEAR, type Years } from './years.ts';

export interface AvailabilityOptions {
  readonly version?: string;
  /** The command that prints this report again. */
  readonly command?: string;
  /** Seed of the random streams, default 1. */
  readonly seed?: number;
  /**
   * Years to live through, 20 to a million; without it, from a thousand until downtimes are known to a twentieth, or
   * there were four million events.
   */
  readonly years?: number;
}

const FEWEST_YEARS = 20;
const MOST_YEARS = 1e6;
const FIRST_YEARS = 1000;
/** What one call may take, a matter of seconds; and what it takes at most when the number of years is given. */
const USUAL_EVENTS = 4e6;
const MOST_EVENTS = 4e8;
const PRECISION = 0.05;
/** An interval of fewer outages is rough. */
const FEW_OUTAGES = 20;
/** Stages grow by so much at least and at most. */
const GROWTH: readonly [number, number] = [2, 16];

/**
 * Lives through years of failures and repairs of a design, and says how much of its traffic they cost: components fail
 * and are repaired, zones and regions fail as a whole, and others take over after the time that takes. Between two
 * events nothing changes, so a year costs as much as it has failures. Equal seeds give equal bytes.
 *
 * @param kinds what each kind named in the plan offers to the estimator, by name
 * @throws RangeError when an option is out of range, or so many years are more than 400 million events
 */
export function availability(
  designed: Plan,
  kinds: ReadonlyMap<string, EstimatedKind>,
  { version = '', command, seed = 1, years }: AvailabilityOptions = {},
): AvailabilityReport {
  if (years !== undefined && !(Number.isInteger(years) && years >= FEWEST_YEARS && years <= MOST_YEARS)) {
    throw new RangeError(`years must be an integer from ${FEWEST_YEARS} to ${MOST_YEARS}, got ${years}`);
  }
  const plan = withScaledInstances(designed, kinds);
  const models = modelsOf(plan, kinds);
  const solution = solveAll(plan, models, 'likely', 'rough');
  const system = failingSystem(solution);
  const lived = live(system, seed, years);
  const points = singlePoints(system);
  const entries = new Map(availabilityEntries(solution).map(({ name, value }) => [name, value]));
  const traffic: Record<string, TrafficAvailability> = {};
  for (const { name, index } of plan.traffic) {
    const formula = {
      availability: entries.get(`traffic.${name}.availability`) ?? null,
      downtime: entries.get(`traffic.${name}.downtime`) ?? null,
    };
    traffic[name] = trafficOf(lived.traffic[index]!, formula, points, index, lived.years);
  }
  return {
    schema: 'tenfold/availability@1',
    design: plan.name,
    seed,
    version,
    command: command ?? `tenfold availability ${plan.name} --years ${lived.years} --seed ${seed}`,
    years: lived.years,
    events: lived.events,
    traffic,
    promises: plan.goals.flatMap((goal) => {
      if (goal.metric !== 'success') return [];
      const value = traffic[plan.traffic[goal.traffic]!.name]!.availability;
      return [{ goal: goal.text, met: judge(goal, value), value, target: goal.target }];
    }),
    notes: notesOf(solution, system, lived),
  };
}

/** Each stage that is not precise enough is dropped, and the next one begins afresh: see docs/defense-of-design.md. */
function live(system: FailingSystem, seed: number, asked: number | undefined): Years {
  const yearly = eventsAYear(system);
  if (asked !== undefined) {
    if (asked * yearly > MOST_EVENTS) {
      const most = countText(Math.floor(MOST_EVENTS / yearly));
      throw new RangeError(`so many years are too many events: at most ${most} years of this design`);
    }
    return liveThrough(system, asked, seed, 0);
  }
  const most = Math.max(FEWEST_YEARS, Math.min(MOST_YEARS, Math.floor(USUAL_EVENTS / yearly)));
  let years = Math.min(FIRST_YEARS, most);
  for (let stage = 0; ; stage++) {
    const lived = liveThrough(system, years, seed, stage);
    const worst = Math.max(0, ...lived.traffic.map(({ downtime }) => roughness([...downtime])));
    if (worst <= PRECISION || years >= most) return lived;
    const growth = Math.min(GROWTH[1], Math.max(GROWTH[0], (worst / PRECISION) ** 2));
    years = Math.min(most, Math.ceil(years * growth));
  }
}

/** Half of the interval as a share of the mean; of nothing at all, as if more years would show something. */
function roughness(values: readonly number[]): number {
  const { value, high } = meanInterval(values);
  return value === 0 ? 1 : (high - value) / value;
}

function eventsAYear({ components, places }: FailingSystem): number {
  const of = (mtbf: number, repair: number, events: number): number => (events * YEAR) / (mtbf + repair);
  const own = components.map(({ instances, reliability }) =>
    reliability === null ? 0 : instances * of(reliability.mtbf, mean(reliability.mttr), 4),
  );
  const whole = places.map(({ reliability: { mtbf, mttr } }) => of(mtbf, mean(mttr), 2));
  return Math.max(
    1e-9,
    [...own, ...whole].reduce((sum, each) => sum + each, 0),
  );
}

function trafficOf(
  lived: Lived,
  formula: TrafficAvailability['formula'],
  points: readonly SinglePoint[],
  index: number,
  years: number,
): TrafficAvailability {
  const singlePointsOf = points
    .filter(({ lost }) => lost[index]! > 0)
    .map(({ what, lost }) => ({ what, lost: lost[index]! }))
    .sort((a, b) => b.lost - a.lost);
  const unknown = (unit: Figure['unit']): Figure => ({ value: null, low: null, high: null, unit });
  if (formula.availability === null) {
    return {
      availability: unknown('1'),
      downtime: unknown('s'),
      downtimeP95: unknown('s'),
      outages: unknown('1'),
      goodMonths: unknown('1'),
      formula,
      failingOver: unknown('s'),
      commonCause: unknown('s'),
      causes: [],
      singlePoints: singlePointsOf,
    };
  }
  const outages = lived.outages.reduce((sum, each) => sum + each, 0);
  const downtime = yearly(lived.downtime, outages);
  const share = (seconds: number | null): number | null => (seconds === null ? null : 1 - seconds / YEAR);
  const byCause = new Map<string, number>();
  for (const [{ what }, seconds] of lived.causes) {
    byCause.set(what, (byCause.get(what) ?? 0) + seconds / years);
  }
  const part = (values: Float64Array): Figure => yearly(values, outages);
  const months = Math.floor((years * YEAR) / MONTH);
  const bad = Math.min(months, lived.badMonths);
  const { low, high } = wilson(months - bad, months);
  return {
    availability: {
      value: share(downtime.value),
      low: share(downtime.high),
      high: share(downtime.low),
      unit: '1',
    },
    downtime,
    downtimeP95: quantile(lived.downtime, 0.95),
    outages: { ...yearly(lived.outages, outages), unit: '1' },
    goodMonths: { value: (months - bad) / months, low, high, unit: '1' },
    formula,
    failingOver: part(lived.failingOver),
    commonCause: part(lived.commonCause),
    causes: [...byCause]
      .map(([what, seconds]) => ({ what, downtime: seconds }))
      .sort((a, b) => b.downtime - a.downtime || (a.what < b.what ? -1 : 1)),
    singlePoints: singlePointsOf,
  };
}

/** Mean over the years; where nothing ever happened, how bad it may be is unknown. */
function yearly(values: Float64Array, outages: number): Figure {
  const { value, low, high } = meanInterval([...values]);
  return { value, low: Math.max(0, low), high: outages === 0 ? null : high, unit: 's' };
}

/** A quantile with the interval of its ranks (Conover, Practical Nonparametric Statistics, 1999, section 3.2). */
function quantile(values: Float64Array, p: number): Figure {
  const sorted = values.toSorted();
  const n = sorted.length;
  const at = (rank: number): number => sorted[Math.min(n - 1, Math.max(0, Math.ceil(rank) - 1))]!;
  const margin = 1.96 * Math.sqrt(n * p * (1 - p));
  return { value: at(n * p), low: at(n * p - margin), high: at(n * p + margin + 1), unit: 's' };
}

function notesOf({ plan, spreads }: Solution, system: FailingSystem, lived: Years): string[] {
  const notes: string[] = [];
  const unknown = system.components.filter(({ reliability }) => reliability === null).map(({ name }) => name);
  if (unknown.length > 0) {
    notes.push(`How often ${unknown.join(', ')} fails is not known: say \`fails\` there.`);
  }
  const blind = system.components.filter(
    ({ instances, failover }) =>
      instances > 1 && failover?.leftOut === null && failover.afterFailures === undefined,
  );
  if (blind.length > 0) {
    const names = blind.map(({ name }) => name).join(', ');
    notes.push(
      `Nobody looks whether instances of ${names} are up: a dead one goes on getting its share of the requests until it is repaired. \`health\` or \`eject\` where they are chosen would end that.`,
    );
  }
  const drawn = system.components.flatMap(({ name, failover, instances }, c) =>
    instances > 1 && failover !== null && looksAtLoad(spreads[c]!.spread) ? [name] : [],
  );
  if (drawn.length > 0) {
    notes.push(
      `A dead instance of ${drawn.join(', ')} is taken to get its share. Balancing by requests in progress sends it more while it refuses at once.`,
    );
  }
  const few = plan.traffic.filter(({ index }) => {
    const count = lived.traffic[index]!.outages.reduce((sum, each) => sum + each, 0);
    return count > 0 && count < FEW_OUTAGES;
  });
  if (few.length > 0) {
    notes.push(
      `So few outages that the interval is rough: ${few.map(({ name, index }) => `${countText(lived.traffic[index]!.outages.reduce((sum, each) => sum + each, 0))} of ${name}`).join(', ')} in ${countText(lived.years)} years.`,
    );
  }
  const zones = plan.places?.zones.length ?? 0;
  if (zones > 1 && system.places.length === 0) {
    notes.push(
      'No zone and no region fails as a whole here: `zones-fail` and `fails` of a region say how often.',
    );
  }
  return notes;
}
