import type { Plan } from '../../design/index.ts';
import type { Figure, MeasureFirst, Sensitivity, Tornado } from '../../report/index.ts';
import type { Measurement } from '../../simulate/index.ts';
import { unknown } from '../../simulate/outcome/figures.ts';
import { FIRST_REQUESTS, WARMUPS } from '../../simulate/program/first-stage.ts';
import { change, isResolved, type MovedFigure, reported } from './moved-figures.ts';
import { type Move, movesOf, STEP } from './moves.ts';
import { type Bar, isSure, ranked } from './ranking.ts';
import { isShown, type Look, type Moving, screened } from './screening.ts';

/** Replications of each simulation, laid beside as many of the design as it is. */
const PAIRS = 8;
/** How much longer than usual replications must be for brief ones to be tried first. */
const WORTH_TRYING = 4;

/** A move, and what it did to each figure at each of its ends. */
interface Moved extends Move {
  /** By figure; null where it has no steady state. */
  readonly effects: readonly {
    readonly to: string;
    readonly times: number | null;
    readonly changes: readonly (Figure | null)[];
  }[];
}

/**
 * Which inputs move the figures of a design. Short runs choose which are worth a longer look; what these do is read from
 * simulations on the same random numbers as that of the design as it is, replication by replication.
 *
 * Where a rare traffic makes replications long, a move is first simulated in brief ones. Where these tell the figures
 * that it moves to within what a histogram tells, longer ones would show the same interval, and are not made.
 */
export async function sensitivity(moving: Moving): Promise<Sensitivity> {
  const { design, figures, base, simulate, heard } = moving;
  const moves = figures.length === 0 ? [] : movesOf(design);
  const chosen = await screened(moves, moving);
  const whole: Paired = { look: { share: 1, replications: PAIRS, seed: 0 }, from: base.runs.slice(0, PAIRS) };
  const brief = chosen.length === 0 ? null : await briefly(moving);
  const moved: Moved[] = [];
  for (const { move, moves: seemed } of chosen) {
    heard(moved.length, chosen.length);
    const compared = async (plan: Plan, { look, from }: Paired) => {
      const { report, runs } = await simulate(plan, look);
      return figures.map((figure) => {
        const known = report.stable || reported(figure, report).value !== null;
        return known ? change(figure, from, runs) : null;
      });
    };
    const looked = (paired: Paired) => Promise.all(move.ends.map(({ plan }) => compared(plan, paired)));
    const tried = brief === null ? null : await looked(brief);
    const isEnough = tried?.every((end) =>
      end.every((of, f) => !seemed.has(f) || (of !== null && isResolved(figures[f]!, of, brief!.from))),
    );
    const changes = isEnough === true ? onlyShown(tried!, figures, brief!) : await looked(whole);
    const effects = move.ends.map(({ to, times }, e) => ({ to, times, changes: changes[e]! }));
    moved.push({ ...move, effects });
  }
  const tornados = figures
    .map(
      (figure, f): Tornado => ({
        figure: figure.name,
        metric: figure.metric,
        base: reported(figure, base.report),
        bars: ranked(moved.filter((move) => hasMoved(move, f)).map((move) => barOf(move, f))),
      }),
    )
    .filter(({ bars }) => bars.length > 0);
  const unmoved = moved.filter((move) => !figures.some((_, f) => hasMoved(move, f))).map(({ name }) => name);
  return {
    step: STEP,
    inputs: moves.length,
    simulated: chosen.length,
    replications: PAIRS,
    tornados,
    unmoved,
    measureFirst: measureFirst(tornados),
  };
}

/** A look, and the runs of the design as it is that are laid beside it. */
interface Paired {
  readonly look: Look;
  readonly from: readonly Measurement[];
}

/** Brief replications, where those of the baseline are so long that it is worth trying them first; else null. */
async function briefly({ design, base, simulate }: Moving): Promise<Paired | null> {
  const { report, runs } = base;
  const requests = runs.reduce(
    (sum, { traffic }) => sum + traffic.reduce((of, each) => of + each.offered, 0),
    0,
  );
  const share = (FIRST_REQUESTS * runs.length) / requests;
  const seconds = (share * report.simulatedSeconds) / report.replications;
  const isBrief = share * WORTH_TRYING <= 1 && seconds >= WARMUPS * report.warmupSeconds;
  if (report.scenario !== null || !isBrief) return null;
  const look = { share, replications: PAIRS, seed: 0 };
  return { look, from: (await simulate(design.plan, look)).runs };
}

/** The changes of those figures that brief runs show enough of: of others nothing can be told. */
function onlyShown(
  ends: readonly (readonly (Figure | null)[])[],
  figures: readonly MovedFigure[],
  { from }: Paired,
): (Figure | null)[][] {
  const shown = figures.map((figure) => isShown(figure, from));
  return ends.map((changes) =>
    changes.map((change, f) => (change === null || shown[f] === true ? change : unknown(change.unit))),
  );
}

/** Whether a move changes a figure at one of its ends by more than chance would. */
const hasMoved = ({ effects }: Moved, f: number): boolean =>
  effects.some(({ changes }) => changes[f] === null || isSure(changes[f]!));

function barOf({ name, what, from, source, effects }: Moved, f: number): Bar {
  return {
    input: name,
    what,
    from,
    source,
    ends: effects.map(({ to, times, changes }) => ({ to, times, change: changes[f]! })),
  };
}

/** Of the guessed constants that move a figure the one that moves it farthest, as a share of it. */
function measureFirst(tornados: readonly Tornado[]): MeasureFirst | null {
  const candidates = tornados.flatMap(({ figure, base, bars }) =>
    bars
      .filter(({ what }) => what === 'constant')
      .map((bar) => {
        const known = [0, ...bar.ends.map(({ change }) => change?.value ?? 0)];
        const lost = bar.ends.some(({ change }) => change === null);
        const swing = lost ? null : (Math.max(...known) - Math.min(...known)) / Math.abs(base.value!);
        return { figure, bar, swing };
      }),
  );
  const reach = ({ swing }: { readonly swing: number | null }): number => swing ?? Number.POSITIVE_INFINITY;
  const [first] = candidates.sort((a, b) => reach(b) - reach(a));
  if (first === undefined) return null;
  const { bar, figure, swing } = first;
  return {
    constant: bar.input,
    figure,
    from: bar.from,
    low: bar.ends[0]!.to,
    high: bar.ends.at(-1)!.to,
    swing,
    source: bar.source!,
  };
}
