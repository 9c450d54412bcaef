import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import type { SeriesReport } from '../../report/scenario-report.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

/** Two places under one name. */
const naming = (dns: string, rate = '1k/s', more = ''): string => `
name: naming
network: { latency: 0s }
traffic: { visitors: { call: www.get, rate: ${rate}, timeout: 1s } }
components:
  www: { kind: dns, to: [ east, west ], ${dns} }
  east: { kind: load-balancer, to: here }
  west: { kind: load-balancer, to: there }
  here: { kind: service, cores: 100, operations: { get: [ { compute: 1ms } ] } }
  there: { kind: service, cores: 100, operations: { get: [ { compute: 1ms } ] } }
${more}
`;

const run = (design: string, time: number, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 5, time, replications: 8, warmup: 0, ...more });
const sheet = (design: string): Report => estimate(planOf(design), estimatedKinds);
const arrivals = ({ stations }: Report, at: string): Figure => stations[`${at}.cpu`]!.arrivals;
/** Share of the requests that go to the second place. */
const west = (report: Report): number =>
  arrivals(report, 'there').value! / (arrivals(report, 'here').value! + arrivals(report, 'there').value!);
const problems = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) }).diagnostics.map(
    ({ code, path }) => `${code} ${path.split('.').at(-1)}`,
  );

/** Share of the requests that fail, by second from the beginning of a scenario in which the first place dies. */
async function failing(
  dns: string,
  lasts: number,
  fault = 'crash: east',
): Promise<(from: number, to: number) => number> {
  const scenario = `scenarios:\n  it: { lasts: ${lasts}s, faults: [ { at: 0s, ${fault} } ] }`;
  const report = await run(naming(dns, '2k/s', scenario), lasts, {
    scenario: 'it',
    replications: 6,
    warmup: undefined,
  });
  const { window, traffic } = report.scenario!;
  const { failures, offered } = traffic['visitors']!;
  return (from, to) => {
    const span = ({ value }: SeriesReport): number =>
      value.slice(Math.round(from / window), Math.round(to / window)).reduce<number>((sum, v) => sum + v!, 0);
    return Object.values(failures).reduce((sum, one) => sum + span(one), 0) / span(offered);
  };
}

describe('answers', () => {
  it('DNS-04 by weight: 90/10 within 1 % over 10⁵ fresh lookups, in the estimate as well', async () => {
    const design = naming('routing: weighted, weights: [9, 1], ttl: 1ms, resolvers: 1000', '1k/s');
    const report = await run(design, 100, { replications: 2 });
    expect(Math.abs(west(report) - 0.1)).toBeLessThan(0.01);
    expect(west(sheet(design))).toBeCloseTo(0.1, 9);
  });

  it('DNS-02 in turn: many resolvers share evenly, few that remember do not', async () => {
    expect(Math.abs(west(await run(naming('ttl: 1ms'), 20)) - 0.5)).toBeLessThan(0.01);
    const spread = async (resolvers: number) => {
      const apart = await Promise.all(
        [1, 2, 3, 4].map((seed) =>
          run(naming(`routing: weighted, ttl: 1h, resolvers: ${resolvers}`), 2, { seed, replications: 2 }),
        ),
      );
      return Math.max(...apart.map((report) => Math.abs(west(report) - 0.5)));
    };
    expect(await spread(3)).toBeGreaterThan(0.1);
    expect(await spread(10_000)).toBeLessThan(0.02);
  });

  it('DNS-A1 by order: all go to the first while it is well', async () => {
    expect(west(await run(naming('routing: failover'), 5))).toBe(0);
    expect(west(sheet(naming('routing: failover')))).toBe(0);
  });

  it('DNS-01 a cold lookup takes its time, a remembered one takes none', async () => {
    const mean = async (ttl: string) =>
      (await run(naming(`ttl: ${ttl}, resolvers: 1, lookup-time: 50ms`, '10/s'), 400)).operations['visitors']!
        .latency;
    // At λ = 10/s a lookup, those who come while it is on its way (half of it each) and ten remembered in T = 1 s.
    const { value, low, high } = (await mean('1s')).mean;
    const waited = (0.05 + 10 * 0.05 * 0.025) / (1 + 10 * 1.05);
    expect(Math.abs(value! - 0.001 - waited)).toBeLessThan(high! - low!);
    expect((await mean('1h')).mean.high!).toBeLessThan(0.0015);
  });
});

