import type { Cell, Column } from './cell.ts';
import { figureText } from './figure-text.ts';
import type { Figure, Report } from './report.ts';
import type { PlainMeaning } from './scales.ts';
import { tableLines } from './table.ts';
import { document, noteLines, provenance, section } from './terminal.ts';
import { type RenderOptions, type Theme, themeOf, wrapped } from './theme.ts';
import { goalLines, verdict } from './verdict.ts';

/** Estimate and simulation agree, where no interval says so, when they are this close. */
export const AGREEMENT_TOLERANCE = 0.05;

/**
 * Figures this close to each other, in base units, are the same to any reader, however far apart they are
 * relatively: a main-memory access (100 ns), a request in eleven days, one in 10,000 of a share or a queue.
 */
const NEGLIGIBLE: Readonly<Record<Figure['unit'], number>> = {
  s: 1e-7,
  '1/s': 1e-6,
  '1': 1e-4,
  B: 1,
  'B/s': 1,
  $: 1e-3,
  '$/s': 1e-9,
};

/** An estimate's interval whose ends are further apart than this says next to nothing of where the value is. */
const WIDE_FACTOR = 10;
/** So does a simulated one that reaches further from its value than this share of it. */
const WIDE_SHARE = 0.5;

/** What two figures of the same thing say of each other; nothing, where one is unknown or an interval too wide. */
export type Agreement = 'agrees' | 'differs' | 'too wide' | 'unknown';

/** One figure in both reports. */
export interface ComparedFigure {
  /** `visitors.latency.p99`, `links.cpu.utilization`, `hot-links.hitRatio`. */
  readonly name: string;
  readonly estimate: Figure;
  readonly simulation: Figure;
  readonly agreement: Agreement;
  /** Estimate ÷ simulation − 1; null where either is unknown, or the simulation is next to nothing. */
  readonly difference: number | null;
}

/**
 * Whether an estimate agrees with a simulation of the same thing: it lies within the simulation's interval,
 * its own range meets that interval, the two values are at most `tolerance` apart, relatively, or so close to
 * each other that nobody would care (100 ns, 0.0001 of a share or a queue). That intervals meet is no agreement
 * where one of them is so wide that it meets almost anything: a simulated one that reaches further than half of
 * the value, or an estimate's whose ends are more than a factor of ten apart.
 */
export function agreementOf(
  estimate: Figure,
  simulation: Figure,
  tolerance: number = AGREEMENT_TOLERANCE,
): Agreement {
  if (estimate.value === null || simulation.value === null) return 'unknown';
  const distance = Math.abs(estimate.value - simulation.value);
  if (distance <= tolerance * Math.abs(simulation.value)) return 'agrees';
  if (distance <= NEGLIGIBLE[estimate.unit]) return 'agrees';
  const low = estimate.low ?? estimate.value;
  const high = estimate.high ?? estimate.value;
  const meets = high >= (simulation.low ?? simulation.value) && low <= (simulation.high ?? simulation.value);
  if (!meets) return 'differs';
  return high > WIDE_FACTOR * low || reachOf(simulation) > WIDE_SHARE * Math.abs(simulation.value)
    ? 'too wide'
    : 'agrees';
}

/** How far the interval of a figure reaches from its value, at its longer side; 0 where there is none. */
function reachOf({ value, low, high }: Figure): number {
  return value === null ? 0 : Math.max((high ?? value) - value, value - (low ?? value));
}

interface Group {
  readonly title: string;
  readonly rows: readonly ComparedFigure[];
  readonly meaning: (figure: string) => PlainMeaning;
}

/** Every figure that both reports have and at least one of them knows, in the order of the simulation. */
export function compareReports(estimate: Report, simulation: Report): ComparedFigure[] {
  return groups(estimate, simulation).flatMap((group) => group.rows);
}

const known = (row: ComparedFigure): boolean => row.estimate.value !== null || row.simulation.value !== null;

function groups(estimate: Report, simulation: Report): Group[] {
  const traffic: ComparedFigure[] = [];
  for (const [name, ours] of Object.entries(simulation.operations)) {
    const theirs = estimate.operations[name];
    if (theirs === undefined) continue;
    traffic.push(compared(`${name}.throughput`, theirs.throughput, ours.throughput));
    traffic.push(compared(`${name}.success`, theirs.success, ours.success));
    for (const part of ['mean', 'p50', 'p95', 'p99', 'p999'] as const) {
      traffic.push(compared(`${name}.latency.${part}`, theirs.latency[part], ours.latency[part]));
    }
  }
  const stations: ComparedFigure[] = [];
  for (const [name, ours] of Object.entries(simulation.stations)) {
    const theirs = estimate.stations[name];
    if (theirs === undefined) continue;
    for (const part of ['utilization', 'waiting', 'queueLength'] as const) {
      stations.push(compared(`${name}.${part}`, theirs[part], ours[part]));
    }
    if (theirs.busiest !== undefined && ours.busiest !== undefined) {
      const row = `${name}.busiest`;
      stations.push(compared(row, theirs.busiest.utilization, ours.busiest.utilization));
    }
  }
  const messages: ComparedFigure[] = [];
  for (const [name, ours] of Object.entries(simulation.queues ?? {})) {
    const theirs = estimate.queues?.[name];
    if (theirs === undefined) continue;
    for (const part of ['arrivals', 'deliveries', 'throughput', 'redelivered', 'depth'] as const) {
      messages.push(compared(`${name}.${part}`, theirs[part], ours[part]));
    }
    for (const part of ['mean', 'p50', 'p95', 'p99', 'p999'] as const) {
      messages.push(compared(`${name}.age.${part}`, theirs.age[part], ours.age[part]));
    }
  }
  const caches: ComparedFigure[] = [];
  for (const [name, ours] of Object.entries(simulation.caches)) {
    const theirs = estimate.caches[name];
    if (theirs !== undefined) caches.push(compared(`${name}.hitRatio`, theirs.hitRatio, ours.hitRatio));
  }
  const connections = Object.entries(simulation.connections ?? {}).flatMap(([name, ours]) => {
    const theirs = estimate.connections?.[name];
    return theirs === undefined
      ? []
      : (['opened', 'resumed'] as const).map((part) => compared(`${name}.${part}`, theirs[part], ours[part]));
  });
  const count = (name: string): PlainMeaning => (/\.(queueLength|depth)$/.test(name) ? 'count' : 'share');
  return [
    { title: 'Traffic', rows: traffic.filter(known), meaning: count },
    { title: 'Stations', rows: stations.filter(known), meaning: count },
    { title: 'Messages', rows: messages.filter(known), meaning: count },
    { title: 'Caches', rows: caches.filter(known), meaning: count },
    { title: 'Connections', rows: connections.filter(known), meaning: count },
  ];
}

