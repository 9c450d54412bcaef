import { Composer, type CST, Lexer, type LineCounter, type Node, Parser, type YAMLError } from 'yaml';
import { hideMarks } from './law-mask.ts';
import { deepestNesting, tooDeep, tooManyValues } from './limits.ts';
import { syntaxProblem } from './yaml-errors.ts';
import { type Located, type ReportText, readNodes } from './yaml-values.ts';

/** Words and marks of YAML in a file; a value takes about five. */
const mostLexemes = 150_000;
/** Syntax errors shown: after the first few they mostly follow from each other. */
const mostSyntaxErrors = 10;

/**
 * Reads YAML 1.2 (core schema, merge keys) into plain values with their places.
 *
 * Depth is watched while the text is tokenised, before anything recurses over it; aliases are shared, and
 * their written-out size is bounded, so that time and memory stay in proportion to the text.
 *
 * @returns null where the text gives no value to look at; then something was reported
 */
export function readYaml(written: string, lines: LineCounter, report: ReportText): Located | null {
  const text = hideMarks(written);
  const tokens = tokenize(text, lines, report);
  if (tokens === null) return null;
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, resolveKnownTags: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return null;
  const errors = firstOfEachLine([...document.errors, ...document.warnings], lines);
  for (const error of errors.slice(0, mostSyntaxErrors)) {
    report(error.pos[0], error.pos[1], syntaxProblem(error));
  }
  if (second !== undefined) {
    const start = text.indexOf('---', document.range[1]);
    report(start < 0 ? document.range[1] : start, -1, {
      code: 'multiple-documents',
      path: [],
      message: 'a second YAML document starts here; a file holds one design',
      hint: 'put the second design into a file of its own',
    });
  }
  const contents: Node | null = document.contents;
  return contents === null ? null : readNodes(contents, report);
}

/** What else is wrong with a line mostly follows from the first. */
function firstOfEachLine(errors: readonly YAMLError[], lines: LineCounter): YAMLError[] {
  const seen = new Set<number>();
  return errors.filter(({ pos }) => {
    const { line } = lines.linePos(pos[0]);
    return !seen.has(line) && seen.add(line);
  });
}

function tokenize(text: string, lines: LineCounter, report: ReportText) {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > mostLexemes) {
      report(parser.offset, parser.offset + 1, tooManyValues([]));
      return null;
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    // A pair and its value take two places of the stack at most.
    if (parser.stack.length > 2 * deepestNesting) {
      report(parser.offset, parser.offset + 1, tooDeep([]));
      return null;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}
