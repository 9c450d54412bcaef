import type { Dimension } from './dimension.ts';
import type { Distribution, Uncertain } from './distribution.ts';
import { mean, scv } from './moments.ts';
import { parseDistribution } from './parse-distribution.ts';
import { parseQuantity } from './parse-quantity.ts';
import { printNumber } from './print-number.ts';
import { quantile } from './quantiles.ts';

/** Digits to which derived parameters are rounded before trying whether they were what was written. */
const triedDigits = 12;

function tried(value: number): number {
  return Math.min(Number.MAX_VALUE, Number(value.toPrecision(triedDigits)));
}

/**
 * The text that `parseQuantity` reads back as exactly this: `50ms`, `5ms..20ms`, `1h ± 10%`,
 * `100ms ± 20ms` or `7ms (5ms..20ms)`, the first of these that is exact. Throws RangeError unless
 * 0 ≤ low ≤ value ≤ high < Infinity.
 */
export function printQuantity(u: Uncertain, dimension: Dimension): string {
  const { value, low, high } = u;
  if (!(low <= value && value <= high)) {
    throw new RangeError(`printQuantity: low ≤ value ≤ high must hold, got ${low}, ${value}, ${high}`);
  }
  const exact = printNumber(value, dimension);
  if (low === high) return exact;
  const range = `${printNumber(low, dimension)}..${printNumber(high, dimension)}`;
  const half = tried(high - value);
  const candidates = [range];
  if (value > 0 && half < Number.POSITIVE_INFINITY) {
    candidates.push(
      `${exact} ± ${tried(((high - value) / value) * 100)}%`,
      `${exact} ± ${printNumber(half, dimension)}`,
    );
  }
  for (const text of candidates) {
    const back = parseQuantity(text, dimension);
    if (back.ok && back.value.value === value && back.value.low === low && back.value.high === high)
      return text;
  }
  return `${exact} (${range})`;
}

/**
 * The text that `parseDistribution` reads back as exactly this law, in its most telling form that is exact:
 * `lognormal(p50: 2ms, p99: 9ms)` rather than mu and sigma. The parameters must be ones that the parser
 * accepts. (An `empirical` law of several thousand values prints longer than the parser reads.)
 */
export function printDistribution(d: Distribution, dimension: Dimension): string {
  const candidates = tellingForms(d, dimension);
  return candidates.find((text) => readsAs(text, d, dimension)) ?? plainForm(d, dimension);
}

function readsAs(text: string, d: Distribution, dimension: Dimension): boolean {
  const back = parseDistribution(text, dimension);
  return back.ok && sameLaw(back.value, d);
}

function sameLaw(a: Distribution, b: Distribution): boolean {
  const other: Readonly<Record<string, unknown>> = { ...b };
  return Object.entries(a).every(([name, value]) => other[name] === value);
}

/** How a person would have written it; each is tried, because rounding may keep it from being exact. */
function tellingForms(d: Distribution, dimension: Dimension): readonly string[] {
  if (d.law !== 'lognormal' && d.law !== 'gamma' && d.law !== 'hyperexponential') return [];
  const print = (value: number): string => printNumber(tried(value), dimension);
  const at = (p: number): string => print(quantile(d, p));
  const numbers = [mean(d), scv(d), quantile(d, 0.05), quantile(d, 0.99)];
  if (!numbers.every((value) => value > 0 && value < Number.POSITIVE_INFINITY)) return [];
  const byMoments = `${d.law}(mean: ${print(mean(d))}, cv: ${tried(Math.sqrt(scv(d)))})`;
  if (d.law !== 'lognormal') return [byMoments];
  return [
    `${at(0.05)}..${at(0.95)}`,
    `lognormal(p50: ${at(0.5)}, p99: ${at(0.99)})`,
    byMoments,
    `lognormal(p50: ${at(0.5)}, p90: ${at(0.9)})`,
    `lognormal(p50: ${at(0.5)}, p95: ${at(0.95)})`,
    `lognormal(p50: ${at(0.5)}, p999: ${at(0.999)})`,
  ];
}

/** Every parameter as it is stored. */
function plainForm(d: Distribution, dimension: Dimension): string {
  const print = (value: number): string => printNumber(value, dimension);
  switch (d.law) {
    case 'constant':
      return print(d.value);
    case 'exponential':
      return `exponential(${print(d.mean)})`;
    case 'uniform':
      return `uniform(${print(d.low)}, ${print(d.high)})`;
    case 'normal':
      return `normal(mean: ${print(d.mean)}, sd: ${print(d.sd)})`;
    case 'lognormal':
      return `lognormal(mu: ${d.mu}, sigma: ${d.sigma})`;
    case 'gamma':
      return `gamma(shape: ${d.shape}, scale: ${print(d.scale)})`;
    case 'erlang':
      return `erlang(${d.k}, ${print(d.mean)})`;
    case 'hyperexponential':
      return `hyperexponential(p: ${d.p}, mean1: ${print(d.mean1)}, mean2: ${print(d.mean2)})`;
    case 'pareto':
      return `pareto(scale: ${print(d.scale)}, alpha: ${d.alpha})`;
    case 'bounded-pareto':
      return `bounded-pareto(low: ${print(d.low)}, high: ${print(d.high)}, alpha: ${d.alpha})`;
    case 'weibull':
      return `weibull(shape: ${d.shape}, scale: ${print(d.scale)})`;
    case 'empirical':
      return `empirical(${d.values.map(print).join(', ')})`;
  }
}
