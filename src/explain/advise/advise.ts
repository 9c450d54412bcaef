import {
  type Edit,
  edited,
  type KindDescription,
  type KindMoves,
  type LoadedDesign,
  type Plan,
} from '../../design/index.ts';
import {
  type Advice,
  type AdviceReport,
  type Figure,
  type MoveReport,
  type RejectedMove,
  spelledTime,
} from '../../report/index.ts';
import { type ReplicationRunner, simulate } from '../../simulate/index.ts';
import { estimatedBreaks, type StressedKinds } from '../headroom.ts';
import { componentKnobs } from '../knobs.ts';
import { unjudgedLosses } from '../unjudged-losses.ts';
import { movesFor } from './catalogue.ts';
import { costDifference, costsOf, totalCost } from './cost.ts';
import type { Move, Situation, WrittenDesign } from './move.ts';
import { type Downtime, downtimeOf } from './promises.ts';
import { gainOf, perHundred, ranked } from './rank.ts';
import { narrowStations, wayTo, whyBroken } from './situation.ts';
import { headroomOf, Trial } from './trial.ts';

export interface AdviseOptions {
  /** Seed of all random streams, an integer ≥ 0; default 1. */
  readonly seed?: number;
  /** The highest load to look at, as a multiple of that of the design, from 1 to 10,000; default 100. */
  readonly most?: number;
  /** How narrow the bracket around a load is to be, as a share of it; default 0.05. */
  readonly precision?: number;
  /** Name of a scenario under which the goals are to hold; default: none, day by day. */
  readonly scenario?: string;
  /** Version that the report carries; default empty. */
  readonly version?: string;
  /** The command that prints the report again. */
  readonly command?: string;
  /** Told when a simulation begins. */
  readonly onProgress?: (progress: AdviseProgress) => void;
}

/** How far the trials have come. */
export interface AdviseProgress {
  /** Simulations begun. */
  readonly runs: number;
  /** What is tried: the name of a move; null = the design as it is. */
  readonly move: string | null;
}

/** A design as it is written, and what makes a plan of it when it has been changed. */
export interface Changeable {
  /** As plain values. */
  readonly design: unknown;
  readonly load: (design: unknown) => LoadedDesign;
}

/** What kinds offer to the interpreters, and say of themselves. */
export interface AdvisedKinds extends StressedKinds {
  readonly described: readonly KindDescription[];
  readonly moves: ReadonlyMap<string, KindMoves>;
}

const MOST = 100;
const MOST_AT_ALL = 10_000;
const LEAST = 0.01;
/** How narrow a guess has to be. */
const ROUGHLY = 0.1;

/**
 * Next steps for a design: looks for what gives way first, makes each change of a catalogue that fits, simulates the
 * changed design on the same random numbers, and ranks what raises the headroom by what it costs. What does not help
 * is told as well.
 *
 * @throws RangeError on options out of range, a design with errors, or a scenario it does not have; and what `simulate` throws
 */
