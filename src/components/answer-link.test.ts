import { describe, expect, it } from 'vitest';
import { loadDesign } from '../design/index.ts';
import { estimate } from '../estimate/index.ts';
import type { Figure, Report } from '../report/index.ts';
import { simulate } from '../simulate/index.ts';
import { estimatedKinds, kinds, simulatedKinds } from './index.ts';
import { planOf } from './plan.fixture.ts';

interface Serving {
  readonly gate?: string;
  readonly kind?: string;
  readonly api?: string;
  readonly rate?: string;
  readonly traffic?: string;
  readonly steps?: string;
  readonly more?: string;
  readonly top?: string;
}

/** JSON of 50 KB behind a proxy; headers are next to nothing, so that figures come out by hand. */
const serving = (the: Serving): string => `
name: serving
network: { latency: 0s }
constants: { size.http.headers: 1B${the.top ?? ''} }
data: { page: { count: 100, size: 50KB } }
traffic: { users: { call: gate.get, rate: ${the.rate ?? '100/s'}, key: page } ${the.traffic ?? ''} }
components:
  gate: { kind: ${the.kind ?? 'gateway'}, to: api ${the.gate ?? ''} }
  api: { kind: service, cores: 8 ${the.api ?? ''}, operations: { get: [ ${the.steps ?? '{ compute: 1ms }, { read: page, from: store }'} ] } }
  store: { kind: database, stores: page, cores: 8 }
${the.more ?? ''}
`;

const length = { seed: 3, time: 200, replications: 4, warmup: 10 };
const run = (design: string, more = {}): Promise<Report> =>
  simulate(planOf(design), simulatedKinds, { ...length, ...more });
const sheet = (design: string): Report => estimate(planOf(design), estimatedKinds);
const line = (report: Report, name: string): number =>
  report.sheet.find((entry) => entry.name === name)!.figure.value!;
const busy = ({ stations }: Report, station: string): Figure => stations[station]!.utilization;
const latency = ({ operations }: Report): Figure => operations['users']!.latency.mean;
const problems = (design: string): string[] =>
  loadDesign(design, { file: 'test.yaml', kinds: kinds.map((kind) => kind.describe) }).diagnostics.map(
    ({ code, path, message }) => `${code} ${path}: ${message}`,
  );

/** Twice the half-width: many figures are looked at. */
function expectNear(figure: Figure, value: number): void {
  expect(Math.abs(figure.value! - value), `${figure.value} for ${value}`).toBeLessThan(
    figure.high! - figure.low! + 1e-9,
  );
}

const GZIP = ', compress: { ratio: 5, speed: 50MB/s }';

