import { countText, valueText } from './figure-text.ts';
import { type RenderOptions, type Theme, themeOf, visibleWidth, wrapped } from './theme.ts';
import { exampleText, type Span, type SpanKind, type Trace, type TracedRequest } from './trace.ts';

/** Columns of names at most, as a share of the width; and of durations. */
const NAMES = 0.45;
const DURATIONS = 9;
const FEWEST_CELLS = 10;

type Paint = (theme: Theme) => (text: string) => string;
interface Stroke {
  readonly unicode: string;
  readonly ascii: string;
  readonly paint: Paint;
  readonly meaning: string;
}

const whole: Stroke = { unicode: '━', ascii: '=', paint: (t) => t.accent, meaning: 'call' };
const strokes: Readonly<Partial<Record<SpanKind, Stroke>>> = {
  service: { unicode: '█', ascii: '#', paint: (t) => t.good, meaning: 'service' },
  queue: { unicode: '░', ascii: 'q', paint: (t) => t.warn, meaning: 'waiting for a server' },
  network: { unicode: '╌', ascii: '-', paint: (t) => t.dim, meaning: 'network' },
  wait: { unicode: '·', ascii: '.', paint: (t) => t.dim, meaning: 'wait' },
  backoff: { unicode: '~', ascii: '~', paint: (t) => t.warn, meaning: 'backoff' },
  refusal: { unicode: '✘', ascii: 'x', paint: (t) => t.bad, meaning: 'refused' },
};
const late: Stroke = { unicode: '┈', ascii: ':', paint: (t) => t.dim, meaning: 'goes on for nobody' };
const failed: Paint = (t) => t.bad;

/** What a line is about: `shop.view`, ` #2 miss try 1`, ` (timeout)`. */
export interface Label {
  readonly name: string;
  readonly marks: string;
  readonly failure: string;
}

/** One line: a span, with those folded into it that tell the same. */
export interface Row {
  readonly depth: number;
  readonly label: Label;
  readonly kind: SpanKind;
  readonly start: number;
  /** Where whoever asked for it went on, and where the work itself ended. */
  readonly end: number;
  readonly ended: number;
  /** Seconds that it took whoever asked for it. */
  readonly took: number;
  /** Ways of the request and its answer. */
  readonly legs: readonly Span[];
  readonly status: string;
}

/** Writes a trace for people: a waterfall for each request, one line a span. Ends with a newline. */
export function renderTrace(trace: Trace, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const { requests, scenario } = trace;
  const title = scenario === null ? trace.design : `${trace.design} under ${scenario}`;
  const shown = `${countText(requests.length)} request${requests.length === 1 ? '' : 's'}`;
  const watched = `${shown} of one simulated run of ${valueText(trace.seconds, 's', theme)}, seed ${trace.seed}.`;
  const none = requests.length === 0 ? ['', 'No request ended in that time.'] : [];
  const again = theme.dim(`again: ${trace.command}`);
  return `${[
    theme.bold(theme.plain(title)),
    ...wrapped(watched, theme.width),
    ...none,
    ...waterfallLines(requests, theme),
    again,
  ].join('\n')}\n`;
}

/** A waterfall for each request, an empty line before each, and what the strokes mean. */
export function waterfallLines(requests: readonly TracedRequest[], theme: Theme): string[] {
  const used = new Set<Stroke>();
  const waterfalls = requests.flatMap((request) => ['', ...waterfall(request, used, theme)]);
  const legend = [...used].map((stroke) => `${stroke.paint(theme)(glyph(stroke, theme))} ${stroke.meaning}`);
  return [...waterfalls, '', ...(legend.length > 0 ? wrapped(legend.join(', '), theme.width) : [])];
}

function waterfall(request: TracedRequest, used: Set<Stroke>, theme: Theme): string[] {
  const { traffic, why, duration, status, rank, among } = request;
  const served = status === 'served';
  const facts = [
    valueText(duration, 's', theme),
    served ? theme.good(status) : theme.bad(theme.plain(status)),
    ...(why === 'slowest' ? [] : [`rank ${countText(rank)} of ${countText(among)}`]),
    `at ${valueText(request.start, 's', theme)}`,
  ];
  const head = `${theme.accent(theme.bold(`${traffic}: ${theme.plain(exampleText(request))}`))}  ${facts.join(`  ${theme.dot}  `)}`;
  const rows = rowsOf(request.spans);
  const most = Math.floor(theme.width * NAMES);
  const names = Math.min(most, Math.max(...rows.map(({ label, depth }) => lengthOf(label) + depth)) + 1);
  const cells = Math.max(FEWEST_CELLS, theme.width - names - DURATIONS - 1);
  const line = (row: Row): string => {
    // However deep: half of the room is for what it says.
    const indent = Math.min(row.depth, Math.floor((names - 1) / 2));
    const name = ' '.repeat(indent) + fitted(row.label, names - 1 - indent, theme);
    const took = valueText(row.took, 's', theme).padStart(DURATIONS);
    const bad = row.status !== 'ok';
    const bar = barOf(row, request, cells, used, theme);
    return `${bad ? failed(theme)(name) : name}${' '.repeat(names - visibleWidth(name))}${bar} ${took}`;
  };
  const heading = visibleWidth(head) > theme.width ? wrapped(head, theme.width) : [head];
  return [...heading, ...rows.map(line)];
}

