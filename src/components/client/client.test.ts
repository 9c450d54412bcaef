import { describe, expect, it } from 'vitest';
import { loadDesign } from '../../design/index.ts';
import { estimate } from '../../estimate/index.ts';
import type { Figure, Report } from '../../report/index.ts';
import { simulate } from '../../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from '../index.ts';
import { planOf } from '../plan.fixture.ts';

/** Users before a server that always has room. */
const asking = (phones: string, more = '', rate = '100/s'): string => `
name: asking
traffic: { people: { call: phones.view, rate: ${rate}${more} } }
components:
  phones: { kind: client, to: api, ${phones} }
  api: { kind: service, cores: 800, operations: { view: [ { compute: 10ms } ] } }
`;

const run = (design: string, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { seed: 3, time: 100, replications: 4, warmup: 5, ...more });
const sheet = (design: string): Report => estimate(planOf(design), estimatedKinds);
const mean = ({ operations }: Report): Figure => operations['people']!.latency.mean;
const opened = ({ connections }: Report): Figure => connections!['phones']!.opened;
const resumed = ({ connections }: Report): Figure => connections!['phones']!.resumed;
const problems = (design: string) =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map(({ describe: one }) => one) }).diagnostics.map(
    ({ code, path }) => `${code} ${path}`,
  );

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

describe('the way to the system', () => {
  it('CLI-1 takes the latency of the users there and back, and no network of the system', async () => {
    const design = asking('latency: exponential(30ms)');
    expectNear(mean(await run(design)), 0.07);
    expect(mean(sheet(design)).value).toBeCloseTo(0.07, 9);
    const none = asking('timeout: 1s');
    expectNear(mean(await run(none)), 0.01);
    expect(mean(sheet(none)).value).toBeCloseTo(0.01, 9);
  });

  it('CLI-2 goes between regions where the users are in another one, and answers go out to them', async () => {
    const design = `
name: far
regions: { eu: { zones: [ eu-a, eu-b ], latency: { us: 40ms } }, us: {} }
traffic: { people: { call: phones.view, rate: 100/s } }
components:
  phones: { kind: client, to: api, region: us, latency: 5ms }
  api: { kind: service, region: eu, instances: 2, cores: 100, operations: { view: [ { compute: 10ms } ] } }
scenarios:
  gone: { lasts: 20s, faults: [ { at: 5s, outage: us } ] }
`;
    const report = await run(design);
    expectNear(mean(report), 0.1);
    expect(mean(sheet(design)).value).toBeCloseTo(0.1, 9);
    expect(report.crossings!.map(({ from, to, scope }) => `${from} ${to} ${scope}`)).toEqual([
      'api users users',
    ]);
    expectNear(report.crossings![0]!.messages, report.operations['people']!.throughput.value!);
    // Where users are, nothing of the system stands.
    const gone = await run(design, { scenario: 'gone', time: undefined, warmup: undefined });
    expect(gone.operations['people']!.success.value).toBe(1);
  });

  it('CLI-3 is cut for them', async () => {
    const design = `${asking('timeout: 200ms')}
scenarios:
  cut: { lasts: 20s, faults: [ { at: 5s, cut: phones, from: api, for: 10s } ] }
`;
    const { operations } = await run(design, { scenario: 'cut', time: undefined, warmup: undefined });
    const { value, low, high } = operations['people']!.success;
    expect(Math.abs(value! - 0.5)).toBeLessThan(high! - low! + 0.01);
  });
});

