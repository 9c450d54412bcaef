import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import type { Measurement } from '../simulate/outcome/measurement.ts';
import { runReplication } from '../simulate/replication.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

/** Readers of posts, of which the first has a third of all reads, through a cache of four nodes. */
const designOf = (
  hot: string,
  { keys = 'zipf(1.2)', count = 1000, instances = 2, faults = '', read = '' } = {},
) => `
name: posts
network: { latency: 0s }
data: { post: { count: ${count}, size: 1KB, popularity: ${keys} } }
traffic: { readers: { call: api.show, rate: 1000/s, key: post } }
components:
  api: { kind: service, instances: ${instances}, balance: round-robin, operations: { show: [ { read: post, from: posts, through: near ${hot} ${read} } ] } }
  near: { kind: cache, holds: post, items: 1000, nodes: 4, time: 1ms, start: cold }
  posts: { kind: database, stores: post, connections: 1000, cores: 1000, read: { cpu: 2ms, disk: 0s } }
scenarios: { it: { lasts: 30s, faults: [ ${faults} ] } }
`;
const hot = (words = '') => `, hot-keys: { threshold: 5%, keep: 1s ${words} }`;
const NAME = 'api.show hot-keys';

const run = (design: string, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 3, time: 30, replications: 4, warmup: 30, ...more });

const once = (design: string, seconds = 30, seed = 1): Measurement => {
  const plan = planOf(design);
  const rates = new Float64Array(plan.operations.length);
  return runReplication(
    { plan, seed, replication: 0, warmup: 30, seconds, windows: 0, rates },
    simulatedKinds,
  );
};

