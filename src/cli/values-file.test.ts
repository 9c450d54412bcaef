import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedIo } from './io.fixture.ts';
import { main } from './main.ts';
import { readNumbers } from './values-file.ts';

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-values-'));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function valuesOf(text: string): number[] {
  const file = join(cwd, 'values.csv');
  writeFileSync(file, text);
  return readNumbers(file).flatMap(({ numbers }) => numbers);
}

test('values are seconds or times, after a heading if there is one', () => {
  expect(valuesOf('time\n0.5, 12ms;1\n\n2us\n')).toEqual([0.5, 0.012, 1, 2e-6]);
  expect(() => valuesOf('1\nfast\n')).toThrow('line 2 holds something that is neither');
});

test('there are not endlessly many', () => {
  expect(valuesOf('1\n'.repeat(100_000))).toHaveLength(100_000);
  expect(() => valuesOf('1\n'.repeat(100_001))).toThrow('more than 100000 values');
  expect(() => valuesOf('1\n'.repeat(6_000_000))).toThrow('longer than 10 MiB');
});

test('a device or a pipe is a problem of the design', async () => {
  execFileSync('mkfifo', [join(cwd, 'pipe')]);
  for (const [file, what] of [
    ['/dev/zero', 'a device'],
    ['pipe', 'a pipe'],
  ] as const) {
    const design = `name: endless
traffic: { users: { call: server.work, rate: 1/s } }
components:
  server: { kind: service, operations: { work: [ { compute: "empirical(file: ${file})" } ] } }
`;
    const io = recordedIo({ cwd, stdin: design });
    expect(await main(['check', '-'], io)).toBe(2);
    expect(io.err()).toContain(`it is ${what}, not a file`);
  }
});

describe('a file that is not there', () => {
  const checked = async (compute: string, rates: string): Promise<string> => {
    const stdin = `name: absent
traffic: { users: { call: server.work, rate: 1/s } }
components:
  server: { kind: service, operations: { work: [ { compute: "${compute}" } ] } }
scenarios:
  again: { traffic: { users: { rates: ${rates} } } }
`;
    const io = recordedIo({ cwd, stdin });
    expect(await main(['check', '-'], io)).toBe(2);
    return io.err();
  };

  test('is told with its place, and with the one beside it that has nearly its name', async () => {
    writeFileSync(join(cwd, 'times.csv'), '1\n');
    const told = await checked('empirical(file: tmies.csv)', 'time.csv');
    expect(told).toMatch(/^<stdin>:4:\d+ .*error\[not-a-quantity\]/m);
    expect(told).toMatch(/^<stdin>:6:\d+ .*error\[unknown-value\]/m);
    expect(told.match(/there is no such file; did you mean `times\.csv`\?/g)).toHaveLength(2);
    expect(told).not.toContain('ENOENT');
  });

  test('is told with the folder where nothing is near, or the folder is missing too', async () => {
    const told = await checked('empirical(file: nothing-like-it.csv)', 'nowhere/times.csv');
    expect(told).toContain(`there is no such file in ${cwd}`);
    expect(told).toContain(`there is no folder ${join(cwd, 'nowhere')}`);
  });
});
