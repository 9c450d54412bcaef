import { mix32 } from '../../kernel/index.ts';
import { GOLDEN } from './hash.ts';
import { jumpHash64 } from './jump-hash.ts';
import { AvailabilityLocator, type LocatorOptions, requireEqualWeights, requireHash } from './locator.ts';

/** Hashes tried before all nodes are looked at: with half of the nodes gone, 1 key in 65,536 gets that far. */
const TRIES = 16;

/**
 * Jump consistent hash over node numbers; see `jumpHash`. Perfectly fair, no memory, and a node added at the
 * end takes exactly its share. Nodes can be added and taken away at the end only, so it suits shards, which
 * are numbered, better than servers, which come and go.
 *
 * The algorithm knows no node that is away. Here a key whose node is not available is hashed again until it
 * meets one that is, and after 16 tries goes to the best of a rendezvous: so a node that goes leaves its keys
 * evenly to the others, and no other key moves.
 */
export class JumpLocator extends AvailabilityLocator {
  protected readonly name = 'jump';

  constructor(nodes: number, options: LocatorOptions = {}) {
    super(nodes, options);
    requireEqualWeights(nodes, options, 'jump');
  }

  locate(hash: number): number {
    requireHash(hash);
    const { up, nodes } = this;
    const node = jumpHash64(0, hash, nodes);
    if (up[node] === 1) return node;
    if (this.available === 0) return -1;
    for (let tried = 1; tried < TRIES; tried++) {
      const again = jumpHash64(mix32(hash + Math.imul(tried, GOLDEN)), hash, nodes);
      if (up[again] === 1) return again;
    }
    return this.rendezvous(hash);
  }

  private rendezvous(hash: number): number {
    let best = -1;
    let highest = -1;
    for (let node = 0; node < this.nodes; node++) {
      if (this.up[node] === 0) continue;
      // Distinct for distinct nodes: an odd multiple, then a bijection.
      const score = mix32(hash ^ Math.imul(node + 1, GOLDEN));
      if (score > highest) {
        best = node;
        highest = score;
      }
    }
    return best;
  }
}
