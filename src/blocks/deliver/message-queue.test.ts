import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import { deliveries } from './deliveries.fixture.ts';
import { type BackPressure, deadLetterShare, deliveriesPerMessage, MessageQueue } from './index.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('at least once', () => {
  const lossy = (count: number, loss: number, maxReceives?: number) =>
    deliveries(count, loss, createRandom(17, `acknowledgements ${loss}`), maxReceives);

  it.each([
    [0.01, 1.010101],
    [0.05, 1.052632],
    [0.1, 1.111111],
  ])(
    'O-S02 acknowledgements lost with q = %d: %d deliveries a message, share q duplicates',
    (q, expected) => {
      const count = 200_000;
      expect(deliveriesPerMessage(q)).toBeCloseTo(expected, 6);
      const { made, duplicates } = lossy(count, q);
      // Deliveries of a message are geometric: standard deviation √q / (1 − q).
      const error = Math.sqrt(q / count) / (1 - q);
      expect(5 * error).toBeLessThan(0.01 * expected);
      expect(Math.abs(made / count - expected)).toBeLessThan(5 * error);
      expect(made - duplicates).toBe(count);
      const shareError = Math.sqrt((q * (1 - q)) / made);
      expect(Math.abs(duplicates / made - q)).toBeLessThan(5 * shareError);
    },
  );

  it('MQ-1 with at most r receives: (1 − q^r)/(1 − q) deliveries, q^r dead letters', () => {
    const q = 0.3;
    const count = 40_000;
    const { made, dead } = lossy(count, q, 3);
    expect(deliveriesPerMessage(q, 3)).toBeCloseTo(1 + 0.3 + 0.09, 12);
    expect(deadLetterShare(q, 3)).toBeCloseTo(0.027, 12);
    // Deliveries are 1 to 3, with standard deviation below that of the geometric law.
    expect(Math.abs(made / count - 1.39)).toBeLessThan((5 * Math.sqrt(q)) / (1 - q) / Math.sqrt(count));
    expect(Math.abs(dead / count - 0.027)).toBeLessThan(5 * Math.sqrt((0.027 * 0.973) / count));
    expect(deliveriesPerMessage(0)).toBe(1);
    for (const bad of [1, -0.1, Number.NaN]) expect(() => deliveriesPerMessage(bad)).toThrow(RangeError);
    expect(() => deliveriesPerMessage(0.5, 0)).toThrow(RangeError);
  });
});

