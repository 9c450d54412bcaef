import { dependently, type Ordering, precisely, roughly } from './law/index.ts';

/**
 * `bound`: the end of an interval. `dependent`: the same, where visits in a row depend on each other as much as
 * they can. `rough`: one of many draws, of which only the spread matters.
 */
export type Effort = 'thorough' | 'bound' | 'dependent' | 'rough';
export const orderings = {
  thorough: precisely,
  bound: precisely,
  dependent: dependently,
  rough: roughly,
} as const satisfies Record<Effort, Ordering>;

/** Shares, and waits relative to their sum, that move by less are taken to stand. */
export const settledAt = { thorough: 1e-7, bound: 1e-4, dependent: 1e-4, rough: 1e-4 } as const;
