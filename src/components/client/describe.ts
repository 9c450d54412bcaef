import {
  callOptions,
  choice,
  count,
  describeKind,
  distribution,
  flag,
  headersSet,
  type KindFinding,
  quantity,
  reference,
  type Settling,
  section,
} from '../../design/index.ts';
import type { PlanConnections, PlanReach } from '../../design/plan.ts';
import { takesNothing } from '../takes-nothing.ts';
import { type CopiesSettings, checkCopies, copiesField, copiesOf } from './copies.ts';

/** The settings of users as interpreters read them; the component they ask is `to`. */
export interface ClientSettings extends PlanReach {
  readonly cache: CopiesSettings | null;
}

/**
 * Round trips before the first request, and before that of a session that is resumed: of TCP 1 (RFC 9293, 3.5), then of
 * TLS 1.2 2 or 1 (RFC 5246, 7.3) and of TLS 1.3 1 (RFC 8446, 2); of QUIC 1 for both (RFC 9001, 4.1).
 */
const roundTrips = {
  tcp: [1, 1],
  'tls-1.2': [3, 2],
  'tls-1.3': [2, 2],
  quic: [1, 1],
} as const;

type Transport = keyof typeof roundTrips;

const transports = ['tcp', 'tls-1.2', 'tls-1.3', 'quic'] as const;
/** Those that can send a request with the first message of a resumed session (RFC 8446, 2.3; RFC 9001, 4.6). */
const early: readonly Transport[] = ['tls-1.3', 'quic'];

/** Of nginx: keepalive_timeout and keepalive_requests (nginx.org, ngx_http_core_module, since 1.19.10). */
const KEEP = 75;
const REQUESTS = 1000;

const { timeout, cancel, retry, hedge } = callOptions;

/** Users with devices of their own, in front of the system. */
export const describe = describeKind({
  name: 'client',
  summary:
    'The users of a traffic and what they ask with, browsers, apps or partners: their network, connections, timeouts and retries.',
  settings: section('a client', {
    to: reference('the name of a component that answers requests', { is: 'The component that they ask.' }),
    latency: distribution('time', {
      is: 'One way between a user and the system, the last mile included; each message takes it.',
      default: '0s',
    }).optional(),
    users: count(
      {
        is: 'How many there are, each as likely to ask as any other; needed for connections and for a cache.',
      },
      { most: 1_000_000_000 },
    ).optional(),
    cache: copiesField,
    connections: section('the connections of a client', {
      keep: quantity(
        'time',
        { is: 'How long a connection is kept without a request, 75s unless said.' },
        { above: 0 },
      ).optional(),
      requests: count(
        { is: 'Requests over one connection, at most, 1000 unless said.' },
        { most: 1_000_000_000 },
      ).optional(),
      over: choice(transports, {
        is: 'What a new connection takes before the first request: 1 round trip for tcp, 3 for tls-1.2, 2 for tls-1.3, 1 for quic. It is tls-1.3 unless said.',
      }).optional(),
      resume: quantity('time', {
        is: 'How long after the last request a session can be resumed by a new connection, which spares tls-1.2 a round trip; without it, never.',
      }).optional(),
      'early-data': flag({
        is: 'Whether a resumed session of tls-1.3 or quic sends the request with its first message, which spares a round trip; without it, it does not.',
      }).optional(),
    })
      .meta({
        description:
          'Each user keeps a connection for the next request. Without it, connections are there and cost nothing.',
      })
      .optional(),
    headers: headersSet.optional(),
    timeout,
    cancel,
    retry,
    hedge,
  }),
  operations: { from: 'setting', setting: 'to', asCalls: true },
  stations: {},
  roles: {},
  references: { to: { to: 'component', role: 'upstream' } },
  outside: true,
  usersKeepCopies: (settings) => (settings as unknown as ClientSettings).cache !== null,
  example: `kind: client
to: api
users: 100k
latency: 'lognormal(p50: 20ms, p99: 120ms)'
connections: { keep: 60s, resume: 1h, early-data: true }
timeout: 2s
retry: { attempts: 2 }
`,
  settle(written, settling): Readonly<Record<string, unknown>> {
    const { latency = { law: 'constant', value: 0 }, connections, cache } = written;
    const settings: ClientSettings = {
      latency,
      connections: connections === undefined ? null : connectionsOf(connections, written.users, settling),
      cache: cache === undefined ? null : copiesOf(cache, written.users, settling),
    };
    return { ...settings };
  },
  reaches: (settings) => {
    const { latency, connections } = settings as unknown as ClientSettings;
    return { latency, connections };
  },
  check(written, { settings }, around) {
    const findings: KindFinding[] = [];
    const { cache } = settings as unknown as ClientSettings;
    if (cache !== null) findings.push(...checkCopies(cache, around));
    const idle = (setting: readonly string[], message: string) => {
      findings.push({ code: 'idle-knob', setting, message });
    };
    const { connections, users } = written;
    if (connections === undefined) {
      if (users !== undefined && cache === null)
        idle(['users'], 'without `connections` or a `cache`, all are alike');
      return findings;
    }
    const { over = 'tls-1.3' } = connections;
    if (over === 'tcp' && connections.resume !== undefined) {
      idle(['connections', 'resume'], 'tcp alone has no sessions to resume');
    }
    if (!around.remote && takesNothing((settings as unknown as ClientSettings).latency)) {
      const message = 'messages between users and the system take no time, and so does every round trip';
      for (const setting of ['over', 'early-data'] as const) {
        if (connections[setting] !== undefined) idle(['connections', setting], message);
      }
    } else if (connections['early-data'] === true) {
      const path = ['connections', 'early-data'];
      if (!early.includes(over)) idle(path, `${over} sends nothing before it is connected`);
      else if ((connections.resume ?? 0) === 0)
        idle(path, 'no session is resumed: say for how long with `resume`');
    }
    return findings;
  },
});

/** What a user writes of connections, in base units. */
interface WrittenConnections {
  readonly keep?: number | undefined;
  readonly requests?: number | undefined;
  readonly over?: Transport | undefined;
  readonly resume?: number | undefined;
  readonly 'early-data'?: boolean | undefined;
}

function connectionsOf(
  written: WrittenConnections,
  users: number | undefined,
  settling: Settling,
): PlanConnections {
  const { keep = KEEP, requests = REQUESTS, over = 'tls-1.3', resume = 0 } = written;
  if (users === undefined) {
    settling.refuse({
      code: 'missing-key',
      setting: ['connections'],
      message: 'how often a connection is used again depends on how many users share the requests',
      expected: '`users` beside it, such as 100k',
    });
  }
  const [full, resumed] = roundTrips[over];
  const spared = written['early-data'] === true && early.includes(over) ? 1 : 0;
  return {
    users: users ?? 1,
    keep,
    requests,
    roundTrips: full,
    resumedRoundTrips: resumed - spared,
    resume: over === 'tcp' ? 0 : resume,
  };
}
