/**
 * A law such as `lognormal(p50: 2ms, p99: 9ms)` is one value of the language, and YAML would end it at the
 * first comma inside of `{ }` and stumble over the colon anywhere. So both marks are hidden from the YAML
 * reader wherever they stand in `word( … )` on one line, and shown again in what it returns. A hidden mark
 * has the length of the mark: places in the text stay true.
 *
 * Other YAML tools do not know this and need quotes around such a value, which are allowed here too.
 */
const marks = [
  [':', '\uE000'],
  [',', '\uE001'],
] as const;

const parentheses = /\([^()\n]*\)/g;

/** The text with the marks inside of laws hidden; unchanged where it already uses the hidden characters. */
export function hideMarks(text: string): string {
  if (marks.some(([, hidden]) => text.includes(hidden))) return text;
  return text.replace(parentheses, (found, offset: number) =>
    /\w/.test(text.charAt(offset - 1))
      ? marks.reduce((each, [mark, hidden]) => each.replaceAll(mark, hidden), found)
      : found,
  );
}

/** A value or message with its marks shown again. */
export function showMarks(text: string): string {
  return marks.reduce((each, [mark, hidden]) => each.replaceAll(hidden, mark), text);
}
