import {
  type Dimension,
  type Distribution,
  formatQuantity,
  mean,
  nearestName,
  type Parsed,
  type Popularity,
  parseDistribution,
  parsePopularity,
  parseQuantity,
  type Uncertain,
} from '../quantities/index.ts';
import {
  type Amount,
  accept,
  type Field,
  type FieldAccount,
  type FieldReading,
  type FieldRefusal,
  field,
  refuseType,
  showValue,
} from './field.ts';

/** Bounds of a number in base units. `above` excludes the bound itself. */
export interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
}

/** A distribution that was read from a file before the design was checked. */
export class ReadLaw {
  readonly distribution: Distribution;

  constructor(distribution: Distribution) {
    this.distribution = distribution;
  }
}

/** Beyond these nothing is a design any more: 100 years, an exabyte, 10^15 a second, 10^15 things. */
const mostByDimension: Readonly<Partial<Record<Dimension, number>>> = {
  time: 100 * 365 * 86_400,
  rate: 1e15,
  growth: 1e15,
  size: 1e18,
  bandwidth: 1e15,
  ratio: 1e6,
  count: 1e15,
};

const nounByDimension: Readonly<Partial<Record<Dimension, string>>> = {
  time: 'a time',
  rate: 'a rate',
  growth: 'a rate',
  size: 'a size',
  bandwidth: 'a bandwidth',
  ratio: 'a ratio',
  count: 'a count',
};

/** As many as a service may have instances. */
const RATIOS_MAX = 100_000;

const nounOf = (dimension: Dimension): string => nounByDimension[dimension] ?? 'an amount';

const amountShape = { type: ['string', 'number'] };

const exampleByDimension: Readonly<Partial<Record<Dimension, string>>> = {
  time: 'a time such as 10ms',
  rate: 'a rate such as 80/s or 10B/day',
  growth: 'a rate such as 1M/day',
  size: 'a size such as 500B or 16GB',
  bandwidth: 'a bandwidth such as 10Gbit/s',
  ratio: 'a ratio such as 99.95% or 2x',
  count: 'a count such as 12 or 100M',
  'money/time': 'a price over time such as $0.10/h',
};

/** A number that is chosen, so it is exact: a timeout, a size of memory. Gives base units. */
export function quantity(
  dimension: Dimension,
  account: FieldAccount,
  bounds: Bounds = {},
): Field<number, Amount> {
  return field(account, amountShape, expectedOf(dimension), (value) => readExact(value, dimension, bounds));
}

/** A number that may be known only within bounds: `100M`, `5ms..20ms`. Gives base units. */
export function uncertain(
  dimension: Dimension,
  account: FieldAccount,
  bounds: Bounds = {},
): Field<Uncertain, Amount> {
  return field(account, amountShape, expectedOf(dimension), (value) =>
    readUncertain(value, dimension, bounds),
  );
}

/** A probability law, or a constant: `exponential(10ms)`, `10ms`. Bounds are those of its mean. */
export function distribution(
  dimension: Dimension,
  account: FieldAccount,
  bounds: Bounds = {},
): Field<Distribution, Amount> {
  const expected = `${expectedOf(dimension)}, or a law of it such as exponential(…)`;
  return field(account, amountShape, expected, (value) => {
    if (value instanceof ReadLaw) return accept(value.distribution);
    if (!isAmount(value)) return refuseType(value, expected);
    const parsed = fromParsed(parseDistribution(value, dimension));
    if (!parsed.ok) return parsed;
    const center = mean(parsed.value);
    // A heavy tail has no finite mean and is a law like another.
    if (center === Number.POSITIVE_INFINITY) return parsed;
    const what = parsed.value.law === 'constant' ? nounOf(dimension) : 'a mean';
    return outside(center, value, dimension, bounds, what) ?? parsed;
  });
}

/** How often each key is asked for: `uniform`, `zipf(1.0)`. */
export function popularity(account: FieldAccount): Field<Popularity, string> {
  const expected = 'a popularity: uniform or zipf(1.0)';
  return field(account, { type: 'string' }, expected, (value) => {
    if (typeof value !== 'string') return refuseType(value, expected);
    const parsed = fromParsed(parsePopularity(value));
    return parsed.ok ? parsed : { ...parsed, hint: parsed.hint ?? nearWord(value, ['uniform', 'zipf']) };
  });
}

/** A whole number, suffixes allowed (`10k`). `least` is 1 unless said. */
export function count(account: FieldAccount, bounds: Bounds = {}): Field<number, Amount> {
  const within = { least: 1, ...bounds };
  const expected = `a whole number ${boundsSaid('count', within)}`;
  return field(account, amountShape, expected, (value) => {
    if (!isAmount(value)) return refuseType(value, expected);
    const parsed = fromParsed(parseQuantity(value, 'count'));
    if (!parsed.ok) return { ...parsed, expected };
    const { value: number, low, high } = parsed.value;
    if (low === high && Number.isInteger(number)) {
      return outside(number, value, 'count', within, 'a whole number') ?? accept(number);
    }
    return {
      ok: false,
      code: low === high ? 'out-of-range' : 'range-where-exact',
      found: showValue(value),
      expected,
    };
  });
}

