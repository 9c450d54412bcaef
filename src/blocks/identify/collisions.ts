/** Up to so many draws the product is summed term by term; beyond, the formula of Euler and Maclaurin is exact. */
const SUMMED = 64;

/**
 * Probability that among `draws` independent uniform draws from `space` values any two are equal: the birthday
 * problem, 1 − ∏_{i<n} (1 − i/N).
 *
 * The logarithm of the product is summed with log1p for few draws, and for many by the Euler–Maclaurin formula
 * (Abramowitz & Stegun 23.1.30); its integral is a power series where closed form would cancel. Relative error
 * below 1e-12 from one draw to all, for spaces up to 2^128 and more.
 *
 * @param draws ≥ 0; a number too great to be whole is fine
 * @param space ≥ 1
 * @throws RangeError otherwise
 */
export function collisionProbability(draws: number, space: number): number {
  requireCount('draws', draws, 0);
  requireCount('space', space, 1);
  if (draws <= 1) return 0;
  if (draws > space) return 1;
  return -Math.expm1(logAllDifferent(draws, space));
}

/**
 * The fewest draws for which {@link collisionProbability} is at least `probability`, to the precision of numbers.
 *
 * @param probability 0 to 1
 * @throws RangeError when an argument is out of range
 */
export function drawsUntilCollision(probability: number, space: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability must be from 0 to 1, got ${probability}`);
  }
  requireCount('space', space, 1);
  if (probability === 0) return 0;
  let low = 1;
  let high = Math.floor(space) + 1;
  // Where whole numbers end, the middle meets one of the ends.
  for (;;) {
    const middle = Math.floor(low + (high - low) / 2);
    if (middle <= low || middle >= high) return high;
    if (collisionProbability(middle, space) >= probability) high = middle;
    else low = middle;
  }
}

/** Σ_{i<n} ln(1 − i/N) for 1 < n ≤ N. */
function logAllDifferent(n: number, space: number): number {
  let sum = 0;
  if (n <= SUMMED) {
    for (let i = 1; i < n; i++) sum += Math.log1p(-i / space);
    return sum;
  }
  // With no value left over the logarithm has no end; the last term is added by itself.
  if (n > space - 1) return logAllDifferent(n - 1, space) + Math.log1p(-(n - 1) / space);
  const share = n / space;
  const left = space - n;
  const ends = -Math.log1p(-share) / 2;
  const slopes = -(1 / left - 1 / space) / 12;
  const thirds = (2 / left ** 3 - 2 / space ** 3) / 720;
  return space * areaOfLog(share) + ends + slopes + thirds;
}

/** ∫_0^u ln(1 − x) dx = −(1 − u) ln(1 − u) − u. */
function areaOfLog(u: number): number {
  if (u > 0.25) return -(1 - u) * Math.log1p(-u) - u;
  // −Σ_{k≥2} u^k / (k(k − 1)): what the closed form leaves after its first-order terms cancel.
  let sum = 0;
  let power = u;
  for (let k = 2; k < 60; k++) {
    power *= u;
    const term = power / (k * (k - 1));
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return -sum;
}

function requireCount(name: string, value: number, low: number): void {
  if (!(value >= low && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be a number ≥ ${low}, got ${value}`);
  }
}
