import { deepestNesting, forbiddenKeys, mostValues, tooDeep, tooManyValues } from './limits.ts';
import type { Path } from './path.ts';
import { collectProblems, type Problems } from './problems.ts';
import type { Source } from './source.ts';

/** Reads a design that is a value already (from TypeScript or JSON). Problems have paths and no lines. */
export function readObject(object: unknown): Source {
  const problems = collectProblems(null, () => null);
  const copier = new Copier(problems);
  const value = copier.copy(object, []);
  return { value: copier.whole ? value : undefined, problems };
}

/** Copies maps, lists and scalars, and nothing else that an object may be made of. */
class Copier {
  /** False once something had to be left out. */
  whole = true;
  readonly #problems: Problems;
  readonly #open = new Set<unknown>();
  #values = 0;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  copy(value: unknown, path: Path): unknown {
    if (++this.#values > mostValues) {
      if (this.whole) this.#problems.report(tooManyValues(path));
      this.whole = false;
      return undefined;
    }
    if (typeof value !== 'object' || value === null) return this.#scalar(value, path);
    if (this.#open.has(value) || path.length > deepestNesting) {
      const circle = this.#open.has(value) ? { message: 'the object contains itself' } : {};
      this.#problems.report({ ...tooDeep(path), ...circle });
      this.whole = false;
      return undefined;
    }
    this.#open.add(value);
    const copy = Array.isArray(value)
      ? value.map((item, index) => this.copy(item, [...path, index]))
      : this.#map(value, path);
    this.#open.delete(value);
    return copy;
  }

  #scalar(value: unknown, path: Path): unknown {
    if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return value;
    this.#problems.report({
      code: 'wrong-type',
      path,
      message: `a ${typeof value} has no place in a design`,
      found: typeof value,
      expected: 'maps, lists, texts and numbers',
    });
    return undefined;
  }

  #map(map: object, path: Path): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(map)) {
      if (forbiddenKeys.has(key)) {
        this.#problems.report({
          code: 'forbidden-key',
          path: [...path, key],
          message: `\`${key}\` cannot be a key`,
          hint: 'choose another name',
        });
      } else if (item !== undefined) copy[key] = this.copy(item, [...path, key]);
    }
    return copy;
  }
}
