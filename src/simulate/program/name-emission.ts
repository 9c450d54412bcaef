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

const NO_SLOT = -1;
const NOWHERE = -1;

/** Emits a request to whichever of several operations a name stands for. */
export function emitNamed(code: Emitter, { server, operations, groups, asked }: NamedRequest): void {
  const end = code.label();
  const labels = operations.map(() => code.label());
  const { assembly } = code;
  const name = assembly.name({ server, targets: code.targets(labels), groups });
  const of = assembly.nameServers[server]!.of;
  if (assembly.faultSites.entry(of)) {
    // What a resolver remembers, it knows whatever has become of the name server.
    const door = code.label();
    const slot = code.slot();
    code.emit(op.RESOLVE, name, slot, door);
    code.place(door);
    code.emit(op.ENTER, assembly.firstInstance[of]!, NO_SLOT, code.failureLabel);
    code.emit(op.RESOLVE, name, slot, NOWHERE);
  } else code.emit(op.RESOLVE, name, NO_SLOT, NOWHERE);
  operations.forEach((operation, i) => {
    code.place(labels[i]!);
    code.exchange(operation, undefined, true, { asked });
    code.jump(end);
  });
  code.place(end);
}
