import { underLoad } from '../../design/index.ts';
import type { Conflict, HeldGoal, TunedSetting, TuningReport } from '../../report/index.ts';
import { type ReplicationRunner, simulate } from '../../simulate/index.ts';
import { costsOf, unpricedIn } from '../advise/cost.ts';
import type { AdvisedKinds, Changeable } from '../advise/index.ts';
import { Trial } from '../advise/trial.ts';
import { type Evaluation, Evaluations, type Setting } from './evaluate.ts';
import { FaultyKnob, type Knob, knobsOf } from './knob.ts';
import { cheapest, type Dial, replaced } from './search.ts';

export interface TuneOptions {
  /** Knobs, such as `api.instances` or `api.instances=2..20`; without any, those of the kinds of its components. */
  readonly knobs?: readonly string[];
  /** Goals that count, each by how it begins (`visitors`, `visitors.p99`); default: all. */
  readonly goals?: readonly string[];
  /** Scenarios during which they are to hold too; default: none. */
  readonly scenarios?: readonly string[];
  /** The multiple of the load of the design at which they are to hold, default 1. */
  readonly load?: number;
  /** Settings that are simulated at most; default 60. */
  readonly most?: number;
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  readonly version?: string;
  readonly command?: string;
  readonly onProgress?: (progress: TuneProgress) => void;
}

/** How far a search has come. */
export interface TuneProgress {
  /** Simulations begun. */
  readonly runs: number;
}

const MOST = 60;
/** The best setting is simulated again so many seeds away, and other settings in turn where it does not hold there. */
const OTHER_SEED = 1_000_003;
const CHECKS = 3;

/**
 * The cheapest setting of some knobs that keeps every goal, at a load and during scenarios: found on common random
 * numbers, and checked on others.
 *
 * @throws FaultyKnob on a knob that is none; RangeError on other options out of range, or a design with errors
 */
export async function tune(
  changeable: Changeable,
  kinds: AdvisedKinds,
  options: TuneOptions,
  runner: ReplicationRunner,
): Promise<TuningReport> {
  const { seed = 1, load = 1, most = MOST } = options;
  const scenarios = [...new Set(options.scenarios)];
  if (!(load > 0 && Number.isFinite(load))) throw new RangeError(`load must be above 0, got ${load}`);
  if (!(Number.isInteger(most) && most >= 2))
    throw new RangeError(`most must be an integer of at least 2, got ${most}`);
  const { plan, diagnostics } = changeable.load(changeable.design);
  if (plan === null) throw new RangeError(`design must have no errors, got ${diagnostics[0]?.message}`);
  for (const name of scenarios) {
    if (!plan.scenarios.some((each) => each.name === name)) {
      throw new RangeError(`${plan.name} has no scenario ${JSON.stringify(name)}`);
    }
  }
  const wanted = plan.goals.flatMap(({ text }, g) =>
    options.goals === undefined || options.goals.some((start) => text.startsWith(start)) ? [g] : [],
  );
  if (wanted.length === 0) throw new RangeError(`${plan.name} has no such goals`);
  const knobs = knobsOf(options.knobs ?? [], changeable.design, plan, {
    described: new Map(kinds.described.map((each) => [each.name, each])),
    moves: kinds.moves,
  });
  if (knobs.length === 0) throw new RangeError(`${plan.name} has no knobs that are known: name some`);

  let runs = 0;
  const heard = () => {
    runs++;
    options.onProgress?.({ runs });
  };
  const simulation =
    (of: number) =>
    (...[probed, more]: Parameters<ConstructorParameters<typeof Trial>[1]['simulation']>) =>
      simulate(probed, kinds.simulated, { seed: of, ...more }, runner);
  const first = await new Trial(underLoad(plan, load), {
    simulation: simulation(seed),
    most: 1,
    precision: 0.05,
    heard,
  }).report(1);
  const demand = { goals: new Set(wanted), scenarios, load };
  const prices = costsOf(plan, kinds.estimated);
  const unpriced = unpricedIn(prices);
  const evaluations = new Evaluations(
    knobs,
    changeable,
    demand,
    kinds.estimated,
    prices,
    simulation(seed),
    first.warmupSeconds > 0 ? first.warmupSeconds : null,
    heard,
  );
  const start = knobs.map(({ now, values }) => now ?? values.length >> 1);
  const dear = knobs.map((knob, k) => costs(evaluations, start, k, knob, unpriced));
  const dials = knobs.map(({ values }, k): Dial => ({ values: values.length, costs: dear[k] === true }));
  refuseIdle(knobs, evaluations, start);
  const isDesign = knobs.every(({ now }) => now !== null);
  const now = isDesign ? await evaluations.of(start, true) : null;

  let best = await cheapest({ dials, evaluations, start, most });
  let check: TuningReport['check'] = null;
  const failed: string[] = [];
  for (let tries = 0; best !== null; tries++) {
    const again = await evaluations.again(best.setting, simulation(seed + OTHER_SEED));
    check = { seed: seed + OTHER_SEED, held: again.keepsAll, goals: again.goals };
    if (again.keepsAll || tries === CHECKS) break;
    failed.push(best.setting.join());
    const next = keeping(evaluations.all, failed) ?? (await oneMore(best, dials, evaluations, failed));
    if (next === null) break;
    best = next;
  }
  const said = (evaluation: Evaluation): TunedSetting => settingOf(evaluation, knobs);
  return {
    schema: 'tenfold/tuning@1',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: options.command ?? `tenfold tune ${plan.name}`,
    load,
    scenarios,
    knobs: knobs.map(({ name, path, values, said: present }, k) => ({
      name,
      from: String(values[0]),
      to: String(values.at(-1)),
      values: values.length,
      now: present,
      chosen: best === null ? null : String(values[best.setting[k]!]),
      costs: dear[k]!,
      path,
    })),
    now: now === null ? null : said(now),
    best: best === null ? null : said(best),
    check,
    frontier: frontierOf(evaluations.all).map(said),
    conflict: best === null ? conflictIn(evaluations.all) : [],
    unpriced,
    settings: evaluations.all.length,
    runs,
    notes: [
      ...notesOf(evaluations.all, failed.length, check, most, unpriced),
      ...turnedUnpriced(best, start, knobs, dear),
    ],
  };
}

