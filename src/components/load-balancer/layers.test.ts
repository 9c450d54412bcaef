import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { underScenario } from '../../design/under-scenario.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { runReplication, simulate } from '../../simulate/index.ts';
import { run as watch, workOf } from '../health.fixture.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

interface Words {
  readonly edge?: string;
  readonly users?: number;
  readonly connections?: string;
  readonly rate?: number;
  readonly api?: string;
  readonly faults?: string;
}

/** Users with connections, a balancer, and instances that are half busy. */
const layered = (layer: 4 | 7, words: Words = {}): string => `
name: layered
traffic: { people: { call: phones.get, rate: ${words.rate ?? 400}/s } }
components:
  phones: { kind: client, to: edge, users: ${words.users ?? 4000}, connections: { ${words.connections ?? ''} } }
  edge: { kind: load-balancer, layer: ${layer}, to: api${words.edge ?? ''} }
  api: { kind: service, ${words.api ?? 'instances: 4'}, operations: { get: [ { compute: 5ms } ] } }
network: { latency: 0s }
scenarios: { it: { lasts: 100s, faults: [ ${words.faults ?? ''} ] } }
`;

const run = (design: string, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 3, time: 100, replications: 4, warmup: 5, ...more });
const sheet = (design: string): Report => estimate(planOf(design), estimatedKinds);
const mean = ({ operations }: Report): Figure => operations['people']!.latency.mean;
const problems = (design: string): readonly string[] =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) }).diagnostics.map(
    ({ code, path, message }) => `${code} ${path}: ${message}`,
  );

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

/** Share of the requests that instance 0 gets from one second up to another; it is made slower, so that the work tells. */
function shareOfFirst(layer: 4 | 7, words: Words, from: number, to: number): number {
  const faults = `{ at: 0s, slow: api, by: 4x, instances: 1 }, ${words.faults}`;
  const plan = underScenario(planOf(layered(layer, { rate: 200, ...words, faults })), 'it');
  const work = workOf(watch(plan)).subarray(from, to);
  return work.reduce((sum, each) => sum + (each / 0.005 - 1) / 3, 0) / work.length;
}

