import { type OptionNames, requireOptions } from '../../require-options.ts';
import { FifoTable, type FifoTableState } from './fifo-table.ts';
import { requireFinite, requireKey, requireMaximum } from './require.ts';

/** How long and how many. */
export interface LeasesOptions {
  /** A filler that has not come back after so long is given up, > 0; the unit of `now`. */
  readonly timeout: number;
  /** Leases at a time, from 1 to 2^28. Beyond it the oldest ends. */
  readonly maxLeases: number;
}

/** A snapshot of {@link Leases}: key, token and when it was granted, oldest first. */
export type LeasesState = FifoTableState;

const OPTIONS: OptionNames<LeasesOptions> = { timeout: true, maxLeases: true };

/**
 * Leases: of all who miss a key, one fills it, and what was invalidated meanwhile is not filled with something
 * old (Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1).
 *
 * - LS-1 Who asks first for a key gets a token; while that lease runs, others get 0 and should wait and look again.
 * - LS-2 After `timeout` the next who asks gets a new token, and the old one is worthless.
 * - LS-3 A fill counts only with the token of the lease that is current; it ends the lease. One that has run over
 *   its time but was granted to nobody else still counts.
 * - LS-4 Invalidation ends the lease, so that its filler, who may have read the value before, is turned away.
 * - LS-5 Tokens rise and never return. Beyond `maxLeases` the oldest lease ends as if invalidated.
 * - LS-6 A lease granted in what has become the future, because the clock went back, counts as granted now.
 *
 * Keys are integers from 0 to 2^31 − 1.
 */
export class Leases {
  private readonly timeout: number;
  private readonly table: FifoTable;

  constructor(options: LeasesOptions) {
    requireOptions('Leases', options, OPTIONS);
    const { timeout, maxLeases } = options;
    if (!(timeout > 0)) throw new RangeError(`timeout must be > 0, got ${timeout}`);
    requireMaximum('maxLeases', maxLeases);
    this.timeout = timeout;
    this.table = new FifoTable(maxLeases);
  }

  /** Leases that have not ended, those over their time included. */
  get size(): number {
    return this.table.size;
  }

  /** @returns a token > 0 for the one who should fill the key; 0 when another is at it */
  acquire(key: number, now: number): number {
    requireKey(key);
    return this.remaining(key, now) > 0 ? 0 : this.table.put(key, now);
  }

  /** How long the lease of a key still runs; 0 when there is none or its time is over. */
  remaining(key: number, now: number): number {
    requireFinite('now', now);
    const row = this.table.find(key);
    if (row < 0) return 0;
    if (this.table.timeOf(row) > now) this.table.setTime(row, now);
    return Math.max(0, this.table.timeOf(row) + this.timeout - now);
  }

  /** Ends the lease by a fill: true when the value may be stored. */
  fill(key: number, token: number): boolean {
    const row = this.table.find(key);
    if (row < 0 || this.table.numberOf(row) !== token) return false;
    this.table.drop(row);
    return true;
  }

  /** The key has changed, or its filler gives up: false when nobody was filling it. */
  invalidate(key: number): boolean {
    const row = this.table.find(key);
    if (row < 0) return false;
    this.table.drop(row);
    return true;
  }

  snapshot(): LeasesState {
    return this.table.snapshot();
  }

  /** @throws RangeError when the state is not a snapshot, or holds more leases than fit */
  static restore(options: LeasesOptions, state: LeasesState): Leases {
    const leases = new Leases(options);
    leases.table.restore('Leases', state);
    return leases;
  }
}
