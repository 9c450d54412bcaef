import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';

const FORK = `name: fork
traffic: { users: { call: api.view, rate: 50/s, timeout: 1s } }
components:
  api:
    kind: service
    cores: 2
    operations:
      view: [ { compute: exponential(2ms) }, { parallel: [ [ { call: fast.get } ], [ { call: slow.get } ] ] } ]
  fast: { kind: service, operations: { get: [ { compute: exponential(2ms) } ] } }
  slow: { kind: service, operations: { get: [ { compute: exponential(8ms) } ] } }
scenarios:
  gone: { lasts: 10s, faults: [ { at: 3s, crash: slow, for: 2s } ] }
`;

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-explain-'));
  writeFileSync(join(cwd, 'fork.yaml'), FORK);
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function tenfold(...args: string[]) {
  const io = recordedIo({ cwd });
  const status = await main(['explain', ...args], io);
  return { status, out: io.out(), err: io.err() };
}

describe('tenfold explain', () => {
  test('says where the time goes, what is waited for and what moves it; the same on more threads', async () => {
    const { status, out, err } = await tenfold(
      'fork.yaml',
      '--seed',
      '3',
      '--workers',
      '1',
      '--output',
      'page.txt',
    );
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^users: p99 .* % of it (service|queueing) slow\.cpu$/m);
    expect(out).toMatch(/^Where the time of users goes$/m);
    expect(out).toMatch(/slow\.get +8\d\.\d/);
    expect(out).toMatch(/^The p99 request$/m);
    expect(out).toMatch(/^What moves users\.p99/m);
    expect(out).toContain('again: tenfold explain fork.yaml --seed 3');
    expect(readFileSync(join(cwd, 'page.txt'), 'utf8')).toContain('What moves users.p99');
    expect((await tenfold('fork.yaml', '--seed', '3', '--workers', '2')).out).toBe(out);
  });

  test('as JSON, under a scenario', async () => {
    const { status, out } = await tenfold('fork.yaml', '--scenario', 'gone', '--workers', '1', '--json');
    expect(status).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ schema: 'tenfold/explain@1', design: 'fork', scenario: 'gone' });
    expect(report.traffic.users.failed[0].view.requests).toBeGreaterThan(0);
  });

  test.each([
    [['--traffic', 'user'], 'fork has no traffic user\ndid you mean users?\nits traffic: users'],
    [['--scenario', 'storm'], 'fork has no scenario storm'],
    [['--seed', '-1'], 'argument'],
    [['--workers', '0'], 'argument'],
    [['--output', 'fork.yaml'], 'fork.yaml is the design itself'],
    [['--replications', '3'], 'unknown option'],
  ])('refuses %j', async (args, message) => {
    const { status, out, err } = await tenfold('fork.yaml', ...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(message);
  });
});
