import { type EvictionPolicy, evictionPolicies } from '../../blocks/index.ts';
import {
  blockChoice,
  choice,
  count,
  describeKind,
  distribution,
  flag,
  type KindFinding,
  limit,
  type OwnName,
  quantity,
  reference,
  type Settling,
  section,
} from '../../design/index.ts';
import type { PlacementSpec } from '../../design/placement.ts';
import { type Distribution, quantile } from '../../quantities/index.ts';
import { type Room, roomOf, tooSmall } from '../room.ts';
import { idleSharding, refusedSharding, shardingFields, shardingOf } from '../sharding.ts';
import { takesNothing } from '../takes-nothing.ts';

/** The settings of a cache as interpreters read them; the data it holds is `holds`. */
export interface CacheSettings {
  readonly engine: string;
  /** What all nodes hold together; bytes count every item with its overhead. */
  readonly capacity: Room;
  /** Bytes that an item takes beyond its own size. */
  readonly overhead: number;
  readonly evict: EvictionPolicy | OwnName<'evict'>;
  /** Seconds an item is served after it was filled, drawn for each item; null = until it is evicted. */
  readonly ttl: Distribution | null;
  /** A hit gives an item a new time to live. */
  readonly sliding: boolean;
  /** Seconds after filling from which on an item that is asked for is fetched anew while it is served; null = never. */
  readonly softTtl: number | null;
  /** Eagerness β of fetching anew by chance before an item expires (XFetch); 0 = none. */
  readonly early: number;
  /** What a write takes out besides its item; null = nothing. */
  readonly groups: { readonly by: 'tag' | 'version'; readonly count: number } | null;
  /** Seconds for which it is remembered that an item does not exist; null = not at all. */
  readonly negativeTtl: number | null;
  /** null = any number. */
  readonly negativeItems: number | null;
  readonly nodes: number;
  /** How keys are spread over the nodes. */
  readonly sharding: PlacementSpec;
  /** Seconds an operation takes on its node, which does one at a time. */
  readonly time: Distribution;
  readonly start: 'warm' | 'cold';
}

/** The engine whose constants stand behind the defaults. */
const knownEngine = 'redis';

