import { type Dimension, dimensions, type UnitKind } from './dimension.ts';
import { bitRates, dividedBy, type Unit, unitTables } from './units.ts';

const numberPattern = /^\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d{1,4})?/;

/** The parts of `$0.10/GB`: dollars, digits `0.10`, units `['', 'GB']`. */
export interface WrittenNumber {
  readonly dollars: boolean;
  readonly digits: string;
  /** The unit before the first slash (may be empty) and those after each slash. */
  readonly units: readonly string[];
}

/** Splits a text into number and units without judging the units; null when there is no number in front. */
export function splitNumber(text: string): WrittenNumber | null {
  const dollars = text.startsWith('$');
  const rest = dollars ? text.slice(1).trimStart() : text;
  const digits = numberPattern.exec(rest)?.[0];
  if (digits === undefined) return null;
  const units = rest.slice(digits.length).split('/');
  return { dollars, digits: digits.replaceAll('_', ''), units: units.map((each) => each.trim()) };
}

function findUnit(kind: UnitKind, symbol: string, after: 'slash' | 'number'): Unit | undefined {
  // Items are counted off in whole suffixes: `$3/1M` and `$3/M` are the same price.
  if (kind === 'count' && after === 'slash') {
    const suffix = symbol.startsWith('1') ? symbol.slice(1) : symbol;
    return symbol === '' ? undefined : unitTables.count.get(suffix);
  }
  return unitTables[kind].get(symbol);
}

/** The unit that these symbols mean in this dimension, if any. */
export function unitOf(written: WrittenNumber, dimension: Dimension): Unit | null {
  const { numerator, dollars, per } = dimensions[dimension];
  if (written.dollars !== dollars) return null;
  const [first = '', ...rest] = written.units;
  if (dimension === 'bandwidth' && rest.length === 0) return bitRates.get(first) ?? null;
  if (rest.length !== per.length) return null;
  let unit = findUnit(numerator, first, 'number');
  for (const [index, kind] of per.entries()) {
    const divisor = findUnit(kind, rest[index] ?? '', 'slash');
    unit = unit && divisor && dividedBy(unit, divisor);
  }
  return unit ?? null;
}
