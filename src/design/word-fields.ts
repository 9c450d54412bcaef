import * as z from 'zod';
import { nearestName } from '../quantities/index.ts';
import { accept, type Field, type FieldAccount, field, refuseType, showValue } from './field.ts';

/** One of a few words. */
export function choice<const W extends string>(words: readonly W[], account: FieldAccount): Field<W, W> {
  const expected = words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`;
  return field(account, { type: 'string', enum: words }, expected, (value) => {
    const word = words.find((each) => each === value);
    if (word !== undefined) return accept(word);
    if (typeof value !== 'string') return refuseType(value, expected);
    const near =
      nearestName(value, words) ?? words.find((each) => bare(each).startsWith(bare(value))) ?? null;
    const hint = near === null ? null : `did you mean ${near}?`;
    return { ok: false, code: 'unknown-value', found: showValue(value), expected, hint };
  });
}

/** A word without what people write differently, so that leastconn is the beginning of least-connections. */
const bare = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '') || '-';

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
    error: () => sectionMark + JSON.stringify({ what, keys: Object.keys(shape) }),
  });
}

/** Begins the message by which a section tells the reporter of problems what keys it knows. */
export const sectionMark = 'section:';

/** A word that names something: a component, data, an operation. What it names is checked elsewhere. */
export function reference(expected: string, account: FieldAccount): Field<string, string> {
  return field(account, { type: 'string' }, expected, (value) =>
    typeof value === 'string' ? accept(value.trim()) : refuseType(value, expected),
  );
}
