import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { hideMarks } from '../law-mask.ts';
import { formatPath, type Path } from '../path.ts';
import type { Edit } from './edit.ts';

/** A place that cannot be written without a change elsewhere: it is shared through an alias, or a merge of maps. */
export class SharedPlace extends Error {
  constructor(path: Path) {
    super(`${formatPath(path)} is written once for several places (an alias or a merge of YAML)`);
    this.name = 'SharedPlace';
  }
}

/**
 * The text of a design with edits made, in their order. Nothing else changes: comments, order, spaces and the ends of
 * lines stay, since what is new is put between what is there. New maps and lists are written in one line.
 *
 * @param text a design in YAML, or JSON, that can be read without errors
 * @throws SharedPlace where an edit would change other places with it
 * @throws RangeError where a path leads nowhere, or the only key of a map is to go
 */
export function editedText(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, { path, value }) => new Writing(before).write(path, value), text);
}

/** One edit of one text. */
class Writing {
  readonly #text: string;
  readonly #json: boolean;
  readonly #newline: string;

  constructor(text: string) {
    this.#text = text;
    this.#json = /^\uFEFF?\s*[{[]/.test(text);
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n';
  }

  write(path: Path, value: unknown): string {
    const document = parseDocument(hideMarks(this.#text), { uniqueKeys: false, logLevel: 'silent' });
    let node = document.contents as Node | null;
    for (const [depth, part] of path.entries()) {
      const last = depth === path.length - 1;
      if (isShared(node)) throw new SharedPlace(path);
      const child = childOf(node, part);
      if (child === undefined) {
        if (last && value !== undefined && isMap(node) && typeof part === 'string')
          return this.#addPair(node, part, value, path);
        if (last && value !== undefined && isSeq(node) && part === node.items.length)
          return this.#addItem(node, value);
        throw new RangeError(`path must lead to a place of the design, got ${formatPath(path)}`);
      }
      if (last && value === undefined) return this.#remove(node, part, path);
      if (last) return this.#replace(child, value, path);
      node = child;
    }
    throw new RangeError('path must not be empty');
  }

  #replace(node: Node | null, value: unknown, path: Path): string {
    if (node === null || isShared(node)) throw new SharedPlace(path);
    const [start] = node.range!;
    const end = contentEnd(node, this.#text);
    return this.#splice(start, end, this.#inline(value));
  }

  /** A pair and the comma beside it; where it has lines of its own, these. */
  #remove(map: Node | null, key: string | number, path: Path): string {
    const index = isMap(map) ? map.items.findIndex((pair) => keyOf(pair as Pair) === key) : -1;
    if (!isMap(map) || index < 0 || map.items.length === 1) {
      throw new RangeError(`path must lead to one of several keys of a map, got ${formatPath(path)}`);
    }
    const startOf = (at: number): number => ((map.items[at] as Pair).key as Node).range![0];
    const endOf = (at: number): number => contentEnd(nodeOf(map.items[at]), this.#text);
    if (map.flow) {
      return index === 0
        ? this.#splice(startOf(0), startOf(1), '')
        : this.#splice(endOf(index - 1), endOf(index), '');
    }
    // Beside the dash of an item, the next pair takes its place.
    const line = startOf(index) - this.#columnOf(startOf(index));
    if (this.#text.slice(line, startOf(index)).trim() !== '') {
      return this.#splice(startOf(index), startOf(index + 1), '');
    }
    const rest = this.#text.slice(endOf(index)).indexOf('\n');
    return this.#splice(line, rest < 0 ? this.#text.length : endOf(index) + rest + 1, '');
  }

  #addPair(map: YAMLMap, key: string, value: unknown, path: Path): string {
    if (map.items.some((pair) => keyOf(pair as Pair) === '<<')) throw new SharedPlace(path);
    const written = this.#pair(key, value);
    if (map.flow) return this.#intoFlow(map, written);
    const first = map.items[0]!.key as Node;
    // Sections of a design that have empty lines between them get one more.
    const apart = path.length === 1 && /\r?\n\r?\n/.test(this.#text) && isSection(value) ? [''] : [];
    return this.#newLine(map, this.#columnOf(first.range![0]), [...apart, ...this.#block(key, value)]);
  }

  #addItem(list: YAMLSeq, value: unknown): string {
    if (list.flow) return this.#intoFlow(list, this.#inline(value));
    const dash = this.#text.lastIndexOf('-', (list.items[0] as Node).range![0]);
    const column = this.#columnOf(dash);
    const lines = isPlainMap(value)
      ? Object.entries(value).map(([key, each]) => this.#pair(key, each))
      : [this.#inline(value)];
    return this.#newLine(
      list,
      column,
      lines.map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)),
    );
  }

