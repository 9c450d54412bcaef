import { type Interval, meanInterval } from '../src/kernel/index.ts';
import type { DirectExpectation, DirectModel, Tolerance } from './case.ts';

/** A row of a model that no engine runs: what it is, the paper's figure, how ours is found. */
export type Row = readonly [
  what: string,
  paper: number,
  ours: () => number | Interval,
  tolerance?: Tolerance,
];

/** A model whose rows are measured one by one; exact and a count, unless said. */
export function direct(name: string, rows: readonly Row[], quick = true): DirectModel {
  return {
    name,
    ...(quick ? { quick: true } : {}),
    expect: rows.map(
      ([what, paper, , tolerance = 'exact']): DirectExpectation => ({
        what,
        paper,
        unit: Number.isInteger(paper) && tolerance === 'exact' ? 'count' : '1',
        tolerance,
      }),
    ),
    measure: () => rows.map(([, , ours]) => ours()),
  };
}

/** Several figures with chance in them that come from the same runs. */
export interface Replicated {
  readonly name: string;
  /** Independent runs; the interval comes from their spread. */
  readonly runs: number;
  readonly quick?: true;
  readonly expect: readonly DirectExpectation[];
  /** The figures of one run (counted from 0), in the order of `expect`. */
  readonly figures: (run: number) => readonly number[];
}

/** A model that is run again and again. */
export function replicated({ runs, figures, ...model }: Replicated): DirectModel {
  return {
    ...model,
    measure: () => {
      const all = Array.from({ length: runs }, (_, run) => figures(run));
      return model.expect.map((_, index) => meanInterval(all.map((of) => of[index]!)));
    },
  };
}

/** The mean of one figure over independent runs, counted from 0. */
export function mean(runs: number, figure: (run: number) => number): Interval {
  return meanInterval(Array.from({ length: runs }, (_, run) => figure(run)));
}
