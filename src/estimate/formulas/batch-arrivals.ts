import { requireInteger, requirePositive, requireStable } from './require.ts';

/** States less likely than this, together with all above them, are left out. */
const NEGLIGIBLE = 1e-14;
const STATES_MAX = 100_000;

/**
 * M^[X]/M/c: batches of X arrive as a Poisson process. P(a request waits for n departures), from n = 0; each is
 * Exp(1/(cμ)). By the balance of cuts: as often as the number present falls below n, a batch lifts it over,
 * min(n, c)·μ·pₙ = λ Σ_{k<n} pₖ·P(X ≥ n − k). All terms are positive.
 *
 * @param batchRate batches per unit of time
 * @param sizes P(X = x), from x = 0; P(0) = 0
 */
export function batchQueue(
  batchRate: number,
  sizes: readonly number[],
  serviceRate: number,
  servers: number,
): number[] {
  requirePositive('batchRate', batchRate);
  requirePositive('serviceRate', serviceRate);
  requireInteger('servers', servers, 1);
  const largest = sizes.length - 1;
  const size = sizes.reduce((sum, p, x) => sum + p * x, 0);
  requireStable((batchRate * size) / (servers * serviceRate));
  // P(X ≥ x).
  const atLeast = new Float64Array(largest + 2);
  for (let x = largest; x >= 0; x--) atLeast[x] = atLeast[x + 1]! + sizes[x]!;
  const present = [1];
  let total = 1;
  for (let n = 1; n < STATES_MAX; n++) {
    let lifted = 0;
    for (let x = 1; x <= Math.min(n, largest); x++) lifted += present[n - x]! * atLeast[x]!;
    const p = (batchRate * lifted) / (Math.min(n, servers) * serviceRate);
    present.push(p);
    total += p;
    if (n > servers + largest && p < NEGLIGIBLE * total) break;
  }
  // A request is the x-th of its batch with probability P(X ≥ x)/E[X], and finds x − 1 of its own before it.
  const departures: number[] = [0];
  for (const [k, p] of present.entries()) {
    for (let x = 1; x <= largest; x++) {
      const awaited = Math.max(0, k + x - servers);
      departures[awaited] = (departures[awaited] ?? 0) + (p / total) * (atLeast[x]! / size);
    }
  }
  return departures;
}
