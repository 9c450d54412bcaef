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

/** The data whose key a request is about. */
export function dataOf({ plan }: Assembly, component: number, { call, traffic }: Occasion): number {
  const [only, another] = Object.values(plan.components[component]!.data);
  if (only !== undefined && another === undefined) return only;
  if (call?.carries !== undefined) return call.carries.data;
  const key = call?.key ?? (traffic === undefined ? null : plan.traffic[traffic]!.key);
  return key !== null && 'data' in key ? key.data : 0;
}
