import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

interface Written {
  readonly www?: string;
  readonly traffic?: string;
  readonly more?: string;
  readonly regions?: string;
  readonly east?: string;
  readonly west?: string;
}

/** Three regions, a place in two of them, all of it hardly loaded; constant work, so that a response is its way and 1 ms. */
const design = ({
  www = 'routing: region',
  traffic = '',
  more = '',
  regions = 'eu: {}, us: { latency: { eu: 40ms } }, asia: { latency: { eu: 90ms, us: 60ms } }',
  east = 'zone: eu',
  west = 'zone: us',
}: Written = {}): string => `
name: regional
regions: { ${regions} }
network: { latency: 0s }
traffic:
  europeans: { call: www.get, rate: 100/s, arrivals: constant, timeout: 1s, from: eu }
  americans: { call: www.get, rate: 100/s, arrivals: constant, timeout: 1s, from: us }
  asians: { call: www.get, rate: 100/s, arrivals: constant, timeout: 1s, from: asia }
  ${traffic}
components:
  www: { kind: dns, to: [ east, west ], ${www} }
  east: { kind: service, cores: 100, ${east}, operations: { get: [ { compute: 1ms } ] } }
  west: { kind: service, cores: 100, ${west}, operations: { get: [ { compute: 1ms } ] } }
  ${more}
`;

const run = (text: string, more = {}): Promise<Report> =>
  simulate(planOf(text), simulatedKinds, { seed: 3, time: 20, replications: 4, warmup: 2, ...more });
const sheet = (text: string): Report => estimate(planOf(text), estimatedKinds);
const meansOf = ({ operations }: Report): Record<string, number> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, { latency }]) => [
      name,
      Math.round(latency.mean.value! * 1e4) / 10,
    ]),
  );
