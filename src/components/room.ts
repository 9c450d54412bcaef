import type { Settling } from '../design/index.ts';

/** How much fits into a store of copies. */
export type Room = { readonly items: number } | { readonly bytes: number };

/**
 * The room that `memory` or `items` says; refused where both do, or neither.
 *
 * @param unsaid what to say where neither does, with an example of `memory`
 */
export function roomOf(
  { memory, items }: { readonly memory?: number | undefined; readonly items?: number | undefined },
  settling: Settling,
  unsaid: { readonly message: string; readonly memory: string },
): Room {
  if (memory !== undefined && items !== undefined) {
    settling.refuse({
      code: 'conflicting-keys',
      setting: ['items'],
      message: '`memory` and `items` both say how much fits',
      hint: 'keep one of the two',
    });
  }
  if (memory !== undefined) return { bytes: memory };
  if (items !== undefined) return { items };
  settling.refuse({
    code: 'missing-key',
    setting: ['memory'],
    message: unsaid.message,
    expected: `\`memory\`, such as ${unsaid.memory}, or \`items\`, such as 100k`,
  });
  return { items: 1 };
}
