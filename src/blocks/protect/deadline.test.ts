import { describe, expect, it } from 'vitest';
import { attemptBudget, deadlineAfter, hopBudget, timeLeft } from './index.ts';

const NEVER = Number.POSITIVE_INFINITY;

describe('deadlines', () => {
  it('DL-1 what is left falls to 0 and not below', () => {
    const deadline = deadlineAfter(-5, 10);
    expect([-5, 0, 5, 6].map((now) => timeLeft(deadline, now))).toEqual([10, 5, 0, 0]);
    expect(timeLeft(deadlineAfter(0, NEVER), 1e300)).toBe(NEVER);
  });

  it('DL-2 a hop gets what is left without the margin, and no more than it wants', () => {
    expect(hopBudget(10, 0, 2)).toBe(8);
    expect(hopBudget(10, 0, 2, 5)).toBe(5);
    expect(hopBudget(10, 9, 2, 5)).toBe(0);
    expect(hopBudget(NEVER, 0, 2, 5)).toBe(5);
    expect(hopBudget(NEVER, 0, 2)).toBe(NEVER);
  });

  it('DL-3 attempts that each take their share end before the margin', () => {
    expect(attemptBudget(10, 0, 1, 3)).toBe(3);
    expect(attemptBudget(10, 0, 1, 3, 3)).toBe(2);
    expect(attemptBudget(10, 0, 1, 3, 30)).toBe(0);
    expect(attemptBudget(NEVER, 0, 1, 3)).toBe(NEVER);
  });

  it('DL-4 refuses impossible arguments by name', () => {
    expect(() => deadlineAfter(Number.NaN, 1)).toThrow(/now must be/);
    expect(() => deadlineAfter(0, -1)).toThrow(/budget must be/);
    expect(() => timeLeft(Number.NaN, 0)).toThrow(/deadline must be/);
    expect(() => hopBudget(1, 0, -1)).toThrow(/margin must be/);
    expect(() => hopBudget(1, 0, 0, Number.NaN)).toThrow(/wanted must be/);
    expect(() => attemptBudget(1, 0, 0, 0)).toThrow(/attempts must be/);
    expect(() => attemptBudget(1, 0, 0, 1, -1)).toThrow(/delays must be/);
  });
});
