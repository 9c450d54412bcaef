import { basename, dirname, resolve } from 'node:path';
import { git } from './git.ts';

/** A file as it was in a commit. */
export interface Revision {
  /** Short name of the commit. */
  readonly name: string;
  /** Its day, as `2026-01-31`. */
  readonly date: string;
  readonly text: string;
}

/** Text of a revision may be so long; a design may be a million characters. */
const MOST_BYTES = 16 * 2 ** 20;

/**
 * The revisions of a file that git knows, the earliest first; the file as it is now, if that differs, is the last, named
 * `now`. None where the file is in no repository, or not known there.
 *
 * @throws FaultyInput when there is no git
 */
export function revisionsOf(file: string, cwd: string): Revision[] {
  const path = resolve(cwd, file);
  const ask = (...words: string[]): string | null => git(dirname(path), words, MOST_BYTES);
  // Names come from the top of the repository, since the file may have lain in another folder; and the newest first, since
  // git loses a renamed file when it is asked to follow it from the beginning.
  const log = ask(
    '-c',
    'core.quotePath=false',
    'log',
    '--follow',
    '--format=%x00%h %cs',
    '--name-only',
    '--',
    basename(path),
  );
  const entries = (log ?? '').split('\0').reverse();
  return entries.flatMap((entry): Revision[] => {
    const [head = '', ...names] = entry.split('\n').filter((line) => line !== '');
    const [name, date] = head.split(' ');
    const file = names.at(-1);
    if (name === undefined || date === undefined || file === undefined) return [];
    const text = ask('show', `${name}:${file}`);
    return text === null ? [] : [{ name, date, text }];
  });
}
