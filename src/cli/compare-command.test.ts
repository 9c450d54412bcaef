import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';

const design = (cores: number) => `
name: shop
traffic: { users: { call: web.get, rate: 70/s } }
components:
  web: { kind: service, cores: ${cores}, operations: { get: [ { compute: "empirical(file: times.csv)" } ] } }
goals: { users: { p99: 100ms } }
`;

describe('tenfold compare', () => {
  let cwd: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd,
      stdio: 'ignore',
    });
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenfold-'));
    mkdirSync(join(cwd, 'designs'));
    const write = (cores: number, times: string) => {
      writeFileSync(join(cwd, 'designs', 'shop.yaml'), design(cores));
      writeFileSync(join(cwd, 'designs', 'times.csv'), times);
    };
    git('init', '--quiet');
    write(1, '5ms\n10ms\n15ms\n');
    git('add', '.');
    git('commit', '--quiet', '-m', 'one core');
    write(2, '50ms\n100ms\n150ms\n');
    git('commit', '--quiet', '-a', '-m', 'two cores, and ten times the work');
    write(2, '5ms\n10ms\n15ms\n');
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  const run = async (...args: string[]) => {
    const io = recordedIo({ cwd, columns: 100 });
    const status = await main(['compare', ...args, '--workers', '1', '--pairs', '3'], io);
    return { status, out: io.out(), err: io.err() };
  };

  test('two revisions of a file, with the values that lay beside it then', async () => {
    const { status, out, err } = await run('designs/shop.yaml@HEAD~1', 'designs/shop.yaml');
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/users\.p99 ≤ 100ms +(missed|met) +met/);
    expect(out).toMatch(/users\.mean[\s\S]*better/);
    expect(out).toContain(
      'again: tenfold compare designs/shop.yaml@HEAD~1 designs/shop.yaml --pairs 3 --seed 1',
    );
    // Ten times the work is more than two cores can do.
    expect((await run('designs/shop.yaml', 'designs/shop.yaml@HEAD')).status).toBe(1);
  });

  test('Markdown for a pull request, and JSON', async () => {
    const { out } = await run('designs/shop.yaml@HEAD~1', 'designs/shop.yaml', '--md', '-o', 'change.json');
    expect(out).toMatch(/^### `designs\/shop\.yaml` against `designs\/shop\.yaml@HEAD~1`\n/);
    expect(out).toMatch(/\| `users\.mean` \| [\d.]+ ms \| [\d.]+ ms \| -.* \| better \|/);
    const saved = JSON.parse(readFileSync(join(cwd, 'change.json'), 'utf8'));
    expect(saved.schema).toBe('tenfold/compare@1');
    expect(saved.comparisons[0].design).toBe('designs/shop.yaml');
  });

  test('a page, refused before the work where it would be written over a design', async () => {
    const { status } = await run('designs/shop.yaml@HEAD~1', 'designs/shop.yaml', '--html', 'change.html');
    expect(status).toBe(0);
    const page = readFileSync(join(cwd, 'change.html'), 'utf8');
    expect(page).toContain('<h1>designs/shop.yaml against designs/shop.yaml@HEAD~1</h1>');
    expect(page).toContain('designs/shop.yaml --pairs 3 --seed 1 --html change.html');
    const refused = await run('designs/shop.yaml', 'designs/shop.yaml', '--html', 'designs/shop.yaml');
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toContain('is the design itself');
  });

  test.each([
    ['designs/shop.yaml@v9 designs/shop.yaml', 'git knows no revision v9'],
    ['designs/shop.yaml@--help designs/shop.yaml', 'git knows no revision --help'],
    ['designs/none.yaml@HEAD designs/shop.yaml', 'there is no none.yaml at HEAD'],
    ['designs/shop.ts@HEAD designs/shop.yaml', 'there is no shop.ts at HEAD'],
    ['none/shop.yaml@HEAD designs/shop.yaml', 'there is no shop.yaml at HEAD'],
    ['designs@HEAD designs/shop.yaml', 'there is no designs at HEAD'],
    ['/shop.yaml@HEAD designs/shop.yaml', '/shop.yaml is in no git repository'],
    ['designs/shop.yaml', 'missing required argument'],
    ['designs/shop.yaml designs/shop.yaml --scenario none', 'shop has no scenario none'],
  ])('refuses %s', async (args, message) => {
    const { status, err } = await run(...args.split(' '));
    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  test('a file that was renamed since, under either name, and a folder with a design in it', async () => {
    mkdirSync(join(cwd, 'shop'));
    git('mv', 'designs/shop.yaml', 'shop/design.yaml');
    git('mv', 'designs/times.csv', 'shop/times.csv');
    git('commit', '--quiet', '-m', 'a folder of its own');
    const before = ['shop/design.yaml@HEAD~2', 'shop@HEAD~2', 'designs/shop.yaml@HEAD~2'];
    for (const name of before) {
      const { status, out, err } = await run(name, 'shop@HEAD');
      expect([status, err]).toEqual([1, '']);
      expect(out).toContain('shop@HEAD: misses users.p99');
    }
  });
});
