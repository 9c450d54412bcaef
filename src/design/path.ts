/** The way from the top of a design to one value in it: keys and list positions. */
export type Path = readonly (string | number)[];

/** Characters of a key that a path shows; no honest name is longer. */
const longestPart = 64;

/** `components.api.operations.redirect[0].compute`; an odd key is quoted: `constants["rtt.dc"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const whole of path) {
    if (typeof whole === 'number') {
      text += `[${whole}]`;
      continue;
    }
    const part = whole.length > longestPart ? `${whole.slice(0, longestPart)}…` : whole;
    if (!/^[\p{L}_][\p{L}\p{N}_ -]*$/u.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** The value at `path` of a plain tree, or undefined where the tree ends before. */
export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** True for a map of a design: an object that is not a list. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A plain tree with another value at `path`, which it has; the rest is the same. */
export function withValueAt(tree: unknown, path: Path, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(tree))
    return tree.map((item, i) => (i === first ? withValueAt(item, rest, value) : item));
  const map = tree as Readonly<Record<string, unknown>>;
  return { ...map, [first]: withValueAt(map[first], rest, value) };
}
