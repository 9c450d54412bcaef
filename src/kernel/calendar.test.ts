import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Calendar } from './calendar.ts';
import { createRandom } from './random.ts';

interface Pending {
  time: number;
  payload: number;
}

/** The reference: a list kept sorted, stable for equal times. */
function insert(list: Pending[], event: Pending): void {
  let at = list.length;
  while (at > 0 && list[at - 1]!.time > event.time) at--;
  list.splice(at, 0, event);
}

/** Pushes `start` events, then `holds` times pops one and pushes one; compares every pop with the reference. */
function holdAgainstReference(increment: () => number, start: number, holds: number): void {
  const calendar = new Calendar();
  const reference: Pending[] = [];
  let payload = 0;
  const push = (time: number) => {
    calendar.push(time, payload);
    insert(reference, { time, payload: payload++ });
  };
  for (let i = 0; i < start; i++) push(increment());
  for (let i = 0; i < holds; i++) {
    const expected = reference.shift()!;
    expect(calendar.peekTime()).toBe(expected.time);
    expect(calendar.pop()).toBe(expected.payload);
    expect(calendar.now[0]).toBe(expected.time);
    push(expected.time + increment());
  }
  while (reference.length > 0) expect(calendar.pop()).toBe(reference.shift()!.payload);
  expect(calendar.size).toBe(0);
}

describe('calendar', () => {
  const random = createRandom(7, 'calendar test');
  const increments: Record<string, () => number> = {
    exponential: () => -Math.log(1 - random.next()),
    'all ties': () => 1,
    'multiples of 0.1': () => Math.ceil(random.next() * 10) * 0.1,
    'six decades': () => 10 ** (-3 + 6 * random.next()),
    'short with long timers': () => (random.next() < 0.95 ? random.next() * 0.01 : 50 + random.next()),
    'ties and a far cluster': () => (random.next() < 0.5 ? 0 : random.next() < 0.5 ? 1e-12 : 1e6),
    'heavy tail': () => (1 - random.next()) ** (-1 / 1.1) - 1,
  };
  for (const [name, increment] of Object.entries(increments)) {
    for (const pending of [1, 5, 60, 900]) {
      it(`CAL-1 pops in order of (time, pushing) with ${pending} pending: ${name}`, () => {
        holdAgainstReference(increment, pending, 3000);
      });
    }
  }

  it('CAL-2 agrees with a sorted list for any sequence of pushes and pops', () => {
    const action = fc.oneof(
      fc.constant('pop' as const),
      fc.oneof(
        fc.constantFrom(0, 0, 1, 0.1, 1e-9, 1e9, 1 / 3),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
      ),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 2000, size: 'max' }), (actions) => {
        const calendar = new Calendar();
        const reference: Pending[] = [];
        let now = 0;
        actions.forEach((step, payload) => {
          if (step !== 'pop') {
            calendar.push(now + step, payload);
            insert(reference, { time: now + step, payload });
          } else if (reference.length > 0) {
            const expected = reference.shift()!;
            now = expected.time;
            expect(calendar.pop()).toBe(expected.payload);
          }
        });
        while (reference.length > 0) expect(calendar.pop()).toBe(reference.shift()!.payload);
      }),
      { numRuns: 200 },
    );
  });

  it('CAL-3 sweeps out what is over, and keeps the order of all else', () => {
    const chance = createRandom(11, 'sweeping');
    for (const [name, increment] of Object.entries(increments)) {
      for (const pending of [1, 40, 900, 20_000]) {
        const calendar = new Calendar();
        let reference: Pending[] = [];
        let payload = 0;
        const push = (time: number) => {
          calendar.push(time, payload);
          reference.push({ time, payload: payload++ });
        };
        const inOrder = () => reference.toSorted((a, b) => a.time - b.time || a.payload - b.payload);
        for (let i = 0; i < pending; i++) push(increment());
        for (const share of [0.5, 0, 0.9, 1]) {
          reference = inOrder();
          for (let i = 0; i < pending / 10 && calendar.size > 0; i++) {
            expect(calendar.pop(), name).toBe(reference.shift()!.payload);
          }
          const over = new Set(reference.flatMap((event) => (chance.next() < share ? [event.payload] : [])));
          calendar.sweep((number) => over.has(number));
          reference = reference.filter((event) => !over.has(event.payload));
          expect(calendar.size).toBe(reference.length);
          const now = calendar.now[0]!;
          for (let i = 0; i < pending / 2; i++) push(now + increment());
        }
        for (const event of inOrder()) expect(calendar.pop(), name).toBe(event.payload);
        expect(calendar.size).toBe(0);
      }
    }
  });
});
