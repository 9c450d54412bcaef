import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['.ci', 'bench', 'bin', 'docs', 'lint', 'scripts', 'src', 'studio', 'systems', 'validation'];
const skipped = new Set(['node_modules', 'dist', '__pycache__']);

const files = rooms.flatMap((room) => walk(room));
const sources = files.filter((file) => /\.(ts|js|py|grit)$/.test(file));

/** Files and folders below `path`, relative to the root; none when there is no such folder. */
function walk(path: string): string[] {
  const absolute = join(root, path);
  if (!statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => {
      const child = join(path, entry.name);
      return entry.isDirectory() ? [child, ...walk(child)] : [child];
    });
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

describe('the house is tidy', () => {
  test('no source file is longer than 500 lines', () => {
    const long = sources
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 500);
    expect(long).toEqual([]);
  });

  test('files and folders have kebab-case names', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
    const allowed = new Set(['README.md']);
    expect(
      files.map((file) => basename(file)).filter((name) => !kebab.test(name) && !allowed.has(name)),
    ).toEqual([]);
  });

  test('work left to do is in an issue, not in the source', () => {
    // Put together from parts, so that this file does not find itself.
    const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
    const found = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, at) => (marker.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  test('the index of a folder opens with a short account of it', () => {
    const indexes = files.filter((file) => file.startsWith('src') && basename(file) === 'index.ts');
    expect(indexes.filter((file) => !read(file).startsWith('/**'))).toEqual([]);
  });
});