describe('fail-over', () => {
  it('DNS-06 strands a share that falls to nothing in a straight line over the time to live', async () => {
    const lost = await failing('routing: failover, ttl: 60s, check: { every: 100ms, fall: 1 }', 90);
    for (const t of [5, 15, 25, 35, 45, 55]) {
      expect(Math.abs(lost(t - 2, t + 2) - (1 - t / 60)), `at ${t} s`).toBeLessThan(0.04);
    }
    expect(lost(65, 90)).toBe(0);
    // Half the time to live on average, for a steady population.
    expect(Math.abs(lost(0, 90) * 90 - 30)).toBeLessThan(1.5);
  });

  it('DNS-B1 begins when so many probes in a row were bad', async () => {
    const lost = await failing('routing: failover, ttl: 10s, check: { every: 10s, fall: 3 }', 60);
    // Noticed after 20 to 30 s, and then stranded for up to 10 s more.
    expect(lost(0, 20)).toBeGreaterThan(0.999);
    expect(lost(45, 60)).toBe(0);
    const unwatched = await failing('routing: failover, ttl: 10s', 60);
    expect(unwatched(50, 60)).toBeGreaterThan(0.999);
  });

  it('DNS-07 a shorter time to live strands fewer, in proportion', async () => {
    const check = 'routing: failover, resolvers: 100, check: { every: 10ms, fall: 1 }';
    const stranded = async (ttl: number) => (await failing(`${check}, ttl: ${ttl}s`, 150))(0, 150) * 150;
    const [long, short] = [await stranded(120), await stranded(2)];
    expect(long / short).toBeGreaterThan(45);
    expect(long / short).toBeLessThan(75);
  });

  it('DNS-B2 leaves those behind who keep answers for too long', async () => {
    const lost = await failing(
      'routing: failover, ttl: 10s, stale: 20%, check: { every: 100ms, fall: 1 }',
      120,
    );
    // A fifth of the clients keep theirs for 100 s.
    expect(Math.abs(lost(28, 32) - 0.2 * 0.7)).toBeLessThan(0.02);
    expect(lost(105, 120)).toBe(0);
  });

  it('DNS-B3 of answers in turn, half of them, and back when the place is', async () => {
    const lost = await failing(
      'ttl: 5s, check: { every: 100ms, fall: 2, rise: 2 }',
      60,
      'crash: east, for: 30s',
    );
    expect(Math.abs(lost(0, 1) - 0.5)).toBeLessThan(0.1);
    expect(lost(10, 60)).toBe(0);
  });

  it('DNS-08 tiers: an instance lost is its share of its balancer, a balancer that of the name', async () => {
    const tiers = (fault: string) => `
name: tiers
network: { latency: 0s }
traffic: { visitors: { call: www.get, rate: 2k/s, timeout: 1s } }
components:
  www: { kind: dns, to: [ east, west ], ttl: 1ms }
  east: { kind: load-balancer, to: here }
  west: { kind: gateway, to: there }
  here: { kind: service, instances: 4, cores: 100, operations: { get: [ { compute: 1ms } ] } }
  there: { kind: service, instances: 4, cores: 100, operations: { get: [ { compute: 1ms } ] } }
scenarios:
  it: { lasts: 10s, faults: [ { at: 0s, ${fault} } ] }
`;
    const lost = async (fault: string) => {
      const report = await run(tiers(fault), 10, { scenario: 'it', replications: 2, warmup: undefined });
      return 1 - report.operations['visitors']!.success.value!;
    };
    // Of 40,000 requests: three standard deviations of a share of 1/8 are 0.005, of a half 0.0075.
    expect(Math.abs((await lost('crash: here, instances: 1')) - 1 / 8)).toBeLessThan(0.005);
    expect(Math.abs((await lost('crash: there, instances: 2')) - 1 / 4)).toBeLessThan(0.0065);
    expect(Math.abs((await lost('crash: east')) - 1 / 2)).toBeLessThan(0.0075);
    // Each of the thousand resolvers is asked four times a second, and remembers for a millisecond.
    expect(await lost('crash: www')).toBeGreaterThan(0.98);
  });

  it('DNS-B9 dies for those who have to look up: more and more over one time to live, and all after it', async () => {
    // A resolver is asked twice a second: it knows the answer 20 times of 21, of any age.
    const knows = (2 * 10) / (1 + 2 * 10);
    const lost = await failing('ttl: 10s', 14, 'crash: www');
    for (const at of [1, 5, 9]) {
      const share = 1 - knows * (1 - at / 10);
      // Which of 6000 resolvers know, and which of 12,000 requests a second come to them.
      const deviation = Math.sqrt(share * (1 - share) * (1 / 6000 + 1 / 12_000));
      expect(Math.abs(lost(at - 0.5, at + 0.5) - share), `at ${at}`).toBeLessThan(4 * deviation);
    }
    expect(lost(10.5, 13)).toBe(1);
    // One that stands still for as long keeps the same ones waiting.
    const still = await failing('ttl: 10s', 14, 'freeze: www, for: 5s');
    expect(still(0, 4)).toBeGreaterThan(0.1);
    expect(still(7, 13)).toBe(0);
  });

  it('DNS-B5 takes a place back after so many good probes in a row', async () => {
    const back = async (rise: number) => {
      const more = 'scenarios:\n  it: { lasts: 60s, faults: [ { at: 0s, crash: east, for: 10s } ] }';
      const check = `check: { every: 1s, fall: 1, rise: ${rise} }`;
      return west(
        await run(naming(`routing: failover, ttl: 1s, ${check}`, '500/s', more), 60, {
          scenario: 'it',
          warmup: undefined,
        }),
      );
    };
    // Away from the place for ten seconds, and for as many more as there are probes to wait for.
    const [early, late] = [await back(1), await back(20)];
    expect(Math.abs((late - early) * 60 - 19)).toBeLessThan(1.5);
  });

  it('DNS-B6 answers as if all were well where none is', async () => {
    for (const routing of ['failover', 'weighted', 'round-robin']) {
      const more =
        'scenarios:\n  it: { lasts: 40s, faults: [ { at: 0s, crash: east }, { at: 0s, crash: west, for: 20s } ] }';
      const design = naming(
        `routing: ${routing}, ttl: 1s, check: { every: 1s, fall: 1, rise: 1 }`,
        '500/s',
        more,
      );
      const report = await run(design, 40, { scenario: 'it', warmup: undefined });
      const { goodput, offered } = report.scenario!.traffic['visitors']!;
      const mean = ({ value }: SeriesReport, from: number, to: number): number =>
        value.slice(from, to).reduce<number>((sum, each) => sum + each!, 0) / (to - from);
      const { window } = report.scenario!;
      expect(mean(goodput, 5 / window, 18 / window)).toBe(0);
      expect(mean(goodput, 30 / window, 40 / window)).toBeCloseTo(
        mean(offered, 30 / window, 40 / window),
        -1,
      );
    }
  });

  it('DNS-B7 a balancer answers the probes of a service that is dead behind it', async () => {
    const lost = await failing(
      'routing: failover, ttl: 1s, check: { every: 1s, fall: 1 }',
      40,
      'crash: here',
    );
    expect(lost(20, 40)).toBeGreaterThan(0.99);
  });

  it('DNS-B4 of a place that is cut off as well', async () => {
    const lost = await failing(
      'routing: failover, ttl: 5s, check: { every: 100ms, fall: 1 }',
      60,
      'cut: www, from: east',
    );
    expect(lost(40, 60)).toBe(0);
    expect(lost(0, 40)).toBeGreaterThan(0);
  });
});

