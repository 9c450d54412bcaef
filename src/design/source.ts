import { LineCounter } from 'yaml';
import type { Path } from './path.ts';
import { collectProblems, type Locate, type Place, type Problem, type Problems } from './problems.ts';
import { deepestNesting, forbiddenKeys, type Located, mostValues, readYaml } from './yaml.ts';

/** Characters a design file may have; the largest honest design is a tenth of it. */
export const longestText = 1_000_000;

/** Characters that a mark under a line covers at most. */
const longestMark = 80;

/** A design as plain values, and where each of them stands. */
export interface Source {
  /** A tree of maps, lists, strings, numbers, booleans and nulls; undefined where none could be read. */
  readonly value: unknown;
  readonly problems: Problems;
}

/** Reads a design file. Whatever the text, it ends in a value or in problems, in bounded time and memory. */
export function readSource(text: string, file: string): Source {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = new LineCounter();
  let root: Located | null = null;
  const place = (start: number, end: number): Place => placeOf(body, lines, start, end);
  const locate: Locate = (path, at) => {
    if (root === null) return { line: 1, column: 1, length: 1 };
    const [start, end] = spanOf(root, path, at);
    return place(start, end);
  };
  const problems = collectProblems(file, locate);
  const refusal = refuseText(body);
  if (refusal !== null) {
    problems.reportAt(() => placeWithoutLines(refusal.at, body), refusal.problem);
    return { value: undefined, problems };
  }
  root = readYaml(body, lines, (start, end, problem) => problems.reportAt(() => place(start, end), problem));
  if (root === null && problems.errors === 0) {
    problems.report({
      code: 'empty-file',
      path: [],
      message: 'there is no design in this file',
      hint: 'start with `name:`, `traffic:` and `components:`',
    });
  }
  // A tree with holes would only bring up problems that are none.
  return { value: problems.errors > 0 && brokenText(problems) ? undefined : root?.value, problems };
}

/** Reads a design that is a value already (from TypeScript or JSON). Problems have paths and no lines. */
export function readObject(object: unknown): Source {
  const problems = collectProblems(null, () => null);
  const copier = { left: mostValues, open: new Set<unknown>() };
  return { value: plainCopy(object, [], copier, problems), problems };
}

function brokenText(problems: Problems): boolean {
  const breaking = new Set(['yaml-syntax', 'too-many-values', 'too-deep']);
  return problems.list().some(({ code }) => breaking.has(code));
}

interface Copier {
  left: number;
  readonly open: Set<unknown>;
}

function plainCopy(value: unknown, path: Path, copier: Copier, problems: Problems): unknown {
  if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return value;
  if (typeof value !== 'object') {
    problems.report({
      code: 'wrong-type',
      path,
      message: `a ${typeof value} has no place in a design`,
      found: typeof value,
    });
    return undefined;
  }
  if (copier.open.has(value) || path.length > deepestNesting) {
    problems.report({
      code: 'too-deep',
      path: path.slice(0, 8),
      message: copier.open.has(value)
        ? 'the object contains itself'
        : `values are nested more than ${deepestNesting} levels deep`,
      expected: `at most ${deepestNesting} levels`,
    });
    return undefined;
  }
  if (copier.left-- === 0) {
    problems.report({
      code: 'too-many-values',
      path: path.slice(0, 4),
      message: `the design holds more than ${mostValues} values`,
    });
  }
  if (copier.left < 0) return undefined;
  copier.open.add(value);
  const copy = Array.isArray(value)
    ? value.map((item, index) => plainCopy(item, [...path, index], copier, problems))
    : copyMap(value, path, copier, problems);
  copier.open.delete(value);
  return copy;
}

function copyMap(map: object, path: Path, copier: Copier, problems: Problems): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(map)) {
    if (forbiddenKeys.has(key)) {
      problems.report({
        code: 'forbidden-key',
        path: [...path, key],
        message: `\`${key}\` cannot be a key`,
        hint: 'choose another name',
      });
    } else if (item !== undefined) {
      copy[key] = plainCopy(item, [...path, key], copier, problems);
    }
  }
  return copy;
}

function refuseText(text: string): { at: number; problem: Problem } | null {
  if (text.length > longestText) {
    return {
      at: 0,
      problem: {
        code: 'file-too-large',
        path: [],
        message: `the file has ${text.length} characters`,
        expected: `at most ${longestText} characters`,
      },
    };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/);
  if (control < 0) return null;
  const code = text.charCodeAt(control).toString(16).padStart(4, '0').toUpperCase();
  return {
    at: control,
    problem: {
      code: 'not-text',
      path: [],
      message: `the character U+${code} does not occur in text`,
      expected: 'a YAML file in UTF-8',
    },
  };
}

function placeWithoutLines(offset: number, text: string): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length: 1 };
}

function placeOf(text: string, lines: LineCounter, start: number, end: number): Place {
  const { line, col } = lines.linePos(Math.max(0, Math.min(start, text.length)));
  const covered = text.slice(start, Math.min(end, start + longestMark));
  const length = Math.max(1, covered.split('\n', 1)[0]?.trimEnd().length ?? 1);
  return { line: Math.max(line, 1), column: Math.max(col, 1), length };
}

/** The span of a path's value or key; of the nearest thing around it where the path is not there. */
function spanOf(root: Located, path: Path, at: 'key' | 'value'): [number, number] {
  let span: [number, number] = [root.start, root.start];
  let here: Located = root;
  for (const [index, part] of path.entries()) {
    const child = here.children?.get(part);
    // A missing thing is shown at the key of the map that lacks it.
    if (child === undefined) return span;
    here = child.located;
    const last = index === path.length - 1;
    span = last && at === 'value' ? [here.start, here.end] : [child.keyStart, child.keyEnd];
  }
  return span;
}
