import { gammaShares, logGamma, poissonTerm } from './gamma-functions.ts';
import { normalQuantile } from './normal-functions.ts';

/**
 * The x below which a gamma law of shape a and scale 1 has the share p. Newton's method on the logarithms of
 * x and of the smaller share, kept inside a shrinking bracket; starts from Wilson and Hilferty (1931).
 */
export function gammaQuantile(a: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  const low = p <= 0.5;
  const target = low ? Math.log(p) : Math.log1p(-p);
  const cube = 1 - 1 / (9 * a) + normalQuantile(p) / (3 * Math.sqrt(a));
  const smallShare = (Math.log(p) + logGamma(a + 1)) / a;
  let y = a > 0.5 && cube > 0.1 ? Math.log(a) + 3 * Math.log(cube) : Math.min(smallShare, 6);
  let below = Number.NEGATIVE_INFINITY;
  let above = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 200; round++) {
    const x = Math.exp(y);
    if (x === 0) return 0;
    const shares = gammaShares(a, x);
    const share = low ? shares.lower : shares.upper;
    const error = Math.log(share) - target;
    if (low === error > 0) above = y;
    else below = y;
    // d ln(share) / d ln x; the density times x is the Poisson term times a.
    const slope = ((low ? 1 : -1) * poissonTerm(a, x) * a) / share;
    let next = y - error / slope;
    if (!(next > below && next < above)) {
      if (below === Number.NEGATIVE_INFINITY || above === Number.POSITIVE_INFINITY)
        next = below === Number.NEGATIVE_INFINITY ? y - 1 : y + 1;
      else next = (below + above) / 2;
    }
    if (Math.abs(next - y) <= 4e-16 * Math.max(1, Math.abs(y))) return Math.exp(next);
    y = next;
  }
  return Math.exp(y);
}
