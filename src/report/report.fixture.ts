import type { Figure, OperationReport, Report, SheetEntry, StationReport } from './report.ts';

/** Hand-made reports for the tests of the faces. */

export function figure(value: number | null, half: number | null, unit: Figure['unit']): Figure {
  if (value === null || half === null) return { value, low: null, high: null, unit };
  return { value, low: value - half, high: value + half, unit };
}

export const UNKNOWN_TIME: Figure = { value: null, low: null, high: null, unit: 's' };

/** Counts of a lognormal-like latency around `median` seconds. */
export function bellHistogram(median: number, spread: number, total: number): [number, number][] {
  const bins: [number, number][] = [];
  for (let step = -300; step <= 300; step++) {
    const z = step / 100;
    const count = Math.round((total / 100 / Math.sqrt(2 * Math.PI)) * Math.exp((-z * z) / 2));
    if (count > 0) bins.push([median * Math.exp(z * spread), count]);
  }
  return bins;
}

export function operation(part: Partial<OperationReport> = {}): OperationReport {
  return {
    offered: 1_204_331,
    served: 1_204_200,
    failed: { 'links.connections full': 21, timeout: 100 },
    inFlight: 10,
    attempts: 0,
    late: 0,
    throughput: figure(115_741, 160, '1/s'),
    success: figure(0.99989, 0.00002, '1'),
    latency: {
      mean: figure(0.001342, 0.000021, 's'),
      p50: figure(0.00118, 0.000011, 's'),
      p95: figure(0.00261, 0.00004, 's'),
      p99: figure(0.003784, 0.00031, 's'),
      p999: { value: 0.0055, low: 0.0051, high: 0.0072, unit: 's' },
    },
    histogram: bellHistogram(0.00118, 0.5, 1_204_200),
    ...part,
  };
}

export function station(utilization: number, part: Partial<StationReport> = {}): StationReport {
  return {
    servers: 48,
    utilization: figure(utilization, 0.004, '1'),
    queueLength: figure(0.112, 0.0091, '1'),
    waiting: figure(0.0000153, 0.0000012, 's'),
    waitingP99: figure(0.00021, 0.000012, 's'),
    delayed: figure(0.062, 0.003, '1'),
    arrivals: figure(7322, 14, '1/s'),
    service: figure(0.00421, 0.00002, 's'),
    wasted: figure(0, 0, '1'),
    ...part,
  };
}

/** A healthy system with two traffics, a cache and more stations than are shown. */
export function healthyReport(part: Partial<Report> = {}): Report {
  const stations: Record<string, StationReport> = {
    'edge.cpu': station(0.12, { servers: 4 }),
    'api.cpu': station(0.58),
    'hot-links.node': station(0.31, { servers: 1 }),
    'links.connections': station(0.74, { servers: 100 }),
    'links.cpu': station(0.93, { servers: 16 }),
    'links.disk': station(0.02, { servers: null }),
  };
  for (let shard = 1; shard <= 7; shard++) stations[`shard-${shard}.cpu`] = station(0.4 + shard / 100);
  return {
    schema: 'tenfold/report@1',
    kind: 'simulation',
    design: 'url-shortener',
    seed: 1,
    version: '0.1.0',
    command: 'tenfold simulate url-shortener --seed 1',
    converged: true,
    stable: true,
    simulatedSeconds: 80,
    replications: 8,
    warmupSeconds: 1.25,
    wallSeconds: null,
    events: 31_204_112,
    operations: {
      visitors: operation(),
      authors: operation({
        offered: 122,
        served: 122,
        failed: {},
        inFlight: 0,
        attempts: 0,
        late: 0,
        throughput: figure(11.57, 0.9, '1/s'),
        success: { value: 1, low: 0.9702, high: 1, unit: '1' },
        histogram: bellHistogram(0.0061, 0.8, 1220),
      }),
    },
    stations,
    caches: { 'hot-links': { hitRatio: figure(0.8812, 0.0011, '1') } },
    goals: [
      { goal: 'visitors.p99 ≤ 50ms', met: true, value: figure(0.003784, 0.00031, 's'), target: 0.05 },
      { goal: 'visitors.success ≥ 99.95%', met: true, value: figure(0.99989, 0.00002, '1'), target: 0.9995 },
      { goal: 'authors.p99 ≤ 20ms', met: 'unknown', value: figure(0.0194, 0.0021, 's'), target: 0.02 },
      { goal: 'authors.p999 ≤ 10ms', met: false, value: figure(0.0313, 0.0041, 's'), target: 0.01 },
    ],
    scenario: null,
    sheet: [],
    notes: [
      'hot-links holds 26.6M of 100M links: its hit ratio comes from the reduction to 1 in 64 keys that docs/reference/caches.md describes, and lies within 0.5 percentage points of the exact one.',
      'authors: too few requests for p99.9.',
    ],
    ...part,
  };
}

/** A single server that is asked for 1.25 times what it can do. */
export function overloadedReport(): Report {
  const unknown = figure(null, null, 's');
  return healthyReport({
    design: 'mm1',
    command: 'tenfold simulate mm1.yaml --seed 1',
    stable: false,
    converged: false,
    operations: {
      users: operation({
        failed: {},
        success: figure(1, 0, '1'),
        throughput: figure(100.1, 0.4, '1/s'),
        latency: { mean: unknown, p50: unknown, p95: unknown, p99: unknown, p999: unknown },
        inFlight: 25_044,
        attempts: 0,
        late: 0,
        histogram: [],
      }),
    },
    stations: {
      'server.cpu': station(1, {
        servers: 1,
        utilization: figure(1, 0, '1'),
        queueLength: figure(null, null, '1'),
        waiting: unknown,
        waitingP99: unknown,
        delayed: figure(1, 0, '1'),
        arrivals: figure(125.3, 0.5, '1/s'),
        service: figure(0.01, 0.00004, 's'),
      }),
    },
    caches: {},
    goals: [{ goal: 'users.p99 ≤ 200ms', met: false, value: unknown, target: 0.2 }],
    notes: [],
  });
}

