import type { KindFinding, Settling } from '../design/index.ts';
import type { PlanData } from '../design/plan.ts';
import { formatQuantity } from '../quantities/index.ts';

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

/**
 * Warns of a room in which not even one item fits, so that nothing is ever held.
 *
 * @param overhead bytes that each item takes besides itself
 */
export function tooSmall(
  room: Room,
  held: Pick<PlanData, 'name' | 'size'>,
  setting: readonly string[] = ['memory'],
  overhead = 0,
): KindFinding[] {
  const each = held.size.low + overhead;
  if ('items' in room || room.bytes >= each) return [];
  const message = `not one \`${held.name}\` fits, each of which takes ${formatQuantity(each, 'size')}: nothing is ever held`;
  return [{ code: 'idle-knob', setting, message }];
}