/** A store of copies, by key, that forgets what does not fit. */
export const describe = describeKind({
  name: 'cache',
  summary: 'Copies of items by key: a lookup hits or misses, and what does not fit is evicted.',
  availability: 'availability.cache',
  costs: () => ({ instance: ['cost.cache.memory'] }),
  settings: section('a cache', {
    engine: reference('a word such as redis', {
      is: 'The engine; the defaults of time and overhead are known for redis.',
      default: knownEngine,
    }).optional(),
    holds: reference('the name of data', { is: 'The data whose items it copies.' }),
    memory: quantity(
      'size',
      { is: 'Memory for items, all nodes together. Say this or items.' },
      { above: 0 },
    ).optional(),
    items: count({ is: 'How many items fit, all nodes together. Say this or memory.' }).optional(),
    overhead: quantity('size', {
      is: 'Memory an item takes beyond its own size; where items have a ttl, redis.expiry.overhead comes on top of the default.',
      constant: 'redis.item.overhead',
    }).optional(),
    evict: blockChoice('evict', evictionPolicies, {
      is: 'What goes when it is full: the least recently used, the oldest, the least often used, or as the policy of that name says.',
      default: 'lru',
    }).optional(),
    ttl: distribution(
      'time',
      { is: 'How long an item is served after it was filled; without it, until it is evicted.' },
      { above: 0 },
    ).optional(),
    sliding: flag({
      is: 'Whether a hit gives the item its whole ttl again, as for sessions; without it, only filling does.',
    }).optional(),
    'soft-ttl': quantity(
      'time',
      {
        is: 'Older than this, an item is still served, and one who reads through the cache fetches it anew meanwhile; without it, never.',
      },
      { above: 0 },
    ).optional(),
    early: quantity(
      'ratio',
      {
        is: 'How eagerly who reads through the cache fetches an item anew before it expires, by chance and the sooner the longer the fetch took (β of XFetch; 1 is best for most); without it, never.',
      },
      { above: 0, most: 1000 },
    ).optional(),
    'invalidate-by': choice(['key', 'tag', 'version'], {
      is: 'What a `write … invalidate` takes out: the item; all items with its tag, by an index of these; or all of them by a version of the tag in their keys, which leaves them there, not to be found, until they are evicted.',
      default: 'key',
    }).optional(),
    tags: count(
      { is: 'How many tags there are, each for as many items, for tag and version.' },
      { most: 1_000_000 },
    ).optional(),
    'negative-ttl': quantity(
      'time',
      {
        is: 'How long it is remembered that an item does not exist, so that the store is not asked again; without it, not at all.',
      },
      { above: 0 },
    ).optional(),
    'negative-items': limit(
      {
        is: 'Items remembered at most that do not exist, beside those that do; beyond it, the first is forgotten.',
        default: 'unlimited',
      },
      { most: 2 ** 22 },
    ).optional(),
    nodes: count({ is: 'Nodes that the keys are spread over.', default: 1 }, { most: 10_000 }).optional(),
    ...shardingFields('node'),
    time: distribution('time', {
      is: 'Time an operation takes on its node, which does one at a time; by default 1 / cap.redis.ops.',
      constant: 'cap.redis.ops',
    }).optional(),
    start: choice(['warm', 'cold'], {
      is: 'Whether a run begins with the cache filled as it would be after a long time, or empty.',
      default: 'warm',
    }).optional(),
  }),
  operations: { from: 'kind', names: ['get', 'set', 'delete'] },
  stations: { node: 'The one thread of a node.' },
  works: (settings) => !takesNothing((settings as unknown as CacheSettings).time),
  roles: { front: { lookup: 'get', fill: 'set', drop: 'delete' } },
  references: { holds: { to: 'data' } },
  example: `kind: cache
engine: redis
holds: link
memory: 16GB
ttl: 1h ± 10%
`,
  remembersMissing: (settings) => settings['negativeTtl'] !== null,
  instances: (settings) => settings['nodes'] as number,
  settle(written, settling): Readonly<Record<string, unknown>> {
    const engine = written.engine ?? knownEngine;
    const known = engine === knownEngine;
    const settings: CacheSettings = {
      engine,
      capacity: roomOf(written, settling, { message: 'a cache must say how much fits', memory: '16GB' }),
      overhead: written.overhead ?? (known ? overheadOf(written.ttl !== undefined, settling) : 0),
      evict: written.evict ?? 'lru',
      ttl: written.ttl ?? null,
      sliding: (written.sliding ?? false) && written.ttl !== undefined,
      softTtl: written.ttl === undefined ? null : (written['soft-ttl'] ?? null),
      early: written.ttl === undefined ? 0 : (written.early ?? 0),
      groups: groupsOf(written, settling),
      negativeTtl: written['negative-ttl'] ?? null,
      negativeItems: written['negative-items'] ?? null,
      nodes: written.nodes ?? 1,
      sharding: shardingOf(written, written.nodes ?? 1),
      time: written.time ?? { law: 'constant', value: known ? 1 / settling.constant('cap.redis.ops') : 0 },
      start: written.start ?? 'warm',
    };
    for (const finding of refusedSharding(written, settings.sharding, 'node')) settling.refuse(finding);
    for (const setting of ['soft-ttl', 'early'] as const) {
      if (written.sliding !== true || written[setting] === undefined) continue;
      settling.refuse({
        code: 'conflicting-keys',
        setting: [setting],
        message: `\`sliding\` and \`${setting}\` both say what keeps an item from expiring`,
        hint: 'keep one of the two',
      });
    }
    if (!known) {
      if (written.time === undefined) settling.refuse(unmeasured('time', engine));
      if (written.overhead === undefined && written.memory !== undefined) {
        settling.refuse(unmeasured('overhead', engine));
      }
    }
    return { ...settings };
  },
  check(written, { settings }, { data, readThrough, readsMissing, keysOf }) {
    const { capacity, overhead, sharding } = settings as unknown as CacheSettings;
    const findings: KindFinding[] = [
      ...idleExpiry(written, readThrough),
      ...idleSharding(written, sharding, 'node'),
      ...idleAbsences(written, readsMissing),
      ...idleTags(written, keysOf('delete').length > 0),
    ];
    if (written.engine !== undefined && written.time !== undefined && written.overhead !== undefined) {
      findings.push({
        code: 'idle-knob',
        setting: ['engine'],
        message: '`time` and `overhead` say all that would be taken from it',
      });
    }
    const held = data('holds')[0];
    if (held === undefined) return findings;
    findings.push(...tooSmall(capacity, held, ['memory'], overhead));
    const fits = 'items' in capacity ? capacity.items : capacity.bytes / (held.size.high + overhead);
    if (written.evict !== undefined && fits >= held.count.high && held.growth.high === 0) {
      findings.push({
        code: 'idle-knob',
        setting: ['evict'],
        message: `every \`${held.name}\` fits, so nothing is ever evicted`,
      });
    }
    if (written.ttl !== undefined && held.keep !== null && quantile(written.ttl, 0.001) > held.keep) {
      findings.push({
        code: 'idle-knob',
        setting: ['ttl'],
        message: `a \`${held.name}\` is not kept as long as its copy would be`,
      });
    }
    return findings;
  },
});

