import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { underScenario } from '../design/under-scenario.ts';
import { estimate } from '../estimate/index.ts';
import type { Measurement } from '../simulate/index.ts';
import { runReplication, simulate } from '../simulate/index.ts';
import { changesOf } from '../simulate/scenario-changes.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** 0.4 busy cores, from 60 s to 180 s 1.6 of them: at a target of 25 %, 2 instances and 6.4. */
const step = (scale: string, more = '', operation = 'compute: 10ms') => `
name: step
traffic: { users: { call: api.get, rate: 40/s, arrivals: constant } }
components:
  api:
    kind: service
    balance: round-robin
    ${more}
    autoscale: { to: 20, from: 2, target: 25%, every: 10s, boot: 30s, cooldown: 60s${scale} }
    operations: { get: [ { ${operation} } ] }
scenarios:
  it: { lasts: 5min, traffic: { users: { spike: 4x, at: 60s, for: 2min } } }
`;

const SECONDS = 300;
const [UP, DOWN] = [60, 180];

/** One replication under the scenario, watched second by second. */
function run(design: string, seed = 1, warmup = 100): Measurement {
  const plan = underScenario(planOf(design), 'it');
  const rates = new Float64Array(plan.operations.length);
  const job = { plan, seed, replication: 0, warmup, seconds: SECONDS, windows: 0, series: SECONDS, rates };
  return runReplication(job, simulatedKinds);
}

const servingOf = (measured: Measurement): number[] => [...measured.series!.scaled[0]!.serving];

