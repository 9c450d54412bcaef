import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import { showMarks } from './law-mask.ts';
import { deepestNesting, forbiddenKeys, mostValues, tooDeep, tooManyValues } from './limits.ts';
import type { Path } from './path.ts';
import type { Problem } from './problems.ts';

/** A value with the place it came from. Children are shared where YAML shares them (aliases). */
export interface Located {
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
  readonly children: ReadonlyMap<string | number, Child> | null;
  /** Levels of nesting below this value. */
  readonly height: number;
}

interface Child {
  readonly located: Located;
  /** Where the key stands; for a list item, where the item stands. */
  readonly keyStart: number;
  readonly keyEnd: number;
}

/** Reports a problem of the text at a stretch of it. */
export type ReportText = (start: number, end: number, problem: Omit<Problem, 'at'>) => void;

/** Turns the nodes of a YAML document into plain values with their places; null where there is no value. */
export function readNodes(contents: Node, report: ReportText): Located | null {
  return new Reading(report).read(contents, [], 0);
}

/** One pass over a document's nodes; knows the anchors met so far. */
class Reading {
  readonly #report: ReportText;
  readonly #anchors = new Map<string, { located: Located; size: number } | 'open'>();
  #values = 0;
  #tooMany = false;

  constructor(report: ReportText) {
    this.#report = report;
  }

  read(node: Node | null | undefined, path: Path, depth: number): Located | null {
    const [start, end] = rangeOf(node);
    if (++this.#values > mostValues) return this.#refuseSize(start, end, path);
    if (depth > deepestNesting) {
      this.#report(start, end, tooDeep(path));
      return null;
    }
    if (node === null || node === undefined) return { value: null, start, end, children: null, height: 0 };
    if (isAlias(node)) return this.#readAlias(node.source, start, end, path, depth);
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const before = this.#values;
    const located = this.#readNode(node, start, end, path, depth);
    if (anchor !== undefined && located !== null) {
      this.#anchors.set(anchor, { located, size: this.#values - before + 1 });
    }
    return located;
  }

  #readNode(node: Node, start: number, end: number, path: Path, depth: number): Located | null {
    if (isScalar(node)) return { value: plainScalar(node), start, end, children: null, height: 0 };
    if (isSeq(node)) {
      const children = new Map<number, Child>();
      const value: unknown[] = [];
      for (const [index, item] of node.items.entries()) {
        const located = this.read(item as Node, [...path, index], depth + 1);
        if (located === null) continue;
        value[index] = located.value;
        children.set(index, { located, keyStart: located.start, keyEnd: located.end });
      }
      return { value, start, end, children, height: heightOf(children) };
    }
    if (isMap(node)) return this.#readMap(node.items as Pair<Node, Node | null>[], start, end, path, depth);
    return null;
  }

  #readMap(items: readonly Pair<Node, Node | null>[], start: number, end: number, path: Path, depth: number) {
    const children = new Map<string, Child>();
    const merged = new Map<string, Child>();
    for (const pair of items) {
      const key = this.#readKey(pair.key, path);
      if (key === null) continue;
      const [keyStart, keyEnd] = rangeOf(pair.key);
      if (key === '<<') {
        this.#merge(this.read(pair.value, [...path, key], depth + 1), merged, keyStart, keyEnd, path);
        continue;
      }
      const first = children.get(key);
      if (first !== undefined) {
        this.#report(keyStart, keyEnd, {
          code: 'duplicate-key',
          path: [...path, key],
          message: `\`${key}\` is written twice in this map`,
          hint: 'keep one of the two',
        });
        continue;
      }
      const located = this.read(pair.value, [...path, key], depth + 1);
      if (located !== null) {
        const placed = pair.value === null ? { ...located, start: keyStart, end: keyEnd } : located;
        children.set(key, { located: placed, keyStart, keyEnd });
      }
    }
    for (const [key, child] of merged) if (!children.has(key)) children.set(key, child);
    const value = Object.fromEntries([...children].map(([key, child]) => [key, child.located.value]));
    return { value, start, end, children, height: heightOf(children) };
  }

  #readKey(node: Node | null, path: Path): string | null {
    const [start, end] = rangeOf(node);
    const name = isScalar(node) && node.value !== null ? showMarks(String(node.value)) : null;
    if (name === null || typeof (node as { value?: unknown }).value !== 'string') {
      this.#report(start, end, {
        code: 'bad-key',
        path: name === null ? path : [...path, name],
        message:
          name === null ? 'a key is a word, not a list, a map or nothing' : `the key ${name} is not a word`,
        expected: 'a word',
        hint: name === null ? null : 'choose a name that begins with a letter',
      });
      return null;
    }
    if (forbiddenKeys.has(name)) {
      this.#report(start, end, {
        code: 'forbidden-key',
        path: [...path, name],
        message: `\`${name}\` cannot be a key`,
        hint: 'choose another name',
      });
      return null;
    }
    return name;
  }

  /** YAML's `<<`: the pairs of other maps, where the map itself does not say otherwise. */
  #merge(from: Located | null, into: Map<string, Child>, start: number, end: number, path: Path): void {
    if (from === null) return;
    const sources = Array.isArray(from.value)
      ? [...(from.children?.values() ?? [])].map((c) => c.located)
      : [from];
    for (const source of sources) {
      if (source.children === null || Array.isArray(source.value)) {
        this.#report(start, end, {
          code: 'wrong-type',
          path: [...path, '<<'],
          message: '`<<` takes a map or a list of maps, usually as aliases',
          expected: 'a map, such as *shared',
        });
        continue;
      }
      for (const [key, child] of source.children) {
        if (typeof key === 'string' && !into.has(key)) into.set(key, child);
      }
    }
  }

  #readAlias(name: string, start: number, end: number, path: Path, depth: number): Located | null {
    const target = this.#anchors.get(name);
    if (this.#tooMany) return null;
    if (target === undefined || target === 'open') {
      this.#report(start, end, {
        code: 'yaml-syntax',
        path,
        message:
          target === 'open' ? `*${name} stands inside of itself` : `no anchor &${name} comes before *${name}`,
        hint: 'write the value out',
      });
      return null;
    }
    this.#values += target.size;
    if (this.#values > mostValues) return this.#refuseSize(start, end, path);
    // Nesting adds up along aliases of aliases, however shallow each of them is written.
    if (depth + target.located.height > deepestNesting) {
      this.#report(start, end, tooDeep(path));
      return null;
    }
    return target.located;
  }

  #refuseSize(start: number, end: number, path: Path): null {
    if (!this.#tooMany) this.#report(start, end, tooManyValues(path));
    this.#tooMany = true;
    return null;
  }
}

function heightOf(children: ReadonlyMap<unknown, Child>): number {
  let height = 0;
  for (const { located } of children.values()) height = Math.max(height, located.height + 1);
  return height;
}

function rangeOf(node: Node | null | undefined): [number, number] {
  const range = node?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

function plainScalar({ value, source }: Scalar): unknown {
  if (typeof value === 'string') return showMarks(value);
  // Numbers that are too large to be one are answered as they are written.
  if (typeof value === 'number') return Number.isFinite(value) ? value : (source ?? String(value));
  return typeof value === 'boolean' || value === null ? value : String(value);
}
