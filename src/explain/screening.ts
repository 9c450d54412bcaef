import type { Plan } from '../design/index.ts';
import type { Report } from '../report/index.ts';
import type { Measurement } from '../simulate/index.ts';
import { change, figureIn, type MovedFigure, servedIn } from './moved-figures.ts';
import type { ExplainedDesign, Move } from './moves.ts';

/** Inputs and constants that are looked at for longer, at most. */
const INPUTS = 8;
const CONSTANTS = 4;
/** What moves no figure by more than this in a short run, as a share of it, is not looked at any more. */
const WORTH = 0.01;
/** Requests beyond a quantile that a short run must show for that to be looked at, and not the mean. */
const BEYOND = 20;

/** What replications showed. */
export interface Baseline {
  readonly report: Report;
  readonly runs: readonly Measurement[];
}

/** What a sensitivity analysis asks for. */
export interface Moving {
  readonly design: ExplainedDesign;
  readonly figures: readonly MovedFigure[];
  /** The design as it is. */
  readonly base: Baseline;
  /** Simulates a plan as the baseline was; or in a short run, on other random numbers. */
  readonly simulate: (plan: Plan, short: boolean) => Promise<Baseline>;
  /** Told how many inputs of how many have been simulated; 0 of 0 while short runs choose them. */
  readonly heard: (done: number, of: number) => void;
}

/**
 * The moves that are worth a longer look: those that move a figure most in short runs. The random numbers of these are
 * their own, so that what was chosen for its luck there has none where it is judged.
 */
export async function screened(
  moves: readonly Move[],
  { design, figures, simulate, heard }: Moving,
): Promise<Move[]> {
  if (moves.length === 0) return [];
  heard(0, 0);
  const base = (await simulate(design.plan, true)).runs;
  const watched = figures.map((figure) => precise(figure, base));
  const scored = await Promise.all(
    moves.map(async (move) => {
      const ends = await Promise.all(move.ends.map(async ({ plan }) => (await simulate(plan, true)).runs));
      const shares = ends.flatMap((runs) => watched.map((figure) => shareMoved(figure, base, runs)));
      return { move, score: Math.max(0, ...shares) };
    }),
  );
  const most = (what: Move['what'], count: number): Move[] =>
    scored
      .filter(({ move, score }) => move.what === what && score >= WORTH)
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
      .map(({ move }) => move);
  return [...most('input', INPUTS), ...most('constant', CONSTANTS)];
}

/** The figure where the runs show enough of it; else the mean, which is known sooner. */
function precise(figure: MovedFigure, runs: readonly Measurement[]): MovedFigure {
  const beyond = { mean: 1, success: 1, p50: 0.5, p95: 0.05, p99: 0.01, p999: 0.001 }[figure.metric];
  return servedIn(figure, runs) * beyond >= BEYOND ? figure : { ...figure, metric: 'mean' };
}

/** How far a figure moves, as a share of it; of success, as a share of what failed before. */
function shareMoved(figure: MovedFigure, from: readonly Measurement[], to: readonly Measurement[]): number {
  const moved = Math.abs(change(figure, from, to).value ?? Number.POSITIVE_INFINITY);
  const base = figureIn(figure, from);
  return moved === 0 ? 0 : moved / (figure.metric === 'success' ? 1 - base : base);
}
