import { describe, expect, it } from 'vitest';
import { underScenario } from '../design/under-scenario.ts';
import { availability, estimate } from '../estimate/index.ts';
import { runReplication, simulate, trace } from '../simulate/index.ts';
import { crash, design, failures, job, problems, READERS, run, WRITERS } from './followers.fixture.ts';
import { estimatedKinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

const share = ({ reads, stale }: { readonly reads: number; readonly stale: number }): number => stale / reads;

describe('replicas that follow a primary', () => {
  it.each([
    ['replicas', 'constant', '50ms', 1 - Math.exp(-0.5 * 0.05)],
    ['replicas', 'exponential', 'exponential(50ms)', (0.5 * 0.05) / (1 + 0.5 * 0.05)],
    ['any', 'exponential', 'exponential(200ms)', ((2 / 3) * (0.5 * 0.2)) / (1 + 0.5 * 0.2)],
    ['primary', 'constant', '50ms', 0],
  ])(
    'FOL-1 reads of %s miss writes as the closed form says, with a lag that is %s',
    (reads, _law, lag, expected) => {
      const store = `replicas: 2; reads: ${reads}; lag: ${lag}`;
      const seen = run(store, { lasts: 60 }).replication![0]!.reads;
      // Reads of an item between two of its writes are not independent: four standard deviations of one in four.
      const error = 2 * Math.sqrt((expected * (1 - expected)) / (seen.reads / 4));
      expect(Math.abs(share(seen) - expected)).toBeLessThanOrEqual(2 * error);
      const line = estimate(planOf(design(store)), estimatedKinds).sheet.find(
        ({ name }) => name === 'store.stale',
      );
      if (reads === 'primary') expect(line).toBeUndefined();
      else expect(line!.figure.value).toBeCloseTo(expected, 10);
    },
  );

  it('FOL-2 each do every write as well: they scale reads and not writes', async () => {
    const text = design('replicas: 3; reads: any; lag: exponential(20ms)', {
      rates: [3000, 600],
      items: 100_000,
    })
      .replace('read: { cpu: 0s', 'read: { cpu: exponential(400us)')
      .replace('write: { cpu: 0s', 'write: { cpu: exponential(1ms)');
    const plan = planOf(text);
    const { stations, operations } = await simulate(plan, simulatedKinds, { replications: 6, time: 10 });
    const formula = estimate(plan, estimatedKinds);
    const near = (name: string, figure: 'arrivals' | 'utilization') => {
      const [ours, theirs] = [stations[name]![figure], formula.stations[name]![figure]];
      expect(Math.abs(ours.value! - theirs.value!)).toBeLessThan(ours.high! - ours.low!);
      return theirs.value!;
    };
    expect(near('store.cpu', 'arrivals')).toBeCloseTo(600 + 750, 6);
    expect(near('store.replica-cpu', 'arrivals')).toBeCloseTo(3 * (600 + 750), 6);
    near('store.cpu', 'utilization');
    near('store.replica-cpu', 'utilization');
    // No connection is taken for what replicas do after the primary.
    expect(near('store.replica-connections', 'arrivals')).toBeCloseTo(3 * 750, 6);
    for (const traffic of ['readers', 'writers']) {
      const [ours, theirs] = [operations[traffic]!.latency, formula.operations[traffic]!.latency];
      for (const of of ['mean', 'p99'] as const)
        expect(Math.abs(ours[of].value! - theirs[of].value!)).toBeLessThan(ours[of].high! - ours[of].low!);
    }
  });

  it('FOL-3 are the further behind the busier they are', () => {
    const busy = (rate: number) => {
      const plan = planOf(
        design('replicas: 1; cores: 1; lag: 1ms', { rates: [rate, 100] })
          .replace('read: { cpu: 0s', 'read: { cpu: exponential(1ms)')
          .replace('write: { cpu: 0s', 'write: { cpu: 1ms'),
      );
      const { lagSum, applied } = runReplication({ ...job, seed: 1, seconds: 20, plan }, simulatedKinds)
        .replication![0]!;
      return lagSum / applied;
    };
    // M/G/1: ρ/(1 − ρ) of about 1 ms wait, beside 1 ms of lag, 1 ms of work and the network.
    expect(busy(1)).toBeLessThan(0.0024);
    expect(busy(800)).toBeGreaterThan(0.008);
  });

  it('FOL-4 confirm a write before it is acknowledged, the k-th of them to hear of it counting', async () => {
    const network = (text: string) => text.replace('latency: 0.2ms', 'latency: exponential(1ms)');
    for (const confirmedBy of [0, 1, 3]) {
      const store = `replicas: 3; confirmed-by: ${confirmedBy}; lag: 100ms`;
      const plan = planOf(network(design(store, { rates: [1, 400] })));
      const { operations } = await simulate(plan, simulatedKinds, { replications: 6, time: 10 });
      const { mean } = operations['writers']!.latency;
      const formula = estimate(plan, estimatedKinds).operations['writers']!.latency.mean.value!;
      expect(Math.abs(mean.value! - formula)).toBeLessThan(mean.high! - mean.low!);
      if (confirmedBy === 0) expect(formula).toBeCloseTo(0.002, 6);
      else expect(formula).toBeGreaterThan(0.0025);
    }
  });

  it('FOL-5 without a takeover, writes fail by name until the primary is back, and reads go on', async () => {
    const plan = planOf(design('replicas: 2; lag: 20ms', { faults: crash('primary') }));
    const { operations, replication } = await simulate(plan, simulatedKinds, {
      scenario: 'broken',
      replications: 2,
    });
    expect(Object.keys(operations['writers']!.failed)).toContain('store has no primary');
    expect(Object.values(operations['readers']!.failed)).toEqual([]);
    expect(replication!['store']).toMatchObject({ promotions: 0, lost: 0 });
    // Reads of the primary fail with it.
    const strict = run('replicas: 2; reads: primary', { faults: crash('primary') });
    expect(failures(strict, READERS)).toBeGreaterThan(3700);
  });

  it.each([
    ['crashes', crash('primary', 'for: 25s'), 0],
    ['stands still', '{ at: 10s, freeze: store.primary, for: 25s }', 0],
    [
      'is cut off',
      '{ at: 10s, cut: store.primary, from: [ store.replica-0, store.replica-1 ], for: 25s }',
      3,
    ],
  ])('FOL-6 one takes over at the instant it is to when the primary %s', (_what, faults, detection) => {
    const store = 'replicas: 2; lag: 20ms; takeover: { heartbeat: 1s, missed: 3, promotion: 2s }';
    const plan = underScenario(planOf(design(store, { faults, rates: [1, 1000] })), 'broken');
    const served = (seconds: number) =>
      runReplication({ ...job, seed: 1, seconds, plan }, simulatedKinds).traffic[WRITERS]!.served;
    // 5 s after the fault nobody has been served since; right after, all are. One that is cut off serves until that is known.
    const before = served(14.999);
    expect(before - served(10 + detection)).toBeLessThan(5);
    expect(served(15.5) - before).toBeGreaterThan(500 - 5 * Math.sqrt(500));
  });

  it('FOL-7 lose acknowledged writes that none had but the primary, unless one confirms them', () => {
    const takeover = 'replicas: 2; lag: 100ms; takeover: 2s';
    const faults = crash('primary');
    const asynchronous = run(takeover, { faults, rates: [100, 1000] }).replication![0]!;
    // Writes of the last 100 ms, sent to neither.
    expect(asynchronous.promotions).toBe(1);
    expect(Math.abs(asynchronous.lost - 100)).toBeLessThan(5 * Math.sqrt(100));
    const confirmed = run(`${takeover}; confirmed-by: 1`, { faults, rates: [100, 1000] }).replication![0]!;
    expect(confirmed).toMatchObject({ promotions: 1, lost: 0 });
    // What was lost is no write that later reads miss: the longest anyone is behind is the lag.
    expect(run(takeover, { faults, lasts: 11 }).replication![0]!.lost).toBe(0);
  });

  it('FOL-8 wait for confirmations while too few are up, and go on when these are back', () => {
    const store = 'replicas: 2; lag: 20ms; confirmed-by: 2';
    const at = (lasts: number) => run(store, { faults: crash('replica-1'), lasts });
    const during = at(19).traffic[WRITERS]!;
    // Nine seconds of 100 a second, but for those that find no connection any more.
    expect(during.inFlight).toBeGreaterThan(900 - 5 * Math.sqrt(900));
    const after = at(40);
    expect(after.traffic[WRITERS]!.inFlight).toBeLessThan(5);
    expect(failures(after, WRITERS)).toBe(0);
    expect(after.replication![0]!.lagMost).toBeGreaterThan(9);
    expect(failures(run(store.replace(': 2;', ': 3;'), { faults: crash('replica-1') }), WRITERS)).toBe(0);
  });

  it('FOL-9 fetch what they missed when they are back, also one that was the primary', () => {
    const applied = (store: string, part: string) =>
      run(`replicas: 2; lag: 20ms; ${store}`, { faults: crash(part), lasts: 60 }).replication![0]!;
    const { writes } = { writes: run('replicas: 2; lag: 20ms', { lasts: 60 }).replication![0]!.applied };
    const back = applied('reads: any', 'replica-0');
    expect(Math.abs(back.applied - writes)).toBeLessThan(5);
    expect(back.lagMost).toBeGreaterThan(9.5);
    expect(back.lagMost).toBeLessThan(10.5);
    // Old reads end when it has caught up: after that, none is behind by more than the lag.
    expect(back.reads.ageMost).toBeLessThan(10.5);
    const turned = applied('takeover: 2s', 'primary');
    // Two seconds of writes were refused; each of the others is on two that follow.
    expect(turned.applied + turned.lost).toBeGreaterThan(writes - 2 * 100 * 2 - 5 * Math.sqrt(400));
  });

  it('FOL-10 nothing is lost of requests whatever fails, and the same seed gives the same run', () => {
    const faults = [
      crash('primary'),
      '{ at: 12s, crash: store.replica-0, for: 3s, connections: hanging }',
      '{ at: 22s, freeze: store.replica-1, for: 4s }',
      '{ at: 23s, cut: store.primary, from: store.replica-0, for: 5s }',
      '{ at: 26s, slow: store.replica-0, by: 5, for: 5s }',
    ].join(', ');
    for (const store of [
      'replicas: 2; lag: exponential(50ms); takeover: { promotion: 1s }; reads: any',
      'replicas: 2; lag: 20ms; takeover: 2s; confirmed-by: 1',
      'replicas: 2; lag: 20ms; confirmed-by: 2; reads: primary',
    ]) {
      const first = run(store, { faults });
      for (const { offered, served, failed, inFlight } of first.traffic)
        expect(served + failed.reduce((a, b) => a + b, 0) + inFlight).toBe(offered);
      expect(run(store, { faults })).toEqual(first);
      expect(run(store, { faults }, 2).replication).not.toEqual(first.replication);
    }
  });

  it('FOL-11 go with shards: each has a primary of its own, and fails by itself', () => {
    const store = 'shards: 4; replicas: 2; lag: 20ms';
    const broken = run(store, { faults: crash('shard-2-primary') });
    expect(failures(broken, READERS)).toBe(0);
    // Ten seconds of the writes of about a quarter of the keys.
    expect(failures(broken, WRITERS)).toBeGreaterThan(100);
    expect(failures(broken, WRITERS)).toBeLessThan(450);
    const { stations } = estimate(planOf(design(store)), estimatedKinds);
    expect(stations['store.connections']!.servers).toBe(4 * 100);
    expect(stations['store.replica-connections']!.servers).toBe(4 * 2 * 100);
  });

  it('FOL-12 have names that faults call them by', () => {
    const said = (store: string, part: string) => problems(design(store, { faults: crash(part) }));
    for (const part of ['primary', 'replica-0', 'replica-1']) expect(said('replicas: 2', part)).toEqual([]);
    expect(said('replicas: 2', 'replica-2')).toEqual(['unknown-reference scenarios.broken.faults[0].crash']);
    expect(said('replicas: 1; shards: 2', 'shard-1-replica-0')).toEqual([]);
  });

  it('FOL-13 say what is idle, and what cannot be', () => {
    const said = (store: string) => problems(design(store));
    expect(said('replicas: 2')).toEqual([]);
    for (const alone of ['reads: any', 'lag: 1s', 'confirmed-by: 1', 'takeover: true'])
      expect(said(alone)).toEqual([`idle-knob ${alone.split(':')[0]}`]);
    expect(said('replicas: 2; reads: primary')).toEqual(['idle-knob replicas']);
    expect(said('replicas: 2; reads: primary; takeover: true')).toEqual([]);
    expect(said('replicas: 2; confirmed-by: 3')).toEqual(['out-of-range confirmed-by']);
    expect(said('replicas: 16')).toEqual(['out-of-range replicas']);
    expect(said('replicas: 15; shards: 1000')).toEqual(['out-of-range replicas']);
    expect(said('replicas: 1; quorum: { replicas: 3, reads: 2, writes: 2 }')).toEqual([
      'conflicting-keys replicas',
    ]);
    expect(said('replicas: 2; takeover: { promotion: 1s, heartbeet: 1s }')).toEqual([
      'unknown-key takeover.heartbeet',
    ]);
    expect(said('replicas: 2; takeover: soon')).toEqual(['not-a-quantity takeover']);
    expect(said('replicas: 2; reads: follower')).toEqual(['unknown-value reads']);
    const unwritten = design('replicas: 2; lag: 1s').replace(/ {2}writers:.*\n/, '');
    expect(problems(unwritten)).toContain('idle-knob lag');
  });

  it('FOL-14 bear failures as the formula and years of them say', () => {
    const text = (store: string) =>
      design(`${store}; fails: { mtbf: 99h, mttr: 1h }`).replace(
        'kind: service',
        'kind: service\n    fails: { mtbf: 100y, mttr: 1ms }',
      );
    const lived = (store: string, traffic: string) => {
      const plan = planOf(text(store));
      const { sheet } = estimate(plan, estimatedKinds);
      const formula = sheet.find(({ name }) => name === `traffic.${traffic}.availability`)!.figure.value!;
      return {
        formula,
        report: availability(plan, estimatedKinds, { seed: 1, years: 400 }).traffic[traffic]!,
      };
    };
    const alone = lived('replicas: 2', 'writers');
    expect(alone.formula).toBeCloseTo(0.99, 8);
    expect(Math.abs(alone.report.availability.value! - 0.99)).toBeLessThan(
      alone.report.availability.high! - alone.report.availability.low!,
    );
    expect(alone.report.singlePoints.map(({ what }) => what)).toContain('the primary of store');
    const reads = lived('replicas: 2', 'readers');
    expect(reads.formula).toBeCloseTo(1 - 0.01 ** 3, 8);
    const guarded = lived('replicas: 2; takeover: 60s', 'writers');
    expect(guarded.formula).toBeCloseTo(1 - 0.01 ** 3, 8);
    expect(guarded.report.singlePoints.map(({ what }) => what)).not.toContain('the primary of store');
    // A primary fails each 99 h that it is up, and a minute each time goes until another one serves.
    const minutes = ((365 * 24) / 99) * 60 * 0.99;
    const { value, low, high } = guarded.report.failingOver;
    expect(Math.abs(value! - minutes)).toBeLessThan(high! - low! + 0.02 * minutes);
  });

  it('FOL-15 cost what as many machines cost, and keep as many copies', () => {
    const sheet = (store: string) => estimate(planOf(design(store)), estimatedKinds).sheet;
    const cost = (store: string) => sheet(store).find(({ name }) => name === 'store.cost')!.figure.value!;
    expect(cost('replicas: 2') / cost('cores: 2')).toBeCloseTo(3, 2);
    const line = sheet('replicas: 2').find(({ name }) => name === 'store.storage-of-replicas');
    expect(line!.figure.value).toBe(3 * 200 * 1000);
  });

  it('FOL-16 may have a goal on stale reads, and a report says how far behind they are', async () => {
    const plan = planOf(design('replicas: 1; lag: 20ms', { more: 'goals: { store: { stale: 5% } }' }));
    const report = await simulate(plan, simulatedKinds, { replications: 4, time: 5 });
    expect(report.goals[0]).toMatchObject({ goal: 'store.stale ≤ 5%', met: true });
    const { lag, applied } = report.replication!['store']!;
    expect(lag.mean.value).toBeCloseTo(0.0202, 6);
    expect(applied).toBeGreaterThan(1500);
  });

  it('FOL-20 have applied what they had got before they serve as the primary', () => {
    const store = 'replicas: 2; lag: 5s; confirmed-by: 1; takeover: 2s; reads: primary';
    const { reads, lost, promotions } = run(store, { faults: crash('primary'), lasts: 25 }).replication![0]!;
    expect(promotions).toBe(1);
    expect(lost).toBe(0);
    expect(reads.reads).toBeGreaterThan(5000);
    expect(reads.stale).toBe(0);
  });
});

describe('what else looks at replicas that follow', () => {
  it('FOL-17 traces see the wait for confirmation', async () => {
    const text = design('replicas: 2; lag: 20ms; confirmed-by: 1', { rates: [20, 20] });
    const { requests } = await trace(planOf(text), simulatedKinds, { of: 'writers' });
    for (const { spans } of requests) {
      const [wait] = spans.filter(({ name }) => name === 'wait for replicas to confirm');
      // There and back.
      expect(wait!.end - wait!.start).toBeCloseTo(0.0004, 9);
    }
    expect(requests.length).toBeGreaterThan(0);
  });

  it('FOL-18 cost what their messages between zones cost, as the simulation counts them', async () => {
    const text = design('zones: [ a, b, c ]; replicas: 2; lag: 20ms', { rates: [50, 200] })
      .replace('network:', 'regions: { eu: { zones: [ a, b, c ] } }\nnetwork:')
      .replace('kind: service', 'zone: a\n    kind: service');
    const { crossings } = await simulate(planOf(text), simulatedKinds, { replications: 6, time: 10 });
    const own = crossings!.find(({ from, to }) => from === 'store' && to === 'store')!;
    expect(own.scope).toBe('zones');
    // Each write goes to two others in other zones, with its kilobyte.
    expect(Math.abs(own.messages.value! - 400)).toBeLessThan(own.messages.high! - own.messages.low!);
    expect(own.bytes.value! / own.messages.value!).toBeGreaterThan(1000);
  });

  it('FOL-19 a deep probe of who writes fails while there is no primary', () => {
    const text = (store: string) =>
      design(store, { faults: crash('primary') }).replace(
        '  api:',
        '  edge: { kind: load-balancer, to: api, health: { every: 500ms, fall: 1, rise: 1, deep: true } }\n  api:\n    instances: 2',
      );
    const plan = (store: string) =>
      underScenario(planOf(text(store).replaceAll('call: api.', 'call: edge.')), 'broken');
    const of = (store: string) =>
      runReplication({ ...job, seed: 1, seconds: 40, plan: plan(store) }, simulatedKinds);
    // Readers, who need no primary, are turned away with the writers.
    expect(failures(of('replicas: 2; lag: 20ms'), READERS)).toBeGreaterThan(3000);
    expect(failures(of('replicas: 2; lag: 20ms; takeover: 1s'), READERS)).toBeLessThan(1000);
  });
});
