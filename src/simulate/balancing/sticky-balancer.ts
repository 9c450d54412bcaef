import type { Balancer, BalancerState, Stickiness } from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';

/**
 * A balancer in front of which a stickiness stands: requests about a key that is remembered go where the last one
 * went, the others where the balancer says. A key whose target is not available is given another one.
 */
export class StickyBalancer implements Balancer {
  readonly targets: number;
  readonly inFlight: Int32Array;
  readonly takesWeights: boolean;
  private readonly balancer: Balancer;
  private readonly stickiness: Stickiness;

  constructor(balancer: Balancer, stickiness: Stickiness) {
    this.targets = balancer.targets;
    this.inFlight = balancer.inFlight;
    this.takesWeights = balancer.takesWeights;
    this.balancer = balancer;
    this.stickiness = stickiness;
  }

  pick(random: Random, now: number, key: number): number {
    const { balancer, stickiness } = this;
    const known = stickiness.target(key, now);
    if (known >= 0 && balancer.available(known)) return known;
    const target = balancer.pick(random, now, key);
    if (target >= 0) stickiness.assign(key, target, now);
    return target;
  }

  started(target: number, now: number): void {
    this.balancer.started(target, now);
  }

  finished(target: number, now: number, latency: number, ok: boolean): void {
    this.balancer.finished(target, now, latency, ok);
  }

  available(target: number): boolean {
    return this.balancer.available(target);
  }

  setAvailable(target: number, available: boolean): void {
    this.balancer.setAvailable(target, available);
  }

  weight(target: number): number {
    return this.balancer.weight(target);
  }

  setWeight(target: number, weight: number): void {
    this.balancer.setWeight(target, weight);
  }

  /** The balancer's own; sessions have a snapshot of theirs. */
  snapshot(): BalancerState {
    return this.balancer.snapshot();
  }
}
