import { describe, expect, it } from 'vitest';
import { LeaseList } from './index.ts';

describe('a list of leases', () => {
  it('LEASE-1 keeps who renews, for as long as a lease lasts', () => {
    const list = new LeaseList(2, 90);
    list.renew(0, 30);
    list.expire(0, 119.9);
    list.expire(1, 90);
    expect([list.listed(0), list.listed(1), list.expiry(0)]).toEqual([true, false, 120]);
    list.expire(0, 120);
    expect(list.listed(0)).toBe(false);
    list.renew(0, 130);
    expect(list.listed(0)).toBe(true);
  });

  it('LEASE-2 lets go at once of who says that it goes', () => {
    const list = new LeaseList(1, 90);
    list.leave(0);
    expect(list.listed(0)).toBe(false);
  });

  it('LEASE-3 goes on from a snapshot, and refuses what cannot be', () => {
    const list = new LeaseList(2, 5);
    list.renew(1, 7);
    list.leave(0);
    const next = new LeaseList(2, 5, JSON.parse(JSON.stringify(list.snapshot())));
    expect([next.listed(0), next.listed(1), next.expiry(1)]).toEqual([false, true, 12]);
    expect(() => new LeaseList(2, 0)).toThrow('duration must be above 0, got 0');
    expect(() => new LeaseList(0, 1)).toThrow(RangeError);
    expect(() => list.listed(2)).toThrow(RangeError);
    expect(() => list.renew(0, Number.NaN)).toThrow(RangeError);
  });
});
