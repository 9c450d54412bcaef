import type { Occasion } from '../instances.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  slot(): number;
  emit(opcode: number, a?: number, b?: number, c?: number): void;
}

/** Chooses the instance of a component that has the key, or the one that a request to all of them is for; gives its slot. */
export function emitNode(code: Code, component: number, placement: number, about: Occasion): number {
  const slot = code.slot();
  const { key } = about.call ?? {};
  if (key?.from === 'shard') code.emit(op.SET, slot, key.shard);
  else code.emit(op.NODE, placement, slot, dataOf(code.assembly, component, about));
  return slot;
}

/**
 * Emits which shard of a component a request is for, into the next slot; the first of a component that is not placed.
 *
 * @returns 1 and the data that the request is about; 0 = it is for no key, and about no item
 */
export function emitShard(code: Code, component: number, placement: number | null, about: Occasion): number {
  if (placement === null) code.emit(op.SET, code.slot(), 0);
  else emitNode(code, component, placement, about);
  return about.call?.key.from === 'shard' ? 0 : 1 + dataOf(code.assembly, component, about);
}

/** The data whose key a request is about. */
function dataOf({ plan }: Assembly, component: number, { call, traffic }: Occasion): number {
  const [only, another] = Object.values(plan.components[component]!.data);
  if (only !== undefined && another === undefined) return only;
  if (call?.carries !== undefined) return call.carries.data;
  const key = call?.key ?? (traffic === undefined ? null : plan.traffic[traffic]!.key);
  return key !== null && 'data' in key ? key.data : 0;
}
