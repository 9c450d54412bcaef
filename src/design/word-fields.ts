import * as z from 'zod';
import type { Headers } from '../blocks/index.ts';
import { nearestName } from '../quantities/index.ts';
import {
  accept,
  type Field,
  type FieldAccount,
  type FieldRefusal,
  field,
  refuseType,
  showValue,
} from './field.ts';
import { isMap } from './path.ts';
import { isName } from './plain-name.ts';
import { isHeaderValue, readHeaders } from './routes.ts';

/** One of a few words. */
export function choice<const W extends string>(words: readonly W[], account: FieldAccount): Field<W, W> {
  const expected = oneOf(words);
  return field(account, { type: 'string', enum: words }, expected, (value) => {
    const word = words.find((each) => each === value);
    if (word !== undefined) return accept(word);
    if (typeof value !== 'string') return refuseType(value, expected);
    return { ok: false, ...refuseWord(value, words) };
  });
}

/** One of a few numbers. */
export function numberChoice<const N extends number>(
  numbers: readonly N[],
  account: FieldAccount,
): Field<N, N> {
  const expected = oneOf(numbers.map(String));
  return field(account, { type: 'number', enum: numbers }, expected, (value) => {
    const number = numbers.find((each) => each === value || String(each) === value);
    if (number !== undefined) return accept(number);
    if (typeof value !== 'number') return refuseType(value, expected);
    return { ok: false, code: 'out-of-range', found: String(value), expected };
  });
}

/** What a block can be of: where a design names one, it may be one of the user's own. */
export type BlockTheme = 'evict' | 'balance' | 'backoff' | 'limit';

declare const ownBlock: unique symbol;

/** The name of a block of the user's own, as the types know it: no word of the language. */
export type OwnName<Theme extends BlockTheme = BlockTheme> = string & { readonly [ownBlock]: Theme };

/** The fields that name a block, with the names of the built-in ones. */
const blockFields = z.registry<{ readonly theme: BlockTheme; readonly words: readonly string[] }>();

/**
 * One of a few words, each a block's, or a block of the user's own. Which of these there are the schema cannot know:
 * any word passes, and `own-names.ts` looks whether it names something.
 */
export function blockChoice<const W extends string, Theme extends BlockTheme>(
  theme: Theme,
  words: readonly W[],
  account: FieldAccount,
): Field<W | OwnName<Theme>, W | OwnName<Theme>> {
  const expected = oneOf(words);
  const schema = field<W | OwnName<Theme>, W | OwnName<Theme>>(
    account,
    { type: 'string', enum: words },
    expected,
    (value) => (typeof value === 'string' ? accept(value as OwnName<Theme>) : refuseType(value, expected)),
  );
  blockFields.add(schema, { theme, words });
  return schema;
}

/** What a field made by {@link blockChoice} may name; undefined for any other. */
export function blockField(schema: z.core.$ZodType) {
  return blockFields.get(schema);
}

/** Why a word is refused that is none of these. */
export function refuseWord(value: string, words: readonly string[]): FieldRefusal {
  const near = nearestName(value, words) ?? words.find((each) => bare(each).startsWith(bare(value))) ?? null;
  const hint = near === null ? null : `did you mean ${near}?`;
  return { code: 'unknown-value', found: showValue(value), expected: oneOf(words), hint };
}

