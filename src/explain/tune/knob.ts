import { edited, type KindKnob, type Plan } from '../../design/index.ts';
import { formatPath, isMap, type Path, valueAt } from '../../design/path.ts';
import { type Dimension, nearestName, parseQuantity, printQuantity } from '../../quantities/index.ts';
import { designValue, writtenValue } from '../advise/more.ts';
import { componentKnobs, type KnobKinds, type PlanKnob } from '../sensitivity/knobs.ts';

/** A setting to tune, with the values that it may take, ascending. */
export interface Knob {
  readonly name: string;
  readonly path: Path;
  readonly values: readonly KnobValue[];
  /** Position of the value that the design has; null where that is none of them. */
  readonly now: number | null;
  /** The value of the design as it says it; null where it says none. */
  readonly said: string | null;
}

/** A value as a design says it. */
export type KnobValue = string | number;

/** What a knob is asked for by: `api.instances`, `api.instances=2..20`, `edge.algorithm=random,round-robin`. */
export class FaultyKnob extends RangeError {
  override readonly name = 'FaultyKnob';
}

/** Whole numbers are all tried up to so many; further apart, and all else, in so many steps of equal ratio. */
const ALL_UP_TO = 64;
const STEPS = 12;
/** Unless said, a knob goes from so much of what it is to so many times that. */
const AROUND = 4;
const DIMENSIONS = [
  'count',
  'time',
  'size',
  'bandwidth',
  'ratio',
  'rate',
] as const satisfies readonly Dimension[];

/** Knobs of a design, each by what it was asked for by; without any, those that the kinds of its components have. */
export function knobsOf(asked: readonly string[], design: unknown, plan: Plan, kinds: KnobKinds): Knob[] {
  const known = kindKnobs(plan, kinds);
  if (asked.length === 0) return known.map(({ name, path, knob }) => around(name, path, knob, design));
  const knobs = asked.map((text) => readKnob(text, design, known));
  const twice = knobs.find(({ name }, i) => knobs.findIndex((each) => each.name === name) < i);
  if (twice !== undefined) throw new FaultyKnob(`${twice.name} is asked for twice`);
  return knobs;
}

interface KnownKnob {
  readonly name: string;
  readonly path: Path;
  readonly knob: PlanKnob;
}

function kindKnobs(plan: Plan, kinds: KnobKinds): KnownKnob[] {
  return plan.components.flatMap((component) =>
    componentKnobs(plan, component, kinds).map((knob) => ({
      name: [component.name, ...knob.setting].join('.'),
      path: ['components', component.name, ...knob.setting],
      knob,
    })),
  );
}

function around(name: string, path: Path, knob: KindKnob, design: unknown): Knob {
  const low = Math.max(knob.least, Math.min(knob.now, knob.most) / AROUND);
  const high = Math.min(knob.most, Math.max(knob.now * AROUND, knob.now + 1));
  const values = grid(knob.dimension, knob.dimension === 'count' ? Math.ceil(low) : low, high, knob.now);
  return {
    name,
    path,
    values: values.map((value) => designValue(knob, value)),
    now: values.indexOf(knob.now),
    said: saidAt(design, path) ?? writtenValue(knob, knob.now),
  };
}

function readKnob(text: string, design: unknown, known: readonly KnownKnob[]): Knob {
  const [, name = '', range] = /^([^=]+)(?:=(.+))?$/.exec(text.trim()) ?? [];
  const found = known.find((each) => each.name === name);
  if (range === undefined) {
    if (found !== undefined) return around(name, found.path, found.knob, design);
    const names = known.map((each) => each.name);
    throw new FaultyKnob(
      `${name || text} is no knob that is known: say its values, such as ${name || 'api.instances'}=2..20${meant(name, names)}; known: ${names.join(', ')}`,
    );
  }
  const path = found?.path ?? pathOf(name, design);
  const said = saidAt(design, path);
  const ends = range.split('..');
  if (ends.length === 1) {
    const words = range.split(',').map((word) => word.trim());
    if (words.length < 2 || words.includes(''))
      throw new FaultyKnob(`${text}: expected values such as 2..20, or a,b,c`);
    const values = words.map((word) => (/^\d+$/.test(word) ? Number(word) : word));
    const now = values.findIndex((value) => String(value) === said);
    return { name, path, values, now: now < 0 ? null : now, said };
  }
  const [low, high, dimension] = bounds(text, ends);
  if (found?.knob.ofMachine === true && high > found.knob.most) {
    const most = writtenValue(found.knob, found.knob.most);
    throw new FaultyKnob(`${text}: the largest machine has ${most}; more than that are more machines`);
  }
  const present = found?.knob.now ?? (said === null ? null : amount(said, dimension));
  const within = present !== null && present >= low && present <= high ? present : null;
  const numbers = grid(dimension, low, high, within);
  const writer = found?.knob.dimension === dimension ? found.knob : null;
  return {
    name,
    path,
    values: numbers.map((value) =>
      writer === null ? plainValue(value, dimension) : designValue(writer, value),
    ),
    now: within === null ? null : numbers.indexOf(within),
    said: said ?? (writer === null ? null : writtenValue(writer, writer.now)),
  };
}

