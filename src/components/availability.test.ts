import { describe, expect, test } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { availability, estimate, kOfEqual } from '../estimate/index.ts';
import type { AvailabilityReport, Figure } from '../report/index.ts';
import { simulate } from '../simulate/simulate.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const HOUR = 3600;
const YEAR = 365 * 24 * HOUR;
const FAILS = 'fails: { mtbf: 1000h, mttr: exponential(1h) }';
const UP = 1000 / 1001;

const live = (design: string, options: { years?: number; seed?: number } = {}): AvailabilityReport =>
  availability(planOf(design), estimatedKinds, options);

/** `shop` behind a balancer that never fails, with more words. */
const shop = (
  instances: number,
  words: { shop?: string; edge?: string; regions?: string; rate?: string } = {},
): string => `
name: shop
constants: { availability.loadBalancer: 100% }
${words.regions ?? ''}
traffic: { users: { call: edge.get, rate: ${words.rate ?? '1/s'} } }
components:
  edge: { kind: load-balancer, to: shop${words.edge ?? ''} }
  shop: { kind: service, instances: ${instances}, ${words.shop ?? FAILS}, operations: { get: [ { compute: 10ms } ] } }
`;
const probes = ', health: { every: 10s, timeout: 1s, fall: 3, rise: 2 }';

/** The truth lies within four standard errors: seeds are fixed, so what holds once holds always. */
function near({ value, low, high }: Figure, truth: number): void {
  expect(Math.abs(value! - truth)).toBeLessThan((4 * (high! - low!)) / 2 / 1.96);
}

