import {
  type Balancer,
  type BalancerState,
  TargetHealth,
  type TargetHealthOptions,
} from '../blocks/index.ts';
import type { Random } from '../kernel/index.ts';

/** A balancer that keeps from targets that are not well, and is told of the outcome of each request. */
export class HealthyBalancer implements Balancer {
  readonly targets: number;
  readonly inFlight: Int32Array;
  readonly takesWeights: boolean;
  readonly health: TargetHealth;
  private readonly balancer: Balancer;

  constructor(balancer: Balancer, options: TargetHealthOptions) {
    this.targets = balancer.targets;
    this.inFlight = balancer.inFlight;
    this.takesWeights = balancer.takesWeights;
    this.balancer = balancer;
    this.health = new TargetHealth(balancer, options);
  }

  pick(random: Random, now: number, key: number): number {
    this.health.refresh(now);
    return this.balancer.pick(random, now, key);
  }

  started(target: number, now: number): void {
    this.balancer.started(target, now);
  }

  finished(target: number, now: number, latency: number, ok: boolean): void {
    this.balancer.finished(target, now, latency, ok);
    this.health.finished(target, ok, now, latency);
  }

  /** Whoever sent a request to `target` is no more: that is not the target's fault. */
  abandoned(target: number, now: number): void {
    this.balancer.finished(target, now, 0, false);
  }

  /** How many targets are taken to be well. */
  wellCount(): number {
    let well = 0;
    for (let target = 0; target < this.targets; target++) if (this.health.state(target) === 'up') well++;
    return well;
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

  /** The balancer's own; health has a snapshot of its own. */
  snapshot(): BalancerState {
    return this.balancer.snapshot();
  }
}
