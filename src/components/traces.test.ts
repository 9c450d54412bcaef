import { describe, expect, test } from 'vitest';
import { underScenario } from '../design/under-scenario.ts';
import { loadDesign, type Plan, renderTrace, type Span, type TracedRequest, trace } from '../index.ts';
import { BUCKETS, bucketOf } from '../kernel/index.ts';
import { inlineRunner, type ReplicationJob, runReplication } from '../simulate/index.ts';
import { requestRates } from '../simulate/request-rates.ts';
import { Scout } from '../simulate/tracing/scout.ts';
import { SpanRecorder } from '../simulate/tracing/span-recorder.ts';
import { kindParts } from './index.ts';

const { simulated } = kindParts();

const shop = `
name: shop
summary: a shop with a shaky payment service
data:
  item: { count: 100k, size: 1KB, popularity: zipf(1.0) }
traffic:
  buyers: { call: api.buy, rate: 200/s, key: item, timeout: 300ms }
components:
  api:
    kind: service
    instances: 2
    cores: 2
    operations:
      buy:
        - compute: exponential(mean: 2ms)
        - read: item
          from: items
          through: hot
          timeout: 50ms
          breaker: { failures: 50%, of: 20, open: 1s }
        - parallel:
            - - call: stock.reserve
                hedge: { after: 10ms }
            - - compute: 1ms
              - call: pay.charge
                timeout: 30ms
                retry: { attempts: 3, backoff: exponential, base: 5ms }
  stock:
    kind: service
    instances: 3
    cores: 2
    operations: { reserve: [ { compute: exponential(mean: 6ms) } ] }
  pay:
    kind: service
    instances: 2
    cores: 4
    operations:
      charge:
        - compute: exponential(mean: 9ms)
        - choose: [ { probability: 5%, do: [ { fail: declined } ] } ]
  hot: { kind: cache, holds: item, memory: 10MB }
  items: { kind: database, stores: item }
scenarios:
  stock-dies:
    lasts: 20s
    faults:
      - { at: 5s, crash: stock, instances: 1, for: 3s }
      - { at: 6s, crash: api, instances: 1, for: 3s }
      - { at: 7s, freeze: pay, for: 1s }
      - { at: 11s, crash: pay, instances: 1, for: 3s, connections: hanging }
      - { at: 14s, link: api, to: items, loss: 20%, for: 3s }
`;

