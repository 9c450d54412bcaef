import { codes, type DiagnosticCode } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import { formatPath, type Path } from './path.ts';

/** A problem as a check reports it, before it has a place in a file. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly path: Path;
  /** Whether the key or its value is to be pointed at; `value` unless said. */
  readonly at?: 'key' | 'value';
  readonly message: string;
  readonly found?: string | null | undefined;
  readonly expected?: string | null | undefined;
  readonly hint?: string | null | undefined;
}

/** A stretch of the source: 1-based line and column, length in characters on that line. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Says where a path stands in the source; null where there is no text (a design that is an object). */
export type Locate = (path: Path, at: 'key' | 'value') => Place | null;

/** Problems kept; what comes after is only counted, in one last diagnostic. */
const mostKept = 1_000;

/** Gathers the problems of one design. Reporting is cheap and bounded, whatever the design. */
export interface Problems {
  /** Adds a problem; the same at the same place is kept once. */
  report(problem: Problem): void;
  /** Adds a problem whose place in the text is already known. */
  reportAt(place: () => Place | null, problem: Problem): void;
  /** How many errors were reported so far, kept or not. */
  readonly errors: number;
  /** False once so many problems are kept that further ones need no costly hint. */
  readonly hintsWanted: boolean;
  /** The problems in the order of the text. */
  list(): Diagnostic[];
}

/** An empty collection of problems about `file` (null for a design that is an object). */
export function collectProblems(file: string | null, locate: Locate): Problems {
  const kept: Diagnostic[] = [];
  const seen = new Set<string>();
  let errors = 0;
  let left = 0;

  function reportAt(placeOf: () => Place | null, problem: Problem): void {
    const { severity } = codes[problem.code];
    if (severity === 'error') errors++;
    if (kept.length >= mostKept) {
      left++;
      return;
    }
    const place = placeOf();
    const path = formatPath(problem.path);
    const identity = identityOf(problem, path, place);
    if (seen.has(identity)) return;
    seen.add(identity);
    kept.push({
      code: problem.code,
      severity,
      path,
      file,
      line: place?.line ?? null,
      column: place?.column ?? null,
      length: place?.length ?? null,
      message: problem.message,
      found: problem.found ?? null,
      expected: problem.expected ?? null,
      hint: problem.hint ?? null,
    });
  }

  return {
    reportAt,
    report: (problem) => reportAt(() => locate(problem.path, problem.at ?? 'value'), problem),
    get errors() {
      return errors;
    },
    get hintsWanted() {
      return kept.length < 100;
    },
    list() {
      const sorted = kept.toSorted(
        (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
      );
      if (left > 0) sorted.push(restOf(left, file));
      return sorted;
    },
  };
}

/** A setting is idle once, whatever the reasons, and once where an alias gives it to several components. */
function identityOf({ code, message }: Problem, path: string, place: Place | null): string {
  const at = place === null ? path : `${place.line}:${place.column}`;
  return code === 'idle-knob' ? `${code} ${at}` : `${code} ${path} ${at} ${message}`;
}

function restOf(left: number, file: string | null): Diagnostic {
  return {
    code: 'too-many-problems',
    severity: 'error',
    path: '',
    file,
    line: null,
    column: null,
    length: null,
    message: `${left} more problems are not listed`,
    found: null,
    expected: null,
    hint: 'mend the first ones and look again',
  };
}
