import type { DiagnosticCode, Severity } from './codes.ts';
import { longestText } from './limits.ts';

/** One problem of a design: where it is, what was found, what was expected, and how to mend it. */
export interface Diagnostic {
  /** What sort of problem it is. */
  readonly code: DiagnosticCode;
  /** An error refuses the design, a warning lets it pass. */
  readonly severity: Severity;
  /** Where in the design, e.g. `components.api.operations.redirect[0].compute`; empty for the whole. */
  readonly path: string;
  /** Name of the file as it was given; null for a design that is an object. */
  readonly file: string | null;
  /** 1 is the first line; null for a design that is an object. */
  readonly line: number | null;
  /** 1 is the first character of the line; null for a design that is an object. */
  readonly column: number | null;
  /** Characters that the problem covers on its line, at least 1; null for a design that is an object. */
  readonly length: number | null;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What stands there, as written; null where something is missing. */
  readonly found: string | null;
  /** What would have been right; null where the message says it all. */
  readonly expected: string | null;
  /** What to do; null where nothing better than the message can be said. */
  readonly hint: string | null;
}

/** Diagnostics printed before the rest is only counted. */
const mostPrinted = 50;
/** Characters of a source line that are printed. */
const widestLine = 100;

/**
 * One diagnostic for a terminal: `file:line:column  error[code]  message`, the line of the source with a
 * caret under the place, what was expected and a hint.
 *
 * @param text the source the diagnostic speaks of; without it no line is shown
 */
export function formatDiagnostic(diagnostic: Diagnostic, text?: string): string {
  return formatWithLines(diagnostic, text === undefined ? null : linesOf(text));
}

/** All diagnostics in the order given, at most 50 of them, and a count of the rest. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], text?: string): string {
  const lines = text === undefined ? null : linesOf(text);
  const blocks = diagnostics.slice(0, mostPrinted).map((diagnostic) => formatWithLines(diagnostic, lines));
  const rest = diagnostics.length - blocks.length;
  if (rest > 0) blocks.push(`… and ${rest} more ${rest === 1 ? 'problem' : 'problems'}`);
  return blocks.join('\n\n');
}

function formatWithLines(diagnostic: Diagnostic, lines: readonly string[] | null): string {
  const { file, line, column, path } = diagnostic;
  const place = line === null ? path || '(the design)' : `${file ?? '<design>'}:${line}:${column ?? 1}`;
  const output = [`${place}  ${diagnostic.severity}[${diagnostic.code}]  ${diagnostic.message}`];
  const source = line === null ? undefined : lines?.[line - 1];
  // The lines of a picture or an archive are no help, nor is an empty one.
  if (source !== undefined && line !== null && diagnostic.code !== 'not-text' && source.trim() !== '') {
    output.push(...excerpt(source, line, column ?? 1, diagnostic.length ?? 1));
  }
  if (diagnostic.found !== null) output.push(`  found:    ${diagnostic.found}`);
  if (diagnostic.expected !== null) output.push(`  expected: ${diagnostic.expected}`);
  if (diagnostic.hint !== null) output.push(`  hint:     ${diagnostic.hint}`);
  return output.join('\n');
}

function excerpt(source: string, line: number, column: number, length: number): string[] {
  const gutter = String(line).padStart(5);
  // A window around the place keeps a line of a megabyte out of the terminal.
  const start = column > widestLine - 20 ? column - 1 - Math.floor(widestLine / 2) : 0;
  const shown = printable(source.slice(start, start + widestLine));
  const caretAt = column - 1 - start;
  const caretLength = Math.max(1, Math.min(length, shown.length - caretAt));
  return [`${gutter} | ${shown}`, `${' '.repeat(5)} | ${' '.repeat(caretAt)}${'^'.repeat(caretLength)}`];
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is kept from the terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

function linesOf(text: string): string[] {
  // No diagnostic lies further in: a longer text is refused as a whole.
  return text
    .slice(0, longestText + 1)
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/);
}
