/**
 * A command as it can be typed again in a POSIX shell. Options without a value are left out, and so is
 * whatever changes no figure.
 */
export function commandLine(
  words: readonly string[],
  options: readonly (readonly [name: string, value: string | number | undefined])[],
): string {
  const said = options.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return ['tenfold', ...words, ...said].map(quoted).join(' ');
}

/** A word as a shell reads it. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-][\w@%+=:,./~-]*$/.test(argument)
    ? argument
    : `'${argument.replaceAll("'", `'\\''`)}'`;
}
