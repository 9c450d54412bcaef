import type { Distribution } from '../../quantities/index.ts';
import type { HeldWhat } from '../held.ts';
import type { Label } from '../label.ts';
import type { Way } from '../leg-table.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';
import { emitTravel } from './network-emission.ts';

/** What is needed of an emitter. */
export interface Code {
  readonly assembly: Assembly;
  slot(): number;
  label(): Label;
  place(label: Label): void;
  jump(label: Label): void;
  targets(labels: readonly Label[]): Int32Array;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  holds(what: HeldWhat, of?: number, slot?: number, timed?: number): () => void;
  purposeOf(what: string): string;
  delay(time: Distribution, what: string): void;
}

/**
 * Emits a request on its way, with what users do before: each asks over the connection that is there, or opens one,
 * whose round trips go the same way.
 *
 * @returns what to call behind the answer; null = nothing
 */
export function emitRequest(code: Code, way: Way, network: boolean, lost: Label): (() => void) | null {
  const over = emitConnecting(code, way, network, lost);
  emitTravel(code, way, network, lost);
  return over;
}

function emitConnecting(code: Code, way: Way, network: boolean, lost: Label): (() => void) | null {
  const { assembly } = code;
  const connections = way.call?.reach?.connections ?? null;
  if (connections === null) {
    if (way.caller !== null && assembly.component(way.callee).heedsConnections) code.emit(op.UNCONNECTED);
    return null;
  }
  const source = assembly.connections.sources.findIndex(
    ({ name }) => name === assembly.plan.components[way.caller!]!.name,
  );
  const slot = code.slot();
  const ready = code.label();
  const resumed = code.label();
  const opened = code.label();
  const roundTrips = (count: number): void => {
    for (let trip = 0; trip < count; trip++) {
      emitTravel(code, way, network, lost);
      emitTravel(code, { ...way, way: 'answer' }, network, lost);
    }
  };
  const place = assembly.connections.places.push(code.targets([ready, ready, resumed, opened])) - 1;
  code.emit(op.CONNECT, source, slot, place);
  const given = code.holds('connection', source, slot);
  code.place(opened);
  roundTrips(connections.roundTrips - connections.resumedRoundTrips);
  code.place(resumed);
  roundTrips(connections.resumedRoundTrips);
  code.place(ready);
  return () => {
    code.emit(op.DISCONNECT, source, slot);
    given();
  };
}

/**
 * What a balancer does next is for the connection that the request comes over, where it chooses for connections.
 * @param known slot with the number of that; without it, a new one that gets it
 */
export function emitOver(code: Code, balancer: number, known?: number): void {
  if (code.assembly.balancers[balancer]!.perConnection === undefined) return;
  code.emit(op.OVER, balancer, known ?? code.slot(), known === undefined ? 0 : 1);
}

/** The request is one of the users of a source, by chance. */
export function emitUser(code: Code, source: number): void {
  code.emit(op.USER, source);
}

/** Goes on by the connection that a request came over: without one, one that was there, a resumed one, a new one. */
export function emitByConnection(code: Code, cases: readonly (() => void)[]): void {
  const labels = cases.map(() => code.label());
  const end = code.label();
  const { places } = code.assembly.connections;
  code.emit(op.BY_CONNECTION, places.push(code.targets(labels)) - 1);
  cases.forEach((emit, i) => {
    code.place(labels[i]!);
    emit();
    code.jump(end);
  });
  code.place(end);
}