/** Words about expiry that have nothing to work on. */
function idleExpiry(
  written: {
    readonly ttl?: Distribution | undefined;
    readonly sliding?: boolean | undefined;
    readonly 'soft-ttl'?: number | undefined;
    readonly early?: number | undefined;
  },
  readThrough: boolean,
): KindFinding[] {
  const { ttl } = written;
  return (['sliding', 'soft-ttl', 'early'] as const).flatMap((setting) => {
    const value = written[setting];
    if (value === undefined || value === false) return [];
    const idle = (message: string): KindFinding[] => [{ code: 'idle-knob', setting: [setting], message }];
    if (ttl === undefined) return idle('without a `ttl` nothing expires');
    if (setting === 'sliding') return [];
    if (!readThrough) return idle('no `read … through` fetches what it holds');
    const never = setting === 'soft-ttl' && (value as number) >= quantile(ttl, 0.999);
    return never ? idle('an item expires before it is so old') : [];
  });
}

/** What is taken out together with the item of a key. */
function groupsOf(
  { 'invalidate-by': by = 'key', tags }: WrittenTags,
  settling: Settling,
): CacheSettings['groups'] {
  if (by === 'key') return null;
  if (tags === undefined) {
    settling.refuse({
      code: 'missing-key',
      setting: ['tags'],
      message: `it is not said how many tags there are to invalidate by ${by}`,
      expected: '`tags`, such as 1000',
    });
  }
  return { by, count: tags ?? 1 };
}

interface WrittenTags {
  readonly 'invalidate-by'?: 'key' | 'tag' | 'version' | undefined;
  readonly tags?: number | undefined;
}

function idleTags({ 'invalidate-by': by, tags }: WrittenTags, isInvalidated: boolean): KindFinding[] {
  const idle = (setting: string, message: string): KindFinding => ({
    code: 'idle-knob',
    setting: [setting],
    message,
  });
  if (by !== undefined && !isInvalidated)
    return [idle('invalidate-by', 'no `write … invalidate` takes anything out')];
  if (tags === undefined || (by !== undefined && by !== 'key')) return [];
  return [idle('tags', 'a write takes its own item out, and no tag')];
}

/** Words about items that do not exist, where there are none. */
function idleAbsences(
  written: {
    readonly 'negative-ttl'?: number | undefined;
    readonly 'negative-items'?: number | null | undefined;
  },
  readsMissing: boolean,
): KindFinding[] {
  return (['negative-ttl', 'negative-items'] as const).flatMap((setting) => {
    if (written[setting] === undefined) return [];
    const idle = (message: string): KindFinding[] => [{ code: 'idle-knob', setting: [setting], message }];
    if (!readsMissing) return idle('no `read … through` asks again for an item that is `missing`');
    return written['negative-ttl'] === undefined ? idle('without a `negative-ttl` none is remembered') : [];
  });
}

function overheadOf(expires: boolean, settling: Settling): number {
  const item = settling.constant('redis.item.overhead');
  return expires ? item + settling.constant('redis.expiry.overhead') : item;
}

function unmeasured(setting: string, engine: string): KindFinding {
  return {
    code: 'missing-key',
    setting: [setting],
    message: `nothing is known of the ${setting} of \`${engine}\``,
    expected: `\`${setting}\`, or the engine ${knownEngine}`,
  };
}
