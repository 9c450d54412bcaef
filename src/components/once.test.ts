import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { underScenario } from '../design/under-scenario.ts';
import { estimate } from '../estimate/index.ts';
import { type Measurement, runReplication, simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Buyers whose shop waits for 40 ms and tries up to three times, while charging takes 15 ms on average. */
const designOf = (
  once: string,
  {
    steps = '{ wait: exponential(15ms) }',
    retry = 'timeout: 40ms, retry: { attempts: 3, backoff: none }',
    buy = '',
  } = {},
) => `
name: shop
network: { latency: 0s }
traffic: { buyers: { call: shop.buy, rate: 200/s } }
components:
  shop: { kind: service, operations: { buy: [ { call: pay.charge, ${retry} }${buy} ] } }
  pay: { kind: service, operations: { charge: [ { once: { ${once} }, do: [ ${steps} ] } ] } }
`;

function run(design: string, seconds = 60, seed = 1): Measurement {
  const job = { seed, replication: 0, warmup: 0, seconds, windows: 0, rates: new Float64Array(9) };
  return runReplication({ ...job, plan: planOf(design) }, simulatedKinds);
}

const problems = (design: string) =>
  loadDesign(design, { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

const inTurn = '{ wait: 1ms }, { choose: [ { probability: 50%, do: [ { fail: no } ] } ] }';

describe('steps that are done once', () => {
  it('ONC-1 without a memory a retried request does its work again, and that is counted', () => {
    const [once] = run(designOf('for: 0s')).onces!;
    const { served } = run(designOf('for: 0s')).traffic[0]!;
    // An attempt takes longer than 40 ms with probability e^(−40/15), and goes on to its end.
    const late = Math.exp(-40 / 15);
    const further = late + late ** 2;
    expect(once!.done / 12_000).toBeCloseTo(1 + further, 1);
    expect(Math.abs(once!.repeated / once!.done - further / (1 + further))).toBeLessThan(
      4 * Math.sqrt(further / once!.done),
    );
    expect(once!.done - once!.repeated).toBeGreaterThanOrEqual(served);
    expect(once).toMatchObject({ skipped: 0, busy: 0, full: 0 });
  });

  it('ONC-2 with one, no request does it twice: repeats pass it over, or fail while it is being done', () => {
    const measured = run(designOf('for: 24h'));
    const [once] = measured.onces!;
    expect(once!.repeated).toBe(0);
    expect(once!.busy).toBeGreaterThan(100);
    expect(measured.traffic[0]!.served).toBeLessThanOrEqual(once!.done);
    const calm = run(
      designOf('for: 24h', {
        retry: 'timeout: 40ms, retry: { attempts: 3, backoff: constant, base: 300ms }',
      }),
    );
    expect(calm.onces![0]!.repeated).toBe(0);
    expect(calm.onces![0]!.skipped).toBeGreaterThan(100);
  });

  it('ONC-3 duplicates come back when the memory is too short, too small, or its lease', () => {
    const slow = { retry: 'timeout: 40ms, retry: { attempts: 3, backoff: constant, base: 300ms }' };
    const repeated = (once: string, words: Parameters<typeof designOf>[1] = slow) =>
      run(designOf(once, words)).onces![0]!.repeated;
    expect(repeated('for: 24h')).toBe(0);
    expect(repeated('for: 100ms')).toBeGreaterThan(100);
    expect(repeated('for: 24h, keys: 10000, when-full: forget')).toBe(0);
    expect(repeated('for: 24h, keys: 20, when-full: forget')).toBeGreaterThan(100);
    expect(repeated('for: 24h, lease: 20ms', {})).toBeGreaterThan(100);
  });

  it('ONC-4 turns away who finds no key, where none is forgotten', () => {
    const measured = run(designOf('for: 24h, keys: 500'));
    expect(measured.onces![0]).toMatchObject({ done: 500, repeated: 0 });
    expect(measured.traffic[0]!.served).toBeLessThanOrEqual(500);
    expect(measured.onces![0]!.full).toBeGreaterThan(10_000);
  });

  it('ONC-5 work that failed is not done, and is tried again', () => {
    const retry = 'retry: { attempts: 20, backoff: none }';
    for (const once of ['for: 24h', 'for: 24h, keys: 10000, when-full: forget']) {
      const measured = run(designOf(once, { steps: inTurn, retry }), 20);
      const { offered, served, inFlight } = measured.traffic[0]!;
      expect(served + inFlight).toBeGreaterThan(offered - 3);
      expect(measured.onces![0]).toMatchObject({ repeated: 0, skipped: 0, busy: 0 });
    }
  });

  it('ONC-6 calls that a request makes at other places, or again and again, are not repeats', () => {
    const again = ', { repeat: 3, do: [ { call: pay.charge } ] }, { call: pay.charge }';
    const measured = run(designOf('for: 24h', { steps: '{ wait: 1ms }', buy: again }), 20);
    const { served } = measured.traffic[0]!;
    expect(Math.abs(measured.onces![0]!.done - 5 * served)).toBeLessThanOrEqual(5);
    expect(measured.onces![0]).toMatchObject({ repeated: 0, skipped: 0 });
  });

  it('ONC-7 a repeat is known through all that lies between, whoever makes it', () => {
    const between = (once: string) => `
name: chain
network: { latency: 0s }
traffic: { buyers: { call: shop.buy, rate: 100/s } }
components:
  shop: { kind: service, operations: { buy: [ { call: edge.pass, timeout: 60ms, retry: { attempts: 3, backoff: constant, base: 200ms } } ] } }
  edge: { kind: load-balancer, to: middle }
  middle: { kind: service, instances: 3, operations: { pass: [ { parallel: [ { call: pay.charge }, { call: pay.charge } ] } ] } }
  pay: { kind: service, operations: { charge: [ { once: { ${once} }, do: [ { wait: exponential(30ms) } ] } ] } }
`;
    expect(run(between('for: 0s')).onces![0]!.repeated).toBeGreaterThan(500);
    const known = run(between('for: 1h'));
    expect(known.onces![0]!.repeated).toBe(0);
    expect(known.onces![0]!.skipped).toBeGreaterThan(500);
    expect(Math.abs(known.onces![0]!.done - 2 * known.traffic[0]!.served)).toBeLessThan(40);
  });

  it.each([
    ['queue', 'visibility: 2s', 12_000],
    ['stream', 'commit: 3s, session-timeout: 2s, rebalance: 500ms, partitions: 4', 12_000],
  ])('ONC-8 a message of a %s that is delivered again does its work once', (kind, words, published) => {
    const mails = (once: string) => {
      const design = `
name: mails
network: { latency: 0s }
traffic: { buyers: { call: mails.publish, rate: 200/s } }
components:
  mails: { kind: ${kind}, consumer: mailer, concurrency: 40, ${words} }
  mailer: { kind: service, instances: 2, operations: { consume: [ { once: { ${once} }, do: [ { compute: 1ms } ] }, { wait: 100ms } ] } }
scenarios: { it: { lasts: 60s, faults: [ { at: 20.3s, crash: mailer, for: 5s } ] } }
`
        .replace('concurrency: 40', kind === 'queue' ? 'concurrency: 40' : 'concurrency: 16')
        .replace('{ wait: 100ms }', kind === 'queue' ? '{ wait: 100ms }' : '{ wait: 1ms }');
      const plan = underScenario(planOf(design), 'it');
      const job = {
        plan,
        seed: 1,
        replication: 0,
        warmup: 0,
        seconds: 60,
        windows: 0,
        rates: new Float64Array(9),
      };
      return runReplication(job, simulatedKinds);
    };
    expect(mails('for: 0s').onces![0]!.repeated).toBeGreaterThan(5);
    const known = mails('for: 1h');
    expect(known.onces![0]!.repeated).toBe(0);
    expect(known.onces![0]!.skipped).toBeGreaterThan(5);
    const { ended, held } = known.channels[0]!;
    expect(ended[0]! + held).toBe(known.channels[0]!.published);
    expect(Math.abs(known.channels[0]!.published - published)).toBeLessThan(4 * Math.sqrt(published));
    // Every message that was acknowledged did its work.
    expect(known.onces![0]!.done).toBeGreaterThanOrEqual(ended[0]!);
  });

  it('ONC-9 reports what was done and done again; the estimate says that it leaves it out', async () => {
    const plan = planOf(designOf('for: 0s'));
    const report = await simulate(plan, simulatedKinds, { seed: 1, time: 60, replications: 4 });
    const { done, repeated, duplicates } = report.once!['pay.charge']!;
    expect(duplicates.value).toBeCloseTo(repeated / done, 9);
    expect(duplicates.low!).toBeLessThan(0.069);
    expect(duplicates.high!).toBeGreaterThan(0.068);
    expect(estimate(plan, estimatedKinds).notes.join()).toContain('`once`');
    const without = await simulate(
      planOf(designOf('for: 0s').replace(/\{ once: .*? do: \[ (.*?) \] \}/, '$1')),
      simulatedKinds,
      {
        seed: 1,
        time: 60,
        replications: 4,
      },
    );
    // What only watches changes nothing.
    expect(without.operations).toEqual(report.operations);
    expect(without.once).toBeUndefined();
  });

  it('ONC-10 says what is idle, and refuses what cannot be', () => {
    const at = 'components.pay.operations.charge[0].once';
    expect(problems(designOf('for: 1h', { retry: 'timeout: 1s' }))).toEqual([`idle-knob ${at}`]);
    expect(problems(designOf('for: 0s, keys: 5, lease: 1s'))).toEqual([
      `idle-knob ${at}.keys`,
      `idle-knob ${at}.lease`,
    ]);
    expect(problems(designOf('for: 1h, when-full: reject'))).toEqual([`idle-knob ${at}.when-full`]);
    expect(problems(designOf('for: 1h, keys: 9, when-full: forget, lease: 1s'))).toEqual([
      `idle-knob ${at}.lease`,
    ]);
    expect(problems(designOf('keys: 0'))).toEqual([`missing-key ${at}.for`, `out-of-range ${at}.keys`]);
    expect(problems(designOf('for: 1h, key: 9'))).toEqual([`unknown-key ${at}.key`]);
  });
});
