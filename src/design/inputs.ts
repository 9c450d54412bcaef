import { formatPath, isMap, type Path } from './path.ts';
import type { Plan } from './plan.ts';

/** A number of a design, as it is written: what a user could say otherwise. */
export interface InputNumber {
  readonly path: Path;
  /** Its place without what every place begins with: `shop.view[0].compute`, `visitors.rate`. */
  readonly name: string;
  readonly value: string | number;
}

/**
 * Plans a design again with another value at a place; the rest as it is written. Null where the design would be faulty
 * with it.
 */
export type Revise = (path: Path, value: string | number) => Plan | null;

/** Where there are numbers that a system behaves by. */
const SECTIONS = ['traffic', 'components', 'data', 'network', 'regions', 'distances', 'constants'];
/** Settings that tell of money, of failures and of years: no request is slower for them. */
const ASIDE: ReadonlySet<string> = new Set(['price', 'fails', 'keep', 'growth', 'priority']);
const UNSAID: ReadonlySet<string> = new Set(['traffic', 'components', 'data', 'operations', 'constants']);

/** All numbers of a design that a system behaves by, in the order in which they are written, section by section. */
export function inputsOf(design: unknown): InputNumber[] {
  if (!isMap(design)) return [];
  return SECTIONS.flatMap((section) => within(design[section], [section]));
}

function within(value: unknown, path: Path): InputNumber[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => within(item, [...path, i]));
  if (isMap(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      ASIDE.has(key) ? [] : within(item, [...path, key]),
    );
  }
  if (typeof value !== 'number' && typeof value !== 'string') return [];
  if (movedBy(value, 2).length === 0) return [];
  const said = path.filter((part, i) => !UNSAID.has(String(part)) || (i > 0 && part !== 'operations'));
  return [{ path, name: formatPath(said), value }];
}

const number = /\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/;
const quantity =
  /^\$?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?\s*(?:[A-Za-zµμ%][A-Za-zµμ%\d.]*)?(?:\/\$?[A-Za-zµμ\d]*)?$/;
const law = /^([a-z-]+)\s*\((.*)\)$/s;
const tolerance = /\s*(?:±|\+\/-|\+-).*$/s;

/**
 * A number as it is written, times a factor: what to write instead, the best first, and after it a whole number for
 * where nothing else will do. Of a law the times, and not its shape; of `zipf(…)` the exponent. None where it is no
 * number, or 0.
 */
export function movedBy(value: string | number, factor: number): (string | number)[] {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value <= 0) return [];
    return [...new Set([scaled(value, factor), whole(value, factor)])].filter((each) => each !== value);
  }
  const text = value.trim();
  const [, name, within] = law.exec(text) ?? [];
  if (name !== undefined && within !== undefined) {
    const inside = scaledArguments(name, within, factor);
    return inside === null ? [] : [`${name}(${inside})`];
  }
  const head = text.replace(tolerance, '');
  const ends = head.split('..');
  if (!ends.every((end) => quantity.test(end.trim()))) return [];
  if (/^\d+$/.test(text)) return movedBy(Number(text), factor);
  const moved = ends.map((end) => scaledText(end, factor)).join('..') + text.slice(head.length);
  return moved === text ? [] : [moved];
}

/** What a range says itself: both ends of `low..high`; null where it is no range. */
export function endsOf(value: string | number): readonly [string, string] | null {
  if (typeof value === 'number') return null;
  const ends = (/\(([^()]*\.\.[^()]*)\)$/.exec(value)?.[1] ?? value).split('..').map((end) => end.trim());
  return ends.length === 2 && ends.every((end) => quantity.test(end)) ? [ends[0]!, ends[1]!] : null;
}

const scaled = (value: number, factor: number): number => Number((value * factor).toPrecision(6));

/** Away from the value, by one at least. */
const whole = (value: number, factor: number): number =>
  factor < 1
    ? Math.min(Math.ceil(value) - 1, Math.floor(value * factor))
    : Math.max(Math.floor(value) + 1, Math.ceil(value * factor));

/** Every number of `1h30m`, and the one of `10B/day`; what it is by is left. */
function scaledText(text: string, factor: number): string {
  const slash = text.indexOf('/');
  const head = slash < 0 ? text : text.slice(0, slash);
  const by = slash < 0 ? '' : text.slice(slash);
  return (
    head.replace(new RegExp(number, 'g'), (digits) =>
      String(scaled(Number(digits.replaceAll('_', '')), factor)),
    ) + by
  );
}

function scaledArguments(name: string, within: string, factor: number): string | null {
  let some = false;
  const moved = within.split(',').map((argument) => {
    const [, label = '', said = ''] = /^(\s*(?:[a-zA-Z]\w*\s*[:=])?\s*)(.*?)\s*$/s.exec(argument) ?? [];
    const hasUnit = /[A-Za-zµμ]\s*$/.test(said) && quantity.test(said);
    if (!hasUnit && !(name === 'zipf' && !some && quantity.test(said))) return argument;
    some = true;
    return label + scaledText(said, factor);
  });
  return some ? moved.join(',') : null;
}
