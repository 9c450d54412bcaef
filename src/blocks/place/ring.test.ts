import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import {
  BoundedLoadRing,
  createLocator,
  fillMaglevTable,
  HashRing,
  hashInteger,
  restoreLocator,
} from './index.ts';

describe('hash ring', () => {
  it('HR1 shares are exact: they add up to 1 and are met by uniform hashes', () => {
    const ring = new HashRing(5, { virtualNodes: 7 });
    ring.setAvailable(3, false);
    const shares = ring.shares();
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const draws = 100_000;
    const counts = new Float64Array(5);
    const random = createRandom(6);
    for (let i = 0; i < draws; i++) {
      const node = ring.locate(random.nextUint32());
      counts[node] = counts[node]! + 1;
    }
    for (const [node, share] of shares.entries()) {
      expect(Math.abs(counts[node]! / draws - share)).toBeLessThanOrEqual(
        4 * Math.sqrt((share * (1 - share)) / draws),
      );
    }
    for (let node = 0; node < 5; node++) ring.setAvailable(node, false);
    expect([...ring.shares()]).toEqual([0, 0, 0, 0, 0]);
  });

  // 20 rings at V ≥ 10; a share is Beta(V, …), whose square has heavy tails at V = 1, so more rings there.
  it.each([
    [1, 0.999, 60],
    [10, 0.3161, 20],
    [100, 0.09995, 20],
  ])(
    'O-L06 with %i points a node the coefficient of variation of 1,000 shares is %f',
    (virtualNodes, expected, rings) => {
      const nodes = 1000;
      expect(Math.sqrt((nodes - 1) / (nodes * virtualNodes + 1))).toBeCloseTo(expected, 3);
      let squares = 0;
      for (let seed = 1; seed <= rings; seed++) {
        for (const share of new HashRing(nodes, { virtualNodes, seed }).shares())
          squares += (share * nodes - 1) ** 2;
      }
      expect(Math.abs(Math.sqrt(squares / (nodes * rings)) / expected - 1)).toBeLessThan(0.05);
    },
  );

  it('O-L06 with 100 points 99 % of the shares are from 0.76 to 1.28 of the mean', () => {
    let inside = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const shares = new HashRing(1000, { virtualNodes: 100, seed }).shares();
      inside += shares.filter((share) => share * 1000 > 0.76 && share * 1000 < 1.28).length;
    }
    expect(Math.abs(inside / 10_000 - 0.99)).toBeLessThan(4 * Math.sqrt((0.99 * 0.01) / 10_000));
  });

  it('HR2 refuses impossible numbers of points', () => {
    for (const virtualNodes of [0, -1, 1.5, Number.NaN]) {
      expect(() => new HashRing(2, { virtualNodes })).toThrow(/virtualNodes must be a whole number ≥ 1/);
    }
    expect(() => new HashRing(1000, { virtualNodes: 2 ** 20 })).toThrow(/at most 2\^24 points in all/);
    expect(() => new HashRing(2, { seed: Number.NaN })).toThrow(/seed must be a 32-bit integer/);
  });
});

