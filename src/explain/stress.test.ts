import { describe, expect, test } from 'vitest';
import { type StressReport, stress } from '../index.ts';

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
    back: { kind: 'service', cores: 1, operations: { ask: [{ compute: 'exponential(1ms)' }] } },
  },
  goals: { users: { success: '99%' } },
} as const;

/** Requests a second that each can serve, over the 100 that come. */
const CAPACITY = { 'middle.cpu': 4, 'back.cpu': 10, 'front.cpu': 20 };

describe('FRM-10 what breaks first at 10 and 100 times the load', () => {
  let report: StressReport;
  test('the ladder has every station at the load at which its capacity is reached, the narrowest first', async () => {
    report = await stress(chain, { seed: 3 });
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

  test('those that stand behind it are widened in turn', () => {
    const widened = Object.fromEntries(report.ladder.map(({ name, widened }) => [name, widened]));
    expect(widened['middle.cpu']).toEqual([]);
    expect(widened['back.cpu']).toEqual(['middle.cpu']);
    expect(widened['front.cpu']).toEqual(['middle.cpu', 'back.cpu']);
  });

  test('the goal falls where the first station is full, and the chain of causes says so', () => {
    const { headroom, ladder } = report;
    expect(headroom.low).toBeLessThanOrEqual(4.2);
    expect(headroom.high).toBeGreaterThanOrEqual(3.8);
    expect(headroom.high! / headroom.low!).toBeLessThan(1.15);
    const goal = ladder.find(({ what }) => what === 'goal')!;
    expect(goal.because[0]).toBe('middle.cpu is full');
    expect(goal.because.at(-1)).toBe('users.success < 99%');
  });

  test('same seed, same bytes', async () => {
    expect(JSON.stringify(await stress(chain, { seed: 3 }))).toBe(JSON.stringify(report));
  });
});
