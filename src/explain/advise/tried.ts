import { type Edit, edited, type LoadedDesign, type Plan } from '../../design/index.ts';
import {
  type Advice,
  type Figure,
  type MoveReport,
  type RejectedMove,
  spelledTime,
} from '../../report/index.ts';
import { type Breaking, LEAST } from '../stress/breaking-loads.ts';
import { unjudgedLosses } from '../stress/unjudged-losses.ts';
import type { Bench } from './bench.ts';
import { costDifference, costsOf } from './cost.ts';
import type { Move } from './move.ts';
import { pinnedReads } from './pinned-reads.ts';
import { type Downtime, downtimeOf } from './promises.ts';
import { gainOf, perHundred } from './rank.ts';
import { whyBroken } from './situation.ts';
import { headroomOf, type Trial } from './trial.ts';

/** A move that was made in the design. */
export interface Made {
  readonly move: Move;
  /** The design with it, as plain values. */
  readonly design: unknown;
  readonly plan: Plan;
}

/** A move that helps. */
export interface Helpful {
  readonly made: Made;
  readonly advice: Omit<Advice, 'rank'>;
  /** Of one that lets more load through. */
  readonly held: Held | null;
}

/** How far a changed design holds. */
export interface Held {
  readonly trial: Trial;
  readonly breaking: Breaking;
}

/** Makes a move and sees whether it helps. */
export async function tried(bench: Bench, move: Move): Promise<Helpful | RejectedMove> {
  const made = make(bench, move);
  if ('why' in made) return made;
  if (move.helps === 'availability') return steadier(bench, made);
  const trial = bench.trial(made.plan, made.move);
  const from = bench.base.missed!;
  const verdict = await trial.verdict(from, bench.goals);
  if (verdict === false) return rejected(made.move, await whyNot(bench, trial, from));
  const breaking = await trial.breaking(
    bench.goals,
    await bench.guess(made.plan),
    verdict === true ? from : 0,
  );
  if ((breaking.met ?? 0) < from) {
    return rejected(made.move, 'what it changes is less than the runs can tell');
  }
  return stronger(bench, made, { trial, breaking });
}

/** The design with a move, without what that leaves idle; or why that cannot be. */
export function make({ changeable, diagnostics }: Bench, move: Move): Made | RejectedMove {
  const load = (edits: readonly Edit[]) => {
    const design = edited(changeable.design, edits);
    return { edits, design, changed: changeable.load(design) };
  };
  let made = load(move.edits);
  const idle = newlyIdle(diagnostics, made.changed.diagnostics).filter(({ path }) =>
    move.leaves?.includes(path),
  );
  if (idle.length > 0) {
    // Names of components and settings have no dots.
    made = load([...move.edits, ...idle.map(({ path }): Edit => ({ path: path.split('.') }))]);
  }
  const { edits, design, changed } = made;
  const full = { ...move, edits };
  if (changed.plan === null) {
    const wrong = changed.diagnostics.find(({ severity }) => severity === 'error');
    return rejected(full, `the design does not allow it: ${wrong?.message}`);
  }
  const [first] = newlyIdle(diagnostics, changed.diagnostics);
  if (first !== undefined) return rejected(full, `it would do nothing here: ${first.message}`);
  return { move: full, design, plan: changed.plan };
}

/** A move that lets more load through, with all that is known of it. */
export async function stronger(bench: Bench, made: Made, held: Held): Promise<Helpful> {
  const { trial, breaking } = held;
  const { move, plan } = made;
  const raised = headroomOf(breaking);
  const gain = gainOf(headroomOf(bench.base), raised);
  const cost = costDifference(bench.costs, costsOf(plan, bench.kinds.estimated));
  const there = await trial.report(breaking.met!);
  const loses = unjudgedLosses(plan, there, bench.meant);
  const costly = [...pinnedReads(there, bench.meant), ...loses];
  const next =
    breaking.missed === null
      ? null
      : (whyBroken(plan, await trial.report(breaking.missed), await trial.report(breaking.met ?? LEAST))
          .links[0] ?? null);
  const broken = bench.down?.broken ?? [];
  const advice: Omit<Advice, 'rank'> = {
    ...sayingOf(move),
    sacrifices: [move.sacrifices, ...costly.map((each) => `at ${timesText(breaking.met!)} ${each}`)].join(
      '; ',
    ),
    helps: 'load',
    headroom: raised,
    gain,
    cost,
    gainPerHundred: perHundred(gain, cost),
    downtime: null,
    keeps: broken.length === 0 ? [] : keptBy(bench, downtimeOf(plan, bench.kinds.estimated, bench.seed)),
    loses,
    next,
  };
  return { made, advice, held };
}

