import { requireFinite, requireTarget, requireTargets, requireVersion, requireWhole } from './checks.ts';

/** {@link LeaseList} as plain JSON. */
export interface LeaseListState {
  readonly version: 1;
  /** 1 where a target is listed, else 0. */
  readonly listed: readonly number[];
  /** When each renewed its lease. */
  readonly renewed: readonly number[];
}

/**
 * What a registry of services knows: targets that renew a lease by heartbeats. One that goes says so and is off the
 * list at once; one that dies cannot, and is on it until its lease has run out. So a list is wrong about the dead for
 * `duration` at most, and `duration` less a heartbeat at least (C. Gray, D. Cheriton, "Leases", SOSP 1989).
 */
export class LeaseList {
  readonly targets: number;
  private readonly duration: number;
  private readonly isListed: Uint8Array;
  private readonly renewed: Float64Array;

  /**
   * @param targets number of targets; all are listed at time 0
   * @param duration from a heartbeat until the lease has run out, above 0, in the caller's unit
   * @throws RangeError when an argument or the state is impossible
   */
  constructor(targets: number, duration: number, state?: LeaseListState) {
    requireTargets(targets);
    if (!(duration > 0)) throw new RangeError(`duration must be above 0, got ${duration}`);
    this.targets = targets;
    this.duration = duration;
    this.isListed = new Uint8Array(targets).fill(1);
    this.renewed = new Float64Array(targets);
    if (state !== undefined) this.adopt(state);
  }

  listed(target: number): boolean {
    requireTarget(target, this.targets);
    return this.isListed[target] === 1;
  }

  /** A heartbeat of `target`: it is listed from now on. */
  renew(target: number, now: number): void {
    requireTarget(target, this.targets);
    if (!Number.isFinite(now)) throw new RangeError(`now must be finite, got ${now}`);
    this.isListed[target] = 1;
    this.renewed[target] = now;
  }

  /** `target` says that it goes. */
  leave(target: number): void {
    requireTarget(target, this.targets);
    this.isListed[target] = 0;
  }

  /** The instant at which the lease of `target` has run out, if no heartbeat comes. */
  expiry(target: number): number {
    requireTarget(target, this.targets);
    return this.renewed[target]! + this.duration;
  }

  /** Takes `target` off the list where its lease has run out. */
  expire(target: number, now: number): void {
    if (now >= this.expiry(target)) this.isListed[target] = 0;
  }

  snapshot(): LeaseListState {
    return { version: 1, listed: [...this.isListed], renewed: [...this.renewed] };
  }

  private adopt(state: LeaseListState): void {
    requireVersion(state.version);
    requireWhole('state.listed', state.listed, this.targets, 0, 1);
    requireFinite('state.renewed', state.renewed, this.targets);
    this.isListed.set(state.listed);
    this.renewed.set(state.renewed);
  }
}
