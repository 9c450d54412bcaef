import { expect, test } from 'vitest';
import { type StressReport, stress } from '../../index.ts';
import { mail } from './mail.fixture.ts';

/** One server with a place for so many who wait; it does 1,000 requests a second, and half of that come. */
const server = (queue: number, goals: object) => ({
  name: 'server',
  traffic: { users: { call: 'server.ask', rate: '500/s' } },
  components: {
    server: {
      kind: 'service',
      instances: 1,
      cores: 1,
      queue,
      operations: { ask: [{ compute: 'exponential(1ms)' }] },
    },
  },
  goals: { users: goals },
});

const rungOf = ({ ladder }: StressReport, name: string) => ladder.find((rung) => rung.name.startsWith(name));

test('STR-6 a queue that has an end may be full and hold p99: only what is turned away is missed', async () => {
  // A full queue of 2,000 is a wait of 2 s; 5 % are turned away where 1/0.95 of what the server can do is asked.
  const report = await stress(server(2000, { p99: '3s', success: '95%' }), { seed: 2, most: 10 });
  const success = rungOf(report, 'users.success')!;
  const truth = 2 / 0.95;
  expect(success.at.low).toBeLessThanOrEqual(truth);
  expect(success.at.high).toBeGreaterThanOrEqual(truth);
  expect(success.at.high! / success.at.low!).toBeLessThan(1.1);
  expect(rungOf(report, 'users.p99')).toBeUndefined();
});

test('STR-7 a queue without an end misses every goal on latency above the capacity, and none far below', async () => {
  // In an M/M/1 queue, p99 is ln(100) / (μ − λ).
  const truth = (1000 - Math.log(100) / 0.1) / 500;
  const unlimited = server(1e9, { p99: '100ms' });
  const report = await stress(unlimited, { seed: 2, most: 10 });
  const latency = rungOf(report, 'users.p99')!;
  expect(latency.at.low).toBeLessThanOrEqual(truth);
  expect(latency.at.high).toBeGreaterThanOrEqual(truth);
  // So near to the capacity no run can tell; a little above it, all can.
  expect(latency.at.high).toBeLessThan(2 * 1.1);
});

test('STR-8 rungs stand in the order of the loads that are shown', async () => {
  const { ladder } = await stress(server(20, { p99: '15ms', success: '99.9%' }), { seed: 2, most: 4 });
  const loads = ladder.map(({ at }) => Number((at.value ?? at.high)!.toPrecision(3)));
  expect(loads).toEqual([...loads].sort((a, b) => a - b));
  expect(ladder.length).toBe(3);
});

test('STR-9 filling queues overloads nothing that keeps up: publishers answer while their messages pile up without end', async () => {
  const { ladder } = await stress(mail({}), { seed: 1, most: 3, precision: 0.5 });
  const found = ladder.filter(({ what }) => what === 'goal').map(({ name }) => name);
  // Mails are worked off up to 800 a second, 1.6 times the load; what is asked of the two cores is below 2,000 up to 4 times.
  expect(found).toEqual(['mails.age p99 ≤ 2s']);
});

test('STR-15 rare traffic that suffers with the rest is met below the knee, and missed where few requests show it', async () => {
  const { traffic, goals, ...shared } = server(200, { success: '99.5%' });
  const report = await stress(
    {
      ...shared,
      traffic: { ...traffic, admins: { call: 'server.ask', rate: '0.3/s' } },
      goals: { ...goals, admins: { success: '97%' } },
    },
    { seed: 2, most: 10, precision: 0.1 },
  );
  const admins = rungOf(report, 'admins.success')!;
  // Of all, 3 % are turned away where 1/0.97 of what the server can do is asked.
  expect(admins.at.low).toBeGreaterThan(1.8);
  expect(admins.at.low).toBeLessThanOrEqual(2 / 0.97);
  expect(admins.at.high).toBeGreaterThanOrEqual(2 / 0.97);
});

test('STR-22 what a design that is far from carrying its load can do is read below that: what lies behind what is full is not taken for full at it', async () => {
  // Both do 200 a second; the store lets no more through than comes to it.
  const web = { kind: 'service', cores: 1, operations: { ask: [{ compute: '5ms' }, { call: 'store.ask' }] } };
  const store = { kind: 'service', cores: 1, operations: { ask: [{ compute: '5ms' }] } };
  const report = await stress(
    {
      name: 'far',
      traffic: { users: { call: 'web.ask', rate: '4000/s' } },
      components: { web, store },
      goals: { users: { success: '99%' } },
    },
    { seed: 1, most: 1, precision: 0.5 },
  );
  for (const name of ['web.cpu', 'store.cpu']) {
    // A station is full from 98 % of its capacity on.
    expect(rungOf(report, name)!.at.high! / 0.05).toBeGreaterThan(0.98);
    expect(rungOf(report, name)!.at.low! / 0.05).toBeLessThan(1.02);
  }
});
