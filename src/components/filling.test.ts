import { describe, expect, test } from 'vitest';
import { loadDesignObject } from '../design/index.ts';
import { inlineRunner, type SimulateOptions, simulate } from '../simulate/index.ts';
import { kindParts } from './index.ts';

const parts = kindParts();
const runner = inlineRunner(parts.simulated);

/** A server that does 1,000 requests a second, of which 1,200 come; a queue of 2,000 is full after ten seconds. */
const run = (queue: number | undefined, options: SimulateOptions) => {
  const design = {
    name: 'filling',
    traffic: { users: { call: 'server.ask', rate: '1200/s' } },
    components: {
      server: {
        kind: 'service',
        ...(queue !== undefined && { queue }),
        operations: { ask: [{ compute: 'exponential(1ms)' }] },
      },
    },
    goals: { users: { p99: '3s', success: '80%' } },
  };
  const { plan } = loadDesignObject(design, { kinds: parts.described });
  return simulate(plan!, parts.simulated, { seed: 1, replications: 4, ...options }, runner);
};
const early = { time: 4, warmup: 1 };

describe('queues that have an end and are not full yet', () => {
  test('FIL-1 decide no goal on latency, and the run says when they are full', async () => {
    const report = await run(2000, early);
    expect(report.stable).toBe(false);
    expect(report.filling).toEqual(['server.cpu']);
    expect(report.goals[0]!.met).toBe('unknown');
    expect(report.notes).toContainEqual(
      expect.stringMatching(/^The queue of server\.cpu has room for 2k .* full after about 10s, /),
    );
  });

  test('FIL-2 measured when it is full, the same goal holds: it waits two seconds at most, and one in six is turned away', async () => {
    const report = await run(2000, { time: 10, warmup: 30 });
    expect(report.filling).toBe(undefined);
    expect(report.goals.map(({ met }) => met)).toEqual([true, true]);
    const { low, high } = report.operations['users']!.success;
    expect(low!).toBeLessThan(5 / 6 + 0.01);
    expect(high!).toBeGreaterThan(5 / 6 - 0.01);
  });

  test('FIL-3 without an end, latency misses every target', async () => {
    const report = await run(undefined, early);
    expect(report.stable).toBe(false);
    expect(report.filling).toBe(undefined);
    expect(report.goals[0]!.met).toBe(false);
  });
});
