import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { traceToOtlp } from './otlp.ts';
import { traceToPerfetto } from './perfetto.ts';
import { visibleWidth } from './theme.ts';
import type { Span, Trace } from './trace.ts';
import { renderTrace } from './waterfall.ts';

const span = (id: number, parent: number | null, more: Partial<Span>): Span => ({
  id,
  parent,
  name: 'api.show',
  component: 'api',
  instance: 1,
  kind: 'server',
  start: 2,
  end: 2.1,
  status: 'ok',
  attributes: {},
  ...more,
});

/** A call that times out, is tried again behind a pause, and comes back; the first attempt goes on. */
const fixture: Trace = {
  schema: 'tenfold/trace@1',
  design: 'shop',
  scenario: null,
  seed: 7,
  version: '1.2.3',
  command: 'tenfold trace shop --seed 7',
  seconds: 60,
  warmupSeconds: 1.5,
  requests: [
    {
      traffic: 'visitors',
      why: 'median',
      number: 41,
      start: 2,
      duration: 0.1,
      status: 'served',
      rank: 500,
      among: 1000,
      spans: [
        span(1, null, { name: 'visitors', component: 'visitors', instance: 0, kind: 'request' }),
        span(2, 1, { name: 'api.show', component: 'visitors', instance: 0, kind: 'client' }),
        span(3, 2, {}),
        span(4, 3, { name: 'wait for api.cpu', kind: 'queue', end: 2.01 }),
        span(5, 3, { name: 'api.cpu', kind: 'service', start: 2.01, end: 2.02, attributes: { work: 0.01 } }),
        span(6, 3, { name: 'db.get with retries', kind: 'call', start: 2.02 }),
        span(7, 6, {
          name: 'db.get with timeout',
          kind: 'call',
          start: 2.02,
          end: 2.05,
          status: 'timeout',
          attributes: { attempt: 1 },
        }),
        span(8, 7, {
          name: 'db.get',
          kind: 'client',
          start: 2.02,
          end: 2.08,
          attributes: { abandoned: true },
        }),
        span(9, 6, { name: 'backoff', kind: 'backoff', start: 2.05, end: 2.06 }),
        span(10, 6, { name: 'db.get', kind: 'client', start: 2.06, attributes: { attempt: 2 } }),
        span(11, 10, { name: 'network there', kind: 'network', start: 2.06, end: 2.07 }),
        span(12, 10, {
          name: 'db.get',
          component: 'db',
          instance: 0,
          start: 2.07,
          attributes: { 'cache.hit': true },
        }),
      ],
    },
  ],
};

const attribute = z.strictObject({
  key: z.string().min(1),
  value: z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
    z.strictObject({ doubleValue: z.number() }),
  ]),
});

