import type { PlanAsked } from '../../design/plan.ts';
import type { Emitter } from './emitter.ts';
import * as op from './instructions.ts';

/** A request that a name passes on. */
export interface NamedRequest {
  /** The name server that gives the answers. */
  readonly server: number;
  /** The operations that it may stand for. */
  readonly operations: readonly number[];
  /** The resolvers that each instance of who asks asks, over and over; null = one group for all. */
  readonly groups: Int32Array | null;
  /** Who asks, in a design with regions. */
  readonly asked: PlanAsked | undefined;
}

/** Emits a request to whichever of several operations a name stands for. */
export function emitNamed(code: Emitter, { server, operations, groups, asked }: NamedRequest): void {
  const end = code.label();
  const labels = operations.map(() => code.label());
  code.emit(op.RESOLVE, code.assembly.name({ server, targets: code.targets(labels), groups }));
  operations.forEach((operation, i) => {
    code.place(labels[i]!);
    code.exchange(operation, undefined, true, { asked });
    code.jump(end);
  });
  code.place(end);
}
