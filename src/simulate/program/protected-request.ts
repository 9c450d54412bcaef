import type {
  PlanBreaker,
  PlanBulkhead,
  PlanCall,
  PlanConcurrency,
  PlanHedge,
  PlanLimit,
  PlanRetry,
  PlanThrottle,
} from '../../design/plan.ts';
import type { HeldWhat } from '../held.ts';
import type { Label } from '../label.ts';
import type { Guarded } from '../model.ts';
import { limitReason } from '../protection/limit-reason.ts';
import type { Assembly } from './assembly.ts';
import { emitTimed } from './deadline-emission.ts';
import * as op from './instructions.ts';

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
  readonly isTold: boolean;
  within(timeout: number, body: () => void, cancels?: boolean): void;
  withinDeadline(budget: number, body: () => void, cancels?: boolean): void;
  hedged(after: number, most: number, body: () => void, cancels?: boolean): void;
  hedgedBy(first: number, body: () => void, cancels?: boolean): void;
  holds(what: HeldWhat, of?: number, slot?: number): () => void;
  purposeOf(what: string): string;
  placeOf(what: string): string;
}

/**
 * Emits a call with all that protects the caller, in the order of the policies of blocks/adapters. What they leave
 * out stands before the bulkhead: first what counts calls, then what counts refusals, then what measures answers.
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
  const { retry, hedge, limit, throttle, concurrency, bulkhead, breaker, cancel } = call;
  const caller: Caller = {
    code,
    to,
    owner,
    instances: owner === null ? 1 : code.assembly.component(owner).instances,
    refusals: [],
  };
  const timed = (): void => emitTimed(code, call, exchange);
  const breakable = breaker === undefined ? timed : () => withBreaker(caller, breaker, timed);
  const apart = bulkhead === undefined ? breakable : () => withBulkhead(caller, bulkhead, breakable);
  const few = concurrency === undefined ? apart : () => withConcurrency(caller, concurrency, apart);
  const throttled = throttle === undefined ? few : () => withThrottle(caller, throttle, few);
  const limited = limit === undefined ? throttled : () => withLimit(caller, limit, throttled);
  const hedged = hedge === undefined ? limited : () => withHedge(caller, hedge, limited, cancel);
  if (retry === undefined) hedged();
  else withRetry(caller, retry, hedged);
}

interface Caller {
  readonly code: Code;
  readonly to: string;
  readonly owner: number | null;
  readonly instances: number;
  /** Reasons by which bulkhead and breaker refuse, as far as they are emitted. */
  readonly refusals: number[];
}

/** A protection of the caller; the same for all operations that differ in the headers of their requests alone. */
function declared<Options>(caller: Caller, list: Guarded<Options>[], options: Options, what: string): number {
  const { code } = caller;
  const purpose = code.purposeOf(what);
  return code.assembly.atPlace(code.placeOf(what), () => code.assembly.guard(list, options, caller, purpose));
}

function withRetry(caller: Caller, retry: PlanRetry, body: () => void): void {
  const { code, to } = caller;
  const { assembly } = code;
  const first = declared(caller, assembly.retries, retry, `retry of ${to}`);
  const slot = code.slot();
  code.slot();
  code.emit(op.RETRYING, first, slot);
  const again = code.label();
  code.place(again);
  if (!code.attempt(body)) return;
  code.emit(op.RETRY, first, slot, again);
  code.emit(op.CHECK, code.failureLabel);
}

function withHedge(caller: Caller, hedge: PlanHedge, body: () => void, cancels: boolean | undefined): void {
  const { code, to } = caller;
  const { after, most, budget } = hedge;
  if (typeof after === 'number' && budget === null) {
    code.hedged(after, most, body, cancels);
    return;
  }
  const { assembly } = code;
  const policy = declared(caller, assembly.hedges, hedge, `hedge of ${to}`);
  code.hedgedBy(policy, body, cancels);
}

function withBreaker(caller: Caller, breaker: PlanBreaker, body: () => void): void {
  const { code, to, refusals } = caller;
  const { assembly } = code;
  const first = declared(caller, assembly.breakers, breaker, `breaker to ${to}`);
  const slot = code.slot();
  code.slot();
  code.slot();
  const go = code.label();
  code.emit(op.PERMIT, first, slot, go);
  const reason = assembly.reason(`breaker to ${to} open`);
  refusals.push(reason);
  code.emit(op.FAIL, reason, code.failureLabel);
  code.place(go);
  const given = code.holds('permit', first, slot);
  const canFail = code.attempt(body);
  code.emit(op.REPORT, first, slot);
  given();
  if (canFail) code.emit(op.CHECK, code.failureLabel);
}

function withLimit(caller: Caller, limit: PlanLimit, body: () => void): void {
  const { code, to } = caller;
  const { assembly } = code;
  const first = declared(caller, assembly.limiters, limit, `limit to ${to}`);
  code.emit(op.LIMIT, first, limitReason(assembly, `limit to ${to}`), code.failureLabel);
  body();
}

function withThrottle(caller: Caller, throttle: PlanThrottle, body: () => void): void {
  const { code, to } = caller;
  const { assembly } = code;
  const first = declared(caller, assembly.throttles, throttle, `throttle to ${to}`);
  code.emit(op.PASS, first, assembly.reason(`throttle to ${to}`), code.failureLabel);
  const canFail = code.attempt(body);
  code.emit(op.ACCEPT, first);
  if (canFail) code.emit(op.CHECK, code.failureLabel);
}

function withConcurrency(caller: Caller, concurrency: PlanConcurrency, body: () => void): void {
  const { code, to, refusals } = caller;
  const { assembly } = code;
  const what = `concurrency limit to ${to}`;
  const first = declared(caller, assembly.concurrencyLimits, concurrency, what);
  const slot = code.slot();
  code.slot();
  const go = code.label();
  code.emit(op.OCCUPY, first, slot, go);
  code.emit(op.FAIL, assembly.reason(what), code.failureLabel);
  code.place(go);
  const given = code.holds('place', first, slot);
  const canFail = code.attempt(body);
  code.emit(op.VACATE, first, slot, assembly.ownRefusals.push(refusals) - 1);
  given();
  if (canFail) code.emit(op.CHECK, code.failureLabel);
}

/** A station of its own for the calls in progress, one for each instance of the caller. */
function withBulkhead(
  { code, to, owner, instances, refusals }: Caller,
  { most, queue }: PlanBulkhead,
  body: () => void,
): void {
  const component = code.assembly.plan.components[owner!]!;
  const name = `bulkhead to ${to}`;
  const station = code.assembly.atPlace(code.placeOf(name), () =>
    code.assembly.station(component, name, {
      instances,
      servers: most,
      places: queue,
      discipline: 'fifo',
    }),
  );
  const { full } = code.assembly.stationGroups.find(({ first }) => first === station)!;
  refusals.push(full);
  code.holding(station, body);
}
