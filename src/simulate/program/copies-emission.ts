import type { PlanComponent, PlanOperation } from '../../design/plan.ts';
import { mean } from '../../quantities/index.ts';
import type { OwnCopiesSpec } from '../caching/copies-spec.ts';
import type { Assembly } from './assembly.ts';
import type { Emitter } from './emitter.ts';
import * as op from './instructions.ts';

/** Emits requests that a user answers from a copy of its own, where it has one, and asks otherwise. */
export function emitCopies(
  code: Emitter,
  component: PlanComponent,
  operation: PlanOperation,
  kept: Pick<OwnCopiesSpec, 'users' | 'ttl' | 'followed'>,
  ask: () => void,
): void {
  const { assembly } = code;
  const own =
    assembly.copies.push({ ...kept, name: component.name, data: askedFor(assembly, operation) }) - 1;
  const slot = code.slot();
  code.slot();
  const answered = code.label();
  code.emit(op.ASK_COPY, own, answered, slot);
  const canFail = code.attempt(ask);
  if (canFail) code.emit(op.CHECK, code.failureLabel);
  code.emit(op.KEEP_COPY, own, slot);
  code.place(answered);
}

/** By traffic: the data whose items it asks the operation for, and how often all that ask for these do. */
function askedFor({ plan, rateOf }: Assembly, operation: PlanOperation): OwnCopiesSpec['data'] {
  const weights = plan.traffic.map(({ operation: asked, key, arrivals }) => {
    if (asked !== operation.index || key?.from !== 'draw') return 0;
    return arrivals.type === 'open'
      ? arrivals.rate.value * arrivals.peak
      : arrivals.users / mean(arrivals.think);
  });
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const keyOf = (t: number): number => {
    const { key } = plan.traffic[t]!;
    return key?.from === 'draw' ? key.data : -1;
  };
  return weights.map((weight, t) => {
    if (weight === 0) return null;
    const same = weights.reduce((sum, each, other) => (keyOf(other) === keyOf(t) ? sum + each : sum), 0);
    return { keySpace: keyOf(t), rate: (rateOf(operation.index) * same) / all };
  });
}
