import { describe, expect, it } from 'vitest';
import { AdaptiveLifo, DeficitRoundRobin, PriorityDiscipline } from '../../blocks/index.ts';
import { createRandom } from '../../kernel/index.ts';
import { isRuled, levelsOf } from './queue-disciplines.ts';
import type { StationGroup } from './station-group.ts';
import { QUEUED, REFUSED, STARTED, Stations } from './stations.ts';

const group: StationGroup = {
  name: 's.cpu',
  component: 0,
  first: 0,
  instances: 1,
  servers: 1,
  places: null,
  discipline: 'fifo',
  full: 1,
};
const priorities = [7, 0, 7, 300];

function stationOf(more: Partial<StationGroup>) {
  const clock = new Float64Array(1);
  const stream = (purpose: string) => createRandom(1, purpose);
  const turnedAway: [number, number][] = [];
  const note = (frame: number, reason: number) => void turnedAway.push([frame, reason]);
  const frames = { capacity: 100_000, deadlines: null };
  const stations = new Stations([{ ...group, ...more }], priorities, frames, clock, stream, note);
  return { clock, stations, turnedAway };
}

const room = { capacity: 100_000 };
const level = [1, 0, 1, 2];
const tenant = [0, 1, 0, 2];
const weights = [1, 3, 2];
const priority = () => {
  const block = new PriorityDiscipline({ ...room, levels: 3 });
  return { push: (now: number, f: number, t: number) => block.push(now, f, level[t]!), block };
};
const adaptive = () => {
  const block = new AdaptiveLifo({ ...room, threshold: 20 });
  return { push: (now: number, f: number) => block.push(now, f), block };
};
const fair = () => {
  const block = new DeficitRoundRobin({ ...room, tenants: 3, tenantCapacity: room.capacity, weights });
  return { push: (now: number, f: number, t: number) => block.push(now, f, tenant[t]!), block };
};

describe('the queue of a station', () => {
  it.each([
    ['priority', { discipline: 'priority' }, priority],
    ['adaptive-lifo', { discipline: 'adaptive-lifo', threshold: 20 }, adaptive],
    ['fair', { discipline: 'fair', shares: { tenants: tenant, weights } }, fair],
  ] as const)('is in the order of its block, however long it grows: %s', (_, more, blockOf) => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = createRandom(seed, 'sequence');
      const { clock, stations } = stationOf(more);
      const { push, block } = blockOf();
      expect(stations.enter(0, 0, 0)).toBe(STARTED);
      // Sequences in which it grows to hundreds, and such in which it is empty again and again.
      const growth = 0.48 + 0.01 * seed;
      for (let frame = 1; frame < 3000; frame++) {
        clock[0]! += random.next();
        if (random.next() < growth) {
          const traffic = Math.floor(random.next() * 4);
          expect(stations.enter(0, frame, traffic)).toBe(QUEUED);
          push(clock[0]!, frame, traffic);
        } else if (block.size > 0) expect(stations.leave(0)).toBe(block.pop(clock[0]!));
      }
    }
  });

  it('has a part for each traffic that shares it, where it has a limit', () => {
    const { stations } = stationOf({ discipline: 'fair', shares: { tenants: tenant, weights }, places: 7 });
    stations.enter(0, 0, 0);
    const outcomes = [1, 2, 3].map((frame) => stations.enter(0, frame, frame === 2 ? 2 : 0));
    expect(outcomes).toEqual([QUEUED, QUEUED, REFUSED]);
    expect(stations.refusal(0)).toBe(1);
    expect(stations.enter(0, 4, 1)).toBe(QUEUED);
    expect(stations.measured(0)).toMatchObject({ arrivals: 5, starts: 1, refusals: 1, waiting: 3 });
  });

  it('hands over whom CoDel drops, and gives the server to the next', () => {
    const { clock, stations, turnedAway } = stationOf({
      codel: { target: 1, interval: 10, dropped: 9 },
      discipline: 'codel',
    });
    for (let frame = 0; frame < 6; frame++) stations.enter(0, frame, 0);
    clock[0] = 2;
    expect(stations.leave(0)).toBe(1);
    clock[0] = 13;
    expect(stations.leave(0)).toBe(3);
    expect(turnedAway).toEqual([[2, 9]]);
    expect(stations.measured(0)).toMatchObject({ arrivals: 6, starts: 3, refusals: 1, waiting: 2 });
    // The last one is never asked about.
    clock[0] = 1000;
    expect(stations.leave(0)).toBe(5);
    expect(turnedAway).toEqual([
      [2, 9],
      [4, 9],
    ]);
    expect(stations.leave(0)).toBe(-1);
  });

  it('is shed by class, at loads that double from one to the next, and not while a server is free', () => {
    const { clock, stations } = stationOf({ shed: { at: 1, window: 1, turnedAway: 8 } });
    const ask = (traffic: number, frame: number) => stations.enter(0, frame, traffic);
    for (let frame = 0; frame < 10; frame++) ask(3, frame);
    // A mean wait of 3 times `at`: everything of the last class, the half of the one before, none of the first.
    clock[0] = 2.9;
    stations.leave(0);
    clock[0] = 3.1;
    stations.leave(0);
    clock[0] = 3.9;
    stations.leave(0);
    const share = (traffic: number) => {
      let refused = 0;
      for (let frame = 100; frame < 1100; frame++) if (ask(traffic, frame) === REFUSED) refused++;
      return refused / 1000;
    };
    expect(share(3)).toBe(1);
    expect(stations.refusal(0)).toBe(8);
    expect(share(0)).toBeGreaterThan(0.45);
    expect(share(0)).toBeLessThan(0.8);
    expect(share(1)).toBe(0);
    const calm = stationOf({ shed: { at: 1, window: 1, turnedAway: 8 } });
    expect([calm.stations.enter(0, 0, 3), calm.stations.enter(0, 1, 3)]).toEqual([STARTED, QUEUED]);
  });

  it('asks no block where first or last come decide, or nobody waits', () => {
    expect(isRuled(group)).toBe(false);
    expect(isRuled({ ...group, discipline: 'lifo' })).toBe(false);
    expect(isRuled({ ...group, servers: null, discipline: 'priority' })).toBe(false);
    expect(isRuled({ ...group, discipline: 'priority' })).toBe(true);
    expect(levelsOf(priorities)).toEqual({ count: 3, byTraffic: level });
  });
});
