import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedBuffer, backPressures, DedupWindow, PartitionedLog, partitionOf } from './index.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe.each(backPressures)('buffer that when full does: %s', (whenFull) => {
  it('BP-1 holds no more than its capacity, and delivers in order or accounts for every message', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.constantFrom('offer', 'offer', 'poll', 'withdraw', 'restart'), { maxLength: 100 }),
        (capacity, waitingCapacity, actions) => {
          const options = { capacity, waitingCapacity, whenFull };
          let buffer = new BoundedBuffer(options);
          let inside: number[] = [];
          let waiting: number[] = [];
          let lost = 0;
          let delivered = 0;
          let offered = 0;
          for (const action of actions) {
            if (action === 'restart') buffer = new BoundedBuffer(options, throughJson(buffer.snapshot()));
            else if (action === 'poll') {
              const expected = inside.shift() ?? -1;
              expect(buffer.poll()).toBe(expected);
              if (expected >= 0) delivered++;
              const next = expected < 0 ? undefined : waiting.shift();
              expect(buffer.unblocked).toBe(next ?? -1);
              if (next !== undefined) inside.push(next);
            } else if (action === 'withdraw') {
              const message = waiting[waiting.length >> 1] ?? 5000;
              expect(buffer.withdraw(message)).toBe(waiting.includes(message));
              if (waiting.includes(message)) lost++;
              waiting = waiting.filter((other) => other !== message);
            } else {
              const message = offered++;
              const outcome = buffer.offer(message);
              if (inside.length < capacity) {
                expect(outcome).toBe('accepted');
                inside.push(message);
              } else if (whenFull === 'drop-oldest') {
                expect([outcome, buffer.dropped]).toEqual(['dropped-oldest', inside[0]]);
                inside = [...inside.slice(1), message];
                lost++;
              } else if (whenFull === 'drop-newest') {
                expect(outcome).toBe('dropped-newest');
                lost++;
              } else if (whenFull === 'block' && waiting.length < waitingCapacity) {
                expect(outcome).toBe('blocked');
                waiting.push(message);
              } else {
                expect(outcome).toBe('rejected');
                lost++;
              }
            }
            expect([buffer.size, buffer.waitingCount]).toEqual([inside.length, waiting.length]);
          }
          expect(delivered + lost + inside.length + waiting.length).toBe(offered);
        },
      ),
    );
  });

  it('BP-2 refuses impossible arguments and foreign states by name', () => {
    expect(() => new BoundedBuffer({ capacity: 0, whenFull })).toThrow(/capacity must be/);
    expect(() => new BoundedBuffer({ capacity: 1, whenFull, waitingCapacity: -1 })).toThrow(RangeError);
    const buffer = new BoundedBuffer({ capacity: 2, whenFull });
    for (const message of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => buffer.offer(message)).toThrow(/message must be/);
    }
    expect(buffer.poll()).toBe(-1);
    buffer.offer(1);
    buffer.offer(2);
    expect(() => new BoundedBuffer({ capacity: 1, whenFull }, buffer.snapshot())).toThrow(RangeError);
    expect(() => new BoundedBuffer({ capacity: 2, whenFull: 'wait' as 'block' })).toThrow(
      /one of reject, block/,
    );
  });
});

