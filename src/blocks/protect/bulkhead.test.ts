import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bulkhead, type BulkheadState, restoreBulkhead } from './index.ts';

describe('bulkhead', () => {
  it('BH-1 runs, then lets wait, then refuses', () => {
    const bulkhead = new Bulkhead({ maxInFlight: 2, maxWaiting: 1 });
    expect(Array.from({ length: 4 }, () => bulkhead.arrive())).toEqual(['run', 'run', 'wait', 'refuse']);
    expect(new Bulkhead({ maxInFlight: 1 }).snapshot()).toEqual({
      version: 1,
      kind: 'bulkhead',
      inFlight: 0,
      waiting: 0,
    });
  });

  it('BH-2 keeps exact books within its bounds, whatever arrives, ends and goes away', () => {
    const action = fc.constantFrom('arrive', 'finished', 'abandoned', 'restart');
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.nat(4),
        fc.array(action, { maxLength: 200 }),
        (extra, maxWaiting, actions) => {
          const options = { maxInFlight: 1 + extra, maxWaiting };
          let bulkhead = new Bulkhead(options);
          let running = 0;
          let waiting = 0;
          for (const each of actions) {
            if (each === 'arrive') {
              const expected =
                running < options.maxInFlight ? 'run' : waiting < maxWaiting ? 'wait' : 'refuse';
              expect(bulkhead.arrive()).toBe(expected);
              if (expected === 'run') running++;
              if (expected === 'wait') waiting++;
            } else if (each === 'finished' && running > 0) {
              expect(bulkhead.finished()).toBe(waiting > 0);
              if (waiting > 0) waiting--;
              else running--;
            } else if (each === 'abandoned' && waiting > 0) {
              bulkhead.abandoned();
              waiting--;
            } else if (each === 'restart') {
              bulkhead = restoreBulkhead(
                options,
                JSON.parse(JSON.stringify(bulkhead.snapshot())) as BulkheadState,
              );
            }
            expect([bulkhead.inFlight, bulkhead.waiting]).toEqual([running, waiting]);
          }
        },
      ),
    );
  });

  it('BH-3 refuses impossible options, calls and state by name', () => {
    for (const maxInFlight of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => new Bulkhead({ maxInFlight })).toThrow(/maxInFlight must be/);
    }
    expect(() => new Bulkhead({ maxInFlight: 1, maxWaiting: -1 })).toThrow(/maxWaiting must be/);
    const bulkhead = new Bulkhead({ maxInFlight: 1 });
    expect(() => bulkhead.finished()).toThrow(RangeError);
    expect(() => bulkhead.abandoned()).toThrow(RangeError);
    const good = bulkhead.snapshot();
    for (const bad of [
      null,
      { ...good, version: 2 },
      { ...good, kind: 'ratio' },
      { ...good, inFlight: 2 },
      { ...good, waiting: 1 },
    ]) {
      expect(() => restoreBulkhead({ maxInFlight: 1 }, bad as BulkheadState)).toThrow(RangeError);
    }
  });
});
