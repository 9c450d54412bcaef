import { describe, expect, it } from 'vitest';
import { freshWithin, quorumAvailability } from '../blocks/index.ts';
import { loadDesign } from '../design/index.ts';
import { underScenario } from '../design/under-scenario.ts';
import { availability, estimate } from '../estimate/index.ts';
import { createRandom } from '../kernel/index.ts';
import { type Measurement, runReplication, simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Requests that write an item and read it as soon as that is confirmed, over a network of random latency. */
const readAfterWrite = (quorum: string, { store = '', rest = '' } = {}) => `
name: after
data: { item: { count: 1M, size: 1KB } }
traffic: { users: { call: api.change, rate: 1000/s, key: item } }
network: { latency: exponential(1ms) }
components:
  api: { kind: service, operations: { change: [ { write: item, to: store }, { read: item, from: store } ] } }
  store:
    kind: database
    stores: item
    connections: 1000
    read: { cpu: 0s, disk: 0s }
    write: { cpu: 0s, disk: 0s }
    quorum: ${quorum}
${store}${rest}`;

/** Readers and writers of few items at a store with fixed times, which crashes. */
const faulty = (quorum: string, { shards = 1, fault = 'crash: store.replica-1' } = {}) => `
name: faulty
data: { item: { count: 200, size: 1KB } }
traffic:
  readers: { call: api.look, rate: 400/s, key: item }
  writers: { call: api.change, rate: 100/s, key: item }
network: { latency: 0.2ms }
components:
  api:
    kind: service
    operations: { look: [ { read: item, from: store } ], change: [ { write: item, to: store } ] }
  store: { kind: database, stores: item, shards: ${shards}, quorum: ${quorum} }
goals: { store: { stale: 1% } }
scenarios:
  broken: { lasts: 40s, faults: [ { at: 10s, ${fault}, for: 10s } ] }
`;

const job = { seed: 1, replication: 0, warmup: 0, windows: 0, rates: new Float64Array(9) };

function run(design: string, seconds = 30, seed = 1): Measurement {
  return runReplication({ ...job, seed, seconds, plan: planOf(design) }, simulatedKinds);
}

function broken(design: string, seconds = 40): { readonly run: Measurement; readonly failed: number[] } {
  const plan = underScenario(planOf(design), 'broken');
  const measured = runReplication({ ...job, seconds, plan }, simulatedKinds);
  return { run: measured, failed: measured.traffic.map(({ failed }) => failed.reduce((a, b) => a + b, 0)) };
}

const problems = (design: string) =>
  loadDesign(design, { file: 'd.yaml', kinds: kinds.map(({ describe }) => describe) }).diagnostics.map(
    ({ code, path, line, message }) => ({ code, path, line, message }),
  );

/** Share of reads that miss the write before them, by the model of Bailis et al. (VLDB 2012, section 5.1): W, A, R and S. */
function staleShare(replicas: number, reads: number, writes: number, trials: number): number {
  const random = createRandom(5, 'wars');
  const exponential = (): number => -Math.log(1 - random.next());
  let stale = 0;
  for (let trial = 0; trial < trials; trial++) {
    const all = Array.from({ length: replicas }, () => {
      const [written, asked] = [exponential(), exponential()];
      return { written, confirmed: written + exponential(), asked, answered: asked + exponential() };
    });
    const done = all.map(({ confirmed }) => confirmed).sort((a, b) => a - b)[writes - 1]!;
    const first = all.toSorted((a, b) => a.answered - b.answered).slice(0, reads);
    if (first.every(({ written, asked }) => written > done + asked)) stale++;
  }
  return stale / trials;
}

describe('replicas that are asked by quorum', () => {
  it('QRM-1 give stale reads as often as the model of published work', () => {
    for (const [reads, writes] of [
      [1, 1],
      [1, 2],
      [2, 1],
    ] as const) {
      const trials = 200_000;
      const expected = staleShare(3, reads, writes, trials);
      const [seen] = run(readAfterWrite(`{ replicas: 3, reads: ${reads}, writes: ${writes} }`), 15).quorums!;
      const share = seen!.stale / seen!.reads;
      const error = Math.sqrt(
        (expected * (1 - expected)) / seen!.reads + (expected * (1 - expected)) / trials,
      );
      expect(Math.abs(share - expected), `R = ${reads}, W = ${writes}`).toBeLessThan(4 * error);
      // Writes go on to the other replicas: the bound for such that do not is kept.
      expect(1 - share).toBeGreaterThan(freshWithin({ replicas: 3, reads, writes }, 1));
      expect(seen!.reads).toBeGreaterThan(12_000);
      // The next write of an item is a thousand seconds away.
      expect(seen!.behind / seen!.stale).toBeCloseTo(1, 1);
      expect(seen!.ageSum / seen!.stale).toBeGreaterThan(0);
    }
  });

  it('QRM-2 give none where R + W > N, nor where a replica has been away', () => {
    for (const [replicas, reads, writes] of [
      [1, 1, 1],
      [2, 1, 2],
      [3, 2, 2],
      [4, 3, 2],
      [5, 1, 5],
    ] as const) {
      const sizes = `{ replicas: ${replicas}, reads: ${reads}, writes: ${writes} }`;
      const [seen] = run(readAfterWrite(sizes), 10).quorums!;
      expect(seen).toMatchObject({ stale: 0, behind: 0, ageSum: 0 });
      expect(seen!.reads).toBeGreaterThan(8000);
    }
    expect(broken(faulty('{ replicas: 3, reads: 2, writes: 2 }')).run.quorums![0]!.stale).toBe(0);
  });

  it('QRM-3 each do all the work, and are waited for as the R-th or W-th of N independent answers', async () => {
    const design = readAfterWrite('{ replicas: 3, reads: 2, writes: 3 }');
    const report = await simulate(planOf(design), simulatedKinds, { seed: 3 });
    expect(report.stations['store.connections']!.arrivals.value! / 6000).toBeCloseTo(1, 1);
    const formula = estimate(planOf(design), estimatedKinds);
    expect(formula.stations['store.connections']!.arrivals.value).toBeCloseTo(6000, 6);
    const { mean, p99 } = report.operations['users']!.latency;
    for (const [ours, theirs] of [
      [mean, formula.operations['users']!.latency.mean],
      [p99, formula.operations['users']!.latency.p99],
    ] as const) {
      const half = (ours.high! - ours.low!) / 2;
      expect(Math.abs(ours.value! - theirs.value!)).toBeLessThan(2 * half);
    }
  });

  it('QRM-4 fail writes and reads for want of replicas, by name, and nothing is lost', () => {
    const two = { fault: 'crash: store, instances: 2' };
    const [readers, writers] = [0, 1] as const;
    const few = broken(faulty('{ replicas: 3, reads: 1, writes: 2 }', two));
    // Ten seconds of writes, but for the few that are under way.
    expect(few.failed[readers]).toBe(0);
    expect(few.failed[writers]).toBeGreaterThan(900);
    expect(few.failed[writers]).toBeLessThan(1100);
    const strict = broken(faulty('{ replicas: 3, reads: 2, writes: 1 }', two));
    expect(strict.failed[readers]).toBeGreaterThan(3700);
    expect(strict.failed[writers]).toBe(0);
    const one = broken(faulty('{ replicas: 3, reads: 2, writes: 2 }'));
    expect(one.failed).toEqual([0, 0]);
    for (const { run: each } of [few, strict, one]) {
      for (const { offered, served, failed, inFlight } of each.traffic)
        expect(served + failed.reduce((a, b) => a + b, 0) + inFlight).toBe(offered);
    }
  });

  it('QRM-5 say so in the report', async () => {
    const design = faulty('{ replicas: 3, reads: 1, writes: 2 }', { fault: 'crash: store, instances: 2' });
    const report = await simulate(planOf(design), simulatedKinds, { scenario: 'broken', replications: 2 });
    expect(Object.keys(report.operations['writers']!.failed)).toEqual(['store has no quorum']);
    expect(Object.keys(report.staleness!)).toEqual(['store']);
  });

  it('QRM-6 lack what they missed until it is written again', () => {
    const design = faulty('{ replicas: 3, reads: 1, writes: 2 }');
    const [before] = run(design, 20).quorums!;
    expect(before!.stale).toBe(0);
    const away = broken(design).run.quorums![0]!;
    // An item is written every 2 s. While the replica is away, and for some seconds after, others answer or it lags: of
    // reads a third ask it first, of items it lacks as many as were written in 10 s and not since: e^(−t/2) of them.
    const missed = 1 - Math.exp(-10 / 2);
    const expected = ((400 * missed) / 3) * 2 * (1 - Math.exp(-20 / 2));
    expect(Math.abs(away.stale - expected)).toBeLessThan(6 * Math.sqrt(expected));
    expect(away.ageSum / away.stale).toBeGreaterThan(2);
    expect(away.behind / away.stale).toBeGreaterThan(2);
  });

  it('QRM-7 go with shards: each has replicas of its own, and a part of the keys', () => {
    const design = faulty('{ replicas: 2, reads: 2, writes: 1 }', {
      shards: 4,
      fault: 'crash: store.shard-2-replica-1',
    });
    const { run: measured, failed } = broken(design);
    const plan = planOf(design);
    expect(failed[1]).toBe(0);
    // Ten seconds of the reads of a shard's keys.
    expect(failed[0]).toBeGreaterThan(0.5 * 1000);
    expect(failed[0]).toBeLessThan(1.5 * 1000);
    const calls = 500 * 2 * 40;
    const cpu = measured.stations.find(({ byInstance }) => byInstance?.length === 8)!;
    expect(cpu.arrivals).toBeLessThanOrEqual(calls * 1.05);
    const { stations } = estimate(plan, estimatedKinds);
    expect(stations['store.cpu']!.arrivals.value).toBeCloseTo(1000, 6);
    expect(stations['store.cpu']!.servers).toBe(4 * 2 * 2);
  });

  it('QRM-8 bear what the formula of availability says', () => {
    const design = faulty('{ replicas: 3, reads: 1, writes: 2 }')
      .replace('{ kind: database', '{ fails: { mtbf: 99h, mttr: 1h }, kind: database')
      .replace('kind: service', 'fails: { mtbf: 999h, mttr: 1h }\n    kind: service');
    const { sheet } = estimate(planOf(design), estimatedKinds);
    const line = (name: string) => sheet.find((entry) => entry.name === name)!;
    const expected = (needed: number) => 0.999 * quorumAvailability(3, needed, 0.99);
    expect(line('traffic.writers.availability').figure.value).toBeCloseTo(expected(2), 10);
    expect(line('traffic.readers.availability').figure.value).toBeCloseTo(expected(1), 10);
    // Years of failures and repairs agree, the service aside, whose failures both have.
    const { traffic } = availability(planOf(design), estimatedKinds, { seed: 1 });
    const [readers, writers] = ['readers', 'writers'].map((name) => traffic[name]!.availability);
    expect(writers!.low).toBeLessThan(expected(2));
    expect(writers!.high).toBeGreaterThan(expected(2));
    expect(readers!.low).toBeLessThan(expected(1));
    expect(readers!.high).toBeGreaterThan(expected(1));
    expect(line('store.reads-tolerate').figure.value).toBe(2);
    expect(line('store.writes-tolerate').figure.value).toBe(1);
    expect(line('store.fresh').figure.value).toBeCloseTo(2 / 3, 10);
    expect(line('store.storage-of-replicas').figure.value).toBe(3 * 200 * 1000);
  });

  it.each([1, 2])('QRM-13 that share a crew wait for it and are down together, %d shards', (shards) => {
    const design = faulty('{ replicas: 3, reads: 1, writes: 2 }', { shards, fault: 'crash: api' })
      .replace('{ kind: database', '{ fails: { mtbf: 10h, mttr: exponential(1h), crews: 1 }, kind: database')
      .replace('kind: service', 'fails: { mtbf: 999h, mttr: 1h }\n    kind: service');
    const { sheet } = estimate(planOf(design), estimatedKinds);
    const { value } = sheet.find(({ name }) => name === 'traffic.writers.availability')!.figure;
    // Weights of none, one, two and three down under one crew: 1, 3/10, 3·2/100, 3·2·1/1000.
    const two = 3 * 2 * 0.1 ** 2;
    if (shards === 1) expect(value).toBeCloseTo(0.999 * (1.3 / (1.3 + two + two * 0.1)), 10);
    const { low, high } = availability(planOf(design), estimatedKinds, { seed: 1 }).traffic['writers']!
      .availability;
    // Twice the half-width.
    expect(Math.abs(value! - (low! + high!) / 2)).toBeLessThan(high! - low!);
    expect(high! - low!).toBeLessThan(0.01);
  });

  it.each([1, 4])(
    'QRM-14 stand apart, each group of them: a lost zone takes one of each, %d shards',
    (shards) => {
      const placed = (zones: string) =>
        faulty('{ replicas: 3, reads: 2, writes: 2 }', { shards, fault: 'crash: api' })
          .replace(
            'network:',
            'regions: { eu: { zones: [ a, b, c, d ], zones-fail: { mtbf: 30d, mttr: 1d } } }\nnetwork:',
          )
          .replace('{ kind: database', `{ fails: { mtbf: 100y, mttr: 1min }, zones: ${zones}, kind: database`)
          .replace('kind: service', 'zone: d\n    fails: { mtbf: 100y, mttr: 1min }\n    kind: service');
      const lived = (zones: string) =>
        availability(planOf(placed(zones)), estimatedKinds, { seed: 1, years: 200 }).traffic['readers']!
          .availability;
      // One zone is d's own; of the others two of three at once.
      const up = 30 / 31;
      const expected = up * (up ** 3 + 3 * up ** 2 * (1 - up));
      const { value, low, high } = lived('[ a, b, c ]');
      expect(Math.abs(value! - expected)).toBeLessThan(high! - low!);
      // With two zones, either of them has two of the three of some groups, or of all.
      expect(lived('[ a, b ]').high!).toBeLessThan(low!);
    },
  );

  it('QRM-9 have sizes that can be, and effects', () => {
    const of = (quorum: string) => problems(faulty(quorum));
    expect(of('{ replicas: 3, reads: 1, writes: 1 }')).toEqual([]);
    expect(of('{ replicas: 3, reads: 4, writes: 2 }')).toEqual([
      {
        code: 'out-of-range',
        path: 'components.store.quorum.reads',
        line: 12,
        message: '4 of 3 replicas cannot answer',
      },
    ]);
    expect(of('{ replicas: 3, reads: 2 }').map(({ code }) => code)).toEqual(['missing-key']);
    const unread = readAfterWrite('{ replicas: 3, reads: 1, writes: 1 }').replace(
      ', { read: item, from: store }',
      '',
    );
    expect(problems(unread).map(({ path }) => path)).toEqual(['components.store.quorum.reads']);
    const unwritten = readAfterWrite('{ replicas: 3, reads: 1, writes: 1 }').replace(
      '{ write: item, to: store }, ',
      '',
    );
    expect(problems(unwritten).map(({ path }) => path)).toEqual(['components.store.quorum.writes']);
  });

  it('QRM-10 may have a goal on stale reads, which a run judges and an estimate does not', async () => {
    const goals = (target: string) => ({ rest: `goals: { store: { stale: ${target} } }\n` });
    const judged = async (target: string) => {
      const plan = planOf(readAfterWrite('{ replicas: 3, reads: 1, writes: 1 }', goals(target)));
      const { goals: found } = await simulate(plan, simulatedKinds, { replications: 4, time: 5 });
      expect(estimate(plan, estimatedKinds).goals[0]!.met).toBe('unknown');
      return found[0]!;
    };
    expect(await judged('50%')).toMatchObject({ goal: 'store.stale ≤ 50%', met: true, target: 0.5 });
    expect((await judged('1%')).met).toBe(false);
    const wrong = (goal: string) =>
      problems(readAfterWrite('{ replicas: 3, reads: 1, writes: 1 }', { rest: `goals: ${goal}\n` }));
    expect(wrong('{ users: { stale: 1% } }')[0]!.message).toBe(
      '`users` is a traffic, and `stale` is a target on replicas',
    );
    expect(wrong('{ store: { p99: 1s } }')[0]!.message).toBe(
      '`store` is a component with replicas, and `p99` is a target on what users see',
    );
  });

  it('QRM-11 answer from the zone that each stands in, and as many as are waited for decide', async () => {
    const design = (reads: number) => `
name: far
data: { item: { count: 1M, size: 1KB } }
regions:
  eu: { zones: [ eu-a, eu-b ] }
  us: { zones: [ us-a ], latency: { eu: exponential(40ms) } }
network: { latency: exponential(200us), zones: exponential(600us) }
traffic: { users: { call: api.look, rate: 500/s, key: item }, writers: { call: store.write, rate: 1/s, key: item } }
components:
  api: { kind: service, zone: eu-a, operations: { look: [ { read: item, from: store } ] } }
  store:
    kind: database
    stores: item
    zones: [ eu-a, eu-b, us-a ]
    connections: 1000
    read: { cpu: 0s, disk: 0s }
    write: { cpu: 0s, disk: 0s }
    quorum: { replicas: 3, reads: ${reads}, writes: 1 }
`;
    for (const reads of [1, 2, 3]) {
      const plan = planOf(design(reads));
      const { operations, crossings } = await simulate(plan, simulatedKinds, { replications: 10, time: 40 });
      const { mean, p95 } = operations['users']!.latency;
      const formula = estimate(plan, estimatedKinds).operations['users']!.latency;
      for (const [ours, theirs] of [
        [mean, formula.mean],
        [p95, formula.p95],
      ] as const)
        expect(Math.abs(ours.value! - theirs.value!)).toBeLessThan(ours.high! - ours.low!);
      // Each of the three replicas is asked, and one of them stands in another region.
      const far = crossings!.find(({ from, scope }) => from === 'api' && scope === 'regions')!;
      expect(far.messages.low).toBeLessThan(500);
      expect(far.messages.high).toBeGreaterThan(500);
    }
  });

  it('QRM-12 are the same for the same seed, and others for another', () => {
    const design = readAfterWrite('{ replicas: 3, reads: 1, writes: 1 }');
    expect(run(design, 5).quorums).toEqual(run(design, 5).quorums);
    expect(run(design, 5, 2).quorums).not.toEqual(run(design, 5).quorums);
  });

  it('QRM-15 cut in two, what asks for a majority fails on the small side, and what does not is old there', async () => {
    // Money and stock, and sessions: the same three places, and the same shop on both sides.
    const shop = (region: string) => `
  shop-${region}:
    kind: service
    zone: ${region}-a
    operations:
      pay: [ { write: order, to: orders, timeout: 200ms } ]
      check: [ { read: order, from: orders, timeout: 200ms } ]
      act: [ { write: session, to: sessions, timeout: 200ms } ]
      browse: [ { read: session, from: sessions, timeout: 200ms } ]
`;
    const traffic = (region: string) => `
  payers-${region}: { call: shop-${region}.pay, rate: 50/s, key: order }
  checkers-${region}: { call: shop-${region}.check, rate: 50/s, key: order }
  actors-${region}: { call: shop-${region}.act, rate: 50/s, key: session }
  visitors-${region}: { call: shop-${region}.browse, rate: 50/s, key: session }
`;
    const store = (data: string, reads: number, writes: number) =>
      `kind: database, stores: ${data}, zones: [ eu-a, eu-b, us-a ], quorum: { replicas: 3, reads: ${reads}, writes: ${writes} }`;
    const report = await simulate(
      planOf(`
name: parted
data: { order: { count: 50, size: 1KB }, session: { count: 50, size: 1KB } }
regions:
  eu: { zones: [ eu-a, eu-b ] }
  us: { zones: [ us-a ], latency: { eu: 40ms } }
traffic:
${traffic('eu')}
${traffic('us')}
components:
${shop('eu')}
${shop('us')}
  orders: { ${store('order', 2, 2)} }
  sessions: { ${store('session', 1, 1)} }
scenarios:
  parted: { lasts: 40s, faults: [ { at: 10s, cut: eu, from: us, for: 20s } ] }
`),
      simulatedKinds,
      { scenario: 'parted', replications: 4 },
    );
    const success = (traffic: string) => report.operations[traffic]!.success;
    for (const side of ['payers', 'checkers']) {
      expect(success(`${side}-eu`).value).toBe(1);
      // Half of the time: twice 200 ms of waiting are in doubt.
      expect(Math.abs(success(`${side}-us`).value! - 0.5)).toBeLessThan(0.03);
    }
    for (const who of ['actors-eu', 'actors-us', 'visitors-eu', 'visitors-us'])
      expect(success(who).value).toBe(1);
    const { orders, sessions } = report.staleness!;
    expect(orders!.stale.value).toBe(0);
    expect(sessions!.stale.low).toBeGreaterThan(0.1);
  });

  it('QRM-13 lose the messages of the replicas and shards that a cut or link names, and of no others', () => {
    const three = '{ replicas: 3, reads: 2, writes: 2 }';
    // Who hears nothing has no timeout here, and hangs: so many of each traffic at 15 s.
    const hung = (parts: string, more = {}) =>
      broken(faulty(three, { ...more, fault: `cut: api, from: ${parts}` }), 15).run.traffic.map(
        ({ inFlight }) => inFlight,
      );
    for (const few of hung('store.replica-1')) expect(few).toBeLessThan(20);
    // Writes that it missed are read from it when it is back, where one answer is enough.
    const fresh = '{ replicas: 3, reads: 1, writes: 2 }';
    const after = broken(faulty(fresh, { fault: 'cut: api, from: store.replica-1' }));
    expect(after.run.quorums![0]!.stale).toBeGreaterThan(0);
    const before = broken(faulty(fresh, { fault: 'cut: api, from: store.replica-1' }), 10);
    expect(before.run.quorums![0]!.stale).toBe(0);
    // Five seconds of 400/s and 100/s, less five standard deviations.
    const [reads, writes] = hung('[ store.replica-0, store.replica-2 ]');
    expect(reads).toBeGreaterThan(2000 - 5 * Math.sqrt(2000));
    expect(writes).toBeGreaterThan(500 - 5 * Math.sqrt(500));
    // The keys of one shard in two are about half of them; a share that no 200 keys miss by chance.
    const half = hung('store.shard-1', { shards: 2 })[0]! / reads!;
    expect(half).toBeGreaterThan(0.2);
    expect(half).toBeLessThan(0.8);
    const late = (reads: number) =>
      broken(
        faulty(`{ replicas: 3, reads: ${reads}, writes: 1 }`, {
          fault: 'link: api, to: store.replica-0, delay: 30ms',
        }),
      ).run.traffic[0]!.latencyMost;
    expect(late(2)).toBeLessThan(0.03);
    expect(late(3)).toBeGreaterThan(0.06);
  });

  it('QRM-14 are named in a cut as in a crash, by a number from 0', () => {
    const found = (name: string) =>
      problems(faulty('{ replicas: 3, reads: 2, writes: 2 }', { fault: `cut: api, from: ${name}` }));
    expect(found('store.replica-2')).toEqual([]);
    expect(found('[ store.replica-0, store.replica-3 ]')[0]).toMatchObject({
      code: 'unknown-reference',
      message: 'there is no part `store.replica-3`',
      path: 'scenarios.broken.faults[0].from[1]',
    });
    expect(found('store.first')[0]!.message).toBe('there is no part `store.first`');
  });
});
