import type { Distribution } from '../../quantities/index.ts';
import type { Label } from '../label.ts';
import { legOf, type Way } from '../leg-table.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  label(): Label;
  place(label: Label): void;
  jump(label: Label): void;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  purposeOf(what: string): string;
  delay(time: Distribution, what: string): void;
}

/** The time an item takes over a network of limited bandwidth; messages do not wait for each other. */
export function emitTransfer(code: Code, data: number): void {
  const { plan } = code.assembly;
  const { bandwidth } = plan.network;
  if (bandwidth === null) return;
  code.delay({ law: 'constant', value: plan.data[data]!.size.value / bandwidth }, 'transfer');
}

/** The same for an answer; that of a cache brings the item only where the lookup has found it. */
export function emitTransferOfAnswer(code: Code, data: number, callee: number): void {
  if (code.assembly.plan.network.bandwidth === null) return;
  if (code.assembly.component(callee).cache === undefined) {
    emitTransfer(code, data);
    return;
  }
  const hit = code.label();
  const after = code.label();
  code.emit(op.IF_HIT, hit);
  code.jump(after);
  code.place(hit);
  emitTransfer(code, data);
  code.place(after);
}

/** A message on its way, where a fault may hit it; without a network, it takes only the time between places. */
export function emitTravel(code: Code, way: Way, network: boolean, lost: Label): void {
  if (network) emitLink(code, way, lost);
  const leg = legOf(code.assembly, way, (what) => code.purposeOf(what));
  const latency =
    way.call?.reach?.latency ?? (leg === null && network ? code.assembly.plan.network.latency : null);
  if (leg !== null) code.emit(op.LEG, leg, way.slot);
  if (latency !== null) code.delay(latency, `${way.way} latency`);
}

/** A message to or from a callee, where a fault may hit it; from or to the world outside, none does. */
function emitLink(code: Code, { way, caller, callee, slot }: Way, lost: Label): void {
  if (caller === null) return;
  const { faultSites, plan } = code.assembly;
  const [from, to] = way === 'request' ? [caller, callee] : [callee, caller];
  if (!faultSites.link(from, to)) return;
  const isOne = plan.places === undefined && faultSites.parted.size === 0;
  const apart = isOne ? 0 : way === 'request' ? slot + 2 : -(slot + 2);
  code.emit(op.LINK, from * plan.components.length + to, apart, lost);
}