describe('compression and links of answers', () => {
  it('PRX-02 gzip 5:1 on JSON cuts the bytes to users by 80 %, and takes CPU milliseconds', async () => {
    const [plain, packed] = [sheet(serving({})), sheet(serving({ gate: GZIP }))];
    expect(line(packed, 'traffic.users.out') / line(plain, 'traffic.users.out')).toBeCloseTo(0.2, 12);
    // 50 KB at 50 MB/s are 1 ms of a core.
    expect(busy(packed, 'gate.cpu').value).toBeCloseTo(100 * 0.001, 12);
    expect(plain.stations['gate.cpu']).toBeUndefined();
    // One header byte beside 50 KB or 10 KB.
    expect(line(packed, 'cost.egress') / line(plain, 'cost.egress')).toBeCloseTo(10_001 / 50_001, 9);
    expectNear(busy(await run(serving({ gate: GZIP })), 'gate.cpu'), 0.1);
  });

  it('PRX-02a behind a link that is too thin, compressed answers come sooner', async () => {
    const link = ', bandwidth: 50Mbit/s';
    // M/D/1 with processor sharing: S / (1 − ρ); 50 KB at 6.25 MB/s are 8 ms, ρ = 0.8.
    const transfer = (bytes: number, busyFor: number): number => bytes / 6.25e6 / (1 - busyFor);
    const plain = await run(serving({ gate: link }), { time: 500, replications: 10 });
    const packed = await run(serving({ gate: link + GZIP }), { replications: 10 });
    expectNear(busy(plain, 'gate.link'), 0.80002);
    expectNear(busy(packed, 'gate.link'), 0.16002);
    expectNear(latency(plain), 0.001 + transfer(50_001, 0.80002) + STORE);
    expect(latency(packed).high!).toBeLessThan(latency(plain).low! / 5);
    const guess = [sheet(serving({ gate: link })), sheet(serving({ gate: link + GZIP }))] as const;
    expect(latency(guess[0]).value! / (0.001 + transfer(50_001, 0.80002) + STORE)).toBeCloseTo(1, 2);
    expect(latency(guess[1]).value).toBeLessThan(latency(guess[0]).value! / 5);
  });

  it('PRX-02b where the CPU is what is short, they come later', async () => {
    const tight = (gate: string) =>
      serving({ gate: `, cost: 2ms, bandwidth: 10Gbit/s${gate}`, rate: '300/s' });
    const [plain, packed] = [await run(tight('')), await run(tight(GZIP))];
    expectNear(busy(plain, 'gate.cpu'), 0.6);
    expectNear(busy(packed, 'gate.cpu'), 0.9);
    expect(latency(packed).low!).toBeGreaterThan(2 * latency(plain).high!);
    expect(latency(sheet(tight(GZIP))).value).toBeGreaterThan(2 * latency(sheet(tight(''))).value!);
  });

  it('ANS-1 takes ratio and speed from the constants of its algorithm, and the design overrides them', () => {
    const out = (gate: string, top?: string) =>
      5e6 / line(sheet(serving({ gate, ...(top && { top }) })), 'traffic.users.out');
    expect(out(', compress: {}')).toBeCloseTo(3.1, 9);
    expect(out(', compress: { algorithm: brotli }')).toBeCloseTo(3.3, 9);
    expect(out(', compress: {}', ', compress.gzip.ratio: 4')).toBeCloseTo(4, 9);
    const each = busy(sheet(serving({ gate: ', compress: { algorithm: brotli }' })), 'gate.cpu').value!;
    expect(each).toBeCloseTo((100 * 50_000) / 44e6, 9);
  });

  it('ANS-2 what one has compressed, nobody compresses again', async () => {
    const both = serving({ gate: GZIP })
      .replace('call: gate.get', 'call: front.get')
      .concat(
        '  front: { kind: load-balancer, to: gate, cost: 0.1ms, bandwidth: 1Gbit/s, compress: { ratio: 4 } }\n',
      );
    const report = sheet(both);
    expect(line(report, 'traffic.users.out')).toBeCloseTo(1e6, 3);
    expect(busy(report, 'front.cpu').value).toBeCloseTo(0.01, 12);
    expect(busy(report, 'front.link').value).toBeCloseTo((100 * 10_001) / 1.25e8, 12);
    expectNear(busy(await run(both), 'front.link'), (100 * 10_001) / 1.25e8);
    expect(problems(both)).toEqual([
      'idle-knob components.front.compress: what comes to it is compressed already',
    ]);
  });

  it('ANS-2 the estimate says where the cores that compress smooth what comes to the link', () => {
    const told = (gate: string) => sheet(serving({ gate })).notes.join();
    expect(told(`${GZIP}, bandwidth: 1Gbit/s`)).toContain('so that they come more regularly');
    for (const gate of [GZIP, ', bandwidth: 1Gbit/s']) expect(told(gate)).not.toContain('more regularly');
  });

  it('ANS-2 words that cannot be are told once, with their bounds', () => {
    const expected = (gate: string) =>
      loadDesign(serving({ gate }), {
        file: 'd.yaml',
        kinds: kinds.map(({ describe: one }) => one),
      }).diagnostics.map(({ expected, hint }) => [expected, hint ?? null]);
    for (const [zero, hint] of [
      ['0', null],
      ['0Mbit/s', null],
      ['-3Mbit/s', 'it cannot be negative'],
    ])
      expect(expected(`, bandwidth: ${zero}`)[0]).toEqual([
        'a bandwidth above 0B/s and at most 1PB/s, or unlimited',
        hint,
      ]);
    const four = serving({ gate: GZIP }).replace('call: gate.get', 'call: front.get');
    const found = problems(`${four}  front: { kind: load-balancer, layer: 4, to: gate, compress: {} }\n`);
    expect(found.filter((each) => each.includes('front.compress'))).toEqual([
      expect.stringContaining('conflicting-keys'),
    ]);
  });

  it('ANS-3 who calls for an answer unpacks it: what it sends on itself is as large as what it read', () => {
    const nested = serving({ gate: GZIP })
      .replace('call: gate.get', 'call: web.show')
      .concat('  web: { kind: service, bandwidth: 1Gbit/s, operations: { show: [ { call: gate.get } ] } }\n');
    expect(busy(sheet(nested), 'web.link').value).toBeCloseTo((100 * 50_001) / 1.25e8, 12);
    expect(line(sheet(nested), 'traffic.users.out')).toBeCloseTo(5e6, 3);
  });

  it('ANS-4 copies are kept as they came: who compresses behind them does so for what they miss', async () => {
    const edge = serving({ gate: GZIP })
      .replace('call: gate.get', 'call: edge.get')
      .concat('  edge: { kind: cdn, to: gate, holds: page, pops: 1, items: 50, bandwidth: 100Mbit/s }\n');
    const report = await run(edge);
    expectNear(busy(report, 'edge.link'), (100 * 10_001) / 1.25e7);
    const missed = 1 - report.caches['edge']!.hitRatio.value!;
    expect(missed).toBeGreaterThan(0.4);
    expect(busy(report, 'gate.cpu').value! / (0.1 * missed)).toBeCloseTo(1, 1);
    expect(line(sheet(edge), 'traffic.users.out')).toBeCloseTo(1e6, 3);
    expect(busy(sheet(edge), 'edge.link').value).toBeCloseTo((100 * 10_001) / 1.25e7, 12);
  });

  it('ANS-5 a gateway compresses what it answers from its own copies too, each time', async () => {
    const design = serving({ gate: `${GZIP}, holds: page, cache: { items: 100 }` });
    expectNear(busy(await run(design), 'gate.cpu'), 0.1);
    expect(busy(sheet(design), 'gate.cpu').value).toBeCloseTo(0.1, 12);
  });

  it('ANS-6 answers that leave at the same time share the link: n at once take n times as long', async () => {
    const users = (n: number) =>
      serving({ gate: ', bandwidth: 1Mbit/s', steps: '{ read: page, from: store }' }).replace(
        'rate: 100/s',
        `users: ${n}`,
      );
    for (const n of [1, 2, 5]) {
      const report = await run(users(n), { time: 400 });
      // 50,001 B at 125 kB/s; users who do not think keep it busy, so each has a part of it all the time.
      expect(latency(report).value! / ((n * 50_001) / 125_000)).toBeCloseTo(1, 2);
      expect(report.operations['users']!.throughput.value! / (125_000 / 50_001)).toBeCloseTo(1, 2);
    }
  });

  it('ANS-7 each instance has a link of its own', async () => {
    const design = serving({ api: ', instances: 4, bandwidth: 50Mbit/s' });
    expectNear(busy(await run(design), 'api.link'), 0.2);
    expect(busy(sheet(design), 'api.link').value).toBeCloseTo((25 * 50_001) / 6.25e6, 12);
    const pair = serving({ kind: 'load-balancer', gate: ', pair: active-active, bandwidth: 50Mbit/s' });
    expectNear(busy(await run(pair), 'gate.link'), 0.4);
    expect(busy(sheet(pair), 'gate.link').value).toBeCloseTo((50 * 50_001) / 6.25e6, 12);
  });

  it('ANS-8 a request that fails has no answer to compress or to send', async () => {
    const steps = '{ choose: [ { probability: 50%, do: [ { fail: no } ] } ] }, { read: page, from: store }';
    const report = await run(serving({ gate: `${GZIP}, bandwidth: 50Mbit/s`, steps }));
    expectNear(busy(report, 'gate.cpu'), 0.05);
    expectNear(busy(report, 'gate.link'), 50 * (10_001 / 6.25e6));
  });

  it('ANS-9 sends what the steps bring on average, over routes as over one way', async () => {
    const steps =
      '{ choose: [ { probability: 50%, do: [ { read: page, from: store } ] } ] }, { repeat: 2, do: [ { read: page, from: store } ] }';
    const routed = serving({ steps })
      .replace('to: api ,', 'to: api,')
      .replace('to: api ', 'routes: [ { share: 25%, to: other }, { to: api } ], bandwidth: 1Gbit/s')
      .concat('  other: { kind: service, operations: { get: [ { compute: 1ms } ] } }\n');
    const bytes = 0.75 * 2.5 * 50_000 + 1;
    expect(busy(sheet(routed), 'gate.link').value).toBeCloseTo((100 * bytes) / 1.25e8, 12);
    expectNear(busy(await run(routed), 'gate.link'), (100 * bytes) / 1.25e8);
  });

  it('ANS-9a a read through a cache brings the item, whether it was there or not', async () => {
    const steps = '{ read: page, from: store, through: hot }';
    const cached = `${serving({ gate: ', bandwidth: 100Mbit/s', steps })}  hot: { kind: cache, holds: page, items: 30 }\n`;
    expect(busy(sheet(cached), 'gate.link').value).toBeCloseTo((100 * 50_001) / 1.25e7, 12);
    expectNear(busy(await run(cached), 'gate.link'), (100 * 50_001) / 1.25e7);
  });

  it('ANS-10 users get as many bytes in a simulation as in an estimate', async () => {
    const placed = `regions: { here: {} }${serving({ gate: GZIP })}`;
    const { crossings } = await run(placed, { time: 20 });
    const out = crossings!.find(({ from, scope }) => from === 'gate' && scope === 'users')!;
    expect(out.bytes.value! / out.messages.value!).toBeCloseTo(10_001, 6);
  });

  it('ANS-10a who works on messages answers that it has, and nothing that it read', () => {
    const worked = serving({
      gate: ', bandwidth: 1Gbit/s',
      steps: '{ compute: 1ms }, { publish: jobs }',
      more: '  jobs: { kind: queue, consumer: worker.work, concurrency: 10 }\n  worker: { kind: service, bandwidth: 1Gbit/s, operations: { work: [ { read: page, from: store } ] } }',
    });
    expect(busy(sheet(worked), 'gate.link').value).toBeCloseTo(100 / 1.25e8, 12);
    expect(busy(sheet(worked), 'worker.link').value).toBeCloseTo(100 / 1.25e8, 12);
  });

  it('ANS-5a a CDN compresses each answer in its own time: bytes to users shrink, and nobody waits for another', async () => {
    const gate = ', pops: 2, holds: page, items: 50, bandwidth: 100Mbit/s';
    const at = (more: string, rate = '100/s') => serving({ kind: 'cdn', gate: gate + more, rate });
    expect(line(sheet(at(GZIP)), 'traffic.users.out')).toBeCloseTo(1e6, 3);
    expect(line(sheet(at(GZIP)), 'gate.cost')).toBeLessThan(line(sheet(at('')), 'gate.cost') / 2);
    const [slow, quick] = [await run(at(', compress: { ratio: 5, speed: 5MB/s }')), await run(at(GZIP))];
    // 50 KB at 5 MB/s are 10 ms, at 50 MB/s 1 ms; the same seed hits and misses alike.
    expect(latency(slow).value! - latency(quick).value!).toBeCloseTo(0.009, 3);
    expect(slow.stations['gate.cpu']).toBeUndefined();
    expectNear(busy(slow, 'gate.link'), (50 * 10_001) / 1.25e7);
    const told = latency(sheet(at(', compress: { ratio: 5, speed: 5MB/s }'))).value!;
    expect(told - latency(sheet(at(GZIP))).value!).toBeCloseTo(0.009, 4);
  });

  it('ANS-5b a service compresses on its cores, with its worker: both are had for longer', async () => {
    const design = serving({ api: `, workers: 20${GZIP}`, rate: '400/s' });
    const report = await run(design, { time: 60 });
    // 1 ms of work and 1 ms of compression on 8 cores.
    expectNear(busy(report, 'api.cpu'), 0.1);
    expectNear(busy(report, 'api.workers'), busy(sheet(design), 'api.workers').value!);
    expect(busy(sheet(design), 'api.cpu').value).toBeCloseTo(0.1, 12);
    const spared = serving({ api: ', workers: 20', rate: '400/s' });
    const longer = busy(sheet(design), 'api.workers').value! - busy(sheet(spared), 'api.workers').value!;
    expect(longer).toBeCloseTo((400 * 0.001) / 20, 6);
    expect(line(sheet(design), 'traffic.users.out')).toBeCloseTo(4e6, 3);
    expect(problems(design)).toEqual([]);
    const alone = serving({ api: `, compress: {}`, steps: '{ read: page, from: store }' });
    expect(problems(alone)).toEqual([]);
    expect(problems(serving({ api: GZIP, steps: '{ compute: 1ms }' }))).toContain(
      'idle-knob components.api.compress: no step behind it reads data, so answers bring no bytes to compress',
    );
  });

  it('ANS-11 equal seeds give equal bytes', async () => {
    const design = serving({ gate: `${GZIP}, bandwidth: 50Mbit/s` });
    expect(JSON.stringify(await run(design))).toBe(JSON.stringify(await run(design)));
  });

  it('ANS-12 words without effect are told, and what cannot be', () => {
    const nothing = serving({ gate: GZIP, steps: '{ compute: 1ms }' });
    expect(problems(nothing)).toContain(
      'idle-knob components.gate.compress: no step behind it reads data, so answers bring no bytes to compress',
    );
    const all = serving({ gate: ', compress: { algorithm: gzip, ratio: 5, speed: 50MB/s }' });
    expect(problems(all)).toEqual([
      'idle-knob components.gate.compress.algorithm: `ratio` and `speed` say all there is to it',
    ]);
    expect(problems(serving({ gate: `, cores: 2${GZIP}` }))).toEqual([]);
    const cores = serving({ gate: `, cores: 2${GZIP}`, steps: '{ compute: 1ms }' });
    expect(problems(cores).filter((each) => each.startsWith('idle-knob components.gate.cores'))).toHaveLength(
      1,
    );
    const [worse] = problems(serving({ gate: ', compress: { ratio: 1 }' }));
    expect(worse).toContain('out-of-range components.gate.compress.ratio');
    const [word] = problems(serving({ gate: ', compress: { algorithm: zip }' }));
    expect(word).toContain('unknown-value components.gate.compress.algorithm');
    const [none] = problems(serving({ gate: ', bandwidth: 0Mbit/s' }));
    expect(none).toContain('out-of-range components.gate.bandwidth');
    const [blind] = problems(serving({ kind: 'load-balancer', gate: `, layer: 4${GZIP}` }));
    expect(blind).toContain('conflicting-keys components.gate.compress');
  });
});

/** CPU seconds of a read in the database, from the constants. */
const STORE = 1 / 60_000;
