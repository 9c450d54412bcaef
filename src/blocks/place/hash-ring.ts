import { AvailabilityLocator, type LocatorOptions, requireHash } from './locator.ts';
import { RingPoints } from './ring-points.ts';

/**
 * Consistent hashing with virtual nodes (Karger et al., "Consistent hashing and random trees", STOC 1997): a
 * key belongs to the node of the first point at or after its hash on a ring, or of the next one whose node is
 * available. A node that comes takes 1/(n + 1) of the keys, a few from each; one that goes gives its keys to
 * those next to its points; no other key moves.
 *
 * Shares differ: with V points a node, a share's coefficient of variation is about 1/√V.
 */
export class HashRing extends AvailabilityLocator {
  protected readonly name = 'ring';
  private readonly ring: RingPoints;

  /** Takes `ids`, `weights`, `seed`, `virtualNodes`. */
  constructor(nodes: number, options: LocatorOptions = {}) {
    super(nodes, options);
    this.ring = new RingPoints(nodes, options);
  }

  locate(hash: number): number {
    requireHash(hash);
    return this.ownerFrom(this.ring.successor(hash));
  }

  /** By node: the share of all hashes that belongs to it now, exactly. Allocates its result. */
  shares(): Float64Array {
    const shares = new Float64Array(this.nodes);
    if (this.available === 0) return shares;
    for (let at = 0; at < this.ring.count; at++) {
      const node = this.ownerFrom(at);
      shares[node] = shares[node]! + this.ring.arc(at) / 0x100000000;
    }
    return shares;
  }

  /** The node of a point, or of the next one whose node is available; −1 when there is none. */
  private ownerFrom(at: number): number {
    const { up } = this;
    const { owners, count } = this.ring;
    let node = owners[at]!;
    if (up[node] === 1) return node;
    if (this.available === 0) return -1;
    do {
      at = at + 1 === count ? 0 : at + 1;
      node = owners[at]!;
    } while (up[node] === 0);
    return node;
  }
}
