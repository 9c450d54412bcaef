import * as z from 'zod';
import { choice, count, flag, isName, quantity, type Settling, section } from '../../design/index.ts';

/** Requests a second, and at once. */
export interface Allowance {
  readonly rate: number;
  readonly burst: number;
}

/** What it lets through of all together, or of each client, of whom so many are remembered. */
export interface GatewayLimit {
  /** Where another component keeps what it counts: whether that is read and written at once. */
  readonly shared?: { readonly atomic: boolean };
  /** Of traffic without a tier where there are tiers; null = as much as comes. */
  readonly own: Allowance | null;
  readonly per: 'all' | 'client';
  readonly clients: number;
  /** By tier of the traffic, for each client; absent where there are none. */
  readonly tiers?: readonly (Allowance & { readonly name: string })[];
}

/** As in the example of nginx's manual, `zone=one:10m`: a megabyte keeps 8 thousand states of 128 bytes. */
const CLIENTS = 80_000;
const CLIENTS_MOST = 2 ** 24;

export const limitField = section('the limit of a gateway', {
  rate: quantity(
    'rate',
    { is: 'Requests over time; more are refused. With tiers, those of traffic without one.' },
    { above: 0 },
  ).optional(),
  burst: count(
    { is: 'Requests at once, at most, tokens of its bucket; without it, 1.' },
    { most: 1_000_000_000 },
  ).optional(),
  per: choice(['all', 'client'], {
    is: 'Whether that is for all together, which it is unless said, or for each client. A client is the key of the request; those without a key are one.',
  }).optional(),
  tiers: z
    .record(
      z.string(),
      section('a tier', {
        rate: quantity('rate', { is: 'Requests of each client over time.' }, { above: 0 }),
        burst: count(
          { is: 'Requests of a client at once, at most; without it, 1.' },
          { most: 1_000_000_000 },
        ).optional(),
      }),
    )
    .meta({ description: 'Limits of each client, by the `tier` of the traffic.' })
    .optional(),
  atomic: flag({
    is: 'Whether the `counters` are read and written at once, as by a script in Redis, which they are unless said; else one after the other, so that requests in between are not counted.',
  }).optional(),
  clients: count(
    { is: 'Clients it remembers, at most; beyond them, one begins anew. Without it, 80k.' },
    { most: CLIENTS_MOST },
  ).optional(),
})
  .meta({ description: 'How much it lets through; without it, all that comes.' })
  .optional();

/** What a user writes of a limit. */
interface WrittenLimit {
  readonly rate?: number | undefined;
  readonly burst?: number | undefined;
  readonly per?: 'all' | 'client' | undefined;
  readonly clients?: number | undefined;
  readonly atomic?: boolean | undefined;
  readonly tiers?:
    | Readonly<Record<string, { readonly rate: number; readonly burst?: number | undefined }>>
    | undefined;
}

/** Refuses names of tiers that no traffic can have, of a section of the gateway. */
export function refuseBadTiers(section: string, tiers: readonly string[], { refuse }: Settling): void {
  for (const name of tiers) {
    if (isName(name)) continue;
    refuse({
      code: 'bad-name',
      setting: [section, 'tiers', name],
      message: 'a traffic cannot name this tier',
      expected: 'a letter, then letters, digits, - and _, at most 64 in all',
    });
  }
}

/** The limit with what is not said filled in; refuses what cannot be. */
export function settleLimit(limit: WrittenLimit, isShared: boolean, { refuse }: Settling): GatewayLimit {
  const tiers = Object.entries(limit.tiers ?? {});
  if (limit.rate === undefined && tiers.length === 0) {
    refuse({
      code: 'missing-key',
      setting: ['limit', 'rate'],
      message: 'a limit has a rate, or tiers that have',
      expected: '`rate`, such as 50/s',
    });
  }
  if (limit.per === 'all' && tiers.length > 0) {
    refuse({
      code: 'conflicting-keys',
      setting: ['limit', 'per'],
      message: '`tiers` limit each client, not all of them together',
      expected: '`per: client`, or no `per`',
    });
  }
  const { rate, burst = 1, clients = CLIENTS } = limit;
  return {
    own: rate === undefined ? null : { rate, burst },
    per: tiers.length > 0 ? 'client' : (limit.per ?? 'all'),
    clients: isShared ? CLIENTS_MOST : clients,
    ...(isShared && { shared: { atomic: limit.atomic ?? true } }),
    ...(tiers.length > 0 && {
      tiers: tiers.map(([name, tier]) => ({ name, rate: tier.rate, burst: tier.burst ?? 1 })),
    }),
  };
}
