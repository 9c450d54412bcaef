import { formatQuantity } from '../quantities/index.ts';
import type { Path } from './path.ts';

/** Characters a design file may have; the largest honest design is a tenth of it. */
export const longestText = 1_000_000;
/** Levels of nesting a design may have; the language itself needs about a dozen. */
export const deepestNesting = 64;
/** Maps, lists and scalars a design may hold once its aliases are written out. */
export const mostValues = 30_000;
/** Key names that would reach into JavaScript's objects. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A count as a message says it: `30k`. */
export const many = (count: number): string => formatQuantity(count, 'count', { digits: 7 });

/** The problem of a value that lies too deep. */
export function tooDeep(path: Path) {
  return {
    code: 'too-deep' as const,
    path,
    message: `values are nested more than ${deepestNesting} levels deep here`,
    expected: `at most ${deepestNesting} levels`,
  };
}

/** The problem of a design that is too large. */
export function tooManyValues(path: Path) {
  return {
    code: 'too-many-values' as const,
    path: path.slice(0, 4),
    message: `the file holds more than ${many(mostValues)} values, aliases written out`,
    expected: `at most ${many(mostValues)} maps, lists and values`,
  };
}
