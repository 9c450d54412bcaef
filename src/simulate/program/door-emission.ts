import { limitReason } from '../protection/limit-reason.ts';
import type { Emitter } from './emitter.ts';
import * as op from './instructions.ts';

/** Goes on when the limiter of that number, of the component itself, lets a request through; else it fails. */
export function emitLimit(code: Emitter, limiter: number, reason: string): void {
  code.emit(op.LIMIT, limiter, limitReason(code.assembly, reason), code.failureLabel);
}

/** The same by the client limit of that number, for the client that asks. */
export function emitClientLimit(code: Emitter, limit: number, reason: string): void {
  code.emit(op.ADMIT, limit, limitReason(code.assembly, reason), code.failureLabel);
}

/** The same by the client limit of the request's traffic, which the tier limit of that number knows. */
export function emitTierLimit(code: Emitter, tierLimit: number, reason: string): void {
  emitClientLimit(code, -1 - tierLimit, reason);
}

/** What a limit whose counters are read and written apart let through is written. */
export function emitCounted(code: Emitter): void {
  code.emit(op.COUNTED);
}

/** This share of requests ends here with an error as its answer. */
export function emitErrors(code: Emitter, share: number, reason: string): void {
  const cases = [{ probability: share, steps: [{ step: 'fail', reason } as const] }];
  code.run([{ step: 'choose', cases }], -1);
}
