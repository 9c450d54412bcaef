import { describe, expect, it } from 'vitest';
import type { Dimension } from './dimension.ts';
import { parseNumber } from './parse-number.ts';

type Accepted = readonly [text: string | number, dimension: Dimension, value: number];
type Refused = readonly [
  text: string | number,
  dimension: Dimension,
  code: 'unit-mismatch' | 'not-a-quantity' | 'out-of-range',
  hint: string | null,
];

const hour = 3600;
const day = 24 * hour;
const year = 365 * day;
const month = 730 * hour;

const times: readonly Accepted[] = [
  ['1ns', 'time', 1e-9],
  ['60us', 'time', 60e-6],
  ['60µs', 'time', 60e-6],
  ['60μs', 'time', 60e-6],
  ['0.3ms', 'time', 0.0003],
  ['50 ms', 'time', 0.05],
  [' 50ms ', 'time', 0.05],
  ['10s', 'time', 10],
  ['10 sec', 'time', 10],
  ['2 seconds', 'time', 2],
  ['1e3s', 'time', 1000],
  ['1.5E-3s', 'time', 0.0015],
  ['1_000ms', 'time', 1],
  ['2m', 'time', 120],
  ['2min', 'time', 120],
  ['1.5h', 'time', 1.5 * hour],
  ['1day', 'time', day],
  ['2d', 'time', 2 * day],
  ['1week', 'time', 7 * day],
  ['1month', 'time', month],
  ['5y', 'time', 5 * year],
  ['1 year', 'time', year],
  ['1h30m', 'time', 5400],
  ['1h 30min', 'time', 5400],
  ['1m0.5s', 'time', 60.5],
  ['0s', 'time', 0],
];

const others: readonly Accepted[] = [
  ['80/s', 'rate', 80],
  ['10B/day', 'rate', 10e9 / 86_400],
  ['115k/s', 'rate', 115_000],
  ['1M/day', 'growth', 1e6 / 86_400],
  ['60/min', 'rate', 1],
  ['60 / min', 'rate', 1],
  ['500B', 'size', 500],
  ['10B', 'size', 10],
  ['10kB', 'size', 10_000],
  ['10KB', 'size', 10_000],
  ['16GB', 'size', 16e9],
  ['16GiB', 'size', 16 * 2 ** 30],
  ['1KiB', 'size', 1024],
  ['2PB', 'size', 2e15],
  ['8bit', 'size', 1],
  ['8Mbit', 'size', 1e6],
  ['100 bytes', 'size', 100],
  ['10Gbit/s', 'bandwidth', 1.25e9],
  ['10Gbps', 'bandwidth', 1.25e9],
  ['100MB/s', 'bandwidth', 1e8],
  ['10B/day', 'bandwidth', 10 / 86_400],
  ['1MiB/s', 'bandwidth', 2 ** 20],
  ['99.95%', 'ratio', 0.9995],
  ['30 %', 'ratio', 0.3],
  ['2x', 'ratio', 2],
  ['2×', 'ratio', 2],
  ['0.3', 'ratio', 0.3],
  [0.3, 'ratio', 0.3],
  ['100M', 'count', 1e8],
  ['10B', 'count', 1e10],
  ['3T', 'count', 3e12],
  ['12k', 'count', 12_000],
  ['12K', 'count', 12_000],
  ['12', 'count', 12],
  [12, 'count', 12],
  [1e21, 'count', 1e21],
  ['$100', 'money', 100],
  ['$ 1.5k', 'money', 1500],
  ['$0.10/h', 'money/time', 0.1 / hour],
  ['$0.10/GB', 'money/size', 1e-10],
  ['$0.10/GB/month', 'money/size/time', 0.1 / (1e9 * month)],
  ['$0.20/1M', 'money/count', 2e-7],
  ['$0.20/M', 'money/count', 2e-7],
];

