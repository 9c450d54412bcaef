/** @throws RangeError when it is no number of targets */
export function requireTargets(targets: number): void {
  if (!Number.isSafeInteger(targets) || targets < 1 || targets > 2 ** 20) {
    throw new RangeError(`targets must be a whole number ≥ 1 and at most 2^20, got ${targets}`);
  }
}

/** @throws RangeError when it is none of so many targets */
export function requireTarget(target: number, targets: number): void {
  if (!(target >= 0 && target < targets && Number.isInteger(target))) {
    throw new RangeError(`target must be from 0 to ${targets - 1}, got ${target}`);
  }
}

export { requireWhole as requireWholeOption } from '../require.ts';

/** @throws RangeError when the option is no finite number > 0 */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be > 0 and finite, got ${value}`);
  }
}

/** @throws RangeError when the option is no share */
export function requireShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be from 0 to 1, got ${value}`);
}

/** @throws RangeError when it is the state of another version */
export function requireVersion(version: number): void {
  if (version !== 1) throw new RangeError(`state.version must be 1, got ${version}`);
}

/** @throws RangeError when `values` is not an array of so many elements */
export function requireLength(name: string, values: readonly unknown[], length: number): void {
  if (!Array.isArray(values) || values.length !== length) {
    throw new RangeError(`${name} must be ${length} numbers, got ${JSON.stringify(values)}`);
  }
}

/** @throws RangeError when `values` is not an array of so many finite numbers */
export function requireFinite(name: string, values: readonly number[], length: number): void {
  requireLength(name, values, length);
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite numbers, got ${value}`);
  }
}

/** @throws RangeError when `values` is not an array of so many whole numbers in this range */
export function requireWhole(
  name: string,
  values: readonly number[],
  length: number,
  least: number,
  most: number,
): void {
  requireLength(name, values, length);
  for (const value of values) {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new RangeError(`${name} must be whole numbers from ${least} to ${most}, got ${value}`);
    }
  }
}