function bounds(text: string, ends: readonly string[]): [number, number, Dimension] {
  const [from = '', to = ''] = ends.map((end) => end.trim());
  for (const dimension of DIMENSIONS) {
    const [low, high] = [amount(from, dimension), amount(to, dimension)];
    if (low === null || high === null) continue;
    if (low > high)
      throw new FaultyKnob(`${text}: the first value must be below the second; did you mean ${to}..${from}?`);
    if (low === high)
      throw new FaultyKnob(`${text}: the first value must be below the second, and both are ${from}`);
    if (!(low > 0)) throw new FaultyKnob(`${text}: the values must be above 0`);
    if (dimension === 'count' && !(Number.isInteger(low) && Number.isInteger(high)))
      throw new FaultyKnob(`${text}: without a unit, values are whole numbers; ${wholeBetween(low, high)}`);
    return [low, high, dimension];
  }
  throw new FaultyKnob(
    `${text}: ${whatIsWrong(from, to)}; expected two values of one sort, such as 2..20, 100ms..1s, 1GB..64GB or 5%..50%`,
  );
}

/** The whole numbers between two of which one is none. */
function wholeBetween(low: number, high: number): string {
  const [first, last] = [Math.max(1, Math.ceil(low)), Math.floor(high)];
  if (first > last) return `there is none from ${low} to ${high}`;
  return first === last
    ? `from ${low} to ${high} there is ${first} alone`
    : `did you mean ${first}..${last}?`;
}

/** Why two ends are of no sort together. */
function whatIsWrong(from: string, to: string): string {
  const isKnown = (end: string): boolean => DIMENSIONS.some((dimension) => amount(end, dimension) !== null);
  const unknown = [from, to].find((end) => !isKnown(end));
  if (unknown !== undefined) return unknown === '' ? 'one end is missing' : `${unknown} is no value`;
  const bare = [from, to].find((end) => amount(end, 'count') !== null);
  return bare === undefined ? `${from} and ${to} are of two sorts` : `${bare} has no unit`;
}

function amount(text: string, dimension: Dimension): number | null {
  const read = parseQuantity(text, dimension);
  return read.ok && read.value.low === read.value.high ? read.value.value : null;
}

/** The nearest valid name, to stand in a sentence; nothing where none is near. */
function meant(name: string, valid: readonly string[]): string {
  const near = nearestName(name, valid);
  return near === null ? '' : `; did you mean ${near}?`;
}

/** Values from one to another, both of them and the present one included. */
function grid(dimension: Dimension, low: number, high: number, present: number | null): number[] {
  const whole = dimension === 'count';
  if (whole && high - low < ALL_UP_TO) return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const steps = Array.from({ length: STEPS + 1 }, (_, i) => {
    const value = Number((low * (high / low) ** (i / STEPS)).toPrecision(3));
    return whole ? Math.round(value) : value;
  });
  const all = [low, high, ...steps, ...(present === null ? [] : [present])];
  return [...new Set(all)].filter((value) => value >= low && value <= high).sort((a, b) => a - b);
}

function plainValue(value: number, dimension: Dimension): KnobValue {
  const text = printQuantity({ value, low: value, high: value }, dimension);
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** `shop.operations.view.1.timeout` as a way through the design; a number is a place in a list. */
function pathOf(name: string, design: unknown): Path {
  const parts = name.split('.');
  const [first = ''] = parts;
  const { components } = design as { readonly components: Readonly<Record<string, unknown>> };
  if (!Object.hasOwn(components, first)) {
    const all = Object.keys(components);
    throw new FaultyKnob(`${name} names no component${meant(first, all)}; there are ${all.join(', ')}`);
  }
  if (parts.length < 2) throw new FaultyKnob(`${name} names a component, and no setting of it`);
  const path: (string | number)[] = ['components'];
  for (const part of parts) {
    const here = valueAt(design, path);
    path.push(Array.isArray(here) && /^\d+$/.test(part) ? Number(part) : part);
  }
  try {
    edited(design, [{ path, value: null }]);
  } catch (error) {
    throw new FaultyKnob(`${name} leads nowhere: ${formatPath(path)}`, { cause: error });
  }
  return path;
}

function saidAt(design: unknown, path: Path): string | null {
  const said = valueAt(design, path);
  return said === undefined || said === null || isMap(said) || Array.isArray(said) ? null : String(said);
}
