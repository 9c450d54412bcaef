import type { Distribution } from '../quantities/index.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';
import type { Label } from './label.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  label(): Label;
  place(label: Label): void;
  jump(label: Label): void;
  emit(opcode: number, a?: number | Label): void;
  delay(time: Distribution, what: string): void;
}

/** The time an item takes over a network of limited bandwidth; messages do not wait for each other. */
export function emitTransfer(code: Code, data: number): void {
  const { plan } = code.assembly;
  const { bandwidth } = plan.network;
  if (bandwidth === null) return;
  code.delay({ law: 'constant', value: plan.data[data]!.size.value / bandwidth }, 'transfer');
}

/** The same where a lookup has found it. */
export function emitTransferOfHit(code: Code, data: number): void {
  if (code.assembly.plan.network.bandwidth === null) return;
  const hit = code.label();
  const after = code.label();
  code.emit(op.IF_HIT, hit);
  code.jump(after);
  code.place(hit);
  emitTransfer(code, data);
  code.place(after);
}
