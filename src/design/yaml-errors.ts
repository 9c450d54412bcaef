import type { YAMLError } from 'yaml';
import { showMarks } from './law-mask.ts';
import type { Problem } from './problems.ts';

/** What to say in place of a message of the YAML reader, and the mend that most often helps. */
type Saying = readonly [matches: RegExp, message: string, hint: string | null];

const brackets: Readonly<Record<string, string>> = { map: '{ }', sequence: '[ ]' };
const inQuotes = 'put the text in quotes';

const sayings: readonly Saying[] = [
  [
    /^Flow (map|sequence) in block collection must be/,
    'a $1 is not closed where this line begins',
    'close it before; or indent this line further, if it belongs inside',
  ],
  [/^Flow (map|sequence) must end/, 'a $1 is not closed', null],
  [/^Missing closing (["'])quote/, 'a $1 is not closed', null],
  [
    /^Nested mappings are not allowed/,
    'a second key begins behind the first',
    'write each key on a line of its own, as far in as its neighbours; a text with a colon needs quotes',
  ],
  [
    /^Implicit keys need to be on a single line/,
    'a key is not followed by its colon',
    'write a colon and a space after the key; or mend how the next line is indented',
  ],
  [
    /^Implicit map keys need to be followed/,
    'a key is not followed by its colon',
    'write a colon and a space after it',
  ],
  [/^Tabs are not allowed/, 'a tab indents this line', 'indent with spaces; YAML does not allow tabs'],
  [
    /^A block sequence may not be used/,
    'an item of a list stands where a key belongs',
    'line the dashes of one list up under each other',
  ],
  [
    /^All (?:mapping|sequence) items must start/,
    'this line is not in line with its neighbours',
    'line the keys of one map, or the dashes of one list, up under each other',
  ],
  [/^Plain value cannot start with .*(\S)$/, 'a text cannot begin with $1', inQuotes],
  [
    /^Block collections are not allowed within flow/,
    'a comma is missing here',
    'within { } and [ ] everything is parted by commas, without line-by-line keys or dashes',
  ],
  [/^Unresolved tag: (.*)$/, 'the tag $1 means nothing here', 'leave the word that begins with ! out'],
  [/^Unexpected flow-map-end/, 'there is a } too many', null],
  [/^Unexpected flow-seq-end/, 'there is a ] too many', null],
  [/^Unexpected , in flow/, 'there is a comma too many', null],
  [
    /^Unexpected scalar at node end/,
    'something stands behind the end of this value',
    `${inQuotes}, all of it`,
  ],
  [/^Unexpected block-seq-ind/, 'a list begins on the line after its key', null],
  [/^Unexpected (?:\S+) token/, 'this does not belong here', null],
];

/** Says in a user's words what the YAML reader found, with the mend that most often helps. */
export function syntaxProblem(error: YAMLError): Omit<Problem, 'at'> {
  const original = showMarks(error.message.split('\n')[0] ?? '')
    .slice(0, 200)
    .replace(/\.$/, '');
  const code = error.code === 'RESOURCE_EXHAUSTION' ? 'too-deep' : 'yaml-syntax';
  for (const [matches, message, hint] of sayings) {
    const match = matches.exec(original);
    if (match === null) continue;
    const named = match[1] ?? '';
    return { code, path: [], message: message.replace('$1', brackets[named] ?? named), hint };
  }
  return { code, path: [], message: original, hint: null };
}
