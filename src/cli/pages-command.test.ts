import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';

const shop = `
name: shop
traffic: { users: { call: web.get, rate: 20/s, timeout: 1s } }
components: { web: { kind: service, queue: 20, operations: { get: [ { compute: 5ms } ] } } }
goals: { users: { p95: 100ms } }
scenarios: { away: { lasts: 20s, faults: [ { at: 5s, crash: web, for: 5s } ] } }
`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-'));
  writeFileSync(join(cwd, 'shop.yaml'), shop);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const run = async (...args: string[]) => {
  const io = recordedIo({ cwd, columns: 100 });
  const status = await main(args, io);
  return { status, out: io.out(), err: io.err() };
};
const read = (file: string): string => readFileSync(join(cwd, file), 'utf8');
/** Titles of the sections of a Markdown page. */
const titles = (markdown: string): string[] =>
  [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title!);

describe('tenfold diagram', () => {
  test('writes Mermaid unless a file is called .svg, or it is told so', async () => {
    const { status, out } = await run('diagram', 'shop.yaml');
    expect(status).toBe(0);
    expect(out).toMatch(/^flowchart LR\n/);
    expect((await run('diagram', 'shop.yaml', '--output', 'shop.svg')).out).toBe('');
    expect(read('shop.svg')).toMatch(/^<\?xml/);
    expect((await run('diagram', 'shop.yaml', '--format', 'svg')).out).toBe(read('shop.svg'));
    await run('diagram', 'shop.yaml', '--format', 'mermaid', '-o', 'shop.mmd');
    expect(read('shop.mmd')).toBe(out);
  });

  test('refuses what it cannot draw, and to write over the design', async () => {
    expect(await run('diagram', 'none.yaml')).toMatchObject({ status: 2, out: '' });
    expect((await run('diagram', 'shop.yaml', '--format', 'png')).err).toContain(
      'Allowed choices are mermaid, svg',
    );
    expect((await run('diagram', 'shop.yaml', '-o', 'shop.yaml')).err).toContain('is the design itself');
  });
});

describe('--html and --md', () => {
  test('write what a command has found out, beside what it prints', async () => {
    const { status, out } = await run('estimate', 'shop.yaml', '--html', 'e.html', '--md', 'e.md');
    expect([status, out.startsWith('shop')]).toEqual([0, true]);
    expect(read('e.html')).toMatch(/^<!doctype html>/);
    expect(titles(read('e.md'))).toContain('Estimates');
    expect(titles(read('e.md'))).not.toContain('Bottlenecks');
    expect(read('e.md')).toContain('\ntenfold estimate shop.yaml --md e.md\n');
  });

  test('a simulation under a scenario is a section of its own', async () => {
    await run(
      'simulate',
      'shop.yaml',
      '--scenario',
      'away',
      '--replications',
      '2',
      '--workers',
      '1',
      '--md',
      's.md',
    );
    expect(titles(read('s.md'))).toContain('Deep dive: scenario away');
  });

  test('are refused before the work where they cannot be written', async () => {
    for (const file of ['shop.yaml', 'no-folder/page.html', '.']) {
      expect(await run('simulate', 'shop.yaml', '--html', file)).toMatchObject({ status: 2, out: '' });
      expect(await run('stress', 'shop.yaml', '--md', file)).toMatchObject({ status: 2, out: '' });
    }
  });
});

test('tenfold explain writes where the time goes on a page', async () => {
  const { status } = await run('explain', 'shop.yaml', '--workers', '1', '--md', 'explained.md');
  expect(status).toBe(0);
  expect(titles(read('explained.md'))).toContain('Deep dive: where the time goes');
  expect(read('explained.md')).toMatch(/slow requests of users.* service/);
  expect(read('explained.md')).toContain('### What moves users.p95');
});

describe('tenfold report', () => {
  const short = ['--replications', '2', '--workers', '1', '--no-stress', '--no-explain'];

  test('writes one document of everything, says the answers, and comes out the same each time', async () => {
    const { status, out, err } = await run(
      'report',
      'shop.yaml',
      ...short,
      '--html',
      'r.html',
      '--md',
      'r.md',
    );
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^shop\nsimulated: ✔ meets its goal\n/);
    expect(out).toContain('scenario away: ');
    expect(titles(read('r.md'))).toEqual([
      'Summary',
      'Requirements',
      'Estimates',
      'High-level design',
      'Data model',
      'Interface',
      'Deep dive: behaviour under its load',
      'Deep dive: single requests',
      'Deep dive: scenario away',
      'Cost',
      'Trade-offs and decisions',
      'Assumptions',
      'Reproduce',
    ]);
    const again = 'tenfold report shop.yaml --no-stress --no-explain --replications 2 --seed 1 --md r.md';
    expect(read('r.md')).toContain(`\n${again}\n`);
    const before = read('r.md');
    await run(...again.split(' ').slice(1));
    expect(read('r.md')).toBe(before);
  });

  test('goes to standard output where no file is named', async () => {
    const { out } = await run('report', 'shop.yaml', ...short, '--no-scenarios');
    expect(out).toMatch(/^# shop\n/);
    expect(titles(out)).not.toContain('Deep dive: scenario away');
  });

  test('says what is too much to simulate, and writes the rest', async () => {
    writeFileSync(
      join(cwd, 'busy.yaml'),
      shop.replace('20/s', '2000/s').replace('5ms', '0.1ms').replace('lasts: 20s', 'lasts: 1y'),
    );
    const { err, out } = await run('report', 'busy.yaml', ...short);
    expect(err).toMatch(/^Scenario away is left out: /);
    expect(out).toContain('Scenario away is left out: ');
    expect(titles(out)).toContain('Estimates');
  });
});
