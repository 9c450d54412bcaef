import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { FaultyInput } from './faulty-input.ts';
import { git } from './git.ts';
import { MOST_BYTES } from './regular-file.ts';

/** A file at a revision of the git repository that it is in. */
export interface AtRevision {
  /** Where the file was then, which is elsewhere where it was renamed since. */
  readonly path: string;
  /** The full name of the commit, so that nothing moves meanwhile. */
  readonly commit: string;
}

/**
 * Reads `shop.yaml@HEAD~1` as a file and a revision: what stands before the first `@`, and what git
 * makes of the rest. A folder is the `design.yaml` in it, and a file that had another name then is found under that.
 * Null where the name has no `@`.
 *
 * @param resolved the name as a path, from the root
 * @throws FaultyInput when it has one, and there is no such file or revision, or no git
 */
export function atRevision(
  name: string,
  resolved: (path: string) => string,
): (AtRevision & { text: string }) | null {
  const at = name.indexOf('@', 1);
  if (at < 0 || at === name.length - 1) return null;
  const file = name.slice(0, at);
  const path = resolved(file);
  const revision = name.slice(at + 1);
  const folder = folderOf(path);
  if (git(folder, ['rev-parse', '--git-dir'], MOST_BYTES) === null)
    throw new FaultyInput(`${name}: ${file} is in no git repository`);
  const commit = git(
    folder,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    MOST_BYTES,
  )?.trim();
  if (commit === undefined)
    throw new FaultyInput(`${name}: git knows no revision ${revision} where ${file} is`);
  const inside = join(path, 'design.yaml');
  const then = [() => path, () => inside, () => earlierName(commit, path), () => earlierName(commit, inside)];
  for (const candidate of then) {
    const found = candidate();
    const text = found === null ? null : textAt({ commit }, found);
    if (found !== null && text !== null) return { path: found, commit, text };
  }
  throw new FaultyInput(`${name}: there is no ${basename(path)} at ${revision}`);
}

/** The text of a file at the same revision as another; null where it was not there. */
export function textAt({ commit }: Pick<AtRevision, 'commit'>, path: string): string | null {
  const folder = folderOf(path);
  return git(folder, ['cat-file', 'blob', `${commit}:./${relative(folder, path)}`], MOST_BYTES);
}

/** What a file was called at a commit, where it was renamed on the way from there to what is checked out; else null. */
function earlierName(commit: string, path: string): string | null {
  const folder = folderOf(path);
  const top = git(folder, ['rev-parse', '--show-toplevel'], MOST_BYTES)?.trim();
  const log = git(
    folder,
    [
      '-c',
      'core.quotePath=false',
      'log',
      '--follow',
      '--diff-filter=R',
      '--name-status',
      '--format=',
      `${commit}..HEAD`,
      '--',
      relative(folder, path),
    ],
    MOST_BYTES,
  );
  // The newest first: `R087`, the name before and the name after.
  const earliest = log?.trimEnd().split('\n').at(-1)?.split('\t')[1];
  return top === undefined || earliest === undefined ? null : join(top, earliest);
}

/** The folder of a file, or the nearest one above that is there still: at a revision there may have been others. */
function folderOf(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) || folder === path ? folder : folderOf(folder);
}
