import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balanceAlgorithms, createBalancer } from '../blocks/index.ts';
import { loadDesign } from '../design/index.ts';
import type { Plan } from '../design/plan.ts';
import { underScenario } from '../design/under-scenario.ts';
import type { Measurement } from '../simulate/outcome/measurement.ts';
import { summarizeScenario } from '../simulate/outcome/scenario-summary.ts';
import { compile } from '../simulate/program/compile.ts';
import { runReplication } from '../simulate/replication.ts';
import { instanceBalancing } from './balancing.ts';
import {
  described,
  design,
  deviation,
  direct,
  errorShare,
  failedOf,
  lastFailure,
  planOf,
  reasonsOf,
  run,
  shareOfFirst,
  total,
} from './health.fixture.ts';
import { rampingAlgorithms } from './health.ts';
import { simulatedKinds } from './index.ts';

const dead = '{ at: 10s, crash: api, instances: 1 }';
const probes = 'health: { every: 5s, timeout: 1s, fall: 3, rise: 2 }';

describe('probes', () => {
  test('under round robin a dead instance of N fails 1/N of requests, for about every × fall', () => {
    for (const instances of [2, 4, 8]) {
      const ends: number[] = [];
      for (let seed = 1; seed <= 8; seed++) {
        const measured = run(design({ edge: probes, faults: dead, instances }), seed);
        // Exact but for the first and last of the window: it takes turns.
        expect(errorShare(measured, 11, 19)).toBeCloseTo(1 / instances, 2);
        const end = lastFailure(measured) - 10;
        // Noticed after (fall − 1) × every at the earliest, and fall × every at the latest.
        expect(end).toBeGreaterThanOrEqual(9);
        expect(end).toBeLessThanOrEqual(15);
        ends.push(end);
        expect(failedOf(measured).slice(26)).toEqual(Array(94).fill(0));
      }
      // The instant within the interval is a matter of chance.
      expect(new Set(ends).size).toBeGreaterThan(1);
    }
  });

  test('one that drops requests in silence is worse than one that is plainly down', () => {
    const failed = (connections: string): number => {
      const text = direct(
        'balance: round-robin',
        `{ at: 10s, crash: api, instances: 1, connections: ${connections} }`,
        60,
      )
        .replace('call: front.get, rate: 400/s', 'call: front.get, rate: 400/s, timeout: 300ms')
        .replace('call: api.get', 'call: api.get, timeout: 295ms, retry: { attempts: 2, base: 100ms }');
      return errorShare(run(text), 12, 58);
    };
    // Refused at once there is time for another attempt; a timeout leaves none.
    expect(failed('refused')).toBeLessThan(0.1);
    expect(Math.abs(failed('hanging') - 1 / 4)).toBeLessThan(0.07);
  });

  test('without probes it goes on to the end', () => {
    const measured = run(design({ faults: dead }));
    expect(errorShare(measured, 11, 120)).toBeCloseTo(1 / 4, 2);
    expect(errorShare(measured, 110, 120)).toBeCloseTo(1 / 4, 2);
  });

  test('every and fall say how long it takes, rise how long until an instance that is back gets requests', () => {
    const end = (health: string): number => {
      let sum = 0;
      for (let seed = 1; seed <= 10; seed++) {
        sum +=
          lastFailure(run(design({ edge: `health: { ${health} }`, faults: dead, rate: 200 }), seed)) - 10;
      }
      return sum / 10;
    };
    // The mean of uniform moments: (fall − ½) × every, to within three deviations of every/√12 over ten runs, and the window.
    for (const [every, fall] of [
      [2, 3],
      [10, 3],
      [10, 5],
    ] as const) {
      const mean = end(`every: ${every}s, timeout: 500ms, fall: ${fall}`);
      expect(Math.abs(mean + 0.5 - (fall - 0.5) * every)).toBeLessThan(0.5 + (3 * every) / Math.sqrt(120));
    }
    const back = (rise: number): number => {
      const text = design({
        edge: `health: { every: 2s, timeout: 1s, fall: 2, rise: ${rise} }`,
        faults: '{ at: 10s, crash: api, instances: 1, for: 20s }',
      });
      return shareOfFirst(text).findIndex((share, second) => second > 30 && share > 0.1);
    };
    expect(back(8) - back(2)).toBeGreaterThan(9);
    expect(back(8) - back(2)).toBeLessThan(15);
  });

  test('what comes and goes within fall probes is not noticed, and flapping keeps an instance out for rise', () => {
    // Down for 3 s every 10 s: never three bad probes in a row at 5 s.
    const flapping = Array.from(
      { length: 10 },
      (_, i) => `{ at: ${10 + 10 * i}s, crash: api, instances: 1, for: 3s }`,
    );
    const faults = flapping.join(', ');
    const unnoticed = run(design({ edge: probes, faults }));
    const failures = failedOf(unnoticed);
    for (let i = 0; i < 10; i++) expect(failures[11 + 10 * i]).toBeGreaterThan(50);
    // At a probe a second, each is noticed after one to two of its three seconds.
    const quick = run(design({ edge: 'health: { every: 1s, timeout: 500ms, fall: 2, rise: 2 }', faults }));
    expect(total(quick)).toBeLessThan(0.7 * total(unnoticed));
    // With a rise longer than the pauses it stays out after the first time.
    const slow = run(design({ edge: 'health: { every: 1s, timeout: 500ms, fall: 2, rise: 20 }', faults }));
    expect(lastFailure(slow)).toBeLessThan(13);
  });

  test('frozen, cut off and hanging instances are noticed by the silence, slow ones are not', () => {
    const ends = (fault: string) => {
      const edge = 'health: { every: 2s, timeout: 500ms, fall: 2 }';
      return run(design({ edge, faults: `{ at: 10s, ${fault} }`, rate: 100, lasts: 60 }));
    };
    const busy = (fault: string, second: number): number =>
      shareOfFirst(
        design({
          edge: 'health: { every: 2s, timeout: 500ms, fall: 2 }',
          faults: `{ at: 10s, ${fault} }`,
          rate: 100,
          lasts: 60,
        }),
      )[second]!;
    // It goes on at 40 s with those that came in the first seconds, and is well again some seconds later.
    expect(busy('freeze: api, instances: 1, for: 30s', 41)).toBeCloseTo(0, 9);
    expect(busy('freeze: api, instances: 1, for: 30s', 50)).toBeGreaterThan(0.2);
    expect(busy('slow: api, by: 1.001x, instances: 1', 41)).toBeGreaterThan(0.2);
    const hanging = ends('crash: api, connections: hanging, instances: 1');
    // Requests give up in 127 s, beyond the end: what hangs is what was sent in the first seconds.
    expect(hanging.traffic[0]!.inFlight).toBeGreaterThan(20);
    expect(hanging.traffic[0]!.inFlight).toBeLessThan(25 * 6);
    // All targets are cut off: nobody is left to ask, and callers hear so at once.
    const cut = ends('cut: edge, from: api, for: 20s');
    const reasons = reasonsOf(design({ edge: probes, faults: dead }));
    expect(reasons).toContain('api has no healthy instance');
    expect(failedOf(cut)[20]).toBeGreaterThan(60);
    expect(errorShare(cut, 40, 60)).toBe(0);
  });

  test('an instance that fails a share of requests fails that share of probes', () => {
    const out = (share: number, fall: number): number => {
      let quiet = 0;
      for (let seed = 1; seed <= 4; seed++) {
        const measured = run(
          design({
            edge: `health: { every: 1s, timeout: 500ms, fall: ${fall}, rise: 2 }`,
            faults: `{ at: 0s, errors: api, share: ${share}%, instances: 1 }`,
          }),
          seed,
        );
        quiet += failedOf(measured).filter((each) => each === 0).length / 120;
      }
      return quiet / 4;
    };
    expect(out(50, 2)).toBeGreaterThan(0.3);
    expect(out(50, 2) - out(50, 10)).toBeGreaterThan(0.3);
  });

  test('an answer within the timeout is a good one, however late', () => {
    const failures = (timeout: string): number => {
      const late = '{ at: 10s, link: edge, to: api, delay: 150ms, for: 30s }';
      return total(
        run(design({ edge: `health: { every: 2s, timeout: ${timeout}, fall: 2 }`, faults: late, rate: 100 })),
      );
    };
    // Both ways.
    expect(failures('400ms')).toBe(0);
    expect(failures('200ms')).toBeGreaterThan(1500);
  });

  test('how many are taken to be well is seen window by window', () => {
    const text = design({ edge: probes, faults: '{ at: 10s, crash: api, instances: 1, for: 40s }' });
    const well = [...run(text).series!.well.find((each) => each !== null)!];
    expect(well.slice(0, 18)).toEqual(Array(18).fill(4));
    expect(well.slice(26, 54)).toEqual(Array(28).fill(3));
    // Two good probes of 5 s.
    expect(well.slice(61)).toEqual(Array(59).fill(4));
    const plan = planOf(text);
    const model = compile(plan, simulatedKinds, new Float64Array(9));
    const { scenario } = summarizeScenario(plan, plan.scenario!, model, [run(plan, 1), run(plan, 2)]);
    const { health } = scenario;
    expect(Object.keys(health)).toEqual(['edge balancing']);
    expect(health['edge balancing']!.value[30]).toBe(0.75);
    expect(run(design({ faults: dead })).series!.well.every((each) => each === null)).toBe(true);
  });

  test('where callers choose, probes come from beside the instance: they see what it does, not what lies between', () => {
    const words = 'balance: round-robin, health: { every: 2s, timeout: 1s, fall: 2 }';
    expect(lastFailure(run(direct(words, dead)))).toBeLessThan(16);
    expect(lastFailure(run(direct('balance: round-robin', dead)))).toBe(119);
    const cut = direct(words, '{ at: 10s, link: front, to: api, loss: 50% }');
    expect(reasonsOf(cut)).not.toContain('api has no healthy instance');
  });

  test('a run that no fault strikes is the same with probes and without', () => {
    const quiet = design({ edge: probes, faults: '{ at: 10s, slow: api, by: 2x }' });
    const { code } = compile(planOf(quiet), simulatedKinds, new Float64Array(9));
    const without = compile(planOf(quiet.replace(`, ${probes}`, '')), simulatedKinds, new Float64Array(9));
    expect(code).toEqual(without.code);
  });
});