/** What of opentelemetry/proto (trace/v1, common/v1, resource/v1; 1.x) a trace uses, in its JSON encoding. */
const exportTraceServiceRequest = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(
            z.strictObject({
              traceId: z.string().regex(/^(?!0+$)[0-9a-f]{32}$/),
              spanId: z.string().regex(/^(?!0+$)[0-9a-f]{16}$/),
              parentSpanId: z
                .string()
                .regex(/^(?!0+$)[0-9a-f]{16}$/)
                .optional(),
              name: z.string().min(1),
              kind: z.union([z.literal(1), z.literal(2), z.literal(3)]),
              startTimeUnixNano: z.string().regex(/^\d{1,20}$/),
              endTimeUnixNano: z.string().regex(/^\d{1,20}$/),
              attributes: z.array(attribute),
              status: z.strictObject({
                code: z.union([z.literal(1), z.literal(2)]),
                message: z.string().optional(),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

describe('OTLP', () => {
  const { resourceSpans } = exportTraceServiceRequest.parse(JSON.parse(traceToOtlp(fixture)));
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));

  test('has each component as a service, and every span once', () => {
    const services = resourceSpans.map(({ resource }) => resource.attributes[0]);
    expect(services).toEqual(
      ['visitors', 'api', 'db'].map((name) => ({ key: 'service.name', value: { stringValue: name } })),
    );
    expect(spans).toHaveLength(12);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(12);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test('names as parent a span that is there, but for the request itself', () => {
    const ids = spans.map(({ spanId }) => spanId);
    const parents = spans.flatMap(({ parentSpanId }) => (parentSpanId === undefined ? [] : [parentSpanId]));
    expect(parents).toHaveLength(11);
    for (const parent of parents) expect(ids).toContain(parent);
  });

  test('tells times to the nanosecond from the year 2000 on, the kind, and why something failed', () => {
    const failed = spans.find(({ name }) => name === 'db.get with timeout')!;
    expect(BigInt(failed.startTimeUnixNano)).toBe(BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n + 2_020_000_000n);
    expect(BigInt(failed.endTimeUnixNano) - BigInt(failed.startTimeUnixNano)).toBe(30_000_000n);
    expect(failed).toMatchObject({ kind: 1, status: { code: 2, message: 'timeout' } });
    expect(failed.attributes).toContainEqual({ key: 'tenfold.attempt', value: { intValue: '1' } });
    expect(spans.filter(({ kind }) => kind === 2)).toHaveLength(2);
    expect(spans.filter(({ kind }) => kind === 3)).toHaveLength(3);
  });

  test('says what the year 2000 is, and before it what came earlier', () => {
    const [request] = fixture.requests;
    const [root] = request!.spans;
    const early = { ...request!, start: -0.5, spans: [{ ...root!, start: -0.5, end: 0.25 }] };
    const written = exportTraceServiceRequest.parse(
      JSON.parse(traceToOtlp({ ...fixture, scenario: 'blip', requests: [early] })),
    ).resourceSpans[0]!;
    expect(written.resource.attributes).toContainEqual({
      key: 'tenfold.time_zero',
      value: { stringValue: 'the scenario blip begins' },
    });
    expect(written.resource.attributes).toContainEqual({
      key: 'tenfold.warmup_seconds',
      value: { doubleValue: 1.5 },
    });
    const { startTimeUnixNano, endTimeUnixNano } = written.scopeSpans[0]!.spans[0]!;
    expect(BigInt(startTimeUnixNano)).toBe(BigInt(Date.UTC(2000, 0, 1) - 500) * 1_000_000n);
    expect(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)).toBe(750_000_000n);
  });

  test('has an example of two things once', () => {
    const twice = {
      ...fixture,
      requests: [...fixture.requests, { ...fixture.requests[0]!, why: 'retried' }],
    };
    expect(traceToOtlp(twice)).toBe(traceToOtlp(fixture));
  });
});

/** Complete and metadata events of the Trace Event Format. */
const traceEvents = z.strictObject({
  traceEvents: z.array(
    z.union([
      z.strictObject({
        name: z.string(),
        ph: z.literal('X'),
        cat: z.string(),
        pid: z.int().min(1),
        tid: z.int().min(1),
        ts: z.number().min(0),
        dur: z.number().min(0),
        args: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      }),
      z.strictObject({
        name: z.enum(['process_name', 'thread_name']),
        ph: z.literal('M'),
        pid: z.int().min(1),
        tid: z.int().min(0),
        args: z.strictObject({ name: z.string() }),
      }),
    ]),
  ),
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: z.record(z.string(), z.union([z.string(), z.number()])),
});

describe('Perfetto', () => {
  const all = traceEvents.parse(JSON.parse(traceToPerfetto(fixture))).traceEvents;
  const events = all.flatMap((event) => (event.ph === 'X' ? [event] : []));

  test('names a process for each component and the threads of its instances', () => {
    const names = all.flatMap((event) => (event.ph === 'M' ? [`${event.name} ${event.args['name']}`] : []));
    expect(names).toEqual([
      'process_name api',
      'thread_name api #1',
      'thread_name api #1',
      'process_name db',
      'thread_name db #0',
      'process_name visitors',
      'thread_name visitors #0',
    ]);
  });

  test('has every span, in microseconds of the request, and when that was in the run', () => {
    expect(events).toHaveLength(12);
    const backoff = events.find(({ name }) => name === 'backoff')!;
    expect(backoff).toMatchObject({ ts: 50_000, dur: 10_000, args: { at: 2.05 } });
  });

  test('says what its second 0 is', () => {
    const of = (trace: Trace) => traceEvents.parse(JSON.parse(traceToPerfetto(trace))).otherData;
    expect(of(fixture)).toMatchObject({ timeZero: 'measuring begins', warmupSeconds: 1.5 });
    expect(of({ ...fixture, scenario: 'blip' })).toMatchObject({
      scenario: 'blip',
      timeZero: 'the scenario blip begins',
    });
  });

  test('has requests that were minutes apart one after the other, also where work outlasts its request', () => {
    const [request] = fixture.requests;
    const later = (span: Span): Span => ({
      ...span,
      start: span.start + 300,
      end: span.end + (span.name === 'api.cpu' ? 300.5 : 300),
    });
    const both = {
      ...fixture,
      requests: [{ ...request!, number: 99, spans: request!.spans.map(later) }, request!],
    };
    const { traceEvents: written } = traceEvents.parse(JSON.parse(traceToPerfetto(both)));
    const starts = written.flatMap((event) =>
      event.ph === 'X' && event.name === 'visitors' ? [event.ts] : [],
    );
    // The first takes 0.1 s, the second 0.52 s with the work for nobody; a twentieth of both lies between them.
    expect(starts).toEqual([0, 131_000]);
  });

  test('has only events in one thread that lie within each other or apart', () => {
    for (const a of events) {
      for (const b of events) {
        if (a === b || a.pid !== b.pid || a.tid !== b.tid || b.ts < a.ts) continue;
        const apart = b.ts >= a.ts + a.dur;
        const within = b.ts + b.dur <= a.ts + a.dur || (a.ts === b.ts && a.ts + a.dur <= b.ts + b.dur);
        expect(apart || within, `${a.name} and ${b.name}`).toBe(true);
      }
    }
  });
});

describe('waterfalls', () => {
  const page = renderTrace(fixture);

  test('fold what tells the same, and show what goes on for nobody', () => {
    expect(page).toBe(
      [
        'shop',
        '1 request of one simulated run of 60 s, seed 7.',
        '',
        'visitors: median  100 ms  ·  served  ·  rank 500 of 1000  ·  at 2 s',
        'api.show #1              ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━    100 ms',
        ' wait for api.cpu        ░░░░                                              10 ms',
        ' api.cpu                     █████                                         10 ms',
        ' db.get with retries              ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━     80 ms',
        '  db.get try 1 (timeout)          ━━━━━━━━━━━━━┈┈┈┈┈┈┈┈┈┈┈┈┈┈              30 ms',
        '  backoff                                      ~~~~~                       10 ms',
        '  db.get #0 hit try 2                               ╌╌╌╌━━━━━━━━━━━━━━     40 ms',
        '',
        '━ call, ░ waiting for a server, █ service, ┈ goes on for nobody, ~ backoff, ╌',
        'network',
        'again: tenfold trace shop --seed 7',
        '',
      ].join('\n'),
    );
  });

  test.each([40, 80, 120])('fit in %d columns', (width) => {
    for (const unicode of [true, false]) {
      const text = renderTrace(fixture, { width, unicode, colour: true });
      const bars = text
        .split('\n')
        .filter((line) => /(?:ms|µs|us| s)$/.test(line) && !line.includes('served'));
      for (const line of bars) expect(visibleWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  test('shorten what a line is about in the middle, so that what tells it apart stays', () => {
    const long = (name: string): string => name.replace('db.get', 'recommendations.suggest-similar');
    const requests = fixture.requests.map((request) => ({
      ...request,
      spans: request.spans.map((span) => ({ ...span, name: long(span.name) })),
    }));
    const labels = renderTrace({ ...fixture, requests }, { width: 70 })
      .split('\n')
      .slice(4, 11)
      .map((line) => line.slice(0, 31).trimEnd());
    expect(labels).toEqual([
      'api.show #1',
      ' wait for api.cpu',
      ' api.cpu',
      ' recommendation…r with retries',
      '  recomm…milar try 1 (timeout)',
      '  backoff',
      '  recomme…similar #0 hit try 2',
    ]);
  });

  test('do with ASCII', () => {
    const text = renderTrace(fixture, { unicode: false });
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain('#');
  });

  test('say so where there is nothing to show', () => {
    expect(renderTrace({ ...fixture, requests: [] })).toContain('No request ended');
  });
});
