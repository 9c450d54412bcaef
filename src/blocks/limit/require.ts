export { requireFinite, requireWhole } from '../require.ts';

/** @throws RangeError unless `value` is a finite number above 0 */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be a finite number > 0, got ${value}`);
  }
}

/** @throws RangeError unless `value` is an array, of `length` where given */
export function requireArray(name: string, value: unknown, length?: number): void {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw new RangeError(`${name} must be an array${length === undefined ? '' : ` of ${length}`}`);
  }
}

/** @throws RangeError unless `value` is a number from `least` to `most` */
export function requireWithin(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) {
    throw new RangeError(`${name} must be from ${least} to ${most}, got ${value}`);
  }
}