/** Nothing varies, so the estimate and the simulation have the same means, to a tenth of a millisecond. */
const bothMeans = async (text: string): Promise<Record<string, number>> => {
  const simulated = meansOf(await run(text));
  expect(meansOf(sheet(text))).toEqual(simulated);
  return simulated;
};
const problems = (text: string) =>
  loadDesign(text, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

describe('answers by where users are', () => {
  it('DNS-03 each region is answered with what stands in it, others with the default', async () => {
    const means = await bothMeans(design());
    expect(means).toEqual({ europeans: 1, americans: 1, asians: 181 });
    // In turn, half of them cross the ocean.
    const inTurn = meansOf(await run(design({ www: 'ttl: 1ms' })));
    expect(inTurn['europeans']).toBeCloseTo(41, 0);
    expect((await bothMeans(design({ www: 'routing: region, default: west' })))['asians']).toBe(121);
  });

  it('DNS-D1 or with what is said for it', async () => {
    const www = 'routing: region, regions: { us: east, asia: west }';
    expect(await bothMeans(design({ www }))).toEqual({ europeans: 1, americans: 81, asians: 121 });
  });

  it('DNS-05 by latency, each with the shortest round trip; a way that grows moves them', async () => {
    expect(await bothMeans(design({ www: 'routing: latency' }))).toEqual({
      europeans: 1,
      americans: 1,
      asians: 121,
    });
    const regions = 'eu: {}, us: { latency: { eu: 40ms } }, asia: { latency: { eu: 90ms, us: 95ms } }';
    expect((await bothMeans(design({ www: 'routing: latency', regions })))['asians']).toBe(181);
  });

  it('DNS-D2 users of no region get the default, or the first, and their way has no length', async () => {
    const traffic = 'others: { call: www.get, rate: 10/s, arrivals: constant }';
    for (const www of ['routing: latency', 'routing: region']) {
      const report = await run(design({ www, traffic }));
      expect(meansOf(report)['others']).toBe(1);
      expect(meansOf(sheet(design({ www, traffic })))['others']).toBe(1);
    }
  });

  it('DNS-D3 a name stands for names, each as near as the nearest behind it', async () => {
    const text = design({
      www: 'routing: latency',
      west: 'zone: us',
      more: `far: { kind: dns, to: east }
  near: { kind: dns, to: [ east, west ], routing: latency }`,
    }).replace(
      'to: [ east, west ], routing: latency }\n  east',
      'to: [ far, near ], routing: latency }\n  east',
    );
    expect(await bothMeans(text)).toEqual({ europeans: 1, americans: 1, asians: 121 });
  });

  it('DNS-D4 what goes to users is counted once, and nothing of it as going between regions', async () => {
    const text = design({ www: 'routing: latency' });
    const { crossings } = await run(text);
    expect(crossings!.map(({ from, to, scope }) => `${from} ${to} ${scope}`)).toEqual(['www users users']);
    const { value, low, high } = crossings![0]!.messages;
    expect(Math.abs(value! - 300)).toBeLessThanOrEqual(Math.max(high! - low!, 1));
    const costs = sheet(text).sheet.filter(({ name }) => name.startsWith('cost.between'));
    expect(costs.map(({ figure }) => figure.value)).toEqual([0, 0].slice(0, costs.length));
  });
});

describe('components that ask a name', () => {
  const asking = (shop: string, www = 'routing: latency'): string => `
name: asking
regions: { eu: { zones: [ eu-a, eu-b ] }, us: { latency: { eu: 40ms } } }
network: { latency: 1ms, zones: 3ms }
traffic: { users: { call: shop.view, rate: 100/s, arrivals: constant } }
components:
  shop: { kind: service, cores: 100, balance: round-robin, ${shop}, operations: { view: [ { call: www.get } ] } }
  www: { kind: dns, to: [ east, west ], ${www} }
  east: { kind: service, cores: 100, zone: eu-a, operations: { get: [ { compute: 1ms } ] } }
  west: { kind: service, cores: 100, zone: us, operations: { get: [ { compute: 1ms } ] } }
`;

  it('DNS-D5 are answered by where they stand, and their messages go straight there', async () => {
    expect(await bothMeans(asking('zone: eu-a'))).toEqual({ users: 1 + 2 });
    expect(await bothMeans(asking('zone: eu-b'))).toEqual({ users: 1 + 6 });
    expect(await bothMeans(asking('zone: us'))).toEqual({ users: 1 + 2 });
    expect(await bothMeans(asking('zone: us', 'routing: region, regions: { us: east }'))).toEqual({
      users: 1 + 80,
    });
  });

  it('DNS-D6 each instance by its own region', async () => {
    // A third of them in another zone than the place that they are answered with.
    const text = asking('instances: 3, zones: [ eu-a, us, eu-b ]');
    expect((await bothMeans(text))['users']).toBeCloseTo(1 + (2 + 2 + 6) / 3, 0);
    const { crossings } = await run(text);
    const crossed = crossings!.filter(({ messages }) => messages.value! > 0);
    expect(new Set(crossed.map(({ scope }) => scope))).toEqual(new Set(['users', 'zones']));
  });

  it('DNS-D7 messages that are cut between the places of both are lost', async () => {
    const scenarios = `scenarios:
  parted: { lasts: 20s, faults: [ { at: 5s, cut: eu, from: us } ] }`;
    const lost = async (shop: string): Promise<number> => {
      const text = `${asking(shop, 'routing: failover').replace('call: www.get }', 'call: www.get, timeout: 1s }')}${scenarios}`;
      const report = await run(text, { scenario: 'parted', replications: 2, warmup: undefined });
      return report.operations['users']!.success.value!;
    };
    expect(await lost('zone: eu-a')).toBe(1);
    expect(await lost('zone: us')).toBeLessThan(0.3);
  });
});

describe('where a place is lost', () => {
  /** Share of each traffic that fails, from second to second of a scenario in which a region is gone from the 10th on. */
  const failing = async (www: string, traffic: string, region = 'us') => {
    const text = `${design({ www: `${www}, ttl: 5s, check: { every: 1s, fall: 2 }`, traffic: '' })}
scenarios:
  lost: { lasts: 60s, faults: [ { at: 10s, outage: ${region} } ] }`;
    const report = await run(text, { scenario: 'lost', time: 60, replications: 3, warmup: undefined });
    const { window, traffic: all } = report.scenario!;
    const { failures, offered } = all[traffic]!;
    const sum = (values: readonly (number | null)[], from: number, to: number): number =>
      values.slice(from / window, to / window).reduce<number>((total, each) => total + each!, 0);
    return (from: number, to: number): number =>
      Object.values(failures).reduce((total, one) => total + sum(one.value, from, to), 0) /
      sum(offered.value, from, to);
  };

  it.each(['routing: latency', 'routing: region', 'routing: region, regions: { us: west }'])(
    'DNS-D8 users get the next best that is well: %s',
    async (www) => {
      const failed = await failing(www, 'americans');
      expect(failed(0, 9)).toBe(0);
      expect(failed(11, 12)).toBeGreaterThan(0.9);
      // Believed after 2 s, remembered for 5 s more.
      expect(failed(20, 60)).toBe(0);
      // Those of the other region never see it: their resolvers never knew the place, and the name has none.
      expect((await failing(www, 'europeans'))(0, 60)).toBe(0);
    },
  );

  it('DNS-D9 no outage takes the name itself down', async () => {
    expect((await failing('routing: latency', 'asians', 'asia'))(0, 60)).toBe(0);
  });
});

describe('what is said of regions', () => {
  it('DNS-D10 equal seeds give equal bytes', async () => {
    const text = design({ www: 'routing: latency, ttl: 2s, stale: 5%, lookup-time: exponential(5ms)' });
    expect(JSON.stringify(await run(text))).toBe(JSON.stringify(await run(text)));
  });

  it('DNS-D11 bad input is told with its place', () => {
    expect(problems(design({ www: 'routing: region, regions: { mars: east }' }))).toEqual([
      'unknown-reference components.www.regions.mars',
    ]);
    expect(problems(design({ www: 'routing: region, regions: { eu: north }' }))).toEqual([
      'unknown-reference components.www.regions.eu',
    ]);
    expect(problems(design({ www: 'routing: region, default: north' }))).toEqual([
      'unknown-reference components.www.default',
    ]);
    expect(problems(design({ www: 'routing: region, regions: [ eu ]' }))).toHaveLength(1);
    const nowhere = design()
      .replace(/regions: \{ eu.*\n/, '')
      .replace(/, from: \w+/g, '')
      .replace(/zone: \w+, /g, '');
    expect(problems(nowhere)).toEqual(['unknown-reference components.www.routing']);
  });

  it('DNS-D12 words without effect are told', () => {
    expect(problems(design())).toEqual([]);
    expect(problems(design({ www: 'zone: eu' }))).toEqual(['idle-knob components.www.zone']);
    expect(problems(design({ www: 'default: east, regions: { eu: west }' }))).toEqual([
      'idle-knob components.www.default',
      'idle-knob components.www.regions',
    ]);
    expect(problems(design({ www: 'routing: latency, default: east' }))).toEqual([
      'idle-knob components.www.default',
    ]);
    // Asians alone have no component of their own.
    expect(problems(design({ www: 'routing: region, default: east' }))).toEqual([]);
    const all = 'routing: region, default: east, regions: { asia: west }';
    expect(problems(design({ www: all }))).toEqual(['idle-knob components.www.default']);
    // Once their own is not well, the default is next; of two, that is the other one anyway.
    const third = 'north: { kind: service, operations: { get: [ { compute: 1ms } ] }, zone: asia }';
    const three = (www: string) =>
      problems(design({ www, more: third }).replace('[ east, west ]', '[ east, west, north ]'));
    expect(three('routing: region, default: west')).toEqual(['idle-knob components.www.default']);
    expect(three('routing: region, default: west, check: {}')).toEqual([]);
    expect(problems(design({ www: `${all}, check: {}` }))).toEqual(['idle-knob components.www.default']);
    const nowhere = '{ call: www.get, rate: 1/s }';
    expect(problems(design({ www: all, traffic: `others: ${nowhere}` }))).toEqual([]);
    const unasked = design({ www: 'routing: region, regions: { asia: west }' }).replace(', from: asia', '');
    expect(problems(unasked)).toContain('idle-knob components.www.regions.asia');
    const anywhere = design({ www: 'routing: latency' }).replace(/, from: \w+/g, '');
    expect(problems(anywhere)).toContain('idle-knob components.www.routing');
  });
});
