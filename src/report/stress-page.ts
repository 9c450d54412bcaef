import { figureText, valueText } from './figure-text.ts';
import { lawLines } from './law-lines.ts';
import type { LoadPoint, Rung, StressReport } from './stress.ts';
import { tableLines } from './table.ts';
import { document, itemLines, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from './theme.ts';

/** Loads of the course that are shown, those nearest to the headroom among them. */
const COURSE_SHOWN = 12;
const SPARE_SHOWN = 8;

/** Writes a stress report for people: the headroom first, then what gives way in which order and why, and the course of figures. */
export function renderStress(report: StressReport, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  return document([
    [
      `${theme.bold(report.design)} ${theme.dim(theme.dot)} ${theme.dim('stress')}`,
      ...wrapped(stressAnswer(report, theme), theme.width).map((line) => theme.bold(line)),
    ],
    section('What gives way', ladderLines(report, theme), theme),
    section(`Holds up to ${timesText(report.most, theme)}`, spareLines(report, theme), theme),
    ...courseSections(report, theme),
    section('Law of scalability', scalabilityLines(report, theme), theme),
    section('Notes', itemLines(report.notes, theme), theme),
    provenance(report, theme),
  ]);
}

/** The headroom in one sentence. */
export function stressAnswer({ headroom, most, ladder }: StressReport, theme: Theme): string {
  const { value, low, high } = headroom;
  const first = ladder.find(({ at }) => at.high !== null && at.high === high) ?? ladder[0];
  const then = first === undefined ? '' : `, then ${theme.plain(fallen(first))}`;
  if (high === null) {
    if (low !== null && low >= most)
      return `${theme.met} holds up to ${timesText(most, theme)} its load, and maybe further`;
    return `${theme.undecided} cannot tell how much more load it holds`;
  }
  if (low === null && first?.at.low != null) {
    const mark = high <= 1 ? theme.missed : theme.undecided;
    return `${mark} surely does not hold at ${timesText(high, theme)} its load: ${theme.plain(fallen(first))}; below that no run could tell of every goal`;
  }
  if (low === null) return `${theme.missed} does not hold at any load tried${then}`;
  const mark = low >= 1 ? theme.met : theme.missed;
  const span = value === null ? '' : ` (${timesText(low, theme)} to ${timesText(high, theme)})`;
  return `${mark} holds up to ${timesText(low, theme)} its load${span}${then}`;
}

/** What happens at a rung: a goal is missed, or a station is full. */
export function fallen({ what, name, because }: Rung): string {
  if (what === 'station') return `${name} is full`;
  return because.at(-1) ?? `${name} is missed`;
}

function ladderLines({ ladder, most }: StressReport, theme: Theme): string[] {
  if (ladder.length === 0) return [`  nothing, up to ${timesText(most, theme)} the load`];
  const rows = ladder.map((rung) => {
    const { at, what, because, widened } = rung;
    const load = at.value ?? at.high ?? 0;
    const span = at.low === null ? 'or before' : spanText(at.low, at.high ?? load, theme);
    const why =
      what === 'goal'
        ? because.slice(0, -1).join(' → ')
        : widened.length === 0
          ? ''
          : `once ${widened.join(', ')} ${widened.length === 1 ? 'is' : 'are'} widened`;
    const name = theme.plain(fallen(rung));
    return [
      timesText(load, theme),
      theme.dim(span),
      what === 'goal' ? theme.bad(name) : theme.warn(name),
      theme.dim(theme.plain(why)),
    ];
  });
  const left = { head: '', align: 'left' } as const;
  const columns = [{ head: 'load' }, left, left, { head: 'because', align: 'left' } as const];
  return tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

function spareLines({ spare }: StressReport, theme: Theme): string[] {
  if (spare.length === 0) return [];
  const rows = spare
    .slice(0, SPARE_SHOWN)
    .map(({ station, load, at }) => [station, valueText(load, '1', theme, 'share'), timesText(at, theme)]);
  const columns = [
    { head: '', align: 'left' },
    { head: 'busy now' },
    { head: 'full at, extrapolated' },
  ] as const;
  const more = spare.length - rows.length;
  return [
    ...tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' }),
    ...(more > 0 ? [theme.dim(`  and ${more} more`)] : []),
  ];
}

/** How each traffic fares below and above the headroom. */
function courseSections(report: StressReport, theme: Theme): string[][] {
  const names = Object.keys(report.points[0]?.operations ?? {});
  const shown = nearest(report.points, report.headroom.low ?? 1).sort((a, b) => a.times - b.times);
  return names.map((name) => {
    const rows = shown.map(({ times, operations }) => {
      const { throughput, success, p99 } = operations[name]!;
      const above = report.headroom.high !== null && times >= report.headroom.high;
      const load = timesText(times, theme);
      return [
        above ? theme.bad(load) : theme.good(load),
        figureText(throughput, theme),
        figureText(success, theme, 'share'),
        figureText(p99, theme),
        p99.value === null ? '' : bar(p99.value, longest(shown, name), theme),
      ];
    });
    const columns = [
      { head: 'load' },
      { head: 'served' },
      { head: 'success' },
      { head: 'p99' },
      { head: '', align: 'left', drop: 1 },
    ] as const;
    return section(
      `${name}: below and above`,
      tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' }),
      theme,
    );
  });
}

const BAR = 20;

function bar(value: number, most: number, theme: Theme): string {
  const length = most > 0 ? Math.max(1, Math.round((value / most) * BAR)) : 0;
  return theme.dim((theme.unicode ? '█' : '#').repeat(length));
}

function longest(points: readonly LoadPoint[], name: string): number {
  return Math.max(0, ...points.map(({ operations }) => operations[name]!.p99.value ?? 0));
}

/** As many points as are shown, those nearest to a load by ratio, the design's own always. */
function nearest(points: readonly LoadPoint[], load: number): LoadPoint[] {
  const far = ({ times }: LoadPoint): number => (times === 1 ? -1 : Math.abs(Math.log(times / load)));
  return [...points].sort((a, b) => far(a) - far(b)).slice(0, COURSE_SHOWN);
}

function scalabilityLines(report: StressReport, theme: Theme): string[] {
  const sentences = lawSentences(report, theme).flatMap((line) =>
    wrapped(theme.plain(line), theme.width - 2).map((each) => `  ${each}`),
  );
  return [...(report.usl === null ? [] : lawLines(report.usl, theme)), ...sentences];
}

/** The fitted law of scalability, and the highest throughput that it allows. */
export function lawSentences({ usl }: StressReport, theme: Theme): string[] {
  if (usl === null) return [];
  const { lambda, sigma, kappa, r2, error, peak } = usl;
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  const law = `X(N) = ${digits(lambda)} N / (1 + ${digits(sigma)} (N − 1) + ${digits(kappa)} N (N − 1)), N requests in progress, X served per second; R² ${r2.toFixed(3)}, ${valueText(error, '1', theme, 'share')} off on average`;
  const meaning = `σ = ${digits(sigma)}: what is done one after the other (waiting for what is shared); κ = ${digits(kappa)}: what it costs that requests have to do with each other`;
  const most =
    peak === null
      ? 'no sign of contention: the curve through runs that keep up has no highest throughput within ten times of these'
      : `it allows ${valueText(peak.throughput, '1/s', theme)} at most, ${timesText(peak.times, theme)} the load; a curve through runs below the knee, no measurement of it`;
  return [law, meaning, most];
}

function provenance(report: StressReport, theme: Theme): string[] {
  const { runs, seed, version, command, estimated } = report;
  const said =
    estimated === null
      ? 'by formulas no goal falls'
      : `by formulas ${theme.plain(estimated.what)} falls at ${timesText(estimated.at, theme)}`;
  const line = `${said} ${theme.dot} ${runs} simulations ${theme.dot} seed ${seed} ${theme.dot} tenfold ${version}`;
  return [...wrapped(line, theme.width).map(theme.dim), `${theme.dim('again:')} ${command}`];
}

/** Both ends of a bracket; nothing where they read the same. */
function spanText(low: number, high: number, theme: Theme): string {
  const ends = [timesText(low, theme), timesText(high, theme)];
  return ends[0] === ends[1] ? '' : `(${ends.join('..')})`;
}

/** A multiple of the load, three digits of it. */
export function timesText(times: number, theme: Theme): string {
  return `${Number(times.toPrecision(3))}${theme.times}`;
}