/** A whole number or the word `unlimited`, which gives null. */
export function limit(account: FieldAccount, bounds: Bounds = {}): Field<number | null, Amount> {
  const within = { least: 1, ...bounds };
  const expected = `a whole number ${boundsSaid('count', within)}, or unlimited`;
  const number = count({ is: account.is }, bounds);
  return field(account, amountShape, expected, (value) => {
    if (value === 'unlimited') return accept(null);
    const result = number.safeParse(value);
    if (result.success) return accept(result.data);
    const issue = result.error.issues[0];
    const params = issue?.code === 'custom' ? issue.params : undefined;
    return { ok: false, code: 'wrong-type', found: showValue(value), ...params, expected };
  });
}

/**
 * A list of 1 to 100,000 ratios, each within the bounds: `[1, 1, 0.5]`.
 *
 * @param each what one of them is, e.g. `a speed`
 * @param expected what such a list is, with an example
 */
export function ratios(
  each: string,
  account: FieldAccount,
  bounds: Bounds = {},
  expected = `a list with ${each} for each instance, such as [1, 1, 0.5]`,
): Field<number[], Amount[]> {
  return field(account, { type: 'array', items: amountShape, minItems: 1 }, expected, (value) => {
    if (!Array.isArray(value)) return refuseType(value, expected);
    if (value.length < 1 || value.length > RATIOS_MAX) {
      return { ok: false, code: 'out-of-range', found: `a list of ${value.length}`, expected };
    }
    const read: number[] = [];
    for (const item of value) {
      const reading = readExact(item, 'ratio', bounds);
      if (!reading.ok) return reading;
      read.push(reading.value);
    }
    return accept(read);
  });
}

/** A quantity or the word `unlimited`, which gives null. */
export function quantityOrUnlimited(
  dimension: Dimension,
  account: FieldAccount,
  bounds: Bounds = {},
): Field<number | null, Amount> {
  const expected = `${expectedOf(dimension)}, or unlimited`;
  return field(account, amountShape, expected, (value) => {
    if (value === 'unlimited') return accept(null);
    const reading = readExact(value, dimension, bounds);
    if (reading.ok) return reading;
    return isBound(reading, dimension, bounds)
      ? { ...reading, expected: `${reading.expected}, or unlimited` }
      : { ...reading, expected };
  });
}

/** A quantity, or a word that stands for something else than an amount. */
export function quantityOrWord<const W extends string>(
  dimension: Dimension,
  word: W,
  account: FieldAccount,
  bounds: Bounds = {},
): Field<number | W, Amount> {
  const expected = `${expectedOf(dimension)}, or ${word}`;
  return field<number | W, Amount>(account, amountShape, expected, (value) => {
    if (value === word) return accept(word);
    const reading = readExact(value, dimension, bounds);
    if (reading.ok) return reading;
    if (isBound(reading, dimension, bounds))
      return { ...reading, expected: `${reading.expected}, or ${word}` };
    const hint = typeof value === 'string' ? nearWord(value, [word]) : null;
    return { ...reading, expected, ...(hint !== null && { hint }) };
  });
}

/** A quantity or `true`, which stands for the usual one; `false` gives null. */
export function quantityOrFlag(
  dimension: Dimension,
  account: FieldAccount,
  bounds: Bounds = {},
): Field<number | true | null, Amount | boolean> {
  const expected = `true, or ${expectedOf(dimension)}`;
  const shape = { ...amountShape, type: ['string', 'number', 'boolean'] };
  return field<number | true | null, Amount | boolean>(account, shape, expected, (value) => {
    if (typeof value === 'boolean') return accept(value || null);
    const reading = readExact(value, dimension, bounds);
    if (reading.ok) return reading;
    const isYes = value === 'yes' || value === 'on';
    const means = isYes || value === 'no' || value === 'off' ? { hint: `write ${isYes}` } : {};
    const within = isBound(reading, dimension, bounds) ? `true, or ${reading.expected}` : expected;
    return { ...reading, expected: within, ...means };
  });
}

/** A time in seconds, or a percentile such as `p95`, which gives the share below it. */
export function timeOrPercentile(
  account: FieldAccount,
): Field<number | { readonly percentile: number }, Amount> {
  const expected = `${expectedOf('time')}, or a percentile such as p95`;
  return field<number | { readonly percentile: number }, Amount>(account, amountShape, expected, (value) => {
    const percent = typeof value === 'string' ? /^\s*p(\d+(\.\d+)?)\s*$/.exec(value)?.[1] : undefined;
    if (percent === undefined) {
      const reading = readExact(value, 'time', {});
      return reading.ok ? reading : { ...reading, expected };
    }
    const share = Number(percent) / 100;
    if (share > 0 && share < 1) return accept({ percentile: share });
    return {
      ok: false,
      code: 'out-of-range',
      found: showValue(value),
      expected: 'a percentile above p0 and below p100, such as p99 or p99.9',
    };
  });
}

