/**
 * A probability law over a non-negative quantity, in base units (seconds, bytes, items).
 *
 * Plain JSON-safe data: a plan carries it, the estimator reads its moments, the simulator compiles it into
 * a sampler. Parameters are those of the textbook; the comment beside each law gives its mean.
 */
export type Distribution =
  /** Always `value`. */
  | { readonly law: 'constant'; readonly value: number }
  /** Memoryless, mean `mean`. */
  | { readonly law: 'exponential'; readonly mean: number }
  /** Flat on [low, high], mean (low + high) / 2. */
  | { readonly law: 'uniform'; readonly low: number; readonly high: number }
  /** Bell curve cut off below at 0; `mean` and `sd` are those of the uncut curve. */
  | { readonly law: 'normal'; readonly mean: number; readonly sd: number }
  /** exp of a normal(mu, sigma), mean exp(mu + sigma² / 2). */
  | { readonly law: 'lognormal'; readonly mu: number; readonly sigma: number }
  /** Mean shape · scale. */
  | { readonly law: 'gamma'; readonly shape: number; readonly scale: number }
  /** Sum of `k` exponential phases, mean `mean`. */
  | { readonly law: 'erlang'; readonly k: number; readonly mean: number }
  /** Exponential of mean `mean1` with probability `p`, else of mean `mean2`. */
  | { readonly law: 'hyperexponential'; readonly p: number; readonly mean1: number; readonly mean2: number }
  /** P(X > x) = (scale / x)^alpha for x ≥ scale; the mean is infinite for alpha ≤ 1. */
  | { readonly law: 'pareto'; readonly scale: number; readonly alpha: number }
  /** Pareto truncated to [low, high]. */
  | { readonly law: 'bounded-pareto'; readonly low: number; readonly high: number; readonly alpha: number }
  /** P(X > x) = exp(-(x / scale)^shape). */
  | { readonly law: 'weibull'; readonly shape: number; readonly scale: number }
  /** Each of `values` (ascending) equally likely. */
  | { readonly law: 'empirical'; readonly values: readonly number[] };

/** How often each key of a data set is asked for, by rank: rank 1 is the most popular. */
export type Popularity =
  /** Every key alike. */
  | { readonly law: 'uniform' }
  /** P(rank r) proportional to r^-exponent. */
  | { readonly law: 'zipf'; readonly exponent: number };

/**
 * A number that may be known only within bounds, in base units.
 * `low` and `high` span a 90 % interval; an exact number has low = value = high.
 */
export interface Uncertain {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
