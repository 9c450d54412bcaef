import { describe, expect, it } from 'vitest';
import { FLIGHT, SingleFlight, type SingleFlightOptions } from './index.ts';

const NEVER = Number.POSITIVE_INFINITY;

describe('single flight', () => {
  it('SF-1 has one leader a key, whom the others join until it ends', () => {
    const flight = new SingleFlight<string>({ maxKeys: 10, leadFor: NEVER });
    const ticket = flight.arrive('a', 0);
    expect(ticket).toBeGreaterThan(0);
    expect(flight.arrive('a', 1e9)).toBe(FLIGHT.join);
    expect(flight.arrive('b', 0)).toBeGreaterThan(ticket);
    expect(flight.finished('a', ticket)).toBe(true);
    expect(flight.finished('a', ticket)).toBe(false);
    expect(flight.arrive('a', 0)).toBeGreaterThan(ticket);
  });

  it('SF-2 lets calls beyond its keys go alone, and holds no more keys', () => {
    const flight = new SingleFlight<number>({ maxKeys: 3, leadFor: NEVER });
    const tickets = Array.from({ length: 100 }, (_, key) => flight.arrive(key, 0));
    expect(tickets.filter((ticket) => ticket > 0).length).toBe(3);
    expect(tickets.filter((ticket) => ticket === FLIGHT.alone).length).toBe(97);
    expect(flight.size).toBe(3);
    expect(flight.arrive(0, 0)).toBe(FLIGHT.join);
    flight.finished(0, tickets[0]!);
    expect(flight.arrive(50, 0)).toBeGreaterThan(0);
  });

  it('SF-3 gives the lead to another after a time; the first no longer ends it', () => {
    const flight = new SingleFlight<string>({ maxKeys: 1, leadFor: 10 });
    const first = flight.arrive('a', 0);
    expect(flight.arrive('a', 9.9)).toBe(FLIGHT.join);
    const second = flight.arrive('a', 10);
    expect(second).toBeGreaterThan(first);
    expect(flight.finished('a', first)).toBe(false);
    expect(flight.arrive('a', 11)).toBe(FLIGHT.join);
    expect(flight.finished('a', second)).toBe(true);
    expect(flight.size).toBe(0);
  });

  it('SF-4 starts the wait anew when the clock goes back', () => {
    const flight = new SingleFlight<string>({ maxKeys: 1, leadFor: 10 });
    flight.arrive('a', 3600);
    expect(flight.arrive('a', 0)).toBe(FLIGHT.join);
    expect(flight.arrive('a', 9)).toBe(FLIGHT.join);
    expect(flight.arrive('a', 10)).toBeGreaterThan(0);
  });

  it('SF-5 refuses impossible options and arguments by name', () => {
    const make = (changes: Partial<SingleFlightOptions>) => () =>
      new SingleFlight({ maxKeys: 1, leadFor: 1, ...changes });
    for (const maxKeys of [0, 1.5, Number.NaN, 2 ** 24 + 1])
      expect(make({ maxKeys })).toThrow(/maxKeys must be/);
    for (const leadFor of [0, -1, Number.NaN]) expect(make({ leadFor })).toThrow(/leadFor must be/);
    expect(() => make({})().arrive('a' as never, Number.NaN)).toThrow(/now must be/);
  });
});
