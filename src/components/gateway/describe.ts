import {
  blockChoice,
  choice,
  count,
  describeKind,
  flag,
  type KindFinding,
  quantity,
  reference,
  type Settling,
  type Surroundings,
  section,
} from '../../design/index.ts';
import {
  type AnswerSettings,
  checkAnswers,
  compressesAny,
  compressField,
  linkField,
  ON_ITS_CORES,
  settleAnswers,
} from '../answer-link.ts';
import { balancingFields, instanceBalancing } from '../balancing.ts';
import { MACHINE_CORES } from '../machine.ts';
import {
  checkRoutedBalancing,
  type RoutedBalancing,
  routedOperations,
  routedReferences,
  routingFields,
  settleBalancing,
  type WrittenRoutedBalancing,
} from '../routing.ts';
import { cacheField, checkCache, type GatewayCache, settleCache } from './cache.ts';
import { type GatewayLimit, limitField, refuseBadTiers, settleLimit } from './limit.ts';
import { checkQuota, type GatewayQuota, quotaField, settleQuota } from './quota.ts';

/** The settings of a gateway as interpreters read them; the component it passes on to is `to`. */
export interface GatewaySettings extends AnswerSettings, RoutedBalancing {
  readonly cores: number;
  /** CPU seconds of a request, by how it comes; the probabilities sum to 1. */
  readonly work: readonly WorkCase[];
  /** The same by the connection that a request comes over, where that is known; null where it makes no difference. */
  readonly connection: ConnectionWork | null;
  readonly limit: GatewayLimit | null;
  readonly quota: GatewayQuota | null;
  readonly cache: GatewayCache | null;
  /** The constant with the price of a request. */
  readonly requestPrice: string;
}

/** CPU seconds of a request over a connection that was there, over one that resumes a session, over a new one. */
export interface ConnectionWork {
  readonly reused: number;
  readonly resumed: number;
  readonly opened: number;
}

/** CPU seconds, and the probability that a request takes them. */
export interface WorkCase {
  readonly probability: number;
  readonly time: number;
}

const auths = ['none', 'api-key', 'jwt', 'jwt-hs256'] as const;
/** The constant that says what each takes. */
const authConstants = {
  'api-key': 'auth.apiKey.cpu',
  jwt: 'auth.jwt.rs256.cpu',
  'jwt-hs256': 'auth.jwt.hs256.cpu',
} as const;

