import { type EvictionPolicy, evictionPolicies } from '../../blocks/index.ts';
import {
  blockChoice,
  choice,
  count,
  describeKind,
  distribution,
  flag,
  type KindFinding,
  type OwnName,
  priceFor,
  quantity,
  quantityOrFlag,
  ratios,
  reference,
  references,
  section,
} from '../../design/index.ts';
import { type Distribution, quantile } from '../../quantities/index.ts';
import {
  type AnswerSettings,
  checkAnswers,
  compressField,
  linkField,
  settleAnswers,
} from '../answer-link.ts';
import { cachedOperations } from '../answers.ts';
import { type Room, roomOf, tooSmall } from '../room.ts';

/** The settings of a CDN as interpreters read them; the origin is `to`, the data whose copies it holds `holds`. */
export interface CdnSettings extends AnswerSettings {
  readonly mode: 'pull' | 'push';
  readonly pops: number;
  /** Share of the requests that come to each, relative to the others; null = equal. */
  readonly weights: readonly number[] | null;
  /** Of each point of presence. */
  readonly room: Room;
  /** Operations whose answers are kept; null = all. */
  readonly caches: readonly string[] | null;
  readonly evict: EvictionPolicy | OwnName<'evict'>;
  /** Seconds an item is served after it was filled, drawn for each; null = until it is evicted. */
  readonly ttl: Distribution | null;
  /** Seconds beyond for which it is served while it is fetched anew; 0 = not. */
  readonly swr: number;
  /** Misses of a key at one point of presence share a fetch. */
  readonly coalesce: boolean;
  /** The cache between the points of presence and the origin; null = none. */
  readonly shield: Room | null;
  /** Seconds that a point of presence, or the shield, takes with a request. */
  readonly hitTime: Distribution;
  readonly start: 'warm' | 'cold';
}

