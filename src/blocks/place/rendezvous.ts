import { mix32 } from '../../kernel/index.ts';
import { AvailabilityLocator, type LocatorOptions, nodeSalts, nodeWeights, requireHash } from './locator.ts';

/**
 * Rendezvous hashing (Thaler & Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM ToN
 * 6(1), 1998): every node has a score for the key, and the available one with the best score has it. With
 * weights the scores are −ln(u)/w and the least wins, the logarithmic method of Schindelhauer & Schomaker
 * ("Weighted distributed hash tables", SPAA 2005), so that shares are as the weights, exactly.
 *
 * Perfectly fair without virtual nodes, and a node that goes leaves its keys evenly to all others. Looks at
 * every node: for tens of nodes, not for thousands.
 */
export class RendezvousLocator extends AvailabilityLocator {
  protected readonly name = 'rendezvous';
  private readonly first: Uint32Array;
  private readonly second: Uint32Array;
  private readonly weights: Float64Array;
  private readonly weighted: boolean;

  /** Takes `ids`, `weights`, `seed`. */
  constructor(nodes: number, options: LocatorOptions = {}) {
    super(nodes, options);
    const salts = nodeSalts(nodes, options);
    this.first = salts.first;
    this.second = salts.second;
    this.weights = nodeWeights(nodes, options);
    this.weighted = this.weights.some((weight) => weight !== this.weights[0]);
  }

  locate(hash: number): number {
    requireHash(hash);
    return this.weighted ? this.locateWeighted(hash) : this.locateEqual(hash);
  }

  private locateEqual(hash: number): number {
    const { first, second, up, nodes } = this;
    let best = -1;
    let highest = -1;
    for (let node = 0; node < nodes; node++) {
      if (up[node] === 0) continue;
      const score = mix32(hash ^ first[node]!);
      // Equal scores mean equal salts: the second salt then tells the two nodes apart.
      if (
        score > highest ||
        (score === highest && mix32(hash ^ second[node]!) > mix32(hash ^ second[best]!))
      ) {
        best = node;
        highest = score;
      }
    }
    return best;
  }

  private locateWeighted(hash: number): number {
    const { first, second, up, weights, nodes } = this;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let node = 0; node < nodes; node++) {
      if (up[node] === 0) continue;
      const uniform = (mix32(mix32(hash ^ first[node]!) ^ second[node]!) + 0.5) / 0x100000000;
      const score = -Math.log(uniform) / weights[node]!;
      if (score < least || best < 0) {
        best = node;
        least = score;
      }
    }
    return best;
  }
}
