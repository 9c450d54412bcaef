import { type Dimension, dimensions } from './dimension.ts';
import type { Distribution } from './distribution.ts';
import { type LawForm, laws, lognormalThrough } from './law-forms.ts';
import { nearestName } from './nearest-name.ts';
import { lawLengthMax, parseArgument, splitLaw, type WrittenLaw } from './parse-arguments.ts';
import { parseNumber } from './parse-number.ts';
import { parseSpread, type Spread } from './parse-quantity.ts';
import { accept, type Parsed, refuse, textWithin } from './parsed.ts';

/** Gives the values of a file, in base units; throws an Error that says why it cannot. */
export type ReadValues = (path: string) => readonly number[];

/**
 * Reads a law, in base units: `10ms` (constant), `exponential(10ms)`, `lognormal(p50: 2ms, p99: 9ms)`, … as
 * law-forms.ts lists them, `empirical(1ms, 2ms)` or, where `files` is given, `empirical(file: times.csv)`.
 * `5ms..20ms` is the lognormal with these 5 % and 95 % quantiles, `1h ± 10%` is uniform. Values are never
 * negative. A bare number is read only as a constant count or ratio. A text of more than 100,000 characters
 * is refused.
 */
export function parseDistribution(
  input: string | number,
  dimension: Dimension,
  files?: ReadValues,
): Parsed<Distribution> {
  const expected = `${dimensions[dimension].words}, or a law of it`;
  const text = textWithin(lawLengthMax, input);
  if (text === null) return refuse('not-a-quantity', input, expected, 'the text is too long');
  const written = splitLaw(text);
  if (written === null) {
    const spread = parseSpread(text, dimension);
    return spread.ok ? lawOfSpread(text, spread.value) : spread;
  }
  if (!written.ok) return written;
  const { name } = written.value;
  const result =
    name === 'empirical'
      ? parseEmpirical(text, written.value, dimension, files)
      : Object.hasOwn(laws, name)
        ? parseLaw(text, written.value, dimension)
        : null;
  if (result !== null) return result;
  const near = nearestName(name, [...Object.keys(laws), 'empirical']);
  return refuse('not-a-quantity', text, expected, near === null ? null : `did you mean ${near}?`);
}

function lawOfSpread(text: string, spread: Spread): Parsed<Distribution> {
  switch (spread.form) {
    case 'exact':
      return accept({ law: 'constant', value: spread.value });
    case 'plus-minus':
      return accept({ law: 'uniform', low: spread.low, high: spread.high });
    case 'range': {
      const { low, high } = spread;
      if (low === high) return accept({ law: 'constant', value: low });
      if (low > 0) return accept(lognormalThrough([0.05, low], [0.95, high]));
      const [left = '', right = ''] = text.split('..');
      const hint = `write uniform(${left.trim()}, ${right.trim()}) for any value up to the high end`;
      return refuse('out-of-range', text, 'a range that starts above 0', hint);
    }
    case 'estimate':
      return refuse('not-a-quantity', text, 'a law', 'write lognormal(p50: …, p99: …)');
  }
}

function formText(name: string, { parameters }: LawForm): string {
  return `${name}(${parameters.map(([parameter]) => `${parameter}: …`).join(', ')})`;
}

function parseLaw(text: string, written: WrittenLaw, dimension: Dimension): Parsed<Distribution> {
  const { name, positional, named } = written;
  const account = laws[name as keyof typeof laws];
  const forms = account.forms.filter(({ parameters }) =>
    positional.length > 0
      ? account.positional && parameters.length === positional.length
      : parameters.length === named.size && parameters.every(([parameter]) => named.has(parameter)),
  );
  const [form] = forms;
  if (form === undefined) {
    const shownForms = account.forms.slice(0, 2).map((each) => formText(name, each));
    const known = account.forms.flatMap(({ parameters }) => parameters.map(([parameter]) => parameter));
    const stranger = [...named.keys()].find((key) => !known.includes(key));
    const near = stranger === undefined ? null : nearestName(stranger, known);
    const unnamed = positional.length > 0 && !account.positional ? 'its parameters need their names' : null;
    const hint = near === null ? unnamed : `did you mean ${near}:?`;
    return refuse('not-a-quantity', text, shownForms.join(' or '), hint);
  }
  const values: number[] = [];
  for (const [index, [parameter, type, above]] of form.parameters.entries()) {
    const argument = positional[index] ?? named.get(parameter) ?? '';
    const parsed = parseArgument(parameter, argument, type, dimension);
    if (!parsed.ok) return parsed;
    if (above && parsed.value <= 0) return refuse('out-of-range', text, `${parameter} above 0`);
    values.push(parsed.value);
  }
  const built = form.build(values);
  if (!('law' in built)) return refuse('out-of-range', text, built.expected, built.hint);
  if (isRepresentable(built)) return accept(built);
  return refuse('out-of-range', text, 'parameters that are neither too large nor too small to compute with');
}

/** Whether the arithmetic on valid parameters stayed within what a number can hold. */
function isRepresentable(d: Distribution): boolean {
  const { law, ...parameters } = d;
  const may0 = law === 'constant' || law === 'uniform' || law === 'normal' || law === 'lognormal';
  return Object.entries(parameters).every(
    ([name, value]) => Number.isFinite(value) && (may0 || name === 'p' || Number(value) > 0),
  );
}

function parseEmpirical(
  text: string,
  { positional, named }: WrittenLaw,
  dimension: Dimension,
  files: ReadValues | undefined,
): Parsed<Distribution> {
  const form = 'empirical(value, value, …) or empirical(file: values.csv)';
  const path = named.get('file');
  if (path !== undefined && named.size === 1) return parseEmpiricalFile(path, files);
  if (positional.length === 0) return refuse('not-a-quantity', text, form);
  const values: number[] = [];
  for (const [index, piece] of positional.entries()) {
    const parsed = parseNumber(piece, dimension);
    if (!parsed.ok) return { ...parsed, found: `value ${index + 1}: ${parsed.found}` };
    values.push(parsed.value);
  }
  return accept({ law: 'empirical', values: values.sort((a, b) => a - b) });
}

function parseEmpiricalFile(path: string, files: ReadValues | undefined): Parsed<Distribution> {
  const expected = 'a file of at least one number, none negative';
  if (files === undefined)
    return refuse('not-a-quantity', path, 'a list of values', 'no files can be read here');
  let values: readonly number[];
  try {
    values = files(path.replace(/^(['"])(.*)\1$/, '$2'));
  } catch (error) {
    return refuse('not-a-quantity', path, expected, error instanceof Error ? error.message : String(error));
  }
  if (values.length === 0) return refuse('not-a-quantity', path, expected, 'the file is empty');
  const bad = values.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (bad >= 0) return refuse('out-of-range', path, expected, `value ${bad + 1} is ${values[bad]}`);
  return accept({ law: 'empirical', values: [...values].sort((a, b) => a - b) });
}
