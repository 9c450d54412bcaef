import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';

const design = (goal: string) => `
name: shop
traffic: { users: { call: web.get, rate: 10/s } }
components: { web: { kind: service, fails: { mtbf: 1000h, mttr: 1h }, operations: { get: [ { compute: 1ms } ] } } }
goals: { users: { success: ${goal} } }
`;

describe('tenfold availability', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenfold-'));
    writeFileSync(join(cwd, 'kept.yaml'), design('99%'));
    writeFileSync(join(cwd, 'broken.yaml'), design('99.99%'));
    writeFileSync(join(cwd, 'open.yaml'), design('99.9%'));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  const run = async (...args: string[]) => {
    const io = recordedIo({ cwd, columns: 100 });
    const status = await main(['availability', ...args], io);
    return { status, out: io.out(), err: io.err() };
  };

  test('says what is down, why, and what alone takes it down; its status is that of the promise', async () => {
    const { status, out, err } = await run('kept.yaml', '--years', '200');
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain('up often enough for its goals on success');
    expect(out).toMatch(/What users are down for, a year\n +100 % +\d.* h +web\n/);
    expect(out).toMatch(/Single points of failure\n +- users: web\n/);
    expect(out).toContain('again: tenfold availability kept.yaml --years 200 --seed 1');
    const broken = await run('broken.yaml', '--years', '200');
    expect([broken.status, broken.err]).toEqual([1, 'missed: users.success ≥ 99.99%\n']);
    expect((await run('open.yaml', '--years', '20')).status).toBe(3);
  });

  test('writes JSON to the screen and to a file, the same bytes each time', async () => {
    const { out } = await run('kept.yaml', '--years', '20', '--json', '--output', 'nines.json');
    expect(JSON.parse(out).traffic.users.singlePoints).toEqual([{ what: 'web', lost: 1 }]);
    expect(readFileSync(join(cwd, 'nines.json'), 'utf8')).toBe(out);
    expect((await run('kept.yaml', '--years', '20', '--json')).out).toBe(out);
  });

  test.each([
    ['kept.yaml --years 3', 'Expected a whole number from 20 to 1000000.'],
    ['kept.yaml --seed -1', 'whole number'],
    ['none.yaml', 'none.yaml'],
  ])('refuses %s', async (args, message) => {
    const { status, err } = await run(...args.split(' '));
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});