const refused: readonly Refused[] = [
  ['', 'time', 'not-a-quantity', null],
  ['fast', 'time', 'not-a-quantity', null],
  ['10 parsecs', 'time', 'not-a-quantity', null],
  ['10constructor', 'time', 'not-a-quantity', null],
  ['10__proto__/s', 'rate', 'not-a-quantity', null],
  ['NaN', 'count', 'not-a-quantity', null],
  [Number.NaN, 'count', 'not-a-quantity', null],
  [Number.POSITIVE_INFINITY, 'count', 'not-a-quantity', null],
  ['10', 'time', 'unit-mismatch', 'write 10ms or 10s'],
  [10, 'time', 'unit-mismatch', 'write 10ms or 10s'],
  [0, 'time', 'unit-mismatch', 'write 0ms or 0s'],
  ['80', 'rate', 'unit-mismatch', 'write 80/s or 80/day'],
  ['500', 'size', 'unit-mismatch', 'write 500B or 500MB'],
  ['100', 'money', 'unit-mismatch', 'write $100'],
  ['100MB', 'money', 'unit-mismatch', null],
  ['0.10/GB', 'money/size', 'not-a-quantity', 'write $0.10/GB'],
  ['0.10 USD/h', 'money/time', 'not-a-quantity', 'write $0.10/h'],
  ['16GB', 'time', 'unit-mismatch', null],
  ['50ms', 'size', 'unit-mismatch', null],
  ['50ms', 'count', 'unit-mismatch', null],
  ['3GB/s', 'size', 'unit-mismatch', null],
  ['10Gbit', 'bandwidth', 'unit-mismatch', 'write 10Gbit/s'],
  ['$5', 'count', 'unit-mismatch', 'write 5'],
  ['2M', 'time', 'unit-mismatch', 'write 2min or 2month'],
  ['10MS', 'time', 'not-a-quantity', 'write 10ms'],
  ['10msec', 'time', 'not-a-quantity', 'write 10ms'],
  ['10Mb', 'size', 'not-a-quantity', 'write 10Mbit or 10MB'],
  ['10mb', 'size', 'not-a-quantity', 'write 10Mbit or 10MB'],
  ['10Mb', 'bandwidth', 'not-a-quantity', 'write 10Mbit/s or 10MB/s'],
  ['10Mb/s', 'bandwidth', 'not-a-quantity', 'write 10Mbit/s or 10MB/s'],
  ['10gbps', 'bandwidth', 'not-a-quantity', 'write 10Gbps'],
  ['16Gi', 'size', 'not-a-quantity', 'write 16GiB'],
  ['16gib', 'size', 'not-a-quantity', 'write 16GiB'],
  ['16G', 'size', 'not-a-quantity', 'write 16GB'],
  ['16M', 'size', 'unit-mismatch', 'write 16MB'],
  ['100m', 'count', 'unit-mismatch', 'write 100M'],
  ['100 million', 'count', 'not-a-quantity', 'write 100M'],
  ['80rps', 'rate', 'not-a-quantity', 'write 80/s'],
  ['500 req/s', 'rate', 'not-a-quantity', 'write 500/s'],
  ['500 per second', 'rate', 'not-a-quantity', 'write 500/second'],
  ['1M/Day', 'rate', 'not-a-quantity', 'write 1M/day'],
  ['80/10s', 'rate', 'not-a-quantity', null],
  ['80/', 'rate', 'not-a-quantity', null],
  ['80/s/s', 'rate', 'not-a-quantity', null],
  ['1,000', 'count', 'not-a-quantity', 'write 1000, without commas'],
  ['.5s', 'time', 'not-a-quantity', 'write 0.5s'],
  ['0.10$', 'money', 'not-a-quantity', 'write $0.10'],
  ['30 percent', 'ratio', 'not-a-quantity', 'write 30%'],
  ['-5ms', 'time', 'out-of-range', 'it cannot be negative'],
  [-5, 'count', 'out-of-range', 'it cannot be negative'],
  ['−5ms', 'time', 'out-of-range', 'it cannot be negative'],
  ['-$5', 'money', 'out-of-range', 'it cannot be negative'],
  ['1e400s', 'time', 'out-of-range', 'the number is too large'],
  ['1e308y', 'time', 'out-of-range', 'the number is too large'],
  ['1h30', 'time', 'not-a-quantity', null],
  ['1h30GB', 'time', 'not-a-quantity', null],
  ['1'.repeat(201), 'count', 'not-a-quantity', 'the text is too long'],
];

describe('parseNumber', () => {
  it.each([...times, ...others])('reads %s as %s: %d', (text, dimension, value) => {
    expect(parseNumber(text, dimension)).toEqual({ ok: true, value });
  });

  it.each(refused)('refuses %s as %s: %s', (text, dimension, code, hint) => {
    expect(parseNumber(text, dimension)).toMatchObject({ ok: false, code, hint });
  });

  it('says what was found and what was expected', () => {
    expect(parseNumber('16GB', 'time')).toEqual({
      ok: false,
      code: 'unit-mismatch',
      found: '16GB (a size)',
      expected: 'a time such as 10ms',
      hint: null,
    });
    expect(parseNumber(10, 'time')).toMatchObject({ found: '10 (without a unit)' });
  });

  it('keeps the message short and on one line, however long the text', () => {
    const problem = parseNumber('x\n'.repeat(100_000), 'time');
    expect(!problem.ok && problem.found).toMatch(/^[^\n]{60}…$/);
  });

  it('costs decimal units no rounding beyond that of the literal', () => {
    for (let tenths = 1; tenths < 1000; tenths++) {
      const digits = String(tenths / 10);
      expect(parseNumber(`${digits}us`, 'time')).toEqual({ ok: true, value: Number(`${digits}e-6`) });
      expect(parseNumber(`${digits}%`, 'ratio')).toEqual({ ok: true, value: Number(`${digits}e-2`) });
    }
  });
});
