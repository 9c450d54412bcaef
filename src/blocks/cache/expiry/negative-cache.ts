import { type OptionNames, requireOptions } from '../../require-options.ts';
import { FifoTable, type FifoTableState } from './fifo-table.ts';
import { requireFinite, requireMaximum, requireTime } from './require.ts';

/** How long and how many. */
export interface NegativeCacheOptions {
  /** How long an absence is believed, ≥ 0; the unit of `now`. */
  readonly ttl: number;
  /** Absent keys remembered, from 1 to 2^28; beyond it the one noted first is forgotten. */
  readonly maxKeys: number;
}

/** A snapshot of {@link NegativeCache}: key, its number, and when its absence was noted, oldest first. */
export type NegativeCacheState = FifoTableState;

const OPTIONS: OptionNames<NegativeCacheOptions> = { ttl: true, maxKeys: true };

/**
 * Keys that the origin said it does not have, so that it is not asked for them again and again (for names of
 * hosts: RFC 2308). They have room and a lifetime of their own: a flood of keys that do not exist pushes out
 * nothing that does.
 *
 * - NG-1 A key is absent from when that was noted until `ttl` later, that instant excluded.
 * - NG-2 A key that was found or written is no longer absent, at once.
 * - NG-3 Beyond `maxKeys`, the absence noted first is forgotten: the origin is asked once more, no more harm.
 * - NG-4 An absence noted in what has become the future, because the clock went back, counts as noted now.
 *
 * Keys are integers from 0 to 2^31 − 1.
 */
export class NegativeCache {
  private readonly ttl: number;
  private readonly table: FifoTable;

  constructor(options: NegativeCacheOptions) {
    requireOptions('NegativeCache', options, OPTIONS);
    const { ttl, maxKeys } = options;
    requireTime('ttl', ttl);
    requireMaximum('maxKeys', maxKeys);
    this.ttl = ttl;
    this.table = new FifoTable(maxKeys);
  }

  /** Absences remembered, those no longer believed included until they are noticed. */
  get size(): number {
    return this.table.size;
  }

  /** Whether the key is known to be absent. One that is no longer believed is forgotten. */
  isAbsent(key: number, now: number): boolean {
    requireFinite('now', now);
    const row = this.table.find(key);
    if (row < 0) return false;
    if (this.table.timeOf(row) > now) this.table.setTime(row, now);
    if (now < this.table.timeOf(row) + this.ttl) return true;
    this.table.drop(row);
    return false;
  }

  /** The origin does not have the key. */
  noteAbsent(key: number, now: number): void {
    requireFinite('now', now);
    this.table.put(key, now);
  }

  /** The key was found or written; false when it was not thought absent. */
  notePresent(key: number): boolean {
    const row = this.table.find(key);
    if (row < 0) return false;
    this.table.drop(row);
    return true;
  }

  snapshot(): NegativeCacheState {
    return this.table.snapshot();
  }

  /** @throws RangeError when the state is not a snapshot, or holds more keys than fit */
  static restore(options: NegativeCacheOptions, state: NegativeCacheState): NegativeCache {
    const cache = new NegativeCache(options);
    cache.table.restore('NegativeCache', state);
    return cache;
  }
}
