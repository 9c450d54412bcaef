import type { Random } from '../../kernel/index.ts';
import type { KeySpace } from './key-space.ts';
import { ascending } from './order.ts';

/** Simulated keys that may lie in a cache, each with a score: the lower, the surer. */
export interface Candidates {
  readonly keys: Int32Array;
  /** The group of each key. */
  readonly groups: Int32Array;
  readonly scores: Float64Array;
}

/**
 * Draws the keys whose score is below some bound, without looking at the others: in a group of many keys it
 * jumps from one candidate to the next.
 *
 * @param chance that the score of a key of this popularity is below the bound
 * @param score of a key of this popularity at this quantile; called once for each candidate, in order
 */
export function drawCandidates(
  space: KeySpace,
  random: Random,
  chance: (perKey: number) => number,
  score: (perKey: number, u: number) => number,
): Candidates {
  const keys = new Int32Array(space.keys);
  const groups = new Int32Array(space.keys);
  const scores = new Float64Array(space.keys);
  let drawn = 0;
  for (let group = 0; group < space.groups; group++) {
    const perKey = space.probabilityPerKey(group);
    if (perKey === 0) continue;
    const below = chance(perKey);
    const first = space.firstKey(group);
    const count = space.ranksOf(group) / space.standsFor(group);
    const dense = below > 0.3;
    const step = dense ? 0 : Math.log1p(-below);
    for (let at = 0; at < count; at++) {
      let u = random.next();
      if (dense) {
        if (u >= below) continue;
      } else {
        at += Math.floor(Math.log1p(-u) / step);
        if (at >= count) break;
        u = below * random.next();
      }
      keys[drawn] = first + at;
      groups[drawn] = group;
      scores[drawn] = score(perKey, u);
      drawn++;
    }
  }
  return {
    keys: keys.subarray(0, drawn),
    groups: groups.subarray(0, drawn),
    scores: scores.subarray(0, drawn),
  };
}

/**
 * The candidates with the lowest scores that fit together, from the lowest up, as indices.
 *
 * @param capacity in keys of the data set; a simulated key takes as many as it stands for
 */
export function lowestThatFit(candidates: Candidates, space: KeySpace, capacity: number): Int32Array {
  const order = ascending(candidates.scores);
  let room = capacity;
  let fitting = 0;
  while (fitting < order.length) {
    room -= space.standsFor(candidates.groups[order[fitting]!]!);
    if (room < 0) break;
    fitting++;
  }
  return order.subarray(0, fitting);
}
