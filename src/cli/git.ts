import { execFileSync } from 'node:child_process';
import { FaultyInput } from './faulty-input.ts';

/**
 * What git prints in a folder; null where it fails.
 *
 * @param most bytes that it may print
 * @throws FaultyInput when there is no git
 */
export function git(folder: string, args: readonly string[], most: number): string | null {
  try {
    return execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      maxBuffer: most,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') {
      throw new FaultyInput('git is not there, and the history of a file is what git knows of it', {
        cause: error,
      });
    }
    return null;
  }
}
