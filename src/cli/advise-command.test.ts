import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';
import { revisionsOf } from './revisions.ts';

/** One server that can do 200 requests a second. */
const SHOP = `name: shop   # ours
traffic: { users: { call: web.get, rate: 100/s } }

components:
  web: { kind: service, cores: 1, operations: { get: [ { compute: exponential(5ms) } ] } }   # the old machine
goals:
  users: { p99: 60ms }
# that is all
`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-'));
  writeFileSync(join(cwd, 'kept.yaml'), SHOP);
  writeFileSync(join(cwd, 'broken.yaml'), 'name: broken\n');
  writeFileSync(
    join(cwd, 'module.mjs'),
    `export default { name: 'm', traffic: { u: { call: 'a.b', rate: '1/s' } }, components: { a: { kind: 'service', operations: { b: [] } } } };`,
  );
  const shared = SHOP.replace('web: {', 'web: &web {').replace(/\ngoals/, '\n  spare: *web\ngoals');
  writeFileSync(join(cwd, 'shared.yaml'), shared);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const run = async (...args: string[]) => {
  const io = recordedIo({ cwd, columns: 100 });
  const status = await main([...args, '--workers', '1'], io);
  return { status, out: io.out(), err: io.err() };
};
const quick = ['--most', '8x', '--precision', '20%'];

describe('tenfold advise', () => {
  test('ADC-1 applied, it changes the lines it is about, says why in a decision, and can be asked again', async () => {
    writeFileSync(join(cwd, 'shop.yaml'), SHOP);
    const first = await run('advise', 'shop.yaml', ...quick, '--apply');
    expect(first.status).toBe(0);
    expect(first.out).toContain('What lets more load through');
    expect(first.err).toMatch(/^wrote shop\.yaml: web: /);
    const written = readFileSync(join(cwd, 'shop.yaml'), 'utf8');
    const kept = SHOP.split('\n').filter((line) => line !== '' && !line.includes('web: {'));
    for (const line of kept) expect(written.split('\n')).toContain(line);
    expect(written).toContain('# the old machine');
    expect(written).toMatch(
      /decisions:\n {2}- chose: "?web: (instances|cores) 2"?\n {4}over: .*1\n {4}because: .*simulated, it holds up to .*\n {4}costs: .*\/month more/,
    );
    const second = await run('advise', 'shop.yaml', ...quick, '--apply');
    expect(second.status).toBe(0);
    const again = readFileSync(join(cwd, 'shop.yaml'), 'utf8');
    expect(again.match(/- chose/g)).toHaveLength(2);
  });

  test('ADC-4 a design that does not carry its own load is no success, though a change helps and is made', async () => {
    writeFileSync(join(cwd, 'over.yaml'), SHOP.replace('100/s', '1000/s'));
    const { status, out } = await run('advise', 'over.yaml', ...quick, '--apply', '--md', 'over.md');
    expect(status).toBe(1);
    expect(out).toMatch(/✘ holds up to 0\.1\S+ its load now, and up to/);
    expect(out).not.toContain('✔');
    expect(readFileSync(join(cwd, 'over.yaml'), 'utf8')).toContain('- chose');
    expect(readFileSync(join(cwd, 'over.md'), 'utf8')).toMatch(/✘[^\n]*holds up to 0\.1/i);
  });

  test('ADC-2 prints JSON, and a change by its name is made', async () => {
    writeFileSync(join(cwd, 'named.yaml'), SHOP);
    const page = ['--html', 'named.html'];
    const { out, status } = await run(
      'advise',
      'named.yaml',
      ...quick,
      '--json',
      '--apply',
      'web.cores',
      ...page,
    );
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, 'named.html'), 'utf8')).toMatch(/<h2 [^>]*>What to change next<\/h2>/);
    const report = JSON.parse(out);
    expect(report.schema).toBe('tenfold/advice@1');
    expect(report.advice.length).toBeGreaterThan(0);
    expect(readFileSync(join(cwd, 'named.yaml'), 'utf8')).toMatch(/cores: [2-9]/);
  });

  test('ADC-3 what cannot be written is refused, and stays as it is', async () => {
    for (const [args, message] of [
      [['module.mjs', '--apply'], 'is a module'],
      [['scaling-ladder', '--apply'], 'no file of yours'],
      [['broken.yaml'], 'error'],
      [['kept.yaml', '--scenario', 'x'], 'has no scenario x'],
      [['kept.yaml', ...quick, '--apply', 'web.core'], 'did you mean web.cores?'],
      [['kept.yaml', ...quick, '--apply', 'web.queue'], 'does not help'],
      [['shared.yaml', ...quick, '--apply'], 'an alias'],
    ] as const) {
      const { status, err } = await run('advise', ...args);
      expect([args, status]).toEqual([args, 2]);
      expect(err).toContain(message);
    }
    expect(readFileSync(join(cwd, 'kept.yaml'), 'utf8')).toBe(SHOP);
  });
});

