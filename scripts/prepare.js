/**
 * What npm runs after `npm ci`, and `npm test` before the tests: a build, but only where the last one is older than what
 * it was made of, and a link by which `npx tenfold` finds the command of this checkout at once. Without the link (on
 * Windows) npx installs the checkout into its cache first, which runs this again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = [
  'src',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
];

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
  const npm = process.env.npm_execpath;
  const [command, ...words] = npm === undefined ? ['npm'] : [process.execPath, npm];
  const { status } = spawnSync(command, [...words, 'run', 'build'], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

const bin = `${root}node_modules/.bin`;
if (process.platform !== 'win32' && existsSync(bin) && !existsSync(`${bin}/tenfold`)) {
  symlinkSync('../../bin/tenfold.js', `${bin}/tenfold`);
}
