import {
  count,
  describeKind,
  distribution,
  type KindFinding,
  names,
  quantity,
  section,
} from '../../design/index.ts';
import type { Distribution } from '../../quantities/index.ts';
import { takesNothing } from '../takes-nothing.ts';

/** The settings of a third party as interpreters read them. */
export interface ExternalSettings {
  readonly operations: readonly string[];
  /** Seconds from a request to its answer, there, whatever else is in progress. */
  readonly latency: Distribution;
  /** Share of the answers that are errors. */
  readonly errors: number;
  /** Requests a second, and at once, that it takes from us; null = as many as come. */
  readonly limit: { readonly rate: number; readonly burst: number } | null;
  /** Share of the time that it is up; null = unknown. */
  readonly availability: number | null;
  /** Dollars of a call; null = unknown. */
  readonly callPrice: number | null;
}

/** Somebody else's system. */
export const describe = describeKind({
  name: 'external',
  summary:
    'A third party, such as a payment provider: it answers when it answers, at times with an error, and limits how much may be asked.',
  settings: section('an external', {
    operations: names('a list of names, such as [ charge, refund ]', {
      is: 'What it can be asked to do.',
    }),
    latency: distribution('time', {
      is: 'How long it takes for an answer, errors included; the network between comes on top.',
    }),
    errors: quantity(
      'ratio',
      { is: 'Share of its answers that are errors.', default: '0%' },
      { most: 1 },
    ).optional(),
    limit: section('the limit of an external', {
      rate: quantity(
        'rate',
        { is: 'Requests over time that it takes, all operations together; more are refused at once.' },
        { above: 0 },
      ),
      burst: count(
        { is: 'Requests at once, at most, tokens of its bucket; without it, 1.' },
        { most: 1_000_000_000 },
      ).optional(),
    })
      .meta({ description: 'How much it takes from us; without it, all that comes.' })
      .optional(),
    availability: quantity(
      'ratio',
      {
        is: 'Share of the time that it is up, as its contract says; without it, the availability of who needs it is unknown.',
      },
      { above: 0, most: 1 },
    ).optional(),
    'call-price': quantity('money', {
      is: 'What it takes for a call, whatever comes of it, such as $0.02; without it, what it costs is unknown unless a price over time says it.',
    }).optional(),
  }),
  operations: { from: 'list', setting: 'operations' },
  stations: { requests: 'What it has in progress for us; there is always room.' },
  works: (settings) => !takesNothing((settings as unknown as ExternalSettings).latency),
  roles: {},
  references: {},
  example: `kind: external
operations: [ charge, refund ]
latency: 'lognormal(p50: 80ms, p99: 900ms)'
errors: 0.5%
limit: { rate: 100/s, burst: 20 }
availability: 99.9%
call-price: $0.02
`,
  settle(written): Readonly<Record<string, unknown>> {
    const { operations, latency, errors = 0, limit, availability = null } = written;
    const callPrice = written['call-price'] ?? null;
    const settings: ExternalSettings = {
      operations,
      latency,
      errors,
      limit: limit === undefined ? null : { rate: limit.rate, burst: limit.burst ?? 1 },
      availability,
      callPrice,
    };
    return { ...settings };
  },
  check(_, { settings }): readonly KindFinding[] {
    const { errors, limit } = settings as unknown as ExternalSettings;
    if (errors < 1 || limit === null) return [];
    return [{ code: 'idle-knob', setting: ['limit'], message: 'every answer is an error anyway' }];
  },
  asksToWait: (settings) => (settings as unknown as ExternalSettings).limit !== null,
  limit: (settings) => (settings as unknown as ExternalSettings).limit?.rate ?? null,
});
