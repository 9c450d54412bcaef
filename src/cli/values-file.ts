import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { NumbersOfLine } from '../design/index.ts';
import { nearestName, parseQuantity } from '../quantities/index.ts';
import { readRegularFile } from './regular-file.ts';

/** More tell no more of a law: its 99.9 % quantile rests on a hundred of these. */
const MOST_VALUES = 100_000;

/**
 * The numbers of a file that `empirical(file: …)` or `rates` names: one or more a line, between them spaces, commas or
 * semicolons. A bare number is in seconds, `12ms` says its own unit, and a first line without a number is
 * taken for a heading. At most 100,000 numbers and 10 MiB, from a regular file.
 *
 * @throws Error that says what is wrong with the file, or names the line of the first text that is no number
 */
export function readNumbers(path: string): NumbersOfLine[] {
  return parseNumbers(textOf(path));
}

/** The numbers in the text of such a file; @throws Error that names the line of the first text that is no number */
export function parseNumbers(text: string): NumbersOfLine[] {
  const lines: NumbersOfLine[] = [];
  let values = 0;
  text.split(/\r?\n/).forEach((line, at) => {
    const numbers = line
      .split(/[\s,;]+/)
      .filter((word) => word !== '')
      .map(readValue);
    if (numbers.length === 0) return;
    if (!numbers.every((number) => number !== null)) {
      if (at === 0) return;
      throw new Error(`line ${at + 1} holds something that is neither seconds nor a time such as 12ms`);
    }
    lines.push({ line: at + 1, numbers });
    values += numbers.length;
    if (values > MOST_VALUES) throw new Error(`it holds more than ${MOST_VALUES} values`);
  });
  return lines;
}

function textOf(path: string): string {
  try {
    return readRegularFile(path);
  } catch (error) {
    throw new Error(reasonOf(error, path), { cause: error });
  }
}

/** Why a file cannot be read, in words; of one that is not there, with the one beside it that was most likely meant. */
function reasonOf(error: unknown, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return message;
  const folder = dirname(path);
  let beside: string[];
  try {
    beside = readdirSync(folder);
  } catch {
    return `there is no folder ${folder}`;
  }
  const near = nearestName(basename(path), beside);
  return near === null
    ? `there is no such file in ${folder}`
    : `there is no such file; did you mean \`${near}\`?`;
}

function readValue(word: string): number | null {
  const bare = Number(word);
  if (Number.isFinite(bare)) return bare;
  const read = parseQuantity(word, 'time');
  return read.ok ? read.value.value : null;
}