describe('a dead instance that fails fast', () => {
  const edge = 'algorithm: least-connections';
  const busy = { rate: 300, steps: '[ { compute: exponential(20ms) } ]', lasts: 60 };

  test('draws everything under least connections, until probes find it', () => {
    const alone = run(design({ edge, faults: dead, ...busy }));
    // Far more than its quarter.
    expect(errorShare(alone, 12, 60)).toBeGreaterThan(0.5);
    const probed = run(
      design({ edge: `${edge}, health: { every: 2s, timeout: 1s, fall: 2 }`, faults: dead, ...busy }),
    );
    expect(errorShare(probed, 10, 12)).toBeGreaterThan(0.5);
    expect(errorShare(probed, 15, 60)).toBe(0);
  });

  test('is cut off by passive ejection after its first failures in a row', () => {
    const ejected = run(
      design({ edge: `${edge}, eject: { consecutive: 7, for: 1000s }`, faults: dead, ...busy }),
    );
    // Seven of those that died or were refused, and those under way when they were told.
    expect(total(ejected)).toBeGreaterThanOrEqual(7);
    expect(total(ejected)).toBeLessThan(7 + 12);
    expect(lastFailure(ejected)).toBe(10);
  });
});

describe('ejection', () => {
  const eject = (words: string): string => `eject: { ${words} }`;
  const failing = (share: number): string => `{ at: 10s, errors: api, share: ${share}%, instances: 1 }`;

  test('lasts for its time, then longer each time', () => {
    const measured = run(design({ edge: eject('consecutive: 3, for: 10s, over: 1000s'), faults: dead }));
    const seconds = failedOf(measured).flatMap((each, second) => (each > 0 ? [second] : []));
    // Out for 10, 20, 30 and 40 s.
    expect(seconds.map((second) => second - 10)).toEqual([0, 10, 30, 60, 100]);
    const capped = run(design({ edge: eject('consecutive: 3, for: 10s, longest: 10s'), faults: dead }));
    expect(failedOf(capped).filter((each) => each > 0).length).toBe(11);
  });

  test('by the share of failures in a window finds what fails often and not in a row', () => {
    const bySome = (words: string): number =>
      errorShare(run(design({ edge: eject(words), faults: failing(20) })), 30, 120);
    // A fifth of a quarter, of 36,000.
    expect(Math.abs(bySome('consecutive: 50') - 0.05)).toBeLessThan(4 * deviation(0.05, 36_000));
    expect(bySome('failures: 10%, for: 1000s, over: 5s')).toBe(0);
    expect(bySome('failures: 10%, for: 1000s, over: 5s, of: 10000')).toBeGreaterThan(0.04);
    expect(bySome('failures: 10%, for: 1000s, over: 200s')).toBeGreaterThan(0.04);
    expect(bySome('failures: 30%, for: 1000s, over: 5s')).toBeGreaterThan(0.04);
  });

  test('counts answers that take too long', () => {
    const slow = (words: string): number => {
      const { series } = run(
        design({ edge: eject(words), faults: '{ at: 10s, slow: api, by: 100x, instances: 1 }', rate: 20 }),
      );
      return Math.max(...series!.traffic[0]!.quantiles[2]!.slice(60));
    };
    expect(slow('consecutive: 2, for: 1000s')).toBeGreaterThan(0.2);
    expect(slow('consecutive: 2, for: 1000s, slower: 50ms')).toBeLessThan(0.05);
  });

  test('takes out no more than its share, though one always', () => {
    const errors = (most: string, broken: number): number =>
      errorShare(
        run(
          design({
            edge: eject(`consecutive: 3, for: 1000s, most: ${most}`),
            faults: `{ at: 10s, crash: api, instances: ${broken} }`,
            instances: 8,
          }),
        ),
        20,
        120,
      );
    expect(errors('10%', 1)).toBe(0);
    // Three of the seven that are left.
    expect(errors('10%', 4)).toBeCloseTo(3 / 7, 2);
    expect(errors('50%', 4)).toBe(0);
  });

  test('works where nothing is broken but requests fail, and does not blame those whose caller died', () => {
    const failing = '[ { choose: [ { probability: 50%, do: [ { fail: no } ] } ] } ]';
    const plain = loadDesign(
      design({ edge: eject('consecutive: 2, most: 100%'), steps: failing }).split('scenarios:')[0]!,
      { file: 'test.yaml', kinds: described },
    );
    const job = { plan: plain.plan!, seed: 1, replication: 0, warmup: 0, seconds: 20, windows: 0 };
    const measured = runReplication({ ...job, rates: new Float64Array(9) }, simulatedKinds);
    // All but a few find nobody who is in.
    expect(measured.traffic[0]!.served).toBeLessThan(100);
    // Each dies with several requests under way, again and again; nobody else fails.
    const crashes = Array.from({ length: 20 }, (_, i) => `{ at: ${10 + i}s, crash: edge, for: 10ms }`);
    const dying = run(
      design({
        edge: eject('consecutive: 1, for: 1000s, most: 100%'),
        faults: crashes.join(', '),
        rate: 2000,
        lasts: 40,
      }),
    );
    expect(errorShare(dying, 31, 40)).toBe(0);
  });
});

