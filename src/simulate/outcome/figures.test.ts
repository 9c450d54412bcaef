import { describe, expect, it } from 'vitest';
import { rateFigure } from './figures.ts';

describe('rates of rare events', () => {
  it('FIG-1 none seen in 10 × 100 s may still be 3.7 in that time', () => {
    const none = rateFigure(Array(10).fill(0), Array(10).fill(100));
    expect(none).toMatchObject({ value: 0, low: 0 });
    expect(none.high! * 1000).toBeCloseTo(3.69, 1);
  });

  it('FIG-2 ten seen may be 4.8 to 18.4, as the exact interval of a Poisson count has it', () => {
    const ten = rateFigure(Array(10).fill(1), Array(10).fill(100));
    expect(ten.low! * 1000).toBeCloseTo(4.8, 1);
    expect(ten.high! * 1000).toBeCloseTo(18.4, 1);
  });
});