describe('dedup window', () => {
  it('DW-1 knows repeats within the span and the capacity, whatever the clock does', () => {
    const action = fc.record({ id: fc.nat({ max: 6 }), step: fc.integer({ min: -4, max: 6 }) });
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 150 }),
        fc.integer({ min: 1, max: 5 }),
        (actions, capacity) => {
          let window = new DedupWindow<number>({ span: 20, capacity });
          let model: { id: number; at: number }[] = [];
          let now = 0;
          let clock = Number.NEGATIVE_INFINITY;
          for (const { id, step } of actions) {
            now += step;
            clock = Math.max(clock, now);
            model = model.filter(({ at }) => clock - at < 20);
            const known = model.some((entry) => entry.id === id);
            expect(window.firstSeen(id, now)).toBe(!known);
            if (!known) model = [...model, { id, at: clock }].slice(-capacity);
            expect(window.size).toBeLessThanOrEqual(capacity);
            if (step === 5) window = new DedupWindow({ span: 20, capacity }, throughJson(window.snapshot()));
          }
        },
      ),
    );
  });

  it('DW-2 counts what it forgot before its time', () => {
    const window = new DedupWindow({ span: 10, capacity: 2 });
    expect(['a', 'b', 'a'].map((id) => window.firstSeen(id, 0))).toEqual([true, true, false]);
    expect(window.firstSeen('c', 10)).toBe(true);
    expect(window.forgottenEarly).toBe(0);
    expect(window.firstSeen('d', 11)).toBe(true);
    expect(window.firstSeen('e', 11)).toBe(true);
    expect(window.forgottenEarly).toBe(1);
    expect(window.forget('e')).toBe(true);
    expect(window.firstSeen('e', 11)).toBe(true);
    expect(window.firstSeen('e', -3600)).toBe(false);
    expect(window.firstSeen('e', 3611)).toBe(true);
  });

  it('DW-3 refuses impossible arguments and foreign states by name', () => {
    expect(() => new DedupWindow({ span: 0, capacity: 1 })).toThrow(/span must be/);
    expect(() => new DedupWindow({ span: Number.NaN, capacity: 1 })).toThrow(RangeError);
    expect(() => new DedupWindow({ span: 1, capacity: 0 })).toThrow(/capacity must be/);
    const window = new DedupWindow({ span: 1, capacity: 2 });
    expect(() => window.firstSeen(1, Number.NaN)).toThrow(/now must be/);
    expect(() => window.firstSeen(Number.NaN, 1)).toThrow(/id must be/);
    window.firstSeen(1, 5);
    const state = window.snapshot();
    expect(() => new DedupWindow({ span: 1, capacity: 2 }, { ...state, seen: [[1, 9]] })).toThrow(
      /in order of time/,
    );
    expect(() => new DedupWindow({ span: 1, capacity: 2 }, { ...state, version: 2 as 1 })).toThrow(
      /version 1/,
    );
  });
});