function barOf(
  row: Row,
  { start, duration }: TracedRequest,
  cells: number,
  used: Set<Stroke>,
  theme: Theme,
): string {
  const column = (time: number): number =>
    duration === 0 ? 0 : Math.min(cells, Math.max(0, Math.round(((time - start) / duration) * cells)));
  const stroke = strokes[row.kind] ?? whole;
  const from = Math.min(cells - 1, column(row.start));
  const isLate = row.end <= row.start && row.ended > row.start;
  const to = isLate ? from : Math.max(from + 1, column(row.end));
  const tail = Math.max(to, from + 1, column(row.ended));
  if (!isLate) used.add(stroke);
  if (tail > to) used.add(late);
  const paint = row.status === 'ok' ? stroke.paint(theme) : failed(theme);
  const leg = strokes.network!;
  const cell = (at: number): string => {
    if (!row.legs.some((span) => column(span.start) <= at && at < column(span.end))) {
      return paint(glyph(stroke, theme));
    }
    used.add(leg);
    return leg.paint(theme)(glyph(leg, theme));
  };
  return [
    ' '.repeat(from),
    ...Array.from({ length: to - from }, (_, i) => cell(from + i)),
    late.paint(theme)(glyph(late, theme).repeat(tail - to)),
    ' '.repeat(cells - tail),
  ].join('');
}

const glyph = ({ unicode, ascii }: Stroke, theme: Theme): string => (theme.unicode ? unicode : ascii);

const lengthOf = ({ name, marks, failure }: Label): number => name.length + marks.length + failure.length;

/**
 * A label in at most so many columns. Names, and reasons to fail, are told apart by how they begin and by how they end, so
 * they lose their middles; the marks stay.
 */
function fitted(label: Label, most: number, theme: Theme): string {
  const name = theme.plain(label.name);
  const failure = theme.plain(label.failure);
  const room = Math.max(0, most - label.marks.length);
  const forName = Math.max(Math.ceil(room / 2), room - failure.length);
  const shortName = withoutMiddle(name, forName, theme);
  const text = shortName + label.marks + withoutMiddle(failure, room - shortName.length, theme);
  return text.slice(0, most);
}

function withoutMiddle(text: string, most: number, { ellipsis }: Theme): string {
  if (text.length <= most) return text;
  const kept = most - ellipsis.length;
  if (kept <= 0) return '';
  return text.slice(0, Math.ceil(kept / 2)) + ellipsis + text.slice(text.length - Math.floor(kept / 2));
}

/** The lines of a request, depth first. */
export function rowsOf(spans: readonly Span[]): Row[] {
  const children = new Map<number | null, Span[]>();
  for (const span of spans) children.set(span.parent, [...(children.get(span.parent) ?? []), span]);
  const rows: Row[] = [];
  const add = (span: Span, depth: number, until: number): void => {
    const folded = foldedInto(span, children);
    const innermost = folded.at(-1)!;
    const below = folded.flatMap(({ id }) => children.get(id) ?? []);
    const legs = calls.includes(innermost.kind) ? below.filter(isLeg) : [];
    rows.push({
      depth,
      label: labelOf(folded),
      kind: innermost.kind,
      start: span.start,
      end: Math.min(span.end, Math.max(span.start, until)),
      ended: Math.max(...folded.map(({ end }) => end)),
      took: span.end - span.start,
      legs,
      status: folded.find(({ status }) => status !== 'ok')?.status ?? 'ok',
    });
    below
      .filter((child) => !folded.includes(child) && !legs.includes(child))
      .sort((a, b) => a.id - b.id)
      .forEach((child) => {
        add(child, depth + 1, Math.min(until, span.end));
      });
  };
  for (const root of children.get(null) ?? []) add(root, 0, root.end);
  return rows;
}

const calls: readonly SpanKind[] = ['client', 'server'];
const isLeg = ({ kind, status }: Span): boolean => kind === 'network' && status === 'ok';

/** A call, its one attempt and what the callee does are one line to a reader. */
function foldedInto(span: Span, children: ReadonlyMap<number | null, readonly Span[]>): Span[] {
  const outer: readonly SpanKind[] = ['request', 'call', 'client'];
  const inner: readonly SpanKind[] = ['call', 'client', 'server'];
  const folded = [span];
  for (let last = span; outer.includes(last.kind); ) {
    const below = children.get(last.id) ?? [];
    const next = below.filter(({ kind }) => inner.includes(kind));
    const others = below.filter(({ kind }) => !inner.includes(kind) && kind !== 'network');
    // Ways there and back belong to the one call between them; further calls and refusals need lines of their own.
    if (next.length !== 1 || others.length > 0 || (below.length > 1 && last.kind !== 'client')) break;
    last = next[0]!;
    folded.push(last);
  }
  return folded;
}

function labelOf(folded: readonly Span[]): Label {
  const { name, kind, component, instance, attributes } = folded.at(-1)!;
  const attempt = folded.find((span) => 'attempt' in span.attributes)?.attributes['attempt'];
  const hit = attributes['cache.hit'];
  const failure = folded.find(({ status }) => status !== 'ok')?.status;
  const marks = [
    ...(kind === 'server' && component !== '' ? [`#${instance}`] : []),
    ...(hit === undefined ? [] : [hit === true ? 'hit' : 'miss']),
    ...(attempt === undefined || kind === 'refusal' ? [] : [`try ${attempt}`]),
  ];
  return {
    name,
    marks: marks.map((mark) => ` ${mark}`).join(''),
    failure: failure === undefined || failure === name ? '' : ` (${failure})`,
  };
}
