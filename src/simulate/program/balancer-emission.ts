import type { Label } from '../label.ts';
import { type Code, emitOver } from './connection-emission.ts';
import * as op from './instructions.ts';

const REQUEST_KEY = -1;

/**
 * Emits the choice of an instance by a balancer.
 *
 * @param nobody where a request goes for which there is none
 * @returns the slot that has the instance, and what emits that the request to it is over
 */
export function emitPick(
  code: Code,
  balancer: number,
  callee: number,
  nobody: Label,
): { readonly slot: number; readonly settle: () => void } {
  const { assembly } = code;
  const { byLatency, byKey, health } = assembly.balancers[balancer]!;
  assembly.chooses(balancer, callee);
  const slot = code.slot();
  let timed = 0;
  if (byLatency) {
    timed = code.slot();
    code.slot();
  }
  emitOver(code, balancer);
  // The latest call may have been about another key than the request.
  if (byKey) code.emit(op.USE_KEY, REQUEST_KEY);
  if (health === undefined) code.emit(op.PICK, balancer, slot, timed);
  else code.emit(op.PICK_WELL, balancer, slot, nobody);
  const settled = code.holds('target', balancer, slot, timed);
  return {
    slot,
    settle: () => {
      emitOver(code, balancer, slot + 1);
      code.emit(op.SETTLE, balancer, slot, timed);
      settled();
    },
  };
}