function readExact(value: unknown, dimension: Dimension, bounds: Bounds): FieldReading<number> {
  const reading = readUncertain(value, dimension, bounds);
  if (!reading.ok) return reading;
  if (reading.value.low === reading.value.high) return accept(reading.value.value);
  return {
    ok: false,
    code: 'range-where-exact',
    found: showValue(value),
    expected: `one number: ${expectedOf(dimension)}`,
    hint: `write ${formatQuantity(reading.value.value, dimension)}, or try both ends one after the other`,
  };
}

function readUncertain(value: unknown, dimension: Dimension, bounds: Bounds): FieldReading<Uncertain> {
  if (!isAmount(value)) return refuseType(value, expectedOf(dimension));
  const what = nounOf(dimension);
  const parsed = fromParsed(parseQuantity(value, dimension));
  if (!parsed.ok) {
    if (parsed.code === 'out-of-range') return { ...parsed, expected: boundOf(dimension, bounds) };
    // Zero is out of range in any unit.
    if (parsed.code === 'unit-mismatch' && Number(value) === 0 && bounds.above === 0)
      return { ...parsed, expected: boundOf(dimension, bounds), hint: null };
    return isShare(dimension, bounds) ? { ...parsed, expected: 'a share such as 30% or 0.3' } : parsed;
  }
  const { low, high } = parsed.value;
  return (
    outside(low, value, dimension, bounds, what) ?? outside(high, value, dimension, bounds, what) ?? parsed
  );
}

/** A hint where the word a text begins with is nearly one of those that it may begin with. */
export function nearWord(text: string, words: readonly string[]): string | null {
  const word = text.trim().split(/[^\w-]/, 1)[0] ?? '';
  const near = nearestName(word, words);
  return near === null || near === word ? null : `did you mean ${near}?`;
}

function isAmount(value: unknown): value is Amount {
  return typeof value === 'string' || typeof value === 'number';
}

function expectedOf(dimension: Dimension): string {
  return exampleByDimension[dimension] ?? `an amount of ${dimension}`;
}

function fromParsed<T>(parsed: Parsed<T>): FieldReading<T> {
  if (parsed.ok) return accept(parsed.value);
  const { code, found, expected, hint } = parsed;
  return { ok: false, code, found, expected, hint };
}

function outside(number: number, value: Amount, dimension: Dimension, bounds: Bounds, what: string) {
  const { least = 0, above = Number.NEGATIVE_INFINITY } = bounds;
  if (number >= least && number > above && number <= mostOf(dimension, bounds)) return null;
  const expected = boundOf(dimension, bounds, what);
  const isPercent =
    isShare(dimension, bounds) && number > 1 && number <= 100 && /^[\d.]+$/.test(String(value));
  const hint = isPercent ? { hint: `write ${value}%` } : {};
  return { ok: false as const, code: 'out-of-range' as const, found: showValue(value), expected, ...hint };
}

/** Whether no more than the whole can be meant. */
const isShare = (dimension: Dimension, { most }: Bounds): boolean =>
  dimension === 'ratio' && most !== undefined && most <= 1;

const mostOf = (dimension: Dimension, { most }: Bounds): number =>
  most ?? mostByDimension[dimension] ?? Number.MAX_VALUE;

/** What a number must be, e.g. `from 0s to 100y`, `above 0% and at most 100%`. */
function boundsText(dimension: Dimension, bounds: Bounds): string {
  const { least = 0, above } = bounds;
  const times = dimension === 'ratio' && mostOf(dimension, bounds) > 1;
  const show = (bound: number): string =>
    times ? `${bound}x` : formatQuantity(bound, dimension, { digits: 15 });
  const most = show(mostOf(dimension, bounds));
  return above === undefined ? `from ${show(least)} to ${most}` : `above ${show(above)} and at most ${most}`;
}

/** What a number must be, with what it is. */
const boundOf = (dimension: Dimension, bounds: Bounds, what = nounOf(dimension)): string =>
  `${what} ${boundsText(dimension, bounds)}`;

/** Whether a value was refused for its size. */
const isBound = ({ expected }: FieldRefusal, dimension: Dimension, bounds: Bounds): boolean =>
  expected === boundOf(dimension, bounds);

/** The same where nothing is wrong yet: limits that no design comes near are not worth a word. */
function boundsSaid(dimension: Dimension, bounds: Bounds): string {
  if (bounds.most !== undefined) return boundsText(dimension, bounds);
  return `of at least ${formatQuantity(bounds.least ?? 0, dimension, { digits: 15 })}`;
}
