import { type Law, mixture, type Ordering } from './law/index.ts';

/** More of them that can fail are not told apart by which of them do. */
const RISKY_MAX = 8;
/** What happens less often than this is left out. */
const SELDOM = 1e-9;

/** How long something takes when it succeeds, and the chance that it does. */
interface Outcome {
  readonly law: Law;
  readonly success: number;
}

/**
 * When the needed number of things that are done at once has succeeded, given that so many do: by which of them do.
 *
 * @param notes takes in a sentence where this is not exact
 */
export function firstSuccesses(
  outcomes: readonly Outcome[],
  needed: number,
  ordering: Ordering,
  notes: Set<string>,
): Law {
  const laws = (chosen: readonly Outcome[]): Law[] => chosen.map(({ law }) => law);
  // A branch that always fails is never among the first.
  const able = outcomes.filter((r) => r.success > 0);
  const risky = able.filter((r) => r.success < 1);
  const sure = able.filter((r) => r.success === 1);
  if (able.length < needed) return ordering.kth(laws(outcomes), needed);
  if (risky.length === 0 || able.length === needed) return ordering.kth(laws(able), needed);
  if (risky.length > RISKY_MAX) {
    notes.add(
      `More than ${RISKY_MAX} parallel branches can fail: their response time is that of none failing.`,
    );
    return ordering.kth(laws(able), needed);
  }
  const cases: { weight: number; of: Law }[] = [];
  for (let set = 0; set < 2 ** risky.length; set++) {
    const succeeding = risky.filter((_, i) => (set >> i) & 1);
    if (sure.length + succeeding.length < needed) continue;
    const weight = risky.reduce((p, r, i) => p * ((set >> i) & 1 ? r.success : 1 - r.success), 1);
    if (weight < SELDOM) continue;
    cases.push({ weight, of: ordering.kth(laws([...sure, ...succeeding]), needed) });
  }
  return mixture(cases);
}