const problems = (design: string) =>
  loadDesign(design, { file: 'posts.yaml', kinds: kinds.map(({ describe: one }) => one) }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

describe('hot keys that a reader keeps', () => {
  it('HOT-1 one key of rate λ at each instance is read once in keep + 1/λ, and is keep/2 old on average', async () => {
    // All reads are of one item; each of two instances has 500 of the 1000 a second.
    const report = await run(designOf(hot(), { count: 1 }).replace('time: 1ms', 'time: 0s'));
    const { hitRatio, age } = report.caches[NAME]!;
    const expected = 500 / 501;
    expect(hitRatio.low!).toBeLessThan(expected);
    expect(hitRatio.high!).toBeGreaterThan(expected);
    expect(Math.abs(age!.value! - 0.5)).toBeLessThan(0.01);
    expect(age!.unit).toBe('s');
  });

  it('HOT-2 relieves the node that owns the hot key, the more the longer it is kept, and what is kept is older', async () => {
    const busiest = (report: Report) => report.stations['near.node']!.busiest!.utilization;
    const without = await run(designOf(''));
    const short = await run(designOf(hot().replace('1s', '100ms')));
    const long = await run(designOf(hot()));
    expect(busiest(short).high!).toBeLessThan(busiest(without).low!);
    expect(long.caches[NAME]!.hitRatio.low!).toBeGreaterThan(short.caches[NAME]!.hitRatio.high!);
    expect(long.caches[NAME]!.age!.low!).toBeGreaterThan(short.caches[NAME]!.age!.high!);
    expect(without.caches[NAME]).toBeUndefined();
    // What is served from memory asks the cache for nothing.
    const { hotItems, caches } = once(designOf(hot()));
    const { reads, served } = hotItems[0]!;
    expect(Math.abs(caches[0]!.lookups - (reads - served))).toBeLessThanOrEqual(2);
  });

  it('HOT-3 keeps what the block finds hot, and nothing else: every knob moves something', () => {
    const share = (words: string, design = designOf(words)) => {
      const { reads, served } = once(design).hotItems[0]!;
      return served / reads;
    };
    const plain = share(hot());
    // Shares of 30 %, 13 %, 8 %, 5.7 %, 4.3 %: more are hot from a lower share on.
    expect(share(hot().replace('5%', '2%'))).toBeGreaterThan(plain + 0.05);
    expect(share(hot().replace('5%', '25%'))).toBeLessThan(plain - 0.1);
    expect(share(hot().replace('5%', '60%'))).toBe(0);
    expect(share(hot().replace('1s', '20ms'))).toBeLessThan(plain);
    // With so few counters no share is certain; with so many reads asked for, or so short a memory, nothing is hot.
    expect(share(hot(', capacity: 2'))).toBeLessThan(plain - 0.1);
    expect(share(hot(', minimum-requests: 100k'))).toBe(0);
    expect(share(hot(', half-life: 1ms'))).toBeLessThan(plain - 0.1);
    expect(share(hot(), designOf(hot(), { keys: 'uniform' }))).toBe(0);
    // Each instance counts and keeps for itself.
    expect(share(hot(), designOf(hot(), { instances: 40 }))).toBeLessThan(plain);
  });

  it('HOT-4 what fails is not kept, and an instance that crashes has lost what it kept', () => {
    const broken = designOf(hot(), { read: ', timeout: 100us', count: 1 });
    expect(once(broken).hotItems[0]!.served).toBe(0);
    const crash = '{ at: 0s, crash: api, instances: 1, for: 10ms }';
    const plan = (faults: string) => {
      const text = designOf(hot().replace('1s', '1h'), { count: 1, faults });
      const { plan: made } = loadDesign(text, { file: 'it.yaml', kinds: kinds.map((k) => k.describe) });
      return { ...made!, scenario: made!.scenarios[0]! };
    };
    const missed = (faults: string) => {
      const made = plan(faults);
      const rates = new Float64Array(made.operations.length);
      const job = { seed: 1, replication: 0, warmup: 30, seconds: 30, windows: 0, rates };
      const { reads, served } = runReplication({ ...job, plan: made }, simulatedKinds).hotItems[0]!;
      return reads - served;
    };
    expect(missed('')).toBe(0);
    // It has to see 1 / threshold reads before anything is hot to it again.
    expect(missed(crash)).toBeGreaterThanOrEqual(1 / 0.05 - 1);
    expect(missed(crash)).toBeLessThan(50);
  });

  it('HOT-5 of a read without a cache as well, and of each step by itself; keys that are new are never hot', () => {
    const direct = designOf(hot()).replace('through: near ,', '');
    expect(once(direct).hotItems[0]!.served).toBeGreaterThan(1000);
    const twice = designOf(hot()).replace(
      'show: [',
      'show: [ { read: post, from: posts, hot-keys: { threshold: 50%, keep: 1s } },',
    );
    const plan = planOf(twice);
    const rates = new Float64Array(plan.operations.length);
    const job = { seed: 1, replication: 0, warmup: 0, seconds: 20, windows: 0, rates, plan };
    const [first, second] = runReplication(job, simulatedKinds).hotItems;
    expect(first!.served).toBe(0);
    expect(second!.served).toBeGreaterThan(1000);
    const fresh = once(designOf(hot()).replace('key: post }', 'key: new post }'));
    expect(fresh.hotItems[0]!).toMatchObject({ served: 0 });
    expect(fresh.hotItems[0]!.reads).toBeGreaterThan(20_000);
  });

  it('HOT-6 of large data those that stand for each other are none, and the hottest is as hot as it is', () => {
    const large = designOf(hot()).replace('count: 1000', 'count: 100M').replace('items: 1000', 'items: 1M');
    const small = designOf(hot());
    const share = (design: string) => {
      const { reads, served } = once(design).hotItems[0]!;
      return served / reads;
    };
    expect(share(large)).toBeGreaterThan(0.1);
    expect(share(large)).toBeLessThan(share(small));
  });

  it('HOT-7 nothing is lost, and the same seed gives the same numbers', () => {
    fc.assert(
      fc.property(
        fc.record({
          threshold: fc.constantFrom('1%', '10%', '50%'),
          keep: fc.constantFrom('1ms', '1s', '1h'),
          read: fc.constantFrom(
            '',
            ', coalesce: cache',
            ', coalesce: instance, timeout: 20ms',
            ', timeout: 5ms, cancel: true, retry: { attempts: 2 }',
            ', missing: { share: 20% }',
          ),
          instances: fc.integer({ min: 1, max: 4 }),
          seed: fc.integer({ min: 0, max: 1000 }),
        }),
        ({ threshold, keep, read, instances, seed }) => {
          const design = designOf(`, hot-keys: { threshold: ${threshold}, keep: ${keep} }`, {
            read,
            instances,
          });
          const measured = once(design, 3, seed);
          for (const { offered, served, failed, inFlight } of measured.traffic)
            expect(served + failed.reduce((sum, count) => sum + count, inFlight)).toBe(offered);
          const { reads, served, ageSum } = measured.hotItems[0]!;
          expect(served).toBeLessThanOrEqual(reads);
          expect(ageSum).toBeGreaterThanOrEqual(0);
          expect(once(design, 3, seed)).toEqual(measured);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('HOT-8 the estimate says that it leaves out what is kept', () => {
    const report = estimate(planOf(designOf(hot())), estimatedKinds);
    expect(report.notes.join()).toContain(
      'Hot keys: what instances keep in their own memory is not estimated.',
    );
    expect(estimate(planOf(designOf('')), estimatedKinds).notes.join()).not.toContain('Hot keys');
  });

  it('HOT-9 says what is idle, and refuses what cannot be', () => {
    const at = 'components.api.operations.show[0].hot-keys';
    const faulty = (words: string) => problems(designOf(`, hot-keys: ${words}`));
    expect(faulty('{ threshold: 0%, keep: 1s }')).toEqual([`out-of-range ${at}.threshold`]);
    expect(faulty('{ threshold: 101%, keep: 0s }')).toEqual([
      `out-of-range ${at}.threshold`,
      `out-of-range ${at}.keep`,
    ]);
    expect(faulty('{ threshold: 5% }')).toEqual([`missing-key ${at}.keep`]);
    expect(faulty('{ treshold: 5%, keep: 1s }')).toContain(`unknown-key ${at}.treshold`);
    expect(faulty('{ threshold: 5%, keep: 1s, capacity: 0, half-life: 0s }')).toEqual([
      `out-of-range ${at}.capacity`,
      `out-of-range ${at}.half-life`,
    ]);
    const all = designOf(hot()).replace('through: near ,', 'key: none,');
    expect(problems(all)).toContain(`idle-knob ${at}`);
    expect(problems(designOf(hot())).filter((each) => each.includes('hot-keys'))).toEqual([]);
  });
});
