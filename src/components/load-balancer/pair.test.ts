import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { availability, estimate } from '../../estimate/index.ts';
import type { Figure } from '../../report/index.ts';
import { simulate } from '../../simulate/simulate.ts';
import { described, errorShare, failedOf, lastFailure, run, total } from '../health.fixture.ts';
import { estimatedKinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

interface Words {
  readonly edge?: string;
  readonly api?: string;
  readonly faults?: string;
  readonly rate?: number;
  readonly more?: string;
}

/** A balancer, the words about it in `edge`, before instances that are far from busy. */
const design = ({
  edge = '',
  api = 'instances: 2, cores: 4',
  faults = '',
  rate = 400,
  more = '',
}: Words): string => `
name: pair
${more}
traffic: { users: { call: edge.get, rate: ${rate}/s, timeout: 500ms } }
components:
  edge: { kind: load-balancer, to: api${edge} }
  api: { kind: service, ${api}, operations: { get: [ { compute: 1ms } ] } }
scenarios:
  it: { lasts: 60s, faults: [ ${faults} ] }
`;
const passive = ', pair: active-passive';
const active = ', pair: active-active';
const dies = '{ at: 10s, crash: edge, instances: 1 }';

const estimated = (words: Words) => estimate(planOf(design(words)), estimatedKinds);
const simulated = (words: Words) =>
  simulate(planOf(design(words)), simulatedKinds, { seed: 3, time: 300, replications: 4, warmup: 20 });

/** The truth lies within four standard errors: seeds are fixed, so what holds once holds always. */
function near({ value, low, high }: Figure, truth: number): void {
  expect(Math.abs(value! - truth), `${value} for ${truth}`).toBeLessThan((4 * (high! - low!)) / 2 / 1.96);
}

const problems = (text: string): string[] =>
  loadDesign(text, { file: 'pair.yaml', kinds: described }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

describe('a pair of load balancers', () => {
  it('PAIR-1 without one, a balancer that dies is the end; a pair has taken over after 3.6 s', () => {
    const alone = run(design({ faults: '{ at: 10s, crash: edge }' }));
    expect(errorShare(alone, 10, 60)).toBe(1);
    const pair = run(design({ edge: passive, faults: dies }));
    expect(errorShare(pair, 10, 13)).toBe(1);
    expect(lastFailure(pair)).toBe(13);
    expect(errorShare(pair, 14, 60)).toBe(0);
    // Half of the requests, where both serve.
    const both = run(design({ edge: active, faults: dies }));
    // 1200 requests: half of them, within five standard deviations.
    expect(Math.abs(errorShare(both, 10, 13) - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 1100));
    expect(lastFailure(both)).toBe(13);
  });

  it('PAIR-2 `takeover` says how long, to the instant', () => {
    for (const seconds of [1, 5, 20]) {
      const measured = run(design({ edge: `${passive}, takeover: ${seconds}s`, faults: dies }));
      expect(failedOf(measured).findIndex((each) => each > 0)).toBe(10);
      expect(lastFailure(measured)).toBe(10 + seconds - 1);
      // Poisson: five standard deviations.
      expect(Math.abs(total(measured) - 400 * seconds)).toBeLessThan(5 * Math.sqrt(400 * seconds));
    }
  });

  it('PAIR-3 the address stays where it went: who comes back stands by', () => {
    const back = '{ at: 10s, crash: edge, instances: 1, for: 10s }';
    const again = run(design({ edge: passive, faults: `${back}, { at: 40s, crash: edge, instances: 1 }` }));
    expect(lastFailure(again)).toBe(13);
    // Where both serve, the one that is back has its half, and loses it again.
    const both = run(design({ edge: active, faults: `${back}, { at: 40s, crash: edge, instances: 1 }` }));
    expect(errorShare(both, 14, 39)).toBe(0);
    expect(errorShare(both, 40, 43)).toBeGreaterThan(0.4);
  });

  it('PAIR-4 with both gone nobody is left, and the first to be back serves at once', () => {
    const measured = run(design({ edge: passive, faults: '{ at: 10s, crash: edge, for: 20s }' }));
    expect(errorShare(measured, 10, 30)).toBe(1);
    expect(errorShare(measured, 30, 60)).toBe(0);
  });

  it('PAIR-5 an outage of its zone takes the one that stands there', () => {
    const more = 'regions: { eu: { zones: [ a, b ] } }';
    const spread = { more, api: 'instances: 2, cores: 4, zone: b', faults: '{ at: 10s, outage: a }' };
    const pair = run(design({ ...spread, edge: `${passive}, zones: [ a, b ]` }));
    expect(errorShare(pair, 11, 13)).toBe(1);
    // Who asked just before 13.6 s has waited for half a second.
    expect(errorShare(pair, 15, 60)).toBe(0);
    const together = run(design({ ...spread, edge: `${passive}, zone: a` }));
    expect(errorShare(together, 11, 60)).toBe(1);
  });

  it('PAIR-6 one that serves has its cores, two have them twice, in both', async () => {
    const cost = ', cost: 2ms';
    for (const [pair, busy] of [
      [passive, 0.8 / 2],
      [active, 0.8 / 2],
    ] as const) {
      const words = { edge: pair + cost };
      const report = await simulated(words);
      near(report.stations['edge.cpu']!.utilization, busy);
      expect(estimated(words).stations['edge.cpu']!.utilization.value).toBeCloseTo(busy, 6);
      const mean = report.operations['users']!.latency.mean;
      near(mean, estimated(words).operations['users']!.latency.mean.value!);
    }
    // M/D/1 at 0.8 waits 4 ms, at 0.4 two thirds of a millisecond.
    const waits = async (pair: string) =>
      (await simulated({ edge: pair + cost })).stations['edge.cpu']!.waiting;
    near(await waits(passive), (0.002 * 0.8) / (2 * 0.2));
    near(await waits(active), (0.002 * 0.4) / (2 * 0.6));
    // Beyond the one, below the two.
    const more = (pair: string) => estimated({ edge: pair + cost, rate: 800 });
    expect(more(passive).stations['edge.cpu']!.utilization.value).toBeCloseTo(1 / 2, 6);
    expect(more(active).stations['edge.cpu']!.utilization.value).toBeCloseTo(0.8, 6);
  });

  it('PAIR-7 of two that serve, each knows of its own requests alone', async () => {
    const words = (pair: string) => ({
      edge: `, algorithm: least-connections${pair}`,
      api: 'instances: 20',
      rate: 16_000,
    });
    const short = { seed: 3, time: 2, replications: 4, warmup: 0.5 };
    const wait = async (pair: string) =>
      (await simulate(planOf(design(words(pair))), simulatedKinds, short)).stations['api.cpu']!.waiting;
    const one = await wait('');
    expect((await wait(active)).low).toBeGreaterThan(1.2 * one.high!);
    near(await wait(passive), one.value!);
  });

  it('PAIR-8 costs twice as much, and is there when one of the two is', () => {
    const entry = (edge: string, name: string) => {
      const { sheet } = estimated({ edge, more: 'constants: { availability.loadBalancer: 99% }' });
      return sheet.find((each) => each.name === name)!.figure.value!;
    };
    for (const pair of [passive, active]) {
      expect(entry(pair, 'edge.cost')).toBeCloseTo(2 * entry('', 'edge.cost'), 9);
      const ratio = entry(pair, 'traffic.users.availability') / entry('', 'traffic.users.availability');
      expect(ratio).toBeCloseTo((1 - 0.01 ** 2) / 0.99, 9);
    }
  });

  it('PAIR-9 over years of failures each costs the takeover', () => {
    const HOUR = 3600;
    const lived = (edge: string) =>
      availability(
        planOf(
          design({
            edge: `${edge}, fails: { mtbf: 999h, mttr: 1h }`,
            api: 'instances: 2, cores: 4, fails: { mtbf: 100y, mttr: 1ms }',
          }),
        ),
        estimatedKinds,
        { years: 2000 },
      ).traffic['users']!;
    for (const pair of [passive, active]) {
      const { failingOver, singlePoints } = lived(`${pair}, takeover: 60s`);
      // Two that fail, and half of the requests with each: of one that stands by, none or all.
      near(failingOver, ((365 * 24) / 1000) * 2 * (60 / 2) * (999 / 1000));
      expect(singlePoints.map(({ what }) => what)).not.toContain('edge');
    }
    const alone = lived('');
    expect(alone.singlePoints.map(({ what }) => what)).toContain('edge');
    near(alone.downtime, 365 * 24 * HOUR * 0.001);
  });

  it('AVL-05 one that stands by warm takes 3 heartbeats and its promotion, 5 s; one that is cold starts first, 65 s', () => {
    const heartbeats = 'heartbeat: 1s, missed: 3, promotion: 2s';
    for (const [boot, seconds] of [
      ['', 5],
      [', boot: 60s', 65],
    ] as const) {
      const words = { edge: `${passive}, takeover: { ${heartbeats}${boot} }`, faults: dies };
      const measured = run(design(words).replace('lasts: 60s', 'lasts: 100s'));
      expect(failedOf(measured).findIndex((each) => each > 0)).toBe(10);
      expect(lastFailure(measured)).toBe(10 + seconds - 1);
      expect(errorShare(measured, 10, 10 + seconds)).toBe(1);
      // Poisson: five standard deviations.
      expect(Math.abs(total(measured) - 400 * seconds)).toBeLessThan(5 * Math.sqrt(400 * seconds));
      const line = estimated(words).sheet.find(({ name }) => name === 'edge.takeover')!;
      expect(line.figure.value).toBeCloseTo(seconds, 12);
      expect(line.working).toBe(`1s × 3 + 2s + ${boot === '' ? '0s' : '1min'}`);
    }
  });

  it('AVL-05a over years of failures a cold one costs its start too', () => {
    const lived = (takeover: string) =>
      availability(
        planOf(
          design({
            edge: `${passive}, takeover: ${takeover}, fails: { mtbf: 999h, mttr: 1h }`,
            api: 'instances: 2, cores: 4, fails: { mtbf: 100y, mttr: 1ms }',
          }),
        ),
        estimatedKinds,
        { years: 2000 },
      ).traffic['users']!.failingOver;
    const expected = (seconds: number) => ((365 * 24) / 1000) * 2 * (seconds / 2) * (999 / 1000);
    near(lived('{ promotion: 2s }'), expected(5));
    near(lived('{ promotion: 2s, boot: 60s }'), expected(65));
  });

  it('AVL-05b takes from the constants what is not said, and says what cannot be', () => {
    const line = (takeover: string, more = '') =>
      estimated({ edge: `${passive}, takeover: ${takeover}`, more }).sheet.find(
        ({ name }) => name === 'edge.takeover',
      )?.figure.value;
    expect(line('{ promotion: 1s }')).toBeCloseTo(4, 12);
    expect(line('{ promotion: 1s }', 'constants: { failover.missed: 5 }')).toBeCloseTo(6, 12);
    expect(line('{ boot: true }')).toBeCloseTo(100, 12);
    expect(line('{ boot: false }')).toBeCloseTo(3, 12);
    expect(line('4s')).toBeUndefined();
    const said = (edge: string) => problems(design({ edge, faults: dies }));
    expect(said(`${passive}, takeover: { heartbeat: 1s, boot: 60s }`)).toEqual([]);
    expect(said(`${active}, takeover: { boot: 60s }`)).toEqual([
      'conflicting-keys components.edge.takeover.boot',
    ]);
    expect(said(`${passive}, takeover: { missed: 0 }`)).toEqual([
      'out-of-range components.edge.takeover.missed',
    ]);
    expect(said(`${passive}, takeover: { beat: 1s }`)).toEqual(['unknown-key components.edge.takeover.beat']);
    expect(said(`${passive}, takeover: soon`)).toEqual(['not-a-quantity components.edge.takeover']);
  });

  it('PAIR-10 says what is idle, and what cannot be', () => {
    expect(problems(design({ edge: ', takeover: 1s', faults: '{ at: 10s, crash: edge }' }))).toEqual([
      'idle-knob components.edge.takeover',
    ]);
    expect(problems(design({ edge: `${passive}, takeover: 1s`, faults: dies }))).toEqual([]);
    expect(problems(design({ edge: ', pair: active-standby', faults: dies }))).toEqual([
      'unknown-value components.edge.pair',
    ]);
    expect(problems(design({ edge: `${passive}, takeover: 0s`, faults: dies }))).toEqual([
      'out-of-range components.edge.takeover',
    ]);
    expect(problems(design({ faults: dies.replace('1 }', '2 }') }))).not.toEqual([]);
    expect(problems(design({ edge: active, faults: dies.replace('1 }', '2 }') }))).toEqual([]);
  });

  it('PAIR-11 nothing is lost, and the same seed gives the same run', () => {
    const text = design({
      edge: `${active}, algorithm: least-connections, cost: exponential(1ms)`,
      faults: `${dies}, { at: 20s, crash: edge, for: 5s }, { at: 40s, freeze: edge, instances: 1, for: 9s }`,
    });
    const first = run(text);
    for (const { served, failed, inFlight, offered } of first.traffic)
      expect(served + failed.reduce((sum, each) => sum + each, 0) + inFlight).toBe(offered);
    expect(run(text)).toEqual(first);
  });
});

it('BAL-1 a balancer that stands still lets nobody through, also where it takes no time otherwise', async () => {
  // 400 a second for 20 s less the half second of patience of the last; what waited meanwhile holds nobody up behind it.
  for (const edge of ['', ', cost: 10us']) {
    const api = 'cores: 10000';
    const plan = planOf(design({ edge, api, faults: '{ at: 10s, freeze: edge, for: 20s }' }));
    const { lost, recovered } = (await simulate(plan, simulatedKinds, { scenario: 'it', replications: 4 }))
      .scenario!.outcomes['users']!;
    expect(Math.abs(lost.value! - 400 * 19.5)).toBeLessThan(4 * Math.sqrt((400 * 19.5) / 4));
    expect(recovered.value).toBe(1);
  }
});