const range = (value: number, low: number, high: number, unit: Figure['unit']): Figure => ({
  value,
  low,
  high,
  unit,
});

const exact = (value: number, unit: Figure['unit']): Figure => range(value, value, value, unit);

const SHEET: readonly SheetEntry[] = [
  {
    name: 'traffic.visitors.rate',
    label: 'requests, mean',
    figure: exact(115_740.7, '1/s'),
    formula: 'requests per day ÷ 86,400 s',
    working: '10,000,000,000 ÷ 86,400 = 115,741/s',
    source: 'the design',
  },
  {
    name: 'traffic.visitors.peak',
    label: 'requests, peak',
    figure: exact(231_481.5, '1/s'),
    formula: 'mean × peak',
    working: '115,741/s × 2',
    source: 'the design',
  },
  {
    name: 'links.storage',
    label: 'storage after 5 years',
    figure: range(9.6e11, 6e11, 1.5e12, 'B'),
    formula: '(count + growth × keep) × size',
    working: '(100,000,000 + 11.6/s × 157,680,000 s) × 500 B',
    source: 'the design',
  },
  {
    name: 'links.cpu.utilization',
    label: 'busy share of the CPU',
    figure: range(0.43, 0.38, 0.5, '1'),
    formula: 'λ × S ÷ c',
    working: '13,800/s × 0.5 ms ÷ 16',
    source: 'the utilisation law, Lazowska et al. 1984, chapter 3',
  },
  {
    name: 'links.cost',
    label: 'cost',
    figure: range(0.0003, 0.0002, 0.0005, '$/s'),
    formula: 'machines × price',
    working: '1 × $0.0003/s',
    source: 'constant db.price of cloud-2026',
  },
];

/** The estimate of the healthy system. */
export function estimateReport(part: Partial<Report> = {}): Report {
  const simulated = healthyReport();
  const latency = {
    mean: exact(0.00135, 's'),
    p50: exact(0.00117, 's'),
    p95: exact(0.0033, 's'),
    p99: UNKNOWN_TIME,
    p999: UNKNOWN_TIME,
  };
  return healthyReport({
    kind: 'estimate',
    seed: null,
    command: 'tenfold estimate url-shortener',
    simulatedSeconds: 0,
    replications: 0,
    warmupSeconds: 0,
    events: 0,
    operations: {
      visitors: {
        ...simulated.operations['visitors']!,
        offered: 0,
        served: 0,
        failed: {},
        inFlight: 0,
        attempts: 0,
        late: 0,
        throughput: exact(115_740.7, '1/s'),
        success: exact(0.99995, '1'),
        latency,
        histogram: [],
      },
    },
    stations: {
      'links.cpu': station(0.91, { utilization: range(0.91, 0.8, 1, '1') }),
      'api.cpu': station(0.5),
    },
    caches: { 'hot-links': { hitRatio: exact(0.884, '1') } },
    goals: [{ goal: 'visitors.p99 ≤ 50ms', met: 'unknown', value: UNKNOWN_TIME, target: 0.05 }],
    sheet: SHEET,
    notes: [],
    ...part,
  });
}

/** A run under a scenario that not all replications came back from. */
export function scenarioReport(part: Partial<Report> = {}): Report {
  const flat = (value: number, unit: Figure['unit']) => ({
    unit,
    value: [value, value, null],
    low: [value * 0.9, value * 0.9, null],
    high: [value * 1.1, value * 1.1, null],
  });
  return healthyReport({
    command: 'tenfold simulate url-shortener --scenario cache-loss --seed 1',
    scenario: {
      name: 'cache-loss',
      summary: 'the cache restarts empty',
      seconds: 180,
      window: 60,
      changes: [
        { at: 60, until: null, what: 'hot-links flushed' },
        { at: 60, until: 90, what: '1 of api down' },
      ],
      traffic: {
        visitors: {
          offered: flat(115_000, '1/s'),
          goodput: flat(90_000, '1/s'),
          failures: { timeout: flat(25_000, '1/s') },
          p50: flat(0.002, 's'),
          p95: flat(0.02, 's'),
          p99: flat(0.09, 's'),
        },
      },
      stations: { 'links.cpu': { utilization: flat(0.9, '1'), queueLength: flat(3, '1') } },
      breakers: { 'api.redirect 3 breaker to links.read': flat(0.25, '1') },
      instances: { api: flat(5, '1') },
      stale: { 'hot-links': flat(0.4, '1') },
      health: { 'edge balancing': flat(0.9, '1') },
      recoveryLoad: { value: 0.52, low: 0.515, high: 0.525, unit: '1' },
      outcomes: {
        visitors: {
          successBelow: 0.95,
          p99Above: 0.15,
          harmed: figure(1, 0, '1'),
          recovered: { value: 0.65, low: 0.43, high: 0.82, unit: '1' },
          detection: figure(60, 0, 's'),
          recovery: figure(30, 5, 's'),
          lost: figure(1_500_000, 20_000, '1'),
        },
      },
    },
    ...part,
  });
}
