import type { Dimension } from './dimension.ts';
import { parseNumber } from './parse-number.ts';
import { accept, type Parsed, refuse } from './parsed.ts';

/** Longest text of a law that is read; room for an `empirical` list of a few thousand values. */
export const lawLengthMax = 100_000;

/** `name(argument, label: argument, …)`, arguments still as text. */
export interface WrittenLaw {
  readonly name: string;
  readonly positional: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

/** Splits `name(…)`; null when the text does not look like a call or a bare name, i.e. may be a quantity. */
export function splitLaw(text: string): Parsed<WrittenLaw> | null {
  if (!/^[a-zA-Z]/.test(text)) return null;
  const open = text.indexOf('(');
  const name = (open < 0 ? text : text.slice(0, open)).trim();
  if (open < 0) return accept({ name, positional: [], named: new Map() });
  const form = `${name}(…)`;
  if (!text.endsWith(')')) {
    return refuse('not-a-quantity', text, form, 'the closing parenthesis is missing or not at the end');
  }
  const inside = text.slice(open + 1, -1);
  if (/[()]/.test(inside)) return refuse('not-a-quantity', text, `${form} without parentheses inside`);
  const positional: string[] = [];
  const named = new Map<string, string>();
  for (const piece of inside.trim() === '' ? [] : inside.split(',')) {
    const label = /^\s*([a-zA-Z]\w*)\s*[:=]/.exec(piece);
    const value = piece.slice(label?.[0].length ?? 0).trim();
    if (value === '') return refuse('not-a-quantity', text, `${form} with a value after each comma`);
    if (label?.[1] === undefined) positional.push(value);
    else if (named.has(label[1])) return refuse('not-a-quantity', text, `${form} with each name once`);
    else named.set(label[1], value);
  }
  if (positional.length > 0 && named.size > 0) {
    return refuse('not-a-quantity', text, `${form} with all arguments named or none`);
  }
  return accept({ name, positional, named });
}

/** What a parameter is: of the dimension that the law speaks of, a plain number, or a signed one. */
export type ParameterType = 'quantity' | 'number' | 'probability' | 'signed';

/** Reads one argument; the problem's `found` names the argument. */
export function parseArgument(
  name: string,
  text: string,
  type: ParameterType,
  dimension: Dimension,
): Parsed<number> {
  const signed = type === 'signed' && text.startsWith('-');
  const parsed = parseNumber(signed ? text.slice(1) : text, type === 'quantity' ? dimension : 'ratio');
  if (!parsed.ok) return { ...parsed, found: `${name}: ${parsed.found}` };
  if (type === 'probability' && parsed.value > 1) {
    return refuse('out-of-range', `${name}: ${text}`, 'a probability from 0 to 1');
  }
  return signed ? accept(0 - parsed.value) : parsed;
}
