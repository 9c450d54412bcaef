import { describe, expect, it } from 'vitest';
import { add, divide, multiply, quantity, subtract, unitText, valueIn } from './quantity.ts';

describe('arithmetic keeps units', () => {
  it('a rate times a size is a bandwidth', () => {
    expect(valueIn(multiply(quantity(115_000, 'rate'), quantity(500, 'size')), 'bandwidth')).toBe(57.5e6);
  });

  it('a growth times a size times a time is a size', () => {
    const perSecond = multiply(quantity(10, 'growth'), quantity(500, 'size'));
    expect(valueIn(multiply(perSecond, quantity(86_400, 'time')), 'size')).toBe(432e6);
  });

  it('a rate times a time is a count', () => {
    expect(valueIn(multiply(quantity(1000, 'rate'), quantity(0.05, 'time')), 'count')).toBe(50);
  });

  it('a size divided by a bandwidth is a time', () => {
    expect(valueIn(divide(quantity(1e9, 'size'), quantity(1e8, 'bandwidth')), 'time')).toBe(10);
  });

  it('a price times what is bought is money', () => {
    expect(valueIn(multiply(quantity(2, 'money/size'), quantity(3, 'size')), 'money')).toBe(6);
    const month = multiply(
      multiply(quantity(2, 'money/size/time'), quantity(3, 'size')),
      quantity(4, 'time'),
    );
    expect(valueIn(month, 'money')).toBe(24);
  });

  it('plain numbers change the value only', () => {
    expect(valueIn(multiply(quantity(3, 'time'), 2), 'time')).toBe(6);
    expect(valueIn(divide(quantity(3, 'time'), 2), 'time')).toBe(1.5);
  });

  it('adds and subtracts like with like', () => {
    expect(valueIn(add(quantity(3, 'time'), quantity(2, 'time')), 'time')).toBe(5);
    expect(valueIn(subtract(quantity(3, 'time'), quantity(2, 'time')), 'time')).toBe(1);
    expect(() => add(quantity(3, 'time'), quantity(2, 'size'))).toThrow(
      new RangeError('add: both must be of one dimension, got s and B'),
    );
    expect(() => subtract(quantity(3, 'time'), quantity(2, 'rate'))).toThrow(RangeError);
    expect(() => valueIn(quantity(3, 'time'), 'bandwidth')).toThrow(
      new RangeError('valueIn: expected B/s, got s'),
    );
  });

  it('names the unit of whatever comes out', () => {
    const size = quantity(1, 'size');
    const time = quantity(1, 'time');
    expect(unitText(divide(size, time).vector)).toBe('B/s');
    expect(unitText(divide(quantity(1, 'count'), time).vector)).toBe('1/s');
    expect(unitText(multiply(size, multiply(size, time)).vector)).toBe('B^2·s');
    expect(unitText(divide(time, time).vector)).toBe('1');
    expect(unitText(divide(divide(time, size), size).vector)).toBe('s/B^2');
  });
});
