import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Where Chromium is, or Chrome; null where there is none.
 *
 * @throws Error where there is none, and `TENFOLD_BROWSER=required` says that there must be
 */
export function findBrowser(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(canRun);
  if (found !== undefined) return found;
  if (process.env['TENFOLD_BROWSER'] === 'required') {
    throw new Error(
      `no ${NAMES.join(', ')} on the PATH, and TENFOLD_BROWSER=required: .ci/install-chromium.sh installs one`,
    );
  }
  return null;
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