describe('coming back', () => {
  const back = '{ at: 10s, crash: api, instances: 1, for: 20s }';
  const health = 'health: { every: 1s, timeout: 500ms, fall: 2, rise: 2 }';

  test('with slow start an instance gets its share little by little', () => {
    const share = (more: string): Float64Array =>
      shareOfFirst(design({ edge: `algorithm: weighted-round-robin, ${health}${more}`, faults: back }));
    const [ramped, whole] = [share(', slow-start: 40s'), share('')];
    const mean = (of: Float64Array, from: number): number => {
      let sum = 0;
      for (let second = from; second < from + 5; second++) sum += of[second]!;
      return sum / 5;
    };
    expect(mean(whole, 35)).toBeGreaterThan(0.2);
    expect(mean(ramped, 33)).toBeLessThan(0.06);
    expect(mean(ramped, 50)).toBeGreaterThan(0.08);
    expect(mean(ramped, 50)).toBeLessThan(0.19);
    expect(mean(ramped, 80)).toBeGreaterThan(0.2);
  });

  test('the algorithms that may ramp are those whose weights may change', () => {
    const able = instanceBalancing.filter(
      (name) =>
        createBalancer(name, 3, name === 'peak-ewma' ? { decayTime: 10 } : {}).takesWeights &&
        balanceAlgorithms.includes(name),
    );
    expect(able.toSorted()).toEqual([...rampingAlgorithms].toSorted());
  });

  test('in a panic all get requests: what is left is not crushed for want of belief', () => {
    const text = (panic: string): string =>
      design({
        edge: `${health}${panic}`,
        // Health checks lie: each fails half of all requests, so that some are out at most times.
        faults: '{ at: 10s, errors: api, share: 60% }',
      });
    const nobody = (measured: Measurement, plan: Plan): number => {
      const { reasons } = compile(plan, simulatedKinds, new Float64Array(9));
      return measured.traffic[0]!.failed[reasons.indexOf('api has no healthy instance')]!;
    };
    const [calm, panicking] = [planOf(text('')), planOf(text(', panic: 50%'))];
    expect(nobody(run(calm), calm)).toBeGreaterThan(0);
    expect(nobody(run(panicking), panicking)).toBe(0);
  });
});

