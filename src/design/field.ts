import * as z from 'zod';
import type { DiagnosticCode } from './codes.ts';

/** A quantity or distribution as a user writes it: `50ms`, or a bare number where no unit is needed. */
export type Amount = string | number;

/** What a field is, for the docs, the editor and the messages. */
export interface FieldAccount {
  /** One sentence or phrase that says what the field means. */
  readonly is: string;
  /** What stands for it when it is left out, as a user would write it. */
  readonly default?: Amount;
  /** Name of the constant the default is taken from, where it is one. */
  readonly constant?: string;
}

/** What a field made of a value. */
export type FieldReading<T> =
  | { readonly ok: true; readonly value: T }
  | ({ readonly ok: false } & FieldRefusal);

/** Why a field refused a value; its place in the design is added by whoever reports it. */
export interface FieldRefusal {
  readonly code: DiagnosticCode;
  /** The key within the value that is refused; without it, all of the value. */
  readonly key?: string;
  readonly message?: string;
  readonly found?: string | null;
  readonly expected: string;
  readonly hint?: string | null;
}

/** What a JSON Schema says of the values a field takes. */
export interface FieldShape {
  readonly type: string | readonly string[];
  readonly [keyword: string]: unknown;
}

/** A required field: reads `Input` as written, gives `Output` in base units. */
export type Field<Output, Input> = z.ZodType<Output, Input>;

/**
 * A field with its own reader. It never throws: what it refuses becomes a diagnostic with the code it names.
 *
 * @param shape what an editor should offer and accept
 * @param expected a noun phrase for a value of another sort, e.g. `a whole number`
 */
export function field<Output, Input>(
  account: FieldAccount,
  shape: FieldShape,
  expected: string,
  read: (value: NonNullable<unknown>) => FieldReading<Output>,
): Field<Output, Input> {
  const schema = z.unknown().transform((value, context): Output => {
    const reading = value === undefined || value === null ? refuseNothing(value, expected) : read(value);
    if (reading.ok) return reading.value;
    const { ok: _, ...params } = reading;
    context.addIssue({ code: 'custom', message: params.message ?? params.expected, params });
    return z.NEVER;
  });
  const { is, constant, default: omitted } = account;
  // `default` itself would be dropped where the schema library writes a JSON Schema of what goes in.
  const notes = { expected, ...(constant && { constant }), ...(omitted !== undefined && { omitted }) };
  return schema.meta({ ...shape, ...notes, description: is }) as unknown as Field<Output, Input>;
}

function refuseNothing(value: null | undefined, expected: string): { readonly ok: false } & FieldRefusal {
  if (value === undefined) return { ok: false, code: 'missing-key', expected };
  return { ok: false, code: 'wrong-type', message: 'nothing is written here', expected };
}

/** Accepts a value. */
export function accept<T>(value: T): FieldReading<T> {
  return { ok: true, value };
}

/** Refuses a value of another sort than the field takes. */
export function refuseType(value: unknown, expected: string): { readonly ok: false } & FieldRefusal {
  return { ok: false, code: 'wrong-type', found: showValue(value), expected };
}

/** A value as a message shows it: one line, not endless. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return 'an empty map';
    return `a map with ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', …' : ''}`;
  }
  const text = String(value).slice(0, 61).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
