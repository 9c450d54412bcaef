import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reportToJson } from './json.ts';
import {
  estimateReport,
  figure,
  healthyReport,
  operation,
  overloadedReport,
  scenarioReport,
  station,
} from './report.fixture.ts';
import { reportSchema } from './schema.ts';

const messages = { value: 100, low: 99, high: 101, unit: '1/s' } as const;
const crossing = {
  from: 'api',
  to: 'users',
  scope: 'users',
  messages,
  bytes: { ...messages, unit: 'B/s' },
} as const;
const sharded = station(0.5, { busiest: { instance: 3, utilization: figure(0.9, 0.01, '1') } });
const withShards = healthyReport({ stations: { 'store.cpu': sharded } });
const queue = {
  published: 12,
  acknowledged: 9,
  dead: 1,
  dropped: { rejected: 1 },
  held: 1,
  repeated: 1,
  arrivals: messages,
  deliveries: messages,
  throughput: messages,
  redelivered: figure(0.1, 0.01, '1'),
  depth: figure(2, 0.1, '1'),
  growth: messages,
  age: operation().latency,
  hottest: { partition: 3, share: figure(0.2, 0.01, '1') },
} as const;
const once = {
  done: 10,
  repeated: 1,
  skipped: 2,
  inProgress: 1,
  full: 0,
  duplicates: figure(0.1, 0.01, '1'),
} as const;
const reports = {
  healthy: healthyReport(),
  overloaded: overloadedReport(),
  estimate: estimateReport(),
  scenario: scenarioReport(),
  placed: healthyReport({ crossings: [crossing] }),
  connected: healthyReport({
    connections: { phones: { opened: crossing.messages, resumed: crossing.messages } },
  }),
  queued: healthyReport({ queues: { jobs: queue }, once: { 'pay.charge': once } }),
  killed: healthyReport({ kills: { shop: { times: 3, rate: crossing.messages } } }),
  replicated: healthyReport({
    replication: {
      store: { pinned: once.duplicates, applied: 100, lag: operation().latency, promotions: 1, lost: 3 },
    },
    staleness: {
      store: {
        reads: 100,
        stale: once.duplicates,
        age: operation().latency,
        versions: figure(1.5, 0.1, '1'),
      },
    },
  }),
};

describe.each(Object.entries(reports))('the JSON of the %s report', (_, report) => {
  const text = reportToJson(report);

  test('is accepted by the schema, which lets no other field pass', () => {
    expect(reportSchema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
    expect(reportSchema.safeParse({ ...JSON.parse(text), extra: 1 }).success).toBe(false);
  });

  test('ends with one newline and has no number that is not finite', () => {
    expect(text.endsWith('}\n')).toBe(true);
    expect(text).not.toMatch(/NaN|Infinity/);
  });

  test('is the same whatever the order of the fields in memory', () => {
    const turned = Object.fromEntries(Object.entries(report).reverse()) as unknown as typeof report;
    expect(reportToJson(turned)).toBe(text);
  });
});

describe('the order of the fields', () => {
  test('is that of the interface', () => {
    expect(Object.keys(JSON.parse(reportToJson(healthyReport())))).toEqual([
      'schema',
      'kind',
      'design',
      'seed',
      'version',
      'command',
      'converged',
      'stable',
      'simulatedSeconds',
      'replications',
      'warmupSeconds',
      'wallSeconds',
      'events',
      'operations',
      'stations',
      'caches',
      'goals',
      'scenario',
      'sheet',
      'notes',
    ]);
  });

  test('reasons of failure are sorted, traffic keeps the order of the design', () => {
    const { operations } = JSON.parse(
      reportToJson(
        healthyReport({
          operations: { z: operation({ failed: { b: 1, a: 2 } }), a: operation({ failed: {} }) },
        }),
      ),
    );
    expect(Object.keys(operations)).toEqual(['z', 'a']);
    expect(Object.keys(operations.z.failed)).toEqual(['a', 'b']);
  });
});

describe('numbers that are not finite', () => {
  test('a figure becomes unknown', () => {
    const caches = { c: { hitRatio: figure(Number.NaN, Number.POSITIVE_INFINITY, '1') } };
    expect(JSON.parse(reportToJson(healthyReport({ caches }))).caches.c.hitRatio).toEqual({
      value: null,
      low: null,
      high: null,
      unit: '1',
    });
  });

  test('a count is a programming error', () => {
    expect(() => reportToJson(healthyReport({ events: Number.NaN }))).toThrow(
      new RangeError('report.events must be a finite number, got NaN'),
    );
  });
});

/** Maps whose keys are names of the design. */
const byName = new Set([
  'connections',
  'operations',
  'stations',
  'caches',
  'operations.*.failed',
  'queues',
  'once',
  'kills',
  'staleness',
  'replication',
  'queues.*.dropped',
  'scenario.traffic',
  'scenario.traffic.*.failures',
  'scenario.stations',
  'scenario.breakers',
  'scenario.health',
  'scenario.instances',
  'scenario.stale',
  'scenario.outcomes',
  'scenario.objectives',
]);

/** The only report with an error budget. */
const share = { value: 0.05, low: 0.04, high: 0.06, unit: '1' } as const;
const alert = { severity: 'page', burnRate: 14.4, long: 3600, short: 300 } as const;
const visitors = reports.healthy.operations['visitors']!;
const withUnfinished = healthyReport({ operations: { visitors: { ...visitors, unfinished: 3 } } });
const withObjectives = scenarioReport();
Object.assign(withObjectives.scenario!, {
  objectives: {
    visitors: {
      goal: 'visitors.success ≥ 99.9%',
      objective: 0.999,
      window: 2_592_000,
      burnt: share,
      alerts: [{ ...alert, fired: share, detection: { ...share, unit: 's' }, over: { ...share, unit: 's' } }],
    },
  },
});

/** The only report of hot keys. */
const withHotKeys = healthyReport({
  caches: { 'api.show hot-keys': { hitRatio: share, age: { ...share, unit: 's' } } },
});

/** The only report of queues that are not full yet. */
const withFilling = healthyReport({ stable: false, filling: ['links.cpu'] });

/** The only report of a goal that was not judged. */
const withUnjudged = healthyReport({
  goals: [{ ...healthyReport().goals[0]!, met: 'unknown', unjudged: 'warm-up' }],
});

test('the reference describes every field, and no field that does not exist', () => {
  const page = readFileSync(new URL('../../docs/reference/report.md', import.meta.url), 'utf8');
  const described = new Set([...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!));
  const fields = new Set<string>();
  const isFigure = (value: object) => 'unit' in value && 'low' in value;
  const walk = (value: unknown, path: string) => {
    if (Array.isArray(value)) {
      for (const item of value) if (!Array.isArray(item)) walk(item, `${path}[]`);
    } else if (typeof value === 'object' && value !== null && !isFigure(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const field = byName.has(path) ? '*' : name;
        const inside = path === '' ? field : `${path}.${field}`;
        fields.add(inside);
        walk(inner, inside);
      }
    }
  };
  const further = [withObjectives, withShards, withHotKeys, withFilling, withUnfinished, withUnjudged];
  for (const report of [...Object.values(reports), ...further]) walk(JSON.parse(reportToJson(report)), '');
  for (const part of ['value', 'low', 'high', 'unit']) fields.add(`<figure>.${part}`);
  for (const map of byName)
    if (!/(failed|dropped|failures|breakers|health|instances|scenario\.stale)$/.test(map))
      fields.delete(`${map}.*`);
  expect([...described].sort()).toEqual([...fields].sort());
});
