import { Calendar, createRandom, exponential, type RandomStream } from '../src/kernel/index.ts';
import { BareHeap } from './bare/heap.ts';
import { timed } from './clock.ts';

/** An event set under test: the engine's calendar, or a 4-ary heap to compare it with. */
export type Structure = 'calendar' | 'heap';

/** How far ahead of the present events are scheduled. */
export type Increments = keyof typeof samplers;

const samplers = {
  exponential: (random: RandomStream) => exponential(random),
  uniform: (random: RandomStream) => 2 * random.next(),
  bimodal: (random: RandomStream) => exponential(random) * (random.next() < 0.95 ? 0.1 : 20),
  pareto: (random: RandomStream) => (1 - random.next()) ** (-1 / 1.5),
  'six decades': (random: RandomStream) => 10 ** (6 * random.next() - 3),
  constant: () => 1,
  'multiples of 0.1': (random: RandomStream) => 0.1 * Math.ceil(20 * random.next()),
} as const;

/** Every law of increments, in the order of the table. */
export const incrementLaws = Object.keys(samplers) as Increments[];

export interface HoldOutcome {
  /** Nanoseconds per hold: one pop and one push. */
  readonly nanoseconds: number;
}

/** Increments are drawn beforehand, so that what is timed is the event set. */
const DRAWN = 1 << 16;

/**
 * The hold model (Jones, CACM 29(4), 1986): with `pending` events in the set, again and again takes the
 * earliest out and puts one in, later by a random increment.
 *
 * @throws Error when events come out in a wrong order or get lost
 */
export function measureHolds(
  structure: Structure,
  pending: number,
  increments: Increments,
  holds: number,
): HoldOutcome {
  const random = createRandom(1, 'increments');
  const drawn = Float64Array.from({ length: DRAWN }, () => samplers[increments](random));
  const hold = structure === 'calendar' ? calendarHolds(pending, drawn) : heapHolds(pending, drawn);
  // Until the events stand as they do in the long run, and the code is compiled.
  hold(Math.max(2 * pending, holds >> 2));
  return { nanoseconds: (timed(() => hold(holds)).seconds * 1e9) / holds };
}

function calendarHolds(pending: number, drawn: Float64Array): (holds: number) => void {
  const calendar = new Calendar();
  let next = 0;
  let number = pending;
  for (let i = 0; i < pending; i++) calendar.push(drawn[next++ & (DRAWN - 1)]!, i);
  return (holds) => {
    let last = calendar.now[0]!;
    let lastNumber = -1;
    for (let i = 0; i < holds; i++) {
      const popped = calendar.pop();
      const now = calendar.now[0]!;
      // Numbers count the pushes: of equal times, the one pushed first comes first.
      if (now < last || (now === last && popped < lastNumber)) throw new Error('events out of order');
      last = now;
      lastNumber = popped;
      calendar.push(now + drawn[next++ & (DRAWN - 1)]!, number++);
    }
    if (calendar.size !== pending) throw new Error(`${calendar.size} events pending of ${pending}`);
  };
}

function heapHolds(pending: number, drawn: Float64Array): (holds: number) => void {
  const heap = new BareHeap();
  let next = 0;
  for (let i = 0; i < pending; i++) heap.push(drawn[next++ & (DRAWN - 1)]!, i);
  return (holds) => {
    let last = 0;
    for (let i = 0; i < holds; i++) {
      const now = heap.times[0]!;
      const popped = heap.payloads[0]!;
      if (now < last) throw new Error('events out of order');
      last = now;
      heap.drop();
      heap.push(now + drawn[next++ & (DRAWN - 1)]!, popped);
    }
    if (heap.size !== pending) throw new Error(`${heap.size} events pending of ${pending}`);
  };
}
