import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { underScenario } from '../../design/under-scenario.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure } from '../../report/index.ts';
import { type Measurement, runReplication, simulate } from '../../simulate/index.ts';
import { endings } from '../../simulate/messages/channel-tally.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

interface Words {
  readonly stream?: string;
  readonly consumer?: string;
  readonly work?: string;
  readonly worker?: string;
  readonly rate?: string;
  readonly key?: string;
  readonly more?: string;
  readonly goals?: string;
  readonly faults?: string;
}

/** Users that publish each second, at 1 s, 2 s, …, unless said; the network takes no time. */
const designOf = ({
  stream = '',
  consumer = 'worker',
  work = '',
  worker = '',
  rate = '1/s, arrivals: constant',
  key = '',
  more = '',
  goals = '',
  faults = '',
}: Words) => `
name: clicks
network: { latency: 0s }
data: { link: { count: 1000, size: 500B } }
traffic: { users: { call: api.visit, rate: ${rate}${key} } }
components:
  api: { kind: service, operations: { visit: [ { publish: clicks } ] } }
  clicks: { kind: stream, consumer: ${consumer}${stream} }
  worker: { kind: service${worker}, operations: { consume: [ ${work} ] } }
  ${more}
goals: { ${goals} }
scenarios: { it: { lasts: 100s, faults: [ ${faults} ] } }
`;

function run(words: Words, seconds: number, seed = 1): Measurement {
  const plan = planOf(designOf(words));
  const laid = words.faults === undefined ? plan : underScenario(plan, 'it');
  const job = { seed, replication: 0, warmup: 0, seconds, windows: 0, rates: new Float64Array(9) };
  return runReplication({ ...job, plan: laid }, simulatedKinds);
}

const counts = ({ channels }: Measurement, c = 0) => {
  const { published, held, deliveries, redelivered, repeated, ended } = channels[c]!;
  const each = Object.fromEntries(endings.map((ending, i) => [ending, ended[i]!]));
  return { published, held, deliveries, redelivered, repeated, ...each } as Record<string, number>;
};

/** Every message has come to one end, or is held. */
function expectConserved({ channels }: Measurement): void {
  for (const { published, ended, held } of channels) {
    expect(ended.reduce((sum, count) => sum + count, held)).toBe(published);
    expect(held).toBeGreaterThanOrEqual(0);
  }
}

const problems = (words: Words) =>
  loadDesign(designOf(words), { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) })
    .diagnostics.filter(({ path }) => /^(components|goals)/.test(path))
    .map(({ code, path }) => `${code} ${path}`);