export async function advise(
  changeable: Changeable,
  kinds: AdvisedKinds,
  options: AdviseOptions,
  runner: ReplicationRunner,
): Promise<AdviceReport> {
  const { seed = 1, most = MOST, precision = 0.05, scenario } = options;
  if (!(most >= 1 && most <= MOST_AT_ALL))
    throw new RangeError(`most must be from 1 to ${MOST_AT_ALL}, got ${most}`);
  if (!(precision > 0 && precision < 1))
    throw new RangeError(`precision must be between 0 and 1, got ${precision}`);
  const { plan, diagnostics } = changeable.load(changeable.design);
  if (plan === null) throw new RangeError(`design must have no errors, got ${diagnostics[0]?.message}`);
  if (scenario !== undefined && !plan.scenarios.some(({ name }) => name === scenario)) {
    throw new RangeError(`${plan.name} has no scenario ${JSON.stringify(scenario)}`);
  }

  let runs = 0;
  const trial = (of: Plan, move: Move | null, warmup?: number): Trial =>
    new Trial(of, {
      simulation: (probed, more) =>
        simulate(
          probed,
          kinds.simulated,
          { seed, ...more, ...(scenario === undefined ? {} : { scenario }) },
          runner,
        ),
      most,
      precision,
      ...(warmup === undefined ? {} : { warmup }),
      ...(scenario === undefined ? {} : { scenario: true }),
      ...(move?.keepsUp === undefined ? {} : { keepsUp: move.keepsUp }),
      heard: () => {
        runs++;
        options.onProgress?.({ runs, move: move?.name ?? null });
      },
    });

  const now = trial(plan, null);
  const goals = await now.goalsThatTell();
  const { warmupSeconds } = await now.report(1);
  const base = await now.breaking(goals, await guessOf(plan, goals));
  const headroom = headroomOf(base);
  const broken = await now.report(Math.max(base.missed ?? most, base.met === null ? 1 : 0));
  const sound = await now.report(base.met ?? LEAST);
  /** What fails at the load of the design is how it is meant, but not where that is more than it holds. */
  const meant = (base.met ?? 0) < 1 ? sound : await now.report(1);
  const cause = base.missed === null ? { root: null, links: [] } : whyBroken(plan, broken, sound);
  const narrow = base.missed === null ? [] : narrowStations(plan, cause, broken);
  const situation: Situation = {
    design: changeable.design as WrittenDesign,
    plan,
    kinds: { described: new Map(kinds.described.map((each) => [each.name, each])), moves: kinds.moves },
    narrow,
    way: wayTo(
      plan,
      narrow.map(({ component }) => component),
    ),
    broken,
  };
  const costs = costsOf(plan, kinds.estimated);
  const downNow = downtimeOf(plan, kinds.estimated, seed);
  const brokenPromises = downNow?.broken ?? [];
  const helpful: Omit<Advice, 'rank'>[] = [];
  const rejected: RejectedMove[] = [];
  for (const move of movesFor(situation)) {
    const outcome = await tried(move);
    if ('why' in outcome) rejected.push(outcome);
    else helpful.push(outcome);
  }
  return {
    schema: 'tenfold/advice@1',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: options.command ?? `tenfold advise ${plan.name}`,
    scenario: scenario ?? null,
    most,
    headroom,
    because: cause.links,
    cost: totalCost(costs),
    broken: brokenPromises,
    advice: ranked(helpful),
    rejected,
    runs,
    notes: [...notesOf(plan, goals, headroom, most), ...largestNotes(situation), ...unknownNotes(downNow)],
  };

  async function tried(move: Move): Promise<Omit<Advice, 'rank'> | RejectedMove> {
    const { edits, changed } = withoutIdle(move);
    const said = sayingOf({ ...move, edits });
    const reject = (why: string): RejectedMove => ({ ...said, why });
    if (changed.plan === null) {
      const wrong = changed.diagnostics.find(({ severity }) => severity === 'error');
      return reject(`the design does not allow it: ${wrong?.message}`);
    }
    const [idle] = newlyIdle(diagnostics, changed.diagnostics);
    if (idle !== undefined) return reject(`it would do nothing here: ${idle.message}`);
    const after = costsOf(changed.plan, kinds.estimated);
    const cost = costDifference(costs, after);
    const common = { ...said, helps: move.helps, cost, next: null };
    if (move.helps === 'availability') return steadier(common, changed.plan, reject);
    return stronger(move, { ...common, helps: 'load' }, changed.plan, reject);
  }

  /** A move made, and what it leaves without effect taken out. */
  function withoutIdle(move: Move): { readonly edits: readonly Edit[]; readonly changed: LoadedDesign } {
    const changed = changeable.load(edited(changeable.design, move.edits));
    const idle = newlyIdle(diagnostics, changed.diagnostics).filter(({ path }) =>
      move.leaves?.includes(path),
    );
    if (idle.length === 0) return { edits: move.edits, changed };
    // Names of components and settings have no dots.
    const edits = [...move.edits, ...idle.map(({ path }): Edit => ({ path: path.split('.') }))];
    return { edits, changed: changeable.load(edited(changeable.design, edits)) };
  }

  async function stronger(
    move: Move,
    common: MoveReport & { readonly cost: number | null; readonly helps: 'load' },
    changed: Plan,
    reject: (why: string) => RejectedMove,
  ): Promise<Omit<Advice, 'rank'> | RejectedMove> {
    const candidate = trial(changed, move, warmupSeconds);
    const from = base.missed!;
    const verdict = await candidate.verdict(from, goals);
    if (verdict === false) return reject(await whyNot(candidate, from));
    const holds = verdict === true ? from : 0;
    const breaking = await candidate.breaking(goals, await guessOf(changed, goals), holds);
    const raised = headroomOf(breaking);
    if ((breaking.met ?? 0) < from) {
      return reject('what it changes is less than the runs can tell');
    }
    const gain = gainOf(headroom, raised);
    const held = breaking.met!;
    const loses = unjudgedLosses(changed, await candidate.report(held), meant);
    const next =
      breaking.missed === null
        ? null
        : (whyBroken(
            changed,
            await candidate.report(breaking.missed),
            await candidate.report(breaking.met ?? LEAST),
          ).links[0] ?? null);
    return {
      ...common,
      sacrifices: [common.sacrifices, ...loses.map((each) => `at ${timesText(held)} ${each}`)].join('; '),
      headroom: raised,
      gain,
      gainPerHundred: perHundred(gain, common.cost),
      downtime: null,
      keeps: brokenPromises.length === 0 ? [] : keptBy(downtimeOf(changed, kinds.estimated, seed)),
      loses,
      next,
    };
  }

  async function whyNot(candidate: Trial, at: number): Promise<string> {
    const report = await candidate.report(at);
    const { links } = whyBroken(candidate.plan, report, sound);
    const fails = links.length === 0 ? 'what it hands on is not worked off' : links.join(' → ');
    return `at ${timesText(at)}, where the design as it is gives way, it does too: ${fails}`;
  }

  function steadier(
    common: MoveReport & {
      readonly cost: number | null;
      readonly helps: 'load' | 'availability';
      readonly next: null;
    },
    changed: Plan,
    reject: (why: string) => RejectedMove,
  ): Omit<Advice, 'rank'> | RejectedMove {
    const after = downtimeOf(changed, kinds.estimated, seed);
    if (downNow === null || after === null) return reject('how often it would be down is not known');
    // Of other traffic than before nothing can be compared.
    if (after.unknown.join() !== downNow.unknown.join())
      return reject(`how often ${after.unknown.join(', ')} would be down is not known`);
    const keeps = keptBy(after);
    if (after.worst.value! > downNow.worst.value!) {
      return reject(`it is down longer in a year: ${yearText(after.worst)}, not ${yearText(downNow.worst)}`);
    }
    const spared = [...downNow.points].filter((point) => !after.points.has(point));
    if (!(after.worst.high! < downNow.worst.low!) && spared.length === 0 && keeps.length === 0) {
      return reject(
        `${downNow.unknown.length === 0 ? 'it' : `what is known of it (not ${downNow.unknown.join(', ')})`} is down as long in a year as without it, for the same reasons`,
      );
    }
    return {
      ...common,
      headroom: null,
      gain: null,
      gainPerHundred: null,
      downtime: { before: downNow.worst, after: after.worst, spared },
      keeps,
      loses: [],
    };
  }

  /** Promises that are broken now, and kept then. */
  function keptBy(after: Downtime | null): string[] {
    return after === null ? [] : brokenPromises.filter((goal) => after.kept.has(goal));
  }

  /** Where goals may give way, by the estimate: the first of them. */
  async function guessOf(of: Plan, asked: ReadonlySet<number>): Promise<number | null> {
    if (scenario !== undefined) return null;
    const breaks = await estimatedBreaks(of, kinds.estimated, {
      goals: of.goals.length,
      most,
      least: LEAST,
      precision: ROUGHLY,
    });
    const missed = breaks.flatMap((each, g) => (asked.has(g) && each.missed !== null ? [each.missed] : []));
    return missed.length === 0 ? null : Math.min(...missed);
  }
}

