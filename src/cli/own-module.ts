import { type ComponentKind, kindParts } from '../components/index.ts';
import { type OwnBlocks, requireOwnBlocks } from '../design/index.ts';

/** What the module of a design brings along beside its design. */
export interface OwnParts {
  readonly kinds: readonly ComponentKind[];
  readonly blocks: OwnBlocks;
}

/** What a design that is no module brings along. */
export const nothingOwn: OwnParts = { kinds: [], blocks: {} };

/**
 * The exports `kinds` and `blocks` of the module of a design.
 *
 * @throws TypeError or RangeError when they cannot stand beside the built-in ones
 */
export function ownPartsOf(module: Readonly<Record<string, unknown>>): OwnParts {
  const { kinds = [], blocks = {} } = module;
  kindParts(kinds as readonly ComponentKind[]);
  return { kinds: kinds as readonly ComponentKind[], blocks: requireOwnBlocks(blocks) };
}
