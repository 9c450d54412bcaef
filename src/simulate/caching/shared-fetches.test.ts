import { describe, expect, it } from 'vitest';
import { ALONE, JOIN, SharedFetches } from './shared-fetches.ts';

const LEASES = 0;
const KEY = 7;

/** Leases of a cache, and flights of the two instances of a caller. */
function shared(): SharedFetches {
  return new SharedFetches([
    { by: 'cache', front: 0, cache: 0, owner: null, instances: 1, first: 0 },
    { by: 'instance', front: 0, cache: 0, owner: 1, instances: 2, first: 1 },
  ]);
}

function waiting(fetches: SharedFetches, fetch: number): number[] {
  const frames: number[] = [];
  for (let frame = fetches.firstOf(fetch); frame >= 0; frame = fetches.after(frame)) frames.push(frame);
  return frames;
}

describe('SharedFetches', () => {
  it('FE-1 one fetches a key, the others wait in the order in which they came', () => {
    const fetches = shared();
    const fetch = fetches.begin(LEASES, KEY, true, 0);
    expect(fetch).toBeGreaterThan(0);
    for (const frame of [90, 3, 500]) {
      expect(fetches.begin(LEASES, KEY, true, 1)).toBe(JOIN);
      fetches.wait(LEASES, KEY, frame);
    }
    expect(waiting(fetches, fetch)).toEqual([90, 3, 500]);
    expect(fetches.begin(LEASES, KEY + 1, true, 1)).toBeGreaterThan(0);
    fetches.end(fetch, true);
    expect(fetches.begin(LEASES, KEY, true, 2)).toBeGreaterThan(0);
  });

  it('FE-2 each instance has flights of its own, and shares their failures', () => {
    const fetches = shared();
    const first = fetches.begin(1, KEY, true, 0);
    const second = fetches.begin(2, KEY, true, 0);
    expect([first > 0, second > 0, first !== second]).toEqual([true, true, true]);
    expect(fetches.triesAgain(first)).toBe(false);
    expect(fetches.triesAgain(fetches.begin(LEASES, KEY, true, 0))).toBe(true);
  });

  it.each([0, 1])('FE-3 a key that another stands for waits for that, and leads nobody (%d)', (whose) => {
    const fetches = shared();
    expect(fetches.begin(whose, KEY, false, 0)).toBe(ALONE);
    const fetch = fetches.begin(whose, KEY, true, 0);
    expect(fetch).toBeGreaterThan(0);
    expect(fetches.begin(whose, KEY, false, 0)).toBe(JOIN);
    fetches.end(fetch, false);
    expect(fetches.begin(whose, KEY, false, 0)).toBe(ALONE);
  });

  it('FE-4 a dropped key ends the lease and not the wait of those who have it', () => {
    const fetches = shared();
    const before = fetches.begin(LEASES, KEY, true, 0);
    fetches.wait(LEASES, KEY, 1);
    fetches.dropped(LEASES, KEY);
    expect(fetches.isCurrent(before)).toBe(false);
    const after = fetches.begin(LEASES, KEY, true, 1);
    fetches.wait(LEASES, KEY, 2);
    expect([waiting(fetches, before), waiting(fetches, after)]).toEqual([[1], [2]]);
    fetches.end(before, true);
    expect(fetches.isCurrent(after)).toBe(true);
    expect(fetches.begin(LEASES, KEY, true, 2)).toBe(JOIN);
  });

  it('FE-6 those who waited for one fetch wait on for the next, behind who is there', () => {
    const fetches = shared();
    const failed = fetches.begin(LEASES, KEY, true, 0);
    for (const frame of [4, 5, 6]) fetches.wait(LEASES, KEY, frame);
    const last = fetches.lastOf(failed);
    fetches.end(failed, false);
    const next = fetches.begin(LEASES, KEY, true, 1);
    fetches.wait(LEASES, KEY, 9);
    fetches.waitOn(LEASES, KEY, 5, last);
    fetches.wait(LEASES, KEY, 10);
    expect(waiting(fetches, next)).toEqual([9, 5, 6, 10]);
  });

  it('FE-5 numbers are used again, and there are as many as are needed', () => {
    const fetches = shared();
    const all = Array.from({ length: 1000 }, (_, key) => fetches.begin(LEASES, key, true, 0));
    expect(new Set(all).size).toBe(1000);
    for (const fetch of all) expect(fetches.isCurrent(fetch)).toBe(true);
    for (const fetch of all) fetches.end(fetch, true);
    const again = Array.from({ length: 1000 }, (_, key) => fetches.begin(LEASES, key, true, 0));
    expect(Math.max(...again)).toBe(Math.max(...all));
  });
});
