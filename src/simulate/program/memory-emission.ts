import type { Emitter } from './emitter.ts';
import * as op from './instructions.ts';

/**
 * Does `body` while it holds a part of the memory of its instance; where none is left, the instance is killed.
 *
 * @param component index of the component whose instance that is
 * @param memory its station
 */
export function emitWithinMemory(code: Emitter, component: number, memory: number, body: () => void): void {
  const full = code.label();
  const after = code.label();
  code.holding(memory, body, full);
  code.jump(after);
  code.place(full);
  code.emit(op.OUT_OF_MEMORY, component);
  code.place(after);
}