describe('laws', () => {
  it('DNS-C1 equal seeds give equal bytes', async () => {
    const scenario = 'scenarios:\n  it: { lasts: 20s, faults: [ { at: 5s, crash: east } ] }';
    const design = naming(
      'ttl: 5s, stale: 5%, lookup-time: exponential(20ms), check: { every: 1s }',
      '100/s',
      scenario,
    );
    const once = () => run(design, 20, { scenario: 'it', warmup: undefined });
    expect(JSON.stringify(await once())).toBe(JSON.stringify(await once()));
  });

  it('DNS-C2 bad input is told with its place', () => {
    expect(problems(naming('routing: weighted, weights: [1]'))).toContain('out-of-range weights');
    expect(problems(naming('routing: nearest'))).toEqual(['unknown-value routing']);
    expect(problems(naming('ttl: 1s').replace('[ east, west ]', '[ east, wst ]'))).toEqual([
      'unknown-reference to[1]',
    ]);
    expect(problems(naming('ttl: 1s').replace('[ east, west ]', '[ east, east ]'))).toContain(
      'conflicting-keys to',
    );
    const other = naming('ttl: 1s').replace(
      'there: { kind: service, cores: 100, operations: { get',
      'there: { kind: service, cores: 100, operations: { put',
    );
    expect(problems(other)).toContain('unknown-operation to[1]');
  });

  it('DNS-C3 words without effect are told', () => {
    expect(problems(naming('weights: [1, 2]'))).toEqual(['idle-knob weights']);
    expect(problems(naming('routing: weighted, weights: [2, 2]'))).toEqual(['idle-knob weights']);
    expect(problems(naming('routing: weighted, weights: [1, 2]'))).toEqual([]);
    const alone = naming('routing: failover, stale: 5%, check: { every: 1s }').replace(
      '[ east, west ]',
      'east',
    );
    expect(problems(alone).filter((each) => each.startsWith('idle-knob'))).toEqual([
      'idle-knob routing',
      'idle-knob stale',
      'idle-knob check',
    ]);
  });
});
