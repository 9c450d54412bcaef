import { describe, expect, it } from 'vitest';
import { estimate } from '../estimate/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

interface Mixed {
  readonly rate: string;
  readonly users: number;
  readonly think?: string;
  readonly open?: string;
  readonly closed?: string;
  readonly settings?: string;
}

/** Open and closed traffic that ask the same service. */
const plan = ({
  rate,
  users,
  think = 'exponential(1s)',
  open = 'exponential(10ms)',
  closed = 'exponential(10ms)',
  settings = 'cores: 2,',
}: Mixed) =>
  planOf(`
name: mixed
network: { latency: 0s }
traffic:
  open: { call: server.serve, rate: ${rate} }
  closed: { call: server.look, users: ${users}, think: ${think} }
components:
  server: { kind: service, ${settings} operations: { serve: [ { compute: ${open} } ], look: [ { compute: ${closed} } ] } }
`);

const meansOf = (of: Mixed) => {
  const { operations } = estimate(plan(of), estimatedKinds);
  return { open: operations['open']!.latency.mean.value!, closed: operations['closed']!.latency.mean.value! };
};

/** How far an approximation may lie beside the interval of a simulation. */
const OFF = 0.05;

describe('open and closed traffic in one queue', () => {
  it.each<[string, Mixed]>([
    ['of equal work at two cores', { rate: '150/s', users: 21 }],
    ['of short work behind long at two cores', { rate: '150/s', users: 21, closed: '1ms' }],
    ['of long work behind short at one core', { rate: '300/s', users: 10, open: '1ms', settings: '' }],
    [
      'of constant work at four cores',
      { rate: '250/s', users: 100, open: '10ms', closed: '5ms', settings: 'cores: 4,' },
    ],
    [
      'that shares two cores',
      { rate: '100/s', users: 30, closed: '5ms', settings: 'cores: 2, discipline: processor-sharing,' },
    ],
  ])('MIX-1 %s: the estimate and the simulation agree', async (_, of) => {
    const report = await simulate(plan(of), simulatedKinds, {
      seed: 1,
      time: 60,
      warmup: 3,
      replications: 6,
    });
    const estimated = meansOf(of);
    for (const name of ['open', 'closed'] as const) {
      const { low, high } = report.operations[name]!.latency.mean;
      expect(estimated[name], name).toBeGreaterThan(low! * (1 - OFF));
      expect(estimated[name], name).toBeLessThan(high! * (1 + OFF));
    }
  });

  it('MIX-2 a single user at one server waits as Pollaczek and Khinchine say', () => {
    // A user who hardly ever asks meets the queue of the open traffic alone.
    const of = { rate: '60/s', users: 1, think: '1000s', open: '10ms', closed: '1ms', settings: '' };
    const load = 0.6;
    expect(meansOf(of).closed).toBeCloseTo((load * 5e-3) / (1 - load) + 1e-3, 6);
  });

  it('MIX-3 open traffic that is more than there is room for has no end, and the report says so', () => {
    for (const settings of ['cores: 2,', '']) {
      const { stable, operations, notes } = estimate(
        plan({ rate: '250/s', users: 5, settings }),
        estimatedKinds,
      );
      expect(stable).toBe(false);
      expect(operations['open']!.latency.mean.value).toBeNull();
      expect(operations['closed']!.latency.mean.value).toBeNull();
      expect(notes.join()).toContain('Open traffic alone is more than a station can serve');
    }
  });

  it('MIX-4 users of two sorts wait for the same work, however short their own is', async () => {
    const two = planOf(`
name: two-sorts
network: { latency: 0s }
traffic:
  long: { call: server.serve, users: 4, think: exponential(200ms) }
  short: { call: server.look, users: 20, think: exponential(200ms) }
components:
  server: { kind: service, operations: { serve: [ { compute: exponential(20ms) } ], look: [ { compute: 1ms } ] } }
`);
    const report = await simulate(two, simulatedKinds, { seed: 1, time: 60, warmup: 3, replications: 6 });
    const { operations } = estimate(two, estimatedKinds);
    for (const name of ['long', 'short']) {
      const { low, high } = report.operations[name]!.latency.mean;
      expect(operations[name]!.latency.mean.value, name).toBeGreaterThan(low! * (1 - OFF));
      expect(operations[name]!.latency.mean.value, name).toBeLessThan(high! * (1 + OFF));
    }
  });
});
