import type { Random } from '../../kernel/index.ts';
import { BoundedLoadRing, type Locator, type LocatorOptions } from '../place/index.ts';
import { CountingBalancer } from './balancer.ts';
import { requireLength } from './checks.ts';

/**
 * The target that a locator gives for the key: the same key the same target as long as the same ones are
 * available. Takes no notice of load; requests without a key all go to one target.
 */
export class KeyedBalancer extends CountingBalancer {
  private readonly locator: Locator;

  /** @param locator over as many nodes as there are targets, all of them available */
  constructor(targets: number, locator: Locator) {
    super(targets);
    this.locator = locator;
  }

  pick(_random: Random, _now: number, key: number): number {
    return this.upCount === 0 ? -1 : this.locator.locate(key);
  }

  protected override availabilityChanged(target: number, available: boolean): void {
    this.locator.setAvailable(target, available);
  }
}

/**
 * A hash ring on which a target takes no more than its bounded share of what is in flight; a key whose target is
 * full goes on to the next with room. See {@link BoundedLoadRing}.
 */
export class BoundedRingBalancer extends CountingBalancer {
  private readonly ring: BoundedLoadRing;

  constructor(targets: number, options: LocatorOptions) {
    super(targets);
    this.ring = new BoundedLoadRing(targets, options);
  }

  pick(_random: Random, _now: number, key: number): number {
    return this.upCount === 0 ? -1 : this.ring.locate(key);
  }

  override started(target: number, now: number): void {
    super.started(target, now);
    this.ring.started(target);
  }

  override finished(target: number, now: number, latency: number, ok: boolean): void {
    super.finished(target, now, latency, ok);
    this.ring.finished(target);
  }

  protected override availabilityChanged(target: number, available: boolean): void {
    this.ring.setAvailable(target, available);
  }

  protected override adoptOwn(own: readonly number[]): void {
    requireLength('state.own', own, 0);
    this.ring.restore({ ...this.ring.snapshot(), load: [...this.inFlight] });
  }
}
