import { AvailabilityLocator, type LocatorOptions, nodeSalts, nodeWeights, requireHash } from './locator.ts';

const DEFAULT_TABLE_SIZE = 65_537;
const MAX_TABLE_SIZE = 2 ** 24;

/** How each node goes through the table: from its offset in steps of its skip. */
export interface MaglevNodes {
  /** By node: 0 to size − 1. */
  readonly offsets: Int32Array;
  /** By node: 1 to size − 1. */
  readonly skips: Int32Array;
  /** By node: turns relative to the others, > 0. */
  readonly weights: Float64Array;
  /** By node: 0 when it takes no part. */
  readonly up: Uint8Array;
  /** By node: room to work in. */
  readonly at: Int32Array;
  /** By node: room to work in. */
  readonly credit: Float64Array;
}

/**
 * Fills a Maglev lookup table (Eisenbud et al., "Maglev: a fast and reliable software network load balancer",
 * NSDI 2016, section 3.4): the nodes take turns, and at its turn a node takes the next entry of its own
 * permutation that is free. The heaviest node has a turn in every round, one of half its weight in every
 * second. Allocates nothing.
 *
 * @param table of prime length; every entry becomes a node, or −1 when no node takes part
 */
export function fillMaglevTable(table: Int32Array, nodes: MaglevNodes): void {
  const { offsets, skips, weights, up, at, credit } = nodes;
  const size = table.length;
  let heaviest = 0;
  for (let node = 0; node < up.length; node++) {
    at[node] = offsets[node]!;
    credit[node] = 0;
    if (up[node] === 1 && weights[node]! > heaviest) heaviest = weights[node]!;
  }
  table.fill(-1);
  if (heaviest === 0) return;
  for (let filled = 0; ; ) {
    for (let node = 0; node < up.length; node++) {
      if (up[node] === 0) continue;
      const saved = credit[node]! + weights[node]! / heaviest;
      if (saved < 1) {
        credit[node] = saved;
        continue;
      }
      credit[node] = saved - 1;
      const skip = skips[node]!;
      let entry = at[node]!;
      while (table[entry]! >= 0) entry = entry + skip < size ? entry + skip : entry + skip - size;
      table[entry] = node;
      at[node] = entry;
      if (++filled === size) return;
    }
  }
}

/**
 * Maglev hashing: one look into a table, and with equal weights no two nodes differ by more than one entry. When
 * a node comes or goes the table is filled anew, at the next lookup; nearly all keys stay, but a few of other
 * nodes' keys move too, the fewer the larger the table is beside the number of nodes.
 */
export class MaglevLocator extends AvailabilityLocator {
  protected readonly name = 'maglev';
  private readonly table: Int32Array;
  private readonly members: MaglevNodes;
  private stale = true;

  /** Takes `ids`, `weights`, `seed`, `tableSize`. */
  constructor(nodes: number, options: LocatorOptions = {}) {
    super(nodes, options);
    const { tableSize = DEFAULT_TABLE_SIZE } = options;
    if (!(tableSize <= MAX_TABLE_SIZE && isPrime(tableSize))) {
      throw new RangeError(`tableSize must be a prime up to 2^24, got ${tableSize}`);
    }
    if (tableSize < nodes) throw new RangeError(`tableSize must be ≥ ${nodes} nodes, got ${tableSize}`);
    const salts = nodeSalts(nodes, options);
    this.table = new Int32Array(tableSize);
    this.members = {
      offsets: Int32Array.from(salts.first, (salt) => salt % tableSize),
      skips: Int32Array.from(salts.second, (salt) => (salt % (tableSize - 1)) + 1),
      weights: nodeWeights(nodes, options),
      up: this.up,
      at: new Int32Array(nodes),
      credit: new Float64Array(nodes),
    };
  }

  locate(hash: number): number {
    requireHash(hash);
    if (this.stale) {
      fillMaglevTable(this.table, this.members);
      this.stale = false;
    }
    return this.table[hash % this.table.length]!;
  }

  protected override availabilityChanged(): void {
    this.stale = true;
  }
}

function isPrime(size: number): boolean {
  if (!Number.isInteger(size) || size < 2) return false;
  for (let divisor = 2; divisor * divisor <= size; divisor++) {
    if (size % divisor === 0) return false;
  }
  return true;
}
