import { describe, expect, test } from 'vitest';
import { compare, type DesignInput } from '../index.ts';

const station = (name: string, { cores = 1, p99 = '1s' } = {}) => ({
  name: 'one',
  traffic: { users: { call: `${name}.ask`, rate: '70/s' } },
  components: {
    [name]: { kind: 'service' as const, cores, operations: { ask: [{ compute: 'exponential(10ms)' }] } },
  },
  goals: { users: { p99 } },
});

const named = (name: string, design: DesignInput) => ({ name, design });

describe('CMP-1 on common random numbers', () => {
  test('a design and itself do not differ, to the last bit', async () => {
    const one = station('server');
    const { comparisons } = await compare([named('a', one), named('b', one)], { seed: 3, pairs: 3 });
    const [only] = comparisons;
    expect(only!.rows.filter(({ difference }) => difference.value !== 0)).toEqual([]);
    expect(new Set(only!.rows.map(({ effect }) => effect))).toEqual(new Set(['alike']));
    expect(only!.singlePoints).toEqual({ added: [], removed: [] });
  });

  test('the difference of two means is that of the formulas, and much surer than two intervals', async () => {
    const before = station('server');
    const after = { ...before, traffic: { users: { call: 'server.ask', rate: '60/s' } } };
    const { comparisons } = await compare([named('a', before), named('b', after)], { seed: 5 });
    const mean = comparisons[0]!.rows.find(({ name }) => name === 'users.mean')!;
    // M/M/1: 1 / (100 − 60) s less 1 / (100 − 70) s.
    const truth = 1 / 40 - 1 / 30;
    expect(mean.effect).toBe('better');
    expect(mean.difference.low!).toBeLessThanOrEqual(truth + 2e-4);
    expect(mean.difference.high!).toBeGreaterThanOrEqual(truth - 2e-4);
    const apart = Math.hypot(mean.before.high! - mean.before.low!, mean.after.high! - mean.after.low!);
    expect(mean.difference.high! - mean.difference.low!).toBeLessThan(apart);
  });
});

test('CMP-2 designs that differ in names alone, and so in chance, differ in at most one comparison of twenty', async () => {
  let alarms = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { comparisons } = await compare([named('a', station('server')), named('b', station('machine'))], {
      seed,
      pairs: 5,
    });
    const figures = comparisons[0]!.rows.filter(({ name }) => name.startsWith('users.'));
    if (figures.some(({ effect }) => effect !== 'alike')) alarms++;
  }
  // Of twenty with a chance of 5 % each, more than four are alarms with probability 0.003.
  expect(alarms).toBeLessThanOrEqual(4);
});

test('CMP-3 tells a goal that is broken, and what only one of the designs has', async () => {
  const before = station('server', { p99: '250ms', cores: 2 });
  const after = {
    ...station('server', { p99: '250ms' }),
    traffic: { users: { call: 'server.ask', rate: '90/s' } },
  };
  const { comparisons } = await compare(
    [named('a', before), named('b', after), named('c', station('machine'))],
    {
      seed: 2,
      pairs: 4,
    },
  );
  expect(comparisons[0]!.goals).toEqual([{ goal: 'users.p99 ≤ 250ms', before: true, after: false }]);
  const [other] = comparisons.slice(1);
  expect(other!.goals.map(({ goal, before, after }) => [goal, before === null, after === null])).toEqual([
    ['users.p99 ≤ 1s', true, false],
    ['users.p99 ≤ 250ms', false, true],
  ]);
  expect(other!.rows.find(({ name }) => name === 'machine.cpu.busy')!.effect).toBe('new');
  expect(other!.rows.find(({ name }) => name === 'server.cpu.busy')!.effect).toBe('gone');
  expect(other!.singlePoints).toEqual({ added: ['machine'], removed: ['server'] });
});

describe('CMP-6 what moves when keys lie elsewhere', () => {
  const sharded = (shards: number, by = '', items = 20_000) => ({
    name: 'shop',
    data: { item: { count: items, size: '2KB' } },
    traffic: { users: { call: 'web.get', rate: '20/s', key: 'item' } },
    components: {
      web: { kind: 'service' as const, operations: { get: [{ read: 'item', from: 'store' }] } },
      store: {
        kind: 'database' as const,
        stores: 'item',
        shards,
        ...(by === 'slots' ? { slots: 16_384 } : by === '' ? {} : { 'shard-by': by as 'consistent' }),
      },
    },
  });
  const moved = async (before: DesignInput, after: DesignInput) => {
    const { comparisons } = await compare([named('a', before), named('b', after)], { pairs: 3 });
    return comparisons[0]!.keyMoves;
  };
  // Each key by itself falls on the other shard or not: within four standard errors.
  const margin = (share: number, items: number) => 4 * Math.sqrt((share * (1 - share)) / items);

  test.each([
    ['hash mod n: n / (n + 1)', 4, 5, '', 0.8],
    ['a ring: 1 / (n + 1)', 4, 5, 'consistent', 0.2],
    ['slots that move as wholes: 1 / (n + 1)', 4, 5, 'slots', 0.2],
    ['one becomes two: half', 1, 2, '', 0.5],
  ])('%s', async (_, before, after, by, share) => {
    const [moves] = await moved(sharded(before, before === 1 ? '' : by), sharded(after, by));
    expect(moves).toMatchObject({ component: 'store', called: 'shards', before, after });
    // Arcs of a ring with 160 points a shard differ by a tenth or so.
    const within = margin(share, 20_000) + (by === 'consistent' ? 0.06 : 0);
    expect(Math.abs(moves!.share.value! - share)).toBeLessThan(within);
    expect(moves!.share.low).toBe(moves!.share.high);
    expect(moves!.bytes!.value).toBeCloseTo(moves!.share.value! * 20_000 * 2000, 3);
  });

  test('of many items by a sample, whose interval has the truth', async () => {
    const [moves] = await moved(sharded(2, '', 1_000_000), sharded(4, '', 1_000_000));
    // Of hash mod 4, half goes to where hash mod 2 was not.
    expect(moves!.share.low).toBeLessThan(0.5);
    expect(moves!.share.high).toBeGreaterThan(0.5);
    expect(moves!.share.high! - moves!.share.low!).toBeLessThan(0.01);
  });

  test('nothing where nothing is spread otherwise', async () => {
    expect(await moved(sharded(4), sharded(4))).toEqual([]);
    expect(await moved(sharded(1), sharded(1, '', 30_000))).toEqual([]);
  });
});

test('CMP-4 refuses what cannot be compared', async () => {
  const one = named('a', station('server'));
  await expect(compare([one])).rejects.toThrow(/at least 2/);
  await expect(compare([one, one], { pairs: 2 })).rejects.toThrow(/from 3 to 1000/);
  await expect(compare([one, one], { pairs: Number.NaN })).rejects.toThrow(/whole number/);
  await expect(compare([one, one], { scenario: 'none' })).rejects.toThrow(/scenario/);
});
