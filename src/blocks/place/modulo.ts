import { AvailabilityLocator, type LocatorOptions, requireEqualWeights, requireHash } from './locator.ts';

/**
 * hash mod n over the nodes that are available, in their order. Perfectly even and without memory, but nearly
 * every key moves when a node comes or goes: n/(n + 1) of all keys when a node is added at the end.
 */
export class ModuloLocator extends AvailabilityLocator {
  protected readonly name = 'modulo';
  /** Available nodes in order; the first `available` entries count. */
  private readonly order: Int32Array;

  constructor(nodes: number, options: LocatorOptions = {}) {
    super(nodes, options);
    requireEqualWeights(nodes, options, 'modulo');
    this.order = Int32Array.from({ length: nodes }, (_, node) => node);
  }

  locate(hash: number): number {
    requireHash(hash);
    return this.available === 0 ? -1 : this.order[hash % this.available]!;
  }

  protected override availabilityChanged(): void {
    let count = 0;
    for (let node = 0; node < this.nodes; node++) {
      if (this.up[node] === 1) this.order[count++] = node;
    }
  }
}
