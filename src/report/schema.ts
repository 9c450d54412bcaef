import { z } from 'zod';
import type { Report } from './report.ts';

/** Schema of `tenfold/report@1`, for readers of `--json`; it knows every field and lets no other pass. */

const count = z.number().nonnegative();
const seconds = z.number().nonnegative();

export const figureSchema = z
  .strictObject({
    value: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    unit: z.enum(['s', '1/s', '1', 'B', 'B/s', '$', '$/s']),
  })
  .readonly();

const latencySchema = z
  .strictObject({
    mean: figureSchema,
    p50: figureSchema,
    p95: figureSchema,
    p99: figureSchema,
    p999: figureSchema,
  })
  .readonly();

const operationSchema = z
  .strictObject({
    offered: count,
    served: count,
    failed: z.record(z.string(), count).readonly(),
    inFlight: count,
    unfinished: count.optional(),
    attempts: count,
    late: count,
    throughput: figureSchema,
    success: figureSchema,
    latency: latencySchema,
    histogram: z.array(z.tuple([seconds, count]).readonly()).readonly(),
  })
  .readonly();

const stationSchema = z
  .strictObject({
    servers: count.nullable(),
    utilization: figureSchema,
    busiest: z.strictObject({ instance: count.nullable(), utilization: figureSchema }).readonly().optional(),
    queueLength: figureSchema,
    waiting: figureSchema,
    waitingP99: figureSchema,
    delayed: figureSchema,
    arrivals: figureSchema,
    service: figureSchema,
    wasted: figureSchema,
  })
  .readonly();

const queueSchema = z
  .strictObject({
    published: count,
    acknowledged: count,
    dead: count,
    dropped: z.record(z.string(), count).readonly(),
    held: count,
    repeated: count,
    arrivals: figureSchema,
    deliveries: figureSchema,
    throughput: figureSchema,
    redelivered: figureSchema,
    depth: figureSchema,
    growth: figureSchema.optional(),
    age: latencySchema,
    hottest: z.strictObject({ partition: count, share: figureSchema }).readonly().optional(),
  })
  .readonly();

const onceSchema = z
  .strictObject({
    done: count,
    repeated: count,
    skipped: count,
    inProgress: count,
    full: count,
    duplicates: figureSchema,
  })
  .readonly();

const killSchema = z.strictObject({ times: count, rate: figureSchema }).readonly();
const stalenessSchema = z
  .strictObject({ reads: count, stale: figureSchema, age: latencySchema, versions: figureSchema })
  .readonly();

const replicationSchema = z
  .strictObject({
    pinned: figureSchema.optional(),
    applied: count,
    lag: latencySchema,
    promotions: count,
    lost: count,
  })
  .readonly();

const crossingSchema = z
  .strictObject({
    from: z.string(),
    to: z.string(),
    scope: z.enum(['zones', 'regions', 'users']),
    messages: figureSchema,
    bytes: figureSchema,
  })
  .readonly();

const goalSchema = z
  .strictObject({
    goal: z.string(),
    met: z.union([z.boolean(), z.literal('unknown')]),
    value: figureSchema,
    target: z.number(),
    unjudged: z.enum(['warm-up', 'clock']).optional(),
  })
  .readonly();

const sheetEntrySchema = z
  .strictObject({
    name: z.string(),
    label: z.string(),
    figure: figureSchema,
    formula: z.string(),
    working: z.string(),
    source: z.string(),
  })
  .readonly();

const seriesSchema = z
  .strictObject({
    unit: figureSchema.unwrap().shape.unit,
    value: z.array(z.number().nullable()).readonly(),
    low: z.array(z.number().nullable()).readonly(),
    high: z.array(z.number().nullable()).readonly(),
  })
  .readonly();

const objectiveSchema = z
  .strictObject({
    goal: z.string(),
    objective: z.number(),
    window: seconds,
    burnt: figureSchema,
    alerts: z
      .array(
        z
          .strictObject({
            severity: z.enum(['page', 'ticket']),
            burnRate: z.number(),
            long: seconds,
            short: seconds,
            fired: figureSchema,
            detection: figureSchema,
            over: figureSchema,
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();

const scenarioSchema = z
  .strictObject({
    name: z.string(),
    summary: z.string(),
    seconds,
    window: seconds,
    changes: z
      .array(z.strictObject({ at: seconds, until: seconds.nullable(), what: z.string() }).readonly())
      .readonly(),
    traffic: z
      .record(
        z.string(),
        z
          .strictObject({
            offered: seriesSchema,
            goodput: seriesSchema,
            failures: z.record(z.string(), seriesSchema).readonly(),
            p50: seriesSchema,
            p95: seriesSchema,
            p99: seriesSchema,
          })
          .readonly(),
      )
      .readonly(),
    stations: z
      .record(z.string(), z.strictObject({ utilization: seriesSchema, queueLength: seriesSchema }).readonly())
      .readonly(),
    breakers: z.record(z.string(), seriesSchema).readonly(),
    recoveryLoad: figureSchema.nullable(),
    health: z.record(z.string(), seriesSchema).readonly(),
    instances: z.record(z.string(), seriesSchema).readonly(),
    stale: z.record(z.string(), seriesSchema).readonly().optional(),
    outcomes: z
      .record(
        z.string(),
        z
          .strictObject({
            successBelow: z.number(),
            p99Above: seconds.nullable(),
            harmed: figureSchema,
            recovered: figureSchema,
            detection: figureSchema,
            recovery: figureSchema,
            lost: figureSchema,
          })
          .readonly(),
      )
      .readonly(),
    objectives: z.record(z.string(), objectiveSchema).readonly().optional(),
  })
  .readonly();

/** Accepts exactly what `reportToJson` writes. */
export const reportSchema: z.ZodType<Report> = z
  .strictObject({
    schema: z.literal('tenfold/report@1'),
    kind: z.enum(['estimate', 'simulation']),
    design: z.string(),
    seed: z.number().nullable(),
    version: z.string(),
    command: z.string(),
    converged: z.boolean(),
    stable: z.boolean(),
    filling: z.array(z.string()).readonly().optional(),
    simulatedSeconds: seconds,
    replications: count,
    warmupSeconds: seconds,
    wallSeconds: seconds.nullable(),
    events: count,
    operations: z.record(z.string(), operationSchema).readonly(),
    stations: z.record(z.string(), stationSchema).readonly(),
    caches: z
      .record(z.string(), z.strictObject({ hitRatio: figureSchema, age: figureSchema.optional() }).readonly())
      .readonly(),
    queues: z.record(z.string(), queueSchema).readonly().optional(),
    once: z.record(z.string(), onceSchema).readonly().optional(),
    kills: z.record(z.string(), killSchema).readonly().optional(),
    staleness: z.record(z.string(), stalenessSchema).readonly().optional(),
    replication: z.record(z.string(), replicationSchema).readonly().optional(),
    crossings: z.array(crossingSchema).readonly().optional(),
    connections: z
      .record(z.string(), z.strictObject({ opened: figureSchema, resumed: figureSchema }).readonly())
      .readonly()
      .optional(),
    goals: z.array(goalSchema).readonly(),
    scenario: scenarioSchema.nullable(),
    sheet: z.array(sheetEntrySchema).readonly(),
    notes: z.array(z.string()).readonly(),
  })
  .readonly();
