/**
 * What became of a text: a value, or what was found, what was expected and, where one can be given, a hint
 * (a full phrase such as `write 10Mbit or 10MB`). `expected` is a noun phrase such as `a time such as 10ms`.
 *
 * `unit-mismatch`: a quantity, of something else (a size where a time belongs) or without its unit.
 * `not-a-quantity`: not readable as what was asked for. `out-of-range`: readable and impossible.
 */
export type Parsed<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Problem);

/** Why a text was refused. */
export interface Problem {
  readonly code: 'unit-mismatch' | 'not-a-quantity' | 'out-of-range';
  readonly found: string;
  readonly expected: string;
  readonly hint: string | null;
}

const shownLengthMax = 60;

export function accept<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refuse(
  code: Problem['code'],
  found: string | number,
  expected: string,
  hint: string | null = null,
): { readonly ok: false } & Problem {
  return { ok: false, code, found: shown(found), expected, hint };
}

/** The input as a message can show it: one line, not endless. */
export function shown(input: string | number): string {
  const text = String(input)
    .slice(0, shownLengthMax + 1)
    .replace(/\s+/g, ' ');
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}…` : text;
}

/** The input as text without the white space around it; null when that is longer than `lengthMax`. */
export function textWithin(lengthMax: number, input: string | number): string | null {
  const text = String(input).trim();
  return text.length > lengthMax ? null : text;
}
