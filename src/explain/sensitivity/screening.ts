import type { Plan } from '../../design/index.ts';
import type { Report } from '../../report/index.ts';
import type { Measurement } from '../../simulate/index.ts';
import { change, endedIn, figureIn, type MovedFigure } from './moved-figures.ts';
import type { ExplainedDesign, Move } from './moves.ts';

/** Inputs and constants that are looked at for longer, at most. */
const INPUTS = 8;
const CONSTANTS = 4;
/** What moves no figure by more than this in a short run, as a share of it, is not looked at any more. */
const WORTH = 0.01;
/** Requests, or messages, beyond a quantile that short runs must show for that to be looked at, and not the mean. */
const BEYOND = 20;

/** The looks that screening takes: at all moves, and again at those that change anything in the first. */
const FIRST_LOOK: Look = { share: 1 / 16, replications: 2, seed: 1 };
const SECOND_LOOK: Look = { share: 1 / 8, replications: 3, seed: 2 };

/** How a plan is simulated to be laid beside the design as it is. */
export interface Look {
  /** Length of a replication, as a share of those of the baseline; a scenario is always run whole. */
  readonly share: number;
  readonly replications: number;
  /** What the seed is moved by: 0 = the random numbers of the baseline. */
  readonly seed: number;
}

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
  readonly simulate: (plan: Plan, look: Look) => Promise<Baseline>;
  /** Told how many inputs of how many have been simulated; 0 of 0 while short runs choose them. */
  readonly heard: (done: number, of: number) => void;
}

/** A move that is worth a longer look, and the figures that it seemed to move, by index. */
export interface Screened {
  readonly move: Move;
  readonly moves: ReadonlySet<number>;
}

/**
 * The moves that are worth a longer look: those that move a figure most in short runs. The random numbers of these are
 * their own, so that what was chosen for its luck there has none where it is judged.
 */
export async function screened(
  moves: readonly Move[],
  { design, figures, base: { report }, simulate, heard }: Moving,
): Promise<Screened[]> {
  if (moves.length === 0) return [];
  heard(0, 0);
  const look = async (plan: Plan): Promise<readonly Measurement[]> => (await simulate(plan, FIRST_LOOK)).runs;
  // A first look at a scenario, which is run whole, is all that there is to see.
  const again = async (plan: Plan): Promise<readonly Measurement[]> =>
    report.scenario === null ? (await simulate(plan, SECOND_LOOK)).runs : [];
  const first = await look(design.plan);
  const base = [...first, ...(await again(design.plan))];
  const watched = figures.map((figure) => precise(figure, base));
  const scored = await Promise.all(
    moves.map(async (move) => {
      const ends = await Promise.all(
        move.ends.map(async ({ plan }) => {
          const runs = await look(plan);
          if (runs.every((run, r) => isUnchanged(first[r]!, run))) return null;
          return [...runs, ...(await again(plan))];
        }),
      );
      const shares = watched.map((figure) =>
        Math.max(0, ...ends.map((runs) => (runs === null ? 0 : shareMoved(figure, base, runs)))),
      );
      const worth = new Set([...shares.keys()].filter((f) => shares[f]! >= WORTH));
      return { move, moves: worth, score: Math.max(0, ...shares) };
    }),
  );
  const most = (what: Move['what'], count: number): Screened[] =>
    scored
      .filter(({ move, moves }) => move.what === what && moves.size > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, count);
  return [...most('input', INPUTS), ...most('constant', CONSTANTS)];
}

/** The figure where the runs show enough of it; else the mean, which is known sooner. */
const precise = (figure: MovedFigure, runs: readonly Measurement[]): MovedFigure =>
  isShown(figure, runs) ? figure : { ...figure, metric: 'mean' };

/** Whether runs show enough of what is beyond a quantile. */
export function isShown(figure: MovedFigure, runs: readonly Measurement[]): boolean {
  const beyond = { mean: 1, success: 1, lag: 1, p50: 0.5, p95: 0.05, p99: 0.01, p999: 0.001 };
  return endedIn(figure, runs) * beyond[figure.metric] >= BEYOND;
}

/** How far a figure moves, as a share of it; of success, as a share of what failed before. */
function shareMoved(figure: MovedFigure, from: readonly Measurement[], to: readonly Measurement[]): number {
  const moved = Math.abs(change(figure, from, to).value ?? Number.POSITIVE_INFINITY);
  const base = figureIn(figure, from);
  return moved === 0 ? 0 : moved / (figure.metric === 'success' ? 1 - base : base);
}

/** Whether a run came out as another to the last digit: then nothing in it met what was moved. */
function isUnchanged(a: Measurement, b: Measurement): boolean {
  return (
    a.traffic.every(({ offered, served, latencySum }, t) => {
      const other = b.traffic[t]!;
      return offered === other.offered && served === other.served && latencySum === other.latencySum;
    }) &&
    a.channels.every(({ published, ageSum, heldArea }, c) => {
      const other = b.channels[c]!;
      return published === other.published && ageSum === other.ageSum && heldArea === other.heldArea;
    })
  );
}
