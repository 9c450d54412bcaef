import {
  type Balancer,
  type BalancerState,
  TargetHealth,
  type TargetHealthOptions,
} from '../../blocks/index.ts';
import type { Random } from '../../kernel/index.ts';

/** A balancer that keeps from targets that are not well, and is told of the outcome of each request. */
export class HealthyBalancer implements Balancer {
  readonly targets: number;
  readonly inFlight: Int32Array;
  readonly takesWeights: boolean;
  readonly health: TargetHealth;
  private readonly balancer: Balancer;
  private readonly absent: Uint8Array;
  private readonly drained: Uint8Array;
  private latest = 0;
  /** Is told instead who is in use, where the balancer learns of that later. */
  offers: ((target: number, available: boolean) => void) | null = null;

  constructor(balancer: Balancer, options: TargetHealthOptions) {
    this.targets = balancer.targets;
    this.inFlight = balancer.inFlight;
    this.takesWeights = balancer.takesWeights;
    this.balancer = balancer;
    this.absent = new Uint8Array(balancer.targets);
    this.drained = new Uint8Array(balancer.targets);
    this.health = new TargetHealth(balancer, options);
  }

  pick(random: Random, now: number, key: number): number {
    this.latest = now;
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

  /** Takes `target` out of use, or back into it, whatever its health; it is in use at the beginning. */
  setAvailable(target: number, available: boolean): void {
    if (this.offers === null) this.enlist(target, available);
    else this.offers(target, available);
  }

  /** The balancer learns that `target` is in use, or no more. */
  enlist(target: number, available: boolean): void {
    this.absent[target] = available ? 0 : 1;
    this.use(target, this.latest);
  }

  /** As `setAvailable`, for a reason of its own: each of the two keeps the target out. */
  drain(target: number, drained: boolean, now: number): void {
    this.drained[target] = drained ? 1 : 0;
    this.use(target, now);
  }

  private use(target: number, now: number): void {
    this.health.setDrained(target, this.absent[target] === 1 || this.drained[target] === 1, now);
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
