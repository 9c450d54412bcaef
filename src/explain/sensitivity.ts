import type { Figure, MeasureFirst, Sensitivity, Tornado } from '../report/index.ts';
import { change, reported } from './moved-figures.ts';
import { type Move, movesOf, STEP } from './moves.ts';
import { type Bar, isSure, ranked } from './ranking.ts';
import { type Moving, screened } from './screening.ts';

/** Replications of each simulation, laid beside as many of the design as it is. */
export const PAIRS = 8;

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
 */
export async function sensitivity(moving: Moving): Promise<Sensitivity> {
  const { design, figures, base, simulate, heard } = moving;
  const moves = figures.length === 0 ? [] : movesOf(design);
  const chosen = await screened(moves, moving);
  const first = base.runs.slice(0, PAIRS);
  const moved: Moved[] = [];
  for (const move of chosen) {
    heard(moved.length, chosen.length);
    const effects = await Promise.all(
      move.ends.map(async ({ to, times, plan }) => {
        const { report, runs } = await simulate(plan, false);
        return {
          to,
          times,
          changes: figures.map((figure) => {
            const known = report.stable || reported(figure, report).value !== null;
            return known ? change(figure, first, runs) : null;
          }),
        };
      }),
    );
    moved.push({ ...move, effects });
  }
  const tornados = figures
    .map(
      (figure, f): Tornado => ({
        figure: figure.name,
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
