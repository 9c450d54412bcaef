import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../src/components/index.ts';
import { formatDiagnostics, loadDesign } from '../src/design/index.ts';
import { commandsOf, looksLikeDesign, type Snippet, snippetsOf } from './snippets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = existsSync(join(root, 'dist/cli/main.js'));
const LONGEST = 120_000;

/** Pages whose blocks have a test of their own. */
const elsewhere = new Set(['docs/reference/diagnostics.md']);

function isTested(snippet: Snippet): boolean {
  if (snippet.skip) return false;
  return snippet.language === 'ts' || looksLikeDesign(snippet) || commandsOf(snippet).length > 0;
}

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'systems'].flatMap((room) =>
    existsSync(join(root, room))
      ? readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`)
      : [],
  ),
]
  .filter((file) => file.endsWith('.md') && !elsewhere.has(file))
  .map((file) => ({ file, snippets: snippetsOf(readFileSync(join(root, file), 'utf8'), file) }))
  .filter(({ snippets }) => snippets.some(isTested));

describe.each(pages)('$file', ({ file, snippets }) => {
  const wanted = snippets.filter((snippet) => !snippet.skip);
  const programs = wanted.filter(({ language }) => language === 'ts');
  const programFile = (snippet: Snippet) => snippet.fileName ?? `snippet-${wanted.indexOf(snippet)}.ts`;
  let directory: string;

  beforeAll(() => {
    if (!built) return;
    // Inside the package, so that `import … from 'tenfold'` means this package.
    directory = mkdtempSync(join(root, 'dist/snippets-'));
    for (const snippet of snippets) {
      if (snippet.fileName !== null) writeFileSync(join(directory, snippet.fileName), snippet.text);
    }
    for (const program of programs) writeFileSync(join(directory, programFile(program)), program.text);
  });

  afterAll(() => {
    if (built) rmSync(directory, { recursive: true, force: true });
  });

  for (const snippet of wanted) {
    if (looksLikeDesign(snippet)) {
      test(`${snippet.place} is a design without errors`, () => {
        const { plan, diagnostics } = loadDesign(snippet.text, {
          file: snippet.fileName ?? basename(file),
          kinds: kinds.map((kind) => kind.describe),
        });
        expect(plan === null ? formatDiagnostics(diagnostics, snippet.text) : 'no errors').toBe('no errors');
      });
    }
    for (const command of commandsOf(snippet)) {
      test.skipIf(!built)(`${snippet.place}: ${command}`, { timeout: LONGEST }, () => {
        const line = command.replace(
          'npx tenfold',
          `"${process.execPath}" "${join(root, 'bin/tenfold.js')}"`,
        );
        const ran = spawnSync('sh', ['-c', line], { cwd: directory, encoding: 'utf8', timeout: LONGEST });
        expect({ status: ran.status, errors: ran.status === snippet.exitStatus ? '' : ran.stderr }).toEqual({
          status: snippet.exitStatus,
          errors: '',
        });
      });
    }
  }

  if (programs.length > 0) {
    test.skipIf(!built)('programs have the right types', { timeout: LONGEST }, () => {
      writeFileSync(
        join(directory, 'tsconfig.json'),
        JSON.stringify({
          extends: '../../tsconfig.base.json',
          compilerOptions: { types: ['node'], noUnusedLocals: false },
          files: programs.map(programFile),
        }),
      );
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const { stdout } = spawnSync(process.execPath, [tsc, '-p', directory], { encoding: 'utf8' });
      expect(stdout).toBe('');
    });
  }

  for (const program of programs) {
    test.skipIf(!built)(`${program.place} runs`, { timeout: LONGEST }, () => {
      const hooks = join(root, 'scripts/typescript.js');
      execFileSync(process.execPath, ['--import', hooks, join(directory, programFile(program))], {
        cwd: directory,
        timeout: LONGEST,
        stdio: 'pipe',
      });
    });
  }
});

describe('snippets', () => {
  const page = [
    '# Page',
    '```yaml shop.yaml',
    'name: shop',
    'components: {}',
    '```',
    '1. then',
    '   ```sh exit=2',
    '   $ npm ci && npx tenfold check shop.yaml   # all problems',
    '   npx tenfold simulate \\',
    '     shop.yaml',
    '   ```',
    '```ts skip',
    'x',
    '```',
  ].join('\n');
  const [design, shell, program] = snippetsOf(page, 'page.md');

  test('know their language, file name, exit status and whether they are skipped', () => {
    expect(design).toMatchObject({
      place: 'page.md:2',
      language: 'yaml',
      fileName: 'shop.yaml',
      skip: false,
    });
    expect(shell).toMatchObject({ place: 'page.md:7', language: 'sh', exitStatus: 2 });
    expect(program).toMatchObject({ language: 'ts', skip: true });
    expect(looksLikeDesign(design!)).toBe(true);
  });

  test('give their commands without prompt, comment and other programs', () => {
    expect(commandsOf(shell!)).toEqual(['npx tenfold check shop.yaml', 'npx tenfold simulate shop.yaml']);
    expect(commandsOf(design!)).toEqual([]);
  });
});
