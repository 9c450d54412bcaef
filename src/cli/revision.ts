import { basename, dirname } from 'node:path';
import { FaultyInput } from './faulty-input.ts';
import { git } from './git.ts';
import { MOST_BYTES } from './regular-file.ts';

/** A file at a revision of the git repository that it is in. */
export interface AtRevision {
  readonly path: string;
  /** The full name of the commit, so that nothing moves meanwhile. */
  readonly commit: string;
}

/**
 * Reads `shop.yaml@HEAD~1` as a file and a revision: what stands before the first `@`, and what git
 * makes of the rest. Null where the name has no `@`.
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
  const path = resolved(name.slice(0, at));
  const revision = name.slice(at + 1);
  const commit = git(
    dirname(path),
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    MOST_BYTES,
  );
  if (commit === null)
    throw new FaultyInput(`${name}: git knows no revision ${revision} where ${name.slice(0, at)} is`);
  const found = { path, commit: commit.trim() };
  const text = textAt(found, path);
  if (text === null) throw new FaultyInput(`${name}: there is no ${basename(path)} at ${revision}`);
  return { ...found, text };
}

/** The text of a file at the same revision as another; null where it was not there. */
export function textAt({ commit }: AtRevision, path: string): string | null {
  return git(dirname(path), ['show', `${commit}:./${basename(path)}`], MOST_BYTES);
}
