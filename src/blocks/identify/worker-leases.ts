import {
  requireAtLeast,
  requireFinite,
  requireInstant,
  requirePositive,
  requireState,
  requireWhole,
} from '../require.ts';
import { type OptionNames, requireOptions } from '../require-options.ts';

export interface WorkerLeasesOptions {
  /** Worker ids to hand out: 0 to workers − 1; 1 to 65,536. */
  readonly workers: number;
  /** How long a lease holds without renewal, > 0, in the unit of `now`. */
  readonly lease: number;
  /**
   * How long an id rests after its lease ended before another may have it, ≥ 0, default 0: no less than the
   * clocks of two processes can differ, as the old holder goes by its own.
   */
  readonly guard?: number;
}

export interface WorkerLeasesState {
  readonly version: 1;
  /** The latest time seen; null when none was. */
  readonly clock: number | null;
  /** The last token given. */
  readonly token: number;
  /** By worker id: token and end of the lease; null for ids never given. */
  readonly leases: readonly (readonly [token: number, until: number] | null)[];
}

const OPTIONS: OptionNames<WorkerLeasesOptions> = { workers: true, lease: true, guard: true };

/**
 * Who may call itself which worker, so that two processes never do at the same time: leases that end unless
 * they are renewed (Gray & Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed file cache
 * consistency", SOSP 1989). Runs in the one place that all processes ask.
 *
 * Each lease has a token of its own, greater than all before it: what presents an older one is refused. Time
 * that goes back counts as standing still, so that no lease ends twice or early for it.
 */
export class WorkerLeases {
  /** The worker id last acquired; −1 before the first. */
  worker = -1;
  /** Its token: proof for `renew` and `release`. */
  token = 0;

  private readonly lease: number;
  private readonly guard: number;
  private readonly tokens: Float64Array;
  /** End of the lease, exclusive. */
  private readonly until: Float64Array;
  private clock = Number.NEGATIVE_INFINITY;
  private lastToken = 0;

  /**
   * @param state goes on where a {@link WorkerLeases.snapshot} stood
   * @throws RangeError when an option or the state is impossible
   */
  constructor(options: WorkerLeasesOptions, state?: WorkerLeasesState) {
    requireOptions('WorkerLeases', options, OPTIONS);
    const { workers, lease, guard = 0 } = options;
    requireWhole('workers', workers, 1, 65_536);
    this.lease = requirePositive('lease', lease);
    this.guard = requireAtLeast('guard', guard, 0);
    this.tokens = new Float64Array(workers);
    this.until = new Float64Array(workers).fill(Number.NEGATIVE_INFINITY);
    if (state !== undefined) this.restore(state);
  }

  /**
   * Leases the worker id that has been free the longest; `worker` and `token` say which.
   *
   * @returns 0 when there was one, else how long until the next may come free
   */
  tryAcquire(now: number): number {
    this.advance(now);
    const { until, guard } = this;
    let best = 0;
    for (let worker = 1; worker < until.length; worker++) {
      if (until[worker]! < until[best]!) best = worker;
    }
    const freeAt = until[best]! + guard;
    if (freeAt > this.clock) return freeAt - now;
    this.worker = best;
    this.token = ++this.lastToken;
    this.tokens[best] = this.token;
    until[best] = this.clock + this.lease;
    return 0;
  }

  /**
   * Makes the lease hold from now on for the whole length again.
   *
   * @returns false when it has ended, or is another's: then the holder must stop at once
   */
  renew(worker: number, token: number, now: number): boolean {
    if (!this.holds(worker, token, now)) return false;
    this.until[worker] = this.clock + this.lease;
    return true;
  }

  /** Gives the id back before its time; false when the lease was over already. */
  release(worker: number, token: number, now: number): boolean {
    if (!this.holds(worker, token, now)) return false;
    this.until[worker] = this.clock;
    return true;
  }

  /** True when the lease with this token holds at `now`. */
  holds(worker: number, token: number, now: number): boolean {
    requireWhole('worker', worker, 0, this.until.length - 1);
    this.advance(now);
    return this.tokens[worker] === token && this.clock < this.until[worker]!;
  }

  /** First instant at which the worker's present lease no longer holds; −Infinity when it never had one. */
  heldUntil(worker: number): number {
    requireWhole('worker', worker, 0, this.until.length - 1);
    return this.until[worker]!;
  }

  /** Ids under a lease at `now`. */
  held(now: number): number {
    this.advance(now);
    let count = 0;
    for (const until of this.until) if (this.clock < until) count++;
    return count;
  }

  snapshot(): WorkerLeasesState {
    return {
      version: 1,
      clock: this.clock === Number.NEGATIVE_INFINITY ? null : this.clock,
      token: this.lastToken,
      leases: Array.from(this.tokens, (token, worker) => (token === 0 ? null : [token, this.until[worker]!])),
    };
  }

  private advance(now: number): void {
    requireInstant(now);
    if (now > this.clock) this.clock = now;
  }

  private restore(state: WorkerLeasesState): void {
    requireState('state', state, Array.isArray(state.leases) && state.leases.length === this.tokens.length);
    if (state.clock !== null) this.advance(state.clock);
    this.lastToken = requireWhole('state.token', state.token, 0);
    for (const [worker, lease] of state.leases.entries()) {
      if (lease === null) continue;
      this.tokens[worker] = requireWhole('state.leases', lease[0], 1, this.lastToken);
      this.until[worker] = requireFinite('state.leases', lease[1]);
    }
  }
}
