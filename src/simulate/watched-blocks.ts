import type {
  Backoff,
  Balancer,
  BalancerState,
  Cache,
  RateLimiter,
  RateLimiterState,
} from '../blocks/index.ts';
import type { Random } from '../kernel/index.ts';
import { faultOf } from './faulty-block.ts';

/** A cache of the user's own: what goes wrong in it is told with its name. */
export class WatchedCache implements Cache {
  private readonly own: Cache;
  private readonly name: string;

  constructor(name: string, own: Cache) {
    this.name = name;
    this.own = own;
  }

  get capacity(): number {
    return this.own.capacity;
  }

  get size(): number {
    return this.own.size;
  }

  get weight(): number {
    return this.own.weight;
  }

  get evictions(): number {
    return this.own.evictions;
  }

  lookup(key: number, now: number): boolean {
    try {
      return this.own.lookup(key, now);
    } catch (error) {
      throw this.fault('lookup', error);
    }
  }

  contains(key: number, now: number): boolean {
    try {
      return this.own.contains(key, now);
    } catch (error) {
      throw this.fault('contains', error);
    }
  }

  insert(key: number, weight: number, now: number, expiresAt: number): void {
    try {
      this.own.insert(key, weight, now, expiresAt);
    } catch (error) {
      throw this.fault('insert', error);
    }
  }

  expireAt(key: number, expiresAt: number): boolean {
    try {
      return this.own.expireAt(key, expiresAt);
    } catch (error) {
      throw this.fault('expireAt', error);
    }
  }

  remove(key: number): boolean {
    try {
      return this.own.remove(key);
    } catch (error) {
      throw this.fault('remove', error);
    }
  }

  clear(): void {
    try {
      this.own.clear();
    } catch (error) {
      throw this.fault('clear', error);
    }
  }

  restore(key: number, weight: number, expiresAt: number, frequency: number): boolean {
    try {
      return this.own.restore(key, weight, expiresAt, frequency);
    } catch (error) {
      throw this.fault('restore', error);
    }
  }

  private fault(method: string, error: unknown): Error {
    return faultOf('evict', this.name, `fails in ${method}`, error);
  }
}

/** A balancer of the user's own: what goes wrong in it is told with its name, and what it picks must be a target. */
export class WatchedBalancer implements Balancer {
  readonly targets: number;
  private readonly own: Balancer;
  private readonly name: string;

  constructor(name: string, own: Balancer, targets: number) {
    this.name = name;
    this.own = own;
    this.targets = targets;
  }

  get inFlight(): Int32Array {
    return this.own.inFlight;
  }

  get takesWeights(): boolean {
    return this.own.takesWeights;
  }

  pick(random: Random, now: number, key: number): number {
    let target: number;
    try {
      target = this.own.pick(random, now, key);
    } catch (error) {
      throw this.fault('pick', error);
    }
    if (Number.isInteger(target) && target >= 0 && target < this.targets) return target;
    if (target === -1 && !this.someAvailable()) return target;
    const beside = target === -1 ? ' though some are available' : '';
    throw this.fault('pick', `it must give a target from 0 to ${this.targets - 1}, got ${target}${beside}`);
  }

  started(target: number, now: number): void {
    try {
      this.own.started(target, now);
    } catch (error) {
      throw this.fault('started', error);
    }
  }

  finished(target: number, now: number, latency: number, ok: boolean): void {
    try {
      this.own.finished(target, now, latency, ok);
    } catch (error) {
      throw this.fault('finished', error);
    }
  }

  available(target: number): boolean {
    try {
      return this.own.available(target);
    } catch (error) {
      throw this.fault('available', error);
    }
  }

  setAvailable(target: number, available: boolean): void {
    try {
      this.own.setAvailable(target, available);
    } catch (error) {
      throw this.fault('setAvailable', error);
    }
  }

  weight(target: number): number {
    try {
      return this.own.weight(target);
    } catch (error) {
      throw this.fault('weight', error);
    }
  }

  setWeight(target: number, weight: number): void {
    try {
      this.own.setWeight(target, weight);
    } catch (error) {
      throw this.fault('setWeight', error);
    }
  }

  snapshot(): BalancerState {
    try {
      return this.own.snapshot();
    } catch (error) {
      throw this.fault('snapshot', error);
    }
  }

  private someAvailable(): boolean {
    for (let target = 0; target < this.targets; target++) if (this.available(target)) return true;
    return false;
  }

  private fault(method: string, error: unknown): Error {
    return faultOf('balance', this.name, `fails in ${method}`, error);
  }
}

/** A limiter of the user's own: what goes wrong in it is told with its name, and its answer must be a time. */
export class WatchedLimiter implements RateLimiter {
  private readonly own: RateLimiter;
  private readonly name: string;

  constructor(name: string, own: RateLimiter) {
    this.name = name;
    this.own = own;
  }

  tryTake(now: number, cost = 1): number {
    let wait: number;
    try {
      wait = this.own.tryTake(now, cost);
    } catch (error) {
      throw this.fault('tryTake', error);
    }
    if (!(wait >= 0)) throw this.fault('tryTake', `it must give 0 or the time to wait, got ${wait}`);
    return wait;
  }

  idleAt(): number {
    try {
      return this.own.idleAt();
    } catch (error) {
      throw this.fault('idleAt', error);
    }
  }

  reset(): void {
    try {
      this.own.reset();
    } catch (error) {
      throw this.fault('reset', error);
    }
  }

  snapshot(): RateLimiterState {
    try {
      return this.own.snapshot();
    } catch (error) {
      throw this.fault('snapshot', error);
    }
  }

  private fault(method: string, error: unknown): Error {
    return faultOf('limit', this.name, `fails in ${method}`, error);
  }
}

/** A backoff of the user's own: what goes wrong in it is told with its name, and what it gives must be a delay. */
export function watchedBackoff(name: string, own: Backoff): Backoff {
  return (attempt, previousDelay, random) => {
    let delay: number;
    try {
      delay = own(attempt, previousDelay, random);
    } catch (error) {
      throw faultOf('backoff', name, 'fails', error);
    }
    if (!(delay >= 0 && delay < Number.POSITIVE_INFINITY)) {
      throw faultOf('backoff', name, `must give a delay of at least 0 seconds, got ${delay}`);
    }
    return delay;
  };
}
