import type { Edit } from '../../design/index.ts';
import { formatPath } from '../../design/path.ts';
import type { Move } from './move.ts';

/** Several moves as one, made one after the other: what a later one sets again, an earlier one need not. */
export function together(moves: readonly Move[], { because, helps }: Pick<Move, 'because' | 'helps'>): Move {
  const steps = onceEach(moves.flatMap((move) => move.steps ?? [move]));
  const said = (part: 'name' | 'chose' | 'over' | 'sacrifices', between: string): string =>
    [...new Set(steps.map((move) => move[part]))].join(between);
  const leaves = steps.flatMap((move) => move.leaves ?? []);
  const keepsUp = [...new Set(steps.flatMap((move) => move.keepsUp ?? []))];
  const [only, ...others] = steps;
  if (others.length === 0 && only !== undefined) return only;
  return {
    name: said('name', ' + '),
    chose: said('chose', ', '),
    over: said('over', ', '),
    because,
    sacrifices: said('sacrifices', '; '),
    edits: lastOfEach(steps.flatMap(({ edits }) => edits)),
    helps,
    steps,
    ...(leaves.length === 0 ? {} : { leaves }),
    ...(keepsUp.length === 0 ? {} : { keepsUp }),
  };
}

/** Of those of one name the last says how much, the first what it was before and why. */
function onceEach(moves: readonly Move[]): Move[] {
  const byName = new Map<string, Move>();
  for (const move of moves) {
    const { over, because } = byName.get(move.name) ?? move;
    byName.set(move.name, { ...move, over, because });
  }
  return [...byName.values()];
}

/** Of several edits of one place the last. */
function lastOfEach(edits: readonly Edit[]): Edit[] {
  const last = new Map(edits.map((edit) => [formatPath(edit.path), edit]));
  return edits.filter((edit) => last.get(formatPath(edit.path)) === edit);
}
