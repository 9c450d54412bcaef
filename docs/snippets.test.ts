import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { exitStatus } from '../src/cli/exit-status.ts';
import { recordedIo } from '../src/cli/io.fixture.ts';
import type { main } from '../src/cli/main.ts';
import { kinds } from '../src/components/index.ts';
import { formatDiagnostics, loadDesign } from '../src/design/index.ts';
import { briefly, commandsOf, looksLikeDesign, type Snippet, snippetsOf } from './snippets.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const builtMain = join(root, 'dist/cli/main.js');
const built = existsSync(builtMain);
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

const programsOf = (snippets: readonly Snippet[]) =>
  snippets.filter(({ language, skip }) => language === 'ts' && !skip);
const programFile = ({ fileName, place }: Snippet) => fileName ?? `line-${place.split(':').at(-1)}.ts`;

// Inside the package, so that `import … from 'tenfold'` means this package; a folder for each page. Commands and
// programs share this process, which loads the package once for all of them.
let everything: string;
const folderOf = (file: string) => join(everything, file.replace(/\.md$/, ''));

beforeAll(() => {
  if (!built) return;
  everything = mkdtempSync(join(root, 'dist/snippets-'));
  for (const { file, snippets } of pages) {
    mkdirSync(folderOf(file), { recursive: true });
    for (const snippet of [
      ...snippets.filter(({ fileName }) => fileName !== null),
      ...programsOf(snippets),
    ]) {
      writeFileSync(join(folderOf(file), programFile(snippet)), snippet.text);
    }
  }
});

afterAll(() => {
  if (built) rmSync(everything, { recursive: true, force: true });
});

describe.each(pages)('$file', ({ file, snippets }) => {
  for (const snippet of snippets.filter(({ skip }) => !skip)) {
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
      test.skipIf(!built)(
        `${snippet.place}: tenfold ${command.join(' ')}`,
        { timeout: LONGEST },
        async () => {
          const io = recordedIo({ cwd: folderOf(file) });
          const tenfold: { main: typeof main } = await import(builtMain);
          const args = briefly(command);
          const status = await tenfold.main(args, io);
          // So brief a run may be too short to tell.
          const expected = [snippet.exitStatus, ...(args === command ? [] : [exitStatus.undecided])];
          expect(expected, io.err()).toContain(status);
        },
      );
    }
  }

  for (const program of programsOf(snippets)) {
    test.skipIf(!built)(`${program.place} runs`, { timeout: LONGEST }, async () => {
      const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
      try {
        await import(pathToFileURL(join(folderOf(file), programFile(program))).href);
      } finally {
        log.mockRestore();
      }
    });
  }
});

test.skipIf(!built)('programs have the right types', { timeout: LONGEST }, () => {
  writeFileSync(
    join(everything, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { types: ['node'], noUnusedLocals: false },
      files: pages.flatMap(({ file, snippets }) =>
        programsOf(snippets).map((program) => join(folderOf(file), programFile(program))),
      ),
    }),
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', everything], { encoding: 'utf8' });
  expect(stdout).toBe('');
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
    expect(commandsOf(shell!)).toEqual([
      ['check', 'shop.yaml'],
      ['simulate', 'shop.yaml'],
    ]);
    expect(commandsOf(design!)).toEqual([]);
  });

  test('are made brief where they simulate', () => {
    const check = ['check', 'shop.yaml'];
    expect(briefly(check)).toBe(check);
    expect(briefly(['simulate', 'shop.yaml', '--workers', '2'])).toEqual([
      ...['simulate', 'shop.yaml', '--workers', '2'],
      ...['--replications', '2'],
    ]);
    expect(briefly([...check, '--goals'])).toEqual([
      ...[...check, '--goals'],
      ...['--precision', '50%', '--workers', '1'],
    ]);
  });
});
