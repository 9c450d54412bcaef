/**
 * What a quantity measures. Its base unit is in the comment; prices are compound.
 *
 * `count` and `ratio` are both plain numbers and differ only in how they are written (`100M` and `30%`);
 * so are `rate` and `growth` (`115k/s`), which are named apart to let messages speak of the right thing.
 */
export type Dimension =
  /** seconds */
  | 'time'
  /** per second */
  | 'rate'
  /** new items per second */
  | 'growth'
  /** bytes */
  | 'size'
  /** bytes per second */
  | 'bandwidth'
  /** a ratio of 1 */
  | 'ratio'
  /** a count of 1 */
  | 'count'
  /** dollars */
  | 'money'
  /** dollars per second, e.g. `$0.10/h` */
  | 'money/time'
  /** dollars per byte, e.g. `$0.10/GB` */
  | 'money/size'
  /** dollars per byte and second, e.g. `$0.10/GB/month` */
  | 'money/size/time'
  /** dollars per item, e.g. `$0.20/1M` */
  | 'money/count';

/** Exponents of the base units second, byte and dollar. A plain number has none. */
export interface DimensionVector {
  readonly time: number;
  readonly size: number;
  readonly money: number;
}

/** What a unit symbol can measure by itself. */
export type UnitKind = 'time' | 'size' | 'count' | 'ratio';

/** How a dimension is written and spoken of. */
export interface DimensionAccount {
  readonly vector: DimensionVector;
  /** Symbol of the base unit, e.g. `B/s`. */
  readonly unit: string;
  /** What may stand before the first slash; amounts of money are counts behind a `$`. */
  readonly numerator: UnitKind;
  readonly dollars: boolean;
  /** What must stand after each slash, in order. */
  readonly per: readonly UnitKind[];
  /** In words, with an example, for messages: `a time such as 10ms`. */
  readonly words: string;
}

function account(
  unit: string,
  written: { numerator: UnitKind; dollars?: true; per?: readonly UnitKind[] },
  words: string,
): DimensionAccount {
  const per = written.per ?? [];
  const exponent = (kind: UnitKind): number =>
    (written.numerator === kind ? 1 : 0) - per.filter((each) => each === kind).length;
  return {
    vector: { time: exponent('time'), size: exponent('size'), money: written.dollars ? 1 : 0 },
    unit,
    numerator: written.numerator,
    dollars: written.dollars ?? false,
    per,
    words,
  };
}

/** Every dimension. A text that is not of the expected one is named after the first here that it is of. */
export const dimensions: Readonly<Record<Dimension, DimensionAccount>> = {
  time: account('s', { numerator: 'time' }, 'a time such as 10ms'),
  rate: account('1/s', { numerator: 'count', per: ['time'] }, 'a rate such as 80/s or 10B/day'),
  growth: account('1/s', { numerator: 'count', per: ['time'] }, 'a growth such as 1M/day'),
  size: account('B', { numerator: 'size' }, 'a size such as 500B or 16GB'),
  bandwidth: account('B/s', { numerator: 'size', per: ['time'] }, 'a bandwidth such as 10Gbit/s or 100MB/s'),
  ratio: account('1', { numerator: 'ratio' }, 'a ratio such as 30%, 2x or 0.3'),
  count: account('1', { numerator: 'count' }, 'a count such as 12 or 100M'),
  money: account('$', { numerator: 'count', dollars: true }, 'an amount of money such as $100 or $1.5k'),
  'money/time': account(
    '$/s',
    { numerator: 'count', dollars: true, per: ['time'] },
    'a price per time such as $0.10/h',
  ),
  'money/size': account(
    '$/B',
    { numerator: 'count', dollars: true, per: ['size'] },
    'a price per size such as $0.10/GB',
  ),
  'money/size/time': account(
    '$/B/s',
    { numerator: 'count', dollars: true, per: ['size', 'time'] },
    'a price per size and time such as $0.10/GB/month',
  ),
  'money/count': account(
    '$',
    { numerator: 'count', dollars: true, per: ['count'] },
    'a price per item such as $0.20/1M',
  ),
};

/** The symbol of a dimension's base unit: `s`, `1/s`, `B`, `B/s`, `1`, `$`, … */
export function baseUnit(dimension: Dimension): string {
  return dimensions[dimension].unit;
}

/** The dimension in words, with an example: `a time such as 10ms`. Messages expect it in these words. */
export function dimensionWords(dimension: Dimension): string {
  return dimensions[dimension].words;
}
