import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadLetterShare, deliveriesPerMessage } from '../../blocks/index.ts';
import { loadDesign } from '../../design/index.ts';
import { underScenario } from '../../design/under-scenario.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, QueueReport, Report } from '../../report/index.ts';
import { type Measurement, runReplication, simulate } from '../../simulate/index.ts';
import { endings } from '../../simulate/messages/channel-tally.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

interface Words {
  readonly queue?: string;
  readonly work?: string;
  readonly worker?: string;
  readonly rate?: string;
  readonly more?: string;
  readonly scenarios?: string;
}

/** Users that publish each second, at 1 s, 2 s, …, unless said; the network takes no time. */
const designOf = ({
  queue = '',
  work = '',
  worker = '',
  rate = '1/s, arrivals: constant',
  more = '',
  scenarios = '',
}: Words) => `
name: jobs
network: { latency: 0s }
traffic: { users: { call: api.order, rate: ${rate} } }
components:
  api: { kind: service, operations: { order: [ { publish: jobs } ] } }
  jobs: { kind: queue, consumer: worker.handle${queue} }
  worker: { kind: service${worker}, operations: { handle: [ ${work} ] } }
  ${more}
scenarios: { none: {}${scenarios} }
`;

function run(words: Words, seconds: number, scenario: string | null = null, seed = 1): Measurement {
  const plan = planOf(designOf(words));
  const laid = scenario === null ? plan : underScenario(plan, scenario);
  const job = {
    plan: laid,
    seed,
    replication: 0,
    warmup: 0,
    seconds,
    windows: 0,
    rates: new Float64Array(9),
  };
  return runReplication(job, simulatedKinds);
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

describe('queue', () => {
  it('QUE-1 a publisher goes on when its message is taken; the work goes on afterwards', () => {
    const measured = run({ work: '{ compute: 400ms }', queue: ', accept-time: 100ms' }, 10.55);
    expect(measured.traffic[0]).toMatchObject({ offered: 10, served: 10, inFlight: 0 });
    expect(measured.traffic[0]!.latencyMost).toBeCloseTo(0.1, 9);
    expect(counts(measured)).toMatchObject({ published: 10, acknowledged: 10, held: 0, deliveries: 10 });
    expect(measured.channels[0]!.ageMost).toBeCloseTo(0.4, 9);
    expectConserved(measured);
  });

  it('QUE-2 messages wait for a consumer, in order, and what waits is held', () => {
    // Each takes 1.5 s on the one consumer: the nth is done 1.5 + (n − 1) · 0.5 after it was published.
    const measured = run({ work: '{ wait: 1500ms }' }, 7.1);
    expect(counts(measured)).toMatchObject({ published: 7, acknowledged: 4, held: 3 });
    expect(measured.channels[0]!.ageSum).toBeCloseTo(1.5 + 2 + 2.5 + 3, 9);
    const consumers = measured.stations.at(-1)!;
    expect(consumers).toMatchObject({ servers: 1, starts: 5, waiting: 2 });
    expect(consumers.busyArea).toBeCloseTo(6.1, 9);
    // Two at once, on one instance or on two: nobody waits.
    for (const words of [{ queue: ', concurrency: 2' }, { worker: ', instances: 2' }]) {
      expect(run({ work: '{ wait: 1500ms }', ...words }, 20.6).channels[0]!.ageMost).toBeCloseTo(1.5, 9);
    }
  });

  it('QUE-3 hides a message for its delay, and one whose consumer failed for the retry delay', () => {
    expect(run({ work: '{ wait: 100ms }', queue: ', delay: 3s' }, 20.6).channels[0]!.ageMost).toBeCloseTo(
      3.1,
      9,
    );
    const failing = run(
      {
        work: '{ wait: 100ms }, { fail: no }',
        queue: ', retry-delay: 250ms, attempts: 3',
        rate: '0.1/s, arrivals: constant',
      },
      19,
    );
    // Handed out at 10, 10.35 and 10.7 s; it is dead at 10.8.
    expect(counts(failing)).toMatchObject({ published: 1, deliveries: 3, redelivered: 2, dead: 1, held: 0 });
    expectConserved(failing);
  });

  it('QUE-4 a message that is at work for longer than it is hidden is worked on twice', () => {
    const measured = run(
      {
        work: '{ wait: 2500ms }',
        queue: ', visibility: 2s, concurrency: 9',
        rate: '0.1/s, arrivals: constant',
      },
      19,
    );
    // The first is done at 12.5, when the message is another's, who is done at 14.5, when it is a third one's.
    expect(counts(measured)['acknowledged']).toBe(0);
    expect(counts(measured)['repeated']).toBeGreaterThan(0);
    expectConserved(measured);
    const longer = run(
      { work: '{ wait: 2500ms }', queue: ', visibility: 3s', rate: '0.1/s, arrivals: constant' },
      19,
    );
    expect(counts(longer)).toMatchObject({ acknowledged: 1, redelivered: 0, repeated: 0 });
  });

  it('QUE-5 what used up its attempts goes to the dead letters, which another may work on', () => {
    const measured = run(
      {
        work: '{ fail: no }',
        queue: ', attempts: 2, dead-letter: dead',
        more: 'dead: { kind: queue, consumer: undertaker }\n  undertaker: { kind: service, operations: { consume: [ { wait: 10ms } ] } }',
      },
      10.5,
    );
    expect(counts(measured)).toMatchObject({ published: 10, deliveries: 20, dead: 10, acknowledged: 0 });
    expect(counts(measured, 1)).toMatchObject({ published: 10, acknowledged: 10 });
    expect(measured.traffic[0]).toMatchObject({ served: 10 });
    expectConserved(measured);
  });

  it.each([
    ['reject', { served: 3, published: 9, rejected: 6, held: 3 }],
    ['drop-newest', { served: 9, published: 9, 'dropped-newest': 6, held: 3 }],
    ['drop-oldest', { served: 9, published: 9, 'dropped-oldest': 6, held: 3 }],
    ['block', { served: 3, published: 3, held: 3 }],
  ])('QUE-6 when full: %s', (policy, { served, ...expected }) => {
    const measured = run({ work: '{ wait: 60s }', queue: `, capacity: 3, when-full: ${policy}` }, 9.5);
    expect(counts(measured)).toMatchObject(expected);
    expect(measured.traffic[0]).toMatchObject({ offered: 9, served });
    if (policy === 'block') expect(measured.traffic[0]!.inFlight).toBe(6);
    expectConserved(measured);
  });

  it('QUE-7 a publisher who is blocked goes on in turn, when there is room', () => {
    const measured = run({ work: '{ wait: 2s }', queue: ', capacity: 1, when-full: block' }, 9.5);
    // Done at 3, 5, 7, 9: then the next is let in, who has waited 1, 2, 3 and 4 s.
    expect(counts(measured)).toMatchObject({ acknowledged: 4, held: 1 });
    expect(measured.traffic[0]!.latencySum).toBeCloseTo(0 + 1 + 2 + 3 + 4, 9);
  });

  it('QUE-8 the urgent are handed out first', () => {
    const design = `
name: urgent
network: { latency: 0s }
traffic:
  many: { call: jobs.publish, rate: 0.01/s, arrivals: constant, batch: 3, priority: 1 }
  few: { call: jobs.publish, rate: 0.00332/s, arrivals: constant }
components:
  jobs: { kind: queue, consumer: worker.handle, discipline: priority }
  worker: { kind: service, operations: { handle: [ { wait: 2s } ] } }
`;
    const job = {
      seed: 1,
      replication: 0,
      warmup: 0,
      seconds: 307.5,
      windows: 0,
      rates: new Float64Array(9),
    };
    // Three come at 300 s, an urgent one at 301.2: it is done at 304, before two of them.
    const measured = runReplication({ ...job, plan: planOf(design) }, simulatedKinds);
    expect(measured.channels[0]!.ageSum).toBeCloseTo(2 + 2.795 + 6, 2);
  });

  it('QUE-9 what dies with its consumer comes back when it is visible again, and nothing is lost', () => {
    const words = {
      work: '{ wait: 5s }',
      queue: ', visibility: 8s',
      rate: '0.1/s, arrivals: constant',
      scenarios: ', crash: { lasts: 40s, faults: [ { at: 12s, crash: worker, for: 1s } ] }',
    };
    const measured = run(words, 27, 'crash');
    // Handed out at 10, lost at 12, handed out again at 18, done at 23.
    expect(counts(measured)).toMatchObject({ published: 2, acknowledged: 1, redelivered: 1, repeated: 0 });
    expect(measured.channels[0]!.ageMost).toBeCloseTo(13, 9);
    expect(measured.traffic[0]).toMatchObject({ served: 2 });
    expectConserved(measured);
  });

  it('QUE-15 stands still: it takes no message and hands none out until it goes on, and nothing is lost', () => {
    const words = {
      work: '{ wait: 200ms }',
      scenarios:
        ', still: { lasts: 20s, faults: [ { at: 3.5s, freeze: jobs, for: 3s }, { at: 5s, freeze: jobs, for: 2.7s } ] }',
    };
    // Those of 4, 5, 6 and 7 s are taken at 7.7, and done one after the other.
    const measured = run(words, 12.5, 'still');
    expect(measured.traffic[0]).toMatchObject({ offered: 12, served: 12 });
    expect(measured.traffic[0]!.latencySum).toBeCloseTo(3.7 + 2.7 + 1.7 + 0.7, 9);
    expect(counts(measured)).toMatchObject({ published: 12, acknowledged: 12 });
    // That of 8 s waits for the last of the four.
    expect(measured.channels[0]!.ageSum).toBeCloseTo(7 * 0.2 + 0.2 + 0.4 + 0.6 + 0.8 + 0.7, 9);
    // What is held stays, and what was handed out is done; a broker that accepts in a second has one on its way.
    const held = run({ ...words, work: '{ wait: 1s }', rate: '2/s, arrivals: constant' }, 7.1, 'still');
    expect(counts(held)).toMatchObject({ published: 6, acknowledged: 3, held: 3 });
    const late = run({ ...words, queue: ', accept-time: 1s' }, 7.6, 'still');
    expect(counts(late)).toMatchObject({ published: 2, acknowledged: 2 });
    for (const each of [measured, held, late]) expectConserved(each);
  });

  it('QUE-10 conserves messages whatever happens, and the same seed gives the same numbers', () => {
    fc.assert(
      fc.property(
        fc.record({
          policy: fc.constantFrom('reject', 'block', 'drop-oldest', 'drop-newest'),
          capacity: fc.constantFrom('unlimited', '2', '20'),
          attempts: fc.constantFrom('unlimited', '1', '3'),
          concurrency: fc.integer({ min: 1, max: 4 }),
          fails: fc.constantFrom('0%', '30%'),
          fault: fc.constantFrom(
            'crash: worker, instances: 1, for: 3s',
            'crash: worker, for: 4s',
            'crash: jobs, for: 3s',
            'freeze: jobs, for: 3s',
            'cut: jobs, from: worker, for: 4s',
            'slow: worker, by: 30x, for: 5s',
            'errors: worker, share: 50%, for: 5s',
          ),
          seed: fc.integer({ min: 0, max: 1000 }),
        }),
        ({ policy, capacity, attempts, concurrency, fails, fault, seed }) => {
          const words = {
            rate: '30/s',
            work: `{ compute: exponential(30ms) }, { choose: [ { probability: ${fails}, do: [ { fail: no } ] } ] }`,
            worker: ', instances: 2',
            queue: `, visibility: 1s, retry-delay: 50ms, concurrency: ${concurrency}, attempts: ${attempts}, capacity: ${capacity}, when-full: ${policy}`,
            scenarios: `, hurt: { lasts: 12s, faults: [ { at: 3s, ${fault} } ] }`,
          };
          const measured = run(words, 12, 'hurt', seed);
          expectConserved(measured);
          const { offered, served, failed, inFlight } = measured.traffic[0]!;
          expect(served + failed.reduce((sum, count) => sum + count, inFlight)).toBe(offered);
          expect(counts(run(words, 12, 'hurt', seed))).toEqual(counts(measured));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('QUE-11 refuses what cannot be, and says what is idle', () => {
    const problems = (words: Words) =>
      loadDesign(designOf(words), { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) })
        .diagnostics.filter(({ path }) => path.startsWith('components'))
        .map(({ code, path }) => `${code} ${path}`);
    expect(problems({ queue: ', when-full: block, dead-letter: jobs' })).toEqual([
      'call-cycle components.jobs.dead-letter',
    ]);
    expect(
      problems({
        queue: ', when-full: block, dead-letter: dead, discipline: priority',
        more: 'dead: { kind: queue, concurrency: 2 }',
      }),
    ).toEqual([
      'idle-knob components.jobs.when-full',
      'idle-knob components.jobs.dead-letter',
      'idle-knob components.jobs.discipline',
      'idle-knob components.dead.concurrency',
    ]);
    expect(problems({ queue: ', attempts: 1, retry-delay: 1s' })).toEqual([
      'idle-knob components.jobs.retry-delay',
    ]);
    expect(problems({ more: 'rest: { kind: queue, consumer: api.order, visibility: 0s }' })).toContain(
      'out-of-range components.rest.visibility',
    );
    const kept = designOf({}).replace('consumer: worker.handle', 'capacity: 5');
    const { diagnostics } = loadDesign(kept, {
      file: 'd.yaml',
      kinds: kinds.map(({ describe }) => describe),
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['no-consumer', 'unreachable-component']),
    );
  });

  it('QUE-12 a consumer whose instances the queue chooses alone is not told of a load balancer', () => {
    const idle = (worker: string, more = '') =>
      loadDesign(designOf({ work: '{ compute: 1ms }', worker: `, instances: 2, ${worker}`, more }), {
        file: 'd.yaml',
        kinds: kinds.map(({ describe }) => describe),
      }).diagnostics.flatMap(({ code, path, message }) =>
        code === 'idle-knob' && path.startsWith('components.worker') ? [message] : [],
      );
    const hands = '`jobs` hands out its messages itself';
    expect(idle('balance: round-robin')).toEqual([`nobody calls it: ${hands}, each to an instance`]);
    expect(idle('health: { every: 1s, timeout: 100ms }')).toEqual([
      `nobody calls it: ${hands}, each to an instance`,
    ]);
    const second = 'other: { kind: stream, consumer: worker.handle }';
    expect(idle('balance: round-robin', second)).toEqual([
      'nobody calls it: `jobs` and `other` hand out their messages themselves, each to an instance',
    ]);
    const balancer = 'edge: { kind: load-balancer, to: worker }';
    expect(idle('balance: round-robin', balancer)).toEqual([
      `every request comes through a load balancer, which picks the instance, and ${hands}`,
    ]);
  });
});

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

describe('queue, in the long run', () => {
  const jobs = ({ queues }: Report): QueueReport => queues!['jobs']!;
  const length = { seed: 3, time: 600, replications: 5, warmup: 20 };

  it('QUE-20 is M/M/2 where two consumers work for exponential times, in both interpreters', async () => {
    const design = designOf({
      rate: '140/s',
      work: '{ wait: exponential(10ms) }',
      queue: ', concurrency: 2',
    });
    const theory = { wait: 0.01 * (0.7 ** 2 / (1 - 0.7 ** 2)), busy: 0.7 };
    const estimated = estimate(planOf(design), estimatedKinds);
    expect(jobs(estimated).age.mean.value).toBeCloseTo(0.01 + theory.wait, 4);
    expect(estimated.stations['jobs.consumers']!.utilization.value).toBeCloseTo(theory.busy, 6);
    const report = await simulate(planOf(design), simulatedKinds, length);
    expectNear(jobs(report).age.mean, 0.01 + theory.wait);
    expectNear(jobs(report).depth, 140 * (0.01 + theory.wait));
    expectNear(report.stations['jobs.consumers']!.utilization, theory.busy);
    expectNear(report.stations['jobs.consumers']!.waiting, theory.wait);
    // Little's law, of the same run.
    const { depth, age, throughput } = jobs(report);
    expect(throughput.value! * age.mean.value!).toBeCloseTo(depth.value!, 1);
  });

  it('QUE-21 hands messages out as often as the geometric law says, and buries the rest', async () => {
    const design = designOf({
      rate: '100/s',
      work: '{ choose: [ { probability: 40%, do: [ { fail: no } ] } ] }',
      queue: ', attempts: 3, dead-letter: dead',
      more: 'dead: { kind: queue }',
    });
    const report = await simulate(planOf(design), simulatedKinds, { ...length, time: 300 });
    const estimated = estimate(planOf(design), estimatedKinds);
    const expected = [100 * deliveriesPerMessage(0.4, 3), 100 * (1 - deadLetterShare(0.4, 3))];
    for (const [figure, value] of [
      [jobs(report).deliveries, expected[0]!],
      [jobs(report).throughput, expected[1]!],
      [report.queues!['dead']!.arrivals, 100 - expected[1]!],
    ] as const)
      expectNear(figure, value);
    expect(jobs(estimated).deliveries.value).toBeCloseTo(expected[0]!, 6);
    expect(jobs(estimated).throughput.value).toBeCloseTo(expected[1]!, 6);
    expect(estimated.queues!['dead']!.arrivals.value).toBeCloseTo(100 - expected[1]!, 6);
  });

  it('QUE-22 consumers that cannot keep up do not hold up who publishes', async () => {
    const design = designOf({ rate: '150/s', work: '{ wait: exponential(10ms) }' });
    const report = await simulate(planOf(design), simulatedKinds, { seed: 1, time: 100, replications: 4 });
    expect(report.stable).toBe(false);
    expect(report.operations['users']!.success.value).toBe(1);
    expect(report.operations['users']!.latency.p99.value).toBe(0);
    expect(jobs(report).age.mean.value).toBeNull();
    const estimated = estimate(planOf(design), estimatedKinds);
    expect(estimated.stable).toBe(false);
    expect(estimated.operations['users']!.success.value).toBe(1);
    expect(jobs(estimated).depth.value).toBeNull();
  });

  it('QUE-23 the estimate says that it knows no bound of a queue', () => {
    const notes = (queue: string) =>
      estimate(planOf(designOf({ rate: '10/s', queue })), estimatedKinds).notes;
    expect(notes(', capacity: 5').join()).toContain('`capacity`');
    expect(notes('').join()).not.toContain('`capacity`');
  });
});
