/**
 * Quantities: numbers with a unit, numbers known within bounds, and probability laws. What a user writes is
 * read into base units (seconds, bytes, per second, dollars, ratios of 1), and printed back.
 *
 * Nothing here throws on a user's text: it comes back as a value or as a problem (`Parsed`). The units and
 * their case rules are in units.ts, the ways to write a law in law-forms.ts.
 */
export { baseUnit, type Dimension, type DimensionVector, dimensionWords } from './dimension.ts';
export type { Distribution, Popularity, Uncertain } from './distribution.ts';
export { formatQuantity } from './format.ts';
export { gammaShares, logGamma } from './gamma-functions.ts';
export { gammaQuantile } from './gamma-quantile.ts';
export { mean, scv, variance } from './moments.ts';
export { nearestName } from './nearest-name.ts';
export { erf, normalCdf, normalDensity, normalQuantile } from './normal-functions.ts';
export { parseDistribution, type ReadValues } from './parse-distribution.ts';
export { parseNumber } from './parse-number.ts';
export { parseQuantity } from './parse-quantity.ts';
export type { Parsed, Problem } from './parsed.ts';
export { harmonic, parsePopularity, printPopularity } from './popularity.ts';
export { printDistribution, printQuantity } from './print.ts';
export { printNumber } from './print-number.ts';
export { cdf, quantile } from './quantiles.ts';
export { add, divide, multiply, type Quantity, quantity, subtract, unitText, valueIn } from './quantity.ts';
export { scaleDistribution } from './scale.ts';
