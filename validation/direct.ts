import type { DirectExpectation, DirectModel, Tolerance } from './case.ts';

/** A row of a model that no engine runs: what it is, the paper's figure, how ours is found. */
export type Row = readonly [what: string, paper: number, ours: () => number, tolerance?: Tolerance];

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