/** Points of presence, each with copies of its own, in front of an origin. */
export const describe = describeKind({
  name: 'cdn',
  summary:
    'Points of presence near the clients: each answers from its own copies and passes on what it misses.',
  availability: 'availability.cdn',
  settings: section('a cdn', {
    to: reference('the name of a component that answers requests', {
      is: 'The origin: what it passes on goes there.',
    }),
    holds: reference('the name of data', { is: 'The data whose items it copies.' }),
    caches: references('the name of an operation of the origin', {
      is: 'The operations whose answers it keeps, by the key of the request; the others pass through. Without it, all are kept.',
    }).optional(),
    mode: choice(['pull', 'push'], {
      is: 'Whether a miss fills the point of presence on the way back (pull), or each holds the most popular items that fit, put there beforehand, and nothing else (push).',
      default: 'pull',
    }).optional(),
    pops: count({ is: 'Points of presence; each request comes to one of them by chance.' }, { most: 1000 }),
    weights: ratios(
      'a weight',
      {
        is: 'Share of the requests that comes to each point of presence, relative to the others; without it, equal.',
      },
      { least: 0.001, most: 1_000_000 },
    ).optional(),
    memory: quantity(
      'size',
      { is: 'Room for items at each point of presence. Say this or items.' },
      { above: 0 },
    ).optional(),
    items: count({ is: 'How many items fit at each point of presence. Say this or memory.' }).optional(),
    evict: blockChoice('evict', evictionPolicies, {
      is: 'What goes when a cache is full, as for a cache.',
      default: 'lru',
    }).optional(),
    ttl: distribution(
      'time',
      { is: 'How long a copy is served after it was filled; without it, until it is evicted.' },
      { above: 0 },
    ).optional(),
    swr: quantity(
      'time',
      {
        is: 'For so long after its ttl, a copy is still served, and the first who asks has it fetched anew behind the scenes (stale-while-revalidate); without it, not at all.',
      },
      { above: 0 },
    ).optional(),
    coalesce: flag({
      is: 'Whether misses of a key at one point of presence wait for one fetch, instead of fetching each.',
    }).optional(),
    shield: quantityOrFlag(
      'size',
      {
        is: 'A cache of this size that all points of presence ask before the origin; true: as large as that of one of them. Without it, there is none.',
      },
      { above: 0 },
    ).optional(),
    'hit-time': distribution('time', {
      is: 'Time a point of presence takes with a request, whether it has the answer or not, and the shield too.',
      default: '0s',
    }).optional(),
    ...compressField('which takes each of them that time and no other any'),
    ...linkField,
    start: choice(['warm', 'cold'], {
      is: 'Whether a run begins with the copies there would be after a long time, or with none.',
      default: 'warm',
    }).optional(),
  }),
  costs: (_, usersIn) => {
    const own = (name: string): string[] => [name, ...usersIn.map((region) => priceFor(name, region))];
    return { instance: own('cost.cdn.requests'), component: own('cost.cdn.traffic') };
  },
  operations: { from: 'setting', setting: 'to' },
  stations: {
    link: 'The link by which answers leave a point of presence, where its bandwidth is limited.',
  },
  works: (settings) => (settings as unknown as CdnSettings).link !== undefined,
  roles: { upstream: true },
  holdsCopies: true,
  answers(settings) {
    const { caches, compress } = settings as unknown as CdnSettings;
    return { copies: { of: 'holds', operations: caches }, ...(compress && { ratio: compress.ratio }) };
  },
  references: { to: { to: 'component', role: 'upstream' }, holds: { to: 'data' } },
  example: `kind: cdn
to: api
holds: link
pops: 20
memory: 100kB
ttl: 1h ± 10%
`,
  instances: (settings) => settings['pops'] as number,
  settle(written, settling): Readonly<Record<string, unknown>> {
    const { weights, pops } = written;
    if (weights !== undefined && weights.length !== pops) {
      settling.refuse({
        code: 'out-of-range',
        setting: ['weights'],
        message: `${weights.length} weights for ${pops} points of presence`,
        expected: 'one for each',
      });
    }
    const unsaid = { message: 'a cdn must say how much fits at a point of presence', memory: '10GB' };
    const room = roomOf(written, settling, unsaid);
    const { shield = null } = written;
    const mode = written.mode ?? 'pull';
    const settings: CdnSettings = {
      mode,
      pops,
      weights: weights ?? null,
      room,
      caches: written.caches ?? null,
      evict: written.evict ?? 'lru',
      ttl: written.ttl ?? null,
      swr: mode === 'pull' && written.ttl !== undefined ? (written.swr ?? 0) : 0,
      coalesce: mode === 'pull' && (written.coalesce ?? false),
      shield: shield === null ? null : shield === true ? room : { bytes: shield },
      hitTime: written['hit-time'] ?? { law: 'constant', value: 0 },
      start: written.start ?? 'warm',
      ...settleAnswers(written, settling),
    };
    return { ...settings };
  },
  check(written, { settings }, around) {
    const findings: KindFinding[] = [
      ...cachedOperations(settings as unknown as CdnSettings, around, ['caches'], 'the origin'),
      ...checkAnswers(written, around),
    ];
    const idle = (setting: string, message: string) => {
      findings.push({ code: 'idle-knob', setting: [setting], message });
    };
    const held = around.data('holds')[0];
    const { room, shield, mode } = settings as unknown as CdnSettings;
    if (written.weights !== undefined && written.pops === 1) {
      idle('weights', 'there is one point of presence');
    }
    if (held !== undefined) {
      findings.push(...tooSmall(room, held));
      if (shield !== null && typeof written.shield !== 'boolean')
        findings.push(...tooSmall(shield, held, ['shield']));
    }
    if (mode === 'push') {
      for (const setting of ['swr', 'coalesce', 'start'] as const) {
        if (written[setting] !== undefined) idle(setting, 'what is pushed is there, and does not expire');
      }
      for (const setting of ['evict', 'ttl'] as const) {
        if (written[setting] !== undefined && shield === null) {
          idle(setting, 'what is pushed is there, and stays');
        }
      }
      return findings;
    }
    if (written.swr !== undefined && written.ttl === undefined)
      idle('swr', 'without a `ttl` nothing expires');
    if (held === undefined) return findings;
    const all = (of: Room): boolean =>
      ('items' in of ? of.items : of.bytes / held.size.high) >= held.count.high && held.growth.high === 0;
    if (written.evict !== undefined && all(room) && (shield === null || all(shield))) {
      idle('evict', `every \`${held.name}\` fits, so nothing is ever evicted`);
    }
    if (written.ttl !== undefined && held.keep !== null && quantile(written.ttl, 0.001) > held.keep) {
      idle('ttl', `a \`${held.name}\` is not kept as long as its copy would be`);
    }
    return findings;
  },
});
