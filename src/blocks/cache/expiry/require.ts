/** @throws RangeError unless the value is a finite number ≥ 0 */
export function requireSpan(name: string, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be a finite number ≥ 0, got ${value}`);
  }
}

/** @throws RangeError unless the value is a finite number */
export function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a finite number, got ${value}`);
}

/** @throws RangeError unless the value is ≥ 0; Infinity is allowed */
export function requireTime(name: string, value: number): void {
  if (!(value >= 0)) throw new RangeError(`${name} must be ≥ 0, got ${value}`);
}

/** @throws RangeError unless the value is a whole number from 1 to 2^28 */
export function requireMaximum(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 1 && value <= 2 ** 28)) {
    throw new RangeError(`${name} must be a whole number from 1 to 2^28, got ${value}`);
  }
}

/** @throws RangeError unless the key is a whole number from 0 to 2^31 − 1 */
export function requireKey(key: number): void {
  if ((key | 0) !== key || key < 0) {
    throw new RangeError(`key must be a whole number from 0 to ${2 ** 31 - 1}, got ${key}`);
  }
}

/** @throws RangeError unless the state is an object of this version */
export function requireVersion(what: string, state: unknown): void {
  if (typeof state !== 'object' || state === null || (state as { version?: unknown }).version !== 1) {
    throw new RangeError(`state must be a snapshot of ${what}, version 1`);
  }
}

/** @throws RangeError always */
export function refuseState(what: string): never {
  throw new RangeError(`state must be a snapshot of ${what}, got one that contradicts itself`);
}
