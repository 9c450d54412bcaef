import type { Distribution } from './distribution.ts';
import { normalQuantile } from './normal-functions.ts';
import type { ParameterType } from './parse-arguments.ts';

/** Why parameters, each readable by itself, make no law. */
export interface Impossible {
  readonly expected: string;
  readonly hint: string | null;
}

/** One way to write a law: its parameters by name, and the law they make. */
export interface LawForm {
  readonly parameters: readonly (readonly [name: string, type: ParameterType, above?: 'above 0'])[];
  /** `values` has one number per parameter, in order. */
  readonly build: (values: readonly number[]) => Distribution | Impossible;
}

/** A law by the name it is written with. */
export interface LawAccount {
  /** Whether the first form may be written without names; only where the order is beyond doubt. */
  readonly positional: boolean;
  readonly forms: readonly LawForm[];
}

function impossible(expected: string, hint: string | null = null): Impossible {
  return { expected, hint };
}

/**
 * Least cv of a gamma law: its shape is then 1e8, and a more regular law is a constant to any measurement.
 */
const gammaCvMin = 1e-4;
const phasesMax = 1e6;

/** Lognormal through two quantiles, given as [share, value]. */
export function lognormalThrough(
  [shareLow, low]: readonly [number, number],
  [shareHigh, high]: readonly [number, number],
): Distribution {
  const zLow = normalQuantile(shareLow);
  const sigma = Math.log(high / low) / (normalQuantile(shareHigh) - zLow);
  return { law: 'lognormal', mu: Math.log(low) - zLow * sigma, sigma };
}

function lognormalByMedianAnd(name: string, share: number): LawForm {
  return {
    parameters: [
      ['p50', 'quantity', 'above 0'],
      [name, 'quantity', 'above 0'],
    ],
    build: ([p50 = 0, tail = 0]) => {
      if (tail > p50) return lognormalThrough([0.5, p50], [share, tail]);
      return impossible(`${name} above p50`, tail === p50 ? 'write a constant when nothing varies' : null);
    },
  };
}

/**
 * Two exponential phases that carry half of the mean each ("balanced means"; W. Whitt, Approximating a point
 * process by a renewal process I, Operations Research 30 (1982) 125-147, section 3). Phase 1 is the rare, long
 * one, whose small probability keeps its digits however large the cv.
 */
function balancedHyperexponential(mean: number, cv: number): Distribution {
  const root = Math.sqrt((cv * cv - 1) / (cv * cv + 1));
  const p = 1 / ((cv * cv + 1) * (1 + root));
  return { law: 'hyperexponential', p, mean1: mean / (2 * p), mean2: mean / (2 * (1 - p)) };
}

