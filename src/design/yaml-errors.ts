import type { YAMLError } from 'yaml';
import { showMarks } from './law-mask.ts';
import type { Problem } from './problems.ts';

/** Says in a user's words what the YAML reader found, with the mend that most often helps. */
export function syntaxProblem(error: YAMLError, text: string): Omit<Problem, 'at'> {
  const found =
    text
      .slice(error.pos[0], error.pos[0] + 20)
      .split('\n')[0]
      ?.trim() ?? '';
  return {
    code: error.code === 'RESOURCE_EXHAUSTION' ? 'too-deep' : 'yaml-syntax',
    path: [],
    message: showMarks(error.message.split('\n')[0] ?? '')
      .slice(0, 200)
      .replace(/\.$/, ''),
    hint: hintFor(error.code, found),
  };
}

function hintFor(code: string, found: string): string | null {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'indent with spaces; YAML does not allow tabs';
    case 'BAD_INDENT':
      return 'line the keys of one map up under each other';
    case 'BAD_SCALAR_START':
      return `put the text in quotes: it begins with ${JSON.stringify(found.slice(0, 1))}, which YAML reserves`;
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'check the line before: a key may lack its colon, or a quote its end';
    case 'MISSING_CHAR':
      return 'a bracket, a quote, a comma or the space after a colon is missing';
    case 'TAG_RESOLVE_FAILED':
      return 'leave the tag (the word that begins with !) out';
    case 'BLOCK_IN_FLOW':
      return 'within { } and [ ] everything is written with commas, without line-by-line keys or dashes';
    default:
      return null;
  }
}