describe('tenfold tune', () => {
  test('TUC-1 writes the cheapest setting, and says so when it is there already', async () => {
    writeFileSync(join(cwd, 'wide.yaml'), SHOP.replace('cores: 1', 'cores: 9'));
    const knob = ['--knob', 'web.cores=1..9'];
    const { status, err, out } = await run('tune', 'wide.yaml', ...knob, '--apply', '--md', 'wide.md');
    expect([status, err]).toEqual([0, 'wrote wide.yaml: web.cores 1\n']);
    expect(out).toContain('all goals are kept for');
    expect(readFileSync(join(cwd, 'wide.md'), 'utf8')).toContain(
      '## The cheapest setting\n\nAll goals are kept for',
    );
    const written = readFileSync(join(cwd, 'wide.yaml'), 'utf8');
    const [before, after] = written.split(/\n\ndecisions:\n(?: .*\n)+/);
    expect(`${before}\n${after}`).toBe(SHOP);
    const again = await run('tune', 'wide.yaml', ...knob, '--apply');
    expect(again.err).toContain('stays as it is');
    expect(readFileSync(join(cwd, 'wide.yaml'), 'utf8')).toBe(written);
  });

  test('TUC-2 what no setting keeps ends with status 1, what cannot be asked with 2', async () => {
    const { status, out } = await run(
      'tune',
      'kept.yaml',
      '--knob',
      'web.cores=1..2',
      '--load',
      '10x',
      '--json',
    );
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'tenfold/tuning@1',
      best: null,
      conflict: [{ goal: 'users.p99 ≤ 60ms' }],
    });
    for (const [args, message] of [
      [['--knob', 'web.colour=1..2'], 'web.colour'],
      [['--for', 'user.p99'], 'did you mean users.p99?'],
      [['--scenario', 'x'], 'has no scenario x'],
      [['--knob', ''], 'must not be empty'],
    ] as const) {
      const faulty = await run('tune', 'kept.yaml', ...args);
      expect([args, faulty.status]).toEqual([args, 2]);
      expect(faulty.err).toContain(message);
    }
  });
});

describe('tenfold history', () => {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', cwd, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
      stdio: 'ignore',
    });

  test('HIS-1 takes the revisions that git knows, the file as it is now, and tells what cannot be read', async () => {
    git('init', '-q');
    const file = join(cwd, 'grown.yaml');
    for (const text of [SHOP, 'nonsense: [', SHOP.replace('cores: 1', 'cores: 2')]) {
      writeFileSync(file, text);
      git('add', 'grown.yaml');
      git('commit', '-q', '-m', 'x');
    }
    const decision = 'decisions: [ { chose: four cores, over: two } ]\n';
    writeFileSync(file, SHOP.replace('cores: 1', 'cores: 4') + decision);
    const { status, out } = await run('history', 'grown.yaml', '--most', '10x', '--json');
    expect(status).toBe(0);
    const { steps, notes } = JSON.parse(out);
    expect(steps).toHaveLength(3);
    expect(steps[2]).toMatchObject({
      name: 'now',
      date: null,
      changes: ['web cores 2 → 4'],
      decisions: [{ chose: 'four cores', over: 'two' }],
    });
    expect(steps[1].headroom.low).toBeGreaterThan(steps[0].headroom.high);
    expect(steps[2].headroom.low).toBeGreaterThan(steps[1].headroom.high);
    expect(steps[1].cost).toBeGreaterThan(steps[0].cost);
    expect(notes[0]).toContain('is no design that can be read today');
  });

  test('HIS-2 takes several designs in their order; one that git does not know is alone', async () => {
    writeFileSync(join(cwd, 'larger.yaml'), SHOP.replace('cores: 1', 'cores: 3'));
    const { out } = await run('history', 'kept.yaml', 'larger.yaml', '--most', '10x');
    expect(out).toMatch(/2 forms: from .*\/s for \$.* to .*\/s for \$/);
    const alone = await run('history', 'kept.yaml', '--most', '4x');
    expect(alone.out).toContain('git knows no revision of kept.yaml');
    expect((await run('history', 'scaling-ladder')).err).toContain('name a YAML file that git knows');
    expect((await run('history', 'none.yaml')).status).toBe(2);
  });

  test('HIS-3 follows a file that was renamed, and one that was moved to another folder', () => {
    const top = join(cwd, 'moved');
    mkdirSync(join(top, 'designs'), { recursive: true });
    const inTop = (...words: string[]) => git('-C', top, ...words);
    inTop('init', '-q');
    writeFileSync(join(top, 'shop.yaml'), SHOP);
    inTop('add', '.');
    inTop('commit', '-q', '-m', 'one core');
    writeFileSync(join(top, 'shop.yaml'), SHOP.replace('cores: 1', 'cores: 2'));
    inTop('commit', '-q', '-a', '-m', 'two cores');
    inTop('mv', 'shop.yaml', 'läden.yaml');
    inTop('commit', '-q', '-m', 'renamed');
    inTop('mv', 'läden.yaml', 'designs/shop.yaml');
    inTop('commit', '-q', '-m', 'moved');
    const texts = revisionsOf('designs/shop.yaml', top).map(({ text }) => text);
    const two = SHOP.replace('cores: 1', 'cores: 2');
    expect(texts).toEqual([SHOP, two, two, two]);
  });
});