describe('stream', () => {
  it('STR-1 a publisher goes on when its message is taken; each group gets all of them', () => {
    const measured = run(
      {
        consumer: '[ worker, other.look ]',
        work: '{ wait: 400ms }',
        stream: ', accept-time: 100ms',
        more: 'other: { kind: service, operations: { look: [ { wait: 2s } ] } }',
      },
      10.55,
    );
    expect(measured.traffic[0]).toMatchObject({ served: 10, latencyMost: expect.closeTo(0.1, 9) });
    expect(counts(measured)).toMatchObject({ published: 10, acknowledged: 10, held: 0 });
    expect(measured.channels[0]!.ageMost).toBeCloseTo(0.4, 9);
    // The slow group works on one each two seconds, and holds nobody else up.
    expect(counts(measured, 1)).toMatchObject({ published: 10, acknowledged: 4, held: 6, deliveries: 5 });
    expectConserved(measured);
  });

  it('STR-2 messages of a key stay in order; those of other partitions are worked on meanwhile', () => {
    const one = run({ work: '{ wait: 1500ms }', worker: ', instances: 3' }, 12.1);
    // One partition: the nth is done 1.5 + (n − 1) · 0.5 after it was published, however many consumers there are.
    expect(counts(one)).toMatchObject({ published: 12, acknowledged: 7 });
    expect(one.channels[0]!.ageSum).toBeCloseTo(7 * 1.5 + (0.5 * 6 * 7) / 2, 9);
    const many = run(
      { work: '{ wait: 1500ms }', worker: ', instances: 3', stream: ', partitions: 300' },
      12.1,
    );
    expect(counts(many)['acknowledged']).toBeGreaterThan(7);
  });

  it('STR-3 no more consumers of a group work than there are partitions', () => {
    const loaded = { rate: '1000/s', work: '{ wait: 100ms }' };
    const busy = (consumers: string, partitions: number) =>
      run({ ...loaded, worker: consumers, stream: `, partitions: ${partitions}` }, 10).stations.at(-1)!;
    expect(busy(', instances: 5', 3)).toMatchObject({ servers: 3, busyArea: expect.closeTo(30, 0) });
    expect(busy(', instances: 3', 5)).toMatchObject({ servers: 3, busyArea: expect.closeTo(30, 0) });
    expect(problems({ worker: ', instances: 5', stream: ', partitions: 3' })).toContain(
      'idle-knob components.clicks.partitions',
    );
  });

  it('STR-4 what was done since the last commit is done again after a crash, and nothing is lost', () => {
    const faults = '{ at: 12.2s, crash: worker, for: 5s }';
    const crash = (stream: string) => counts(run({ faults, work: '{ wait: 500ms }', stream }, 40));
    // Done at 1.5, 2.5, … 11.5; committed at 10: what was done at 10.5 and 11.5 is done again.
    const seldom = crash(', commit: 10s, rebalance: 1s');
    expect(seldom).toMatchObject({ published: 39, repeated: 2, redelivered: 3, expired: 0 });
    expect(seldom['acknowledged']! + seldom['held']!).toBe(39);
    // That at 12 is lost at work.
    expect(crash(', commit: 0s, rebalance: 1s')).toMatchObject({ repeated: 0, redelivered: 1 });
  });

  it('STR-5 the partitions of the dead stand still until they are missed, and then while they change hands', () => {
    const faults = '{ at: 10.5s, crash: worker, instances: 1, for: 80s }';
    const stream = ', partitions: 2, session-timeout: 6s, rebalance: 2s, commit: 0s';
    const oldest = (more: string) =>
      run({ faults, rate: '10/s, arrivals: constant', worker: ', instances: 2', stream: stream + more }, 60)
        .channels[0]!.ageMost;
    // What came right after 10.5 waits until 18.5.
    expect(oldest('')).toBeGreaterThan(7);
    expect(oldest('')).toBeLessThanOrEqual(8);
    // The partition of the other one stands still only where all are shared out anew.
    const held = (more: string) =>
      counts(
        run(
          { faults, rate: '10/s, arrivals: constant', worker: ', instances: 2', stream: stream + more },
          18,
        ),
      )['held']!;
    expect(held(', assignment: sticky')).toBeLessThan(held(', assignment: round-robin'));
  });

  it('STR-6 a consumer that comes back gets partitions again, and those who give some up commit them', () => {
    const words = {
      faults: '{ at: 10.5s, crash: worker, instances: 1, for: 20s }',
      rate: '20/s',
      work: '{ wait: 60ms }',
      worker: ', instances: 2',
      stream: ', partitions: 8, session-timeout: 5s, rebalance: 1s, commit: 1000s',
    };
    const measured = run(words, 90);
    expectConserved(measured);
    // One alone would not keep up.
    expect(counts(measured)['held']).toBeLessThan(20);
    // Repeated is what the dead one had done, of 10.5 s and half of the partitions; nothing of the one that gave some up.
    expect(counts(measured)['repeated']).toBeGreaterThan(50);
    expect(counts(measured)['repeated']).toBeLessThan(160);
  });

  it('STR-7 a message that fails is in the way of those behind it, until its attempts are used up', () => {
    const fails = { work: '{ wait: 100ms }, { fail: no }' };
    expect(counts(run({ ...fails, stream: ', retry-delay: 400ms' }, 10.9))).toMatchObject({
      published: 10,
      acknowledged: 0,
      deliveries: 20,
      held: 10,
    });
    const buried = run(
      {
        ...fails,
        stream: ', attempts: 2, retry-delay: 250ms, dead-letter: dead',
        more: 'dead: { kind: queue }',
      },
      10.9,
    );
    expect(counts(buried)).toMatchObject({ dead: 10, deliveries: 20, held: 0 });
    expect(counts(buried, 1)).toMatchObject({ published: 10, held: 10 });
    expectConserved(buried);
  });

  it('STR-8 keeps messages for the retention: what a group has not read by then it loses', () => {
    const measured = run({ work: '{ wait: 4s }', stream: ', retention: 10s' }, 60.5);
    expectConserved(measured);
    // One each four seconds is worked on; the others are dropped at the age of ten.
    expect(counts(measured)['acknowledged']).toBe(14);
    expect(counts(measured)['expired']).toBeGreaterThan(30);
    // Those behind the one at work go when that is done.
    expect(counts(measured)['held']).toBeLessThanOrEqual(10 + 4 + 1);
    expect(measured.channels[0]!.ageMost).toBeLessThanOrEqual(14);
    expect(counts(run({ work: '{ wait: 4s }', stream: ', retention: unlimited' }, 60.5))['expired']).toBe(0);
  });

  it('STR-9 a batch costs once what each message alone would cost every time, and is waited for', () => {
    const batched = (batch: number, wait = '0s') =>
      run(
        {
          rate: '2000/s',
          work: '{ wait: 1ms }',
          stream: `, batch: ${batch}, batch-time: 10ms, batch-wait: ${wait}`,
        },
        20,
      );
    // b / (F + b·c), for F = 10 ms and c = 1 ms.
    expect(counts(batched(1))['acknowledged']).toBeCloseTo(20 / 0.011, -2);
    expect(counts(batched(100))['acknowledged']).toBeCloseTo((20 * 100) / 0.11, -2.5);
    // Of twenty that come together each second, the first is taken alone, and the network crossed for each batch.
    const far = (words: string) => {
      const design = designOf({ stream: words }).replace('latency: 0s', 'latency: 50ms');
      const job = { seed: 1, replication: 0, warmup: 0, seconds: 50, windows: 0, rates: new Float64Array(9) };
      const plan = planOf(design.replace('rate: 1/s', 'rate: 20/s, batch: 20'));
      return runReplication({ ...job, plan }, simulatedKinds).stations.at(-1)!.busyArea;
    };
    expect(far(', batch: 20')).toBeCloseTo(49 * 2 * 0.1, 6);
    expect(far(', batch: 5')).toBeCloseTo(49 * (1 + 4) * 0.1, 6);
    // One a second: the first waits for the second and third.
    const slow = run({ stream: ', batch: 3, batch-wait: 10s' }, 9.5);
    expect(slow.channels[0]!.ageSum).toBeCloseTo(3 * (2 + 1 + 0), 9);
    const late = run({ stream: ', batch: 30, batch-wait: 5s' }, 6.5);
    expect(counts(late)).toMatchObject({ acknowledged: 5, held: 1 });
    expect(late.channels[0]!.ageMost).toBeCloseTo(5, 9);
  });

  it('STR-10 goes by the key, so that a hot key makes a hot partition', () => {
    const words = {
      rate: '200/s',
      key: ', key: link',
      stream: ', partitions: 10',
      worker: ', instances: 10',
    };
    const design = designOf(words).replace('size: 500B', 'size: 500B, popularity: zipf(1.5)');
    const job = { seed: 1, replication: 0, warmup: 0, seconds: 50, windows: 0, rates: new Float64Array(9) };
    const measured = runReplication({ ...job, plan: planOf(design) }, simulatedKinds);
    const published = counts(measured)['published']!;
    const partitions = [...measured.channels[0]!.partitions!];
    expect(partitions.reduce((sum, each) => sum + each)).toBe(published);
    // The first of 1000 keys has 1 / Σ rank^-1.5 of them, and its partition a tenth of the rest, more or less.
    const first = 1 / [...Array(1000).keys()].reduce((sum, rank) => sum + (rank + 1) ** -1.5, 0);
    const least = first - 3 * Math.sqrt((first * (1 - first)) / published);
    expect(Math.max(...partitions) / published).toBeGreaterThan(least);
    expect(Math.min(...partitions) / published).toBeLessThan(0.1);
  });

  it('STR-16 stands still: it takes no message and hands none out until it goes on', () => {
    const measured = run(
      {
        work: '{ wait: 200ms }',
        stream: ', retention: 2s, batch: 5, batch-wait: 1s',
        faults: '{ at: 3.4s, freeze: clicks, for: 3s }',
      },
      9.5,
    );
    // Those of 4 to 6 s are taken at 6.4 s; what waits for a batch of five waits a second at most, but for the freeze.
    expect(measured.traffic[0]).toMatchObject({ offered: 9, served: 9 });
    expect(measured.traffic[0]!.latencySum).toBeCloseTo(2.4 + 1.4 + 0.4, 9);
    const { ageMost } = measured.channels[0]!;
    expect(ageMost).toBeGreaterThan(1);
    expectConserved(measured);
  });

  it('STR-11 conserves messages whatever happens, and the same seed gives the same numbers', () => {
    fc.assert(
      fc.property(
        fc.record({
          partitions: fc.integer({ min: 1, max: 7 }),
          assignment: fc.constantFrom('range', 'round-robin', 'sticky'),
          commit: fc.constantFrom('0s', '500ms', '5s'),
          attempts: fc.constantFrom('unlimited', '1', '3'),
          concurrency: fc.integer({ min: 1, max: 3 }),
          batch: fc.constantFrom('1', '10, batch-wait: 100ms, batch-time: 5ms'),
          retention: fc.constantFrom('unlimited', '2s'),
          fails: fc.constantFrom('0%', '20%'),
          fault: fc.constantFrom(
            'crash: worker, instances: 1, for: 3s',
            'crash: worker, for: 1s',
            'crash: worker, for: 4s, connections: hanging',
            'crash: clicks, for: 3s',
            'freeze: clicks, for: 3s',
            'cut: clicks, from: worker, for: 4s',
            'slow: worker, by: 30x, for: 5s',
            'freeze: worker, for: 2s',
            'errors: worker, share: 50%, for: 5s',
          ),
          seed: fc.integer({ min: 0, max: 1000 }),
        }),
        ({ partitions, assignment, commit, attempts, concurrency, batch, retention, fails, fault, seed }) => {
          const words = {
            rate: '60/s',
            consumer: '[ worker, other ]',
            more: 'other: { kind: service, instances: 2, operations: { consume: [ { compute: exponential(5ms) } ] } }',
            work: `{ compute: exponential(20ms) }, { choose: [ { probability: ${fails}, do: [ { fail: no } ] } ] }`,
            worker: ', instances: 2',
            stream: `, partitions: ${partitions}, assignment: ${assignment}, commit: ${commit}, session-timeout: 1500ms, rebalance: 300ms, retry-delay: 50ms, concurrency: ${concurrency}, attempts: ${attempts}, batch: ${batch}, retention: ${retention}`,
            faults: `{ at: 3s, ${fault} }`,
          };
          const measured = run(words, 12, seed);
          expectConserved(measured);
          // What nobody hurts loses nothing, and does nothing twice.
          if (!fault.includes('clicks')) expect(counts(measured, 1)).toMatchObject({ dead: 0, repeated: 0 });
          const { offered, served, failed, inFlight } = measured.traffic[0]!;
          expect(served + failed.reduce((sum, count) => sum + count, inFlight)).toBe(offered);
          expect(counts(run(words, 12, seed))).toEqual(counts(measured));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('STR-12 says what is idle, and refuses what cannot be', () => {
    expect(problems({ stream: ', dead-letter: clicks, attempts: 3' })).toEqual([
      'call-cycle components.clicks.dead-letter',
    ]);
    expect(
      problems({
        stream:
          ', assignment: sticky, batch: 5, dead-letter: dead, replicas: 3, partitions: 2, message-size: 1kB',
        more: 'dead: { kind: stream, commit: 1s, replicas: 2 }',
      }),
    ).toEqual([
      'idle-knob components.clicks.assignment',
      'idle-knob components.clicks.dead-letter',
      'idle-knob components.dead.commit',
      'idle-knob components.dead.replicas',
    ]);
    expect(problems({ stream: ', batch: 1, batch-wait: 1s, attempts: 1, retry-delay: 1s' })).toEqual([
      'idle-knob components.clicks.batch-wait',
      'idle-knob components.clicks.retry-delay',
    ]);
    // An operation that is named stands for its component, whose instances each consume.
    for (const consumer of ['worker', 'worker.consume', '[ worker.consume ]']) {
      const several = { consumer, worker: ', instances: 2', work: '{ wait: 10ms }' };
      expect(problems({ ...several, stream: ', partitions: 4, assignment: sticky' })).toEqual([]);
      expect(problems({ ...several, stream: ', partitions: 1' })).toEqual([
        'idle-knob components.clicks.partitions',
      ]);
    }
    expect(problems({ stream: ', partitions: 0, retention: 0s' })).toEqual([
      'out-of-range components.clicks.partitions',
      'out-of-range components.clicks.retention',
    ]);
    expect(problems({ consumer: '[ worker, api.viist ]' })).toEqual([
      'unknown-operation components.clicks.consumer[1]',
    ]);
  });

  it('STR-13 the groups share the instances of an autoscaled service as they come and go', () => {
    const measured = run(
      {
        rate: '80/s',
        work: '{ compute: 20ms }',
        worker:
          ', instances: 1, autoscale: { from: 1, to: 4, target: 60%, every: 2s, boot: 1s, cooldown: 2s }',
        stream: ', partitions: 16, rebalance: 100ms',
      },
      60,
    );
    expectConserved(measured);
    // One does 50 a second.
    expect(counts(measured)['acknowledged']).toBeGreaterThan(70 * 60);
    expect(counts(measured)['repeated']).toBe(0);
  });
});

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

describe('stream, in the long run', () => {
  const length = { seed: 3, time: 400, replications: 5, warmup: 20 };
  const spread = { rate: '560/s', work: '{ wait: exponential(5ms) }', worker: ', instances: 4' };

  it('STR-20 is M/M/1 for each consumer where keys are many, in both interpreters', async () => {
    // 400 partitions, so that each of four consumers has about as many messages.
    const plan = planOf(designOf({ ...spread, stream: ', partitions: 400' }));
    const [wait, busy] = [0.005 * (0.7 / 0.3), 0.7];
    const estimated = estimate(plan, estimatedKinds);
    expect(estimated.queues!['clicks']!.age.mean.value).toBeCloseTo(0.005 + wait, 4);
    expect(estimated.stations['clicks.consumers']!.utilization.value).toBeCloseTo(busy, 6);
    const report = await simulate(plan, simulatedKinds, { ...length, time: 200 });
    expectNear(report.queues!['clicks']!.age.mean, 0.005 + wait);
    expectNear(report.stations['clicks.consumers']!.utilization, busy);
    const { depth, age, throughput } = report.queues!['clicks']!;
    expect(throughput.value! * age.mean.value!).toBeCloseTo(depth.value!, 0);
  });

  it('STR-24 batches are as large as what has come meanwhile, in both interpreters', async () => {
    // At full batches it does 500 a second, at one by one 90.
    const batches = ', batch: 10, batch-time: 10ms';
    for (const [stream, rate] of [
      [batches, 20],
      [batches, 150],
      [batches, 400],
      [`${batches}, batch-wait: 15ms`, 150],
    ] as const) {
      const words = { rate: `${rate}/s`, stream, work: '{ wait: exponential(1ms) }' };
      const plan = planOf(designOf(words));
      const estimated = estimate(plan, estimatedKinds);
      const report = await simulate(plan, simulatedKinds, { ...length, time: 100 });
      for (const figure of ['utilization', 'waiting', 'service'] as const) {
        const { value } = estimated.stations['clicks.consumers']![figure];
        expectNear(report.stations['clicks.consumers']![figure], value!);
      }
      expectNear(report.queues!['clicks']!.age.mean, estimated.queues!['clicks']!.age.mean.value!);
    }
    // What it can do is what full batches do.
    const beyond = estimate(
      planOf(designOf({ rate: '600/s', stream: batches, work: '{ wait: 1ms }' })),
      estimatedKinds,
    );
    expect(beyond.queues!['clicks']!.growth!.value).toBeCloseTo(100, 6);
  });

  it('STR-21 consumers that do not keep up fall behind by what they cannot do, and goals on lag and age say so', async () => {
    const goals = 'clicks: { age p99: 10s, lag: 5 }, users: { success: 99% }';
    const plan = planOf(designOf({ rate: '150/s', work: '{ wait: exponential(10ms) }', goals }));
    const report = await simulate(plan, simulatedKinds, { seed: 1, time: 100, replications: 4 });
    const estimated = estimate(plan, estimatedKinds);
    expectNear(report.queues!['clicks']!.growth!, 50);
    expect(estimated.queues!['clicks']!.growth!.value).toBeCloseTo(50, 1);
    for (const { goals: judged } of [report, estimated]) {
      expect(judged.map(({ goal, met }) => [goal, met])).toEqual([
        ['clicks.age p99 ≤ 10s', false],
        ['clicks.lag ≤ 5', false],
        ['users.success ≥ 99%', true],
      ]);
    }
    const easy = planOf(designOf({ rate: '50/s', work: '{ wait: exponential(10ms) }', goals }));
    const met = await simulate(easy, simulatedKinds, { seed: 1, time: 100, replications: 4 });
    expect(met.goals.map((goal) => goal.met)).toEqual([true, true, true]);
    expect(met.queues!['clicks']!.growth).toBeUndefined();
  });

  it('STR-22 stores what it keeps, for as long', () => {
    const sheet = (stream: string) =>
      estimate(planOf(designOf({ rate: '100/s, peak: 2x', stream })), estimatedKinds).sheet.find(
        ({ name }) => name === 'clicks.storage',
      )?.figure.value;
    expect(sheet(', message-size: 1kB, retention: 1day, replicas: 3')).toBeCloseTo(
      100 * 86_400 * 1000 * 3,
      -3,
    );
    expect(sheet(', message-size: 1kB')).toBeCloseTo(100 * 7 * 86_400 * 1000, -3);
    expect(sheet(', retention: 1day')).toBeUndefined();
  });

  it('STR-23 targets on messages are for what takes them, and those on requests for traffic', () => {
    expect(
      problems({ goals: 'clicks: { p99: 1s, age p50: 1s }, users: { lag: 5 }, click: { lag: 2 }' }),
    ).toEqual([
      'unknown-key goals.clicks.p99',
      'unknown-key goals.users.lag',
      'unknown-reference goals.click',
    ]);
  });
});