describe('connections', () => {
  /** One request in so many seconds by each user. */
  const every = (seconds: number, connections: string, latency = '20ms'): string =>
    asking(`users: ${100 * seconds}, latency: ${latency}, connections: { ${connections} }`);

  it.each([
    [10, 10, 1000],
    [10, 30, 3],
    [50, 5, 1000],
  ])(
    'CLI-4 one request in %d s, kept for %d s, at most %d: new ones as by the sum',
    async (gap, keep, most) => {
      const design = every(gap, `keep: ${keep}s, requests: ${most}`);
      const stays = 1 - Math.exp(-keep / gap);
      const expected = (1 - stays) / (1 - stays ** most);
      // Whether a connection is there is known from the first second on, without a warm-up.
      const report = await run(design, { warmup: 0, time: 50 });
      expectNear(opened(report), expected);
      expect(opened(sheet(design)).value).toBeCloseTo(expected, 9);
      // A new one takes a round trip for TCP and one for TLS 1.3.
      expectNear(mean(report), 0.05 + 2 * 0.04 * opened(report).value!);
      expect(mean(sheet(design)).value).toBeCloseTo(0.05 + 2 * 0.04 * expected, 6);
    },
  );

  it('CLI-5 of more users than can be followed are there as often', async () => {
    const design = asking('users: 4M, connections: { keep: 1s }, latency: 1ms', '', '4k/s');
    expectNear(opened(await run(design, { time: 5, warmup: 0 })), Math.exp(-1 / 1000));
    const often = asking('users: 4M, connections: { keep: 20min }, latency: 1ms', '', '4k/s');
    expectNear(opened(await run(often, { time: 5, warmup: 0 })), Math.exp(-1.2));
  });

  it.each([
    ['tcp', 1],
    ['tls-1.2', 3],
    ['tls-1.3', 2],
    ['quic', 1],
  ])('CLI-6 %s takes %d round trips', async (over, trips) => {
    const design = every(1000, `keep: 1us, over: ${over}`);
    expectNear(mean(await run(design)), 0.05 + trips * 0.04);
    expect(mean(sheet(design)).value).toBeCloseTo(0.05 + trips * 0.04, 6);
  });

  it.each([
    ['tls-1.2', 2],
    ['tls-1.3', 2],
    ['tls-1.3, early-data: true', 1],
    ['quic, early-data: true', 0],
  ])('CLI-7 %s resumes in %d', async (over, trips) => {
    // So rarely that hardly ever two requests of a user are in progress together.
    const design = every(1000, `keep: 1us, resume: 1000s, over: ${over}`);
    const report = await run(design);
    expectNear(resumed(report), 1 - Math.exp(-1));
    expect(resumed(sheet(design)).value).toBeCloseTo(1 - Math.exp(-1), 5);
    const full = { 'tls-1.2': 3, 'tls-1.3': 2, quic: 1 }[over.split(',')[0]!]!;
    const share = resumed(report).value!;
    expectNear(mean(report), 0.05 + 0.04 * (share * trips + (1 - share) * full));
  });

  it('CLI-8 are what a gateway spends its CPU on', async () => {
    const design = every(10, 'keep: 10s, resume: 20s')
      .replace('to: api,', 'to: gate,')
      .replace(
        '  api:',
        '  gate: { kind: gateway, to: api, cores: 4, tls: { handshake: 10ms, resumed-cost: 5ms } }\n  api:',
      );
    const report = await run(design);
    const [fresh, again] = [opened(report).value!, resumed(report).value!];
    expectNear(report.stations['gate.cpu']!.service, (fresh - again) * 0.01 + again * 0.005);
    const [estimated, simulated] = [sheet(design), report].map(
      (each) => each.stations['gate.cpu']!.utilization,
    );
    expectNear(simulated!, estimated!.value!);
    expect(problems(design.replace('tls: {', 'tls: { requests-per-connection: 7,'))).toEqual([
      'idle-knob components.gate.tls.requests-per-connection',
    ]);
  });

  it('CLI-9 stay with the user who tries again, and through what is cancelled', async () => {
    // Four of five answers are late, and the next attempt goes over the same connection.
    const late = (more: string) =>
      every(1000, 'keep: 60s', '1ms')
        .replace('view: [ { compute: 10ms } ]', 'view: [ { compute: exponential(200ms) } ]')
        .replace('latency:', `timeout: 45ms, retry: { attempts: 50, backoff: none }, ${more} latency:`);
    for (const more of ['', 'cancel: true,']) {
      const report = await run(late(more));
      const { attempts, offered } = report.operations['people']!;
      const [asked, share] = [attempts / offered, opened(report)];
      expect(asked).toBeGreaterThan(3);
      // The first attempt finds none, unless the user was there within a minute, or is there at the moment.
      expectNear(share, Math.exp(-60.2 / 1000) / asked);
    }
  });
});

