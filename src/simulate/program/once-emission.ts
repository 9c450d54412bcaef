import type { PlanCall, PlanOnce } from '../../design/plan.ts';
import type { Label } from '../label.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  readonly failureLabel: Label;
  /** Slot that counts the calls whose callees have to know a repeat; 0 where there are none. */
  counter: number;
  slot(): number;
  label(): Label;
  place(label: Label): void;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  attempt(body: () => void): boolean;
  placeOf(what: string): string;
}

/** Calls of the operation are counted from here on. */
export function emitCounter(code: Code): void {
  code.counter = code.slot();
  code.emit(op.SET, code.counter, 0);
}

/**
 * Emits a call whose attempts, and whose repeats by whoever repeats the request, are to be known as the same: it has a
 * name that follows from that of the request and from its place.
 */
export function emitNamed(code: Code, call: PlanCall, body: () => void): void {
  if (!code.assembly.reachesOnce.has(call.operation)) {
    body();
    return;
  }
  const kept = code.slot();
  code.slot();
  code.emit(op.NAME, code.assembly.named++, kept, code.counter);
  const canFail = code.attempt(body);
  code.emit(op.UNNAME, kept);
  if (canFail) code.emit(op.CHECK, code.failureLabel);
}

/** Emits steps that are done once for each request. */
export function emitOnce(code: Code, { steps: _, ...once }: PlanOnce, name: string, body: () => void): void {
  const { assembly } = code;
  const token = code.slot();
  const guard = assembly.atPlace(code.placeOf(`once ${token}`), () => {
    const alike = assembly.onces.filter((each) => each.name.replace(/ #\d+$/, '') === name).length;
    return assembly.onces.push({
      ...once,
      name: alike === 0 ? name : `${name} #${alike + 1}`,
      token,
      busy: assembly.reason(`${name} in progress`),
      full: assembly.reason(`${name} keys full`),
    });
  });
  const done = code.label();
  code.emit(op.ONCE, guard - 1, done, code.failureLabel);
  const canFail = code.attempt(body);
  code.emit(op.ONCE_DONE, guard - 1);
  if (canFail) code.emit(op.CHECK, code.failureLabel);
  code.place(done);
}
