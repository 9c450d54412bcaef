import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDesign } from './design-source.ts';
import { recordedIo } from './io.fixture.ts';

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-source-'));
  writeFileSync(join(cwd, 'shop.yaml'), 'name: shop\n');
  writeFileSync(join(cwd, 'shop.mjs'), "export default { name: 'shop' };\n");
  writeFileSync(join(cwd, 'bare.mjs'), 'export const design = 1;\n');
  writeFileSync(join(cwd, 'broken.mjs'), 'throw new Error("no luck");\n');
  writeFileSync(join(cwd, 'shop.png'), 'x');
  mkdirSync(join(cwd, 'folder'));
  writeFileSync(join(cwd, 'folder', 'design.yaml'), 'name: inside\n');
  mkdirSync(join(cwd, 'empty'));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const find = (name: string, stdin = '') => findDesign(name, recordedIo({ cwd, stdin }));

describe('a design on the command line', () => {
  test('is a YAML file', async () => {
    expect(await find('shop.yaml')).toEqual({
      form: 'text',
      file: 'shop.yaml',
      directory: cwd,
      text: 'name: shop\n',
    });
  });

  test('is a module with a default export', async () => {
    expect(await find('shop.mjs')).toMatchObject({
      form: 'object',
      file: 'shop.mjs',
      value: { name: 'shop' },
    });
    await expect(find('bare.mjs')).rejects.toThrow(
      'has no default export; write: export default defineDesign',
    );
    await expect(find('broken.mjs')).rejects.toThrow('broken.mjs cannot be loaded: no luck');
  });

  test('is a folder with a design.yaml in it', async () => {
    expect(await find('folder')).toMatchObject({ file: 'folder/design.yaml', text: 'name: inside\n' });
    await expect(find('empty')).rejects.toThrow('empty is a folder without a design.yaml');
  });

  test('is a regular file of a reasonable length', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe.yaml'), join(cwd, 'pipe.mjs')]);
    await expect(find('pipe.yaml')).rejects.toThrow('pipe.yaml cannot be read: it is a pipe, not a file');
    await expect(find('pipe.mjs')).rejects.toThrow('it is a pipe, not a file');
    await expect(find('/dev/zero')).rejects.toThrow('it is a device, not a file');
    writeFileSync(join(cwd, 'long.yaml'), '');
    truncateSync(join(cwd, 'long.yaml'), 2 ** 30);
    await expect(find('long.yaml')).rejects.toThrow('it is longer than 10 MiB');
  });

  test('is standard input', async () => {
    expect(await find('-', 'name: typed\n')).toMatchObject({ file: '<stdin>', text: 'name: typed\n' });
  });

  test('is a ready system, or a further design of one', async () => {
    expect(await find('scaling-ladder')).toMatchObject({ file: 'systems/scaling-ladder/design.yaml' });
    const further = 'scaling-ladder/1-one-server';
    expect(await find(further)).toMatchObject({ file: `systems/${further}.yaml` });
    await expect(find('scaling-ladder/../url-shortener/design')).rejects.toThrow('no design scaling-ladder/');
    await expect(find('scaling-ladder/none')).rejects.toThrow('no design scaling-ladder/none');
  });

  test('is nothing else, and a near miss is named', async () => {
    await expect(find('shopp.yaml')).rejects.toThrow(/no design shopp\.yaml.*did you mean shop\.yaml\?/s);
    await expect(find('shop')).rejects.toThrow('did you mean shop.yaml?');
    await expect(find('shop.png')).rejects.toThrow('has one of the endings .yaml');
  });
});