/** Every law but `empirical`, which takes a list. A law's first form is the one that messages show. */
export const laws: Readonly<Record<Exclude<Distribution['law'], 'empirical'>, LawAccount>> = {
  constant: {
    positional: true,
    forms: [{ parameters: [['value', 'quantity']], build: ([value = 0]) => ({ law: 'constant', value }) }],
  },
  exponential: {
    positional: true,
    forms: [
      {
        parameters: [['mean', 'quantity', 'above 0']],
        build: ([mean = 0]) => ({ law: 'exponential', mean }),
      },
    ],
  },
  uniform: {
    positional: true,
    forms: [
      {
        parameters: [
          ['low', 'quantity'],
          ['high', 'quantity'],
        ],
        build: ([low = 0, high = 0]) =>
          low <= high ? { law: 'uniform', low, high } : impossible('low at most high', 'swap the two ends'),
      },
    ],
  },
  normal: {
    positional: false,
    forms: [
      {
        parameters: [
          ['mean', 'quantity'],
          ['sd', 'quantity', 'above 0'],
        ],
        build: ([mean = 0, sd = 0]) => ({ law: 'normal', mean, sd }),
      },
    ],
  },
  lognormal: {
    positional: false,
    forms: [
      lognormalByMedianAnd('p99', 0.99),
      {
        parameters: [
          ['mean', 'quantity', 'above 0'],
          ['cv', 'number', 'above 0'],
        ],
        build: ([mean = 0, cv = 0]) => {
          const sigma = Math.sqrt(Math.log1p(cv * cv));
          return { law: 'lognormal', mu: Math.log(mean) - (sigma * sigma) / 2, sigma };
        },
      },
      lognormalByMedianAnd('p90', 0.9),
      lognormalByMedianAnd('p95', 0.95),
      lognormalByMedianAnd('p999', 0.999),
      {
        parameters: [
          ['mu', 'signed'],
          ['sigma', 'number', 'above 0'],
        ],
        build: ([mu = 0, sigma = 0]) => ({ law: 'lognormal', mu, sigma }),
      },
    ],
  },
  gamma: {
    positional: false,
    forms: [
      {
        parameters: [
          ['mean', 'quantity', 'above 0'],
          ['cv', 'number', 'above 0'],
        ],
        build: ([mean = 0, cv = 0]) =>
          cv >= gammaCvMin
            ? { law: 'gamma', shape: 1 / (cv * cv), scale: mean * cv * cv }
            : impossible(`a cv of at least ${gammaCvMin}`, 'write a constant when nothing varies'),
      },
      {
        parameters: [
          ['shape', 'number', 'above 0'],
          ['scale', 'quantity', 'above 0'],
        ],
        build: ([shape = 0, scale = 0]) =>
          shape <= gammaCvMin ** -2 * (1 + 1e-9)
            ? { law: 'gamma', shape, scale }
            : impossible('a shape of at most 1e8', 'write a constant when nothing varies'),
      },
    ],
  },
  erlang: {
    positional: true,
    forms: [
      {
        parameters: [
          ['k', 'number'],
          ['mean', 'quantity', 'above 0'],
        ],
        build: ([k = 0, mean = 0]) =>
          Number.isInteger(k) && k >= 1 && k <= phasesMax
            ? { law: 'erlang', k, mean }
            : impossible(`a whole number of phases k from 1 to ${phasesMax}`),
      },
    ],
  },
  hyperexponential: {
    positional: false,
    forms: [
      {
        parameters: [
          ['mean', 'quantity', 'above 0'],
          ['cv', 'number'],
        ],
        build: ([mean = 0, cv = 0]) =>
          cv >= 1
            ? balancedHyperexponential(mean, cv)
            : impossible('a cv of at least 1', 'write gamma(mean: …, cv: …), which takes any cv above 0'),
      },
      {
        parameters: [
          ['p', 'probability'],
          ['mean1', 'quantity', 'above 0'],
          ['mean2', 'quantity', 'above 0'],
        ],
        build: ([p = 0, mean1 = 0, mean2 = 0]) => ({ law: 'hyperexponential', p, mean1, mean2 }),
      },
    ],
  },
  pareto: {
    positional: false,
    forms: [
      {
        parameters: [
          ['scale', 'quantity', 'above 0'],
          ['alpha', 'number', 'above 0'],
        ],
        build: ([scale = 0, alpha = 0]) => ({ law: 'pareto', scale, alpha }),
      },
    ],
  },
  'bounded-pareto': {
    positional: false,
    forms: [
      {
        parameters: [
          ['low', 'quantity', 'above 0'],
          ['high', 'quantity', 'above 0'],
          ['alpha', 'number', 'above 0'],
        ],
        build: ([low = 0, high = 0, alpha = 0]) =>
          low < high
            ? { law: 'bounded-pareto', low, high, alpha }
            : impossible('low below high', low > high ? 'swap the two ends' : null),
      },
    ],
  },
  weibull: {
    positional: false,
    forms: [
      {
        parameters: [
          ['shape', 'number', 'above 0'],
          ['scale', 'quantity', 'above 0'],
        ],
        build: ([shape = 0, scale = 0]) => ({ law: 'weibull', shape, scale }),
      },
    ],
  },
};