describe('partitioned log', () => {
  it('PL-1 gives consecutive offsets, keeps the last ones in order, and says what was lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 2 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (appends, retention) => {
          const options = { partitions: 3, retention, groups: 2 };
          let log = new PartitionedLog(options);
          const all: number[][] = [[], [], []];
          appends.forEach((partition, message) => {
            expect(log.append(partition, message)).toBe(all[partition]!.length);
            all[partition]!.push(message);
          });
          log = new PartitionedLog(options, throughJson(log.snapshot()));
          for (const [partition, messages] of all.entries()) {
            expect(log.end(partition)).toBe(messages.length);
            const low = Math.max(0, messages.length - retention);
            expect(log.low(partition)).toBe(low);
            messages.forEach((message, offset) => {
              expect(log.read(partition, offset)).toBe(offset < low ? -1 : message);
            });
            expect(log.read(partition, messages.length)).toBe(-1);
            expect(log.lag(1, partition)).toBe(messages.length);
            expect(log.lost(1, partition)).toBe(low);
          }
        },
      ),
    );
  });

  it('PL-2 commits go forward only, groups apart, and survive a restart', () => {
    const options = { partitions: 2, retention: 4, groups: 2 };
    let log = new PartitionedLog(options);
    for (let i = 0; i < 6; i++) log.append(1, i);
    expect(log.commit(0, 1, 5)).toBe(true);
    expect(log.commit(0, 1, 4)).toBe(false);
    expect(log.commit(0, 1, 7)).toBe(false);
    log = new PartitionedLog(options, throughJson(log.snapshot()));
    expect([log.committed(0, 1), log.committed(1, 1), log.committed(0, 0)]).toEqual([5, 0, 0]);
    expect([log.lag(0, 1), log.lost(0, 1), log.lost(1, 1)]).toEqual([1, 0, 2]);
    expect(log.seek(0, 1, 2)).toBe(true);
    expect(log.read(1, log.committed(0, 1))).toBe(2);
    expect(log.seek(0, 1, 7)).toBe(false);
  });

  it('PL-4 deletes what it is told to, goes on growing behind that, and keeps it deleted over a restart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 40 })), { maxLength: 60 }),
        fc.integer({ min: 1, max: 100 }),
        (steps, retention) => {
          let log = new PartitionedLog({ partitions: 1, retention });
          let deleted = 0;
          let end = 0;
          for (const [more, before] of steps) {
            for (let i = 0; i < more; i++) expect(log.append(0, 7 * end)).toBe(end++);
            expect(log.trim(0, before)).toBe(before <= end);
            if (before <= end) deleted = Math.max(deleted, before);
            const low = Math.max(deleted, end - retention);
            expect([log.low(0), log.end(0)]).toEqual([low, end]);
            for (let at = 0; at < end; at++) expect(log.read(0, at)).toBe(at < low ? -1 : 7 * at);
            log = new PartitionedLog({ partitions: 1, retention }, throughJson(log.snapshot()));
          }
        },
      ),
    );
  });

  it('PL-3 refuses impossible arguments and foreign states by name', () => {
    expect(() => new PartitionedLog({ partitions: 0, retention: 1 })).toThrow(/partitions must be/);
    expect(() => new PartitionedLog({ partitions: 65_536, retention: 65_536 })).toThrow(
      /partitions × retention/,
    );
    const log = new PartitionedLog({ partitions: 1, retention: 2 });
    expect(() => log.append(1, 0)).toThrow(/partition must be/);
    expect(() => log.append(0, Number.NaN)).toThrow(/message must be/);
    expect(() => log.read(0, -1)).toThrow(/offset must be/);
    expect(() => log.commit(1, 0, 0)).toThrow(/group must be/);
    for (let i = 0; i < 3; i++) log.append(0, i);
    const state = log.snapshot();
    expect(() => new PartitionedLog({ partitions: 1, retention: 1 }, state)).toThrow(RangeError);
    expect(() => new PartitionedLog({ partitions: 1, retention: 2, groups: 2 }, state)).toThrow(RangeError);
    expect(() => new PartitionedLog({ partitions: 1, retention: 2 }, { ...state, committed: [[4]] })).toThrow(
      RangeError,
    );
  });
});

describe('partition of a key', () => {
  it.each([
    ['numbers', (i: number) => i],
    ['strided numbers', (i: number) => i * 4096],
    ['texts', (i: number) => `customer-${i}`],
  ])('PK-1 spreads %s evenly, and stays', (_, keyOf) => {
    const partitions = 16;
    const keys = 32_000;
    const counts = new Float64Array(partitions);
    for (let i = 0; i < keys; i++) {
      const partition = partitionOf(keyOf(i), partitions);
      expect(partitionOf(keyOf(i), partitions)).toBe(partition);
      counts[partition]!++;
    }
    const expected = keys / partitions;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99.99 % quantile of the chi-square law with 15 degrees of freedom.
    expect(chiSquare).toBeLessThan(44.26);
  });

  it('PK-2 takes any key and any number of partitions', () => {
    const key = fc.oneof(fc.string(), fc.maxSafeInteger());
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 2 ** 20 }), (key, partitions) => {
        const partition = partitionOf(key, partitions);
        expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
      }),
    );
    for (const key of [Number.NaN, 0.5, 2 ** 53]) expect(() => partitionOf(key, 4)).toThrow(/key must be/);
    expect(() => partitionOf('a', 0)).toThrow(/partitions must be/);
  });
});