/** @throws FaultyKnob on one of which the design allows no value */
function refuseIdle(knobs: readonly Knob[], evaluations: Evaluations, start: Setting): void {
  for (const [k, { name, values }] of knobs.entries()) {
    const refusals = values.map((_, value) => () => evaluations.refusal(replaced(start, k, value)));
    if (refusals.every((refusal) => refusal() !== null)) {
      throw new FaultyKnob(`${name} can have none of these values: ${refusals[0]!()}`);
    }
  }
}

/** Whether the most of a knob costs more than the least, of the values that the design allows. */
function costs(
  evaluations: Evaluations,
  start: Setting,
  k: number,
  { path, values }: Knob,
  unpriced: readonly string[],
): boolean | 'unknown' {
  const price = (value: number): number | null => evaluations.cost(replaced(start, k, value));
  const at = [...values.keys()];
  const low = at.find((value) => price(value) !== null);
  const high = at.findLast((value) => price(value) !== null);
  if (low === undefined || high === undefined) return 'unknown';
  if (price(high)! > price(low)!) return true;
  return path[0] === 'components' && unpriced.includes(String(path[1])) ? 'unknown' : false;
}

/** The cheapest that keeps all goals, but those that did not on other random numbers. */
function keeping(all: readonly Evaluation[], failed: readonly string[]): Evaluation | null {
  return (
    byCost(all.filter(({ keepsAll, setting }) => keepsAll && !failed.includes(setting.join())))[0] ?? null
  );
}

/** One step more of the knob for which that costs least. */
async function oneMore(
  { setting }: Evaluation,
  dials: readonly Dial[],
  evaluations: Evaluations,
  failed: readonly string[],
): Promise<Evaluation | null> {
  const [next] = dials
    .flatMap(({ costs, values }, k) =>
      costs && setting[k]! + 1 < values ? [replaced(setting, k, setting[k]! + 1)] : [],
    )
    .filter((each) => !failed.includes(each.join()))
    .sort((a, b) => (evaluations.cost(a) ?? 0) - (evaluations.cost(b) ?? 0));
  return next === undefined ? null : evaluations.of(next, true);
}

function byCost(all: readonly Evaluation[]): Evaluation[] {
  const dollars = ({ cost }: Evaluation): number => cost ?? Number.POSITIVE_INFINITY;
  return [...all].sort((a, b) => dollars(a) - dollars(b));
}