function sayingOf({ name, chose, over, because, sacrifices, edits }: Move): MoveReport {
  return {
    name,
    chose,
    over,
    because,
    sacrifices,
    edits: edits.map(({ path, value }: Edit) => ({ path, value })),
  };
}

/** Warnings that a setting does nothing which the design as it was did not have. */
function newlyIdle(
  before: LoadedDesign['diagnostics'],
  after: LoadedDesign['diagnostics'],
): LoadedDesign['diagnostics'] {
  const known = new Set(before.map(({ path, code }) => `${code} ${path}`));
  return after.filter(({ code, path }) => code === 'idle-knob' && !known.has(`${code} ${path}`));
}

/** What keeps the design up is judged without traffic of which nobody knows how often it is down. */
function unknownNotes(now: Downtime | null): string[] {
  if (now === null || now.unknown.length === 0) return [];
  return [
    `How often ${now.unknown.join(', ')} would be down is not known: what keeps the design up is judged without.`,
  ];
}

/** Machines of which there is no larger one, where more would relieve what gives way. */
function largestNotes({ plan, kinds, narrow }: Situation): string[] {
  return narrow.flatMap(({ component, station }) =>
    componentKnobs(plan, plan.components.find(({ name }) => name === component)!, kinds)
      .filter(({ ofMachine, now, most, relieves }) => ofMachine && now >= most && relieves.includes(station))
      .map(
        ({ setting, most }) =>
          `${component} has as many ${setting.join(' ')} as the largest machine, ${most}: more of it takes more machines.`,
      ),
  );
}

const timesText = (times: number): string => `${Number(times.toPrecision(3))}×`;

const yearText = ({ value }: Figure): string => spelledTime(value!);

function notesOf(plan: Plan, goals: ReadonlySet<number>, { high }: Figure, most: number): string[] {
  const notes: string[] = [];
  const unasked = plan.goals.filter((_, g) => !goals.has(g)).map(({ text }) => text);
  if (plan.goals.length === 0)
    notes.push(
      'The design has no goals: it gives way where a station is full, or 1 % of the requests of a traffic fail.',
    );
  if (unasked.length > 0) {
    notes.push(
      `Of ${unasked.join('; ')} the usual runs cannot tell that they hold, because their traffic is rare: they count only where they are surely missed.`,
    );
  }
  if (high === null) notes.push(`All goals hold up to ${most} times the load: no move was tried for more.`);
  return notes;
}
