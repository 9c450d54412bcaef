import type { UnitKind } from './dimension.ts';

/**
 * The units a design may be written in.
 *
 * Case matters, because M and m, B and b mean different things; where a wrong case is likely, the parser
 * answers with a hint instead of a guess. The one exception is thousand, k or K. Size prefixes are decimal
 * (1 KB = 1 kB = 1000 B; IEC 80000-13), binary ones have the i (1 KiB = 1024 B). `B` is a byte in a size or
 * bandwidth and a billion in a count, rate or price: the dimension that is expected decides. `m` is a minute,
 * as in Go, k6 and Kubernetes.
 *
 * A year is 365 days, as in the availability table of Google's "Site Reliability Engineering" (2016),
 * appendix A (99.9 % = 8.76 hours a year). A month is a twelfth of that, 730 hours, as in the AWS Pricing
 * Calculator.
 */
export interface Unit {
  readonly symbol: string;
  /** One unit is 10^exponent · times / over base units; in parts, so that `0.3ms` is exactly 0.0003. */
  readonly exponent: number;
  readonly times: number;
  readonly over: number;
}

type UnitTable = ReadonlyMap<string, Unit>;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

function unit(symbol: string, exponent: number, times = 1, over = 1): Unit {
  return { symbol, exponent, times, over };
}

/** The first symbol of each row is the one that is printed; the rest are read as well. */
function table(
  rows: readonly (readonly [symbols: string, exponent: number, times?: number, over?: number])[],
) {
  const units = new Map<string, Unit>();
  for (const [symbols, exponent, times, over] of rows) {
    const [first = '', ...others] = symbols.split(' ');
    const entry = unit(first, exponent, times, over);
    for (const symbol of [first, ...others]) units.set(symbol, entry);
  }
  return units;
}

const time = table([
  ['ns', -9],
  ['us µs μs', -6],
  ['ms', -3],
  ['s sec second seconds', 0],
  ['min m minute minutes', 0, minute],
  ['h hour hours', 0, hour],
  ['day d days', 0, day],
  ['week weeks', 0, 7 * day],
  ['month months', 0, year / 12],
  ['y year years', 0, year],
]);

const size = table([
  ['B byte bytes', 0],
  ['kB KB', 3],
  ['MB', 6],
  ['GB', 9],
  ['TB', 12],
  ['PB', 15],
  ['EB', 18],
  ['KiB', 0, 2 ** 10],
  ['MiB', 0, 2 ** 20],
  ['GiB', 0, 2 ** 30],
  ['TiB', 0, 2 ** 40],
  ['PiB', 0, 2 ** 50],
  ['EiB', 0, 2 ** 60],
  ['bit bits', 0, 1, 8],
  ['kbit Kbit', 3, 1, 8],
  ['Mbit', 6, 1, 8],
  ['Gbit', 9, 1, 8],
  ['Tbit', 12, 1, 8],
]);

const one = unit('', 0);

const count: UnitTable = new Map([
  ['', one],
  ...table([
    ['k K', 3],
    ['M', 6],
    ['B', 9],
    ['T', 12],
  ]),
]);

const ratio: UnitTable = new Map([
  ['', one],
  ...table([
    ['%', -2],
    ['x ×', 0],
  ]),
]);

/** Symbols that may be written, by what they measure. */
export const unitTables: Readonly<Record<UnitKind, UnitTable>> = { time, size, count, ratio };

/** Bits per second in one word, as networks are sold: `10Gbps`. Read, not printed. */
export const bitRates: UnitTable = table([
  ['bps', 0, 1, 8],
  ['kbps Kbps', 3, 1, 8],
  ['Mbps', 6, 1, 8],
  ['Gbps', 9, 1, 8],
  ['Tbps', 12, 1, 8],
]);

/** `a` per `b`. */
export function dividedBy(a: Unit, b: Unit): Unit {
  return {
    symbol: `${a.symbol}/${b.symbol}`,
    exponent: a.exponent - b.exponent,
    times: a.times * b.over,
    over: a.over * b.times,
  };
}

/**
 * `digits` (a decimal number as text) of this unit in base units. The power of ten is shifted in the text, so
 * that decimal units cost no rounding beyond that of the literal itself.
 */
export function inBaseUnits(digits: string, { exponent, times, over }: Unit): number {
  const [mantissa = '', written = '0'] = digits.toLowerCase().split('e');
  return (Number(`${mantissa}e${Number(written) + exponent}`) * times) / over;
}

/** One unit in base units. */
export function factorOf(of: Unit): number {
  return inBaseUnits('1', of);
}
