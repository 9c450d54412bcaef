import type { Plan } from '../../design/index.ts';
import type { AdviceReport, Figure, RejectedMove } from '../../report/index.ts';
import { type ReplicationRunner, simulate } from '../../simulate/index.ts';
import { componentKnobs } from '../sensitivity/knobs.ts';
import { LEAST } from '../stress/breaking-loads.ts';
import { estimatedBreaks } from '../stress/headroom.ts';
import { type Bench, weaknessOf } from './bench.ts';
import { movesFor } from './catalogue.ts';
import type { AdvisedKinds, Changeable } from './changeable.ts';
import { combined } from './combine.ts';
import { costsOf, knownSum, unpricedIn } from './cost.ts';
import { lasting } from './lasting.ts';
import type { Move, Situation } from './move.ts';
import { type Downtime, downtimeOf } from './promises.ts';
import { ranked } from './rank.ts';
import { headroomOf, Trial } from './trial.ts';
import { type Helpful, tried } from './tried.ts';

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

const MOST = 100;
const MOST_AT_ALL = 10_000;
/** How narrow a guess has to be. */
const ROUGHLY = 0.1;

/**
 * Next steps for a design: looks for what gives way first, makes each change of a catalogue that fits, simulates the
 * changed design on the same random numbers, and ranks what raises the headroom by what it costs. What does not help
 * is told as well. Where no single change is enough, several together are tried.
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
  const reach =
    base.met === null || base.missed === null || base.met >= 1 ? null : { from: base.missed, to: 1 };
  const first = await weaknessOf(changeable.design, now, base, { kinds, most }, reach);
  const costs = costsOf(plan, kinds.estimated);
  const downNow = downtimeOf(plan, kinds.estimated, seed);
  const bench: Bench = {
    changeable,
    kinds,
    seed,
    trial: (of, move) => trial(of, move, warmupSeconds),
    guess: (of) => guessOf(of, goals),
    goals,
    most,
    base,
    sound: first.sound,
    // What fails at the load of the design is how it is meant, but not where that is more than it holds.
    meant: (base.met ?? 0) < 1 ? first.sound : await now.report(1),
    costs,
    down: downNow,
    diagnostics,
  };
  const helpful: Helpful[] = [];
  const rejected: RejectedMove[] = [];
  const moves = movesFor(first.situation);
  for (const move of moves) {
    const outcome = await tried(bench, move);
    if ('why' in outcome) rejected.push(outcome);
    else helpful.push(outcome);
  }
  const several = await combined(bench, first, helpful);
  const lasts = lasting(
    bench,
    moves.filter(({ helps }) => helps === 'availability'),
    helpful,
  );
  const all = [several.helpful, lasts].reduce<readonly Helpful[]>(
    (before, added) => (added === null ? before : withIt(before, added)),
    helpful,
  );
  const headroom = headroomOf(base);
  const names = new Set(all.map(({ advice }) => advice.name));
  return {
    schema: 'tenfold/advice@1',
    design: plan.name,
    seed,
    version: options.version ?? '',
    command: options.command ?? `tenfold advise ${plan.name}`,
    scenario: scenario ?? null,
    most,
    headroom,
    because: first.cause.links,
    cost: knownSum(costs),
    unpriced: unpricedIn(costs),
    broken: downNow?.broken ?? [],
    advice: ranked(
      all.map(({ advice }) => advice),
      headroom,
    ),
    rejected: rejected.filter(({ name }) => !names.has(name)),
    runs,
    notes: [
      ...notesOf(plan, goals, headroom, most),
      ...several.notes,
      ...largestNotes(first.situation),
      ...unknownNotes(downNow),
    ],
  };

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

/** With one more, which takes the place of a smaller one of the same name. */
const withIt = (helpful: readonly Helpful[], added: Helpful): Helpful[] => [
  ...helpful.filter(({ advice }) => advice.name !== added.advice.name),
  added,
];

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
