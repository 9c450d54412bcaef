import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assignor, assignRange, assignRoundRobin, assignSticky, partitionsMoved } from './index.ts';

const assignors: readonly [string, Assignor][] = [
  ['range', assignRange],
  ['round robin', assignRoundRobin],
  ['sticky from nothing', (partitions, members) => assignSticky(partitions, members, [])],
  [
    'sticky from one that held all',
    (partitions, members) => assignSticky(partitions, members, new Int32Array(partitions).fill(members[0]!)),
  ],
  [
    'sticky from members that are gone',
    (partitions, members) => assignSticky(partitions, members, new Int32Array(2 * partitions).fill(999)),
  ],
];

const group = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 9 });

describe.each(assignors)('%s', (_, assign) => {
  it('AS-1 gives every partition one member of the group, balanced within 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), group, (partitions, members) => {
        const owners = assign(partitions, members);
        expect(owners.length).toBe(partitions);
        const counts = members.map((member) => owners.filter((owner) => owner === member).length);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(partitions);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(assign(partitions, members)).toEqual(owners);
      }),
    );
  });

  it('AS-2 refuses impossible groups by name', () => {
    expect(() => assign(3, [])).toThrow(/members must be at least one/);
    expect(() => assign(3, [1, 1])).toThrow(/members must be different/);
    expect(() => assign(3, [-1])).toThrow(RangeError);
    expect(() => assign(3, [Number.NaN])).toThrow(RangeError);
    for (const partitions of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => assign(partitions, [1])).toThrow(RangeError);
    }
  });
});

it('AS-3 range gives neighbours together, round robin deals', () => {
  expect([...assignRange(7, [4, 5, 6])]).toEqual([4, 4, 4, 5, 5, 6, 6]);
  expect([...assignRoundRobin(7, [4, 5, 6])]).toEqual([4, 5, 6, 4, 5, 6, 4]);
});

describe('sticky', () => {
  /** The most partitions that any balanced assignment leaves with their member, by trying all. */
  function mostKept(partitions: number, members: readonly number[], previous: readonly number[]): number {
    let best = -1;
    const owners: number[] = [];
    const search = (): void => {
      if (owners.length === partitions) {
        const counts = members.map((member) => owners.filter((owner) => owner === member).length);
        if (Math.max(...counts) - Math.min(...counts) > 1) return;
        best = Math.max(best, owners.filter((owner, i) => owner === previous[i]).length);
        return;
      }
      for (const member of members) {
        owners.push(member);
        search();
        owners.pop();
      }
    };
    search();
    return best;
  }

  it('AS-4 moves as few as any balanced assignment can', () => {
    const members = fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 });
    const previous = fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), members, previous, (partitions, members, previous) => {
        const owners = assignSticky(partitions, members, previous);
        const kept = partitions - partitionsMoved(owners, previous);
        expect(kept).toBe(mostKept(partitions, members, previous));
      }),
    );
  });

  it('AS-5 moves nothing when nobody comes or goes, and one share when one does', () => {
    const before = assignSticky(100, [1, 2, 3, 4], []);
    expect(assignSticky(100, [4, 2, 1, 3], before)).toEqual(before);
    expect(partitionsMoved(assignSticky(100, [1, 2, 3, 4, 5], before), before)).toBe(20);
    expect(partitionsMoved(assignSticky(100, [1, 2, 4], before), before)).toBe(25);
    // Dealt anew, nearly all move.
    expect(partitionsMoved(assignRoundRobin(100, [1, 2, 3, 4, 5]), assignRoundRobin(100, [1, 2, 3, 4]))).toBe(
      80,
    );
  });
});