function steadier(bench: Bench, made: Made): Helpful | RejectedMove {
  const { move, plan } = made;
  const now = bench.down;
  const after = downtimeOf(plan, bench.kinds.estimated, bench.seed);
  if (now === null || after === null) return rejected(move, 'how often it would be down is not known');
  // Of other traffic than before nothing can be compared.
  if (after.unknown.join() !== now.unknown.join())
    return rejected(move, `how often ${after.unknown.join(', ')} would be down is not known`);
  const keeps = keptBy(bench, after);
  if (after.worst.low! > now.worst.high!) {
    return rejected(
      move,
      `it is down longer in a year: ${yearText(after.worst)}, not ${yearText(now.worst)}`,
    );
  }
  const spared = sparedBy(now, after);
  const helps = after.worst.high! < now.worst.low! || spared.length > 0 || keeps.length > 0;
  if (!helps) {
    const what = now.unknown.length === 0 ? 'it' : `what is known of it (not ${now.unknown.join(', ')})`;
    return rejected(move, `${what} is down as long in a year as without it, as far as chance lets tell`);
  }
  return steadierBy(bench, made, now, after);
}

/** A move that keeps the design up, with all that is known of it. */
export function steadierBy(bench: Bench, { move, ...made }: Made, now: Downtime, after: Downtime): Helpful {
  const advice: Omit<Advice, 'rank'> = {
    ...sayingOf(move),
    helps: 'availability',
    headroom: null,
    gain: null,
    cost: costDifference(bench.costs, costsOf(made.plan, bench.kinds.estimated)),
    gainPerHundred: null,
    downtime: { before: now.worst, after: after.worst, spared: sparedBy(now, after) },
    keeps: keptBy(bench, after),
    loses: [],
    next: null,
  };
  return { made: { move, ...made }, advice, held: null };
}

/** What takes nothing with it alone any more. */
const sparedBy = (now: Downtime, after: Downtime): string[] =>
  [...now.points].filter((point) => !after.points.has(point));

/** Promises that are broken now, and kept then. */
export function keptBy({ down }: Bench, after: Downtime | null): string[] {
  return down === null || after === null ? [] : down.broken.filter((goal) => after.kept.has(goal));
}

async function whyNot({ sound }: Bench, trial: Trial, at: number): Promise<string> {
  const { links } = whyBroken(trial.plan, await trial.report(at), sound);
  const fails = links.length === 0 ? 'what it hands on is not worked off' : links.join(' → ');
  return `at ${timesText(at)}, where the design as it is gives way, it does too: ${fails}`;
}

/** Warnings that a setting does nothing which the design as it was did not have. */
function newlyIdle(
  before: LoadedDesign['diagnostics'],
  after: LoadedDesign['diagnostics'],
): LoadedDesign['diagnostics'] {
  const known = new Set(before.map(({ path, code }) => `${code} ${path}`));
  return after.filter(({ code, path }) => code === 'idle-knob' && !known.has(`${code} ${path}`));
}

const rejected = (move: Move, why: string): RejectedMove => ({ ...sayingOf(move), why });

function sayingOf({ name, chose, over, because, sacrifices, edits, steps = [] }: Move): MoveReport {
  const said = { name, chose, over, because, sacrifices };
  return {
    ...said,
    edits: edits.map(({ path, value }: Edit) => ({ path, value })),
    steps: steps.map((step) => ({
      name: step.name,
      chose: step.chose,
      over: step.over,
      because: step.because,
    })),
  };
}

export const timesText = (times: number): string => `${Number(times.toPrecision(3))}×`;

const yearText = ({ value }: Figure): string => spelledTime(value!);
