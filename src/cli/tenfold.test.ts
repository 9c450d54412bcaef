import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The built program as a process of its own: what only a process has is tested here, the rest in main.test.ts. */
const program = fileURLToPath(new URL('../../bin/tenfold.js', import.meta.url));
const built = existsSync(new URL('../../dist/cli/main.js', import.meta.url));
const run = promisify(execFile);
const LONG = 60_000;

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-process-'));
  writeFileSync(
    join(cwd, 'mm1.yaml'),
    `name: mm1
traffic: { users: { call: server.work, rate: 80/s } }
components:
  server: { kind: service, operations: { work: [ { compute: exponential(10ms) } ] } }
goals: { users: { p99: 60s } }
`,
  );
  writeFileSync(
    join(cwd, 'mm1.mjs'),
    `export default {
  name: 'mm1',
  traffic: { users: { call: 'server.work', rate: '80/s' } },
  components: { server: { kind: 'service', operations: { work: [{ compute: 'exponential(10ms)' }] } } },
  goals: { users: { p99: '60s' } },
};
`,
  );
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const tenfold = (...args: string[]) => run(process.execPath, [program, ...args], { cwd });

/** What a shell makes of a pipeline in which $TENFOLD is the program. */
const shell = (script: string) =>
  run('bash', ['-c', script], { cwd, env: { ...process.env, TENFOLD: `${process.execPath} ${program}` } });

describe.runIf(built)('the program', { timeout: LONG }, () => {
  const quick = ['--time', '200s', '--replications', '4', '--json'];

  test('gives the same bytes on one worker and on two', async () => {
    const one = await tenfold('simulate', 'mm1.yaml', ...quick, '--workers', '1');
    const two = await tenfold('simulate', 'mm1.yaml', ...quick, '--workers', '2');
    expect(JSON.parse(one.stdout).replications).toBe(4);
    expect(two.stdout).toBe(one.stdout);
    expect(two.stderr).toBe('');
  });

  test('gives the same figures for the same design as a module', async () => {
    const yaml = JSON.parse((await tenfold('simulate', 'mm1.yaml', ...quick)).stdout);
    const module = JSON.parse((await tenfold('simulate', 'mm1.mjs', ...quick)).stdout);
    expect(module.operations).toEqual(yaml.operations);
  });

  test('takes a design in TypeScript, or says how where Node cannot load it', async () => {
    writeFileSync(join(cwd, 'typed.ts'), 'const name: string = "typed";\nexport default { name };\n');
    const { stderr } = await tenfold('check', 'typed.ts').catch((error) => error);
    expect(stderr).toMatch(
      'typescript' in process.features ? /`traffic` is missing/ : /Use Node 22\.18 or later/,
    );
  });

  test('reads a design from standard input', async () => {
    const { stdout } = await shell('$TENFOLD check - < mm1.yaml');
    expect(stdout).toContain('<stdin> is a valid design');
  });

  test('ends without a word when its reader goes away', async () => {
    const { stdout, stderr } = await shell(
      `$TENFOLD simulate mm1.yaml ${quick.join(' ')} | true; echo "$\{PIPESTATUS[0]}"`,
    );
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });

  test.runIf(existsSync('/dev/full'))('says in one line that its result cannot be written', async () => {
    const { stdout, stderr } = await shell('$TENFOLD check mm1.yaml > /dev/full; echo $?');
    expect(stdout).toBe('2\n');
    expect(stderr).toMatch(/^error: standard output cannot be written: .*ENOSPC.*\n$/);
  });

  test('ends with status 2 on a faulty call', async () => {
    await expect(tenfold('simulate', 'nothing.yaml')).rejects.toMatchObject({ code: 2, stdout: '' });
  });

  test('Ctrl-C stops a run, and nothing is printed', async () => {
    const child = spawn(
      process.execPath,
      [program, 'simulate', 'mm1.yaml', '--time', '2000000s', '--workers', '2'],
      {
        cwd,
      },
    );
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
    setTimeout(() => child.kill('SIGINT'), 2000);
    const { code, signal } = await ended;
    // A signal that comes before the run has begun ends the process by itself.
    expect(signal ?? code).toBeOneOf([130, 'SIGINT']);
    expect(stdout).toBe('');
  });
});
