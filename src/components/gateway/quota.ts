import * as z from 'zod';
import { count, type KindFinding, quantity, type Settling, section } from '../../design/index.ts';
import type { GatewayLimit } from './limit.ts';

/** Requests of a client in a window of so many seconds, of which so many are over when a run begins; null = any number. */
export interface Quota {
  readonly requests: number;
  readonly window: number;
  readonly elapsed: number | null;
}

/** What each client has in the long run. */
export interface GatewayQuota {
  /** Of traffic without a tier where there are tiers; null = as much as comes. */
  readonly own: Quota | null;
  /** By tier of the traffic; absent where there are none. */
  readonly tiers?: readonly (Quota & { readonly name: string })[];
}

const MOST_REQUESTS = 1_000_000_000;

export const quotaField = section('the quota of a gateway', {
  requests: count(
    {
      is: 'Requests of each client in a window; more are refused until the next one. With tiers, of clients of traffic without one.',
    },
    { most: MOST_REQUESTS },
  ).optional(),
  window: quantity('time', { is: 'How long a window is, such as 24h.' }, { above: 0 }).optional(),
  tiers: z
    .record(
      z.string(),
      section('a tier of a quota', {
        requests: count({ is: 'Requests of each client in a window.' }, { most: MOST_REQUESTS }),
        window: quantity(
          'time',
          { is: 'How long a window is; without it, that of the quota.' },
          { above: 0 },
        ).optional(),
      }),
    )
    .meta({
      description: 'Quotas of each client, by the `tier` of the traffic; tiers that are not named have none.',
    })
    .optional(),
  'resets-in': quantity('time', {
    is: 'All clients begin a window at the same time, the next one so long after measuring begins; without it, each begins its windows at a time of its own.',
  }).optional(),
})
  .meta({
    description: 'How much of each client it lets through in the long run; without it, all that comes.',
  })
  .optional();

/** What a user writes of it. */
interface WrittenQuota {
  readonly requests?: number | undefined;
  readonly window?: number | undefined;
  readonly tiers?: Readonly<Record<string, WrittenTier>> | undefined;
  readonly 'resets-in'?: number | undefined;
}

interface WrittenTier {
  readonly requests: number;
  readonly window?: number | undefined;
}

/** The quota with what is not said filled in; refuses what cannot be. */
export function settleQuota(written: WrittenQuota, { refuse }: Settling): GatewayQuota {
  const { requests, window, tiers: named = {}, 'resets-in': resets } = written;
  const tiers = Object.entries(named);
  if (requests === undefined && tiers.length === 0) {
    refuse({
      code: 'missing-key',
      setting: ['quota', 'requests'],
      message: 'a quota has requests, or tiers that have',
      expected: '`requests`, such as 1000',
    });
  }
  const quotaOf = (most: number, own: number | undefined, setting: readonly string[]): Quota => {
    const lasts = own ?? window;
    if (lasts === undefined) {
      refuse({
        code: 'missing-key',
        setting: [...setting, 'window'],
        message: 'a quota is for a time',
        expected: '`window`, such as 24h',
      });
      return { requests: most, window: 1, elapsed: null };
    }
    if (resets !== undefined && resets > lasts) {
      refuse({
        code: 'out-of-range',
        setting: ['quota', 'resets-in'],
        message: 'the next window would begin later than one lasts',
        expected: 'at most the `window`',
      });
    }
    return { requests: most, window: lasts, elapsed: resets === undefined ? null : lasts - resets };
  };
  return {
    own: requests === undefined ? null : quotaOf(requests, undefined, ['quota']),
    ...(tiers.length > 0 && {
      tiers: tiers.map(([name, tier]) => ({
        name,
        ...quotaOf(tier.requests, tier.window, ['quota', 'tiers', name]),
      })),
    }),
  };
}

/** What of a quota changes nothing here. */
export function checkQuota(
  written: WrittenQuota,
  quota: GatewayQuota,
  limit: GatewayLimit | null,
  coming: ReadonlySet<string | undefined>,
): readonly KindFinding[] {
  const findings: KindFinding[] = [];
  const idle = (setting: readonly string[], message: string): void => {
    findings.push({ code: 'idle-knob', setting: ['quota', ...setting], message });
  };
  const { own, tiers = [] } = quota;
  if (written.tiers !== undefined && tiers.length === 0) idle(['tiers'], 'it names no tier');
  if (own !== null && tiers.length > 0 && !coming.has(undefined)) {
    idle(['requests'], 'all traffic that comes here has a tier');
  } else if (own !== null) {
    const most = mostInWindow(own, tiers.length > 0 ? limitOf(limit, undefined) : tightest(limit));
    if (most <= own.requests) idle(['requests'], unreached(most));
  }
  if (
    written.window !== undefined &&
    own === null &&
    tiers.every(({ name }) => written.tiers?.[name]?.window)
  ) {
    idle(['window'], 'every tier has a window of its own');
  }
  for (const tier of tiers) {
    const { name } = tier;
    const most = mostInWindow(tier, limitOf(limit, name));
    if (!coming.has(name)) idle(['tiers', name], 'no traffic of this tier comes here');
    else if (most <= tier.requests) idle(['tiers', name, 'requests'], unreached(most));
  }
  return findings;
}

const unreached = (most: number): string =>
  `the limit lets ${Math.floor(most)} requests of a client through in a window at most`;

/** What a limit lets a client do. */
type Allowed = { readonly rate: number; readonly burst: number } | null;

/** That for each client of a traffic of the tier; null = as much as comes. */
function limitOf(limit: GatewayLimit | null, tier: string | undefined): Allowed {
  const own = limit?.own ?? null;
  if (limit === null || limit.tiers === undefined || tier === undefined) return own;
  return limit.tiers.find(({ name }) => name === tier) ?? null;
}

/** That for whoever may do most. */
function tightest(limit: GatewayLimit | null): Allowed {
  if (limit?.tiers === undefined) return limit?.own ?? null;
  const [first, ...others] = [...limit.tiers, ...(limit.own === null ? [] : [limit.own])];
  return others.reduce<Allowed>(
    (most, { rate, burst }) => ({
      rate: Math.max(rate, most!.rate),
      burst: Math.max(burst, most!.burst),
    }),
    first!,
  );
}

/** A bucket that is full when a window begins, and what flows in. */
function mostInWindow({ window }: Quota, limit: Allowed): number {
  return limit === null ? Number.POSITIVE_INFINITY : limit.burst + limit.rate * window;
}
