import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import { renderReport } from '../report/index.ts';
import { type Measurement, simulate } from '../simulate/index.ts';
import {
  crash,
  failures,
  design as followers,
  type Options,
  problems,
  READERS,
  run as runFollowers,
} from './followers.fixture.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Items of which some are asked for more often than others. */
const design = (store: string, options: Options = {}): string =>
  followers(store, { popularity: 'zipf(0.9)', ...options });

const run = (store: string, options: Options = {}, seconds = 40): Measurement =>
  runFollowers(store, { popularity: 'zipf(0.9)', ...options }, 1, seconds);

const seenBy = (measured: Measurement) => measured.replication![0]!;

describe('reads that see what was written', () => {
  it.each([
    ['token', 'replicas', 'exponential(200ms)', 20, 1],
    ['token', 'replicas', 'exponential(200ms)', 200, 1],
    ['token', 'any', 'exponential(200ms)', 1000, 3],
    ['token', 'any', 'lognormal(p50: 100ms, p99: 1s)', 200, 1],
    ['100ms', 'replicas', 'exponential(200ms)', 20, 1],
    ['100ms', 'any', '200ms', 200, 3],
    ['300ms', 'replicas', 'lognormal(p50: 100ms, p99: 1s)', 1000, 1],
  ])(
    'RYW-1 by %s from %s, with a lag of %s, at %d writes a second, go to the primary as the estimate says, and are as stale',
    async (how, reads, lag, writes, shards) => {
      const store = `replicas: 2; reads: ${reads}; lag: "${lag}"; read-your-writes: ${how}; shards: ${shards}`;
      const plan = planOf(design(store, { rates: [600, writes] }));
      const { stations, replication, staleness } = await simulate(plan, simulatedKinds, {
        replications: 6,
        warmup: 2,
        time: 5,
      });
      const formula = estimate(plan, estimatedKinds);
      const near = (seen: { value: number | null; low: number | null; high: number | null }, of: number) =>
        expect(Math.abs(seen.value! - of)).toBeLessThan(seen.high! - seen.low!);
      const line = (name: string) => formula.sheet.find((each) => each.name === name)?.figure.value;
      near(replication!['store']!.pinned!, line('store.pinned')!);
      near(staleness!['store']!.stale, line('store.stale') ?? 0);
      for (const name of ['store.connections', 'store.replica-connections'])
        near(stations[name]!.arrivals, formula.stations[name]!.arrivals.value!);
    },
  );

  it('RYW-2 are never stale by token, and by a time not where no lag is longer', () => {
    const stale = (how: string) => seenBy(run(`replicas: 2; lag: 200ms; ${how}`, {}, 20)).reads.stale;
    expect(stale('reads: replicas')).toBeGreaterThan(100);
    expect(stale('read-your-writes: 100ms')).toBeGreaterThan(100);
    // The network comes on top of the lag.
    expect(stale('read-your-writes: 201ms')).toBe(0);
    expect(stale('read-your-writes: token')).toBe(0);
  });

  it('RYW-3 give those who have just written what they wrote', () => {
    const change = '{ write: item, to: store }, { wait: 50ms }, { read: item, from: store }';
    const own = (how: string) =>
      seenBy(run(`replicas: 2; lag: 200ms; ${how}`, { change, rates: [1, 50] }, 20));
    const missed = own('reads: replicas').reads;
    // Nobody but the writers reads, to speak of.
    expect(missed.stale / missed.reads).toBeGreaterThan(0.95);
    for (const how of ['read-your-writes: token', 'read-your-writes: 1s']) {
      const { reads, pinned, routed } = own(how);
      expect(reads.stale).toBe(0);
      expect(pinned / routed).toBeGreaterThan(0.95);
    }
  });

  it('RYW-4 by token are not stale whatever fails, nothing is lost of requests, and the same seed gives the same run', () => {
    const faults = [
      crash('primary'),
      '{ at: 12s, crash: store.replica-0, for: 3s }',
      '{ at: 22s, freeze: store.replica-1, for: 4s }',
      '{ at: 23s, cut: store.primary, from: store.replica-0, for: 5s }',
      '{ at: 30s, cut: store.primary, from: [ store.replica-0, store.replica-1 ], for: 5s }',
    ].join(', ');
    const stores = [
      'replicas: 2; lag: exponential(50ms); takeover: { promotion: 1s }; reads: any',
      'replicas: 2; lag: exponential(50ms); takeover: 2s',
      'replicas: 2; lag: 50ms; takeover: 2s; confirmed-by: 1',
    ];
    const lost = stores.map((store) => {
      const all = { faults, rates: [200, 50] } as const;
      const first = run(`${store}; read-your-writes: token`, all);
      for (const { offered, served, failed, inFlight } of first.traffic)
        expect(served + failed.reduce((a, b) => a + b, 0) + inFlight).toBe(offered);
      expect(seenBy(first).reads.stale).toBe(0);
      expect(seenBy(first).reads.reads).toBeGreaterThan(5000);
      expect(run(`${store}; read-your-writes: token`, all)).toEqual(first);
      return seenBy(first).lost;
    });
    // What a takeover loses is written no more, and missed by nobody.
    expect(lost[0]).toBeGreaterThan(0);
  });

  it('RYW-5 skip a replica that lacks the write for long, and one that is down', () => {
    const faults = '{ at: 10s, cut: store.primary, from: store.replica-1, for: 9s }';
    const store = 'replicas: 2; lag: 20ms';
    expect(seenBy(run(store, { faults }, 20)).reads.ageMost).toBeGreaterThan(8);
    for (const fault of [faults, crash('replica-1', 'for: 5s')]) {
      const token = run(`${store}; read-your-writes: token`, { faults: fault }, 20);
      expect(seenBy(token).reads.stale).toBe(0);
      expect(failures(token, READERS)).toBe(0);
    }
  });

  it('RYW-6 fail by name with the primary, and only those of what was written of late', async () => {
    const at = (how: string, seconds: number) =>
      failures(
        run(`replicas: 2; lag: 20ms; ${how}`, { faults: crash('primary', 'for: 25s') }, seconds),
        READERS,
      );
    expect(at('reads: replicas', 30)).toBe(0);
    // Nothing is written while it is gone: who may be asked from replicas again are all, once the time is over.
    const during = at('read-your-writes: 3s', 13.1);
    expect(during).toBeGreaterThan(100);
    expect(at('read-your-writes: 3s', 30)).toBe(during);
    // Writes of the last 20 ms, which no replica has and none gets: two a second of 100.
    const token = at('read-your-writes: token', 30);
    expect(token).toBeGreaterThan(0);
    expect(token).toBeLessThan(20 * 400 * 0.1);
    expect(at('read-your-writes: token; takeover: 2s', 30)).toBeLessThan(during);
    const plan = planOf(design('replicas: 2; read-your-writes: 3s', { faults: crash('primary') }));
    const { operations } = await simulate(plan, simulatedKinds, { scenario: 'broken', replications: 2 });
    expect(Object.keys(operations['readers']!.failed)).toEqual(['store has no primary']);
  });

  it('RYW-7 are measured once as many are pinned as after a long time, and reports say how many', async () => {
    const report = (how: string) =>
      simulate(planOf(design(`replicas: 2; ${how}`)), simulatedKinds, { replications: 2, time: 2 });
    const pinned = await report('read-your-writes: 4s');
    expect(pinned.warmupSeconds).toBeGreaterThanOrEqual(4);
    expect(pinned.replication!['store']!.pinned!.value).toBeGreaterThan(0.5);
    expect(renderReport(pinned)).toContain('pinned to primary');
    expect((await report('reads: any')).replication!['store']).not.toHaveProperty('pinned');
  });

  it('RYW-8 say what is idle, and what cannot be', () => {
    const said = (store: string) => problems(design(store));
    for (const how of ['5s', 'token']) {
      const setting = `read-your-writes: ${how}`;
      expect(said(`replicas: 2; ${setting}`)).toEqual([]);
      expect(said(setting)).toEqual(['idle-knob read-your-writes']);
      expect(said(`replicas: 2; takeover: true; reads: primary; ${setting}`)).toEqual([
        'idle-knob read-your-writes',
      ]);
      for (const traffic of ['readers', 'writers']) {
        const without = design(`replicas: 2; ${setting}`).replace(new RegExp(` {2}${traffic}:.*\n`), '');
        expect(problems(without)).toContain('idle-knob read-your-writes');
      }
    }
    expect(said('replicas: 2; read-your-writes: 0s')).toEqual(['out-of-range read-your-writes']);
    const { diagnostics } = loadDesign(design('replicas: 2; read-your-writes: tokens'), {
      file: 'd.yaml',
      kinds: kinds.map(({ describe }) => describe),
    });
    expect(diagnostics[0]).toMatchObject({
      expected: 'a time such as 10ms, or token',
      hint: 'did you mean token?',
    });
  });
});
