import type { Distribution } from './distribution.ts';

/** The law of factor · X. Throws RangeError unless the factor is finite and not negative. */
export function scaleDistribution(d: Distribution, factor: number): Distribution {
  if (!(factor >= 0 && factor < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`scaleDistribution: factor must be finite and at least 0, got ${factor}`);
  }
  if (factor === 0) return { law: 'constant', value: 0 };
  switch (d.law) {
    case 'constant':
      return { ...d, value: d.value * factor };
    case 'exponential':
    case 'erlang':
      return { ...d, mean: d.mean * factor };
    case 'normal':
      return { ...d, mean: d.mean * factor, sd: d.sd * factor };
    case 'lognormal':
      return { ...d, mu: d.mu + Math.log(factor) };
    case 'hyperexponential':
      return { ...d, mean1: d.mean1 * factor, mean2: d.mean2 * factor };
    case 'uniform':
    case 'bounded-pareto':
      return { ...d, low: d.low * factor, high: d.high * factor };
    case 'gamma':
    case 'pareto':
    case 'weibull':
      return { ...d, scale: d.scale * factor };
    case 'empirical':
      return { ...d, values: d.values.map((value) => value * factor) };
  }
}
