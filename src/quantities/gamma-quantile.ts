import { gammaShares, logGamma, poissonTerm } from './gamma-functions.ts';
import { normalQuantile } from './normal-functions.ts';

/**
 * The x below which a gamma law of shape a and scale 1 has the share p. Newton's method on the logarithms of
 * x and of the smaller share, kept inside a shrinking bracket; starts from Wilson and Hilferty (1931).
 */
export function gammaQuantile(a: number, p: number): number {
  if (!(a > 0)) throw new RangeError(`gammaQuantile: a must be positive, got ${a}`);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`gammaQuantile: p must be from 0 to 1, got ${p}`);
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
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
    const step = y - error / slope;
    const next = step > below && step < above ? step : between(below, above, y);
    if (Math.abs(next - y) <= 4e-16 * Math.max(1, Math.abs(y))) return Math.exp(next);
    y = next;
  }
  return Math.exp(y);
}

/** Where to go on when Newton's step leaves the bracket: its middle, or one away from y while it is open. */
function between(below: number, above: number, y: number): number {
  if (below === Number.NEGATIVE_INFINITY) return y - 1;
  if (above === Number.POSITIVE_INFINITY) return y + 1;
  return (below + above) / 2;
}
