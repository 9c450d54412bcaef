/** Sizes of a quorum system over equal replicas. */
export interface QuorumSizes {
  /** N: replicas of a datum, 1 to 1,000. */
  readonly replicas: number;
  /** R: replicas that must answer a read, 1 to N. */
  readonly reads: number;
  /** W: replicas that must confirm a write, 1 to N. */
  readonly writes: number;
  /**
   * Whether nodes outside the N stand in for replicas that are down (hinted hand-off; DeCandia et al.,
   * "Dynamo", SOSP 2007, section 4.6). Default false.
   */
  readonly sloppy?: boolean;
}

/** What quorum sizes promise. */
export interface QuorumFacts {
  /**
   * Every read meets a replica of the last confirmed write: R + W > N (Gifford, "Weighted voting for replicated
   * data", SOSP 1979). Never with a sloppy quorum, whose stand-ins a read may not ask.
   */
  readonly readsSeeWrites: boolean;
  /** Two writes meet at a replica, so that they have an order: W > N/2. Never with a sloppy quorum. */
  readonly writesMeet: boolean;
  /** Replicas that may be down while reads go on: N − R. */
  readonly readTolerates: number;
  /** Replicas that may be down while writes go on: N − W; with a sloppy quorum stand-ins come on top. */
  readonly writeTolerates: number;
}

const MAX_NODES = 1000;

/**
 * What N, R and W promise.
 *
 * @throws RangeError when a size is outside its range
 */
export function quorumFacts(sizes: QuorumSizes): QuorumFacts {
  const { replicas, reads, writes, sloppy = false } = requireSizes(sizes);
  return {
    readsSeeWrites: !sloppy && reads + writes > replicas,
    writesMeet: !sloppy && 2 * writes > replicas,
    readTolerates: replicas - reads,
    writeTolerates: replicas - writes,
  };
}

/** The smallest majority of `nodes`: ⌊n/2⌋ + 1. */
export function majority(nodes: number): number {
  requireCount(nodes, 'nodes', 1, MAX_NODES);
  return Math.floor(nodes / 2) + 1;
}

/**
 * Probability that fewer than `needed` of `nodes` independent nodes are up, each with probability `up`:
 * Σ_{k < needed} C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ (Barbara & Garcia-Molina, "The reliability of voting mechanisms", IEEE
 * ToC 36(10), 1987). Summed as it stands, so that a tiny probability keeps its digits. For a sloppy quorum let
 * `nodes` be all nodes that may stand in.
 *
 * Nodes that fail together (a rack, a release, a region) make it far worse than this says.
 *
 * @param nodes 1 to 1,000
 * @param needed 0 to nodes
 * @param up 0 to 1
 * @throws RangeError when an argument is outside its range
 */
export function quorumUnavailability(nodes: number, needed: number, up: number): number {
  requireCount(nodes, 'nodes', 1, MAX_NODES);
  requireCount(needed, 'needed', 0, nodes);
  requireProbability(up, 'up');
  return Math.min(1, binomialSum(nodes, 0, needed - 1, up));
}

/** Probability that at least `needed` of `nodes` are up; see {@link quorumUnavailability}. */
export function quorumAvailability(nodes: number, needed: number, up: number): number {
  requireCount(nodes, 'nodes', 1, MAX_NODES);
  requireCount(needed, 'needed', 0, nodes);
  requireProbability(up, 'up');
  return Math.min(1, binomialSum(nodes, needed, nodes, up));
}

/**
 * Probability that a read returns one of the last `versions` versions, with quorums drawn at random and writes
 * that stay on their W replicas: 1 − (C(N − W, R)/C(N, R))ᵏ (Bailis et al., "Probabilistically bounded
 * staleness for practical partial quorums", VLDB 2012, section 3.1). A lower bound where writes spread to the
 * other replicas later, as they do in practice. Says nothing of sloppy quorums, and takes no notice of `sloppy`.
 *
 * @param versions k, a whole number ≥ 1
 * @throws RangeError when a size is outside its range
 */
export function freshWithin(sizes: QuorumSizes, versions: number): number {
  if (!(Number.isSafeInteger(versions) && versions >= 1)) {
    throw new RangeError(`versions must be a whole number ≥ 1, got ${versions}`);
  }
  return 1 - missProbability(sizes) ** versions;
}

/**
 * The smallest number of versions k that a read stays within with at least this probability; see
 * {@link freshWithin}. 1 is the last version; Infinity when no k is enough.
 *
 * @param probability 0 to 1
 * @throws RangeError when an argument is outside its range
 */
export function versionsWithin(sizes: QuorumSizes, probability: number): number {
  requireProbability(probability, 'probability');
  const miss = missProbability(sizes);
  if (miss === 0 || probability === 0) return 1;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  // The logarithms may be a rounding error off where the answer is exact.
  let versions = Math.max(1, Math.floor(Math.log1p(-probability) / Math.log(miss)));
  while (1 - miss ** versions < probability) versions++;
  return versions;
}

/**
 * By how many versions a read is behind the last write on average, under the same assumptions: q/(1 − q) with
 * q = C(N − W, R)/C(N, R), the mean of the geometric law that {@link freshWithin} is.
 */
export function expectedVersionsBehind(sizes: QuorumSizes): number {
  const miss = missProbability(sizes);
  return miss / (1 - miss);
}

/** Probability that a random read quorum avoids a random write quorum: C(N − W, R)/C(N, R). */
function missProbability(sizes: QuorumSizes): number {
  const { replicas, reads, writes } = requireSizes(sizes);
  let miss = 1;
  for (let asked = 0; asked < reads; asked++) {
    miss *= Math.max(0, replicas - writes - asked) / (replicas - asked);
  }
  return miss;
}

/** Σ_{k = low}^{high} C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ, every term by its logarithm, so that none overflows. */
function binomialSum(nodes: number, low: number, high: number, up: number): number {
  if (up === 0) return low <= 0 && high >= 0 ? 1 : 0;
  if (up === 1) return low <= nodes && high >= nodes ? 1 : 0;
  let logChoose = 0;
  let sum = 0;
  for (let k = 0; k <= high; k++) {
    if (k > 0) logChoose += Math.log((nodes - k + 1) / k);
    if (k >= low) sum += Math.exp(logChoose + k * Math.log(up) + (nodes - k) * Math.log1p(-up));
  }
  return sum;
}

function requireSizes(sizes: QuorumSizes): QuorumSizes {
  requireCount(sizes.replicas, 'replicas', 1, MAX_NODES);
  requireCount(sizes.reads, 'reads', 1, sizes.replicas);
  requireCount(sizes.writes, 'writes', 1, sizes.replicas);
  return sizes;
}

function requireCount(count: number, name: string, low: number, high: number): void {
  if (!(Number.isInteger(count) && count >= low && count <= high)) {
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}, got ${count}`);
  }
}

function requireProbability(value: number, name: string): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be from 0 to 1, got ${value}`);
}