describe('habits', () => {
  it('CLI-10 a timeout of users is theirs, and retries count as attempts', async () => {
    const design = asking('timeout: 20ms, retry: { attempts: 3, backoff: none }').replace(
      '10ms }',
      'exponential(10ms) }',
    );
    const report = await run(design);
    const fails = Math.exp(-2);
    expectNear(report.operations['people']!.success, 1 - fails ** 3);
    expect(report.operations['people']!.attempts / report.operations['people']!.offered).toBeCloseTo(
      1 + fails + fails ** 2,
      1,
    );
    expect(sheet(design).operations['people']!.success.value).toBeCloseTo(1 - fails ** 3, 4);
  });

  it('CLI-11 users cost the system nothing, and its availability is that of what they ask', () => {
    const { sheet: lines } = sheet(asking('latency: 1ms'));
    const value = (name: string) => lines.find((each) => each.name === name)?.figure.value;
    expect(value('phones.cost')).toBe(0);
    expect(value('traffic.people.availability')).toBe(
      value('api.availability') ?? value('traffic.people.availability'),
    );
    expect(value('traffic.people.availability')).toBeGreaterThan(0.9);
  });
});

describe('laws', () => {
  it('CLI-12 equal seeds give equal bytes', async () => {
    const design = asking(
      'users: 1k, latency: exponential(20ms), connections: { keep: 5s, requests: 3 }, timeout: 50ms',
    );
    const [once, twice] = [await run(design), await run(design)];
    expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
    for (const { offered, served, failed, inFlight } of Object.values(once.operations)) {
      expect(served + inFlight + Object.values(failed).reduce((sum, n) => sum + n, 0)).toBe(offered);
    }
  });

  it('CLI-13 what makes no sense is said', () => {
    expect(problems(asking('connections: { keep: 5s }'))).toEqual([
      'missing-key components.phones.connections',
    ]);
    expect(problems(asking('users: 10'))).toEqual(['idle-knob components.phones.users']);
    expect(problems(asking('users: 10, latency: 5ms, connections: { over: tcp, resume: 1h }'))).toEqual([
      'idle-knob components.phones.connections.resume',
    ]);
    expect(
      problems(
        asking('users: 10, latency: 5ms, connections: { over: tls-1.2, resume: 1h, early-data: true }'),
      ),
    ).toEqual(['idle-knob components.phones.connections.early-data']);
    expect(problems(asking('users: 10, latency: 5ms, connections: { early-data: true }'))).toEqual([
      'idle-knob components.phones.connections.early-data',
    ]);
    // A round trip that takes no time is as long by any of them, unless a fault makes it longer.
    const near = asking('users: 10, connections: { over: quic, resume: 1h, early-data: true }');
    expect(problems(near)).toEqual([
      'idle-knob components.phones.connections.over',
      'idle-knob components.phones.connections.early-data',
    ]);
    const late = 'scenarios: { it: { faults: [ { at: 5s, link: phones, to: api, delay: 9ms, for: 5s } ] } }';
    expect(problems(near + late)).toEqual([]);
    expect(problems(asking('fails: { mtbf: 30 day }'))).toEqual(['conflicting-keys components.phones.fails']);
    expect(problems(asking('cancel: true'))).toEqual(['idle-knob components.phones.cancel']);
    expect(problems(asking('retry: { attempts: 2, base: 20s }'))).toEqual([
      'out-of-range components.phones.retry.base',
    ]);
    expect(problems(asking('retry: { attempts: 2, backoff: none, base: 1s }'))).toEqual([
      'idle-knob components.phones.retry.base',
    ]);
    expect(problems(`${asking('latency: 1ms')}network: { latency: 1ms }\n`)).toEqual([
      'idle-knob network.latency',
    ]);
    const hurt = `${asking('latency: 1ms')}scenarios: { it: { faults: [ { at: 1s, crash: phones } ] } }\n`;
    expect(problems(hurt)).toEqual(['wrong-kind-for-role scenarios.it.faults[0].crash']);
    const called = asking('latency: 1ms').replace(
      'cores: 800,',
      'operations: { more: [ { call: phones.view } ], view: [ { compute: 1ms } ] } }\n  other: { kind: service,',
    );
    expect(problems(called)).toContain('wrong-kind-for-role components.api.operations.more[0].call');
    const placed = `${asking('latency: 1ms, zone: a', ', from: r')}regions: { r: { zones: [ a ] } }\n`;
    expect(problems(placed).sort()).toEqual([
      'conflicting-keys components.phones.zone',
      'conflicting-keys traffic.people.from',
    ]);
  });
});