function planOf(text: string): Plan {
  const { plan, diagnostics } = loadDesign(text);
  if (plan === null) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

async function jobOf(plan: Plan, more: Partial<ReplicationJob> = {}): Promise<ReplicationJob> {
  const { operations } = await requestRates(plan, 1, inlineRunner(simulated));
  return {
    plan,
    seed: 1,
    rates: operations,
    replication: 0,
    warmup: 1,
    seconds: 20,
    windows: 10,
    series: 10,
    ...more,
  };
}

const all: ReadonlySet<number> = new Set(Array.from({ length: 20_000 }, (_, number) => number));
const childrenOf = (spans: readonly Span[], { id }: Span): Span[] =>
  spans.filter(({ parent }) => parent === id);
const named = (request: TracedRequest | undefined, kind: Span['kind']): Span[] =>
  request!.spans.filter((span) => span.kind === kind);

describe('a traced run', () => {
  const cases = [
    ['in its steady state', planOf(shop)],
    ['under faults', underScenario(planOf(shop), 'stock-dies')],
  ] as const;

  test.each(cases)('is the run without a trace, %s', async (_, plan) => {
    const job = await jobOf(plan);
    const bare = runReplication(job, simulated);
    expect(runReplication(job, simulated, {}, new Scout(job.warmup))).toEqual(bare);
    expect(runReplication(job, simulated, {}, new SpanRecorder(all))).toEqual(bare);
  });

  test.each(cases)('is looked through request by request as it is measured, %s', async (_, plan) => {
    const job = await jobOf(plan);
    const scout = new Scout(job.warmup);
    const [traffic] = runReplication(job, simulated, {}, scout).traffic;
    const served = scout.candidates.filter(({ status }) => status === 0);
    expect(served).toHaveLength(traffic!.served);
    traffic!.failed.forEach((failed, reason) => {
      if (reason > 0) expect(scout.candidates.filter(({ status }) => status === reason)).toHaveLength(failed);
    });
    const histogram = new Uint32Array(BUCKETS);
    for (const { latency } of served) histogram[bucketOf(latency)]!++;
    expect(histogram).toEqual(traffic!.latencies);
  });

  test.each(cases)('gives spans that hang together, %s', async (_, plan) => {
    const job = await jobOf(plan);
    const recorder = new SpanRecorder(all);
    const [traffic] = runReplication(job, simulated, {}, recorder).traffic;
    const faults: string[] = [];
    for (let number = 0; number < traffic!.served; number++) {
      const spans = recorder.spansOf(number, job.warmup);
      if (spans[0]!.kind !== 'request' || spans[0]!.parent !== null)
        faults.push(`${number} begins otherwise`);
      for (const { id, parent, start, end, attributes } of spans.slice(1)) {
        const above = spans[parent! - 1]!;
        if (!(end >= start && start >= above.start && parent! < id))
          faults.push(`${number}.${id} is misplaced`);
        // What nobody waits for any more outlasts what it is a part of, and what was called by one who has died.
        const isLate = attributes['abandoned'] === true || above.status !== 'ok';
        if (!isLate && end > above.end) faults.push(`${number}.${id} is late`);
      }
    }
    expect(faults).toEqual([]);
  });
});

describe('trace', () => {
  const steps = `
name: steps
summary: one after the other
traffic: { visitors: { call: api.show, rate: 50/s } }
components:
  api:
    kind: service
    cores: 1
    workers: 4
    operations: { show: [ { compute: exponential(mean: 10ms) }, { wait: 3ms }, { call: db.get }, { compute: 1ms } ] }
  db: { kind: service, cores: 1, operations: { get: [ { compute: exponential(mean: 5ms) } ] } }
`;

  test('shows a sequential request whole: what takes its time adds up to its latency', async () => {
    const { requests } = await trace(steps);
    expect(requests.map(({ why }) => why)).toEqual(['median', 'p99']);
    for (const { spans, duration } of requests) {
      const leaves = spans.filter((span) => childrenOf(spans, span).length === 0);
      const sum = leaves.reduce((seconds, { start, end }) => seconds + end - start, 0);
      expect(sum).toBeCloseTo(duration, 9);
      for (const span of spans) {
        const below = childrenOf(spans, span);
        if (below.length === 0) continue;
        expect(below.reduce((seconds, { start, end }) => seconds + end - start, 0)).toBeCloseTo(
          span.end - span.start,
          9,
        );
      }
    }
    const kinds = new Set(requests.flatMap(({ spans }) => spans.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(
      ['client', 'network', 'queue', 'request', 'server', 'service', 'wait'].sort(),
    );
  });

  test('shows the requests at the median and the 99th percentile of those served', async () => {
    const { requests, warmupSeconds, seconds } = await trace(steps, { seed: 3 });
    const job = await jobOf(planOf(steps), {
      seed: 3,
      warmup: warmupSeconds,
      seconds,
      windows: 0,
      series: 0,
    });
    const scout = new Scout(warmupSeconds);
    runReplication(job, simulated, {}, scout);
    const latencies = scout.candidates.map(({ latency }) => latency).sort((a, b) => a - b);
    for (const [request, quantile] of [
      [requests[0]!, 0.5],
      [requests[1]!, 0.99],
    ] as const) {
      expect(request.among).toBe(latencies.length);
      expect(request.rank).toBe(Math.ceil(quantile * latencies.length));
      expect(request.duration).toBeCloseTo(latencies[request.rank - 1]!, 12);
    }
  });

  test('gives the same for the same seed, and something else for another', async () => {
    const plan = planOf(shop);
    const once = await trace(plan, { seed: 5 });
    expect(await trace(plan, { seed: 5 })).toEqual(once);
    expect((await trace(plan, { seed: 6 })).requests).not.toEqual(once.requests);
  });

  test('of fewer than a hundred requests none is the p99 one, and the slowest is called so', async () => {
    const rare = {
      name: 'rare',
      traffic: {
        users: { call: 'api.get', rate: '1000/s' },
        authors: { call: 'api.get', rate: '1/s' },
      },
      components: { api: { kind: 'service', operations: { get: [{ compute: '100us' }] } } },
    };
    const { requests } = await trace(rare);
    const [, usual, , slowest] = requests;
    expect(usual).toMatchObject({ traffic: 'users', why: 'p99' });
    expect(usual!.among).toBeGreaterThanOrEqual(100);
    expect(slowest).toMatchObject({ traffic: 'authors', why: 'slowest', rank: slowest!.among });
    expect(slowest!.among).toBeLessThan(100);
    const text = renderTrace({ ...(await trace(rare)), requests: [slowest!] });
    expect(text).toContain(`authors: slowest of ${slowest!.among}`);
    expect(text).not.toContain('p99');
  });

  test('shows failed, retried, hedged and parallel work', async () => {
    const { requests } = await trace(shop);
    const failed = requests.find(({ why }) => why === 'failed: declined');
    expect(failed!.status).toBe('declined');
    expect(named(failed, 'refusal').map(({ status }) => status)).toContain('declined');

    const retried = requests.find(({ why }) => why === 'retried');
    expect(retried!.status).toBe('served');
    expect(named(retried, 'backoff').length).toBeGreaterThan(0);
    const tries = retried!.spans.filter(({ attributes, kind }) => 'attempt' in attributes && kind === 'call');
    expect(tries.map(({ attributes }) => attributes['attempt'])).toEqual(tries.map((_, i) => i + 1));
    expect(tries.length).toBeGreaterThan(1);
    expect(new Set(tries.map(({ parent }) => parent)).size).toBe(1);
    expect(tries[0]!.status).not.toBe('ok');
    expect(tries.at(-1)!.status).toBe('ok');

    for (const request of requests) {
      const [parallel] = named(request, 'parallel');
      const branches = childrenOf(request.spans, parallel!);
      expect(branches.length).toBe(2);
      expect(branches[0]!.start).toBe(branches[1]!.start);
      expect(Math.max(...branches.map(({ end }) => end))).toBeGreaterThanOrEqual(parallel!.end);
    }
  });

  test('shows both of a hedged pair, and that nobody waits for the slower one', async () => {
    const { requests } = await trace(
      `
name: hedged
summary: two of a kind
traffic: { visitors: { call: api.show, rate: 20/s } }
components:
  api: { kind: service, cores: 4, operations: { show: [ { call: back.get, hedge: { after: 5ms } } ] } }
  back: { kind: service, instances: 3, cores: 8, operations: { get: [ { compute: 4ms..30ms } ] } }
`.replace('4ms..30ms', 'uniform(6ms, 30ms)'),
    );
    for (const request of requests) {
      const [call] = named(request, 'call');
      const pair = childrenOf(request.spans, call!);
      expect(pair.map(({ kind }) => kind)).toEqual(['client', 'client']);
      expect(pair[1]!.start - pair[0]!.start).toBeCloseTo(0.005, 9);
      const abandoned = pair.filter(({ attributes }) => attributes['abandoned'] === true);
      expect(abandoned).toHaveLength(1);
      expect(abandoned[0]!.end).toBeGreaterThan(call!.end);
    }
  });

  test('shows under a scenario what crashes did', async () => {
    const { requests } = await trace(shop, { scenario: 'stock-dies' });
    const reasons = requests.map(({ why }) => why);
    expect(reasons).toContain('failed: stock down');
    const down = requests.find(({ why }) => why === 'failed: stock down')!;
    expect(down.start).toBeGreaterThan(4.9);
    expect(down.start).toBeLessThan(8);
  });

  test('says which hits and misses there were', async () => {
    const { requests } = await trace(shop);
    for (const request of requests) {
      const [get] = request.spans.filter(({ kind, name }) => kind === 'server' && name === 'hot.get');
      const reads = request.spans.some(({ name, kind }) => kind === 'server' && name === 'items.read');
      expect(get!.attributes['cache.hit']).toBe(!reads);
    }
  });

  test('shows how long the own work on a shared processor would take', async () => {
    const shared = steps.replace('cores: 1\n    workers: 4', 'cores: 1\n    discipline: processor-sharing');
    const { requests } = await trace(shared);
    const services = requests
      .flatMap((request) => named(request, 'service'))
      .filter(({ component }) => component === 'api');
    expect(services.length).toBeGreaterThan(0);
    for (const { start, end, attributes } of services) {
      expect(attributes['work']).toBeGreaterThan(0);
      expect(end - start).toBeGreaterThan((attributes['work'] as number) - 1e-9);
    }
  });

  test('shows when work of the least left stops for other work, and goes on', async () => {
    const text = `
name: least-first
summary: the shortest job goes first
network: { latency: 0s }
traffic: { visitors: { call: api.show, rate: 60/s } }
components:
  api: { kind: service, cores: 1, discipline: srpt, operations: { show: [ { compute: exponential(mean: 10ms) } ] } }
`;
    const plan = planOf(text);
    const job = await jobOf(plan);
    const recorder = new SpanRecorder(all);
    const [traffic] = runReplication(job, simulated, {}, recorder).traffic;
    const served: { start: number; end: number }[] = [];
    let stopped = 0;
    for (let number = 0; number < traffic!.served; number++) {
      const spans = recorder.spansOf(number, job.warmup);
      if (spans[0]!.attributes['unfinished'] === true) continue;
      const parts = spans.filter(({ kind }) => kind === 'queue' || kind === 'service');
      const services = parts.filter(({ kind }) => kind === 'service');
      const length = (of: readonly Span[]) => of.reduce((sum, { start, end }) => sum + end - start, 0);
      expect(length(services)).toBeCloseTo(services[0]!.attributes['work'] as number, 9);
      expect(length(parts)).toBeCloseTo(spans[0]!.end - spans[0]!.start, 9);
      parts.slice(1).forEach((part, i) => {
        expect(part.kind).not.toBe(parts[i]!.kind);
        expect(part.start).toBe(parts[i]!.end);
      });
      if (services.length > 1) stopped++;
      served.push(...services);
    }
    expect(stopped).toBeGreaterThan(20);
    // One core serves one at a time.
    served.sort((a, b) => a.start - b.start);
    for (let i = 1; i < served.length; i++) {
      expect(served[i]!.start).toBeGreaterThanOrEqual(served[i - 1]!.end - 1e-9);
    }
  });

  test('shows one that hangs, where some do', async () => {
    const hanging = `
name: hanging
summary: calls to what has died, and nobody who gives up
traffic: { visitors: { call: api.show, rate: 50/s } }
components:
  api: { kind: service, cores: 4, operations: { show: [ { compute: 1ms }, { call: back.get } ] } }
  back: { kind: service, instances: 2, cores: 4, operations: { get: [ { compute: 2ms } ] } }
scenarios:
  dies:
    lasts: 30s
    faults: [ { at: 10s, crash: back, instances: 1, connections: hanging } ]
`;
    const { requests } = await trace(hanging, { scenario: 'dies' });
    const [hung] = requests.filter(({ why }) => why === 'unfinished');
    expect(hung!.status).toBe('unfinished');
    expect(hung!.start).toBeGreaterThan(9.9);
    expect(hung!.start + hung!.duration).toBeCloseTo(30, 9);
    expect(hung!.rank).toBe(Math.ceil(hung!.among / 2));
    const open = hung!.spans.filter(({ attributes }) => attributes['unfinished'] === true);
    expect(open.map(({ name }) => name)).toContain('back.get');
    for (const { end, attributes } of open) {
      expect(end).toBeCloseTo(30, 9);
      expect(attributes['abandoned']).toBeUndefined();
    }
    const usual = await trace(hanging);
    expect(usual.requests.map(({ why }) => why)).toEqual(['median', 'p99']);
  });

  test('shows requests of one traffic alone where asked to, and knows when there is none', async () => {
    const two = steps.replace('traffic: {', 'traffic: { others: { call: db.get, rate: 5/s },');
    const { requests } = await trace(two, { of: 'others' });
    expect(new Set(requests.map(({ traffic }) => traffic))).toEqual(new Set(['others']));
    await expect(trace(two, { of: 'nobody' })).rejects.toThrow(RangeError);
  });
});
