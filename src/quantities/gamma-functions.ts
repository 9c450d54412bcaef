const halfLog2Pi = 0.9189385332046727;

/** ln Γ(x) for x > 0, by Stirling's series after shifting x above 10 (Abramowitz & Stegun 6.1.40). */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma: x must be positive, got ${x}`);
  let shifted = x;
  let product = 1;
  while (shifted < 10) product *= shifted++;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + halfLog2Pi + stirlingTail(shifted) - Math.log(product)
  );
}

/** ln Γ(x) minus Stirling's formula, for x ≥ 10. */
function stirlingTail(x: number): number {
  const y = 1 / (x * x);
  return (
    (1 / 12 +
      y * (-1 / 360 + y * (1 / 1260 + y * (-1 / 1680 + y * (1 / 1188 + y * (-691 / 360360 + y / 156)))))) /
    x
  );
}

/** x/a - 1 - ln(x/a) without cancellation near x = a. */
function distance(a: number, x: number): number {
  const u = (x - a) / a;
  if (Math.abs(u) > 0.1) return u - Math.log(x / a);
  let sum = 0;
  let power = u;
  for (let k = 2; k < 20; k++) {
    power *= -u;
    sum -= power / k;
  }
  return sum;
}

/** x^a e^-x / Γ(a + 1): the Poisson probability, in the saddle-point form of Loader (2000), dpois. */
export function poissonTerm(a: number, x: number): number {
  if (a < 10) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  // Γ(a + 1) = sqrt(2πa) (a/e)^a exp(tail): what is left is the distance of x from its mean a.
  const exponent = -stirlingTail(a) - a * distance(a, x);
  return Math.exp(exponent) / Math.sqrt(2 * Math.PI * a);
}

/** The share of a gamma law of shape a and scale 1 below x, and the share above. */
export interface GammaShares {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x) for a > 0.
 *
 * The smaller of the two has a relative error below 1e-12 for a up to 1e6 and below 1e-10 up to 1e8; with
 * a < 0.01 the upper one, found as 1 - P, has an absolute error of 1e-15 instead. The work grows as the square
 * root of a up to there, and not beyond.
 */
export function gammaShares(a: number, x: number): GammaShares {
  if (!(a > 0)) throw new RangeError(`gammaShares: a must be positive, got ${a}`);
  if (!(x > 0)) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  if (a > LARGE) return nearlyNormal(a, x);
  if (x < a + 1) {
    const lower = Math.min(1, lowerSeries(a, x) * poissonTerm(a, x));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, upperFraction(a, x) * poissonTerm(a, x) * a);
  return { lower: 1 - upper, upper };
}

/** From here on the series would take more than ten thousand terms. */
const LARGE = 1e8;

/**
 * For large a, Temme's uniform expansion to its first term: the normal law, and what is left of the skewness (SIAM Journal
 * on Mathematical Analysis 10(4), 1979; DLMF 8.12.3 to 8.12.10). The next term is smaller by a.
 */
function nearlyNormal(a: number, x: number): GammaShares {
  const apart = distance(a, x);
  const mu = (x - a) / a;
  const eta = Math.sign(mu) * Math.sqrt(2 * apart);
  // 1/μ − 1/η loses its digits near 0, where it is a series.
  const skewness = Math.abs(mu) < 1e-3 ? -1 / 3 + eta / 12 : 1 / mu - 1 / eta;
  const rest = (Math.exp(-a * apart) / Math.sqrt(2 * Math.PI * a)) * skewness;
  const beyond = gammaShares(0.5, a * apart).upper / 2;
  if (mu > 0) return { lower: 1 - (beyond + rest), upper: beyond + rest };
  return { lower: beyond - rest, upper: 1 - (beyond - rest) };
}

/** 1 + x/(a+1) + x²/((a+1)(a+2)) + …, Abramowitz & Stegun 6.5.29. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/**
 * Legendre's continued fraction, Abramowitz & Stegun 6.5.31, evaluated from the front by Lentz's method as
 * modified by Thompson and Barnett (Press et al., Numerical Recipes, 3rd ed. 2007, 5.2 and 6.2).
 */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1e7; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return fraction;
}
