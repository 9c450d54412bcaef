import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * The floors of the house, topmost first: each imports only floors before it, and nothing imports the shell.
 * The linter enforces that (biome.json); these tests hold the linter to it, by breaking every rule once in a
 * copy of the configuration.
 */
const floors = [
  'quantities',
  'kernel',
  'blocks',
  'design',
  'report',
  'estimate',
  'simulate',
  'components',
  'explain',
] as const;
const rooms = [...floors, 'cli'] as const;

const root = fileURLToPath(new URL('..', import.meta.url));
const files = new Map<string, string>();
const found = new Map<string, Set<string>>();
let directory: string;

interface BiomeReport {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: string };
  }[];
}

/** Adds a file to lint; `found` tells later what was found in it. */
function file(path: string, content: string): string {
  files.set(path, content);
  return path;
}

function importing(floor: string, path: string, name: string): string {
  return file(
    `src/${floor}/${name}.ts`,
    `import type { Thing } from '${path}';\nexport type Same = Thing;\n`,
  );
}

const upward = floors.flatMap((floor, i) =>
  rooms
    .slice(i + 1)
    .flatMap((below) => [
      importing(floor, `../${below}/index.ts`, `upward-${below}`),
      importing(`${floor}/deep`, `../../${below}/some/file.ts`, `upward-${below}`),
      file(`src/${floor}/reexport-${below}.ts`, `export * from '../${below}/index.ts';\n`),
      file(
        `src/${floor}/dynamic-${below}.ts`,
        `export const thing = await import('../${below}/index.ts');\n`,
      ),
    ]),
);
const downward = floors.flatMap((floor, i) =>
  floors.slice(0, i).map((above) => importing(floor, `../${above}/index.ts`, `downward-${above}`)),
);
const nodeModules = floors.map((floor) => importing(floor, 'node:fs', 'node-module'));
const packages = floors.map((floor) => importing(floor, 'commander', 'package'));
const hiddenTypes = floors.map((floor) =>
  file(`src/${floor}/hidden-type.ts`, `export type Same = import('../cli/index.ts').Thing;\n`),
);
const clocks = floors.flatMap((floor) =>
  [
    'Date.now()',
    'new Date()',
    'performance.now()',
    'setTimeout(f, 1)',
    'console.log(1)',
    'globalThis.Date',
  ].map((use, at) =>
    file(`src/${floor}/global-${at}.ts`, `const f = () => 1;\nexport const thing = [f, ${use}];\n`),
  ),
);
const chances = [...rooms.map((room) => `src/${room}`), 'bench', 'validation'].map((room) =>
  file(`${room}/chance.ts`, 'export const chance = Math.random();\n'),
);
const cycle = [
  file('src/kernel/ring-a.ts', `import type { B } from './ring-b.ts';\nexport type A = B | 1;\n`),
  file('src/kernel/ring-b.ts', `import type { A } from './ring-a.ts';\nexport type B = A | 2;\n`),
];
const shellUse = file('src/index.ts', `export * from './cli/index.ts';\n`);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tenfold-layering-'));
  const { vcs: _, ...configuration } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  files.set('biome.json', JSON.stringify(configuration));
  cpSync(join(root, 'lint'), join(directory, 'lint'), { recursive: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  for (const { category, location } of lint().diagnostics) {
    if (!found.has(location.path)) found.set(location.path, new Set());
    found.get(location.path)!.add(category);
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function lint(): BiomeReport {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  try {
    return JSON.parse(
      execFileSync(process.execPath, args, { cwd: directory, stdio: 'pipe', encoding: 'utf8' }),
    );
  } catch (error) {
    // Findings make a non-zero exit status, with the report on standard output all the same.
    return JSON.parse((error as { stdout: string }).stdout);
  }
}

function without(category: string, paths: readonly string[]): string[] {
  return paths.filter((path) => !found.get(path)?.has(category));
}

describe('the linter holds the floors', () => {
  test('no floor imports a floor below it, not even a type', () => {
    expect(without('lint/style/noRestrictedImports', upward)).toEqual([]);
  });

  test('a floor may import the floors above it', () => {
    expect(without('lint/style/noRestrictedImports', downward)).toEqual(downward);
  });

  test('no floor imports Node or an unlisted package', () => {
    expect(without('lint/style/noRestrictedImports', [...nodeModules, ...packages])).toEqual([]);
  });

  test('types are named in import statements, where these rules see them', () => {
    expect(without('plugin', hiddenTypes)).toEqual([]);
  });

  test('no floor reads a clock, waits or prints', () => {
    expect(without('lint/style/noRestrictedGlobals', clocks)).toEqual([]);
  });

  test('nothing takes chance from Math.random', () => {
    expect(without('lint/nursery/noJsRestrictedProperties', chances)).toEqual([]);
  });

  test('no import cycle, types included', () => {
    expect(without('lint/suspicious/noImportCycles', cycle)).toEqual([]);
  });

  test('the library does not know its shells', () => {
    expect(without('lint/style/noRestrictedImports', [shellUse])).toEqual([]);
  });
});
