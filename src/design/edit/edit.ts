import { formatPath, isMap, type Path } from '../path.ts';

/** A change of one place of a design as it is written. */
export interface Edit {
  /** Where. What lies around it is there already; of a list, the last part may be its length. */
  readonly path: Path;
  /** What is to stand there, as a user writes it: text, numbers, flags, maps and lists. Without it, the key of a map goes. */
  readonly value?: unknown;
}

/**
 * A design as plain values with edits made, in their order. What is not touched is shared with the design that was
 * given, which stays as it is.
 *
 * @throws RangeError where a path leads nowhere, or the only key of a map is to go
 */
export function edited(design: unknown, edits: readonly Edit[]): unknown {
  return edits.reduce((value, edit) => set(value, edit, 0), design);
}

function set(tree: unknown, edit: Edit, depth: number): unknown {
  const part = edit.path[depth];
  if (part === undefined) return edit.value;
  const last = depth === edit.path.length - 1;
  const goes = last && edit.value === undefined;
  if (!goes && Array.isArray(tree) && typeof part === 'number' && part < tree.length + (last ? 1 : 0)) {
    const copy = [...tree];
    copy[part] = set(tree[part], edit, depth + 1);
    return copy;
  }
  if (goes && isMap(tree) && typeof part === 'string') {
    const { [part]: gone, ...others } = tree;
    if (gone !== undefined && Object.keys(others).length > 0) return others;
  }
  if (!goes && isMap(tree) && typeof part === 'string' && (last || Object.hasOwn(tree, part))) {
    return { ...tree, [part]: set(tree[part], edit, depth + 1) };
  }
  throw new RangeError(`path must lead to a place of the design, got ${formatPath(edit.path)}`);
}
