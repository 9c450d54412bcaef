/** The greatest whole number that is told from its neighbours. */
const MOST = Number.MAX_SAFE_INTEGER;

/** @throws RangeError when `value` is not a whole number from `low` to `high` */
export function requireWhole(name: string, value: number, low: number, high = MOST): number {
  if (!(Number.isSafeInteger(value) && value >= low && value <= high)) {
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
  }
  return value;
}

/** @throws RangeError when `value` is NaN or below `low`, or infinite where that is not `allowed` */
export function requireAtLeast(name: string, value: number, low: number, infinite = false): number {
  if (!(value >= low && (infinite || value < Number.POSITIVE_INFINITY))) {
    throw new RangeError(`${name} must be a number ≥ ${low}, got ${value}`);
  }
  return value;
}

/** @throws RangeError when `value` is NaN or infinite */
export function requireFinite(name: string, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, got ${value}`);
  return value;
}

/** @throws RangeError when `value` is not a finite number > 0 */
export function requirePositive(name: string, value: number): number {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be a number > 0, got ${value}`);
  }
  return value;
}

/** @throws RangeError when `now` is not a finite number within ±(2^53 − 1) */
export function requireInstant(now: number): void {
  if (!(now >= -MOST && now <= MOST)) {
    throw new RangeError(`now must be a number from ${-MOST} to ${MOST}, got ${now}`);
  }
}

/** @throws RangeError when `state` was not made by the same kind of block, or `holds` is false */
export function requireState(name: string, state: { readonly version: number }, holds: boolean): void {
  if (state.version !== 1) throw new RangeError(`${name} must have version 1, got ${state.version}`);
  if (!holds) throw new RangeError(`${name} must be a snapshot of a block with the same options`);
}