describe('bounded-load ring', () => {
  const nodes = 100;
  const keys = 10_000;

  /** Places all keys, the capacity reckoned for all of them; counts those that are not where the ring has them. */
  function forwarded(virtualNodes: number, loadFactor: number, seed: number) {
    const options = { virtualNodes, seed };
    const ring = new HashRing(nodes, options);
    const bounded = new BoundedLoadRing(nodes, { ...options, loadFactor, assumedLoad: keys });
    let count = 0;
    for (let key = 0; key < keys; key++) {
      const node = bounded.locate(hashInteger(key, seed));
      if (node !== ring.locate(hashInteger(key, seed))) count++;
      bounded.started(node);
    }
    return { share: count / keys, highest: Math.max(...bounded.load) };
  }

  it.each([
    [100, 0.002 * 0.7, 0.006 * 1.3],
    [1, 0.3 * 0.7, 0.41 * 1.3],
  ])(
    'O-L11 with %i points a node no load is above 125, and what is forwarded is in the range',
    (virtualNodes, low, high) => {
      let share = 0;
      for (let seed = 0; seed < 10; seed++) {
        const run = forwarded(virtualNodes, 1.25, seed);
        expect(run.highest).toBe(125);
        share += run.share / 10;
      }
      expect(share).toBeGreaterThan(low);
      expect(share).toBeLessThan(high);
    },
  );

  it('O-L11 with c = 2 and 100 points a node nothing is forwarded', () => {
    for (let seed = 0; seed < 5; seed++) expect(forwarded(100, 2, seed).share).toBe(0);
  });

  it('BL1 no load is above its capacity when it is placed, with weights and nodes away, whatever starts and ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 20 })), { maxLength: 120 }),
        (weights, loadFactor, plan) => {
          const ring = new BoundedLoadRing(weights.length, { weights, loadFactor, virtualNodes: 5 });
          const running: number[] = [];
          for (const [step, hash] of plan) {
            if (step === 0)
              ring.setAvailable(hash % weights.length, !ring.isAvailable(hash % weights.length));
            else if (step < 4 && running.length > 0)
              ring.finished(running.splice(hash % running.length, 1)[0]!);
            else {
              const node = ring.locate(hashInteger(hash));
              if (node < 0) {
                expect(ring.available).toBe(0);
                continue;
              }
              const up = weights.map((_, other) => ring.isAvailable(other));
              const total = weights.reduce((sum, weight, other) => sum + (up[other] ? weight : 0), 0);
              const inFlight = [...ring.load].reduce((sum, load, other) => sum + (up[other] ? load : 0), 0);
              const share = (loadFactor * (inFlight + 1) * weights[node]!) / total;
              expect(ring.load[node]! + 1).toBeLessThanOrEqual(Math.ceil(share + 1e-9));
              expect(ring.capacity(node)).toBeGreaterThanOrEqual(ring.load[node]! + 1);
              ring.started(node);
              running.push(node);
            }
          }
          for (let node = 0; node < weights.length; node++) {
            expect(ring.load[node]).toBe(running.filter((other) => other === node).length);
          }
        },
      ),
    );
  });

  it('BL3 a capacity is ⌈c·m/n⌉ exactly, also where c is no binary fraction', () => {
    for (const tenths of [10, 11, 13, 17, 23]) {
      for (let n = 1; n <= 7; n++) {
        for (let m = 1; m <= 100; m++) {
          const ring = new BoundedLoadRing(n, { virtualNodes: 1, loadFactor: tenths / 10, assumedLoad: m });
          expect(ring.capacity(0)).toBe(Math.floor((tenths * m + 10 * n - 1) / (10 * n)));
        }
      }
    }
  });

  it('BL2 spreads a single hot key over as many nodes as its load needs', () => {
    const ring = new BoundedLoadRing(10, { loadFactor: 1.25 });
    for (let i = 0; i < 1000; i++) ring.started(ring.locate(77));
    expect(Math.max(...ring.load)).toBeLessThanOrEqual(Math.ceil((1.25 * 1000) / 10));
    // 1,000 requests at 125 a node fill eight.
    expect(ring.load.filter((load) => load > 0).length).toBeGreaterThanOrEqual(8);
  });

  it('BL3 keeps loads in its state and refuses faulty ones', () => {
    const ring = createLocator('bounded-load', 3);
    for (let i = 0; i < 9; i++) ring.started(ring.locate(hashInteger(i)));
    ring.setAvailable(1, false);
    const state = JSON.parse(JSON.stringify(ring.snapshot()));
    const again = restoreLocator('bounded-load', 3, {}, state);
    expect(again.snapshot()).toEqual(state);
    for (let i = 0; i < 100; i++) expect(again.locate(hashInteger(i))).toBe(ring.locate(hashInteger(i)));
    for (const load of [undefined, [1, 2], [1, 2, -1], [1, 2, 0.5], [1, 2, '3']]) {
      expect(() => restoreLocator('bounded-load', 3, {}, { ...state, load })).toThrow(/state.load must/);
    }
  });

  it('BL4 refuses impossible calls by name', () => {
    for (const loadFactor of [0.99, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new BoundedLoadRing(2, { loadFactor })).toThrow(/loadFactor must be finite and ≥ 1/);
    }
    expect(() => new BoundedLoadRing(2, { assumedLoad: -1 })).toThrow(/assumedLoad must be from 0/);
    const ring = new BoundedLoadRing(2);
    expect(() => ring.finished(0)).toThrow(/finished\(0\) without a request in flight/);
    expect(() => ring.started(2)).toThrow(/node must be/);
    expect(() => ring.capacity(Number.NaN)).toThrow(/node must be/);
    expect([...ring.load]).toEqual([0, 0]);
  });
});

describe('maglev', () => {
  it('O-L08 fills the table of the paper, and again without B1', () => {
    const members = {
      offsets: Int32Array.of(3, 0, 3),
      skips: Int32Array.of(4, 2, 1),
      weights: Float64Array.of(1, 1, 1),
      up: Uint8Array.of(1, 1, 1),
      at: new Int32Array(3),
      credit: new Float64Array(3),
    };
    const table = new Int32Array(7);
    fillMaglevTable(table, members);
    expect([...table]).toEqual([1, 0, 1, 0, 2, 2, 0]);
    members.up[1] = 0;
    fillMaglevTable(table, members);
    expect([...table]).toEqual([0, 0, 0, 0, 2, 2, 2]);
    members.up.fill(0);
    fillMaglevTable(table, members);
    expect([...table]).toEqual([-1, -1, -1, -1, -1, -1, -1]);
  });

  it('MG1 with equal weights no two nodes differ by more than one entry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 251 }), fc.integer(), (nodes, seed) => {
        const locator = createLocator('maglev', nodes, { tableSize: 251, seed });
        const counts = new Int32Array(nodes);
        for (let entry = 0; entry < 251; entry++) {
          const node = locator.locate(entry);
          counts[node] = counts[node]! + 1;
        }
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('MG2 refuses tables that are not prime or too small', () => {
    for (const tableSize of [0, 1, 4, 65_536, 7.5, Number.NaN, 2 ** 31 - 1]) {
      expect(() => createLocator('maglev', 2, { tableSize })).toThrow(
        /tableSize must be a prime up to 2\^24/,
      );
    }
    expect(() => createLocator('maglev', 12, { tableSize: 11 })).toThrow(/tableSize must be ≥ 12 nodes/);
  });
});
