import type { PlanCall, PlanStep } from '../../design/plan.ts';
import type { HeldWhat } from '../held.ts';
import type { Label } from '../label.ts';
import { FETCH_LOCALS } from '../model.ts';
import type { Assembly } from './assembly.ts';
import * as op from './instructions.ts';

/** What is needed of an emitter. */
interface Code {
  readonly assembly: Assembly;
  readonly failureLabel: Label;
  slot(): number;
  label(): Label;
  place(label: Label): void;
  jump(label: Label): void;
  emit(opcode: number, a?: number | Label, b?: number | Label, c?: number | Label): void;
  attempt(body: () => void): boolean;
  refresh(fetch: number, entry: Label): void;
  end(): void;
  holds(what: HeldWhat, of: number): () => void;
}

/**
 * Emits what follows a lookup where misses share a fetch, or where entries are fetched anew before they expire: then
 * a refresh runs the same code as a miss, in a frame of its own.
 *
 * @param owner the component that reads
 * @param run emits steps
 * @returns false, and emits nothing, where each miss simply fetches
 */
export function emitFetch(
  code: Code,
  call: PlanCall,
  owner: number | null,
  run: (steps: readonly PlanStep[]) => void,
): boolean {
  const { assembly } = code;
  const front = assembly.operation(call.operation).component;
  const { cache } = assembly.component(front);
  const { coalesce } = call;
  const refreshed = cache === undefined ? undefined : assembly.caches[cache]!.refresh;
  if (owner === null) return false;
  if (coalesce === undefined && refreshed === undefined) return false;
  // A refresh past the soft time to live is one for all who read; early ones are left to each reader's chance.
  const scope = coalesce ?? (refreshed?.softTtl == null ? null : 'cache');
  const slot = code.slot();
  for (let local = 1; local < FETCH_LOCALS; local++) code.slot();
  const flights = scope === null ? null : assembly.sharedFetches(scope, front, owner);
  const fetch = assembly.fetch({
    refreshed: refreshed === undefined ? null : cache!,
    slot,
    flights,
    coalesces: coalesce !== undefined,
  });
  const bring = (): void => run(call.onMiss.slice(0, -1));
  const keep = (): void => run(call.onMiss.slice(-1));
  emitFetching(code, fetch, refreshed !== undefined, bring, keep);
  return true;
}

/**
 * The same for a fetch that is declared already.
 *
 * @param refreshes whether entries are fetched anew before they expire
 * @param bring emits what gets an item
 * @param keep emits what puts it into the cache
 */
export function emitFetching(
  code: Code,
  fetch: number,
  refreshes: boolean,
  bring: () => void,
  keep: () => void,
): void {
  const hit = code.label();
  const begin = code.label();
  const kept = code.label();
  const aside = code.label();
  const joined = code.label();
  const end = code.label();
  code.emit(op.IF_HIT, hit);
  code.emit(op.FETCH, fetch, joined);
  code.place(begin);
  const given = code.holds('fetch', fetch);
  const canFail = code.attempt(() => {
    bring();
    code.emit(op.BROUGHT, fetch, kept);
    keep();
    code.place(kept);
  });
  code.emit(op.FETCHED, fetch, aside);
  given();
  code.place(joined);
  if (canFail) code.emit(op.CHECK, code.failureLabel);
  if (!refreshes) {
    code.place(hit);
    code.place(aside);
    return;
  }
  code.jump(end);
  code.place(aside);
  code.end();
  code.place(hit);
  code.refresh(fetch, begin);
  code.place(end);
}