describe('a load balancer at layer 4', () => {
  it('L4-1 sends all requests of a connection to one instance, whichever way they are spread at layer 7', async () => {
    const one = { users: 1, rate: 100, connections: 'requests: 1000000' };
    // M/D/1 at a load of one half, with three instances beside that have nothing to do.
    const report = await run(layered(4, one));
    expectNear(mean(report), 0.0075);
    expectNear(report.stations['api.cpu']!.busiest!.utilization, 0.5);
    expectNear(report.stations['api.cpu']!.utilization, 0.125);
    expect(mean(sheet(layered(4, one))).value).toBeCloseTo(0.0075, 5);
    expect(mean(await run(layered(7, one))).high).toBeLessThan(0.0055);
    expect(mean(sheet(layered(7, one))).value).toBeLessThan(0.0055);
  });

  it('L4-2 over many connections, an instance gets its share by chance and not in turn', async () => {
    // Each user asks every ten seconds, over a connection that is nearly always there: M/D/1 again.
    const report = await run(layered(4));
    expect(Math.abs(mean(report).value! - 0.0075)).toBeLessThan(0.0004);
    expect(mean(sheet(layered(4))).value).toBeCloseTo(0.0075, 5);
    expect(mean(await run(layered(7))).high).toBeLessThan(mean(report).low!);
    expect(sheet(layered(4)).notes.some((note) => note.startsWith('edge: requests go where'))).toBe(true);
  });

  it('L4-3 is as good as layer 7 where each connection has one request', async () => {
    const each = (layer: 4 | 7) => layered(layer, { connections: 'requests: 1' });
    const report = await run(each(4));
    expectNear(mean(await run(each(7))), mean(report).value!);
    expect(mean(sheet(each(4)))).toEqual(mean(sheet(each(7))));
  });

  it('L4-4 leaves connections where they are when an instance comes back', () => {
    const words = {
      edge: ', health: { every: 1s, fall: 1, rise: 1 }',
      users: 400,
      connections: 'requests: 1000000',
      faults: '{ at: 20s, crash: api, instances: 1, for: 10s }',
    };
    expect(shareOfFirst(4, words, 10, 20)).toBeCloseTo(0.25, 1);
    expect(shareOfFirst(4, words, 40, 100)).toBeLessThan(0.02);
    expect(shareOfFirst(7, words, 40, 100)).toBeCloseTo(0.25, 1);
  });

  it('L4-5 gives new connections to the one with the fewest, where it goes by that', () => {
    const share = (algorithm: string): number =>
      shareOfFirst(
        4,
        {
          edge: `, algorithm: ${algorithm}, health: { every: 1s, fall: 1, rise: 1 }`,
          // A connection of a user lasts for 40 s on average.
          users: 400,
          connections: 'requests: 20',
          faults: '{ at: 20s, crash: api, instances: 1, for: 10s }',
        },
        38,
        44,
      );
    const inTurn = share('round-robin');
    expect(inTurn).toBeGreaterThan(0.02);
    expect(share('least-connections')).toBeGreaterThan(1.5 * inTurn);
  });

  it('L4-6 makes users open connections again when their instance dies or is taken out', async () => {
    const opened = async (faults: string): Promise<number> => {
      const plan = underScenario(planOf(layered(4, { faults, users: 400, rate: 200 })), 'it');
      const report = await simulate(plan, simulatedKinds, { seed: 3, time: 100, replications: 2, warmup: 5 });
      return report.connections!['phones']!.opened.value! * 200 * 100;
    };
    const usual = await opened('');
    // A quarter of the 400, each of whom asks every two seconds.
    const more = (await opened('{ at: 20s, crash: api, instances: 1, for: 1s }')) - usual;
    expect(more).toBeGreaterThan(90);
    expect(more).toBeLessThan(130);
    expect((await opened('{ at: 20s, deploy: api, restart: 1s, every: 5s }')) - usual).toBeGreaterThan(350);
  });

  it('L4-7 leaves old connections where they are when instances are added', () => {
    const api = 'instances: 2, autoscale: { to: 4, target: 40%, boot: 1s, every: 5s, cooldown: 5s }';
    const seconds = (layer: 4 | 7): number => {
      const plan = planOf(layered(layer, { api, users: 3, connections: 'requests: 1000000', rate: 300 }));
      const job = { plan, seed: 3, replication: 0, warmup: 60, seconds: 40, windows: 0, series: 0 };
      const rates = new Float64Array(plan.operations.length);
      const { traffic } = runReplication({ ...job, rates }, simulatedKinds);
      return traffic[0]!.latencySum / traffic[0]!.served;
    };
    // Two of the three are with one instance, whatever is added.
    expect(seconds(4)).toBeGreaterThan(5 * seconds(7));
  });

  it('L4-8 takes requests over no connection one by one, and says so', async () => {
    const bare = (layer: string): string =>
      layered(4)
        .replace('phones.get', 'edge.get')
        .replace(/ {2}phones.*\n|scenarios.*\n/g, '')
        .replace('layer: 4, ', layer);
    expect(mean(await run(bare('layer: 4, ')))).toEqual(mean(await run(bare(''))));
    expect(problems(bare('layer: 4, '))).toEqual([
      'idle-knob components.edge.layer: nobody who asks it has `connections`, so each request is a connection of its own',
    ]);
    const alone = layered(4, { api: 'instances: 1, cores: 4' }).replace(/scenarios.*\n/, '');
    expect(problems(alone)).toEqual([
      'idle-knob components.edge.layer: `api` has one instance, so there is nothing to choose',
    ]);
    expect(problems(layered(4, { faults: '{ at: 5s, crash: api, for: 1s }' }))).toEqual([]);
  });

  it.each([
    [', routes: [ { path: /get, to: api } ]', 'routes', 'it sees no path and no header of a request'],
    [', sticky: 5m', 'sticky', 'it sees no key of a request'],
    [', eject: {}', 'eject', 'it sees no answer, and not that one failed'],
    [', algorithm: peak-ewma', 'algorithm', 'it sees no answer, and not how long one took'],
  ])('L4-9 cannot do what needs a look into requests:%s', (edge, word, message) => {
    expect(problems(layered(4, { edge })).filter((each) => each.startsWith('conflicting'))).toEqual([
      `conflicting-keys components.edge.${word}: at layer 4 ${message}`,
    ]);
    expect(problems(layered(7, { edge })).filter((each) => each.startsWith('conflicting'))).toEqual([]);
  });

  it.each(['key-hash', 'ring', 'maglev', 'random', 'power-of-two', 'join-idle-queue'])(
    'L4-10 loses no request and no count under faults: %s',
    (algorithm) => {
      const edge = `, pair: active-active, algorithm: ${algorithm}, health: { every: 1s }`;
      const connections = 'keep: 2s, requests: 7 }, timeout: 20ms, cancel: true, retry: { attempts: 2';
      const faults =
        '{ at: 5s, crash: api, instances: 2, for: 5s }, { at: 15s, crash: edge, instances: 1, for: 5s }, { at: 25s, freeze: api, instances: 1, for: 2s }';
      const text = layered(4, { edge, connections, faults, users: 50, rate: 100 });
      const plan = underScenario(planOf(text), 'it');
      const job = { plan, seed: 7, replication: 0, warmup: 0, seconds: 60, windows: 0, series: 0 };
      const once = () =>
        runReplication({ ...job, rates: new Float64Array(plan.operations.length) }, simulatedKinds);
      const measured = once();
      const { offered, served, failed, inFlight } = measured.traffic[0]!;
      expect(served + failed.reduce((sum, each) => sum + each, 0) + inFlight).toBe(offered);
      expect(served).toBeGreaterThan(0.8 * offered);
      expect(once()).toEqual(measured);
    },
  );
});