const oneOf = (words: readonly string[]): string =>
  words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`;

/** A word without what people write differently, so that leastconn is the beginning of least-connections. */
const bare = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '') || '-';

/**
 * A list of 1 to 1000 names, each once.
 *
 * @param expected the list as a noun phrase with an example
 */
export function names(expected: string, account: FieldAccount): Field<string[], readonly string[]> {
  const input = { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true };
  return field<string[], readonly string[]>(account, input, expected, (value) => {
    if (!Array.isArray(value)) return refuseType(value, expected);
    const read = value.map((each) => (typeof each === 'string' ? each.trim() : each));
    if (read.length < 1 || read.length > 1000) {
      return { ok: false, code: 'out-of-range', found: `a list of ${read.length}`, expected };
    }
    for (const [index, name] of read.entries()) {
      if (typeof name !== 'string') return refuseType(name, expected);
      if (!isName(name)) return { ok: false, code: 'bad-name', found: showValue(name), expected };
      if (read.indexOf(name) < index) {
        return { ok: false, code: 'unknown-value', found: `${showValue(name)} twice`, expected };
      }
    }
    return accept(read as string[]);
  });
}

/** `true` or `false`. */
export function flag(account: FieldAccount): Field<boolean, boolean> {
  const expected = 'true or false';
  return field(account, { type: 'boolean' }, expected, (value) =>
    typeof value === 'boolean' ? accept(value) : refuseType(value, expected),
  );
}

/** A line of text, at most 1000 characters. A number is text as well: `over: 301`. */
export function line(account: FieldAccount): Field<string, string | number> {
  const expected = 'a text';
  return field(account, { type: ['string', 'number'] }, expected, (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return refuseType(value, expected);
    const text = String(value).trim();
    if (text.length > 0 && text.length <= 1000) return accept(text);
    return {
      ok: false,
      code: 'out-of-range',
      found: `${text.length} characters`,
      expected: '1 to 1000 characters',
    };
  });
}

/**
 * A map with known keys; any other key is a problem, answered with the nearest of the known ones.
 *
 * @param what the map in words, e.g. `a service`
 */
export function section<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  return z.strictObject(shape, {
    error: () => sectionMark + JSON.stringify({ what, keys: Object.keys(shape), inner: innerKeys(shape) }),
  });
}

/** Keys of the maps directly within a map, each with the way to it, such as `quorum.replicas`. */
function innerKeys(shape: z.core.$ZodLooseShape): string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    let def = definitionOf(schema);
    while (def?.innerType !== undefined) def = definitionOf(def.innerType);
    return Object.keys(def?.shape ?? {}).map((each) => `${key}.${each}`);
  });
}

const definitionOf = (schema: unknown): { innerType?: unknown; shape?: object } | undefined =>
  (schema as { _zod?: { def: object } })._zod?.def;

/** Begins the message by which a section tells the reporter of problems what keys it knows. */
export const sectionMark = 'section:';

/** A word that names something: a component, data, an operation. What it names is checked elsewhere. */
export function reference(expected: string, account: FieldAccount): Field<string, string> {
  return field(account, { type: 'string' }, expected, (value) =>
    typeof value === 'string' ? accept(value.trim()) : refuseType(value, expected),
  );
}

/** One name, or a list of names, as a list. */
export function references(each: string, account: FieldAccount): Field<string[], string | string[]> {
  const expected = `${each}, or a list of them`;
  const shape = { type: ['string', 'array'], items: { type: 'string' }, minItems: 1 };
  return field<string[], string | string[]>(account, shape, expected, (value) => {
    const list: readonly unknown[] = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
    const words = list.flatMap((item) => (typeof item === 'string' ? [item.trim()] : []));
    return words.length > 0 && words.length === list.length ? accept(words) : refuseType(value, expected);
  });
}

/**
 * A map from names to names, 1 to 1000 of them. What either names is checked elsewhere.
 *
 * @param expected the map as a noun phrase with an example
 */
export function namesByName(
  expected: string,
  account: FieldAccount,
): Field<Readonly<Record<string, string>>, Readonly<Record<string, string>>> {
  const input = { type: 'object', additionalProperties: { type: 'string' }, minProperties: 1 };
  return field<Readonly<Record<string, string>>, Readonly<Record<string, string>>>(
    account,
    input,
    expected,
    (value) => {
      if (!isMap(value)) return refuseType(value, expected);
      const entries = Object.entries(value);
      if (entries.length < 1 || entries.length > 1000) {
        return { ok: false, code: 'out-of-range', found: `a map of ${entries.length}`, expected };
      }
      const wrong = entries.find(([, name]) => typeof name !== 'string');
      if (wrong !== undefined) return refuseType(wrong[1], expected);
      return accept(Object.fromEntries(entries.map(([name, other]) => [name, String(other).trim()])));
    },
  );
}

/** The name of a header field is a token (RFC 9110, 5.1 and 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Header fields by name, each a text, a number, true or false; at most 100 of at most 1000 characters. */
export function headers(
  account: FieldAccount,
): Field<Headers, Readonly<Record<string, string | number | boolean>>> {
  const expected = 'a map of header fields, such as { version: 2 }';
  const values = { type: ['string', 'number', 'boolean'] };
  const shape = { type: 'object', additionalProperties: values, minProperties: 1 };
  return field<Headers, Readonly<Record<string, string | number | boolean>>>(
    account,
    shape,
    expected,
    (value) => {
      if (!isMap(value)) return refuseType(value, expected);
      const fields = Object.entries(value);
      const wrong = fields.find(([, each]) => !isHeaderValue(each));
      if (wrong !== undefined)
        return {
          ...refuseType(wrong[1], 'a text or a number'),
          message: `the header \`${showValue(wrong[0])}\` has no value that can be compared`,
        };
      const long = fields.some((pair) => pair.some((each) => String(each).length > 1000));
      if (fields.length === 0 || fields.length > 100 || long) {
        return {
          ok: false,
          code: 'out-of-range',
          found: long ? 'a longer one' : `${fields.length} header fields`,
          expected: '1 to 100 header fields of at most 1000 characters',
        };
      }
      const nameless = fields.find(([name]) => !TOKEN.test(name));
      if (nameless !== undefined) {
        return {
          ok: false,
          code: 'bad-name',
          key: nameless[0],
          message: `\`${showValue(nameless[0])}\` cannot be the name of a header field`,
          expected: "letters, digits and the signs ! # $ % & ' * + - . ^ _ ` | ~, at least one",
        };
      }
      const names = fields.map(([name]) => name.toLowerCase());
      const again = names.findIndex((name, i) => names.indexOf(name) < i);
      if (again < 0) return accept(readHeaders(value));
      return {
        ok: false,
        code: 'duplicate-key',
        key: fields[again]![0],
        message: `the header \`${fields[again]![0]}\` stands here already, as \`${fields[names.indexOf(names[again]!)]![0]}\``,
        expected: 'each once, whatever its case',
      };
    },
  );
}

/** The path of an operation, `/view`, or the beginning of several with a star at the end. */
export function pathPattern(account: FieldAccount): Field<string, string> {
  const expected = 'a path such as /view, or /checkout* for all that begin so';
  return field(account, { type: 'string', pattern: '^\\s*/[^*]*\\*?\\s*$' }, expected, (value) => {
    if (typeof value !== 'string') return refuseType(value, expected);
    const path = value.trim();
    if (/^\/[^*]*\*?$/.test(path)) return accept(path);
    const hint = path.startsWith('/') ? 'a star stands at the end' : `write /${showValue(path)}`;
    const message = `\`${showValue(value)}\` is no path that a route can take`;
    return { ok: false, code: 'unknown-value', message, expected, hint };
  });
}
