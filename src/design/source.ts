import { LineCounter } from 'yaml';
import { longestText, many } from './limits.ts';
import type { Path } from './path.ts';
import { collectProblems, type Locate, type Place, type Problem, type Problems } from './problems.ts';
import { readYaml } from './yaml.ts';
import type { Located } from './yaml-values.ts';

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

function brokenText(problems: Problems): boolean {
  const breaking = new Set(['yaml-syntax', 'too-many-values', 'too-deep']);
  return problems.list().some(({ code }) => breaking.has(code));
}

function refuseText(text: string): { at: number; problem: Problem } | null {
  if (text.length > longestText) {
    return {
      at: 0,
      problem: {
        code: 'file-too-large',
        path: [],
        message: `the file has ${many(text.length)} characters`,
        expected: `at most ${many(longestText)} characters`,
      },
    };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/);
  if (control < 0) return null;
  const code = text.charCodeAt(control).toString(16).padStart(4, '0').toUpperCase();
  const what = code === 'FFFD' ? 'bytes that are not UTF-8' : `the character U+${code}`;
  return {
    at: control,
    problem: {
      code: 'not-text',
      path: [],
      message: `this is not a text file: it holds ${what}`,
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