function compared(name: string, estimate: Figure, simulation: Figure): ComparedFigure {
  return {
    name,
    estimate,
    simulation,
    agreement: agreementOf(estimate, simulation),
    difference: differenceOf(estimate, simulation),
  };
}

function differenceOf(estimate: Figure, simulation: Figure): number | null {
  if (estimate.value === null || simulation.value === null) return null;
  if (estimate.value === simulation.value) return 0;
  // Of next to nothing there is no share: it may be what rounding left.
  return Math.abs(simulation.value) <= NEGLIGIBLE[estimate.unit]
    ? null
    : estimate.value / simulation.value - 1;
}

/** Writes the estimate and the simulation of one design beside each other, and where they agree. */
export function renderComparison(estimate: Report, simulation: Report, options: RenderOptions = {}): string {
  const theme = themeOf(options);
  const all = groups(estimate, simulation);
  const rows = all.flatMap((group) => group.rows);
  const agree = rows.filter((row) => row.agreement === 'agrees').length;
  const differ = rows.filter((row) => row.agreement === 'differs').length;
  const title = `${theme.bold(simulation.design)} ${theme.dim(`${theme.dot} estimate beside simulation`)}`;
  const open = rows.length - agree - differ;
  const summary = `${agree} of ${agree + differ} figures agree${open === 0 ? '' : `, ${open} cannot be compared`}`;
  const agreement = wrapped(`${differ === 0 ? theme.met : theme.warning} ${summary}`, theme.width);
  const legend = `agree: within the simulation's interval, ${AGREEMENT_TOLERANCE * 100} % of its value, or a difference of next to nothing (100 ns, 0.01 %)`;
  return document([
    [
      ...wrapped(title, theme.width),
      ...verdict(simulation, theme),
      ...agreement.map(differ === 0 ? theme.good : theme.warn),
    ],
    section('Goals (simulation)', goalLines(simulation.goals, theme), theme),
    ...all.map((group) => section(group.title, group.rows.length > 0 ? lines(group, theme) : [], theme)),
    section('Notes on the estimate', noteLines(estimate, theme), theme),
    section('Notes on the simulation', noteLines(simulation, theme), theme),
    [...wrapped(legend, theme.width).map(theme.dim), ...provenance(simulation, theme, '--compare')],
  ]);
}

function lines(group: Group, theme: Theme): string[] {
  const columns: Column[] = [
    { head: '', align: 'left' },
    { head: 'estimate' },
    { head: 'simulation' },
    { head: 'off by', drop: 1 },
    { head: '', align: 'left' },
  ];
  const rows = group.rows.map((row): Cell[] => [
    spoken(row.name),
    figureText(row.estimate, theme, group.meaning(row.name)),
    figureText(row.simulation, theme, group.meaning(row.name)),
    differenceText(row.difference),
    mark(row.agreement, theme),
  ]);
  return tableLines(columns, rows, theme, { indent: 2, narrow: 'stack' });
}

const SPOKEN: Readonly<Record<string, string>> = {
  p999: 'p99.9',
  utilization: 'busy',
  waiting: 'waiting time',
  queueLength: 'queue',
  hitRatio: 'hit ratio',
  opened: 'new',
  resumed: 'resumed',
  depth: 'held',
  arrivals: 'published',
};

/** `visitors.latency.p999` reads `visitors p99.9`. */
function spoken(name: string): string {
  const dot = name.lastIndexOf('.');
  const figure = name.slice(dot + 1);
  return `${name
    .slice(0, dot)
    .replace(/\.latency$/, '')
    .replace(/\.age$/, ' age')} ${SPOKEN[figure] ?? figure}`;
}

function differenceText(difference: number | null): string {
  if (difference === null) return '';
  const percent = difference * 100;
  if (Math.abs(percent) < 0.05) return '0 %';
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(digits)} %`;
}

function mark(agreement: Agreement, theme: Theme): string {
  if (agreement === 'agrees') return theme.good(`${theme.met} agrees`);
  if (agreement === 'differs') return theme.bad(`${theme.missed} differs`);
  if (agreement === 'too wide') return theme.dim(`${theme.undecided} too wide to compare`);
  return theme.dim(`${theme.undecided} unknown`);
}
