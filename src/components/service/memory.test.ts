import { describe, expect, test } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import type { Measurement } from '../../simulate/outcome/measurement.ts';
import { runReplication } from '../../simulate/replication.ts';
import { kinds, simulatedKinds } from '../index.ts';

const design = (settings: string, steps = '{ compute: exponential(2ms) }, { wait: exponential(40ms) }') => `
name: bounded
traffic: { users: { call: shop.get, rate: 400/s } }
components:
  shop: { kind: service, ${settings}, operations: { get: [ ${steps} ] } }
`;

const load = (text: string) =>
  loadDesign(text, { file: 'test.yaml', kinds: kinds.map(({ describe: described }) => described) });

function run(text: string): Measurement {
  const plan = load(text).plan!;
  const job = { plan, seed: 1, replication: 0, warmup: 5, seconds: 60, windows: 0 };
  return runReplication({ ...job, rates: new Float64Array(plan.operations.length) }, simulatedKinds);
}

const found = (settings: string): string[] =>
  load(design(settings)).diagnostics.map(({ code, path }) => `${code} ${path?.replace(/^.*shop\./, '')}`);

describe('memory of a service', () => {
  const bounded = 'cores: 2, memory: 80MB, memory-per-request: 10MB';

  test('MEM-1 never more requests have room in an instance than fit, and all of them end somehow', () => {
    for (const settings of [bounded, `${bounded}, instances: 2`, `${bounded}, workers: 5`]) {
      const measured = run(design(settings));
      const [traffic] = measured.traffic;
      const memory = measured.stations.at(-1)!;
      const failed = traffic!.failed.reduce((sum, each) => sum + each, 0);
      expect(failed).toBeGreaterThan(0);
      // Nothing else refuses anybody.
      expect(failed).toBe(memory.refusals);
      expect(traffic!.served + failed + traffic!.inFlight).toBe(traffic!.offered);
      expect(traffic!.inFlight).toBeLessThanOrEqual(8 * (settings.includes('instances') ? 2 : 1));
      // Little's law: what is in memory are the requests in progress, whatever they wait for.
      expect(memory.busyArea / traffic!.latencySum).toBeCloseTo(1, 2);
    }
  });

  test('MEM-2 with room for all, nobody notices it', () => {
    const without = run(design('cores: 2'));
    const ample = run(design('cores: 2, memory: 1TB, memory-per-request: 1MB'));
    expect(ample.traffic[0]!.failed.every((each) => each === 0)).toBe(true);
    expect(ample.traffic[0]!.latencySum).toBe(without.traffic[0]!.latencySum);
  });

  test('MEM-3 one of the two settings alone, no room at all, and bounds that others make idle are reported', () => {
    expect(found('memory: 1GB')).toEqual(['missing-key memory']);
    expect(found('memory-per-request: 1MB')).toEqual(['missing-key memory-per-request']);
    expect(found('memory: 1MB, memory-per-request: 2MB')).toEqual(['out-of-range memory-per-request']);
    expect(found('memory: 80MB, memory-per-request: 10MB, workers: 6, queue: 2')).toEqual([
      'idle-knob memory',
    ]);
    expect(found('memory: 80MB, memory-per-request: 10MB, workers: 6, queue: 3')).toEqual([]);
    expect(found('memory: 80MB, memory-per-request: 10MB, workers: 8, queue: 3')).toEqual([
      'idle-knob workers',
      'idle-knob queue',
    ]);
  });
});
