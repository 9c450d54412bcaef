import { originOf, type Span, type SpanKind, type Trace, type TracedRequest } from './trace.ts';

/** Second 0 of the trace as a date, so that equal traces are equal bytes: 2000-01-01T00:00:00Z, in nanoseconds. */
const EPOCH = 946_684_800n * 1_000_000_000n;

/** `SpanKind` of opentelemetry/proto/trace/v1/trace.proto. */
const SPAN_KIND_INTERNAL = 1;
const SPAN_KIND_SERVER = 2;
const SPAN_KIND_CLIENT = 3;
const kinds: Readonly<Partial<Record<SpanKind, number>>> = {
  client: SPAN_KIND_CLIENT,
  server: SPAN_KIND_SERVER,
};

/** `StatusCode` there. */
const STATUS_CODE_OK = 1;
const STATUS_CODE_ERROR = 2;

type Value = string | number | boolean;

/**
 * Writes a trace in OpenTelemetry's JSON, an `ExportTraceServiceRequest`, as Jaeger and other viewers read it from a file
 * and collectors take it on `/v1/traces`. Each component is a service; identifiers come from seed and request number.
 * Second 0, when measuring or the scenario began, is the start of the year 2000; what came before is in the year before.
 *
 * Source: OpenTelemetry protocol specification 1.x, "JSON Protobuf Encoding": lowerCamelCase names, identifiers in
 * hexadecimal, enums as numbers, 64-bit integers as decimal strings.
 */
export function traceToOtlp(trace: Trace): string {
  const services = new Set(trace.requests.flatMap(({ spans }) => spans.map(({ component }) => component)));
  const resourceSpans = [...services].map((service) => ({
    resource: {
      attributes: attributesOf({
        'service.name': service,
        'tenfold.design': trace.design,
        ...(trace.scenario !== null && { 'tenfold.scenario': trace.scenario }),
        'tenfold.time_zero': originOf(trace),
        'tenfold.warmup_seconds': trace.warmupSeconds,
      }),
    },
    scopeSpans: [
      {
        scope: { name: 'tenfold', version: trace.version },
        spans: unique(trace.requests).flatMap((request) =>
          request.spans
            .filter(({ component }) => component === service)
            .map((span) => exported(span, request, trace.seed)),
        ),
      },
    ],
  }));
  return `${JSON.stringify({ resourceSpans }, null, 2)}\n`;
}

/** A request that is an example of two things is one trace. */
function unique(requests: readonly TracedRequest[]): TracedRequest[] {
  return requests.filter(({ number }, i) => requests.findIndex((other) => other.number === number) === i);
}

function exported(span: Span, request: TracedRequest, seed: number): object {
  const { id, parent, name, kind, instance, status } = span;
  return {
    traceId: hex(seed, 16) + hex(request.number + 1, 16),
    spanId: spanId(request, id),
    ...(parent === null ? {} : { parentSpanId: spanId(request, parent) }),
    name,
    kind: kinds[kind] ?? SPAN_KIND_INTERNAL,
    startTimeUnixNano: nanoseconds(span.start),
    endTimeUnixNano: nanoseconds(span.end),
    attributes: attributesOf({
      'tenfold.kind': kind,
      'service.instance.id': String(instance),
      ...(parent === null ? { 'tenfold.traffic': request.traffic, 'tenfold.example': request.why } : {}),
      ...Object.fromEntries(Object.entries(span.attributes).map(([key, value]) => [`tenfold.${key}`, value])),
    }),
    status: status === 'ok' ? { code: STATUS_CODE_OK } : { code: STATUS_CODE_ERROR, message: status },
  };
}

const spanId = ({ number }: TracedRequest, id: number): string => hex(number + 1, 10) + hex(id, 6);

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const nanoseconds = (seconds: number): string => String(EPOCH + BigInt(Math.round(seconds * 1e9)));

function attributesOf(values: Readonly<Record<string, Value>>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
