import type { PlanCall } from '../../design/plan.ts';
import { tellsDeadline } from '../../design/told-operations.ts';
import type { Label } from '../label.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  readonly failureLabel: Label;
  /** Whether the operation may have been told of a deadline. */
  readonly isTold: boolean;
  slot(): number;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  attempt(body: () => void): boolean;
  within(timeout: number, body: () => void, cancels?: boolean): void;
  withinDeadline(budget: number, body: () => void, cancels?: boolean): void;
}

/** Nothing more is begun here once the deadline is over that the operation was told of. */
export function emitDue(code: Code): void {
  code.emit(op.DUE, code.assembly.overdue, code.failureLabel);
}

/** The frame's deadline is so many seconds from now, unless it ends sooner. */
export function emitTold(code: Code, seconds: number): void {
  code.emit(op.TELL, budget(code, seconds));
}

/** Emits the exchange of a call that waits no longer than its timeout, and than the deadline that it passes on. */
export function emitTimed(code: Code, call: PlanCall, exchange: () => void): void {
  const { timeout, cancel } = call;
  const { isTold } = code;
  const tells = tellsDeadline(call, isTold);
  if (tells && isTold) {
    code.withinDeadline(budget(code, timeout ?? Number.POSITIVE_INFINITY), exchange, cancel);
  } else if (timeout !== null) {
    const timed = (): void => {
      if (tells) emitTold(code, timeout);
      else if (isTold) code.emit(op.UNTELL, keep(code));
      exchange();
    };
    code.within(timeout, tells || isTold ? timed : exchange, cancel);
  } else if (isTold) emitUntold(code, exchange);
  else exchange();
}

/** A callee that is told nothing, in the frame of a caller that was. */
function emitUntold(code: Code, exchange: () => void): void {
  const kept = keep(code);
  code.emit(op.UNTELL, kept);
  const canFail = code.attempt(exchange);
  code.emit(op.RETELL, kept);
  if (canFail) code.emit(op.CHECK, code.failureLabel);
}

function keep(code: Code): number {
  const slot = code.slot();
  code.slot();
  return slot;
}

function budget({ assembly }: Code, seconds: number): number {
  const known = assembly.budgets.indexOf(seconds);
  return known >= 0 ? known : assembly.budgets.push(seconds) - 1;
}
