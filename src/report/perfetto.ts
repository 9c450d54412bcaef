import type { Span, Trace, TracedRequest } from './trace.ts';

/** An event of the Trace Event Format; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
}

/** A row of the viewer: one instance, once for each thing it does at a time. */
interface Lane {
  readonly instance: number;
  readonly tid: number;
  /** Ends of the spans that are open, the innermost last. */
  readonly open: number[];
}

/**
 * Writes a trace in the JSON of the Trace Event Format, as ui.perfetto.dev and chrome://tracing open it: a process for
 * each component, a thread for each instance, and further ones where an instance does several things at once, since events
 * of a thread must nest. Times are microseconds of the run.
 *
 * Source: Trace Event Format (Google), complete events (`ph: X`) and metadata events (`ph: M`).
 */
export function traceToPerfetto(trace: Trace): string {
  const seen = new Set<number>();
  const requests = trace.requests.filter(({ number }) => !seen.has(number) && seen.add(number));
  const all = requests
    .flatMap((request) => request.spans.map((span) => ({ span, request })))
    .sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const components = [...new Set(all.map(({ span }) => span.component))].sort();
  const traceEvents = components.flatMap((component, c) =>
    eventsOf(
      component,
      c + 1,
      all.filter(({ span }) => span.component === component),
      trace.warmupSeconds,
    ),
  );
  const otherData = { design: trace.design, seed: trace.seed, command: trace.command };
  return `${JSON.stringify({ traceEvents, displayTimeUnit: 'ms', otherData }, null, 2)}\n`;
}

function eventsOf(
  component: string,
  pid: number,
  all: readonly { readonly span: Span; readonly request: TracedRequest }[],
  warmup: number,
): TraceEvent[] {
  const lanes: Lane[] = [];
  const events = all.map(({ span, request }): TraceEvent => {
    const { name, kind, status, attributes } = span;
    return {
      name,
      ph: 'X',
      cat: kind,
      pid,
      tid: laneOf(span, lanes).tid,
      ts: microseconds(span.start + warmup),
      dur: microseconds(span.end - span.start),
      args: {
        request: request.number,
        traffic: request.traffic,
        example: request.why,
        status,
        ...attributes,
      },
    };
  });
  const named = (name: string, tid: number, value: string): TraceEvent => ({
    name,
    ph: 'M',
    pid,
    tid,
    args: { name: value },
  });
  return [
    named('process_name', 0, component),
    ...lanes.map(({ instance, tid }) => named('thread_name', tid, `${component} #${instance + 1}`)),
    ...events,
  ];
}

/** The first row of the span's instance in which it lies within what is open there, or after all of it. */
function laneOf({ instance, start, end }: Span, lanes: Lane[]): Lane {
  for (const lane of lanes) {
    if (lane.instance !== instance) continue;
    while (lane.open.length > 0 && lane.open.at(-1)! <= start) lane.open.pop();
    if (lane.open.length > 0 && lane.open.at(-1)! < end) continue;
    lane.open.push(end);
    return lane;
  }
  const lane = { instance, tid: lanes.length + 1, open: [end] };
  lanes.push(lane);
  return lane;
}

/** To the nanosecond. */
const microseconds = (seconds: number): number => Math.round(seconds * 1e9) / 1e3;