/** The first window from `from` on in which the number is no longer that of `from`. */
function changeOf(serving: readonly number[], from: number): number {
  const at = serving.findIndex((number, second) => second > from && number !== serving[from]);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

const seeds = [1, 2, 3, 4, 5];

describe('a service whose instances follow the load', () => {
  it.each(seeds)(
    'AUT-1 reaches ⌈load ÷ target⌉ after a look and a start, and not before (seed %i)',
    (seed) => {
      const serving = servingOf(run(step(''), seed));
      expect(new Set(serving.slice(0, UP + 30))).toEqual(new Set([2]));
      expect(changeOf(serving, UP)).toBeLessThanOrEqual(UP + 10 + 30);
      // A look may fall on a part of the step, the next one does not.
      const [reached] = serving.slice(UP + 20 + 30 + 1);
      expect(reached).toBeLessThanOrEqual(Math.ceil(1.6 / 0.25));
      expect(reached).toBeGreaterThanOrEqual(1.6 / 0.25 / 1.1);
    },
  );

  it('AUT-2 never overshoots a constant load, and stays where it is', () => {
    for (const seed of seeds) {
      const serving = servingOf(run(step(''), seed));
      expect(Math.max(...serving)).toBeLessThanOrEqual(7);
      expect(new Set(serving.slice(UP + 52, DOWN)).size).toBe(1);
    }
    const constant = step('', 'instances: 7')
      .replace('spike: 4x', 'times: 4x')
      .replace(', at: 60s, for: 2min', '');
    expect(new Set(servingOf(run(constant, 1, 0)))).toEqual(new Set([7]));
  });

  it('AUT-3 takes instances out when the cooldown is over, and not before', () => {
    for (const seed of seeds) {
      const left = changeOf(servingOf(run(step(''), seed)), DOWN - 1);
      expect(left).toBeGreaterThanOrEqual(DOWN - 10 + 60);
      expect(left).toBeLessThanOrEqual(DOWN + 2 * 10 + 60);
      expect(servingOf(run(step(''), seed)).at(-1)).toBe(2);
    }
    expect(
      changeOf(servingOf(run(step('').replace('cooldown: 60s', 'cooldown: 0s'))), DOWN - 1),
    ).toBeLessThan(DOWN + 21);
  });

  it('AUT-4 lets an instance that is taken out end its requests, and sends it no others', () => {
    const slow = step('').replace('compute: 10ms', 'compute: 10ms }, { wait: 8s');
    const measured = run(slow);
    const { serving, existing } = measured.series!.scaled[0]!;
    const out = changeOf([...serving], DOWN - 1);
    expect(existing[out + 2]!).toBeGreaterThan(serving[out + 2]!);
    expect(existing.at(-1)).toBe(2);
    const { offered, served, inFlight, failed } = measured.traffic[0]!;
    expect(failed.reduce((sum, count) => sum + count, 0)).toBe(0);
    expect(served + inFlight).toBe(offered);
  });

  it('AUT-5 comes too late by its start: the longer it takes, the more is lost', async () => {
    const lost = async (boot: string) => {
      const design = step('', 'instances: 2')
        .replace('boot: 30s', `boot: ${boot}`)
        .replace('spike: 4x', 'spike: 10x');
      const timed = planOf(design.replace('arrivals: constant', 'timeout: 1s').replace('to: 20', 'to: 40'));
      const report = await simulate(timed, simulatedKinds, { scenario: 'it', replications: 5, warmup: 100 });
      return report.scenario!.outcomes['users']!.lost;
    };
    const [quick, slow] = [await lost('5s'), await lost('60s')];
    expect(quick.high!).toBeLessThan(slow.low!);
    expect(quick.low!).toBeGreaterThan(0);
  });

  it('AUT-6 gives equal measurements for equal seeds, and looks at other times for others', () => {
    expect(run(step(''), 7)).toEqual(run(step(''), 7));
    expect(servingOf(run(step(''), 7))).not.toEqual(servingOf(run(step(''), 8)));
  });

  it('AUT-7 measures how busy the instances are that there were', () => {
    const measured = run(step(''));
    const { serving, existing } = measured.series!.scaled[0]!;
    const { busy } = measured.series!.stations[0]!;
    expect(busy[50]! / existing[50]!).toBeCloseTo(0.4 / 2, 2);
    expect(busy[150]! / existing[150]!).toBeCloseTo(1.6 / serving[150]!, 2);
    const mean = existing.reduce((sum, each) => sum + each, 0) / SECONDS;
    expect(measured.stations[0]!.servers).toBeCloseTo(mean, 9);
    expect(measured.stations[0]!.servers).toBeGreaterThan(2);
  });

  it('AUT-8 is the same behind a load balancer', () => {
    const balanced = step('')
      .replace('call: api.get', 'call: edge.get')
      .replace('    balance: round-robin\n', '')
      .replace(
        'components:',
        'components:\n  edge: { kind: load-balancer, algorithm: round-robin, to: api }',
      );
    expect(servingOf(run(balanced))).toEqual(servingOf(run(step(''))));
  });

  it.each(['random', 'least-connections', 'join-idle-queue', 'peak-ewma', 'maglev', 'bounded-ring'])(
    'AUT-9 loses nothing while instances come, go and crash, balanced by %s',
    (balance) => {
      const keyed = step('', 'workers: 2')
        .replace('balance: round-robin', `balance: ${balance}`)
        .replace('arrivals: constant', 'key: user')
        .replace('traffic:', 'data: { user: { count: 1000, size: 1KB } }\ntraffic:')
        .replace(
          'lasts: 5min,',
          'lasts: 5min, faults: [ { at: 70s, crash: api, instances: 3, for: 150s } ],',
        );
      const measured = run(keyed);
      expect(new Set(servingOf(measured).map(Math.round)).size).toBeGreaterThan(1);
      const { offered, served, inFlight, failed } = measured.traffic[0]!;
      expect(served + inFlight + failed.reduce((sum, count) => sum + count, 0)).toBe(offered);
    },
  );

  it('AUT-10 has a steady state, although the start is overloaded', async () => {
    const plan = planOf(step('', 'instances: 2').replace('rate: 40/s, arrivals: constant', 'rate: 300/s'));
    const report = await simulate(plan, simulatedKinds, { seed: 1, precision: 0.2 });
    expect(report).toMatchObject({ stable: true, converged: true });
    const { servers, utilization } = report.stations['api.cpu']!;
    expect(servers! * utilization.low!).toBeLessThan(3);
    expect(servers! * utilization.high!).toBeGreaterThan(3);
    expect(servers!).toBeGreaterThan(3 / 0.25 / 1.1);
  });

  it('AUT-11 shows the instances, window by window', async () => {
    const report = await simulate(planOf(step('')), simulatedKinds, {
      scenario: 'it',
      replications: 3,
      warmup: 100,
    });
    const { value } = report.scenario!.instances['api']!;
    expect(value[5]).toBe(2);
    expect(Math.max(...value.map((each) => each ?? 0))).toBeGreaterThan(5);
    const { utilization } = report.scenario!.stations['api.cpu']!;
    const at = Math.floor(150 / report.scenario!.window);
    expect(utilization.value[at]! * value[at]!).toBeCloseTo(1.6, 1);
  });

  describe('AUT-19 a fault of some instances', () => {
    const struck = (fault: string) =>
      step('').replace('traffic: { users: { spike: 4x, at: 60s, for: 2min } }', `faults: [ { ${fault} } ]`);

    it('hits those that run, and none that starts later', () => {
      // Cores that are busy in the last minute: 0.4, times 3 for the share of requests that comes to slow instances.
      const busy = (fault: string): number => {
        const { series } = run(struck(fault));
        const last = series!.stations[0]!.busy.slice(-60);
        return last.reduce((sum, each) => sum + each, 0) / 60;
      };
      expect(busy('at: 10s, slow: api, by: 3x')).toBeCloseTo(1.2, 2);
      // Round robin sends 2 of 4 to the two that ran, and with them 0.8 cores want 4 instances again.
      expect(busy('at: 10s, slow: api, by: 3x, instances: 5')).toBeCloseTo(0.8, 2);
    });

    it('hits all where fewer run, and says what it hits', async () => {
      const report = await simulate(planOf(struck('at: 10s, crash: api, instances: 5')), simulatedKinds, {
        scenario: 'it',
        replications: 2,
        warmup: 100,
        time: 60,
      });
      expect(report.scenario!.traffic['users']!.goodput.value.slice(-20)).toEqual(Array(20).fill(0));
      expect(report.scenario!.changes.map(({ what }) => what)).toEqual(['5 of api down, of those that run']);
      const all = planOf(struck('at: 10s, crash: api'));
      expect(
        changesOf(all, all.scenarios[0]!, (component) => (component === 0 ? 20 : null)).map(
          ({ what }) => what,
        ),
      ).toEqual(['all of api down']);
    });
  });
});

describe('every word of autoscale', () => {
  /** Mean number of instances of each replication. */
  const mean = (design: string): number[] =>
    seeds.map((seed) => servingOf(run(design, seed)).reduce((sum, each) => sum + each, 0) / SECONDS);
  const usual = mean(step(''));

  it.each([
    ['from', 'from: 2', 'from: 4', 'more'],
    ['to', 'to: 20', 'to: 3', 'fewer'],
    ['target', 'target: 25%', 'target: 50%', 'fewer'],
    ['every', 'every: 10s', 'every: 40s', 'other'],
    ['boot', 'boot: 30s', 'boot: 1min', 'fewer'],
    ['cooldown', 'cooldown: 60s', 'cooldown: 10s', 'fewer'],
    ['tolerance', 'cooldown: 60s', 'cooldown: 60s, tolerance: 3', 'fewer'],
  ])('AUT-12 `%s` changes how many instances there are', (_, from, to, what) => {
    const changed = mean(step('').replace(from, to));
    if (what === 'more') expect(Math.min(...changed)).toBeGreaterThan(Math.max(...usual));
    else if (what === 'fewer') expect(Math.max(...changed)).toBeLessThan(Math.min(...usual));
    else expect(changed).not.toEqual(usual);
  });

  it('AUT-13 `queue` goes by those who wait, and beside a target by whichever asks for more', () => {
    const steep = (words: string): number =>
      Math.max(...servingOf(run(step('').replace('target: 25%', words).replace('spike: 4x', 'spike: 10x'))));
    // Four busy cores of two: those beyond pile up until there are instances enough.
    const queue = steep('queue: 5');
    expect(queue).toBeGreaterThan(4);
    expect(steep('queue: 100000')).toBe(2);
    expect(steep('queue: 100000, target: 25%')).toBe(steep('target: 25%'));
    expect(steep('queue: 5, target: 100%')).toBeGreaterThan(4);
  });
});

describe('what is said of autoscale', () => {
  const described = kinds.map(({ describe: description }) => description);
  const said = (design: string) =>
    loadDesign(design, { file: 'step.yaml', kinds: described }).diagnostics.map(
      ({ code, path, message }) => `${code} ${path.replace('components.api.', '')}: ${message}`,
    );

  it('AUT-14 a good design is not complained about', () => {
    expect(said(step(''))).toEqual([]);
  });

  it.each([
    ['to: 20', 'to: 1', 'out-of-range autoscale.to: from 2 to 1 instances'],
    [
      'balance:',
      'instances: 1\n    balance:',
      'out-of-range instances: 1 instances at the start, and then from 2 to 20',
    ],
    ['balance:', 'speeds: [ 1, 2 ]\n    balance:', 'out-of-range speeds: 2 speeds for 20 instances'],
    [
      'to: 20',
      'to: 2',
      'idle-knob autoscale.to: it is never more nor less than 2, so nothing is ever scaled',
    ],
    [
      'target: 25%',
      'target: 95%',
      'idle-knob autoscale.target: the CPU is never 10% busier than that, so it never adds an instance',
    ],
    ['balance:', 'queue: 0\n    balance:', 'idle-knob autoscale.queue: with `queue: 0` nobody waits'],
  ])('AUT-15 %s → %s', (from, to, message) => {
    const design = step(to.startsWith('queue') ? ', queue: 3' : '').replace(from, to);
    expect(said(design)).toContain(message);
  });

  it('AUT-16 a CPU that is never used moves nothing', () => {
    expect(said(step('', '', 'wait: 10ms'))).toContain(
      'idle-knob autoscale.target: no operation of this service has a compute step, so its CPU is never used',
    );
  });

  it.each([
    'target: 0%',
    'target: 120%',
    'every: 0s',
    'boot: -1s',
    'to: 2.5',
    'to: 1M',
    'tolerance: -1%',
    'queue: 0',
    'upto: 5',
  ])('AUT-17 refuses %s', (bad) => {
    const [word] = bad.split(':');
    const { plan } = loadDesign(
      step('').replace(new RegExp(`autoscale: \\{( ${word}: [^,]*,)?`), `autoscale: { ${bad},`),
      {
        file: 'step.yaml',
        kinds: described,
      },
    );
    expect(plan).toBeNull();
  });
});

describe('an estimate of autoscaling', () => {
  it('AUT-18 takes the instances that it settles at, as the simulation finds them', async () => {
    const plan = planOf(step('', 'instances: 3').replace('rate: 40/s', 'rate: 130/s'));
    const report = estimate(plan, estimatedKinds);
    const entry = report.sheet.find(({ name }) => name === 'api.instances-autoscaled');
    expect(entry?.figure.value).toBe(Math.ceil(1.3 / 0.25));
    expect(entry?.working).toBe('⌈1.300 ÷ (1 × 25%)⌉, from 2 to 20');
    expect(report.stations['api.cpu']).toMatchObject({ servers: 6 });
    expect(report.stations['api.cpu']!.utilization.value).toBeCloseTo(1.3 / 6, 9);
    const { stations } = await simulate(plan, simulatedKinds, { seed: 1, time: 200, warmup: 100 });
    expect(stations['api.cpu']!.servers).toBe(6);
    expect(report.notes.join()).toContain('api: its instances are those that autoscaling settles at');
  });

  it('AUT-19 keeps within the bounds, and says so where no formula is known', () => {
    const at = (scale: string) => estimate(planOf(step('').replace('target: 25%', scale)), estimatedKinds);
    expect(at('target: 1%').stations['api.cpu']!.servers).toBe(20);
    expect(at('target: 90%').stations['api.cpu']!.servers).toBe(2);
    const queue = at('queue: 4');
    expect(queue.stations['api.cpu']!.servers).toBe(2);
    expect(queue.notes.join()).toContain('no formula says how many a target for the queue makes of them');
  });
});
