import { type EvictionPolicy, evictionPolicies } from '../../blocks/index.ts';
import {
  blockChoice,
  choice,
  count,
  distribution,
  flag,
  type KindFinding,
  type OwnName,
  quantity,
  references,
  type Settling,
  type Surroundings,
  section,
} from '../../design/index.ts';
import { type Distribution, quantile } from '../../quantities/index.ts';
import { cachedOperations, type KeptAnswers } from '../answers.ts';
import { type Room, roomOf, tooSmall } from '../room.ts';

/** Copies of answers at a gateway; the data whose items they are about is `holds`. */
export interface GatewayCache extends KeptAnswers {
  readonly room: Room;
  readonly evict: EvictionPolicy | OwnName<'evict'>;
  /** Seconds a copy is served after it was filled, drawn for each; null = until it is evicted. */
  readonly ttl: Distribution | null;
  /** Misses of a key share a fetch. */
  readonly coalesce: boolean;
  readonly start: 'warm' | 'cold';
}

export const cacheField = section('the cache of a gateway', {
  operations: references('the name of an operation', {
    is: 'The operations whose answers it keeps, by the key of the request; the others pass through. Without it, all are kept.',
  }).optional(),
  memory: quantity('size', { is: 'Room for copies. Say this or items.' }, { above: 0 }).optional(),
  items: count({ is: 'How many copies fit. Say this or memory.' }).optional(),
  evict: blockChoice('evict', evictionPolicies, {
    is: 'What goes when it is full, as for a cache; without it, lru.',
  }).optional(),
  ttl: distribution(
    'time',
    { is: 'How long a copy is served after it was filled; without it, until it is evicted.' },
    { above: 0 },
  ).optional(),
  coalesce: flag({ is: 'Whether misses of a key wait for one fetch, instead of fetching each.' }).optional(),
  start: choice(['warm', 'cold'], {
    is: 'Whether a run begins with the copies there would be after a long time (warm, unless said), or with none.',
  }).optional(),
})
  .meta({ description: 'Answers that it keeps, and gives itself; without it, every request is passed on.' })
  .optional();

/** What a user writes of it. */
interface WrittenCache {
  readonly operations?: readonly string[] | undefined;
  readonly memory?: number | undefined;
  readonly items?: number | undefined;
  readonly evict?: EvictionPolicy | OwnName<'evict'> | undefined;
  readonly ttl?: Distribution | undefined;
  readonly coalesce?: boolean | undefined;
  readonly start?: 'warm' | 'cold' | undefined;
}

/** The cache with what is not said filled in; refuses what cannot be. */
export function settleCache(
  written: WrittenCache,
  holds: string | undefined,
  settling: Settling,
): GatewayCache {
  if (holds === undefined) {
    settling.refuse({
      code: 'missing-key',
      setting: [],
      message: 'a gateway with a `cache` must say of which data it keeps copies',
      expected: '`holds`, the name of data',
    });
  }
  const within: Settling = {
    ...settling,
    refuse: (finding) => settling.refuse({ ...finding, setting: ['cache', ...finding.setting] }),
  };
  const { operations, evict = 'lru', ttl, coalesce = false, start = 'warm' } = written;
  const unsaid = { message: 'a cache must say how much fits', memory: '1GB' };
  return {
    caches: operations ?? null,
    room: roomOf(written, within, unsaid),
    evict,
    ttl: ttl ?? null,
    coalesce,
    start,
  };
}

/** What of it cannot be, or changes nothing here. */
export function checkCache(
  written: WrittenCache,
  cache: GatewayCache,
  around: Surroundings,
): readonly KindFinding[] {
  const findings = cachedOperations(
    cache,
    around,
    ['cache', 'operations'],
    'what the gateway passes requests on to',
  );
  const held = around.data('holds')[0];
  if (held === undefined) return findings;
  const idle = (setting: string, message: string): void => {
    findings.push({ code: 'idle-knob', setting: ['cache', setting], message });
  };
  const { room } = cache;
  findings.push(...tooSmall(room, held, ['cache', 'memory']));
  const fit = 'items' in room ? room.items : room.bytes / held.size.high;
  if (written.evict !== undefined && fit >= held.count.high && held.growth.high === 0) {
    idle('evict', `every \`${held.name}\` fits, so nothing is ever evicted`);
  }
  if (written.ttl !== undefined && held.keep !== null && quantile(written.ttl, 0.001) > held.keep) {
    idle('ttl', `a \`${held.name}\` is not kept as long as its copy would be`);
  }
  return findings;
}
