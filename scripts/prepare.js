/**
 * What npm runs after `npm ci`, and again when `npx tenfold` is first used in a checkout: a build, but only
 * where the last one is older than what it was made of.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['src', 'scripts', 'package.json', 'tsconfig.base.json', 'tsconfig.build.json'];

/** When the file, or the newest below the folder, was last changed; 0 where there is none. */
function changed(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changed(`${path}/${name}`)));
}

// The schema is the last file that a build writes.
const built = changed(`${root}dist/design.schema.json`);
if (Math.max(...sources.map((path) => changed(root + path))) > built) {
  const { status } = spawnSync(process.execPath, [process.env.npm_execpath ?? 'npm', 'run', 'build'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
