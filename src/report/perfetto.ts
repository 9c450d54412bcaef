import { originOf, type Span, type Trace, type TracedRequest } from './trace.ts';

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

/** A span, and when it begins and ends in the file: seconds. */
interface Placed {
  readonly span: Span;
  readonly request: TracedRequest;
  readonly start: number;
  readonly end: number;
}

/** The pause between two requests, as a share of what all of them take. */
const PAUSE = 0.05;

/**
 * Writes a trace in the JSON of the Trace Event Format, as ui.perfetto.dev and chrome://tracing open it: a process for
 * each component, a thread for each instance, and further ones where an instance does several things at once, since events
 * of a thread must nest. The requests stand one after the other, in the order of their beginning, since they are some
 * milliseconds out of minutes; `args.at` is when a span began, in seconds since measuring, or the scenario, began.
 *
 * Source: Trace Event Format (Google), complete events (`ph: X`) and metadata events (`ph: M`).
 */
export function traceToPerfetto(trace: Trace): string {
  const seen = new Set<number>();
  const requests = trace.requests.filter(({ number }) => !seen.has(number) && seen.add(number));
  const all = oneAfterAnother(requests).sort((a, b) => a.start - b.start || b.end - a.end);
  const components = [...new Set(all.map(({ span }) => span.component))].sort();
  const traceEvents = components.flatMap((component, c) =>
    eventsOf(
      component,
      c + 1,
      all.filter(({ span }) => span.component === component),
    ),
  );
  const { design, scenario, seed, command, warmupSeconds } = trace;
  const otherData = {
    design,
    ...(scenario !== null && { scenario }),
    seed,
    command,
    timeZero: originOf(trace),
    warmupSeconds,
  };
  return `${JSON.stringify({ traceEvents, displayTimeUnit: 'ms', otherData }, null, 2)}\n`;
}

/** Begins with the first request at 0, and the next when all work for the one before it is over, and a pause. */
function oneAfterAnother(requests: readonly TracedRequest[]): Placed[] {
  const extents = requests
    .map((request) => ({
      request,
      from: Math.min(...request.spans.map(({ start }) => start)),
      to: Math.max(...request.spans.map(({ end }) => end)),
    }))
    .sort((a, b) => a.from - b.from);
  const pause = PAUSE * extents.reduce((sum, { from, to }) => sum + to - from, 0);
  let begin = 0;
  return extents.flatMap(({ request, from, to }) => {
    const shift = begin - from;
    begin += to - from + pause;
    return request.spans.map((span) => ({
      span,
      request,
      start: span.start + shift,
      end: span.end + shift,
    }));
  });
}

function eventsOf(component: string, pid: number, all: readonly Placed[]): TraceEvent[] {
  const lanes: Lane[] = [];
  const events = all.map((placed): TraceEvent => {
    const { span, request, start, end } = placed;
    const { name, kind, status, attributes } = span;
    return {
      name,
      ph: 'X',
      cat: kind,
      pid,
      tid: laneOf(placed, lanes).tid,
      ts: microseconds(start),
      dur: microseconds(end - start),
      args: {
        at: Math.round(span.start * 1e9) / 1e9,
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
    ...lanes.map(({ instance, tid }) => named('thread_name', tid, `${component} #${instance}`)),
    ...events,
  ];
}

/** The first row of the span's instance in which it lies within what is open there, or after all of it. */
function laneOf({ span: { instance }, start, end }: Placed, lanes: Lane[]): Lane {
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
