import type { TrackingLocator } from './locator.ts';
import {
  AvailabilityLocator,
  type LocatorOptions,
  type LocatorState,
  nodeWeights,
  requireHash,
} from './locator.ts';
import { RingPoints } from './ring-points.ts';

const DEFAULT_LOAD_FACTOR = 1.25;

/** What rounding may have added to a capacity, as a share of it. */
const ROUNDING = 2 ** -50;

/** A locator that looks at how much each node has in flight, which the caller reports. */
export interface BoundedLocator extends TrackingLocator {
  /** Requests started and not finished, by node. Read only. */
  readonly load: Int32Array;
  /** How many requests a node may have in flight after the next one is placed. */
  capacity(node: number): number;
  /** A request was sent to `node`. */
  started(node: number): void;
  /**
   * A request sent to `node` ended, well or badly.
   * @throws RangeError when none was in flight there
   */
  finished(node: number): void;
}

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup & Zadimoghaddam, SODA 2018): a key goes to the first
 * node on the ring that is available and has room, where no node may hold more than ⌈c·m/n⌉ of m requests, the
 * one to be placed counted in, on n available nodes; with weights ⌈c·m·w/Σw⌉. Some node always has room.
 *
 * `m` counts what is in flight on available nodes, and `assumedLoad` when that is more: without it an almost
 * idle ring has a capacity of one request a node and scatters even keys that harm nobody. When a node is full,
 * its next requests go where the ring leads, as if it were away, so a hot key spreads over a few nodes.
 *
 * A lookup walks past full nodes: few of them with c well above 1, all of them when a single key fills the ring.
 */
export class BoundedLoadRing extends AvailabilityLocator implements BoundedLocator {
  readonly load: Int32Array;
  protected readonly name = 'bounded-load';
  private readonly ring: RingPoints;
  private readonly weights: Float64Array;
  private readonly loadFactor: number;
  private readonly assumedLoad: number;
  /** Sums over available nodes. */
  private inFlight = 0;
  private weight = 0;

  /** Takes `ids`, `weights`, `seed`, `virtualNodes`, `loadFactor`, `assumedLoad`. */
  constructor(nodes: number, options: LocatorOptions = {}) {
    super(nodes, options);
    const { loadFactor = DEFAULT_LOAD_FACTOR, assumedLoad = 0 } = options;
    if (!(loadFactor >= 1 && loadFactor < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`loadFactor must be finite and ≥ 1, got ${loadFactor}`);
    }
    if (!(assumedLoad >= 0 && assumedLoad <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`assumedLoad must be from 0 to 2^53 − 1, got ${assumedLoad}`);
    }
    this.loadFactor = loadFactor;
    this.assumedLoad = assumedLoad;
    this.load = new Int32Array(nodes);
    this.weights = nodeWeights(nodes, options);
    this.ring = new RingPoints(nodes, options);
    this.weight = this.sumOfWeights();
  }

  locate(hash: number): number {
    requireHash(hash);
    if (this.available === 0) return -1;
    const { ring, up, load, weights } = this;
    const { owners, count } = ring;
    const perWeight = this.capacityPerWeight();
    let at = ring.successor(hash);
    let nearest = -1;
    for (let looked = 0; looked < count; looked++) {
      const node = owners[at]!;
      if (up[node] === 1) {
        if (load[node]! < roomFor(perWeight * weights[node]!)) return node;
        if (nearest < 0) nearest = node;
      }
      at = at + 1 === count ? 0 : at + 1;
    }
    // Capacities add up to more than what is in flight, but for rounding with c = 1 and odd weights.
    return nearest;
  }

  capacity(node: number): number {
    this.requireNode(node);
    return this.up[node] === 1 ? roomFor(this.capacityPerWeight() * this.weights[node]!) : 0;
  }

  started(node: number): void {
    this.requireNode(node);
    this.load[node] = this.load[node]! + 1;
    if (this.up[node] === 1) this.inFlight++;
  }

  finished(node: number): void {
    this.requireNode(node);
    if (this.load[node] === 0) throw new RangeError(`finished(${node}) without a request in flight there`);
    this.load[node] = this.load[node]! - 1;
    if (this.up[node] === 1) this.inFlight--;
  }

  override snapshot(): LocatorState {
    return { ...super.snapshot(), load: [...this.load] };
  }

  override restore(state: LocatorState): void {
    super.restore(state);
    const { load } = state;
    if (!Array.isArray(load) || load.length !== this.nodes) {
      throw new RangeError(`state.load must have ${this.nodes} entries, got ${load?.length}`);
    }
    for (let node = 0; node < this.nodes; node++) {
      const inFlight = load[node];
      if (!(Number.isInteger(inFlight) && inFlight >= 0 && inFlight <= 0x7fffffff)) {
        throw new RangeError(`state.load must be of whole numbers ≥ 0, got ${inFlight}`);
      }
      this.load[node] = inFlight;
      if (this.up[node] === 1) this.inFlight += inFlight;
    }
  }

  protected override availabilityChanged(node: number, change: number): void {
    this.inFlight += change * this.load[node]!;
    // Summed anew: adding and taking away would leave rounding errors behind.
    this.weight = this.sumOfWeights();
  }

  private capacityPerWeight(): number {
    return (this.loadFactor * Math.max(this.inFlight + 1, this.assumedLoad)) / this.weight;
  }

  private sumOfWeights(): number {
    let sum = 0;
    for (let node = 0; node < this.nodes; node++) sum += this.up[node]! * this.weights[node]!;
    return sum;
  }
}

/** ⌈capacity⌉, where the capacity is not beyond a whole number by rounding alone: 1.1 · 10 is 11 and not 12. */
function roomFor(capacity: number): number {
  return Math.ceil(capacity * (1 - ROUNDING));
}
