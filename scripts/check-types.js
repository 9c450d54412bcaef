/**
 * Checks how others resolve the types of the package, with the rules of "are the types wrong" for packages that are
 * modules alone (its profile `esm-only`): resolution as of Node 10 and by `require` are left out, since neither can load
 * such a package. Its command line does the same to a tarball, whose format of ours it does not read.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkPackage, Package } from '@arethetypeswrong/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const leftOut = ['node10', 'node16-cjs'];

const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
});
const [{ name, version, files }] = JSON.parse(listed);
const contents = Object.fromEntries(
  files.map(({ path }) => [`/node_modules/${name}/${path}`, readFileSync(`${root}/${path}`)]),
);
const { problems = [] } = await checkPackage(new Package(contents, name, version));
const counted = problems.filter(({ resolutionKind }) => !leftOut.includes(resolutionKind));
for (const problem of counted) console.error(problem);
console.log(`${files.length} files, ${counted.length} problems of types`);
process.exitCode = counted.length === 0 ? 0 : 1;
