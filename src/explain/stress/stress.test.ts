import { describe, expect, test } from 'vitest';
import { type StressReport, stress } from '../../index.ts';

/** Stations whose capacity is known: what is asked of each at the load of the design is in its name. */
const chain = {
  name: 'chain',
  traffic: { users: { call: 'front.ask', rate: '100/s', timeout: '2s' } },
  components: {
    front: {
      kind: 'service',
      cores: 2,
      operations: { ask: [{ compute: 'exponential(1ms)' }, { call: 'middle.ask' }] },
    },
    middle: {
      kind: 'service',
      cores: 4,
      operations: { ask: [{ compute: 'exponential(10ms)' }, { call: 'back.ask' }] },
    },
    back: { kind: 'service', cores: 3, operations: { ask: [{ compute: 'exponential(5ms)' }] } },
  },
  goals: { users: { p99: '100ms' } },
} as const;

/** Requests a second that each can serve, over the 100 that come. */
const CAPACITY = { 'middle.cpu': 4, 'back.cpu': 6 };

describe('FRM-10 what breaks first at 10 and 100 times the load', () => {
  let report: StressReport;
  test('the ladder has every station at the load at which its capacity is reached, the narrowest first', async () => {
    report = await stress(chain, { seed: 3, most: 7, precision: 0.2 });
    const full = report.ladder.filter(({ what }) => what === 'station');
    expect(full.map(({ name }) => name)).toEqual(Object.keys(CAPACITY));
    for (const { name, at } of full) {
      const capacity = CAPACITY[name as keyof typeof CAPACITY];
      expect(at.value! / capacity).toBeGreaterThan(0.9);
      expect(at.value! / capacity).toBeLessThan(1.1);
      expect(at.low).toBeLessThanOrEqual(capacity * 1.02);
      expect(at.high).toBeGreaterThanOrEqual(capacity * 0.98);
    }
  });

  test('one that holds is told with where it would be full, as an extrapolation', () => {
    const [front] = report.spare;
    expect(front!.station).toBe('front.cpu');
    expect(front!.at).toBeGreaterThan(18);
    expect(front!.at).toBeLessThan(22);
  });

  test('those that stand behind it are widened in turn', () => {
    const widened = Object.fromEntries(report.ladder.map(({ name, widened }) => [name, widened]));
    expect(widened['middle.cpu']).toEqual([]);
    expect(widened['back.cpu']).toEqual(['middle.cpu']);
  });

  test('the goal falls before the first station is full, and the chain of causes begins there', () => {
    const { headroom, ladder, estimated } = report;
    // The formulas know this chain: by them, p99 is 100 ms at 3.45 times the load.
    expect(estimated!.at).toBeGreaterThan(3.3);
    expect(estimated!.at).toBeLessThan(3.7);
    expect(headroom.low).toBeLessThanOrEqual(3.6);
    expect(headroom.high).toBeGreaterThanOrEqual(3.4);
    expect(headroom.high! / headroom.low!).toBeLessThan(1.3);
    const goal = ladder.find(({ what }) => what === 'goal')!;
    expect(goal.because[0]).toMatch(/^middle\.cpu is (full|[89]\d % busy and its queue grows)$/);
    expect(goal.because.at(-1)).toBe('users.p99 > 100ms');
  });

  test('same seed, same bytes', async () => {
    const single = {
      name: 'single',
      traffic: { users: { call: 'server.ask', users: 4, think: 'exponential(10ms)' } },
      components: {
        server: { kind: 'service', cores: 2, operations: { ask: [{ compute: 'exponential(10ms)' }] } },
      },
      goals: { users: { p99: '100ms' } },
    } as const;
    const first = await stress(single, { seed: 5, most: 2 });
    expect(JSON.stringify(await stress(single, { seed: 5, most: 2 }))).toBe(JSON.stringify(first));
  });
});
