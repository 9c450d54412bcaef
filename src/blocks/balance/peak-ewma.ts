import type { Random } from '../../kernel/index.ts';
import { CountingBalancer } from './balancer.ts';
import { requireFinite } from './checks.ts';

/** What a target that has not answered yet counts for, beside any latency that was ever measured. */
const UNKNOWN = 2 ** 960;

/**
 * Two distinct available targets at random, then the one whose latency times (in flight + 1) is less. The latency
 * of a target forgets: it decays by e^(−t/τ), and an answer that is faster than what is left enters with the weight
 * 1 − e^(−t/τ), t being the time since the target was last looked at; a slower one is believed at once, whence
 * "peak". So a target that slows down loses its traffic with its first late answer, and wins it back over the decay
 * time (Finagle, `com.twitter.finagle.loadbalancer.p2c` with `PeakEwma`, where τ is 10 s).
 *
 * A target without history is tried once and then left alone until it has answered. Failures count by their latency
 * like everything else: a target that fails fast looks good, so put outlier ejection beside it. When the clock goes
 * back, nothing decays, and time goes on from there.
 */
export class PeakEwmaBalancer extends CountingBalancer {
  private readonly decayTime: number;
  private readonly latency: Float64Array;
  /** Instant up to which the latency has decayed; of no meaning where the latency is 0. */
  private readonly decayedAt: Float64Array;

  /**
   * @param decayTime τ, > 0 and finite, in the caller's unit of time
   * @throws RangeError when it is missing or impossible
   */
  constructor(targets: number, decayTime: number | undefined) {
    super(targets);
    if (decayTime === undefined || !(decayTime > 0 && decayTime < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`decayTime must be > 0 and finite, got ${decayTime}`);
    }
    this.decayTime = decayTime;
    this.latency = new Float64Array(targets);
    this.decayedAt = new Float64Array(targets);
  }

  pick(random: Random, now: number): number {
    const { up, upCount } = this;
    if (upCount === 0) return -1;
    const drawn = Math.floor(random.next() * upCount);
    const first = up[drawn]!;
    if (upCount === 1) return first;
    const other = Math.floor(random.next() * (upCount - 1));
    const second = up[other < drawn ? other : other + 1]!;
    return this.cost(second, now) < this.cost(first, now) ? second : first;
  }

  override finished(target: number, now: number, latency: number, ok: boolean): void {
    super.finished(target, now, latency, ok);
    const before = this.latency[target]!;
    const kept = this.keep(target, now);
    this.latency[target] = latency > before ? latency : before * kept + latency * (1 - kept);
  }

  protected override own(): number[] {
    return [...this.latency, ...this.decayedAt];
  }

  protected override adoptOwn(own: readonly number[]): void {
    requireFinite('state.own', own, 2 * this.targets);
    const latencies = own.slice(0, this.targets);
    if (latencies.some((latency) => latency < 0)) {
      throw new RangeError(`state.own must be latencies ≥ 0 and instants, got ${own.join()}`);
    }
    this.latency.set(latencies);
    this.decayedAt.set(own.slice(this.targets));
  }

  private cost(target: number, now: number): number {
    const latency = this.latency[target]! * this.keep(target, now);
    this.latency[target] = latency;
    const inFlight = this.inFlight[target]!;
    return latency === 0 && inFlight > 0 ? UNKNOWN * inFlight : latency * (inFlight + 1);
  }

  /** The share of the latency that is left since it was last looked at; from now on, now is when that was. */
  private keep(target: number, now: number): number {
    const elapsed = now - this.decayedAt[target]!;
    if (Number.isFinite(now)) this.decayedAt[target] = now;
    return elapsed > 0 ? Math.exp(-elapsed / this.decayTime) : 1;
  }
}
