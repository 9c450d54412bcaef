import type { Distribution } from '../../quantities/index.ts';
import { FETCH_LOCALS } from '../model.ts';
import type { Emitter } from './emitter.ts';
import { emitFetching } from './fetch-emission.ts';
import * as op from './instructions.ts';

const REQUEST_KEY = -1;

/** The caches that stand in the way of requests to an origin. */
export interface EdgeCaches {
  /** The component, each instance of which has a cache. */
  readonly owner: number;
  /** The cache of its instance 0; the others follow. */
  readonly first: number;
  /** Whether what was missed is kept. */
  readonly fills: boolean;
  /** Whether entries are fetched anew while they are still served. */
  readonly refreshes: boolean;
  /** Whether misses of a key at one instance share a fetch. */
  readonly coalesces: boolean;
  /** A cache that all instances ask before the origin; null = none. */
  readonly shield: number | null;
  /** Time that each of the caches takes with a request. */
  readonly time: Distribution;
}

/**
 * Emits a request that is answered from the cache of its instance, or from behind it, by the key that it came with.
 *
 * @param pass emits what passes it on to the origin
 */
export function emitEdge(code: Emitter, pass: () => void, edge: EdgeCaches): void {
  const { first, owner, refreshes, coalesces, fills } = edge;
  code.delay(edge.time, 'edge');
  code.emit(op.USE_KEY, REQUEST_KEY);
  code.keep(first, 'lookup', true);
  const bring = (): void => emitOrigin(code, pass, edge);
  const keep = (): void => {
    if (fills) code.keep(first, 'fill', true);
  };
  if (!refreshes && !coalesces) {
    const hit = code.label();
    code.emit(op.IF_HIT, hit);
    bring();
    keep();
    code.place(hit);
    return;
  }
  const slot = code.slot();
  for (let local = 1; local < FETCH_LOCALS; local++) code.slot();
  const { assembly } = code;
  const fetch = assembly.fetch({
    refreshed: refreshes ? first : null,
    ...(refreshes && { perInstance: true }),
    slot,
    flights: assembly.sharedFetches('instance', owner, owner),
    coalesces,
  });
  emitFetching(code, fetch, refreshes, bring, keep);
}

/** By way of the shield, where there is one: it is one more message away. */
function emitOrigin(code: Emitter, pass: () => void, { shield, time }: EdgeCaches): void {
  const ask = (): void => {
    pass();
    // Whoever answered may have asked about other keys.
    code.emit(op.USE_KEY, REQUEST_KEY);
  };
  if (shield === null) {
    ask();
    return;
  }
  const { latency } = code.assembly.plan.network;
  const had = code.label();
  code.delay(latency, 'latency to the shield');
  code.delay(time, 'shield');
  code.keep(shield, 'lookup');
  code.emit(op.IF_HIT, had);
  ask();
  code.keep(shield, 'fill');
  code.place(had);
  code.delay(latency, 'latency from the shield');
}