describe('message queue', () => {
  const options = { capacity: 4, visibilityTimeout: 10 };

  it('MQ-2 delivers as sent, the higher priority first, and old ones in their old place', () => {
    const queue = new MessageQueue({ ...options, priorities: 2 });
    queue.send(1, 0);
    queue.send(2, 0);
    queue.send(3, 0, 0, 1);
    const receipts = [queue.receive(0), queue.receive(0)];
    expect(receipts.map((receipt) => queue.messageOf(receipt))).toEqual([3, 1]);
    expect(queue.release(receipts[1]!, 1)).toBe(true);
    queue.send(4, 1);
    const order = [queue.receive(1), queue.receive(1), queue.receive(1)].map((r) => queue.messageOf(r));
    expect(order).toEqual([1, 2, 4]);
    expect(queue.receive(1)).toBe(-1);
    expect(queue.readyIn(4)).toBe(6);
  });

  it('MQ-3 hides for the timeout, and voids the receipt when that is over', () => {
    const queue = new MessageQueue(options);
    queue.send(7, -20);
    const first = queue.receive(-20);
    expect(queue.receive(-10.001)).toBe(-1);
    expect(queue.inFlight(-10.001)).toBe(1);
    const second = queue.receive(-10);
    expect(second).not.toBe(first);
    expect([queue.receivesOf(first), queue.receivesOf(second)]).toEqual([0, 2]);
    expect(queue.ack(first, -9)).toBe(false);
    expect(queue.extend(second, -1, 100)).toBe(true);
    expect(queue.ack(second, 98)).toBe(true);
    expect(queue.ack(second, 98)).toBe(false);
    expect(queue.size).toBe(0);
    expect(queue.readyIn(98)).toBe(Number.POSITIVE_INFINITY);
  });

  it('MQ-4 delays', () => {
    const queue = new MessageQueue(options);
    queue.send(1, 0, 30);
    queue.send(2, 0);
    const receipt = queue.receive(0);
    expect(queue.messageOf(receipt)).toBe(2);
    queue.release(receipt, 0, 50);
    expect(queue.ready(29)).toBe(0);
    expect(queue.readyIn(29)).toBe(1);
    expect(queue.messageOf(queue.receive(30))).toBe(1);
    expect(queue.ready(49)).toBe(1);
  });

  it('MQ-5 what comes back too often goes to the dead letters, of which the oldest go', () => {
    const queue = new MessageQueue({ ...options, maxReceives: 2, deadLetterCapacity: 1 });
    for (const message of [1, 2]) queue.send(message, 0);
    for (const now of [0, 10]) {
      queue.receive(now);
      queue.receive(now);
    }
    expect(queue.deadLetters(19)).toBe(0);
    expect(queue.deadLetters(20)).toBe(1);
    expect(queue.deadLettersDropped).toBe(1);
    expect([queue.takeDeadLetter(20), queue.takeDeadLetter(20)]).toEqual([2, -1]);
    queue.send(3, 20);
    queue.release(queue.receive(20), 20);
    queue.release(queue.receive(20), 20);
    expect(queue.takeDeadLetter(20)).toBe(3);
    expect(queue.size).toBe(0);
  });

  it('MQ-6 refuses what does not fit, in flight and delayed ones counted', () => {
    const queue = new MessageQueue({ ...options, capacity: 2 });
    expect([queue.send(1, 0), queue.send(2, 0, 5), queue.send(3, 0)]).toEqual([true, true, false]);
    const receipt = queue.receive(0);
    expect(queue.send(3, 0)).toBe(false);
    queue.ack(receipt, 0);
    expect(queue.send(3, 0)).toBe(true);
  });

  it('MQ-7 brings nothing back early when the clock goes back, and all at once when it jumps', () => {
    const queue = new MessageQueue(options);
    queue.send(1, 3600);
    queue.receive(3600);
    expect(queue.receive(0)).toBe(-1);
    expect(queue.readyIn(0)).toBe(3610);
    queue.send(2, 0);
    expect(queue.messageOf(queue.receive(0))).toBe(2);
    expect(queue.ready(7200)).toBe(2);
  });

  it('MQ-8 loses nothing, makes up nothing, and does what the plain model does', () => {
    interface Held {
      message: number;
      priority: number;
      order: number;
      receives: number;
      at: number;
      receipt: number;
    }
    const action = fc.record({
      what: fc.constantFrom('send', 'send', 'receive', 'receive', 'ack', 'release', 'extend', 'restart'),
      step: fc.integer({ min: -4, max: 6 }),
      which: fc.nat({ max: 7 }),
      delay: fc.constantFrom(0, 0, 3, 12),
      priority: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const options = { capacity: 5, visibilityTimeout: 10, maxReceives: 3, priorities: 3 };
        let queue = new MessageQueue(options);
        let held: Held[] = [];
        const dead: number[] = [];
        const receipts: number[] = [];
        let now = 0;
        let clock = Number.NEGATIVE_INFINITY;
        let order = 0;
        const back = (entry: Held, at: number) => {
          entry.receipt = -1;
          entry.at = at;
          if (entry.receives < 3) return;
          dead.push(entry.message);
          held = held.filter((other) => other !== entry);
        };
        for (const { what, step, which, delay, priority } of actions) {
          if (what === 'restart') {
            queue = new MessageQueue(options, throughJson(queue.snapshot()));
            continue;
          }
          now += step;
          clock = Math.max(clock, now);
          const due = held.filter(({ receipt, at }) => receipt >= 0 && at <= clock);
          for (const entry of due.sort((a, b) => a.at - b.at)) back(entry, entry.at);
          const receipt = receipts[which] ?? 12345;
          const mine = held.find((entry) => entry.receipt === receipt);
          if (what === 'send') {
            expect(queue.send(order, now, delay, priority)).toBe(held.length < 5);
            if (held.length < 5) {
              held.push({ message: order, priority, order, receives: 0, at: clock + delay, receipt: -1 });
            }
            order++;
          } else if (what === 'receive') {
            const visible = held.filter(({ receipt, at }) => receipt < 0 && at <= clock);
            visible.sort((a, b) => b.priority - a.priority || a.order - b.order);
            const got = queue.receive(now);
            expect(queue.messageOf(got)).toBe(visible[0]?.message ?? -1);
            if (visible[0] !== undefined) {
              receipts.unshift(got);
              Object.assign(visible[0], { receipt: got, at: clock + 10, receives: visible[0].receives + 1 });
              expect(queue.receivesOf(got)).toBe(visible[0].receives);
            }
          } else if (what === 'ack') {
            expect(queue.ack(receipt, now)).toBe(mine !== undefined);
            held = held.filter((entry) => entry !== mine);
          } else if (what === 'release') {
            expect(queue.release(receipt, now, delay)).toBe(mine !== undefined);
            if (mine !== undefined) back(mine, clock + delay);
          } else {
            expect(queue.extend(receipt, now, delay)).toBe(mine !== undefined);
            if (mine !== undefined) mine.at = clock + delay;
          }
          // An extension by nothing ends at once, at the next look.
          for (const entry of held.filter(({ receipt, at }) => receipt >= 0 && at <= clock))
            back(entry, clock);
          expect(queue.inFlight(now)).toBe(held.filter(({ receipt }) => receipt >= 0).length);
          expect(queue.ready(now)).toBe(held.filter(({ receipt, at }) => receipt < 0 && at <= clock).length);
          expect(queue.size).toBe(held.length);
          expect(queue.deadLetters(now)).toBe(dead.length);
        }
        const taken = dead.map(() => queue.takeDeadLetter(now));
        expect(taken.sort()).toEqual(dead.sort());
      }),
    );
  });

  it('MQ-8b goes on from a snapshot at the ends of time', () => {
    for (const now of [-(2 ** 53 - 1), 2 ** 53 - 1]) {
      const queue = new MessageQueue({ ...options, visibilityTimeout: 1000 });
      queue.send(1, now);
      const receipt = queue.receive(now);
      const again = new MessageQueue({ ...options, visibilityTimeout: 1000 }, throughJson(queue.snapshot()));
      expect(again.readyIn(now)).toBeGreaterThan(998);
      expect(again.ack(receipt, now)).toBe(true);
    }
  });

  it('MQ-9 refuses impossible arguments and foreign states by name', () => {
    for (const bad of [
      { capacity: 0 },
      { capacity: 2 ** 21 },
      { visibilityTimeout: 0 },
      { visibilityTimeout: Number.POSITIVE_INFINITY },
      { maxReceives: 0.5 },
      { deadLetterCapacity: -1 },
      { priorities: 65 },
    ]) {
      expect(() => new MessageQueue({ ...options, ...bad })).toThrow(RangeError);
    }
    const queue = new MessageQueue(options);
    expect(() => queue.send(-1, 0)).toThrow(/message must be/);
    expect(() => queue.send(2 ** 53, 0)).toThrow(RangeError);
    expect(() => queue.send(1, Number.NaN)).toThrow(/now must be/);
    expect(() => queue.send(1, 0, Number.NaN)).toThrow(/delay must be/);
    expect(() => queue.send(1, 0, 0, 1)).toThrow(/priority must be/);
    expect(queue.size).toBe(0);
    for (const receipt of [Number.NaN, -1, 0.5, 3, 2 ** 53]) expect(queue.ack(receipt, 0)).toBe(false);
    queue.send(1, 0);
    const state = queue.snapshot();
    const twice = { ...state, messages: [...state.messages, ...state.messages] };
    expect(() => new MessageQueue({ ...options, capacity: 3 }, state)).toThrow(RangeError);
    expect(() => new MessageQueue(options, { ...state, version: 2 as 1 })).toThrow(/version 1/);
    expect(() => new MessageQueue(options, twice)).toThrow(/twice/);
  });

  it('MQ-10 grows to its capacity and keeps the order', () => {
    const queue = new MessageQueue({ capacity: 5000, visibilityTimeout: 10 });
    for (let message = 0; message < 5000; message++) expect(queue.send(message, 0)).toBe(true);
    expect(queue.send(5000, 0)).toBe(false);
    const again = new MessageQueue({ capacity: 5000, visibilityTimeout: 10 }, queue.snapshot());
    for (const each of [queue, again]) {
      for (let message = 0; message < 5000; message++) {
        const receipt = each.receive(1);
        expect(each.messageOf(receipt)).toBe(message);
        if (message % 2 === 0) expect(each.ack(receipt, 1)).toBe(true);
      }
      expect(each.nextVisibleAt(1)).toBe(11);
      expect(each.ready(11)).toBe(2500);
      expect(each.messageOf(each.receive(11))).toBe(1);
    }
  });

  it('MQ-11 has a policy for one message too many', () => {
    const full = (whenFull: BackPressure) => {
      const queue = new MessageQueue({ capacity: 2, visibilityTimeout: 10, whenFull });
      expect([queue.offer(1, 0), queue.offer(2, 0)]).toEqual(['accepted', 'accepted']);
      return queue;
    };
    expect(full('reject').offer(3, 0)).toBe('rejected');
    expect(full('drop-newest').offer(3, 0)).toBe('dropped-newest');
    const ring = full('drop-oldest');
    expect(ring.offer(3, 0)).toBe('dropped-oldest');
    expect(ring.dropped).toBe(1);
    expect(ring.messageOf(ring.receive(0))).toBe(2);
    ring.receive(0);
    // All are at work: there is nothing older that could go.
    expect(ring.offer(4, 0)).toBe('dropped-newest');
    expect(ring.dropped).toBe(-1);

    const line = full('block');
    expect([line.offer(3, 0), line.offer(4, 0), line.offer(5, 0)]).toEqual([
      'blocked',
      'blocked',
      'rejected',
    ]);
    expect(line.admit(0)).toBe(false);
    expect([line.waitingCount, line.firstWaiting, line.withdraw(3), line.firstWaiting]).toEqual([
      2,
      3,
      true,
      4,
    ]);
    line.ack(line.receive(0), 0);
    const again = new MessageQueue(
      { capacity: 2, visibilityTimeout: 10, whenFull: 'block' },
      line.snapshot(),
    );
    for (const each of [line, again]) {
      expect([each.admit(0), each.admit(0), each.size]).toEqual([true, false, 2]);
      each.ack(each.receive(0), 0);
      expect(each.messageOf(each.receive(0))).toBe(4);
    }
    expect(() => new MessageQueue({ ...options, whenFull: 'wait' as BackPressure })).toThrow(/whenFull/);
  });
});
