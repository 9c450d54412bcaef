import type * as z from 'zod';
import type { Amount } from './field.ts';
import { count, quantity } from './quantity-fields.ts';
import { section } from './word-fields.ts';

/** What instances keep of hot items, as a user writes it. */
export interface HotKeysInput {
  readonly threshold: Amount;
  readonly 'half-life'?: Amount | undefined;
  readonly keep: Amount;
  readonly capacity?: Amount | undefined;
  readonly 'minimum-requests'?: Amount | undefined;
}

/**
 * Each instance of the reader finds the items that are hot among its own reads, and keeps them in its own memory for
 * a moment. The words are those of the block `HotKeys`. Times in seconds.
 */
export interface PlanHotKeys {
  /** Share of an instance's reads from which on an item is hot, above 0, up to 1. */
  readonly threshold: number;
  /** In which a read's weight halves. */
  readonly halfLife: number;
  /** How long an item is served from memory after it was read. */
  readonly keep: number;
  /** Items counted at a time; null = as the block has it. */
  readonly capacity: number | null;
  /** Reads, by their present weight, before any is hot; null = as the block has it. */
  readonly minimumRequests: number | null;
}

const HALF_LIFE = 10;

export const hotKeysSchema = section('a `hot-keys`', {
  threshold: quantity(
    'ratio',
    { is: 'Share of the reads of an instance from which on an item is hot.' },
    { above: 0, most: 1 },
  ),
  keep: quantity(
    'time',
    {
      is: 'How long an instance serves a hot item from its own memory after it was read. No write is heard of meanwhile.',
    },
    { above: 0 },
  ),
  'half-life': quantity(
    'time',
    { is: 'Time in which the weight of a read halves.', default: `${HALF_LIFE}s` },
    { above: 0 },
  ).optional(),
  capacity: count(
    { is: 'Items counted at a time; as many as 2 / `threshold` unless said.' },
    { most: 2 ** 20 },
  ).optional(),
  'minimum-requests': count({
    is: 'Reads, by their present weight, before any item is hot; 1 / `threshold` unless said.',
  }).optional(),
});

/** The same with defaults filled in. */
export function hotKeysOf(written: z.output<typeof hotKeysSchema>): PlanHotKeys {
  return {
    threshold: written.threshold,
    halfLife: written['half-life'] ?? HALF_LIFE,
    keep: written.keep,
    capacity: written.capacity ?? null,
    minimumRequests: written['minimum-requests'] ?? null,
  };
}
