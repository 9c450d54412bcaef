import { describe, expect, test } from 'vitest';
import { kindParts } from '../components/index.ts';
import {
  type DesignInput,
  type ExplainReport,
  explain,
  explainToJson,
  loadDesign,
  renderExplain,
} from '../index.ts';
import { renderPage } from '../report/index.ts';

const single = (rate: string) => ({
  name: 'single',
  traffic: { users: { call: 'server.work', rate, timeout: '10s' } },
  components: {
    server: { kind: 'service', cores: 1, operations: { work: [{ compute: 'exponential(10ms)' }] } },
  },
  goals: { users: { p99: '1s' } },
});

/** ρ = 0.5, S = 10 ms: responses are exponential with a mean of S / (1 − ρ). */
const mean = 0.02;
const p99 = mean * Math.log(100);

describe('explain', () => {
  let report: ExplainReport;

  test('EXP-1 parts add up to the whole; whole, queueing and service are those of M/M/1', async () => {
    report = await explain(single('50/s'), { seed: 5 });
    const { mean: all, p50, p99: slow, latency } = report.traffic['users']!;
    for (const view of [all!, p50!, slow!]) {
      const sum = (times: readonly { readonly time: { readonly value: number | null } }[]): number =>
        times.reduce((total, { time }) => total + time.value!, 0);
      expect(sum(view.parts)).toBeCloseTo(view.whole.value!, 12);
      expect(sum(view.kinds)).toBeCloseTo(view.whole.value!, 12);
      expect(view.parts.reduce((total, { share }) => total + share.value!, 0)).toBeCloseTo(1, 12);
    }
    const part = (kind: string) => all!.parts.find((each) => each.kind === kind)!.time;
    for (const kind of ['queueing', 'service']) {
      const half = part(kind).high! - part(kind).value!;
      expect(Math.abs(part(kind).value! - 0.01)).toBeLessThan(2 * half);
    }
    expect(all!.whole.value).toBeCloseTo(latency.mean.value!, 12);
  });

  test('EXP-2 the requests around a quantile are as many as their ranks say, and around it', () => {
    const { served, p50, p99: slow, latency } = report.traffic['users']!;
    expect(p50!.requests).toBeCloseTo(0.02 * served, 6);
    expect(slow!.requests).toBeCloseTo(0.01 * served, 6);
    expect(Math.abs(p50!.whole.value! / latency.p50.value! - 1)).toBeLessThan(0.02);
    expect(Math.abs(slow!.whole.value! / latency.p99.value! - 1)).toBeLessThan(0.05);
    const queueing = slow!.kinds.find(({ kind }) => kind === 'queueing')!;
    expect(queueing.share.value).toBeGreaterThan(0.5);
  });

  test('EXP-3 inputs move the p99 by what the formula says, and to where there is no steady state', async () => {
    const [tornado] = report.sensitivity.tornados;
    const bar = (name: string) => tornado!.bars.find(({ input }) => input === name)!;
    const quantile = (rate: number, work: number): number => (work / (1 - rate * work)) * Math.log(100);
    for (const [name, moved] of [
      ['users.rate', [quantile(40, 0.01), quantile(60, 0.01)]],
      ['server.work[0].compute', [quantile(50, 0.008), quantile(50, 0.012)]],
    ] as const) {
      bar(name).ends.forEach(({ change }, e) => {
        const half = Math.max(change!.high! - change!.value!, change!.value! - change!.low!);
        expect(Math.abs(change!.value! - (moved[e]! - p99))).toBeLessThan(2 * half);
      });
    }
    expect(bar('server.cores').ends.map(({ to }) => to)).toEqual(['2']);
    expect(report.sensitivity.unmoved).toEqual([]);
    expect(report.sensitivity.measureFirst).toBeNull();
    expect(report.sensitivity.tornados).toHaveLength(1);
    const tight = await explain(single('90/s'), { seed: 5 });
    const work = tight.sensitivity.tornados[0]!.bars.find(({ input }) => input === 'server.work[0].compute')!;
    expect(work.rank).toBe(1);
    expect(work.ends.map(({ change }) => change === null)).toEqual([false, true]);
  });

  test('EXP-4 same design, same seed, same bytes; of a plan alone nothing is moved', async () => {
    expect(explainToJson(await explain(single('50/s'), { seed: 5 }))).toBe(explainToJson(report));
    const { plan } = loadDesign(single('50/s'));
    const alone = await explain(plan!, { seed: 5 });
    expect(alone.traffic).toEqual(report.traffic);
    expect(alone.sensitivity.inputs).toBe(0);
  });

  test('EXP-5 where more comes than is served there is nothing to explain, and it says so', async () => {
    const over = await explain(single('130/s'));
    expect(over.stable).toBe(false);
    expect(over.traffic).toEqual({});
    expect(over.sensitivity.tornados).toEqual([]);
    expect(renderExplain(over, { width: 80 })).toContain('more comes than is served');
  });

  test('EXP-6 a constant that the design guesses is worth measuring by how far its range moves the answer', async () => {
    const guessing = {
      name: 'guessing',
      data: { item: { count: '1k', size: '1KB' } },
      traffic: { users: { call: 'api.view', rate: '50/s', key: 'item' } },
      components: {
        api: {
          kind: 'service',
          operations: { view: [{ compute: '100us' }, { read: 'item', from: 'store' }] },
        },
        store: { kind: 'database', stores: 'item' },
      },
    } as const;
    const guessed = await explain(guessing, { seed: 2 });
    const { measureFirst, tornados } = guessed.sensitivity;
    const constants = tornados[0]!.bars.filter(({ what }) => what === 'constant');
    expect(measureFirst!.constant).toBe(constants[0]!.input);
    expect(measureFirst!.source).toMatch(/\d{4}/);
    const set = {
      ...guessing,
      constants: { [measureFirst!.constant]: measureFirst!.from.replace('µ', 'u') },
    };
    const other = await explain(set, { seed: 2 });
    expect(other.sensitivity.measureFirst?.constant).not.toBe(measureFirst!.constant);
  });

  test('EXP-7 a scenario and one traffic of several; what failed has its own blame', async () => {
    const two: DesignInput = {
      name: 'two',
      traffic: {
        users: { call: 'front.view', rate: '60/s', timeout: '200ms' },
        robots: { call: 'front.view', rate: '10/s' },
      },
      components: {
        front: {
          kind: 'service',
          operations: { view: [{ compute: '1ms' }, { call: 'back.get' }] },
        },
        back: { kind: 'service', cores: 2, operations: { get: [{ compute: 'exponential(5ms)' }] } },
      },
      scenarios: {
        gone: { lasts: '20s', faults: [{ at: '5s', crash: 'back', connections: 'hanging', for: '5s' }] },
      },
    };
    const told = await explain(two, { scenario: 'gone', traffic: 'users' });
    expect(Object.keys(told.traffic)).toEqual(['users']);
    const [timeouts] = told.traffic['users']!.failed;
    expect(timeouts!.reason).toBe('timeout');
    expect(timeouts!.view.whole.value).toBeCloseTo(0.2, 6);
    expect(timeouts!.view.parts[0]).toMatchObject({ kind: 'timeout', where: 'users' });
    expect(renderExplain(told, { width: 90 })).toContain('two under gone');
    await expect(explain(two, { scenario: 'storm' })).rejects.toThrow(RangeError);
    await expect(explain(two, { traffic: 'nobody' })).rejects.toThrow('traffic must be one of two');
  });
});