/** Settings that no other beats in both: the cheapest, then each that is faster than all that are cheaper. */
function frontierOf(all: readonly Evaluation[]): Evaluation[] {
  let fastest = Number.POSITIVE_INFINITY;
  return byCost(all).filter((each) => {
    const slowness = slownessOf(each);
    if (each.cost === null || slowness === null || slowness >= fastest) return false;
    fastest = slowness;
    return true;
  });
}

/** The p99 of the traffic that is slowest; null where one is not known. */
function slownessOf({ p99 }: Evaluation): number | null {
  const values = Object.values(p99).map(({ value }) => value);
  return values.length === 0 || values.includes(null) ? null : Math.max(...values.map((value) => value!));
}

/** Goals that no setting keeps together, as few as it takes. */
function conflictIn(all: readonly Evaluation[]): Conflict[] {
  const whole = all.filter(({ whole, refused }) => whole && refused === null);
  const keyOf = ({ goal, scenario }: Pick<HeldGoal, 'goal' | 'scenario'>): string =>
    JSON.stringify([goal, scenario]);
  const metBy = whole.map((each) => ({
    cost: each.cost,
    met: new Set(each.goals.filter(({ met }) => met === true).map(keyOf)),
  }));
  const keeps = (goals: readonly HeldGoal[]) =>
    metBy.filter(({ met }) => goals.every((goal) => met.has(keyOf(goal))));
  let goals: readonly HeldGoal[] = whole[0]?.goals ?? [];
  for (const goal of [...goals]) {
    const others = goals.filter((each) => each !== goal);
    if (keeps(others).length === 0 && others.length > 0) goals = others;
  }
  const everything = whole[0]?.goals ?? [];
  return goals.map((goal) => {
    const others = everything.filter((each) => keyOf(each) !== keyOf(goal));
    // Without the only goal there is nothing to keep, and nothing that costs.
    const prices = others.length === 0 ? [] : keeps(others).flatMap(({ cost }) => cost ?? []);
    return {
      goal: goal.goal,
      scenario: goal.scenario,
      without: prices.length === 0 ? null : Math.min(...prices),
    };
  });
}

function settingOf(
  { setting, cost, p99, goals, keepsAll }: Evaluation,
  knobs: readonly Knob[],
): TunedSetting {
  return { values: setting.map((at, k) => knobs[k]!.values[at]!), cost, p99, goals, keepsAll };
}

/** Knobs that were turned though nobody knows what more of them costs: the sum is the same with less of them. */
function turnedUnpriced(
  best: Evaluation | null,
  start: Setting,
  knobs: readonly Knob[],
  dear: readonly (boolean | 'unknown')[],
): string[] {
  if (best === null) return [];
  const turned = knobs.flatMap(({ name, said, values }, k) => {
    const at = best.setting[k]!;
    return dear[k] === 'unknown' && at !== start[k] ? [`${name} ${said ?? 'unsaid'} → ${values[at]}`] : [];
  });
  return turned.length === 0
    ? []
    : [`Turned at a price that nobody knows, and that is in no sum here: ${turned.join(', ')}.`];
}

function notesOf(
  all: readonly Evaluation[],
  failed: number,
  check: TuningReport['check'],
  most: number,
  unpriced: readonly string[],
): string[] {
  const notes = ['More of what costs is taken to keep the goals at least as well.'];
  if (unpriced.length > 0) {
    notes.push(
      `Nobody knows what ${unpriced.join(', ')} ${unpriced.length === 1 ? 'costs' : 'cost'}: costs are of all else. Say a \`price\` to have it counted.`,
    );
  }
  const refused = all.find(({ refused }) => refused !== null)?.refused;
  if (refused != null) notes.push(`Some settings the design does not allow: ${refused}.`);
  if (failed > 0 && check?.held) {
    notes.push(
      `${failed} cheaper ${failed === 1 ? 'setting kept' : 'settings kept'} the goals on the first random numbers and not on others: left out.`,
    );
  }
  if (all.length >= most) {
    const missed = check === null ? 'one that keeps all goals' : 'a cheaper one';
    notes.push(`The search ended after ${most} settings: there may be ${missed}.`);
  }
  return notes;
}