/** The front door: who asks, how often, over which connection. */
export const describe = describeKind({
  name: 'gateway',
  summary:
    'Passes requests on to another component, after it has checked who asks and whether they ask too often.',
  availability: 'availability.gateway',
  ceilings: [{ setting: 'cores', constant: MACHINE_CORES }],
  costs: (written) => ({ instance: [requestPrice(written)] }),
  settings: section('a gateway', {
    ...routingFields,
    algorithm: blockChoice('balance', instanceBalancing, {
      is: 'How an instance of it is chosen.',
      default: 'round-robin',
    }).optional(),
    ...balancingFields,
    cost: quantity('time', {
      is: 'CPU time a request takes in the gateway itself, without all that follows.',
      default: '0s',
    }).optional(),
    cores: count({ is: 'CPU cores of the gateway.', default: 1 }, { most: 10_000 }).optional(),
    auth: choice(auths, {
      is: 'How it checks who asks: by an API key, by a JSON Web Token with a public key (RS256) or with a shared secret (HS256). Each takes CPU time, by auth.apiKey.cpu, auth.jwt.rs256.cpu and auth.jwt.hs256.cpu.',
      default: 'none',
    }).optional(),
    'auth-cost': quantity('time', { is: 'CPU time of that check, instead of the constant.' }).optional(),
    tls: section('the TLS of a gateway', {
      handshake: quantity('time', {
        is: 'CPU time of a full handshake; without it, tls.handshake.cpu.',
      }).optional(),
      resumed: quantity(
        'ratio',
        { is: 'Share of new connections that resume a session; without it, none.' },
        { most: 1 },
      ).optional(),
      'resumed-cost': quantity('time', {
        is: 'CPU time of such a one; without it, tls.resumed.cpu.',
      }).optional(),
      'requests-per-connection': count(
        {
          is: 'Requests that come over one connection; without it, 1. Those of a client with connections come over these.',
        },
        { most: 1_000_000_000 },
      ).optional(),
    })
      .meta({ description: 'Connections are encrypted here, which takes CPU time for each new one.' })
      .optional(),
    mtls: flag({
      is: 'Whether clients show a certificate too, which adds tls.client.cpu to each full handshake; without it, they do not.',
    }).optional(),
    limit: limitField,
    counters: reference('the name of a cache', {
      is: 'The cache that keeps what its `limit` counts, together with gateways that have the same limit and name it too: each request waits for an answer of it. Without it, the gateway counts in its own memory.',
    }).optional(),
    quota: quotaField,
    cache: cacheField,
    ...compressField(ON_ITS_CORES),
    ...linkField,
    holds: reference('the name of data', {
      is: 'The data whose items its `cache` keeps copies of, by the key of the request.',
    }).optional(),
  }),
  operations: routedOperations,
  stations: {
    cpu: 'Its CPU cores, where requests, connections and answers cost it time.',
    link: 'The link by which answers leave it, where its bandwidth is limited.',
  },
  roles: { upstream: true },
  works(settings, around) {
    const gateway = settings as unknown as GatewaySettings;
    const { work, connection, link } = gateway;
    const takesTime = connection !== null || work.some(({ time }) => time > 0);
    return takesTime || link !== undefined || compressesAny(gateway, around);
  },
  holdsCopies: (settings) => (settings as unknown as GatewaySettings).cache !== null,
  answers(settings) {
    const { cache, compress } = settings as unknown as GatewaySettings;
    return {
      ...(cache !== null && { copies: { of: 'holds', operations: cache.caches } }),
      ...(compress && { ratio: compress.ratio }),
    };
  },
  references: {
    ...routedReferences,
    holds: { to: 'data' },
    counters: { to: 'component', role: 'front' },
  },
  consults: {
    setting: 'counters',
    asks(settings) {
      const { limit } = settings as unknown as GatewaySettings;
      if (limit?.shared === undefined) return [];
      return limit.shared.atomic ? ['fill'] : ['lookup', 'fill'];
    },
  },
  example: `kind: gateway
to: api
auth: jwt
tls: { resumed: 80%, requests-per-connection: 20 }
limit: { rate: 10/s, burst: 20, per: client }
`,
  settle(written, settling): Readonly<Record<string, unknown>> {
    const { cost = 0, cores = 1, limit, quota, cache } = written;
    for (const section of ['limit', 'quota'] as const) {
      refuseBadTiers(section, Object.keys(written[section]?.tiers ?? {}), settling);
    }
    const balancing = settleBalancing('gateway', written as WrittenRoutedBalancing, settling);
    const each = cost + authTime(written, settling);
    const settings: GatewaySettings = {
      requestPrice: requestPrice(written),
      ...balancing,
      cores,
      work: connectionCases(written, settling).map(({ probability, time }) => ({
        probability,
        time: each + time,
      })),
      connection: settling.askedByUsers ? connectionWork(written, each, settling) : null,
      limit: limit === undefined ? null : settleLimit(limit, written.counters !== undefined, settling),
      quota: quota === undefined ? null : settleQuota(quota, settling),
      cache: cache === undefined ? null : settleCache(cache, written.holds, settling),
      ...settleAnswers(written, settling),
    };
    return { ...settings };
  },
  check(written, { settings }, around) {
    const { carriesKeys, connected } = around;
    const findings: KindFinding[] = [];
    const idle = (setting: readonly string[], message: string) => {
      findings.push({ code: 'idle-knob', setting, message });
    };
    const own = settings as unknown as GatewaySettings;
    const { work, quota, cache, limit: allowed } = own;
    findings.push(
      ...checkRoutedBalancing(written as WrittenRoutedBalancing, own, around),
      ...checkAnswers(written, around),
    );
    if (written.cores !== undefined && work.every(({ time }) => time === 0) && !compressesAny(own, around)) {
      idle(['cores'], 'a request costs the gateway no CPU time');
    }
    if (written['auth-cost'] !== undefined && (written.auth ?? 'none') === 'none') {
      idle(['auth-cost'], 'nobody is asked who they are');
    }
    const { tls, limit } = written;
    if (connected === 'all') {
      const known = 'every request comes from a client, whose `connections` say so';
      for (const setting of ['resumed', 'requests-per-connection'] as const) {
        if (tls?.[setting] !== undefined) idle(['tls', setting], known);
      }
    } else if (tls?.['resumed-cost'] !== undefined && connected === 'none' && (tls.resumed ?? 0) === 0) {
      idle(['tls', 'resumed-cost'], 'no connection resumes a session');
    }
    if (tls?.handshake !== undefined && tls.resumed === 1) {
      idle(['tls', 'handshake'], 'every connection resumes a session');
    }
    if (written.mtls === true && tls?.resumed === 1) idle(['mtls'], 'every connection resumes a session');
    const tiers = Object.keys(limit?.tiers ?? {});
    if (limit?.tiers !== undefined && tiers.length === 0) idle(['limit', 'tiers'], 'it names no tier');
    for (const tier of tiers) {
      if (!around.tiers.has(tier)) idle(['limit', 'tiers', tier], 'no traffic of this tier comes here');
    }
    if (limit?.burst !== undefined && limit.rate === undefined) {
      idle(['limit', 'burst'], 'without a `rate` beside it, nothing is refused that has no tier');
    } else if (limit?.rate !== undefined && tiers.length > 0 && !around.tiers.has(undefined)) {
      idle(['limit', 'rate'], 'all traffic that comes here has a tier');
    }
    if (limit?.per === 'client' && !carriesKeys) {
      idle(['limit', 'per'], 'no request that comes here carries a key, so all are one client');
    } else if (limit?.clients !== undefined && limit.per !== 'client' && tiers.length === 0) {
      idle(['limit', 'clients'], 'the limit is for all clients together');
    }
    findings.push(...checkCounters(written, around));
    if (cache !== null) findings.push(...checkCache(written.cache!, cache, around));
    else if (written.holds !== undefined) idle(['holds'], 'without a `cache` it keeps no answers');
    if (quota !== null) findings.push(...checkQuota(written.quota!, quota, allowed, around.tiers));
    return findings;
  },
  limit(settings) {
    const { limit } = settings as unknown as GatewaySettings;
    if (limit === null) return null;
    return Math.max(...[limit.own ?? [], limit.tiers ?? []].flat().map(({ rate }) => rate));
  },
  asksToWait(settings) {
    const { limit, quota } = settings as unknown as GatewaySettings;
    return limit !== null || quota !== null;
  },
  tiers(settings) {
    const { limit, quota } = settings as unknown as GatewaySettings;
    return [...new Set([limit?.tiers ?? [], quota?.tiers ?? []].flat().map(({ name }) => name))];
  },
});