test('EXP-10 a design whose only goals are on messages has a tornado for each of them, on all faces', async () => {
  // M/M/1 of ρ = 0.5 that publishers do not wait for: ages are exponential with a mean of S / (1 − ρ).
  const packing: DesignInput = {
    name: 'packing',
    network: { latency: '0s' },
    traffic: { users: { call: 'web.buy', rate: '50/s' } },
    components: {
      web: { kind: 'service', operations: { buy: [{ publish: 'orders' }] } },
      orders: { kind: 'queue', consumer: 'packer.pack', concurrency: 1 },
      packer: { kind: 'service', operations: { pack: [{ compute: 'exponential(10ms)' }] } },
    },
    goals: { orders: { 'age p99': '1s', lag: 50 } },
  };
  const report = await explain(packing, { seed: 1 });
  const tornado = (figure: string) => report.sensitivity.tornados.find((each) => each.figure === figure)!;
  const age = tornado('orders.age p99');
  const quantile = (rate: number, work: number): number => (work / (1 - rate * work)) * Math.log(100);
  const held = (rate: number, work: number): number => (rate * work) / (1 - rate * work);
  for (const [figure, known] of [
    [age, quantile],
    [tornado('orders.lag'), held],
  ] as const) {
    const bar = figure.bars.find(({ input }) => input === 'packer.pack[0].compute')!;
    bar.ends.forEach(({ change, times }) => {
      const half = Math.max(change!.high! - change!.value!, change!.value! - change!.low!);
      const expected = known(50, 0.01 * times!) - known(50, 0.01);
      expect(Math.abs(change!.value! - expected)).toBeLessThan(2 * half);
      expect(Math.sign(change!.low!)).toBe(Math.sign(change!.high!));
    });
  }
  expect(age.metric).toBe('p99');
  expect(JSON.parse(explainToJson(report)).sensitivity.tornados).toHaveLength(
    report.sensitivity.tornados.length,
  );
  const text = renderExplain(report, { width: 90 });
  expect(text).toMatch(/^What moves orders\.age p99, /m);
  // A number of messages is no share.
  expect(text).toMatch(/^What moves orders\.lag, [01]\.\d+ /m);
  const { plan } = loadDesign(packing);
  const { command, version } = report;
  const known = { plan: plan!, kinds: [...kindParts().described.values()], command, version };
  for (const face of ['html', 'md'] as const) {
    const page = await renderPage({ ...known, explain: report }, face);
    expect(page).toContain('What moves orders.age p99');
    expect(page).toContain('What moves orders.lag');
  }
});

test('EXP-9 a goal on messages is told of: its verdict, how much of their age is waiting, and what is fullest on their way', async () => {
  const report = await explain(
    {
      name: 'packing',
      traffic: { users: { call: 'web.buy', rate: '40/s' } },
      components: {
        web: { kind: 'service', operations: { buy: [{ publish: 'orders' }] } },
        orders: { kind: 'queue', consumer: 'packer.pack', concurrency: 1 },
        packer: { kind: 'service', operations: { pack: [{ compute: '10ms' }] } },
      },
      goals: { orders: { 'age p99': '1s' } },
    },
    { seed: 1 },
  );
  const note = report.notes.find((each) => each.startsWith('Goal orders.age p99'))!;
  expect(note).toMatch(/^Goal orders\.age p99 ≤ 1s: \d.* ms.*, met; a message is .* ms.* old on average/);
  expect(note).toMatch(
    /waits .* of that for a consumer; the fullest on its way is \w+\.\w+, asked for 4\d % /,
  );
});
