import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { runReplication, simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

interface Farm {
  /** Of the balancer, each followed by a comma. */
  readonly balancer: string;
  readonly instances?: number;
  /** Of the service, each followed by a comma. */
  readonly service?: string;
  readonly rate: number;
  readonly keys?: string;
  readonly work?: string;
}

/** Requests about pages that a balancer spreads over instances. */
const farm = ({ balancer, instances = 2, service = '', rate, keys, work = 'exponential(1s)' }: Farm) => `
name: farm
network: { latency: 0s }
data: { page: { count: ${keys ?? '100k'}, size: 1KB } }
traffic: { users: { call: edge.show, rate: ${rate}/s, key: page } }
components:
  edge: { kind: load-balancer, ${balancer} to: web }
  web: { kind: service, instances: ${instances}, ${service} operations: { show: [ { compute: ${work} } ] } }
`;

const run = (design: string, time = 20_000) =>
  simulate(planOf(design), simulatedKinds, { seed: 11, time, replications: 4, warmup: time / 20 });
const latency = ({ operations }: Report): Figure => operations['users']!.latency.mean;
const estimated = (design: string): Report => estimate(planOf(design), estimatedKinds);

/** Twice the half-width, since many figures are looked at, and a share of the value. */
function expectNear(figure: Figure, value: number, share = 0): void {
  const room = figure.high! - figure.low! + share * value;
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(room);
}

/** No value is in both intervals. */
function expectLess(less: Figure, more: Figure): void {
  expect(less.high!, `${less.value} against ${more.value}`).toBeLessThan(more.low!);
}

describe('power of d choices', () => {
  // Of as many servers as there may be: T = Σ λ^((dⁱ − d)/(d − 1)); a hundred are one or two percent above it.
  const limit = (d: number, load: number): number => {
    let sum = 0;
    for (let i = 1; i < 9; i++) sum += load ** (d === 1 ? i - 1 : (d ** i - d) / (d - 1));
    return d === 1 ? 1 / (1 - load) : sum;
  };
  it.each([
    [1, 0.8],
    [2, 0.8],
    [3, 0.8],
    [3, 0.5],
    [5, 0.9],
  ])('O-L01 supermarket model, d = %d, λ = %d', async (d, load) => {
    const design = farm({
      balancer: `algorithm: power-of-d, choices: ${d},`,
      instances: 100,
      rate: load * 100,
    });
    const report = await run(design, 1000);
    expectNear(latency(report), limit(d, load), 0.02);
    expect(Math.abs(latency(estimated(design)).value! / limit(d, load) - 1)).toBeLessThan(0.03);
    expect(Math.abs(latency(estimated(design)).value! / latency(report).value! - 1)).toBeLessThan(0.03);
  });
});

describe('weights', () => {
  // With work of 1 s and 2 s and a core for everyone, utilisation tells who got what.
  const told = (algorithm: string, weights: string) =>
    farm({
      balancer: `algorithm: ${algorithm}, ${weights}`,
      service: 'speeds: [1, 0.5], cores: 100,',
      rate: 40,
    });
  it.each([
    ['random', ''],
    ['weighted-round-robin', ''],
    ['ring', 'virtual-nodes: 20k,'],
    ['rendezvous', ''],
    ['maglev', ''],
  ])('%s sends each instance its share', async (algorithm, more) => {
    const design = told(algorithm, `weights: [3, 1], ${more}`);
    const report = await run(design, 1000);
    const share = 0.75 * 1 + 0.25 * 2;
    expectNear(report.stations['web.cpu']!.utilization, (40 * share) / 200, 0.01);
    expectNear(latency(report), share, 0.01);
    expect(latency(estimated(design)).value).toBeCloseTo(share, 5);
  });

  it('bounded-ring and weighted-least-connections send more to the heavier', async () => {
    for (const algorithm of ['bounded-ring', 'weighted-least-connections']) {
      const heavy = await run(told(algorithm, 'weights: [3, 1],'), 1000);
      const light = await run(told(algorithm, 'weights: [1, 3],'), 1000);
      expectLess(latency(heavy), latency(light));
    }
  });

  it('a service takes them for callers without a balancer', async () => {
    const direct = (weights: string) => `
name: direct
network: { latency: 0s }
traffic: { users: { call: web.show, rate: 40/s } }
components:
  web:
    kind: service
    instances: 2
    speeds: [1, 0.5]
    cores: 100
    balance: random
    ${weights}
    operations: { show: [ { compute: exponential(1s) } ] }
`;
    expectNear(latency(await run(direct('weights: [3, 1]'), 1000)), 1.25, 0.005);
    expectNear(latency(await run(direct(''), 1000)), 1.5, 0.005);
    expect(latency(estimated(direct('weights: [3, 1]'))).value).toBeCloseTo(1.25, 9);
  });

  it('weighted round robin goes a a b a c a a', () => {
    const plan = planOf(`
name: turns
network: { latency: 0s }
traffic: { users: { call: edge.show, rate: 1/s, arrivals: constant } }
components:
  edge: { kind: load-balancer, algorithm: weighted-round-robin, weights: [5, 1, 1], to: web }
  web: { kind: service, instances: 3, speeds: [1, 0.5, 0.25], operations: { show: [ { compute: 100ms } ] } }
`);
    const seconds = (count: number) => {
      const job = { plan, seed: 1, replication: 0, warmup: 0, windows: 0, rates: new Float64Array(9) };
      return runReplication({ ...job, seconds: count + 0.9 }, simulatedKinds).traffic[0]!.latencySum;
    };
    const turns = Array.from({ length: 14 }, (_, i) => seconds(i + 1) - seconds(i));
    const names = turns.map((time) => (time < 0.15 ? 'a' : time < 0.3 ? 'b' : 'c'));
    expect(names.join(' ')).toBe('a a b a c a a a a b a c a a');
  });
});

describe('speeds', () => {
  const uneven = (balancer: string, rate: number, service = 'speeds: [1, 1, 0.5, 0.5],') =>
    farm({ balancer, instances: 4, service, rate });

  it('random: each instance is M/M/1 of its speed', async () => {
    const design = uneven('algorithm: random,', 1.2);
    const expected = (1 / (1 - 0.3) + 1 / (0.5 - 0.3)) / 2;
    const report = await run(design);
    expectNear(latency(report), expected);
    expectNear(report.stations['web.cpu']!.utilization, (0.3 + 0.6) / 2);
    const { operations, stations } = estimated(design);
    expect(operations['users']!.latency.mean.value).toBeCloseTo(expected, 9);
    expect(stations['web.cpu']!.utilization.value).toBeCloseTo(0.45, 9);
  });

  it('processor sharing takes its time by speed as well', async () => {
    const sharing = 'speeds: [1, 1, 0.5, 0.5], discipline: processor-sharing,';
    const design = uneven('algorithm: random,', 1.2, sharing);
    const expected = (1 / (1 - 0.3) + 1 / (0.5 - 0.3)) / 2;
    expectNear(latency(await run(design)), expected);
    expect(latency(estimated(design)).value).toBeCloseTo(expected, 9);
  });

  it('weights as the speeds: all instances are as busy, and wait as long for their speed', async () => {
    const design = uneven('algorithm: random, weights: [2, 2, 1, 1],', 1.8);
    const expected = (2 / 3) * (1 / (1 - 0.6)) + (1 / 3) * (1 / (0.5 - 0.3));
    expectNear(latency(await run(design)), expected);
    expect(latency(estimated(design)).value).toBeCloseTo(expected, 9);
  });

  it('O-L03 in turn, half-speed instances have a queue that least connections has not', async () => {
    const inTurn = uneven('algorithm: round-robin,', 1.8);
    const fewest = uneven('algorithm: weighted-least-connections, weights: [2, 2, 1, 1],', 1.8);
    const [turns, least] = [await run(inTurn), await run(fewest)];
    expectLess(latency(least), latency(turns));
    expectNear(latency(turns), latency(estimated(inTurn)).value!);
    expect(Math.abs(latency(estimated(fewest)).value! / latency(least).value! - 1)).toBeLessThan(0.08);
  });

  it.each([
    ['least-connections', 0.3, 0.05],
    ['least-connections', 0.8, 0.08],
    ['power-of-two', 0.3, 0.05],
    ['power-of-two', 0.8, 0.15],
  ])('%s at %d: the estimate is near, its interval holds', async (algorithm, load, within) => {
    const design = uneven(`algorithm: ${algorithm},`, load * 3);
    const report = await run(design);
    const { operations, stations, notes } = estimated(design);
    const { value, low, high } = operations['users']!.latency.mean;
    expect(Math.abs(value! / latency(report).value! - 1)).toBeLessThan(within);
    expect(low!).toBeLessThan(latency(report).value!);
    expect(high!).toBeGreaterThan(latency(report).value!);
    expectNear(report.stations['web.cpu']!.utilization, stations['web.cpu']!.utilization.value!, 0.02);
    expect(notes.join('\n')).toMatch(/web: its instances differ/);
  });

  it('in turn, the slowest is full first; least connections uses all there is', async () => {
    const inTurn = uneven('algorithm: round-robin,', 2.4);
    const fewest = uneven('algorithm: least-connections,', 2.4);
    const full = estimated(inTurn);
    expect(latency(full).value).toBeNull();
    // Two at 0.6 and two that cannot keep up.
    expect(full.stations['web.cpu']!.utilization.value).toBeCloseTo(0.8, 9);
    const overloaded = await run(inTurn, 4000);
    expect(latency(overloaded).value).toBeNull();
    expectNear(overloaded.stations['web.cpu']!.utilization, 0.8);
    expect(latency(estimated(fewest)).value).toBeLessThan(4);
    expect(latency(await run(fewest)).value).toBeLessThan(4);
  });

  it('behind workers, the estimate takes equal instances and says so', async () => {
    const design = uneven('algorithm: random,', 1.2, 'speeds: [1, 1, 0.5, 0.5], workers: 5,');
    const { operations, notes } = estimated(design);
    expect(notes.join('\n')).toMatch(/the busiest is full first/);
    const simulated = latency(await run(design)).value!;
    expect(Math.abs(operations['users']!.latency.mean.value! / simulated - 1)).toBeLessThan(0.3);
  });
});

describe('users who come again', () => {
  it('queue at instances of their speed, in the simulation and the estimate', async () => {
    const design = farm({
      balancer: 'algorithm: random,',
      instances: 2,
      service: 'speeds: [1, 0.5],',
      rate: 1,
    }).replace('rate: 1/s', 'users: 3, think: exponential(5s)');
    const report = estimated(design);
    expect(report.notes.join()).toMatch(/of closed traffic are those at equal ones/);
    const simulated = latency(await run(design)).value!;
    expect(Math.abs(latency(report).value! / simulated - 1)).toBeLessThan(0.1);
  });
});

describe('sticky', () => {
  const kept = (more: string, keys: string, rate: number) =>
    farm({ balancer: `algorithm: round-robin, ${more}`, keys, rate });

  it('requests about a key stay with its instance until none came for so long', async () => {
    // One key at 0.8: one instance is M/M/1, the other idle. In turn: E₂/M/1 at 0.4.
    const stays = await run(kept('sticky: 30m,', '1', 0.8));
    expectNear(latency(stays), 5);
    expectNear(stays.stations['web.cpu']!.utilization, 0.4);
    const forgotten = await run(kept('sticky: 1ms,', '1', 0.8));
    const inTurn = kept('', '1', 0.8);
    expectNear(latency(forgotten), latency(estimated(inTurn)).value!, 0.01);
    expectLess(latency(await run(inTurn)), latency(stays));
  });

  it('is estimated as a choice by key, where keys are remembered', async () => {
    // Thousands of keys, each asked for every half hour: two instances M/M/1, or in turn.
    const remembered = kept('sticky: 10h,', '2000', 1.2);
    const report = estimated(remembered);
    expect(latency(report).value).toBeCloseTo(1 / (1 - 0.6), 9);
    expect(report.notes.join()).toMatch(/taken for chosen by key/);
    expectNear(latency(await run(remembered)), 1 / (1 - 0.6), 0.03);
    const forgotten = estimated(kept('sticky: 1s,', '2000', 1.2));
    expect(latency(forgotten).value).toBe(latency(estimated(kept('', '2000', 1.2))).value);
    expect(forgotten.notes.join()).toMatch(/is left out/);
  });

  it('forgets the keys that the table has no room for', async () => {
    // Three keys on two instances: loads of 0.8 and 0.4.
    const all = await run(kept('sticky: 30m,', '3', 1.2));
    expectNear(latency(all), ((2 / 3) * 1) / (1 - 0.8) + ((1 / 3) * 1) / (1 - 0.4));
    expectLess(latency(await run(kept('sticky: 30m, sessions: 1,', '3', 1.2))), latency(all));
  });

  it('goes by the key that a call is about', async () => {
    const design = (algorithm: string) => `
name: about
network: { latency: 0s }
data: { page: { count: 100k, size: 1KB }, user: { count: 1, size: 1KB } }
traffic: { users: { call: front.go, rate: 0.8/s, key: page } }
components:
  front: { kind: service, operations: { go: [ { call: edge.show, key: user } ] } }
  edge: { kind: load-balancer, ${algorithm}, to: web }
  web: { kind: service, instances: 2, operations: { show: [ { compute: exponential(1s) } ] } }
`;
    expectNear(latency(await run(design('sticky: 30m'))), 5);
    expectNear(latency(await run(design('algorithm: ring'))), 5);
  });
});

describe('what else an algorithm is told', () => {
  const zipf = (balancer: string) =>
    farm({ balancer, instances: 10, rate: 7, keys: '1000, popularity: zipf(1.0)' });
  it.each([
    ['virtual-nodes', 'algorithm: ring, virtual-nodes: 1000,', 'algorithm: ring, virtual-nodes: 1,', 4],
    [
      'load-factor',
      'algorithm: bounded-ring, load-factor: 1x,',
      'algorithm: bounded-ring, load-factor: 5x,',
      7,
    ],
    ['dispatchers', 'algorithm: join-idle-queue,', 'algorithm: join-idle-queue, dispatchers: 100,', 7],
  ])('%s moves the mean', async (_, less, more, rate) => {
    const design = (balancer: string) => zipf(balancer).replace('rate: 7/s', `rate: ${rate}/s`);
    const few = await run(design(less), 4000);
    const many = latency(await run(design(more), 4000));
    if (many.value === null) expect(latency(few).value).not.toBeNull();
    else expectLess(latency(few), many);
  });

  it('equal seeds give equal bytes', async () => {
    const design = farm({
      balancer: 'algorithm: power-of-d, choices: 3, sticky: 10s, sessions: 100,',
      instances: 3,
      service: 'speeds: [1, 0.5, 2],',
      rate: 1,
    });
    expect(await run(design, 200)).toEqual(await run(design, 200));
  });
});

describe('problems', () => {
  const descriptions = kinds.map(({ describe: description }) => description);
  const problems = (balancer: string, service = '', keyed = ', key: page') => {
    const design = farm({ balancer, service, rate: 1 }).replace(', key: page', keyed);
    const { diagnostics } = loadDesign(design, { file: 'test.yaml', kinds: descriptions });
    return diagnostics
      .filter(({ path }) => path.startsWith('components'))
      .map(({ code, path }) => `${code} ${path.replace('components.', '')}`);
  };

  it.each([
    ['algorithm: random, weights: [2, 1],', '', []],
    ['algorithm: weighted-round-robin, weights: [2, 1, 1],', '', ['out-of-range edge.weights']],
    ['algorithm: random, weights: [2, 2],', '', ['idle-knob edge.weights']],
    ['algorithm: least-connections, weights: [2, 1],', '', ['idle-knob edge.weights']],
    ['algorithm: random, weights: [2, 0],', '', ['out-of-range edge.weights']],
    ['algorithm: random, weights: [],', '', ['out-of-range edge.weights']],
    ['algorithm: random, weights: 2,', '', ['wrong-type edge.weights']],
    ['algorithm: random, weights: [1, 1..3],', '', ['range-where-exact edge.weights']],
    ['algorithm: power-of-two, choices: 3,', '', ['idle-knob edge.choices']],
    ['algorithm: rendezvous, virtual-nodes: 3,', '', ['idle-knob edge.virtual-nodes']],
    ['algorithm: ring, load-factor: 2x,', '', ['idle-knob edge.load-factor']],
    ['algorithm: bounded-ring, load-factor: 0.5x,', '', ['out-of-range edge.load-factor']],
    ['algorithm: ring, weights: [1, 1000000],', '', ['out-of-range edge.weights']],
    ['dispatchers: 3,', '', ['idle-knob edge.dispatchers']],
    ['sticky: 10s,', '', []],
    ['sticky: 0s,', '', ['out-of-range edge.sticky']],
    ['sessions: 100,', '', ['idle-knob edge.sessions']],
    ['algorithm: ring, sticky: 10s,', '', ['idle-knob edge.sticky']],
    ['algorithm: bounded-ring, sticky: 10s,', '', []],
    ['', 'speeds: [1, 0.5],', []],
    ['', 'speeds: [1, 1],', ['idle-knob web.speeds']],
    ['', 'speeds: [1],', ['out-of-range web.speeds']],
    ['', 'speeds: [1, 0],', ['out-of-range web.speeds']],
    ['', 'weights: [2, 1],', ['idle-knob web.weights']],
    [
      '',
      'weights: [2, 1, 1], balance: random,',
      ['idle-knob web.balance', 'idle-knob web.weights', 'out-of-range web.weights'],
    ],
    ['algorithm: ip-hash,', '', ['unknown-value edge.algorithm']],
  ])('%s %s', (balancer, service, expected) => {
    expect(problems(balancer, service).sort()).toEqual([...expected].sort());
  });

  it('sticky without keys', () => {
    expect(problems('sticky: 10s,', '', '')).toEqual(['idle-knob edge.sticky']);
  });
});
