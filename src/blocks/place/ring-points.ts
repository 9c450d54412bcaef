import { mix32 } from '../../kernel/index.ts';
import { GOLDEN } from './hash.ts';
import { type LocatorOptions, nodeSalts, nodeWeights } from './locator.ts';

const DEFAULT_VIRTUAL_NODES = 160;
const MAX_POINTS = 2 ** 24;
const NODE_RANGE = 2 ** 20;

/**
 * Points of nodes on a ring of 2^32 places, in order. A node of weight w has round(V·w) points, at least one;
 * they depend on the node alone, so other nodes' coming and going leaves them where they are. A table over the
 * leading bits of a place, as fine as there are points, tells where to begin: one step on average, not log₂.
 */
export class RingPoints {
  /** Number of points. */
  readonly count: number;
  /** By point: the node it belongs to. */
  readonly owners: Int32Array;
  /** Places in ascending order, and one more that no place is beyond. */
  private readonly places: Uint32Array;
  /** By leading bits: the first point not before the places with these bits. */
  private readonly first: Int32Array;
  private readonly shift: number;

  constructor(nodes: number, options: LocatorOptions) {
    const { virtualNodes = DEFAULT_VIRTUAL_NODES } = options;
    if (!(Number.isInteger(virtualNodes) && virtualNodes >= 1)) {
      throw new RangeError(`virtualNodes must be a whole number ≥ 1, got ${virtualNodes}`);
    }
    const weights = nodeWeights(nodes, options);
    const points = weights.map((weight) => Math.max(1, Math.round(virtualNodes * weight)));
    this.count = points.reduce((sum, each) => sum + each, 0);
    if (this.count > MAX_POINTS) {
      throw new RangeError(`virtualNodes must make at most 2^24 points in all, got ${this.count}`);
    }
    const salts = nodeSalts(nodes, options);
    // Place and node in one number below 2^52, so that the order is that of numbers.
    const packed = new Float64Array(this.count);
    for (let node = 0, at = 0; node < nodes; node++) {
      const first = salts.first[node]!;
      const second = salts.second[node]!;
      for (let point = 0; point < points[node]!; point++) {
        const place = mix32(first ^ mix32(second + Math.imul(point, GOLDEN)));
        packed[at++] = place * NODE_RANGE + node;
      }
    }
    packed.sort();
    this.places = new Uint32Array(this.count + 1).fill(0xffffffff);
    this.owners = new Int32Array(this.count);
    for (let at = 0; at < this.count; at++) {
      const place = Math.floor(packed[at]! / NODE_RANGE);
      this.places[at] = place;
      this.owners[at] = packed[at]! - place * NODE_RANGE;
    }
    const bits = Math.max(1, Math.ceil(Math.log2(this.count)));
    this.shift = 32 - bits;
    this.first = new Int32Array(2 ** bits);
    for (let lead = 0, at = 0; lead < this.first.length; lead++) {
      while (at < this.count && this.places[at]! >>> this.shift < lead) at++;
      this.first[lead] = at;
    }
  }

  /** The first point at or after a place, going round; 0 to count − 1. */
  successor(place: number): number {
    const { places } = this;
    let at = this.first[place >>> this.shift]!;
    while (places[at]! < place) at++;
    return at === this.count ? 0 : at;
  }

  /** How many places have this point as their successor. */
  arc(at: number): number {
    const before = at === 0 ? this.places[this.count - 1]! - 0x100000000 : this.places[at - 1]!;
    return this.places[at]! - before;
  }
}
