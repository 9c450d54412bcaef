/** Throws unless `value` is a finite number > 0. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be > 0 and finite, got ${value}`);
  }
}

/** Throws unless `value` is a finite number ≥ 0. */
export function requireNonNegative(name: string, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be ≥ 0 and finite, got ${value}`);
  }
}

/** Throws unless `value` is an integer ≥ `least`. */
export function requireInteger(name: string, value: number, least: number): void {
  if (!(Number.isInteger(value) && value >= least)) {
    throw new RangeError(`${name} must be an integer ≥ ${least}, got ${value}`);
  }
}

/** Throws unless `value` is in [0, 1]. */
export function requireProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be in 0 to 1, got ${value}`);
}

/** Throws when a queue without limit would grow for ever. */
export function requireStable(utilization: number): void {
  if (!(utilization < 1)) {
    throw new RangeError(`utilization must be < 1 for a steady state, got ${utilization}`);
  }
}