  /** Behind the last part of a map or list in braces or brackets. */
  #intoFlow(collection: YAMLMap | YAMLSeq, written: string): string {
    const last = collection.items.at(-1);
    if (last === undefined) {
      const [start, end] = collection.range!;
      const [open, close] = [this.#text[start]!, this.#text[end - 1]!];
      return this.#splice(start, end, `${open} ${written} ${close}`);
    }
    const end = contentEnd(nodeOf(last), this.#text);
    return this.#splice(end, end, `, ${written}`);
  }

  /** Below the last line of a map or list in lines. */
  #newLine(collection: YAMLMap | YAMLSeq, column: number, lines: readonly string[]): string {
    const end = contentEnd(collection, this.#text);
    const rest = this.#text.slice(end).search(/\r?\n/);
    const at = rest < 0 ? this.#text.length : end + rest;
    const indented = lines
      .map((line) => this.#newline + (line === '' ? '' : ' '.repeat(column) + line))
      .join('');
    return this.#splice(at, at, indented);
  }

  /** A pair in lines: a list of maps has a line for each of their values, as decisions are read best. */
  #block(key: string, value: unknown): string[] {
    const listed = Array.isArray(value) && value.length > 0 && value.every(isPlainMap) && key === 'decisions';
    if (!listed) return [this.#pair(key, value)];
    const items = value.flatMap((item) =>
      Object.entries(item).map(([name, each], i) => `${i === 0 ? '  - ' : '    '}${this.#pair(name, each)}`),
    );
    return [`${key}:`, ...items];
  }

  #pair(key: string, value: unknown): string {
    return `${this.#inline(key)}: ${this.#inline(value)}`;
  }

  /** A value on one line, as JSON where all of the text is. */
  #inline(value: unknown): string {
    if (this.#json) return spaced(value);
    const document = new Document(value);
    flow(document.contents as Node | null);
    return document.toString({ lineWidth: 0 }).trimEnd();
  }

  #columnOf(offset: number): number {
    return offset - (this.#text.lastIndexOf('\n', offset - 1) + 1);
  }

  #splice(start: number, end: number, written: string): string {
    return this.#text.slice(0, start) + written + this.#text.slice(end);
  }
}

const isSection = (value: unknown): boolean => typeof value === 'object' && value !== null;

const isShared = (node: Node | null): boolean =>
  isAlias(node) || (node as { readonly anchor?: string } | null)?.anchor !== undefined;

const isPlainMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON on one line, with spaces as people write them. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(spaced).join(', ')}]`;
  if (!isPlainMap(value)) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${spaced(each)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function flow(node: Node | null): void {
  if (isMap(node) || isSeq(node)) {
    node.flow = true;
    for (const item of node.items) flow(nodeOf(item));
  }
}

/** The value of a pair, its key where it has none; an item itself. */
function nodeOf(item: unknown): Node | null {
  if (typeof item === 'object' && item !== null && 'key' in item) {
    const pair = item as Pair<Node, Node | null>;
    return pair.value ?? pair.key;
  }
  return item as Node | null;
}

const keyOf = (pair: Pair): unknown => (isScalar(pair.key) ? pair.key.value : null);

function childOf(node: Node | null, part: string | number): Node | null | undefined {
  if (isSeq(node) && typeof part === 'number') return node.items[part] as Node | undefined;
  if (!isMap(node) || typeof part !== 'string') return undefined;
  const pair = node.items.find((each) => keyOf(each as Pair) === part);
  return pair === undefined ? undefined : (pair.value as Node | null);
}

/** Where the text of a node ends, without comments and empty lines that follow. */
function contentEnd(node: Node | null, text: string): number {
  if (node === null) return 0;
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last !== undefined) return contentEnd(nodeOf(last), text);
  }
  const [start, end] = node.range!;
  return start + text.slice(start, end).trimEnd().length;
}
