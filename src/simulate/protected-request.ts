import type { PlanBreaker, PlanBulkhead, PlanCall, PlanHedge, PlanLimit, PlanRetry } from '../design/plan.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';
import type { Label } from './label.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  readonly failureLabel: Label;
  slot(): number;
  label(): Label;
  place(label: Label): void;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  attempt(body: () => void): boolean;
  holding(station: number, body: () => void): void;
  within(timeout: number, body: () => void): void;
  hedged(hedge: PlanHedge, body: () => void): void;
  purposeOf(what: string): string;
}

/**
 * Emits a call with all that protects the caller, in the order of the policies of blocks/adapters.
 *
 * @param to the operation called, as `component.operation`
 * @param owner the component that calls, each instance of which has protections of its own; null where a traffic begins
 * @param exchange emits the request itself
 */
export function emitProtected(
  code: Code,
  call: PlanCall,
  to: string,
  owner: number | null,
  exchange: () => void,
): void {
  const { retry, hedge, limit, bulkhead, breaker, timeout } = call;
  const caller: Caller = {
    code,
    to,
    owner,
    instances: owner === null ? 1 : code.assembly.component(owner).instances,
  };
  const timed = timeout === null ? exchange : () => code.within(timeout, exchange);
  const breakable = breaker === undefined ? timed : () => withBreaker(caller, breaker, timed);
  const apart = bulkhead === undefined ? breakable : () => withBulkhead(caller, bulkhead, breakable);
  const limited = limit === undefined ? apart : () => withLimit(caller, limit, apart);
  const hedged = hedge === undefined ? limited : () => code.hedged(hedge, limited);
  if (retry === undefined) hedged();
  else withRetry(caller, retry, hedged);
}

interface Caller {
  readonly code: Code;
  readonly to: string;
  readonly owner: number | null;
  readonly instances: number;
}

function withRetry({ code, to, instances }: Caller, retry: PlanRetry, body: () => void): void {
  const { assembly } = code;
  const first = assembly.guard(assembly.retries, retry, instances, code.purposeOf(`retry of ${to}`));
  const slot = code.slot();
  code.slot();
  code.emit(op.RETRYING, first, slot);
  const again = code.label();
  code.place(again);
  if (!code.attempt(body)) return;
  code.emit(op.RETRY, first, slot, again);
  code.emit(op.CHECK, code.failureLabel);
}

function withBreaker({ code, to, instances }: Caller, breaker: PlanBreaker, body: () => void): void {
  const { assembly } = code;
  const first = assembly.guard(assembly.breakers, breaker, instances, code.purposeOf(`breaker to ${to}`));
  const slot = code.slot();
  code.slot();
  code.slot();
  const go = code.label();
  code.emit(op.PERMIT, first, slot, go);
  code.emit(op.FAIL, assembly.reason(`breaker to ${to} open`), code.failureLabel);
  code.place(go);
  const canFail = code.attempt(body);
  code.emit(op.REPORT, first, slot);
  if (canFail) code.emit(op.CHECK, code.failureLabel);
}

function withLimit({ code, to, instances }: Caller, limit: PlanLimit, body: () => void): void {
  const { assembly } = code;
  const first = assembly.guard(assembly.limiters, limit, instances, code.purposeOf(`limit to ${to}`));
  code.emit(op.LIMIT, first, assembly.reason(`limit to ${to}`), code.failureLabel);
  body();
}

/** A station of its own for the calls in progress, one for each instance of the caller. */
function withBulkhead(
  { code, to, owner, instances }: Caller,
  { most, queue }: PlanBulkhead,
  body: () => void,
): void {
  const component = code.assembly.plan.components[owner!]!;
  const station = code.assembly.station(component, `bulkhead to ${to}`, {
    instances,
    servers: most,
    places: queue,
    discipline: 'fifo',
  });
  code.holding(station, body);
}
