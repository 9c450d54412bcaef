import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { type Measurement, runReplication, simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** A service under its traffic, with settings and the steps of its one operation. */
const serving = (settings: string, traffic: string, steps = '{ compute: exponential(10ms) }') => `
name: queueing
traffic: { ${traffic} }
components: { s: { kind: service, ${settings} operations: { work: [ ${steps} ] } } }
`;
const users = (options: string) => `users: { call: s.work, ${options} }`;

const length = { seed: 11, time: 500, replications: 4, warmup: 20 };
const run = (design: string, options = length) => simulate(planOf(design), simulatedKinds, options);

function measured(design: string, seconds: number, warmup = 0): Measurement {
  const plan = planOf(design);
  const rates = new Float64Array(plan.operations.length);
  return runReplication(
    { plan, seed: 4, replication: 0, warmup, seconds, windows: 0, rates },
    simulatedKinds,
  );
}

const waitOf = ({ stations: [cpu] }: Measurement) => cpu!.waitSum / cpu!.starts;
const successOf = ({ operations }: Report, traffic = 'users') => operations[traffic]!.success;

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

/** Figures whose intervals lie apart. */
function expectBelow(less: Figure, more: Figure): void {
  expect(less.high, `${less.value} below ${more.value}`).toBeLessThan(more.low!);
}

describe('last in, first out', () => {
  const impatient = (rate: string, discipline: string) =>
    serving(
      `discipline: ${discipline},`,
      users(`rate: ${rate}, timeout: 5s`),
      '{ compute: exponential(1s) }',
    );
  const long = { seed: 2, time: 20_000, replications: 8, warmup: 0 };

  it.each([
    ['2/s', 0.46797],
    ['1.2/s', 0.65348],
  ])('O-S04 serves some in time at %s', async (rate, goodput) => {
    const report = await run(impatient(rate, 'lifo'), long);
    expectNear(successOf(report), goodput);
    expect(Math.abs(successOf(report).value! - goodput)).toBeLessThan(0.01);
    expect(report.stations['s.cpu']!.utilization.value).toBeGreaterThan(0.999);
  });

  it('O-S04 and first come, first served none, which keeps the server as busy', async () => {
    const report = await run(impatient('2/s', 'fifo'), long);
    expect(successOf(report).value).toBeLessThan(1e-3);
    expect(report.stations['s.cpu']!.utilization.value).toBeGreaterThan(0.999);
  });
});

describe('srpt', () => {
  const sizes = (discipline: string) => `
name: sizes
traffic: { short: { call: s.short, rate: 30/s }, long: { call: s.long, rate: 3/s } }
components:
  s:
    kind: service
    ${discipline}
    operations: { short: [ { compute: exponential(10ms) } ], long: [ { compute: exponential(200ms) } ] }
`;

  it('makes the mean the least: the short are hardly held up by the long, which pay little for it', async () => {
    const [srpt, shared, fifo] = await Promise.all(
      ['discipline: srpt,', 'discipline: processor-sharing,', ''].map((each) =>
        run(sizes(each.replace(',', ''))),
      ),
    );
    const mean = (report: Report, traffic: string) => report.operations[traffic]!.latency.mean;
    expectBelow(mean(srpt!, 'short'), mean(shared!, 'short'));
    expectBelow(mean(shared!, 'short'), mean(fifo!, 'short'));
    const busy = (report: Report) => report.stations['s.cpu']!.utilization;
    expectNear(busy(srpt!), busy(fifo!).value!);
  });

  it('is for the CPU: workers are had in turn', async () => {
    const few = await run(sizes('discipline: srpt\n    workers: 2'));
    const turn = await run(sizes('workers: 2'));
    expect(few.stations['s.workers']!.queueLength.value).toBeGreaterThan(0);
    expectBelow(few.operations['short']!.latency.mean, turn.operations['short']!.latency.mean);
  });
});

describe('codel', () => {
  const fast = (settings: string, rate: number) =>
    serving(settings, users(`rate: ${rate}/s`), '{ compute: exponential(1ms) }');

  it('O-S03 drops first an interval after the wait is above the target, then after interval / √n', () => {
    // Twice as much as is served: who begins at t has waited t / 2, more than 5 ms from 10 ms on.
    const overload = serving(
      'discipline: codel,',
      users('rate: 20k/s, arrivals: constant'),
      '{ compute: 0.1ms }',
    );
    const dropped = (milliseconds: number) => measured(overload, milliseconds / 1000).stations[0]!.refusals;
    const offsets = [0, 100, 170.71, 228.45, 278.45, 323.17, 363.99, 401.79, 437.14, 470.48, 502.1];
    for (const [n, offset] of offsets.entries()) {
      expect(dropped(110 + offset - 1), `before drop ${n + 1}`).toBe(n);
      expect(dropped(110 + offset + 1), `after drop ${n + 1}`).toBe(n + 1);
    }
    expect(dropped(110 + 1000)).toBe(33);
  });

  it.each([110, 120])(
    'keeps the wait near the target at %d of 100 a second; without it, it grows',
    (rate) => {
      const over = (settings: string) => serving(settings, users(`rate: ${rate}/s`));
      const wait = waitOf(measured(over('discipline: codel, target: 50ms,'), 1000, 20));
      expect(wait).toBeGreaterThan(0.025);
      expect(wait).toBeLessThan(0.1);
      const early = waitOf(measured(over(''), 500));
      expect(early).toBeGreaterThan(10);
      expect(waitOf(measured(over(''), 1000)) / early).toBeGreaterThan(1.7);
    },
  );

  it('is moved by target and interval, and lets a queue that does not stand alone', async () => {
    const [usual, lax, slow] = await Promise.all([
      run(fast('discipline: codel,', 1100)),
      run(fast('discipline: codel, target: 50ms,', 1100)),
      run(fast('discipline: codel, interval: 1s,', 1100)),
    ]);
    const wait = ({ stations }: Report) => stations['s.cpu']!.waiting;
    expectBelow(wait(usual), wait(lax));
    expectBelow(wait(usual), wait(slow));
    expect(usual.stable).toBe(true);
    expect(Object.keys(usual.operations['users']!.failed)).toEqual(['s.cpu dropped']);
    const calm = measured(fast('discipline: codel,', 300), 100);
    expect(calm.stations[0]!.refusals).toBe(0);
    expect(waitOf(calm)).toBe(waitOf(measured(fast('', 300), 100)));
  });

  it('who is dropped counts as refused, and nobody is lost', () => {
    const m = measured(fast('discipline: codel,', 1300), 50, 5);
    const { served, failed, inFlight, offered, carried } = m.traffic[0]!;
    const { refusals, starts, waiting, arrivals, waits } = m.stations[0]!;
    const dropped = failed.reduce((sum, count) => sum + count, 0);
    expect(dropped).toBe(refusals);
    expect(served + dropped + inFlight).toBe(offered);
    expect(Math.abs(starts - served)).toBeLessThanOrEqual(1);
    expect(inFlight - waiting).toBe(1);
    expect(arrivals - refusals - starts).toBe(waiting - (carried - 1));
    expect(waits.reduce((sum, count) => sum + count, 0)).toBe(starts);
  });

  it('takes a waiting request out of the line for workers, and gives the failure to who called', async () => {
    const report = await run(`
name: workers
network: { latency: 0s }
traffic: { users: { call: front.work, rate: 120/s } }
components:
  front: { kind: service, operations: { work: [ { call: s.work, fallback: [ { wait: 1s } ] } ] } }
  s: { kind: service, workers: 1, discipline: codel, operations: { work: [ { wait: exponential(10ms) }, { compute: 1us } ] } }
`);
    expect(successOf(report).value).toBe(1);
    expect(report.stations['s.workers']!.utilization.value).toBeGreaterThan(0.9);
    expect(report.stations['s.workers']!.arrivals.value!).toBeGreaterThan(115);
    expect(report.operations['users']!.latency.p99.value).toBeGreaterThan(1);
  });
});

describe('queue-timeout', () => {
  /** By number present of M/M/c+M: births at `rate`, deaths at min(n, c) + (n − c)⁺ ÷ patience; service 1 s. */
  function erlangA(servers: number, rate: number, patience: number) {
    const weights = [1];
    for (let n = 1; n < 400; n++) {
      const leaves = Math.min(n, servers) + Math.max(0, n - servers) / patience;
      weights.push((weights[n - 1]! * rate) / leaves);
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = (f: (n: number) => number): number =>
      weights.reduce((sum, weight, n) => sum + (weight / total) * f(n), 0);
    const waiting = mean((n) => Math.max(0, n - servers));
    const busy = mean((n) => Math.min(n, servers)) / servers;
    return { waiting, lost: waiting / patience / rate, busy };
  }
  const callers = (words: string, rate: number) =>
    serving(`cores: 10, ${words},`, users(`rate: ${rate}/s`), '{ compute: exponential(1s) }');
  const long = { seed: 3, time: 4000, replications: 8, warmup: 100 };

  it.each([
    [9, 2],
    [12, 0.5],
  ])('O-Q20 with ten servers is Erlang-A: %d/s, who wait for %d s in the mean', async (rate, patience) => {
    const { waiting, lost, busy } = erlangA(10, rate, patience);
    const report = await run(callers(`queue-timeout: exponential(${patience}s)`, rate), long);
    const cpu = report.stations['s.cpu']!;
    expectNear(cpu.queueLength, waiting);
    expectNear(cpu.utilization, busy);
    expectNear(successOf(report), 1 - lost);
    expect(Object.keys(report.operations['users']!.failed)).toEqual(['s.cpu timed out']);
  });

  it('bounds the queue under any load: the estimate knows no figures then, and calls nothing endless', () => {
    const over = (words: string) => estimate(planOf(callers(words, 12)), estimatedKinds);
    const patient = over('queue-timeout: 300ms');
    expect(patient.stable).toBe(true);
    expect(successOf(patient).value).toBeNull();
    expect(patient.notes.join()).toContain('s.cpu is offered 12/s and can serve 10/s');
    expect(patient.notes.join()).toContain('what `queue-timeout` makes of its queue is not estimated');
    expect(over('discipline: lifo').stable).toBe(false);
  });

  it.each([['queue-timeout: 300ms'], ['discipline: codel'], ['shed: { at: 500ms }']])(
    '%s beyond capacity lets go of the share that the estimate says, at least',
    async (words) => {
      const design = planOf(callers(words, 15));
      const notes = estimate(design, estimatedKinds).notes.join();
      expect(estimate(design, estimatedKinds).stable).toBe(true);
      expect(notes).toContain('s.cpu: at least 33.33% of what comes to it fails there');
      // Ten servers of a second each have ten requests a second done, of fifteen.
      const report = await simulate(design, simulatedKinds, long);
      expect(report.stable).toBe(true);
      expect(successOf(report).low!).toBeLessThan(2 / 3);
      expect(successOf(report).value!).toBeGreaterThan(0.5);
    },
  );

  it.each([['discipline: adaptive-lifo'], ['discipline: fair']])(
    '%s beyond capacity lets go of nobody, and cannot hold the load',
    async (words) => {
      const design = planOf(callers(words, 15));
      expect(estimate(design, estimatedKinds).stable).toBe(false);
      expect((await simulate(design, simulatedKinds, { ...long, time: 400, replications: 2 })).stable).toBe(
        false,
      );
    },
  );

  it('nobody waits longer, and those in service go on', async () => {
    const report = await run(callers('queue-timeout: 300ms', 12), long);
    const { waitingP99, service } = report.stations['s.cpu']!;
    expect(waitingP99.value!).toBeLessThan(0.31);
    expect(waitingP99.value!).toBeGreaterThan(0.25);
    expectNear(service, 1);
  });

  it('is for connections of a database, and for workers', async () => {
    const design = `
name: pool
data: { item: { count: 1000, size: 1KB } }
traffic: { users: { call: s.work, rate: 300/s, key: item } }
components:
  s: { kind: service, cores: 4, workers: 3, queue-timeout: 5ms, operations: { work: [ { read: item, from: store } ] } }
  store: { kind: database, stores: item, connections: 2, queue-timeout: 2ms, read: { cpu: exponential(8ms) } }
`;
    const { failed } = (await run(design, { ...length, time: 50 })).operations['users']!;
    expect(Object.keys(failed).sort()).toEqual(['s.workers timed out', 'store.connections timed out']);
  });

  it('is refused, or idle, where nobody can leave', () => {
    const found = (words: string) =>
      loadDesign(serving(words, users('rate: 1/s')), {
        file: 'test.yaml',
        kinds: kinds.map(({ describe: kind }) => kind),
      }).diagnostics.map(({ code, path }) => `${code} ${path}`);
    const timeout = 'queue-timeout: 1s,';
    expect(found(timeout)).toEqual([]);
    expect(found(`discipline: adaptive-lifo, ${timeout}`)).toEqual([
      'conflicting-keys components.s.queue-timeout',
    ]);
    expect(found(`discipline: srpt, ${timeout}`)).toEqual(['idle-knob components.s.queue-timeout']);
    expect(found(`queue: 0, ${timeout}`)).toEqual(['idle-knob components.s.queue-timeout']);
    expect(found('queue-timeout: 0s,')).toEqual(['out-of-range components.s.queue-timeout']);
  });
});

describe('adaptive-lifo', () => {
  const over = (settings: string, rate = '120/s') =>
    serving(settings, users(`rate: ${rate}, timeout: 500ms`));

  it('serves in time what first come, first served is late for', async () => {
    const [fifo, adaptive] = await Promise.all([run(over('')), run(over('discipline: adaptive-lifo,'))]);
    expectBelow(successOf(fifo), successOf(adaptive));
    expect(successOf(adaptive).value).toBeGreaterThan(0.7);
  });

  it('is first come, first served until the queue has stood for the threshold', async () => {
    const at = (settings: string) => run(over(settings, '85/s'));
    const [fifo, never, usual, lifo] = await Promise.all([
      at(''),
      at('discipline: adaptive-lifo, threshold: 1h,'),
      at('discipline: adaptive-lifo,'),
      at('discipline: lifo,'),
    ]);
    expect(never.operations).toEqual(fifo.operations);
    expect(never.stations).toEqual(fifo.stations);
    const tail = ({ stations }: Report) => stations['s.cpu']!.waitingP99;
    expectBelow(tail(fifo), tail(usual));
    expectBelow(tail(fifo), tail(lifo));
  });
});

describe('fair', () => {
  const flood = (settings: string, weight = '') =>
    serving(settings, `polite: { call: s.work, rate: 30/s }, flood: { call: s.work, rate: 300/s ${weight} }`);

  it('a flood does not starve another traffic, with a limit on the queue and without', async () => {
    const [fifo, bounded, unbounded] = await Promise.all([
      run(flood('queue: 100,')),
      run(flood('queue: 100, discipline: fair,')),
      run(flood('discipline: fair,'), { ...length, time: 100 }),
    ]);
    expect(successOf(fifo, 'polite').value).toBeLessThan(0.4);
    expect(successOf(bounded, 'polite').value).toBeGreaterThan(0.999);
    expect(successOf(bounded, 'flood').value).toBeCloseTo(70 / 300, 1);
    expect(bounded.operations['polite']!.latency.mean.value).toBeLessThan(0.1);
    expectBelow(bounded.operations['polite']!.latency.mean, fifo.operations['polite']!.latency.mean);
    expect(unbounded.operations['polite']!.throughput.value).toBeGreaterThan(28);
  });

  it('shares by weight between those who want more', async () => {
    const both = (weight: string) =>
      run(
        serving(
          'queue: 100, discipline: fair,',
          `a: { call: s.work, rate: 200/s }, b: { call: s.work, rate: 200/s ${weight} }`,
        ),
      );
    const [even, double] = await Promise.all([both(''), both(', weight: 2')]);
    const rate = ({ operations }: Report, traffic: string) => operations[traffic]!.throughput;
    expectNear(rate(even, 'a'), 50);
    expectNear(rate(double, 'a'), 100 / 3);
    expectNear(rate(double, 'b'), 200 / 3);
  });
});

describe('shed', () => {
  const classes = (shed: string) =>
    serving(shed, 'vital: { call: s.work, rate: 60/s }, other: { call: s.work, rate: 80/s, priority: 1 }');

  it('turns the less important away first', async () => {
    const report = await run(classes('shed: { at: 200ms, window: 100ms },'));
    expect(report.stable).toBe(true);
    expect(successOf(report, 'vital').value).toBeGreaterThan(0.95);
    expect(successOf(report, 'other').value).toBeLessThan(0.6);
    expect(Object.keys(report.operations['other']!.failed)).toEqual(['s.cpu shed']);
    expect(report.operations['vital']!.latency.mean.value).toBeLessThan(0.4);
  });

  it('is moved by both of its settings, and by the class', async () => {
    const [usual, later, slower, alike] = await Promise.all([
      run(classes('shed: {},')),
      run(classes('shed: { at: 200ms },')),
      run(classes('shed: { window: 1s },')),
      run(classes('shed: {},').replace(', priority: 1', '')),
    ]);
    expect(planOf(classes('shed: {},')).components[0]!.settings['shed']).toEqual({ at: 0.02, window: 0.02 });
    expectBelow(usual.stations['s.cpu']!.waiting, later.stations['s.cpu']!.waiting);
    expectBelow(usual.stations['s.cpu']!.waiting, slower.stations['s.cpu']!.waiting);
    expectBelow(successOf(slower, 'vital'), successOf(usual, 'vital'));
    expectBelow(successOf(alike, 'vital'), successOf(usual, 'vital'));
  });

  it('leaves a service alone that is not too busy', () => {
    const calm = (settings: string) => measured(serving(settings, users('rate: 30/s')), 1000);
    expect(calm('shed: { at: 200ms },').stations[0]!.refusals).toBe(0);
    expect(waitOf(calm('shed: { at: 200ms },'))).toBe(waitOf(calm('')));
  });

  it('stands before the workers where they are limited', async () => {
    const design = serving(
      'workers: 2, shed: { at: 50ms, window: 100ms },',
      users('rate: 300/s'),
      '{ wait: exponential(10ms) }',
    );
    const report = await run(design);
    expect(Object.keys(report.operations['users']!.failed)).toEqual(['s.workers shed']);
    expect(report.stations['s.workers']!.waiting.value).toBeLessThan(0.2);
  });
});

describe('what decides about queues', () => {
  const two = 'a: { call: s.work, rate: 70/s }, b: { call: s.work, rate: 70/s, priority: 1 }';
  it.each([
    'discipline: codel,',
    'discipline: adaptive-lifo,',
    'queue: 50, discipline: fair,',
    'queue: 50, discipline: priority,',
    'instances: 2, discipline: lifo, shed: { at: 10ms },',
    'cores: 2, queue: 50, discipline: srpt,',
    'discipline: lifo, queue-timeout: exponential(20ms),',
  ])('gives the same for the same seed, and another for another: %s', async (settings) => {
    const short = { ...length, time: 50 };
    const [one, again, other] = await Promise.all([
      run(serving(settings, two), short),
      run(serving(settings, two), short),
      run(serving(settings, two), { ...short, seed: 12 }),
    ]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(one));
    expect(other.operations).not.toEqual(one.operations);
  });

  const found = (design: string) =>
    loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: kind }) => kind) }).diagnostics.map(
      ({ code, path }) => `${code} ${path}`,
    );
  const one = users('rate: 1/s');
  it.each([
    ['discipline: codel, target: 1ms, interval: 20ms,', one, []],
    [
      'target: 1ms, interval: 20ms,',
      one,
      ['idle-knob components.s.target', 'idle-knob components.s.interval'],
    ],
    ['discipline: codel, threshold: 1s,', one, ['idle-knob components.s.threshold']],
    ['discipline: codel, queue: 0,', one, ['idle-knob components.s.discipline']],
    ['discipline: fair,', one, ['idle-knob components.s.discipline']],
    ['discipline: fair,', two.replace(', priority: 1', ''), []],
    ['discipline: fair,', two.replace('priority: 1', 'weight: 3'), []],
    [
      'discipline: fair,',
      two.replace('70/s }', '70/s, weight: 3 }').replace('priority: 1', 'weight: 3'),
      ['idle-knob traffic.a.weight', 'idle-knob traffic.b.weight'],
    ],
    ['', two.replace('priority: 1', 'weight: 3'), ['idle-knob traffic.b.weight']],
    ['shed: {},', two, []],
    ['', two, ['idle-knob traffic.b.priority']],
    ['queue: 0, shed: {},', one, ['idle-knob components.s.shed']],
    ['discipline: processor-sharing, shed: {},', one, ['idle-knob components.s.shed']],
    ['discipline: processor-sharing, workers: 3, shed: {},', one, []],
    ['discipline: srpt, shed: {},', one, ['idle-knob components.s.shed']],
    ['discipline: codl,', one, ['unknown-value components.s.discipline']],
    ['discipline: codel, target: 0s,', one, ['out-of-range components.s.target']],
    ['shed: { at: often },', one, ['not-a-quantity components.s.shed.at']],
    ['shed: { after: 1s },', one, ['unknown-key components.s.shed.after']],
    ['discipline: fair,', two.replace('priority: 1', 'weight: 0'), ['out-of-range traffic.b.weight']],
  ])('%s with %s: %j', (settings, traffic, expected) => {
    expect(found(serving(settings, traffic))).toEqual(expected);
  });

  it.each([
    'discipline: codel',
    'discipline: adaptive-lifo',
    'discipline: fair',
    'discipline: srpt',
    'queue-timeout: 1s',
    'shed: {}',
  ])('the estimate says that it leaves out %s, and knows nothing of too much load', (setting) => {
    const at = (rate: number, settings: string) =>
      estimate(
        planOf(
          `${serving(settings, `a: { call: s.work, rate: ${rate}/s }, b: { call: s.work, rate: 20/s }`)}
goals: { a: { p99: 10s } }`,
        ),
        estimatedKinds,
      );
    const calm = at(60, `${setting},`);
    expect(calm.operations).toEqual(at(60, '').operations);
    const note = /^s.cpu: what .* makes of its queue is not estimated/;
    expect(calm.notes.some((each) => note.test(each))).toBe(true);
    for (const settings of [`${setting},`, `queue: 1000, ${setting},`]) {
      const busy = at(120, settings);
      expect(busy.notes.some((each) => note.test(each))).toBe(true);
      expect(busy.operations['a']!.success.value).toBeNull();
      expect(busy.operations['a']!.latency.mean.value).toBeNull();
      expect(busy.stations['s.cpu']!.delayed.value).toBeNull();
      expect(busy.goals[0]!.met).toBe('unknown');
    }
    expect(at(120, '').goals[0]!.met).toBe(false);
  });
});
