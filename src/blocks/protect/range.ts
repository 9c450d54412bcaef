/** @throws RangeError unless `value` is a number from `low` to `high`, both included */
export function requireWithin(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new RangeError(`${name} must be ${range(low, high)}, got ${value}`);
  }
}

/** @throws RangeError unless `value` is a whole number from `low` to `high`, both included */
export function requireWhole(name: string, value: number, low: number, high: number): void {
  if (!(Number.isSafeInteger(value) && value >= low && value <= high)) {
    throw new RangeError(`${name} must be a whole number ${range(low, high)}, got ${value}`);
  }
}

/** @throws RangeError unless `value` is above 0 and finite */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be above 0 and finite, got ${value}`);
  }
}

/** @throws RangeError unless `now` is finite; any finite number is an ordinary instant */
export function requireInstant(now: number): void {
  if (!Number.isFinite(now)) throw new RangeError(`now must be finite, got ${now}`);
}

interface Versioned {
  readonly version: number;
  readonly kind: string;
}

/**
 * Holds a state to restore from to version 1 and the kind expected.
 * @throws RangeError when it is another one, or none
 */
export function requireState<State extends Versioned, Kind extends State['kind']>(
  state: State,
  kind: Kind,
): asserts state is Extract<State, { readonly kind: Kind }> {
  if (typeof state !== 'object' || state === null || state.version !== 1 || state.kind !== kind) {
    throw new RangeError(`state must be version 1 of ${kind}, got ${nameOf(state)}`);
  }
}

function nameOf(state: Versioned | null | undefined): string {
  return typeof state === 'object' && state !== null
    ? `version ${state.version} of ${state.kind}`
    : String(state);
}

function range(low: number, high: number): string {
  if (high === Number.POSITIVE_INFINITY) return `≥ ${low}`;
  return `from ${low} to ${high}`;
}