const codes = (design: string): string[] =>
  loadDesign(design, { kinds: kinds.map((kind) => kind.describe), file: 'x.yaml' }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

describe('years of failures', () => {
  test('NINES-1 one component: MTBF ÷ (MTBF + MTTR), whatever the law of repairs', () => {
    const one = (mttr: string) =>
      live(shop(1, { shop: `fails: { mtbf: 1000h, mttr: ${mttr} }` }), { years: 1000 });
    for (const mttr of ['1h', 'exponential(1h)', '"lognormal(mean: 1h, cv: 2)"']) {
      const { availability, outages, downtime } = one(mttr).traffic['users']!;
      near(availability, UP);
      near(downtime, (1 - UP) * YEAR);
      near(outages, YEAR / (1001 * HOUR));
    }
    const p95 = (mttr: string) => one(mttr).traffic['users']!.downtimeP95;
    expect(p95('"lognormal(mean: 1h, cv: 2)"').low).toBeGreaterThan(p95('1h').high!);
  });

  test('NINES-2 a month without a failure: e^(−t/MTBF) of those that begin up', () => {
    const { goodMonths } = live(shop(1), { years: 2000 }).traffic['users']!;
    near(goodMonths, UP * Math.exp(-720 / 1000));
  });

  test.each([99, 99.9, 99.99, 99.999])('NINES-3 %s per cent has its downtime a year', (percent) => {
    const design = shop(1).replace(FAILS, 'fails: { mttr: exponential(10min) }');
    const plan = planOf(design.replace('100%', `100%, availability.instance: ${percent}%`));
    const { downtime } = availability(plan, estimatedKinds, { years: percent < 99.5 ? 200 : 4000 }).traffic[
      'users'
    ]!;
    near(downtime, (1 - percent / 100) * YEAR);
  });

  test('NINES-4 in series availabilities multiply; what is optional does not count', () => {
    const design = (step: string) => `
name: chain
traffic: { users: { call: front.get, rate: 1/s } }
components:
  front: { kind: service, ${FAILS}, operations: { get: [ { compute: 1ms }, ${step} ] } }
  back: { kind: service, ${FAILS}, operations: { get: [ { compute: 1ms } ] } }
`;
    const years = 3000;
    near(live(design('{ call: back.get }'), { years }).traffic['users']!.availability, UP ** 2);
    const optional = '{ call: back.get, fallback: [ { compute: 1ms } ] }';
    const { availability, singlePoints } = live(design(optional), { years }).traffic['users']!;
    near(availability, UP);
    expect(singlePoints).toEqual([{ what: 'front', lost: 1 }]);
    const some = '{ choose: [ { probability: 10%, do: [ { call: back.get } ] } ] }';
    near(live(design(some), { years }).traffic['users']!.availability, UP * (1 - 0.1 * (1 - UP)));
  });

  test('NINES-5 side by side and at once replaced: k of n, as often as the Markov chain says', () => {
    // A dns with no time to remember stands for "at once".
    const up = 0.9;
    const fails = 'fails: { mtbf: 9h, mttr: exponential(1h) }';
    const fast = ', health: { every: 1ms, timeout: 1ms, fall: 1, rise: 1 }';
    const two = live(shop(2, { shop: fails, edge: fast }), { years: 30 }).traffic['users']!;
    near(two.availability, 1 - (1 - up) ** 2);
    // 2 of 3: the load of 150/s needs two instances of 100/s.
    const three = live(shop(3, { shop: fails, edge: fast, rate: '150/s' }), { years: 30 }).traffic['users']!;
    near(three.availability, kOfEqual(2, 3, up));
    expect(three.formula.availability).toBeCloseTo(kOfEqual(2, 3, up), 12);
    expect(three.causes[0]!.what).toBe('1 of 3 shop left');
    // Both down begins with one down (2·a·(1−a)) and ends a wait of 1/λ later.
    const down = two.causes.find(({ what }) => what === '0 of 2 shop left')!;
    expect(down.downtime / YEAR).toBeGreaterThan(0.9 * (1 - up) ** 2);
  });

  describe('O-A03 crews: who fails while all of them are at work waits for a repair', () => {
    const crew = (instances: number, fails: string, rate = '1/s') =>
      live(
        shop(instances, {
          shop: `fails: { ${fails} }`,
          edge: ', health: { every: 1ms, timeout: 1ms, fall: 1, rise: 1 }',
          rate,
        }),
        { years: 3000 },
      ).traffic['users']!;

    test.each([
      [1, 2, 'mtbf: 1000h, mttr: exponential(10h), crews: 1', 0.99980396],
      [1, 2, 'mtbf: 1000h, mttr: exponential(10h)', 0.99990197],
      [2, 3, 'mtbf: 500h, mttr: exponential(24h), crews: 1', 0.98749443],
      [2, 3, 'mtbf: 500h, mttr: exponential(24h)', 0.99389882],
    ])('%d of %d, %s', (k, n, fails, published) => {
      const { availability, formula } = crew(n, fails, k === 1 ? '1/s' : '150/s');
      expect(formula.availability).toBeCloseTo(published, 8);
      near(availability, published);
    });

    test('a crew for each is none, and said so', () => {
      const [path] = codes(shop(2, { shop: 'fails: { mtbf: 1000h, crews: 2 }' }));
      expect(path).toBe('idle-knob components.shop.fails.crews');
      expect(codes(shop(3, { shop: 'fails: { mtbf: 1000h, crews: 2 }' }))).toEqual([]);
      expect(codes(shop(3, { shop: 'fails: { mtbf: 1000h, crews: 0 }' }))).toEqual([
        'out-of-range components.shop.fails.crews',
      ]);
    });
  });

  test('NINES-6 failing over costs 1/n of the requests until probes have failed in a row', () => {
    const { failingOver, downtime, formula } = live(shop(4, { edge: probes }), { years: 2000 }).traffic[
      'users'
    ]!;
    // Three probes 10 s apart, the first at any moment: 25 s. Then one more probe in a row until it is asked again.
    near(failingOver, ((YEAR / (1001 * HOUR)) * 4 * 25) / 4);
    expect(downtime.low).toBeGreaterThan(10 * formula.downtime!);
    const faster = live(shop(4, { edge: probes.replace('fall: 3', 'fall: 1') }), { years: 2000 });
    near(faster.traffic['users']!.failingOver, ((YEAR / (1001 * HOUR)) * 4 * 5) / 4);
  });

  test('NINES-7 where nobody looks, a dead instance keeps its share; failures in a row end that sooner', () => {
    const blind = live(shop(4), { years: 1000 });
    near(blind.traffic['users']!.availability, UP);
    expect(blind.notes[0]).toContain('Nobody looks whether instances of shop are up');
    const ejecting = live(shop(4, { edge: ', eject: { consecutive: 5 }' }), { years: 1000 });
    // Five failures at a quarter of a request a second.
    near(ejecting.traffic['users']!.failingOver, ((YEAR / (1001 * HOUR)) * 4 * 20) / 4);
    expect(ejecting.notes.join()).not.toContain('Nobody looks');
  });

  test('NINES-8 the simulation loses as many requests to one failure', async () => {
    const design = shop(4, { edge: probes, rate: '40/s' });
    const scenario = `scenarios: { loss: { lasts: 120s, faults: [ { at: 20s, crash: shop, instances: 1, for: 60s } ] } }`;
    const report = await simulate(planOf(design + scenario), simulatedKinds, {
      scenario: 'loss',
      replications: 40,
    });
    // A quarter of 40 a second for 25 s on average, as the years have it.
    near(report.scenario!.outcomes['users']!.lost, 40 * (25 / 4));
  });

  test('NINES-9 a zone takes what stands there; the rest carries the load or does not', () => {
    const regions =
      'regions: { eu: { zones: [ a, b ], zones-fail: { mtbf: 1000h, mttr: exponential(1h) } } }';
    const never = 'fails: { mtbf: 100y, mttr: 1ms }';
    const edge = `${probes}, zone: a`;
    const room = live(shop(2, { regions, shop: never, edge }), { years: 2000 }).traffic['users']!;
    // The balancer stands in a; with b gone, half of the requests are lost for 25 s.
    near(room.availability, UP - ((1 - UP) * 25) / 2 / HOUR);
    near(room.commonCause, room.downtime.value!);
    const full = live(shop(2, { regions, shop: never, edge, rate: '150/s' }), { years: 2000 }).traffic[
      'users'
    ]!;
    near(full.availability, UP ** 2);
    expect(full.causes.map(({ what }) => what)).toEqual(expect.arrayContaining(['a', 'b']));
    expect(room.singlePoints.map(({ what }) => what)).toEqual(['edge', 'a', 'eu']);
    expect(full.singlePoints.map(({ what }) => what)).toEqual(['edge', '1 of 2 shop', 'a', 'b', 'eu']);
  });

  test('NINES-10 a region takes all of its zones', () => {
    const regions = 'regions: { eu: { zones: [ a, b ], fails: { mtbf: 1000h, mttr: exponential(1h) } } }';
    const { availability, commonCause, causes } = live(
      shop(2, { regions, shop: 'fails: { mtbf: 100y, mttr: 1ms }', edge: probes }),
      { years: 2000 },
    ).traffic['users']!;
    near(availability, UP);
    // The rest: up again, and not asked yet.
    expect(commonCause.value! / causes.reduce((sum, { downtime }) => sum + downtime, 0)).toBeGreaterThan(
      0.99,
    );
    expect(causes[0]!.what).toBe('eu');
  });

  const twins = (check: string, rate = '1/s') => `
name: twins
constants: { availability.loadBalancer: 100% }
traffic: { users: { call: www.get, rate: ${rate} } }
components:
  www: { kind: dns, to: [ one, two ], routing: failover, ttl: 60s${check} }
  one: { kind: load-balancer, to: first, ${FAILS} }
  two: { kind: load-balancer, to: second }
  first: { kind: service, fails: { mtbf: 100y, mttr: 1ms }, operations: { get: [ { compute: 10ms } ] } }
  second: { kind: service, fails: { mtbf: 100y, mttr: 1ms }, operations: { get: [ { compute: 20ms } ] } }
`;

  test('NINES-11 a name sends requests elsewhere after probes and what resolvers remember, if there is room', () => {
    const failures = YEAR / (1001 * HOUR);
    const of = (check: string, rate?: string) => live(twins(check, rate), { years: 1000 }).traffic['users']!;
    near(of('').availability, UP);
    // Three probes 10 s apart and half of the time to live.
    const checked = of(', check: { every: 10s, fall: 3, rise: 1 }');
    near(checked.failingOver, failures * (25 + 30));
    expect(checked.causes[0]!.what).toBe('one, until www sends requests elsewhere');
    // A balancer answers probes whatever is behind it.
    expect(checked.singlePoints.map(({ what }) => what)).toEqual(['www', 'first']);
    // 60 requests a second are too many for an instance that serves 50.
    near(of(', check: { every: 10s, fall: 3, rise: 1 }', '60/s').availability, UP);
  });

  test('NINES-12 of a cache by key a dead node costs its keys, however often they are asked for', () => {
    const design = `
name: cached
constants: { availability.instance: 100%, availability.database: 100% }
data: { item: { count: 1M, size: 1KB } }
traffic: { users: { call: web.get, rate: 1/s, key: item } }
components:
  web: { kind: service, operations: { get: [ { read: item, from: store, through: near, retry: { attempts: 3 } } ] } }
  near: { kind: cache, holds: item, items: 1000, nodes: 4, ${FAILS} }
  store: { kind: database, stores: item }
`;
    const { availability, singlePoints } = live(design, { years: 500 }).traffic['users']!;
    near(availability, UP);
    expect(singlePoints.find(({ what }) => what === '1 of 4 near')!.lost).toBeCloseTo(0.25, 12);
  });

  test('NINES-13 attempts of a retry go to any instance', () => {
    const design = (retry: string) => `
name: tries
traffic: { users: { call: web.get, rate: 1/s } }
components:
  web: { kind: service, fails: { mtbf: 100y, mttr: 1ms }, operations: { get: [ { call: shop.get${retry} } ] } }
  shop: { kind: service, instances: 4, ${FAILS}, operations: { get: [ { compute: 1ms } ] } }
`;
    const lost = (retry: string) =>
      live(design(retry), { years: 20 }).traffic['users']!.singlePoints.find(
        ({ what }) => what === '1 of 4 shop',
      )!.lost;
    expect(lost('')).toBeCloseTo(1 / 4, 12);
    expect(lost(', retry: { attempts: 2 }')).toBeCloseTo(1 / 16, 12);
  });

  test('NINES-14 equal seeds give equal bytes, others other chances; a change elsewhere leaves failures as they were', () => {
    const bytes = (seed: number) => JSON.stringify(live(shop(3, { edge: probes }), { years: 50, seed }));
    expect(bytes(1)).toBe(bytes(1));
    expect(bytes(1)).not.toBe(bytes(2));
    const chain = (more: string) => `
name: chain
traffic: { users: { call: front.get, rate: 1/s }, others: { call: back.get, rate: 1/s } }
components:
  front: { kind: service, ${more}, operations: { get: [ { compute: 1ms } ] } }
  back: { kind: service, ${FAILS}, operations: { get: [ { compute: 1ms } ] } }
`;
    const back = (more: string) => live(chain(more), { years: 50 }).traffic['others'];
    expect(back(FAILS)).toEqual(back('fails: { mtbf: 10h, mttr: 5h }'));
  });

  test('NINES-15 goes on until it is precise, and says what it does not know', () => {
    const rare = live(shop(1, { shop: 'fails: { mtbf: 10y, mttr: exponential(1h) }' }));
    expect(rare.years).toBeGreaterThan(1000);
    const { downtime } = rare.traffic['users']!;
    expect((downtime.high! - downtime.value!) / downtime.value!).toBeLessThan(0.05);
    const never = live(shop(1, { shop: 'fails: { mtbf: 100y, mttr: 1ms }' }), { years: 20 }).traffic[
      'users'
    ]!;
    expect([never.downtime.value, never.downtime.high]).toEqual([0, null]);
    const unknown = live(`
name: pay
traffic: { users: { call: bank.charge, rate: 1/s } }
components: { bank: { kind: external, operations: [ charge ], latency: 1ms } }
`);
    expect(unknown.traffic['users']!.availability.value).toBeNull();
    expect(unknown.notes[0]).toContain('How often bank fails is not known');
    expect(unknown.traffic['users']!.singlePoints).toEqual([{ what: 'bank', lost: 1 }]);
    expect(() => live(shop(1), { years: 3 })).toThrow(RangeError);
  });

  test('NINES-16 a goal on success is a promise, judged by the availability', () => {
    const promise = (share: string) =>
      live(`${shop(1)}goals: { users: { success: ${share} } }`).promises[0]!.met;
    expect([promise('99%'), promise('99.99%')]).toEqual([true, false]);
  });
});

describe('how things fail, in the language', () => {
  const sheetOf = (design: string) => {
    const { sheet } = estimate(planOf(design), estimatedKinds);
    return sheet.find(({ name }) => name === 'traffic.users.availability')!;
  };

  test('FAILS-1 the estimate goes by MTBF and MTTR, the design’s own first', () => {
    expect(sheetOf(shop(1)).figure.value).toBeCloseTo(UP, 12);
    expect(sheetOf(shop(1)).source).toContain('MTBF');
    const repaired = sheetOf(shop(1, { shop: 'fails: { mttr: 10min }' }));
    expect(repaired.figure.value).toBeCloseTo(0.995, 12);
    const usual = sheetOf(
      shop(1, { shop: 'fails: { mtbf: 99h }' }).replace('100%', '100%, mttr.machine: 1h'),
    );
    expect(usual.figure.value).toBeCloseTo(0.99, 12);
  });

  test('FAILS-2 the usual time to repair says how often what has an availability fails', () => {
    const design = (constants: string) => shop(1, { shop: 'cores: 1' }).replace('100%', `100%, ${constants}`);
    const outages = (constants: string) => live(design(constants), { years: 500 }).traffic['users']!.outages;
    near(outages('availability.instance: 99%, mttr.machine: 1h'), YEAR / (100 * HOUR));
    near(outages('availability.instance: 99%, mttr.machine: 10h'), YEAR / (1000 * HOUR));
    expect(codes(design('mttr.machine: 1h'))).toEqual([]);
  });

  test('FAILS-3 what cannot be is refused where it is written', () => {
    const of = (fails: string) => codes(shop(1, { shop: fails }));
    expect(of('fails: { mtbf: 0s }')).toEqual(['out-of-range components.shop.fails.mtbf']);
    expect(of('fails: {}')).toEqual(['missing-key components.shop.fails']);
    expect(of('fails: { mtfb: 3d }')).toContain('unknown-key components.shop.fails.mtfb');
    expect(of('fails: { mtbf: 1d..9d }')).toEqual(['range-where-exact components.shop.fails.mtbf']);
    expect(of('fails: { mtbf: 1d, mttr: "pareto(scale: 1s, alpha: 0.9)" }')).toEqual([
      'out-of-range components.shop.fails.mttr',
    ]);
    const bank = (words: string) => `
name: pay
traffic: { users: { call: bank.charge, rate: 1/s } }
components: { bank: { kind: external, operations: [ charge ], latency: 1ms, ${words} } }
`;
    expect(codes(bank('fails: { mttr: 1h }'))).toEqual(['missing-key components.bank.fails']);
    expect(codes(bank('availability: 99%, fails: { mtbf: 1d }'))).toEqual([
      'conflicting-keys components.bank.fails.mtbf',
    ]);
    expect(codes(bank('availability: 99%, fails: { mttr: 1h }'))).toEqual([]);
    expect(codes(bank('fails: { mtbf: 1d }'))).toEqual([]);
    const region = (words: string) =>
      codes(shop(1, { regions: `regions: { eu: { zones: [ a, b ], ${words} } }` }));
    expect(region('fails: { mttr: 1h }')).toEqual(['missing-key regions.eu.fails.mtbf']);
    expect(region('zones-fail: { mtbf: 1y, mttr: "pareto(scale: 1s, alpha: 1)" }')).toEqual([
      'out-of-range regions.eu.zones-fail.mttr',
    ]);
  });

  test('FAILS-4 a place where nothing stands fails without anybody noticing', () => {
    const regions = 'regions: { eu: { zones: [ a ] }, us: { zones: [ b ], fails: { mtbf: 1y } } }';
    const placed = shop(1, { regions, edge: ', region: eu', shop: 'region: eu' });
    expect(codes(placed)).toEqual(['idle-knob regions.us.fails']);
  });
});
