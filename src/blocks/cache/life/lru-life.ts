/**
 * One key in an LRU cache, asked for at random with rate λ, taken out from outside with rate μ; its entries
 * expire a lifetime T after their insertion.
 *
 * An insertion begins a cycle. As long as no gap between requests reaches the cache's characteristic time,
 * the key stays, and requests hit until it is removed or expires; the next one begins a new cycle. So with
 * S(a) the probability that no such gap has been completed by age a, requests that hit come at rate
 * λ·S(a)·e^(−μa) for a < T.
 *
 * With t the characteristic time and x = λ·t, S is 1 on [0, t), 1 − e^(−x)·(1 + λ·(a − t)) on [t, 2t), and
 * solves S'(a) = −λ·e^(−x)·S(a − t) after that. There it is taken as the exponential that it tends to, with
 * the rate y / t where y·e^(−y) = x·e^(−x), y ≠ x; the error of ∫S is below half a percent for every x.
 */
import { type KeyDemand, mass, massReached } from './demand.ts';

/** One key of an LRU cache with its demand and the cache's characteristic time: mean hits, and ages at requests. */
export class LruLife {
  private readonly demand: KeyDemand;
  private readonly stay: number;
  private readonly x: number;
  /** e^(−x). */
  private readonly gap: number;
  /** S(2t). */
  private readonly left: number;
  /** The rate at which S·e^(−μa) decays from 2t on; found when first needed. */
  private decay = Number.NaN;
  /** Both integrals up to their end, for lifetimes that reach it; found when first needed. */
  private wholeEarly = Number.NaN;
  private wholeMiddle = Number.NaN;

  /** @param stay the characteristic time in seconds, > 0, may be Infinity */
  constructor(demand: KeyDemand, stay: number) {
    this.demand = demand;
    this.stay = stay;
    this.x = demand.rate * stay;
    this.gap = Math.exp(-this.x);
    this.left = this.gap === 0 ? 1 : 1 - this.gap * (1 + this.x);
  }

  /** Mean number of hits that follow an insertion with this lifetime in seconds, finite. */
  hits(lifetime: number): number {
    return this.demand.rate * (this.early(lifetime) + this.middle(lifetime) + this.late(lifetime));
  }

  /**
   * Draws how many seconds before a request, any one of the long run, the entry that it found or made was
   * inserted.
   *
   * @param lifetime of the entry, in seconds, finite
   * @param uniform gives fresh uniform numbers on [0, 1)
   */
  ageAtRequest(lifetime: number, uniform: () => number): number {
    const { stay } = this;
    const { rate, removal } = this.demand;
    const early = this.early(lifetime);
    const middle = this.middle(lifetime);
    const hits = rate * (early + middle + this.late(lifetime));
    let part = (uniform() * (1 + hits) - 1) / rate;
    if (part <= 0) return 0;
    if (part <= early || lifetime <= stay) return Math.min(lifetime, massReached(removal, part));
    part -= early;
    if (part <= middle) return stay + this.drawMiddle(Math.min(stay, lifetime - stay), uniform);
    const fade = this.left * Math.exp(-2 * removal * stay);
    const late = fade > 0 ? massReached(this.lateDecay(), (part - middle) / fade) : 0;
    return Math.min(lifetime, 2 * stay + late);
  }

  /** ∫ S·e^(−μa) over [0, t). */
  private early(lifetime: number): number {
    const { stay } = this;
    if (lifetime < stay) return mass(this.demand.removal, lifetime);
    if (Number.isNaN(this.wholeEarly)) this.wholeEarly = mass(this.demand.removal, stay);
    return this.wholeEarly;
  }

  /** ∫ S·e^(−μa) over [t, 2t), where S falls in a straight line. */
  private middle(lifetime: number): number {
    const { stay } = this;
    const width = lifetime - stay;
    if (!(width > 0)) return 0;
    if (width < stay) return this.middleUpTo(width);
    if (Number.isNaN(this.wholeMiddle)) this.wholeMiddle = this.middleUpTo(stay);
    return this.wholeMiddle;
  }

  private middleUpTo(width: number): number {
    const { gap } = this;
    const { rate, removal } = this.demand;
    const flat = mass(removal, width);
    return Math.exp(-removal * this.stay) * ((1 - gap) * flat - gap * rate * firstMoment(removal, width));
  }

  /** ∫ S·e^(−μa) from 2t on. */
  private late(lifetime: number): number {
    const beyond = lifetime - 2 * this.stay;
    if (!(beyond > 0 && this.left > 0)) return 0;
    return this.left * Math.exp(-2 * this.demand.removal * this.stay) * mass(this.lateDecay(), beyond);
  }

  /** Seconds after t, by rejection: from the exponential of removal, kept in proportion to S. */
  private drawMiddle(width: number, uniform: () => number): number {
    const { removal, rate } = this.demand;
    const slope = (this.gap * rate) / (1 - this.gap);
    const whole = mass(removal, width);
    let after = 0;
    do {
      after = Math.min(width, massReached(removal, uniform() * whole));
    } while (uniform() > 1 - slope * after);
    return after;
  }

  private lateDecay(): number {
    if (Number.isNaN(this.decay)) {
      this.decay = this.demand.removal + (this.gap === 0 ? 0 : conjugate(this.x) / this.stay);
    }
    return this.decay;
  }
}

/** ∫ a·e^(−rate·a) da over [0, until]. */
function firstMoment(rate: number, until: number): number {
  const x = rate * until;
  // Below this the closed form has lost its digits, and the next term of the series is one in a million.
  if (x < 1e-3) return until * until * (0.5 - x / 3 + (x * x) / 8);
  return (mass(rate, until) - until * Math.exp(-x)) / rate;
}

/** The other solution y of y·e^(−y) = x·e^(−x), by Newton's method on y − ln y = x − ln x. */
function conjugate(x: number): number {
  const level = x - Math.log(x);
  // The function is convex, and these starts lie where it is positive: no step passes the root.
  let y = x > 1 ? Math.exp(-level) : 2 * level;
  for (let step = 0; step < 30; step++) {
    const next = y - (y - Math.log(y) - level) / (1 - 1 / y);
    if (!(Math.abs(next - y) > 1e-12 * y)) break;
    y = next;
  }
  return y;
}
