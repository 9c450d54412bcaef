import { balancerBefore, cacheBefore, edgeBefore, queueBetween } from './between.ts';
import { callSettings } from './calls.ts';
import { more, moreCopies, moreTogether, seconds, variants } from './more.ts';
import type { Move, Situation } from './move.ts';

/** Where moves come from: each looks for those of its sort that fit. */
const SORTS: readonly ((situation: Situation) => Move[])[] = [
  more,
  moreTogether,
  cacheBefore,
  moreCopies,
  variants,
  edgeBefore,
  balancerBefore,
  queueBetween,
  callSettings,
  seconds,
];

/** Moves that may help, each once. */
export function movesFor(situation: Situation): Move[] {
  const all = SORTS.flatMap((sort) => sort(situation));
  const names = new Set<string>();
  return all.filter(({ name }) => !names.has(name) && names.add(name));
}
