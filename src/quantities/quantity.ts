import { type Dimension, type DimensionVector, dimensions } from './dimension.ts';

/** A number that carries what it measures, in base units. */
export interface Quantity {
  readonly value: number;
  readonly vector: DimensionVector;
}

/** `value` base units of a dimension: `quantity(500, 'size')` is 500 bytes. */
export function quantity(value: number, dimension: Dimension): Quantity {
  return { value, vector: dimensions[dimension].vector };
}

/** Sum; throws RangeError when the two measure different things. */
export function add(a: Quantity, b: Quantity): Quantity {
  return { value: a.value + matching('add', a, b), vector: a.vector };
}

/** Difference, which may be negative; throws RangeError when the two measure different things. */
export function subtract(a: Quantity, b: Quantity): Quantity {
  return { value: a.value - matching('subtract', a, b), vector: a.vector };
}

/** Product: 115k/s × 500B is a bandwidth. A plain number counts as a ratio. */
export function multiply(a: Quantity, b: Quantity | number): Quantity {
  if (typeof b === 'number') return { value: a.value * b, vector: a.vector };
  return { value: a.value * b.value, vector: combine(a.vector, b.vector, 1) };
}

/** Quotient. A plain number counts as a ratio; division by zero gives Infinity or NaN as numbers do. */
export function divide(a: Quantity, b: Quantity | number): Quantity {
  if (typeof b === 'number') return { value: a.value / b, vector: a.vector };
  return { value: a.value / b.value, vector: combine(a.vector, b.vector, -1) };
}

/** The value in base units of `dimension`; throws RangeError when the quantity measures something else. */
export function valueIn(q: Quantity, dimension: Dimension): number {
  if (!sameVector(q.vector, dimensions[dimension].vector)) {
    throw new RangeError(`valueIn: expected ${dimensions[dimension].unit}, got ${unitText(q.vector)}`);
  }
  return q.value;
}

/** Base unit of a vector: `B/s`, `1/s`, `$`, `B·s`; `1` for a plain number. */
export function unitText({ time, size, money }: DimensionVector): string {
  const powers: readonly (readonly [string, number])[] = [
    ['$', money],
    ['B', size],
    ['s', time],
  ];
  const power = (symbol: string, exponent: number) => (exponent === 1 ? symbol : `${symbol}^${exponent}`);
  const above = powers.filter(([, exponent]) => exponent > 0).map(([symbol, n]) => power(symbol, n));
  const below = powers.filter(([, exponent]) => exponent < 0).map(([symbol, n]) => `/${power(symbol, -n)}`);
  return (above.join('·') || '1') + below.join('');
}

function matching(what: string, a: Quantity, b: Quantity): number {
  if (!sameVector(a.vector, b.vector)) {
    throw new RangeError(
      `${what}: both must be of one dimension, got ${unitText(a.vector)} and ${unitText(b.vector)}`,
    );
  }
  return b.value;
}

function sameVector(a: DimensionVector, b: DimensionVector): boolean {
  return a.time === b.time && a.size === b.size && a.money === b.money;
}

function combine(a: DimensionVector, b: DimensionVector, sign: 1 | -1): DimensionVector {
  return { time: a.time + sign * b.time, size: a.size + sign * b.size, money: a.money + sign * b.money };
}
