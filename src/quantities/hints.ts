import { type Dimension, dimensions, type UnitKind } from './dimension.ts';
import { unitTables } from './units.ts';
import { unitOf, type WrittenNumber } from './written-number.ts';

/** Likely slips that no change of case explains, with what was probably meant. */
const slips: Readonly<Record<UnitKind, Readonly<Record<string, readonly string[]>>>> = {
  time: {
    M: ['min', 'month'],
    hr: ['h'],
    hrs: ['h'],
    mins: ['min'],
    secs: ['s'],
    msec: ['ms'],
    usec: ['us'],
    w: ['week'],
    yr: ['y'],
    mo: ['month'],
  },
  size: {
    '': ['B'],
    b: ['bit', 'B'],
    kb: ['kbit', 'kB'],
    Kb: ['kbit', 'kB'],
    mb: ['Mbit', 'MB'],
    Mb: ['Mbit', 'MB'],
    gb: ['Gbit', 'GB'],
    Gb: ['Gbit', 'GB'],
    tb: ['Tbit', 'TB'],
    Tb: ['Tbit', 'TB'],
    k: ['kB'],
    K: ['kB'],
    M: ['MB'],
    G: ['GB'],
    T: ['TB'],
    P: ['PB'],
    Ki: ['KiB'],
    Mi: ['MiB'],
    Gi: ['GiB'],
    Ti: ['TiB'],
    Pi: ['PiB'],
  },
  count: {
    G: ['B'],
    g: ['B'],
    bn: ['B'],
    thousand: ['k'],
    million: ['M'],
    billion: ['B'],
    trillion: ['T'],
    mil: ['M'],
  },
  ratio: { percent: ['%'], X: ['x'] },
};

/** Whole units that are common elsewhere, as one word each. */
const words: Readonly<Partial<Record<Dimension, Readonly<Record<string, readonly string[]>>>>> = {
  rate: {
    rps: ['/s'],
    qps: ['/s'],
    tps: ['/s'],
    Hz: ['/s'],
    'req/s': ['/s'],
    'requests/s': ['/s'],
    rpm: ['/min'],
  },
  bandwidth: {
    kbs: ['kbps', 'kB/s'],
    mbps: ['Mbps'],
    gbps: ['Gbps'],
    MBps: ['MB/s'],
    GBps: ['GB/s'],
  },
};

/** A user's text may be `constructor`, which every object answers to. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function meant(kind: UnitKind, symbol: string): readonly string[] {
  const slip = own(slips[kind], symbol);
  if (slip !== undefined) return slip;
  const lower = symbol.toLowerCase();
  const matches = [...unitTables[kind]].filter(([known]) => known !== '' && known.toLowerCase() === lower);
  return [...new Set(matches.map(([, unit]) => unit.symbol))];
}

/** Fix for each wrong symbol alone, the others kept. */
function respelled(written: WrittenNumber, dimension: Dimension): readonly string[] {
  const { numerator, dollars, per } = dimensions[dimension];
  const whole = own(words[dimension] ?? {}, written.units.join('/'));
  if (whole !== undefined) return whole.map((unit) => `${written.digits}${unit}`);
  const kinds: readonly UnitKind[] = [numerator, ...per];
  if (dimension === 'bandwidth' && written.units.length === 1) {
    return meant('size', written.units[0] ?? '').map((unit) => `${written.digits}${unit}/s`);
  }
  if (written.units.length !== kinds.length) return [];
  let readings = [`${dollars ? '$' : ''}${written.digits}`];
  for (const [index, symbol] of written.units.entries()) {
    const kind = kinds[index] ?? 'count';
    const options = unitTables[kind].has(symbol) ? [symbol] : meant(kind, symbol);
    const slash = index === 0 ? '' : '/';
    readings = readings.flatMap((reading) => options.map((option) => `${reading}${slash}${option}`));
  }
  return readings;
}

/** Units to offer to one who wrote a bare number. */
const usual: Readonly<Partial<Record<Dimension, readonly string[]>>> = {
  time: ['ms', 's'],
  rate: ['/s', '/day'],
  growth: ['/s', '/day'],
  size: ['B', 'MB'],
  bandwidth: ['Mbit/s', 'MB/s'],
};

/** What the writer of a refused text probably meant, as `write 10Mbit or 10MB`; null when nobody can tell. */
export function hintFor(text: string, written: WrittenNumber | null, dimension: Dimension): string | null {
  if (/^\d{1,3}(,\d{3})+/.test(text)) return `write ${text.replaceAll(',', '')}, without commas`;
  if (/^\.\d/.test(text)) return `write 0${text}`;
  if (/\sper\s/.test(text)) return `write ${text.replace(/\s+per\s+/g, '/')}`;
  if (written === null) return null;
  const bare = written.units.length === 1 && written.units[0] === '';
  let readings: readonly string[];
  if (dimensions[dimension].dollars && !written.dollars) readings = dollarsFirst(written, dimension);
  else if (bare && usual[dimension]) readings = usual[dimension].map((unit) => `${written.digits}${unit}`);
  else readings = respelled(written, dimension);
  return readings.length === 0 ? null : `write ${readings.join(' or ')}`;
}

/** `0.10$/GB` → `$0.10/GB`, when that is a price of the kind that is expected. */
function dollarsFirst({ digits, units }: WrittenNumber, dimension: Dimension): readonly string[] {
  const bare = units.map((unit) => unit.replace(/\$|USD|usd/, '').trim());
  const known = unitOf({ dollars: true, digits, units: bare }, dimension) !== null;
  return known ? [`$${digits}${bare.join('/')}`] : [];
}