describe('laws', () => {
  const words = [
    probes,
    'eject: { consecutive: 3, for: 2s, most: 100% }',
    'algorithm: random, health: { every: 1s, timeout: 200ms, fall: 2 }, eject: { failures: 20%, of: 5, slower: 20ms }, slow-start: 3s, panic: 50%',
    'algorithm: peak-ewma, health: { every: 500ms, timeout: 500ms, fall: 1, rise: 1 }, eject: { slower: 30ms, consecutive: 1 }',
    'algorithm: least-connections, sticky: 5s, eject: { consecutive: 2, most: 100%, for: 1s }',
  ];
  const at = fc.integer({ min: 0, max: 10 });
  const spell = fc.integer({ min: 1, max: 6 });
  const fault = fc.oneof(
    fc
      .record({ at, for: spell, n: fc.integer({ min: 1, max: 4 }), c: fc.constantFrom('refused', 'hanging') })
      .map((f) => `{ at: ${f.at}s, crash: api, instances: ${f.n}, connections: ${f.c}, for: ${f.for}s }`),
    fc.record({ at, for: spell }).map((f) => `{ at: ${f.at}s, crash: edge, for: ${f.for}s }`),
    fc.record({ at, for: spell }).map((f) => `{ at: ${f.at}s, freeze: api, instances: 2, for: ${f.for}s }`),
    fc.record({ at, for: spell }).map((f) => `{ at: ${f.at}s, cut: edge, from: api, for: ${f.for}s }`),
    fc
      .record({ at, for: spell })
      .map(
        (f) => `{ at: ${f.at}s, link: edge, to: api, loss: 30%, delay: exponential(100ms), for: ${f.for}s }`,
      ),
    fc
      .record({ at, for: spell, drain: fc.constantFrom('', ', drain: 1s') })
      .map(
        (f) =>
          `{ at: ${f.at}s, deploy: api, errors: 50%, slow: 4x, every: 1s, restart: 2s, for: ${f.for}s${f.drain} }`,
      ),
  );

  const text = (edge: string, faults: readonly string[]): string =>
    design({ edge, faults: faults.join(', '), lasts: 15, rate: 300 })
      .replace('rate: 300/s', 'rate: 300/s, key: user, timeout: 1s')
      .replace('traffic:', 'data: { user: { count: 100, size: 1KB } }\ntraffic:');

  const planUnder = (edge: string, faults: readonly string[]): Plan => {
    const { plan } = loadDesign(text(edge, faults), { file: 'test.yaml', kinds: described });
    return underScenario(plan!, 'it');
  };

  test('nothing is lost: each request ends exactly once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...words),
        fc.array(fault, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 1000 }),
        (edge, faults, seed) => {
          const { traffic, ended } = run(planUnder(edge, faults), seed);
          expect(ended).toBe('time');
          const failed = traffic[0]!.failed.reduce((sum, count) => sum + count, 0);
          expect(traffic[0]!.served + failed + traffic[0]!.inFlight).toBe(traffic[0]!.offered);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('same seed, same bytes', () => {
    for (const edge of words) {
      const plan = planUnder(edge, [
        '{ at: 2s, crash: api, instances: 2, for: 4s }',
        '{ at: 5s, link: edge, to: api, loss: 30%, for: 5s }',
      ]);
      expect(run(plan, 7)).toEqual(run(plan, 7));
      expect(run(plan, 7).traffic[0]!.served).not.toBe(run(plan, 8).traffic[0]!.served);
    }
  });
});

describe('words about health', () => {
  const problems = (text: string): string[] =>
    loadDesign(text, { file: 'test.yaml', kinds: described }).diagnostics.map(
      ({ code, message }) => `${code}: ${message}`,
    );

  test.each([
    [
      { edge: `${probes}, panic: 50%`, instances: 1 },
      'idle-knob: `api` has one instance, so there is no other',
    ],
    [{ edge: 'panic: 50%' }, 'idle-knob: no instance is ever taken out here'],
    [{ edge: `${probes}, slow-start: 10s` }, 'conflicting-keys: round-robin has no weights that could grow'],
    [{ edge: 'eject: { of: 10 }' }, 'idle-knob: no share of failures ejects anything'],
    [
      { edge: 'eject: { for: 10s, longest: 1s }' },
      'out-of-range: the longest ejection is shorter than the first',
    ],
    [
      { edge: 'health: { every: 1s, timeout: 2s }' },
      'out-of-range: a probe would be sent before the one before it has failed',
    ],
    [{ api: probes }, 'idle-knob: every request comes through a load balancer, which picks the instance'],
    [
      { faults: '{ at: 1s, deploy: api, drain: 1s }', instances: 1 },
      'idle-knob: `api` has one instance, so that nobody chooses where a request goes',
    ],
    [{ faults: '{ at: 1s, deploy: api, every: 1s }', instances: 1 }, 'idle-knob: `api` has one instance'],
    [
      { faults: '{ at: 1s, deploy: edge }' },
      'wrong-kind-for-role: `edge` is a load-balancer, which has no versions',
    ],
    [{ faults: '{ at: 1s, deploy: apo }' }, 'unknown-reference: there is no component `apo`'],
    [
      { faults: '{ at: 1s, deploy: api, crash: api }' },
      'unknown-step: this fault says more than one thing: crash, deploy',
    ],
    [{ faults: '{ at: 1s, deploy: api, errors: 200% }' }, 'out-of-range: `errors` is out of range'],
  ])('%o', (words, problem) => {
    expect(problems(design({ faults: dead, ...words }))).toContain(problem);
  });

  test('what is not said comes from the constants', () => {
    const { plan } = loadDesign(design({ edge: 'health: {}', faults: dead }), {
      file: 'test.yaml',
      kinds: described,
    });
    expect(plan!.components[0]!.settings).toMatchObject({
      health: { probes: { every: 30, timeout: 5, fall: 2, rise: 2 } },
    });
    expect(plan!.constants.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['health.interval', 'health.threshold', 'health.timeout']),
    );
  });
});