/** Reports counters that nothing counts in, and what says nothing beside them or without them. */
function checkCounters(
  {
    counters,
    limit,
  }: {
    readonly counters?: string | undefined;
    readonly limit?:
      | {
          readonly atomic?: boolean | undefined;
          readonly clients?: number | undefined;
          readonly per?: string | undefined;
          readonly tiers?: object | undefined;
        }
      | undefined;
  },
  around: Surroundings,
): KindFinding[] {
  const idle = (setting: readonly string[], message: string): KindFinding => ({
    code: 'idle-knob',
    setting,
    message,
  });
  if (counters === undefined) {
    return limit?.atomic === undefined
      ? []
      : [idle(['limit', 'atomic'], 'it counts in its own memory, where nothing comes in between')];
  }
  if (limit === undefined) return [idle(['counters'], 'without a `limit` it counts nothing')];
  const findings: KindFinding[] = [];
  if (limit.clients !== undefined) {
    findings.push(idle(['limit', 'clients'], `\`${counters}\` keeps the counters of all of them`));
  }
  const nodes = Number(around.referred('counters')?.settings['nodes'] ?? 1);
  if (nodes > 1 && limit.per !== 'client' && limit.tiers === undefined) {
    findings.push({
      code: 'conflicting-keys',
      setting: ['counters'],
      message: `the counter of all clients together is one item, which one of ${nodes} nodes has`,
      expected: 'a cache of one node, or `per: client`',
    });
  }
  return findings;
}

/** CPU seconds to check who asks. */
function authTime(
  written: { readonly auth?: (typeof auths)[number] | undefined; readonly 'auth-cost'?: number | undefined },
  settling: Settling,
): number {
  const { auth = 'none', 'auth-cost': cost } = written;
  return auth === 'none' ? 0 : (cost ?? settling.constant(authConstants[auth]));
}

/** What a user writes of connections. */
interface WrittenTls {
  readonly tls?:
    | {
        readonly handshake?: number | undefined;
        readonly resumed?: number | undefined;
        readonly 'resumed-cost'?: number | undefined;
        readonly 'requests-per-connection'?: number | undefined;
      }
    | undefined;
  readonly mtls?: boolean | undefined;
}

/** What the connection of a request adds: nothing where it is there already. */
function connectionCases(written: WrittenTls, settling: Settling): readonly WorkCase[] {
  const { mtls = false, tls = mtls ? {} : undefined } = written;
  if (tls === undefined) return [{ probability: 1, time: 0 }];
  const { resumed = 0, 'requests-per-connection': requests = 1 } = tls;
  const handshake = resumed === 1 ? 0 : (tls.handshake ?? settling.constant('tls.handshake.cpu'));
  const client = mtls && resumed < 1 ? settling.constant('tls.client.cpu') : 0;
  const again = resumed === 0 ? 0 : (tls['resumed-cost'] ?? settling.constant('tls.resumed.cpu'));
  return [
    { probability: (1 - resumed) / requests, time: handshake + client },
    { probability: resumed / requests, time: again },
    { probability: 1 - 1 / requests, time: 0 },
  ].filter(({ probability }) => probability > 0);
}

/** The same by the connection, beside what each request takes. */
function connectionWork(written: WrittenTls, each: number, settling: Settling): ConnectionWork | null {
  const { mtls = false, tls = mtls ? {} : undefined } = written;
  if (tls === undefined) return null;
  const handshake = tls.handshake ?? settling.constant('tls.handshake.cpu');
  return {
    reused: each,
    resumed: each + (tls['resumed-cost'] ?? settling.constant('tls.resumed.cpu')),
    opened: each + handshake + (mtls ? settling.constant('tls.client.cpu') : 0),
  };
}

/** The constant with the price of a request to a gateway that is told so. */
function requestPrice({ auth, limit, quota }: Readonly<Record<string, unknown>>): string {
  const perClient =
    typeof limit === 'object' &&
    limit !== null &&
    (('per' in limit && limit.per === 'client') || ('tiers' in limit && limit.tiers !== undefined));
  return auth === 'api-key' || perClient || quota !== undefined
    ? 'cost.gateway.requests.keyed'
    : 'cost.gateway.requests';
}
