import { describe, expect, test } from 'vitest';
import { kinds } from '../components/index.ts';
import { endsOf, inputsOf, movedBy } from './inputs.ts';
import { loadDesign } from './load.ts';

describe('a number of a design, moved', () => {
  test.each([
    ['300/s', 0.8, ['240/s']],
    ['10B/day', 1.2, ['12B/day']],
    ['2x', 0.8, ['1.6x']],
    ['1_000', 0.5, ['500']],
    ['1h30m', 2, ['2h60m']],
    ['1h ± 10%', 1.2, ['1.2h ± 10%']],
    ['5ms..20ms', 2, ['10ms..40ms']],
    ['$0.10/GB', 2, ['$0.2/GB']],
    ['50%', 1.2, ['60%']],
    [4, 0.8, [3.2, 3]],
    [4, 1.2, [4.8, 5]],
    [1, 1.2, [1.2, 2]],
    ['10', 1.2, [12]],
    ['lognormal(mean: 4ms, cv: 0.7)', 1.5, ['lognormal(mean: 6ms, cv: 0.7)']],
    ['lognormal(p50: 2ms, p99: 9ms)', 2, ['lognormal(p50: 4ms, p99: 18ms)']],
    ['exponential(12ms)', 0.5, ['exponential(6ms)']],
    ['zipf(0.9)', 2, ['zipf(1.8)']],
    ['empirical(1ms, 2ms, 4ms)', 2, ['empirical(2ms, 4ms, 8ms)']],
  ])('%s times %f', (value, times, expected) => {
    expect(movedBy(value, times)).toEqual(expected);
  });

  test.each([
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    'full-jitter',
    'links',
    '0s',
    'uniform',
    'new order',
    '10.2-alpine',
    'a(1ms, 2ms',
    '('.repeat(500),
  ])('%s is none', (value) => {
    expect(movedBy(value, 1.2)).toEqual([]);
  });

  test.each([
    ['5ms..20ms', ['5ms', '20ms']],
    ['7/s (5/s..9/s)', ['5/s', '9/s']],
    ['5ms', null],
    ['a..b', null],
    [5, null],
  ])('the ends of %s', (value, expected) => {
    expect(endsOf(value)).toEqual(expected);
  });
});

const shop = `
name: shop
data: { item: { count: 10k, size: 1KB, keep: 2y } }
traffic: { users: { call: api.view, rate: 10/s, key: item } }
components:
  api:
    kind: service
    instances: 2
    price: $10/month
    operations: { view: [ { compute: 1ms }, { read: item, from: store, timeout: 50ms } ] }
  store: { kind: database, stores: item }
constants: { rtt.dc: 200us }
goals: { users: { p99: 50ms } }
`;

describe('the inputs of a design', () => {
  const loaded = loadDesign(shop, { file: 'shop.yaml', kinds: kinds.map((kind) => kind.describe) });

  test('are the numbers that a system behaves by, with their places', () => {
    expect(loaded.inputs.map(({ name, value }) => [name, value])).toEqual([
      ['users.rate', '10/s'],
      ['api.instances', 2],
      ['api.view[0].compute', '1ms'],
      ['api.view[1].timeout', '50ms'],
      ['item.count', '10k'],
      ['item.size', '1KB'],
      ['["rtt.dc"]', '200us'],
    ]);
  });

  test('take another value, where the design can be with it, and leave the rest', () => {
    const [rate, instances] = loaded.inputs;
    const faster = loaded.revise!(rate!.path, '12/s')!;
    expect(faster.traffic[0]!.arrivals).toMatchObject({ rate: { value: 12 } });
    expect({ ...faster, traffic: [] }).toEqual({ ...loaded.plan!, traffic: [] });
    expect(loaded.revise!(instances!.path, 1.6)).toBeNull();
    expect(loaded.revise!(instances!.path, 1)!.components[0]!.settings['instances']).toBe(1);
  });

  test('of what is no design are none', () => {
    for (const value of [null, undefined, 3, 'x', [], { components: [null, { a: null }] }]) {
      expect(inputsOf(value)).toEqual([]);
    }
  });
});
